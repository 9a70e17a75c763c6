import { LineIndex } from './text.ts';

const isSpace = (code: number): boolean => code === 32 || (code >= 9 && code <= 13) || code === 0x1a || code === 0xa0 || code === 0xfeff;
const isDigit = (code: number): boolean => code >= 48 && code <= 57;
const isLetter = (code: number): boolean => (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95 || code >= 0xc0;
/** Beyond C identifiers: characters that real files have in names and that mean nothing else there. */
const isWordPart = (code: number): boolean => isLetter(code) || isDigit(code) || code === 45 || code === 46 || code === 36;

const QUOTE = 34;
const BACKSLASH = 92;
const SLASH = 47;

/**
 * Reads tokens of a DBC text. A token that is not there is a failure: it is remembered with its position, and every
 * later read returns a neutral value without moving, so that a statement is read in one go and checked once.
 */
export class Scanner {
  readonly text: string;
  readonly lines: LineIndex;
  position = 0;
  /** What was expected where, of the first failure since `recover`. */
  failure: { readonly position: number; readonly expected: string } | undefined;
  /** A string opened here or later has no closing quote: keeps the search for it linear over the whole file. */
  #unclosedFrom = Number.POSITIVE_INFINITY;

  constructor(text: string) {
    this.text = text;
    this.lines = new LineIndex(text);
  }

  /** Forgets the failure and goes on at `position`. */
  recover(position: number): void {
    this.failure = undefined;
    this.position = Math.min(position, this.text.length);
  }

  /** Line of the next token, from 1. */
  line(): number {
    this.skipSpace();
    return this.lines.lineAt(this.position);
  }

  atEnd(): boolean {
    this.skipSpace();
    return this.position >= this.text.length;
  }

  fail(expected: string): void {
    this.failure ??= { position: this.position, expected };
  }

  /** Skips white space and comments from `//` to the end of the line. */
  skipSpace(): void {
    const { text } = this;
    let i = this.position;
    for (;;) {
      const code = text.charCodeAt(i);
      if (isSpace(code)) i++;
      else if (code === SLASH && text.charCodeAt(i + 1) === SLASH) {
        while (i < text.length && text.charCodeAt(i) !== 10 && text.charCodeAt(i) !== 13) i++;
      } else break;
    }
    this.position = i;
  }

  /** True when the next token is the first on its line, or the text ends. */
  atLineEnd(): boolean {
    this.skipSpace();
    let i = this.position - 1;
    if (this.position >= this.text.length) return true;
    while (i >= 0 && (this.text.charCodeAt(i) === 32 || this.text.charCodeAt(i) === 9)) i--;
    const code = i < 0 ? 10 : this.text.charCodeAt(i);
    return code === 10 || code === 13;
  }

  /** The next character without taking it; '' at the end. */
  peek(): string {
    this.skipSpace();
    return this.text.charAt(this.position);
  }

  /** Takes `mark` when it comes next. */
  accept(mark: string): boolean {
    if (this.failure !== undefined || this.peek() !== mark) return false;
    this.position++;
    return true;
  }

  expect(mark: string): void {
    if (!this.accept(mark)) this.fail(`"${mark}"`);
  }

  /** The next word without taking it; '' where none is. */
  peekWord(): string {
    this.skipSpace();
    const from = this.position;
    let to = from;
    while (isWordPart(this.text.charCodeAt(to))) to++;
    return this.text.slice(from, to);
  }

  /** Takes a name: letters, digits, underscore, and leniently - . $ and letters beyond ASCII. */
  word(expected: string): string {
    if (this.failure !== undefined) return '';
    const word = this.peekWord();
    if (word === '') this.fail(expected);
    this.position += word.length;
    return word;
  }

  /** Takes a decimal number, exponents in either case; `inf` and `nan` in the spellings that C libraries print. */
  number(expected: string): number {
    if (this.failure !== undefined) return 0;
    this.skipSpace();
    const { text } = this;
    const from = this.position;
    let i = from;
    const sign = text.charCodeAt(i);
    if (sign === 43 || sign === 45) i++;
    const digits = i;
    while (isDigit(text.charCodeAt(i))) i++;
    let count = i - digits;
    if (text.charCodeAt(i) === 46) {
      const fraction = ++i;
      while (isDigit(text.charCodeAt(i))) i++;
      count += i - fraction;
    }
    if (count === 0) return this.#unusualNumber(expected, from);
    if (text.charCodeAt(i) === 35) return this.#unusualNumber(expected, from);
    const exponent = text.charCodeAt(i);
    if (exponent === 69 || exponent === 101) {
      let j = i + 1;
      const exponentSign = text.charCodeAt(j);
      if (exponentSign === 43 || exponentSign === 45) j++;
      if (isDigit(text.charCodeAt(j))) {
        while (isDigit(text.charCodeAt(j))) j++;
        i = j;
      }
    }
    this.position = i;
    return Number(text.slice(from, i));
  }

  #unusualNumber(expected: string, from: number): number {
    const match = /^([-+]?)(?:1\.#)?(inf(?:inity)?|nan|ind|qnan)\d*/i.exec(this.text.slice(from, from + 24));
    if (match === null) {
      this.fail(expected);
      return 0;
    }
    this.position = from + match[0].length;
    if (!/^inf/i.test(match[2] ?? '')) return Number.NaN;
    return match[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  }

  /** Takes a quoted string, which may span lines; \" stands for a quote. */
  string(expected: string): string {
    if (this.failure !== undefined) return '';
    if (this.peek() !== '"') {
      this.fail(expected);
      return '';
    }
    const { text } = this;
    const from = this.position + 1;
    if (from > this.#unclosedFrom) {
      this.fail('a closing quote');
      return '';
    }
    let escaped = false;
    let i = from;
    for (; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code === QUOTE) break;
      if (code === BACKSLASH && text.charCodeAt(i + 1) === QUOTE) {
        escaped = true;
        i++;
      }
    }
    if (i >= text.length) {
      this.#unclosedFrom = from;
      this.fail('a closing quote');
      return '';
    }
    this.position = i + 1;
    const raw = text.slice(from, i);
    return escaped ? raw.replaceAll('\\"', '"') : raw;
  }
}
