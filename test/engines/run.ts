import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Findings } from './part.ts';
import { localNights, simulatedShop } from './shop.ts';
import { nightsOverTrino } from './statements/over-trino.ts';
import { interpretedDefinition } from './states/interpreter.ts';
import { lintedTemplate } from './template.ts';
import { Unavailable } from './unavailable.ts';

type Outcome = 'passed' | 'failed' | 'not run';

interface Report {
  readonly outcome: Outcome;
  readonly line: string;
}

/** Runs a part, prints what it found at fault, and gives the line for the end. */
async function reported(name: string, run: () => Promise<Findings>): Promise<Report> {
  const begun = performance.now();
  console.log(`== ${name}`);
  try {
    const { looked, faults } = await run();
    for (const fault of faults) console.log(`FAULT ${fault}`);
    const outcome = faults.length === 0 ? 'passed' : 'failed';
    const said = outcome === 'passed' ? looked : `${faults.length} faults; ${looked}`;
    return { outcome, line: `${name}: ${outcome} (${Math.round((performance.now() - begun) / 1000)} s): ${said}` };
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    return { outcome: 'not run', line: `ENGINES NOT RUN: ${name}: ${error.message}` };
  }
}

async function main(): Promise<number> {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  const begun = performance.now();
  const folder = await mkdtemp(join(tmpdir(), 'winback-engines-'));
  try {
    const shop = await simulatedShop(folder);
    const local = await localNights(shop, join(folder, 'local'));
    const reports = [
      await reported('template by cfn-lint', () => lintedTemplate(folder)),
      await reported("state machine by moto's interpreter", () => interpretedDefinition(folder, shop, local)),
      await reported('nights and statements on Trino', () => nightsOverTrino(folder, shop, local)),
    ];
    console.log();
    for (const { line } of reports) console.log(line);
    const count = (outcome: Outcome): number => reports.filter((report) => report.outcome === outcome).length;
    const seconds = Math.round((performance.now() - begun) / 1000);
    console.log(
      `${count('passed')} passed, ${count('failed')} failed, ${count('not run')} not run (${seconds} s in all)`,
    );
    return count('failed') > 0 || (count('not run') > 0 && process.env.REQUIRE_ENGINES === '1') ? 1 : 0;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

process.exitCode = await main();
