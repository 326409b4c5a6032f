/**
 * Receives the values of a JSON object: `name` is the path of members, joined by points, and `[]` after those whose value
 * is a list. Objects and lists come besides, as `composite`.
 */
export type JsonMember = (name: string, value: string, kind: 'text' | 'number' | 'boolean' | 'composite') => void;

/** Deepest nesting that is followed; what lies deeper makes the object broken. */
const deepestNesting = 64;

const SPACE = 32;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const COMMA = 0x2c;
const COLON = 0x3a;

const numberPattern = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const words = ['true', 'false', 'null'];
const ignore: JsonMember = () => undefined;

class NotJson extends Error {}

/**
 * Creates a reader of JSON objects (RFC 8259), one text each. It hands out their single values as text: numbers as they
 * are written, so that no digit of an order number is lost, null as ''. Members of objects have names like
 * `customer.email`, those of objects in lists like `refunds[].total`, once for each. The reader returns false where the
 * text is anything else than one object.
 */
export function createJsonReader(): (text: string, onMember: JsonMember) => boolean {
  let text = '';
  let at = 0;

  const skipBlanks = (): void => {
    for (let sign = text.charCodeAt(at); sign <= SPACE; sign = text.charCodeAt(++at)) {
      if (sign !== SPACE && sign !== 10 && sign !== 13 && sign !== 9) throw new NotJson();
    }
  };

  const expectSign = (sign: number): void => {
    if (text.charCodeAt(at) !== sign) throw new NotJson();
    at++;
  };

  const readString = (): string => {
    const from = at;
    expectSign(QUOTE);
    let isPlain = true;
    for (; ; at++) {
      const sign = text.charCodeAt(at);
      if (sign === QUOTE) break;
      if (Number.isNaN(sign)) throw new NotJson();
      if (sign === BACKSLASH) at++;
      if (sign === BACKSLASH || sign < SPACE) isPlain = false;
    }
    at++;
    if (isPlain) return text.slice(from + 1, at - 1);
    const value: unknown = JSON.parse(text.slice(from, at));
    return String(value);
  };

  const readNumber = (): string | null => {
    numberPattern.lastIndex = at;
    const number = numberPattern.exec(text)?.[0] ?? null;
    if (number !== null) at += number.length;
    return number;
  };

  const readWord = (): string => {
    const word = words.find((candidate) => text.startsWith(candidate, at));
    if (word === undefined) throw new NotJson();
    at += word.length;
    return word;
  };

  const readSingle = (path: string, onValue: JsonMember): void => {
    if (text.charCodeAt(at) === QUOTE) onValue(path, readString(), 'text');
    else {
      const number = readNumber();
      const word = number === null ? readWord() : '';
      if (number !== null) onValue(path, number, 'number');
      else if (word === 'null') onValue(path, '', 'text');
      else onValue(path, word, 'boolean');
    }
  };

  /** True when a further element or member follows, false at the closing sign. */
  const goesOn = (close: number): boolean => {
    skipBlanks();
    const sign = text.charCodeAt(at++);
    if (sign !== COMMA && sign !== close) throw new NotJson();
    return sign === COMMA;
  };

  /** True for an empty list or object, whose closing sign is passed. */
  const isEmpty = (close: number): boolean => {
    skipBlanks();
    if (text.charCodeAt(at) !== close) return false;
    at++;
    return true;
  };

  const readList = (path: string, depth: number, onValue: JsonMember): void => {
    expectSign(OPEN_LIST);
    if (isEmpty(CLOSE_LIST)) return;
    do {
      skipBlanks();
      readValue(path, depth + 1, text.charCodeAt(at) === OPEN ? onValue : ignore);
    } while (goesOn(CLOSE_LIST));
  };

  const readObject = (path: string, depth: number, onValue: JsonMember): void => {
    expectSign(OPEN);
    if (isEmpty(CLOSE)) return;
    do {
      skipBlanks();
      const name = readString();
      skipBlanks();
      expectSign(COLON);
      readValue(path === '' ? name : `${path}.${name}`, depth + 1, onValue);
    } while (goesOn(CLOSE));
  };

  const readValue = (path: string, depth: number, onValue: JsonMember): void => {
    if (depth > deepestNesting) throw new NotJson();
    skipBlanks();
    const sign = text.charCodeAt(at);
    if (sign === OPEN) {
      readObject(path, depth, onValue);
      onValue(path, '', 'composite');
    } else if (sign === OPEN_LIST) {
      readList(`${path}[]`, depth, onValue);
      onValue(path, '', 'composite');
    } else readSingle(path, onValue);
  };

  return (given, onMember) => {
    text = given;
    at = 0;
    try {
      skipBlanks();
      readObject('', 0, onMember);
      skipBlanks();
      return at === text.length;
    } catch (error) {
      if (error instanceof NotJson || error instanceof SyntaxError) return false;
      throw error;
    }
  };
}
