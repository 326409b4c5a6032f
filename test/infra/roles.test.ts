import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, test } from 'vitest';
import { functionNames, functionSpecs } from '../../infra/functions/specs.ts';
import { tables } from '../../lambdas/lake/contract.ts';
import { storedName } from '../../lambdas/lake/table.ts';
import { tableLocation } from '../../lambdas/lake/zones.ts';
import { deployment, spelled, templateOf } from './synthesize.ts';

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Effect: string;
}

interface Policy {
  readonly PolicyDocument: { readonly Statement: readonly Statement[] };
}

const template = templateOf(deployment());
const many = <T>(value: T | readonly T[]): readonly T[] => (Array.isArray(value) ? value : [value as T]);
const nameOf = (id: string): string => id.replace(/[0-9A-F]{8}$/, '');

/** Every action that a role may do, with what it may do it to. */
const grants = new Map<string, [string, string][]>();
const add = (role: string, { PolicyDocument }: Policy): void => {
  const pairs = PolicyDocument.Statement.flatMap(({ Action, Resource, Effect }) =>
    many(Action).flatMap((action) =>
      many(Resource).map((resource): [string, string] => [
        Effect === 'Deny' ? `not ${action}` : action,
        spelled(resource),
      ]),
    ),
  );
  grants.set(role, [...(grants.get(role) ?? []), ...pairs]);
};
for (const [id, { Properties }] of Object.entries(template.findResources('AWS::IAM::Role'))) {
  grants.set(nameOf(id), []);
  for (const policy of (Properties.Policies ?? []) as Policy[]) add(nameOf(id), policy);
}
for (const { Properties } of Object.values(template.findResources('AWS::IAM::Policy'))) {
  for (const role of Properties.Roles as unknown[]) add(spelled(role).slice(1, -1), Properties as Policy);
}

const roleOf = (name: string): string => `Functions${name.charAt(0).toUpperCase()}${name.slice(1)}Role`;
const all = [...grants].flatMap(([role, pairs]) => pairs.map(([action, resource]) => ({ role, action, resource })));

test('what each role may do is what was agreed', async () => {
  const lines = [...grants].sort().flatMap(([role, pairs]) => {
    const byResource = new Map<string, string[]>();
    for (const [action, resource] of pairs) byResource.set(resource, [...(byResource.get(resource) ?? []), action]);
    const rows = [...byResource].map(
      ([resource, actions]) => `  ${resource}: ${[...new Set(actions)].sort().join(', ')}`,
    );
    return [role, ...rows.sort(), ''];
  });
  await expect(lines.join('\n')).toMatchFileSnapshot('roles.txt');
});

describe('no role', () => {
  it('may do anything to everything', () => {
    const everywhere = all.filter(({ resource }) => resource === '*').map(({ action }) => action);
    expect(everywhere.filter((action) => !/^(xray|logs|athena:List)/.test(action))).toEqual([]);
    expect(
      all
        .filter(({ action }) => action.includes('*'))
        .map(({ action }) => action)
        .filter((action) => !/^kms:(ReEncrypt|GenerateDataKey)\*$/.test(action)),
    ).toEqual([]);
  });

  it('may delete but erase and tidy, and nothing may delete tables, keys or the list of published nights', () => {
    const deletes = all.filter(({ action }) => /^(s3|glue|kms|secretsmanager):.*(Delete|Remove|Schedule)/.test(action));
    expect(new Set(deletes.map(({ action }) => action))).toEqual(
      new Set(['s3:DeleteObject', 'glue:DeletePartition', 'glue:BatchDeletePartition']),
    );
    const objects = deletes.filter(({ action }) => action === 's3:DeleteObject');
    expect(objects.map(({ role, resource }) => `${role} ${resource}`).sort()).toEqual([
      'FunctionsEraseRole <StorageLake.Arn>/ledger/sweeps/*',
      'FunctionsEraseRole <StorageLanding.Arn>/_erasures/*',
      'FunctionsEraseRole <StoragePersonal.Arn>/published/*',
      'FunctionsTidyRole <StorageLake.Arn>/runs/*/as_of=*/run_id=*',
      'FunctionsTidyRole <StorageLake.Arn>/runs/pins/*',
      'FunctionsTidyRole <StoragePersonal.Arn>/personal/runs/*',
      'FunctionsTidyRole <StoragePersonal.Arn>/published/*/*',
    ]);
  });

  it('is shared: each function has its own', () => {
    const roles = Object.values(template.findResources('AWS::Lambda::Function')).map(({ Properties }) =>
      spelled(Properties.Role),
    );
    expect(roles).toHaveLength(functionNames.length);
    expect(new Set(roles).size).toBe(roles.length);
  });
});

