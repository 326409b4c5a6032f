import { stat } from 'node:fs/promises';
import { publishedNights } from '../../lambdas/night/published.ts';
import { type Config, parseConfig } from '../../lambdas/platform/config/config.ts';
import { exitCodes } from '../../lambdas/platform/errors.ts';
import { liveIngests } from '../../lambdas/platform/live-ingests.ts';
import { fileStore } from '../../lambdas/platform/local/file-store.ts';
import type { ObjectStore } from '../../lambdas/platform/object-store.ts';
import { type Arguments, type Command, configOption, jsonOption, lakeOption } from '../command.ts';
import { examine, type Finding, fail, ok, type Verdict, warn } from '../doctor/finding.ts';
import { allReceipts, deadRuns, ingestedOrders, rejected } from '../doctor/lake.ts';
import { freeBytes, nodeVersion, queryEngine, room, temporaryFolder, writable } from '../doctor/machine.ts';
import { age, bytesOfNight, publishedFiles, publishedTables } from '../doctor/published.ts';
import { clock, secret } from '../doctor/settings.ts';
import { checkShop } from '../known-shop.ts';
import { lakeFolder, readConfig } from '../local-lake.ts';
import type { Terminal } from '../terminal.ts';

/** A lake in a folder, and what it is asked with. */
interface Patient {
  readonly root: string;
  readonly store: ObjectStore;
  readonly config: Config;
  readonly now: Date;
}

async function bytesUnder(store: ObjectStore, prefix: string): Promise<number> {
  let sum = 0;
  for await (const { bytes } of store.list(prefix)) sum += bytes;
  return sum;
}

/** What can be asked of a machine that has no lake yet. */
const ofMachine = async (): Promise<Finding[]> => [
  await examine('node', () => nodeVersion()),
  await examine('engine', queryEngine),
  await examine('temp', temporaryFolder),
];

async function ofNights(patient: Patient): Promise<Finding[]> {
  const { root, store, config, now } = patient;
  const { nights } = await publishedNights(store);
  const current = nights.find((night) => night.is_current);
  const dead = await examine('leftovers', () => deadRuns(patient, nights));
  if (!current) {
    const none = warn('no night has been published', 'Run winback run --orders FILE….');
    return [{ check: 'night', ...none }, dead];
  }
  return [
    await examine('night', () => age(nights, current, config, now)),
    await examine('lists', () => publishedFiles(store, current)),
    await examine('tables', () => publishedTables(store, root, current)),
    await examine('space', async () =>
      room({
        free: await freeBytes(root),
        lake: await bytesUnder(store, ''),
        night: await bytesOfNight(store, current),
      }),
    ),
    dead,
  ];
}

async function ofLake(patient: Patient): Promise<Finding[]> {
  const { root, store, config, now } = patient;
  const all = await allReceipts(store);
  const live = await liveIngests(store);
  return [
    await examine('lake', () => writable(root, 'Name a folder that you may write with --lake.')),
    await examine('secret', () => secret(root, process.env.WINBACK_SECRET, all.length)),
    await examine('shop', async () => {
      await checkShop(patient);
      return ok(`the settings are those of the shop ${config.shop.source}`);
    }),
    await examine('clock', () => clock(now, config, all)),
    await examine('exports', () => ingestedOrders(store, live)),
    await examine('rejected', () => rejected(all, live, config)),
    ...(await ofNights(patient)),
  ];
}

async function findings(given: Arguments): Promise<Finding[]> {
  const root = lakeFolder(given);
  let config = parseConfig({}, 'the defaults');
  const settings = await examine('settings', async () => {
    config = await readConfig(given);
    return ok(given.has('config') ? `${given.text('config')} is valid` : 'winback.json, where there is one, is valid');
  });
  const machine = [...(await ofMachine()), settings];
  const found = await stat(root).catch(() => null);
  if (!found) {
    const none = warn(`there is no lake in ${root} yet`, 'The first winback run --orders FILE… makes it.');
    return [...machine, { check: 'lake', ...none }];
  }
  if (!found.isDirectory()) {
    return [...machine, { check: 'lake', ...fail(`the lake ${root} is a file`, 'Name a folder with --lake.') }];
  }
  try {
    return [...machine, ...(await ofLake({ root, store: fileStore(root), config, now: new Date() }))];
  } catch (error) {
    // receipts or the list of nights cannot be read, on which the other checks rest
    return [...machine, await examine('lake', () => Promise.reject(error))];
  }
}

const styles = { ok: 'green', warn: 'yellow', fail: 'red' } as const satisfies Readonly<Record<Verdict, string>>;

function print(found: readonly Finding[], terminal: Terminal): void {
  const width = Math.max(...found.map(({ check }) => check.length));
  for (const { check, verdict, finding, next } of found) {
    terminal.line(`  ${terminal.style(styles[verdict], verdict.padEnd(4))}  ${check.padEnd(width)}  ${finding}`);
    if (next !== null) terminal.line(`${' '.repeat(width + 10)}→ ${next}`);
  }
}

export const doctor: Command = {
  name: 'doctor',
  usage: 'doctor [--lake DIR] [--config FILE]',
  summary: 'Check what a night needs, and what is published, and say what to do.',
  options: { lake: lakeOption, config: configOption, json: jsonOption },
  async run(given, terminal) {
    const found = await findings(given);
    const isWell = found.every(({ verdict }) => verdict !== 'fail');
    terminal.json({ lake: lakeFolder(given), healthy: isWell, checks: found });
    print(found, terminal);
    return isWell ? exitCodes.ok : exitCodes.environment;
  },
};
