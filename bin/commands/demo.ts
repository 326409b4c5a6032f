import { join, resolve } from 'node:path';
import { parseIsoDate } from '../../lambdas/lake/day.ts';
import { exitCodes, UsageError } from '../../lambdas/platform/errors.ts';
import { counted } from '../../lambdas/wording/counts.ts';
import { type Arguments, type Command, jsonOption, verboseOption } from '../command.ts';
import { writeDemoShop } from '../demo/write-demo-shop.ts';
import { readConfigFile } from '../local-lake.ts';
import { ingestAndRun } from './run.ts';

/** The demo's lake is made anew from a seed, so its secret can be known to all: same seed, same bytes. */
const demoSecret = 'the winback demo shop has no secrets';

const fewestCustomers = 400;

function wholeNumber(given: Arguments, option: string): number | undefined {
  const text = given.text(option);
  if (text === undefined) return undefined;
  if (!/^\d{1,9}$/.test(text))
    throw new UsageError(`--${option} ${text} is not a whole number`, `For example --${option} 7.`);
  return Number(text);
}

export const demo: Command = {
  name: 'demo',
  usage: 'demo [--dir DIR] [--seed N] [--customers N]',
  summary: 'Simulate a shop, write its exports and run a night on them.',
  options: {
    dir: { type: 'string', value: 'DIR', help: 'folder for the exports and the lake (default: winback-demo)' },
    seed: { type: 'string', value: 'N', help: 'another seed is another shop (default: 7)' },
    customers: { type: 'string', value: 'N', help: 'how many known customers (default: 4000)' },
    verbose: verboseOption,
    json: jsonOption,
  },
  async run(given, terminal) {
    const directory = resolve(given.text('dir') ?? 'winback-demo');
    const seed = wholeNumber(given, 'seed');
    const customers = wholeNumber(given, 'customers');
    if (customers !== undefined && customers < fewestCustomers) {
      throw new UsageError(
        `--customers ${customers} is below ${fewestCustomers}`,
        'In a smaller shop the planted bad records would fail a gate.',
      );
    }
    terminal.progress('simulating a shop');
    const shop = await writeDemoShop(join(directory, 'shop'), {
      ...(seed !== undefined && { seed }),
      ...(customers && { customers }),
    });
    terminal.endProgress();
    terminal.line(
      `  A simulated coffee roastery: ${counted(shop.customers)} customers, ${counted(shop.orders)} orders, exports in ${join(directory, 'shop')}`,
    );
    process.env.WINBACK_SECRET ??= demoSecret;
    await ingestAndRun(terminal, {
      root: join(directory, 'lake'),
      config: await readConfigFile(shop.configFile),
      paths: shop.exportFiles.map((path) => ({ path, kind: 'orders' })),
      asOf: parseIsoDate(shop.asOf),
      deliveredAt: new Date(`${shop.asOf}T23:59:59Z`),
    });
    terminal.line(`  Who was truly lost, and when: ${shop.truthFile}`);
    return exitCodes.ok;
  },
};
