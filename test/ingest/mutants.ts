import { gzipSync } from 'node:zlib';

/** Draws whole numbers from 0 below a limit. */
export type Random = (below: number) => number;

/** Marsaglia's xorshift32: the same draws on every run. */
export function seededRandom(seed: number): Random {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

type Mutation = (bytes: Buffer, random: Random) => Buffer;

const oddBytes = Buffer.from([
  0x22, 0x0a, 0x0d, 0x2c, 0x3b, 0x09, 0x00, 0xff, 0xc3, 0x5c, 0x2d, 0x2e, 0x45, 0x30, 0x7b, 0x5d,
]);

const replaced = (bytes: Buffer, from: number, to: number, ...middle: Buffer[]): Buffer =>
  Buffer.concat([bytes.subarray(0, from), ...middle, bytes.subarray(to)]);

const oddByte = (random: Random): Buffer => oddBytes.subarray(random(oddBytes.length)).subarray(0, 1);

/** Lines with their line ends; latin1 keeps every byte. */
const linesOf = (bytes: Buffer): string[] => bytes.toString('latin1').match(/[^\n]*\n|[^\n]+$/g) ?? [];
const ofLines = (lines: readonly string[]): Buffer => Buffer.from(lines.join(''), 'latin1');

function movedLine(bytes: Buffer, random: Random): Buffer {
  const lines = linesOf(bytes);
  const [line = ''] = lines.splice(random(lines.length), 1);
  lines.splice(random(lines.length + 1), 0, line);
  return ofLines(lines);
}

function repeatedLine(bytes: Buffer, random: Random): Buffer {
  const lines = linesOf(bytes);
  lines.splice(random(lines.length + 1), 0, lines[random(lines.length)] ?? '');
  return ofLines(lines);
}

/** Two columns change places, in all lines or from one line on. */
function swappedColumns(bytes: Buffer, random: Random): Buffer {
  const lines = linesOf(bytes);
  const delimiter = [',', ';', '\t', '|'].find((sign) => lines[0]?.includes(sign)) ?? ',';
  const width = lines[0]?.split(delimiter).length ?? 1;
  const [a, b, from] = [random(width), random(width), random(2) * random(lines.length || 1)];
  return ofLines(
    lines.map((line, i) => {
      const [, content = '', end = ''] = /^([^\r\n]*)([\r\n]*)$/.exec(line) ?? [];
      const fields = content.split(delimiter);
      if (i < from || fields.length !== width) return line;
      [fields[a], fields[b]] = [fields[b]!, fields[a]!];
      return fields.join(delimiter) + end;
    }),
  );
}

const mutations: readonly Mutation[] = [
  (bytes, random) => {
    const at = random(bytes.length);
    return replaced(bytes, at, at + 1, Buffer.from([bytes[at]! ^ (1 << random(8))]));
  },
  (bytes, random) => {
    const at = random(bytes.length);
    return replaced(bytes, at, at + random(2), oddByte(random));
  },
  (bytes, random) => {
    const at = random(bytes.length);
    return replaced(bytes, at, Math.min(bytes.length, at + 1 + random(40)));
  },
  (bytes, random) => {
    const at = random(bytes.length);
    return replaced(bytes, at, at, bytes.subarray(at, at + 1 + random(40)));
  },
  (bytes, random) => bytes.subarray(0, random(bytes.length)),
  movedLine,
  repeatedLine,
  swappedColumns,
];

/** A damaged copy of an export: one to four random mutations, and every fourth time packed by gzip, now and then cut. */
export function mutant(original: Buffer, random: Random): Buffer {
  let bytes = original;
  for (let n = 1 + random(4); n > 0 && bytes.length > 2; n--)
    bytes = mutations[random(mutations.length)]!(bytes, random);
  if (random(4) > 0) return bytes;
  const packed = gzipSync(bytes);
  return random(8) === 0 ? packed.subarray(0, random(packed.length)) : packed;
}
