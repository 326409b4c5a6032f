import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  arrows,
  noBarrels,
  oneDoorToTheForestLibrary,
  packagesAtHome,
  type Rule,
  shortFiles,
  strictCode,
} from './rules.ts';
import { sourcesIn } from './sources.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const product = sourcesIn(root, ['bin', 'docs', 'infra', 'lambdas']);

describe('the sources', () => {
  it('are found, with what they import', () => {
    const stack = product.find(({ path }) => path === 'infra/winback-stack.ts');
    expect(stack?.imports).toEqual(expect.arrayContaining(['aws-cdk-lib', 'constructs', 'infra/query.ts']));
    expect(product.length).toBeGreaterThan(150);
  });

  it.each<[string, Rule]>([
    ['import one way only', arrows],
    ['keep libraries of engines and cloud in their adapters', packagesAtHome],
    ['reach the random-forest library through one file', oneDoorToTheForestLibrary],
    ['keep to strict code', strictCode],
    ['are short', shortFiles],
    ['have no barrels', noBarrels],
  ])('%s', (_, rule) => {
    expect(rule(product)).toEqual([]);
  });
});

/** What a rule says about a tree with these files. */
function judged(rule: Rule, files: Readonly<Record<string, string>>): string[] {
  const tree = mkdtempSync(join(tmpdir(), 'winback-tree-'));
  try {
    for (const folder of ['bin', 'docs', 'infra', 'lambdas']) mkdirSync(join(tree, folder));
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(tree, path)), { recursive: true });
      writeFileSync(join(tree, path), text);
    }
    return rule(sourcesIn(tree, ['bin', 'docs', 'infra', 'lambdas']));
  } finally {
    rmSync(tree, { recursive: true });
  }
}

const importing = (name: string): string => `import { a } from '${name}';\nexport const b = a;\n`;

describe('the arrows forbid', () => {
  it.each([
    ['a step importing another', 'lambdas/score/score.ts', '../train/train.ts'],
    ['a step importing another by type', 'lambdas/score/deep/score.ts', '../../train/train.ts'],
    ['a step importing an adapter', 'lambdas/score/score.ts', '../platform/local/duckdb-engine.ts'],
    ['a handler importing another step', 'lambdas/score/handler.ts', '../train/train.ts'],
    ['a handler importing a local adapter', 'lambdas/score/handler.ts', '../platform/local/file-store.ts'],
    ['a port importing its adapter', 'lambdas/platform/context.ts', './aws/object-store.ts'],
    ['one adapter importing the other', 'lambdas/platform/aws/engine.ts', '../local/views.ts'],
    ['the model importing a step', 'lambdas/model/forest.ts', '../train/train.ts'],
    ['the model importing wording', 'lambdas/model/forest.ts', '../wording/names.ts'],
    ['the statistics importing a step', 'lambdas/statistics/power.ts', '../measure/measure.ts'],
    ['the statistics importing the lake', 'lambdas/statistics/power.ts', '../lake/column.ts'],
    ['wording importing a step', 'lambdas/wording/names.ts', '../publish/campaigns.ts'],
    ['the lake importing platform', 'lambdas/lake/zones.ts', '../platform/errors.ts'],
    ['the lake importing the pipeline', 'lambdas/lake/zones.ts', '../pipeline.ts'],
    ['the pipeline importing platform', 'lambdas/pipeline.ts', './platform/errors.ts'],
    ['infra importing a step', 'infra/workflow.ts', '../lambdas/train/train.ts'],
    ['infra importing platform', 'infra/workflow.ts', '../lambdas/platform/errors.ts'],
    ['the command line importing infra', 'bin/winback.ts', '../infra/storage.ts'],
    ['the command line importing a handler', 'bin/night.ts', '../lambdas/score/handler.ts'],
    ['the CDK entry importing a step', 'bin/app.ts', '../lambdas/score/score.ts'],
    ['the docs importing a step', 'docs/generate.ts', '../lambdas/score/score.ts'],
    ['lambdas importing bin', 'lambdas/score/score.ts', '../../bin/night.ts'],
  ])('%s', (_, path, name) => {
    expect(judged(arrows, { [path]: importing(name) })).toHaveLength(1);
  });

  it.each([
    ['of types', "import type { A } from '../train/train.ts';"],
    ['over several lines', "import {\n  a,\n  b,\n} from '../train/train.ts';"],
    ['by export', "export { a } from '../train/train.ts';"],
    ['for effect', "import '../train/train.ts';"],
    ['at run time', "const a = await import('../train/train.ts');"],
    ['of a worker', "const a = new URL('../train/worker.ts', import.meta.url);"],
  ])('imports %s alike', (_, code) => {
    expect(judged(arrows, { 'lambdas/score/score.ts': code })).toHaveLength(1);
  });

  it('nothing that the design draws', () => {
    const files = {
      'bin/night.ts': importing('../lambdas/score/score.ts'),
      'bin/local-lake.ts': importing('../lambdas/platform/local/file-store.ts'),
      'bin/app.ts': importing('../infra/winback-stack.ts'),
      'infra/workflow.ts': importing('../lambdas/pipeline.ts'),
      'lambdas/score/handler.ts': `${importing('./score.ts')}${importing('../platform/aws/runtime.ts')}`,
      'lambdas/score/score.ts': `${importing('../model/forest.ts')}${importing('../wording/names.ts')}`,
      'lambdas/score/reasons.ts': "// import { a } from '../train/train.ts';\nexport const a = 'b';",
      'lambdas/model/forest.ts': importing('../platform/errors.ts'),
      'lambdas/measure/judge.ts': importing('../statistics/power.ts'),
      'lambdas/statistics/power.ts': importing('./normal.ts'),
      'lambdas/platform/aws/runtime.ts': importing('./object-store.ts'),
      'lambdas/pipeline.ts': importing('./lake/zones.ts'),
    };
    expect(judged(arrows, files)).toEqual([]);
  });
});

