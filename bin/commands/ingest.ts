import { exitCodes } from '../../lambdas/platform/errors.ts';
import { type Command, lakeOptions } from '../command.ts';
import { givenPaths, ingestAll, namedExports, surveysOption } from '../ingest-files.ts';
import { checkShop } from '../known-shop.ts';
import { lakeFolder, openLocalObjects, readConfig } from '../local-lake.ts';
import { fileSummary, ingestLines } from '../summary.ts';

export const ingest: Command = {
  name: 'ingest',
  usage: 'ingest FILE… [--surveys FILE…] [--lake DIR] [--config FILE]',
  summary: 'Take order exports and answers of surveys into the lake, without running the night.',
  options: {
    orders: { type: 'string', multiple: true, value: 'FILE…', help: 'export files' },
    surveys: surveysOption,
    ...lakeOptions,
  },
  async run(given, terminal) {
    const files = await namedExports(givenPaths(given));
    const objects = await openLocalObjects(lakeFolder(given), await readConfig(given), terminal, false);
    await checkShop(objects);
    const receipts = await ingestAll(objects, files);
    terminal.endProgress();
    terminal.json({ lake: objects.root, files: receipts.map(fileSummary) });
    for (const line of ingestLines(receipts)) terminal.line(line);
    return exitCodes.ok;
  },
};
