import { catalogName } from './server.ts';

interface Page {
  readonly nextUri?: string;
  readonly data?: readonly (readonly unknown[])[];
  readonly error?: { readonly errorName: string; readonly message: string };
}

/** Trino refused or failed a statement. */
export class TrinoError extends Error {}

/** Runs one statement over Trino's client protocol and collects all its rows. */
export async function trinoRows(url: string, schema: string, sql: string): Promise<readonly (readonly unknown[])[]> {
  const headers = {
    'X-Trino-User': 'winback',
    'X-Trino-Catalog': catalogName,
    'X-Trino-Schema': schema,
    'X-Trino-Time-Zone': 'UTC',
  };
  const rows: (readonly unknown[])[] = [];
  let response = await fetch(`${url}/v1/statement`, { method: 'POST', headers, body: sql });
  for (;;) {
    if (!response.ok) throw new TrinoError(`HTTP ${response.status}: ${(await response.text()).slice(0, 300)}`);
    const page = (await response.json()) as Page;
    if (page.error) throw new TrinoError(`${page.error.errorName}: ${page.error.message}`);
    for (const row of page.data ?? []) rows.push(row);
    if (!page.nextUri) return rows;
    response = await fetch(page.nextUri, { headers });
  }
}
