import type { FileKind } from '../../lake/file-kinds.ts';
import { receipts } from '../../lake/tables/ingested.ts';
import { receiptKey, receiptPrefix, tablePrefix } from '../../lake/zones.ts';
import { PreconditionFailed } from '../../platform/errors.ts';
import { decodeJsonRows, encodeJsonRows } from '../../platform/json-objects.ts';
import type { ObjectStore } from '../../platform/object-store.ts';
import type { Receipt } from './receipt.ts';

/** Another ingest of the same file was faster; its receipt says the same. */
const unlessLost = (error: unknown): void => {
  if (!(error instanceof PreconditionFailed)) throw error;
};

/** The receipt of an ingest that was done before, marked as asked for again; null where there is none. */
export async function renewReceipt(
  store: ObjectStore,
  ids: Parameters<typeof receiptKey>[0],
  now: Date,
): Promise<Receipt | null> {
  const key = receiptKey(ids);
  const found = await store.read(key);
  const [known] = found ? decodeJsonRows(receipts, found.body) : [];
  if (!found || !known) return null;
  const receipt = { ...known, ingested_at: now.toISOString() };
  await store.write(key, encodeJsonRows(receipts, [receipt]), { ifMatch: found.etag }).catch(unlessLost);
  return receipt;
}

/** Writes a receipt, by which its ingest comes to exist. */
export async function leaveReceipt(store: ObjectStore, receipt: Receipt): Promise<Receipt> {
  const body = encodeJsonRows(receipts, [receipt]);
  await store.write(receiptKey(receipt), body, { ifAbsent: true }).catch(unlessLost);
  return receipt;
}

async function receiptsUnder(store: ObjectStore, prefix: string): Promise<Receipt[]> {
  const all: Receipt[] = [];
  for await (const { key } of store.list(prefix)) {
    const found = await store.read(key);
    if (found) all.push(...decodeJsonRows(receipts, found.body));
  }
  return all;
}

const opposites: Readonly<Partial<Record<FileKind, FileKind>>> = { suppressions: 'lifts', lifts: 'suppressions' };

/**
 * Receipts of the same bytes, delivered before as the same kind, under any name and settings. A list of suppressions that
 * is given once more after some lift is told anew, and so is a lift after some suppression: earlier receipts are then
 * none of it.
 */
export async function earlierReceipts(store: ObjectStore, sha256: string, kind: FileKind): Promise<Receipt[]> {
  const opposite = opposites[kind];
  const all = await receiptsUnder(store, opposite ? tablePrefix(receipts) : receiptPrefix(sha256));
  const turned = all
    .filter((receipt) => receipt.kind === opposite && receipt.verdict === 'accepted')
    .reduce((latest, { delivered_at }) => (delivered_at > latest ? delivered_at : latest), '');
  return all.filter(
    (receipt) =>
      receipt.file_sha256 === sha256 && (receipt.kind ?? 'orders') === kind && receipt.delivered_at >= turned,
  );
}