describe('contact data', () => {
  const mayRead = (bucket: string): string[] =>
    all
      .filter(({ action, resource }) => action === 's3:GetObject' && resource.startsWith(`<Storage${bucket}.Arn>`))
      .map(({ role, resource }) => `${role} ${resource.slice(resource.indexOf('/'))}`)
      .sort();

  it('are read by publish and erase alone, after ingest has written them; commit reads manifests', () => {
    expect(mayRead('Personal').filter((each) => each.startsWith('Functions'))).toEqual([
      'FunctionsCommitRole /published/*/manifest.json',
      'FunctionsCommitRole /published/latest.json',
      'FunctionsEraseRole /personal/*',
      'FunctionsEraseRole /published/*',
      'FunctionsPublishRole /personal/*',
      'FunctionsPublishRole /published/*',
      'FunctionsPublishRole /query-results/*',
    ]);
  });

  it('in requests to erase are read by erase alone', () => {
    const requests = '<StorageLanding.Arn>/_erasures/*';
    const readers = (resource: string) =>
      all.filter((each) => each.action === 's3:GetObject' && each.resource === resource).map(({ role }) => role);
    const denied = all.filter((each) => each.action === 'not s3:GetObject' && each.resource === requests);
    expect(readers(requests)).toEqual(['FunctionsEraseRole']);
    expect(denied.map(({ role }) => role)).toEqual(readers('<StorageLanding.Arn>/*'));
    // nor can one be made to expire
    const tags = ['s3:PutObjectTagging', 's3:PutObjectVersionTagging'];
    for (const tag of tags) {
      const granted = all.filter(({ action }) => action === tag);
      expect(granted.map(({ role, resource }) => `${role} ${resource}`)).toEqual([
        'FunctionsIngestRole <StorageLanding.Arn>/*',
      ]);
      expect(all.filter(({ action, resource }) => action === `not ${tag}` && resource === requests)).toHaveLength(1);
    }
  });

  it('are read by no analyst, and as published lists by marketing, which reads nothing else', () => {
    const buckets = (role: string) =>
      all.filter((each) => each.role === role && each.action === 's3:GetObject').map(({ resource }) => resource);
    expect(buckets('PeopleMarketing')).toEqual(['<StoragePersonal.Arn>/published/*']);
    expect(buckets('PeopleAnalyst').every((resource) => resource.startsWith('<StorageLake.Arn>/'))).toBe(true);
    expect(all.filter(({ role, resource }) => role === 'PeopleAnalyst' && /Personal/.test(resource))).toEqual([]);
    const writes = all.filter(({ role, action }) => role.startsWith('People') && /Put|Create|Delete/.test(action));
    expect(writes.map(({ role, resource }) => `${role} ${resource}`)).toEqual([
      'PeopleAnalyst <StorageLake.Arn>/analysts-results/*',
    ]);
  });

  it('as delivered are read by ingest, and listed by the reconciliation; erase reads whom it is to erase', () => {
    expect(mayRead('Landing')).toEqual(['FunctionsEraseRole /_erasures/*', 'FunctionsIngestRole /*']);
  });

  it('are made pseudonyms of by ingest and erase alone', () => {
    const readers = all.filter(({ action }) => action === 'secretsmanager:GetSecretValue').map(({ role }) => role);
    expect(readers).toEqual(['FunctionsIngestRole', 'FunctionsEraseRole']);
  });
});

const sources = fileURLToPath(new URL('../../lambdas/', import.meta.url));

/** Words of the statements that a function's step runs: those that its modules name. */
function statementWords(entry: string): string[] {
  const folder = join(sources, dirname(entry));
  const only = /([a-z]+)-handler\.ts$/.exec(entry)?.[1];
  const files = readdirSync(folder);
  const modules = files.filter((file) => (only ? file === `${only}.ts` : file.endsWith('.ts')));
  const code = modules.map((file) => readFileSync(join(folder, file), 'utf8')).join('\n');
  return files
    .filter((file) => file.endsWith('.sql') && code.includes(file))
    .flatMap((file) => readFileSync(join(folder, file), 'utf8').match(/[a-z_]+/g) ?? []);
}

describe.each(functionNames.filter((name) => 'statements' in functionSpecs[name]))('the role of %s', (name) => {
  const words = statementWords(functionSpecs[name].entry);
  const named = tables.filter((table) => words.includes(storedName(table)));

  it('reads every table that its statements name, in a workgroup for such tables', () => {
    const granted = grants.get(roleOf(name)) ?? [];
    const readable = granted.filter(([action]) => action === 's3:GetObject').map(([, resource]) => resource);
    for (const table of named) {
      const place = `<Storage${table.personal ? 'Personal' : 'Lake'}.Arn>/${tableLocation(table)}`;
      expect(
        readable.filter((resource) => place.startsWith(resource.replace(/\*$/, ''))),
        place,
      ).not.toEqual([]);
    }
    // a statement that names such a table runs in the workgroup whose results stay with contact data
    const mayJoinContacts = granted.some(([, resource]) => resource.endsWith('workgroup/winback-test-contacts'));
    expect(mayJoinContacts).toBe(named.some((table) => table.personal));
  });
});

test('statements of steps are found', () => {
  expect(statementWords(functionSpecs.gates.entry)).toContain('receipts');
  expect(statementWords(functionSpecs.publish.entry)).toContain('customers_runs');
  expect(statementWords(functionSpecs.claim.entry)).toEqual([]);
});
