/** A line longer than this is no line of a CAN log. */
const MAXIMUM_LINE = 4096;
/** That of UTF-8, read byte by byte. */
const BYTE_ORDER_MARK = '\u00ef\u00bb\u00bf';

/** Splits bytes, in pieces of any size, into lines (LF, CR LF). Characters are bytes: no format needs more than ASCII. */
export class LineSplitter {
  readonly #onLine: (line: string) => void;
  readonly #decoder = new TextDecoder('latin1');
  #rest = '';
  #first = true;

  /** `onLine` gets each line without its end; a line over 4,096 characters is cut there. */
  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  push(chunk: Uint8Array): void {
    const text = this.#decoder.decode(chunk);
    let from = 0;
    for (let to = text.indexOf('\n'); to >= 0; to = text.indexOf('\n', from)) {
      this.#emit(this.#rest + text.slice(from, Math.min(to, from + MAXIMUM_LINE)));
      this.#rest = '';
      from = to + 1;
    }
    if (this.#rest.length < MAXIMUM_LINE) this.#rest += text.slice(from, from + MAXIMUM_LINE - this.#rest.length);
  }

  /** The last line, where it has no end. */
  end(): void {
    const rest = this.#rest;
    this.#rest = '';
    if (rest !== '') this.#emit(rest);
  }

  #emit(line: string): void {
    const from = this.#first && line.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
    this.#first = false;
    this.#onLine(line.slice(from, line.endsWith('\r') ? -1 : undefined));
  }
}
