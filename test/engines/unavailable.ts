import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Something that the engine tests need cannot be had on this machine: a program, or packages from the network. */
export class Unavailable extends Error {}

const lastLine = (text: string): string | undefined => text.trim().split('\n').at(-1);

/**
 * Runs a program that installs something, and gives what it printed.
 * @throws Unavailable when it is not there or fails, with what it said
 */
export async function command(name: string, args: readonly string[]): Promise<string> {
  const options = { timeout: 1_800_000, maxBuffer: 64 << 20 };
  const { stdout, stderr } = await run(name, [...args], options).catch((error) => {
    if (error.code === 'ENOENT') throw new Unavailable(`${name} is not installed`);
    const said = `${error.stdout ?? ''}\n${error.stderr ?? ''}`;
    const why = said.split('\n').find((line) => /\[ERROR\]|^ERROR/.test(line)) ?? lastLine(said) ?? error.message;
    throw new Unavailable(`${name} failed: ${why.replace('[ERROR] ', '').slice(0, 400)}`);
  });
  return stdout + stderr;
}
