import type { ObjectStore } from '../../lambdas/platform/object-store.ts';

export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

export async function textOf(store: ObjectStore, key: string): Promise<string | null> {
  const found = await store.read(key);
  return found && new TextDecoder().decode(found.body);
}

export async function listed(store: ObjectStore, prefix = ''): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of store.list(prefix)) keys.push(key);
  return keys;
}

/** What became of 24 writers who all tried at once: who won, and how the others failed. */
export async function race(write: (writer: number) => Promise<unknown>) {
  const ended = await Promise.allSettled(Array.from({ length: 24 }, (_, i) => write(i)));
  const errors = ended.flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : []));
  return { winners: ended.flatMap((each, i) => (each.status === 'fulfilled' ? [i] : [])), errors };
}
