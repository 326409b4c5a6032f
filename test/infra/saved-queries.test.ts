import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sqlTypes } from '../../lambdas/lake/column.ts';
import { tables } from '../../lambdas/lake/contract.ts';
import { trinoGrammar } from '../sql/trino-grammar.ts';

const folder = fileURLToPath(new URL('../../infra/people/queries/', import.meta.url));
const queries = readdirSync(folder).map((file) => [file, readFileSync(`${folder}${file}`, 'utf8')] as const);

let connection: DuckDBConnection;
let instance: DuckDBInstance;
let objections: (sql: string) => string[];
beforeAll(async () => {
  instance = await DuckDBInstance.create(':memory:');
  connection = await instance.connect();
  for (const { name, columns } of tables) {
    const list = Object.entries(columns).map(([column, { type }]) => `${column} ${sqlTypes[type]}`);
    await connection.run(`create table ${name} (${list.join(', ')})`);
  }
  objections = await trinoGrammar();
});
afterAll(() => {
  connection.closeSync();
  instance.closeSync();
});

const contacts = tables.filter((table) => table.personal).map((table) => table.name);

describe.each(queries)('%s', (_, sql) => {
  it('says what it answers', () => {
    expect(sql).toMatch(/^-- [A-Z].*\.\n/);
  });

  it('is a statement to Trino', () => {
    expect(objections(sql)).toEqual([]);
  });

  it('asks for tables and columns that there are, none with contact data', async () => {
    await expect(connection.runAndReadAll(sql)).resolves.toBeDefined();
    const read = [...sql.matchAll(/\b(?:from|join) ([a-z_]+)/g)].map(([, name]) => name);
    expect(read.length).toBeGreaterThan(0);
    expect(read.filter((name) => contacts.includes(name ?? ''))).toEqual([]);
  });
});
