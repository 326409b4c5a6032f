import type { Command, OptionSpec } from './command.ts';

const flagOf = (name: string, option: OptionSpec): string => `--${name}${option.value ? ` ${option.value}` : ''}`;

/** The help page of one command. */
export function helpFor(command: Command): string {
  const options = Object.entries(command.options).map(([name, option]) => [flagOf(name, option), option.help] as const);
  const width = Math.max(0, ...options.map(([flag]) => flag.length));
  return [
    command.summary,
    '',
    `  winback ${command.usage}`,
    '',
    ...options.map(([flag, help]) => `  ${flag.padEnd(width)}  ${help}`),
    '',
  ].join('\n');
}

/** The first page: all commands, and what a process exits with. */
export function helpForAll(commands: readonly Command[]): string {
  const width = Math.max(...commands.map((command) => command.name.length));
  return [
    'winback finds the customers a shop is about to lose, and hands marketing a list it can act on.',
    '',
    ...commands.map((command) => `  winback ${command.name.padEnd(width)}  ${command.summary}`),
    '',
    'winback COMMAND --help tells more of a command.',
    'Exit codes: 0 done, 1 defect, 2 wrong option or setting, 3 input refused, 4 quality gate, 5 lake or machine.',
    '',
  ].join('\n');
}
