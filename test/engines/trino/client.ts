import type { ResultTable } from '../../support/athena/backend.ts';
import { catalogName } from './server.ts';

interface Page {
  readonly nextUri?: string;
  readonly columns?: readonly { readonly name: string; readonly type: string }[];
  readonly data?: readonly (readonly unknown[])[];
  readonly error?: { readonly errorName: string; readonly message: string };
}

/** Trino refused or failed a statement. */
export class TrinoError extends Error {}

const asText = (value: unknown): string | null => (value === null ? null : String(value));

/** Runs one statement over Trino's client protocol and collects all its rows. */
export async function askTrino(url: string, schema: string, sql: string): Promise<ResultTable> {
  const headers = {
    'X-Trino-User': 'winback',
    'X-Trino-Catalog': catalogName,
    'X-Trino-Schema': schema,
    'X-Trino-Time-Zone': 'UTC',
  };
  const rows: (string | null)[][] = [];
  let columns: NonNullable<Page['columns']> = [];
  let response = await fetch(`${url}/v1/statement`, { method: 'POST', headers, body: sql });
  for (;;) {
    if (!response.ok) throw new TrinoError(`HTTP ${response.status}: ${(await response.text()).slice(0, 300)}`);
    const page = (await response.json()) as Page;
    if (page.error) throw new TrinoError(`${page.error.errorName}: ${page.error.message}`);
    columns = page.columns ?? columns;
    for (const row of page.data ?? []) rows.push(row.map(asText));
    if (!page.nextUri) return { names: columns.map(({ name }) => name), types: columns.map(({ type }) => type), rows };
    response = await fetch(page.nextUri, { headers });
  }
}
