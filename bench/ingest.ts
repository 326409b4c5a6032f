import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { exportKinds, makeExport } from './make-exports.ts';

/**
 * Time and memory of `winback ingest` on one core, over seeded exports of every kind that could hurt, and of DuckDB
 * copying the same file to Parquet: it types columns, but checks no order, keeps no count and makes no pseudonym.
 * Run: npx tsx bench/ingest.ts [--rows 1000000] [--kind NAME]… [--no-peer]
 */
const { values: options } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    kind: { type: 'string', multiple: true },
    'no-peer': { type: 'boolean', default: false },
  },
});
const rows = Number(options.rows);
const names = options.kind ?? Object.keys(exportKinds);

interface Usage {
  readonly wall: number;
  readonly cpu: number;
  /** Largest resident set of the process and all that it started, in MB. */
  readonly peak: number;
  readonly code: number | null;
  readonly output: string;
}

const onExit =
  `process.on('exit',()=>{const u=process.resourceUsage();` +
  `require('node:fs').writeFileSync(process.env.BENCH_USAGE,` +
  `JSON.stringify({cpu:(u.userCPUTime+u.systemCPUTime)/1e6,peak:u.maxRSS/1024}))})`;

/** Resident memory of the processes that a process has started, in MB, where /proc tells. */
function childrenMegabytes(pid: number): number {
  let sum = 0;
  try {
    for (const task of readdirSync(`/proc/${pid}/task`)) {
      for (const child of readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean)) {
        const status = readFileSync(`/proc/${child}/status`, 'utf8');
        sum += Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024 + childrenMegabytes(Number(child));
      }
    }
  } catch {
    return sum;
  }
  return sum;
}

const hasTaskset = process.platform === 'linux' && spawnSync('taskset', ['-V']).status === 0;

/** Runs node on one core, where the system can hold it to one. */
function measured(folder: string, args: readonly string[]): Promise<Usage> {
  const hook = join(folder, 'usage.cjs');
  const usage = join(folder, 'usage.json');
  writeFileSync(hook, onExit);
  rmSync(usage, { force: true });
  const node = [process.execPath, '--require', hook, ...args];
  const [command, ...rest] = hasTaskset ? ['taskset', '-c', '0', ...node] : node;
  const started = performance.now();
  const child = spawn(command as string, rest, {
    env: { ...process.env, BENCH_USAGE: usage },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  let ofChildren = 0;
  const watch = setInterval(() => {
    ofChildren = Math.max(ofChildren, childrenMegabytes(child.pid ?? 0));
  }, 100);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      clearInterval(watch);
      const { cpu, peak } = JSON.parse(readFileSync(usage, 'utf8'));
      resolve({ wall: (performance.now() - started) / 1000, cpu, peak: peak + ofChildren, code, output });
    });
  });
}

const winback = fileURLToPath(new URL('../bin/winback.js', import.meta.url));

function ingested(folder: string, path: string, settings: unknown): Promise<Usage> {
  const config = join(folder, 'winback.json');
  writeFileSync(config, JSON.stringify(settings ?? {}));
  const lake = join(folder, 'lake');
  rmSync(lake, { recursive: true, force: true });
  return measured(folder, [winback, 'ingest', path, '--lake', lake, '--config', config, '--json']);
}

const peer = `
import { DuckDBInstance } from '@duckdb/node-api';
const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
const connection = await instance.connect();
const [from, to] = process.argv.slice(-2).map((path) => path.replaceAll("'", "''"));
const read = from.endsWith('.csv') ? "read_csv('" + from + "')" : "read_json('" + from + "')";
await connection.run('copy (select * from ' + read + ") to '" + to + "' (format parquet, compression zstd)");
`;

function copied(folder: string, path: string): Promise<Usage> {
  return measured(folder, ['--input-type=module', '--eval', peer, '--', path, join(folder, 'copy.parquet')]);
}

const cell = (text: string | number, width: number): string => String(text).padStart(width);

function report(what: string, records: number, { wall, cpu, peak }: Usage, rest: string): void {
  const rate = Math.round(records / cpu);
  console.log(
    `${what.padEnd(24)}${cell(wall.toFixed(1), 8)}${cell(cpu.toFixed(1), 8)}${cell(Math.round(peak), 9)}${cell(rate, 11)}  ${rest}`,
  );
}

/** What became of the file: the counts of its receipt, or why it was refused. */
function outcome({ code, output }: Usage): string {
  const from = output.indexOf('{');
  if (from < 0) return `exit ${code}: ${output.trim().slice(0, 200)}`;
  const result = JSON.parse(output.slice(from));
  if (result.error) return `refused: ${result.error.message.slice(0, 160)}`;
  const { records_read, orders_accepted, lines_folded, duplicates, rejected } = result.files[0];
  return `${records_read} = ${orders_accepted} + ${lines_folded} + ${duplicates} + ${rejected}`;
}

console.log(`node ${process.version}, ${cpus()[0]?.model}${hasTaskset ? ', held to one core' : ''}, ${rows} rows`);
console.log(
  `${''.padEnd(24)}${cell('wall s', 8)}${cell('CPU s', 8)}${cell('peak MB', 9)}${cell('records/s', 11)}  read = accepted + folded + duplicate + rejected`,
);
for (const name of names) {
  const folder = mkdtempSync(join(tmpdir(), 'winback-ingest-'));
  try {
    const kind = exportKinds[name];
    const path = join(folder, `${name}.${kind?.extension}`);
    const records = await makeExport(name, path, rows);
    const ours = await ingested(folder, path, kind?.settings);
    report(name, records, ours, `${outcome(ours)}; ${Math.round(statSync(path).size / 1e6)} MB: ${kind?.what}`);
    if ((ours.code !== 0) !== (kind?.isRefused ?? false)) process.exitCode = 1;
    if (options['no-peer']) continue;
    const theirs = await copied(folder, path);
    const ratio = `${(ours.cpu / theirs.cpu).toFixed(1)} × the time, ${(ours.peak / theirs.peak).toFixed(1)} × the memory`;
    report('  DuckDB to Parquet', records, theirs, theirs.code === 0 ? ratio : theirs.output.trim().split('\n')[0]!);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
