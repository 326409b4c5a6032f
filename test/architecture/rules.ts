import { basename } from 'node:path';
import type { Source } from './sources.ts';

/** What stands against the files of a tree; one sentence per violation. */
export type Rule = (sources: readonly Source[]) => string[];

const shared = ['lake', 'platform', 'statistics', 'model', 'wording'];

/** The part of the project that a file belongs to; each step is a part of its own. */
function partOf(path: string): string {
  const [top = '', second = '', third = ''] = path.split('/');
  if (path === 'bin/app.ts') return 'cdk entry';
  if (top !== 'lambdas') return top;
  if (second === 'pipeline.ts') return 'pipeline';
  if (second === 'platform' && (third === 'local' || third === 'aws')) return `adapter ${third}`;
  if (second === 'platform' && (third === 'config' || third === 'code-version.ts')) return 'configuration';
  if (shared.includes(second)) return second;
  return basename(path).endsWith('handler.ts') ? `handler ${second}` : `step ${second}`;
}

/** What names adapters of its own accord. */
const isRuntime = (path: string): boolean => path === 'lambdas/platform/aws/runtime.ts';

/** The arrows of the design: whether a file of one part may import a file of another. */
function mayImport(from: string, part: string): boolean {
  const [kind = '', name] = from.split(' ');
  const to = part === 'configuration' && kind !== 'infra' ? 'platform' : part;
  switch (kind) {
    case 'lake':
      return to === 'lake';
    case 'pipeline':
      return to === 'lake';
    case 'platform':
    case 'configuration':
      return ['platform', 'pipeline', 'lake'].includes(to);
    case 'adapter':
      return [from, 'platform', 'pipeline', 'lake'].includes(to);
    case 'wording':
      return ['wording', 'platform', 'pipeline', 'lake'].includes(to);
    case 'statistics':
      return to === 'statistics';
    case 'model':
      return ['model', 'platform', 'pipeline', 'lake'].includes(to);
    case 'step':
      return [from, 'model', 'statistics', 'wording', 'platform', 'pipeline', 'lake'].includes(to);
    case 'handler':
      return to === 'adapter aws' || [`step ${name}`, 'platform', 'pipeline', 'lake'].includes(to);
    case 'infra':
      return ['infra', 'pipeline', 'lake', 'configuration'].includes(to);
    case 'cdk':
      return ['infra', 'pipeline', 'lake'].includes(to);
    case 'docs':
      return ['docs', 'lake'].includes(to);
    case 'bin':
      return !['infra', 'cdk entry', 'test'].includes(to) && !to.startsWith('handler');
    default:
      return true;
  }
}

const isFile = (name: string): boolean => /^(lambdas|bin|infra|docs|test|bench)\//.test(name);

/** `bin, infra, handler → step → model, statistics, wording, platform, pipeline, lake`; steps never import each other. */
export const arrows: Rule = (sources) =>
  sources.flatMap(({ path, imports }) =>
    imports
      .filter(isFile)
      .filter((target) => !(isRuntime(path) && partOf(target).startsWith('adapter')))
      .filter((target) => !mayImport(partOf(path), partOf(target)))
      .map((target) => `${path} (${partOf(path)}) imports ${target} (${partOf(target)})`),
  );

const packageOf = (name: string): string =>
  name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/');

/** Packages that only some files may import; tests and what is only a tool are not looked at. */
const homes: readonly (readonly [RegExp, RegExp])[] = [
  [/^@duckdb\//, /^lambdas\/platform\/local\//],
  [/^@aws-sdk\//, /^lambdas\/platform\/aws\//],
  [/^(aws-cdk-lib|constructs|cdk-nag)$/, /^(infra\/|bin\/app\.ts$)/],
];

/** The query engine's and the cloud's libraries stay where they are adapted. */
export const packagesAtHome: Rule = (sources) =>
  sources.flatMap(({ path, imports }) =>
    imports
      .filter((name) => !isFile(name))
      .filter((name) => homes.some(([pattern, home]) => pattern.test(packageOf(name)) && !home.test(path)))
      .map((name) => `${path} imports ${name}`),
  );

/** The random-forest library has one door. */
export const oneDoorToTheForestLibrary: Rule = (sources) => {
  const doors = sources.filter(({ imports }) => imports.includes('ml-random-forest')).map(({ path }) => path);
  return doors.length === 1 ? [] : [`ml-random-forest is imported by ${doors.join(', ') || 'no file'}`];
};

const banned: readonly (readonly [RegExp, string])[] = [
  [/^\s*export\s+default\b/m, 'has a default export'],
  [/[:<,|&(]\s*any\b(?!\s*[:(])|\bas\s+any\b/, 'has the type any'],
  [/\bas\s+unknown\s+as\b/, 'casts through unknown'],
];

const bannedComments = /@ts-(ignore|nocheck|expect-error)\b/;

/** No default exports, no `any`, nothing that silences the compiler. */
export const strictCode: Rule = (sources) =>
  sources.flatMap(({ path, code, text }) => [
    ...banned.filter(([pattern]) => pattern.test(withoutTexts(code))).map(([, what]) => `${path} ${what}`),
    ...(bannedComments.test(text) ? [`${path} silences the compiler`] : []),
  ]);

const withoutTexts = (code: string): string => code.replace(/'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"/g, "''");

const mostLines = 300;

/** A file that cannot be read in one sitting is two files. */
export const shortFiles: Rule = (sources) =>
  sources
    .filter(({ path }) => /^(lambdas|bin|infra)\//.test(path))
    .map(({ path, text }) => ({ path, lines: text.trimEnd().split('\n').length }))
    .filter(({ lines }) => lines > mostLines)
    .map(({ path, lines }) => `${path} has ${lines} lines, more than ${mostLines}`);

/** A file that only hands on what others export hides where things are. */
export const noBarrels: Rule = (sources) =>
  sources
    .filter(({ path, code }) => {
      const rest = code.replace(/^\s*export\s+(?:type\s+)?(?:\*|\{)[^;]*?\bfrom\b[^;]*;/gm, '').trim();
      return (
        basename(path).startsWith('index.') || /^\s*export\s*\*/m.test(code) || (rest === '' && code.trim() !== '')
      );
    })
    .map(({ path }) => `${path} is a barrel`);
