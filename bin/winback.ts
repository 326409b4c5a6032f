import { parseArgs } from 'node:util';
import { exitCodes, UsageError, WinbackError } from '../lambdas/platform/errors.ts';
import type { Arguments, Command } from './command.ts';
import { commandNames, loadCommand, loadCommands } from './commands/all.ts';
import { helpFor, helpForAll } from './help.ts';
import { openTerminal, visible } from './terminal.ts';

function parse(command: Command, words: string[]): Arguments {
  const options = { ...command.options, help: { type: 'boolean' as const, help: '' } };
  try {
    const { values, positionals, tokens } = parseArgs({ args: words, options, allowPositionals: true, tokens: true });
    const of = (name: string): readonly (string | boolean)[] => [values[name as keyof typeof values] ?? []].flat();
    const followed: { option: string | null; word: string }[] = [];
    let option: string | null = null;
    for (const token of tokens) {
      if (token.kind === 'option') option = command.options[token.name]?.multiple ? token.name : null;
      if (token.kind === 'positional') followed.push({ option, word: token.value });
    }
    return {
      words: positionals,
      wordsAfter: (name) => followed.filter((word) => word.option === name).map(({ word }) => word),
      text: (name) => of(name).map(String).at(-1),
      texts: (name) => of(name).map(String),
      has: (name) => of(name).length > 0,
    };
  } catch (error) {
    const message = error instanceof Error ? (error.message.split('. ')[0] as string) : String(error);
    throw new UsageError(`${command.name}: ${message}`, `See winback ${command.name} --help.`);
  }
}

function report(error: unknown, isJson: boolean): number {
  if (error instanceof WinbackError) {
    const { message, next, name, exitCode } = error;
    if (isJson) process.stdout.write(`${JSON.stringify({ error: { name, message, next, exit_code: exitCode } })}\n`);
    else process.stderr.write(`winback: ${visible(message)}\n         ${visible(next)}\n`);
    return exitCode;
  }
  process.stderr.write(
    `winback: this is a defect, please report it\n${error instanceof Error ? error.stack : error}\n`,
  );
  return exitCodes.unexpected;
}

async function main([name, ...words]: string[]): Promise<number> {
  const isJson = words.includes('--json');
  const terminal = openTerminal(isJson, words.includes('--verbose'));
  try {
    if (!name || name === '--help' || name === 'help') {
      process.stdout.write(helpForAll(await loadCommands()));
      return exitCodes.ok;
    }
    const command = await loadCommand(name);
    if (!command) {
      throw new UsageError(`there is no command ${JSON.stringify(name)}`, `Commands: ${commandNames.join(', ')}.`);
    }
    const given = parse(command, words);
    if (given.has('help')) {
      process.stdout.write(helpFor(command));
      return exitCodes.ok;
    }
    return await command.run(given, terminal);
  } catch (error) {
    terminal.endProgress();
    return report(error, isJson);
  }
}

/** A reader that has seen enough, such as `head`, closes the pipe: no reason to complain. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(exitCodes.ok);
});

process.exitCode = await main(process.argv.slice(2));
