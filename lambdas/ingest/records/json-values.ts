/** Receives the single values of a JSON object: `name` is the path of members, joined by points. */
export type JsonMember = (name: string, value: string, kind: 'single' | 'composite') => void;

/** Deepest nesting that is followed; what lies deeper makes the object broken. */
export const deepestNesting = 64;

const numberPattern = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const blankPattern = /[ \t\r\n]*/y;
const plainStringPattern = /"([^"\\\u0000-\u001f]*)"/y;

class NotJson extends Error {}

/**
 * Reads one JSON object (RFC 8259) and hands out its single values as text: numbers as they are written, so that no digit
 * of an order number is lost, null as ''. Members of objects have names like `customer.email`; objects and lists are named
 * as composite besides.
 * @returns false where the text is anything else than one object
 */
export function readJsonObject(text: string, onMember: JsonMember): boolean {
  let at = 0;

  const skipBlanks = (): void => {
    blankPattern.lastIndex = at;
    blankPattern.test(text);
    at = blankPattern.lastIndex;
  };

  const expectSign = (sign: string): void => {
    if (text[at] !== sign) throw new NotJson();
    at++;
  };

  const readString = (): string => {
    plainStringPattern.lastIndex = at;
    const plain = plainStringPattern.exec(text);
    if (plain) {
      at = plainStringPattern.lastIndex;
      return plain[1]!;
    }
    const from = at;
    expectSign('"');
    while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
    expectSign('"');
    const value: unknown = JSON.parse(text.slice(from, at));
    return String(value);
  };

  const readSingle = (): string => {
    if (text[at] === '"') return readString();
    numberPattern.lastIndex = at;
    const number = numberPattern.exec(text);
    if (number) {
      at = numberPattern.lastIndex;
      return number[0];
    }
    for (const word of ['true', 'false', 'null']) {
      if (!text.startsWith(word, at)) continue;
      at += word.length;
      return word === 'null' ? '' : word;
    }
    throw new NotJson();
  };

  const readList = (depth: number): void => {
    expectSign('[');
    skipBlanks();
    if (text[at] === ']') at++;
    else {
      for (;;) {
        readValue('', depth + 1, () => undefined);
        skipBlanks();
        if (text[at] === ']') break;
        expectSign(',');
      }
      at++;
    }
  };

  const readObject = (path: string, depth: number, onValue: JsonMember): void => {
    expectSign('{');
    skipBlanks();
    if (text[at] === '}') {
      at++;
      return;
    }
    for (;;) {
      skipBlanks();
      const name = readString();
      skipBlanks();
      expectSign(':');
      readValue(path === '' ? name : `${path}.${name}`, depth + 1, onValue);
      skipBlanks();
      if (text[at] === '}') break;
      expectSign(',');
    }
    at++;
  };

  const readValue = (path: string, depth: number, onValue: JsonMember): void => {
    if (depth > deepestNesting) throw new NotJson();
    skipBlanks();
    if (text[at] === '{') {
      readObject(path, depth, onValue);
      onValue(path, '', 'composite');
    } else if (text[at] === '[') {
      readList(depth);
      onValue(path, '', 'composite');
    } else onValue(path, readSingle(), 'single');
  };

  try {
    skipBlanks();
    readObject('', 0, onMember);
    skipBlanks();
    return at === text.length;
  } catch (error) {
    if (error instanceof NotJson || error instanceof SyntaxError) return false;
    throw error;
  }
}