describe('the other rules forbid', () => {
  it.each([
    ['DuckDB in a step', packagesAtHome, 'lambdas/score/score.ts', importing('@duckdb/node-api')],
    ['the AWS SDK in a step', packagesAtHome, 'lambdas/score/score.ts', importing('@aws-sdk/client-s3')],
    ['the CDK in a lambda', packagesAtHome, 'lambdas/score/score.ts', importing('aws-cdk-lib/aws-s3')],
    ['default exports', strictCode, 'lambdas/score/score.ts', 'const a = 1;\nexport default a;'],
    ['any as a type', strictCode, 'lambdas/score/score.ts', 'export const a: any = 1;'],
    ['any as an argument', strictCode, 'lambdas/score/score.ts', 'export const a = new Map<string, any>();'],
    ['casting to any', strictCode, 'lambdas/score/score.ts', 'export const a = b as any;'],
    ['casting through unknown', strictCode, 'lambdas/score/score.ts', 'export const a = b as unknown as string;'],
    ['silencing the compiler', strictCode, 'lambdas/score/score.ts', '// @ts-ignore\nexport const a = 1;'],
    ['long files', shortFiles, 'lambdas/score/score.ts', 'const a = 1;\n'.repeat(301)],
    ['barrels by name', noBarrels, 'lambdas/score/index.ts', 'export const a = 1;'],
    [
      'barrels by content',
      noBarrels,
      'lambdas/score/all.ts',
      "export { a } from './a.ts';\nexport type { B } from './b.ts';",
    ],
    ['handing on everything', noBarrels, 'lambdas/score/all.ts', "export * from './a.ts';\nexport const b = 1;"],
  ])('%s', (_, rule, path, code) => {
    expect(judged(rule, { [path]: code })).toHaveLength(1);
  });

  it('two doors to the random-forest library, and none', () => {
    const door = importing('ml-random-forest');
    expect(judged(oneDoorToTheForestLibrary, { 'lambdas/model/a.ts': door })).toEqual([]);
    expect(judged(oneDoorToTheForestLibrary, {})).toHaveLength(1);
    expect(judged(oneDoorToTheForestLibrary, { 'lambdas/model/a.ts': door, 'lambdas/model/b.ts': door })).toHaveLength(
      1,
    );
  });

  it('nothing that only sounds like it', () => {
    const code =
      "// any default\nexport const a = { any: 1 };\nexport const b = 'export default any';\nexport const c = z.any;\n";
    expect(judged(strictCode, { 'lambdas/score/score.ts': code })).toEqual([]);
    expect(judged(shortFiles, { 'lambdas/score/score.ts': 'const a = 1;\n'.repeat(300) })).toEqual([]);
    expect(judged(noBarrels, { 'lambdas/score/score.ts': importing('./a.ts') })).toEqual([]);
  });
});
