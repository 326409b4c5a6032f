import { createHash } from 'node:crypto';
import { TransformStream } from 'node:stream/web';
import type { ObjectStore } from '../../platform/object-store.ts';

/** One object of a file that may have several. */
export interface WrittenPart {
  readonly part: number;
  readonly key: string;
  readonly rows: number;
  readonly bytes: number;
  readonly sha256: string;
}

export interface PartLimits {
  readonly bytes: number;
  readonly rows: number;
}

/** A file that is being written, in as many parts as its limits ask for; each begins with the header. */
export interface SplitFile {
  /** Takes a record once the store has room for it. @returns false for one too long for any part */
  add(record: string): Promise<boolean>;
  /** The parts, when all of them are stored; the first has only its header where nothing was added. */
  finish(): Promise<WrittenPart[]>;
  /** Gives up: the part that is being written never becomes visible. */
  abandon(error: unknown): Promise<void>;
}

const chunkBytes = 1 << 16;

/** Bytes on their way to one object. The store pulls; whoever writes waits until it has. */
function openObject(store: ObjectStore, key: string) {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const writer = writable.getWriter();
  const hash = createHash('sha256');
  const stored = store.write(key, readable);
  const ignore = () => undefined;
  // a store that fails without reading on would leave the writer waiting
  stored.catch((error: unknown) => writer.abort(error)).catch(ignore);
  writer.closed.catch(ignore);
  return {
    async send(chunk: Uint8Array): Promise<void> {
      hash.update(chunk);
      await writer.write(chunk).catch(async (error: unknown) => {
        await stored;
        throw error;
      });
    },
    async close() {
      writer.close().catch(ignore);
      const { bytes } = await stored;
      return { key, bytes, sha256: hash.digest('hex') };
    },
    async abort(error: unknown): Promise<void> {
      await writer.abort(error).catch(ignore);
      await stored.catch(ignore);
    },
  };
}

/**
 * Opens a file. Memory stays below 64 KB and what the store buffers.
 * @param keyOf key of a part, numbered from 1
 * @param head what each part begins with
 */
export function splitFile(
  store: ObjectStore,
  keyOf: (part: number) => string,
  head: string,
  limits: PartLimits,
): SplitFile {
  const parts: WrittenPart[] = [];
  const headBytes = Buffer.byteLength(head);
  let waiting = '';
  let object = openObject(store, keyOf(1));
  let rows = 0;
  let bytes = 0;

  function begin(): void {
    waiting = head;
    rows = 0;
    bytes = headBytes;
  }
  async function flush(): Promise<void> {
    if (waiting !== '') await object.send(Buffer.from(waiting));
    waiting = '';
  }
  async function end(): Promise<void> {
    await flush();
    parts.push({ part: parts.length + 1, rows, ...(await object.close()) });
  }

  begin();
  return {
    async add(record) {
      const length = Buffer.byteLength(record);
      if (headBytes + length > limits.bytes) return false;
      if (bytes + length > limits.bytes || rows === limits.rows) {
        await end();
        object = openObject(store, keyOf(parts.length + 1));
        begin();
      }
      waiting += record;
      rows += 1;
      bytes += length;
      if (waiting.length >= chunkBytes) await flush();
      return true;
    },
    async finish() {
      await end();
      return parts;
    },
    abandon: (error) => object.abort(error),
  };
}
