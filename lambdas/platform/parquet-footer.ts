const magic = 'PAR1';
/** Length of the footer and the magic bytes after it. */
const endBytes = 8;

/** The bytes are no end of a Parquet object. */
export class NoParquetFooter extends Error {}

/** Size of an object's footer with what stands after it, by its last bytes, at least eight. @throws NoParquetFooter */
export function footerBytes(tail: Uint8Array): number {
  const end = Buffer.from(tail.buffer, tail.byteOffset, tail.byteLength).subarray(-endBytes);
  if (end.length < endBytes || end.toString('latin1', 4) !== magic) {
    throw new NoParquetFooter('the object does not end as Parquet does');
  }
  return end.readUInt32LE() + endBytes;
}

/** Types of Thrift's compact protocol that a footer's first fields are made of; structures end with `stop`. */
const [stop, byte, double, binary, list, structure] = [0, 3, 7, 8, 9, 12];
/** Fields that are true or false have their value in their type. */
const valueless = new Set([1, 2]);
const rowsField = 3;

/**
 * Rows of a Parquet object, from its footer alone: the third field of `FileMetaData` in Apache Parquet's parquet.thrift,
 * in Thrift's compact protocol.
 * @param tail the object's last bytes, as many as footerBytes says or more
 * @throws NoParquetFooter
 */
export function rowsInFooter(tail: Uint8Array): number {
  const bytes = Buffer.from(tail.buffer, tail.byteOffset, tail.byteLength).subarray(-footerBytes(tail));
  let at = 0;

  function next(): number {
    const value = bytes[at++];
    if (value === undefined || at > bytes.length - endBytes) throw new NoParquetFooter('the footer is cut off');
    return value;
  }

  function varint(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const part = next();
      value += (part & 127) * scale;
      if (part < 128) return value;
    }
  }

  function skip(type: number): void {
    if (valueless.has(type)) return;
    if (type === byte) at += 1;
    else if (type === double) at += 8;
    else if (type === binary) {
      const length = varint();
      at += length;
    } else if (type === structure) for (const field of fields()) skip(field.type);
    else if (type === list) {
      const head = next();
      const length = head >> 4 === 15 ? varint() : head >> 4;
      for (let i = 0; i < length; i++) skip(head & 15);
    } else if (type > byte && type < double) varint();
    else throw new NoParquetFooter(`a footer has no field of type ${type}`);
  }

  function* fields(): Generator<{ readonly id: number; readonly type: number }> {
    for (let id = 0; ; ) {
      const head = next();
      if (head === stop) return;
      id = head >> 4 === 0 ? Math.floor(varint() / 2) : id + (head >> 4);
      yield { id, type: head & 15 };
    }
  }

  for (const { id, type } of fields()) {
    // positive integers are stored doubled
    if (id === rowsField) return varint() / 2;
    skip(type);
  }
  throw new NoParquetFooter('the footer has no number of rows');
}
