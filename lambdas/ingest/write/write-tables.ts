import type { Table } from '../../lake/table.ts';
import { customerSightings, orderLineVersions, orderVersions, rejectedRows } from '../../lake/tables/ingested.ts';
import { suppressions, surveyResponses } from '../../lake/tables/surveys.ts';
import { ingestKey } from '../../lake/zones.ts';
import { erasedKeys, erasuresState, readErasures } from '../../platform/erasures.ts';
import type { ObjectStore } from '../../platform/object-store.ts';
import { writeTable } from '../../platform/parquet.ts';
import { groupByPerson } from '../book/sightings.ts';
import type { FileIdentities } from '../identity.ts';
import type { FileContents } from '../read/read-file.ts';
import type { PeopleContents } from '../read/read-people.ts';
import { responseRows, suppressionRows } from './people-rows.ts';
import { type Ingest, lineRows, orderRows, rejectRows, sightingRows, sortedOrders } from './table-rows.ts';

/** Writes what a file told, again where somebody was erased meanwhile: whoever is erased later is found in what is there. */
async function unlessErasedMeanwhile(store: ObjectStore, write: (erased: ReadonlySet<string>) => Promise<void>) {
  for (let state = ''; state !== (await erasuresState(store)); ) {
    const erasures = await readErasures(store);
    await write(erasedKeys(erasures));
    state = erasures.state;
  }
}

/** Writes what a file told of orders: their versions, their lines, who placed them, and what was rejected. */
export async function writeOrders(
  store: ObjectStore,
  told: Omit<Ingest, 'erased'>,
  contents: FileContents,
  people: FileIdentities,
): Promise<void> {
  const orders = sortedOrders(contents);
  const lines = contents.book.lines.byOrder(contents.book.size);
  const keyOf = (table: Table): string => ingestKey(table, told.id);
  await unlessErasedMeanwhile(store, async (erased) => {
    const ingest: Ingest = { ...told, erased };
    const persons = groupByPerson(contents.book, people);
    await writeTable(store, orderVersions, keyOf(orderVersions), orderRows(ingest, contents, orders, lines, people));
    await writeTable(store, orderLineVersions, keyOf(orderLineVersions), lineRows(ingest, contents, orders, lines));
    await writeTable(
      store,
      customerSightings,
      keyOf(customerSightings),
      sightingRows(ingest, contents, persons, people),
    );
    await writeTable(store, rejectedRows, keyOf(rejectedRows), rejectRows(ingest, contents));
  });
}

/** Writes what a file told of people: answers of a survey, suppressions or their lifts, and what was rejected. */
export async function writePeople(
  store: ObjectStore,
  told: Omit<Ingest, 'erased'>,
  contents: PeopleContents,
  people: FileIdentities,
  kind: 'surveys' | 'suppressions' | 'lifts',
): Promise<void> {
  await writeTable(store, rejectedRows, ingestKey(rejectedRows, told.id), rejectRows(told, contents));
  if (kind !== 'surveys') {
    const rows = suppressionRows(told, contents, people, kind === 'lifts');
    await writeTable(store, suppressions, ingestKey(suppressions, told.id), rows);
    return;
  }
  await unlessErasedMeanwhile(store, async (erased) => {
    const rows = responseRows({ ...told, erased }, contents, people);
    await writeTable(store, surveyResponses, ingestKey(surveyResponses, told.id), rows);
  });
}
