import type { BitSpan } from '../dbc/bits.ts';
import type { DbcByteOrder, DbcSignal } from '../dbc/model.ts';

/** A loaded piece of the payload: `bits` bits from byte `offset`, in `order`, in the variable `name`. */
interface Word {
  readonly name: string;
  readonly offset: number;
  readonly bits: number;
  readonly order: DbcByteOrder;
}

interface Reservable {
  readonly signal: DbcSignal;
  readonly span: BitSpan;
}

/**
 * Chooses which words of the payload generated code loads, so that signals share them: 32-bit words at multiples of
 * four where a signal lies within one, else at the signal's own first byte; never beyond `bytes`. Inner blocks see the
 * words of outer ones.
 */
export class WordScope {
  readonly #bytes: number;
  readonly #words: Word[];
  #declarations: string[] = [];
  readonly #names: { next: number };

  constructor(bytes: number, words: readonly Word[] = [], names: { next: number } = { next: 0 }) {
    this.#bytes = bytes;
    this.#words = [...words];
    this.#names = names;
  }

  child(): WordScope {
    return new WordScope(this.#bytes, this.#words, this.#names);
  }

  /** Statements that load the words chosen since the last call. */
  takeDeclarations(): string[] {
    const declarations = this.#declarations;
    this.#declarations = [];
    return declarations;
  }

  /** Chooses the words of signals of several bytes first: signals within one byte can be taken from a word of either order. */
  reserve(signals: readonly Reservable[]): void {
    for (const { signal, span } of signals) {
      if (span.firstByte !== span.lastByte) this.integer(signal.byteOrder, span.first, signal.length, signal.signed);
    }
  }

  /** Source of the integer in `length` bits from `first` (see `BitSpan`): an int32, a uint32, or a double above 32 bits. */
  integer(order: DbcByteOrder, first: number, length: number, signed: boolean): string {
    const end = first + length;
    const intel = order === 'intel';
    if (length > 32) {
      const high = this.integer(order, intel ? first + 32 : first, length - 32, signed);
      const low = this.integer(order, intel ? first : end - 32, 32, false);
      return `(${high}) * 4294967296 + (${low})`;
    }
    const firstByte = first >> 3;
    const lastByte = (end - 1) >> 3;
    if (lastByte - firstByte > 3) {
      const high = this.integer(order, intel ? first + 24 : first, length - 24, signed);
      const low = this.integer(order, intel ? first : end - 24, 24, false);
      const both = `((${high}) << 24 | ${low})`;
      return !signed && length === 32 ? `(${both} >>> 0)` : both;
    }
    const word = this.#wordFor(order, firstByte, lastByte);
    return extract(word, shiftIn(word, order, first, end), length, signed);
  }

  #wordFor(order: DbcByteOrder, firstByte: number, lastByte: number): Word {
    const covers = (word: Word): boolean => word.offset <= firstByte && lastByte < word.offset + word.bits / 8;
    const single = firstByte === lastByte;
    const found = this.#words.find((word) => (single || word.order === order) && covers(word));
    if (found !== undefined) return found;
    const aligned = firstByte & ~3;
    const wanted = lastByte < aligned + 4 ? aligned : firstByte;
    const word = this.#load(order, Math.min(wanted, Math.max(0, this.#bytes - 4)));
    this.#words.push(word);
    return word;
  }

  #load(order: DbcByteOrder, offset: number): Word {
    const bits = Math.min(32, 8 * (this.#bytes - offset));
    const word: Word = { name: `w${this.#names.next++}`, offset, bits, order };
    const little = order === 'intel';
    const place = (more: number): string => (offset + more === 0 ? 'at' : `at + ${offset + more}`);
    const sources: Record<number, string> = {
      8: `view.getUint8(${place(0)})`,
      16: `view.getUint16(${place(0)}, ${String(little)})`,
      24: little ? `view.getUint16(${place(0)}, true) | view.getUint8(${place(2)}) << 16` : `view.getUint16(${place(0)}, false) << 8 | view.getUint8(${place(2)})`,
      32: `view.getInt32(${place(0)}, ${String(little)})`,
    };
    this.#declarations.push(`const ${word.name} = ${sources[bits] ?? ''};`);
    return word;
  }
}

/** Position of the signal's least significant bit in `word`. */
function shiftIn(word: Word, order: DbcByteOrder, first: number, end: number): number {
  if (word.order === order) return order === 'intel' ? first - 8 * word.offset : 8 * word.offset + word.bits - end;
  const byte = first >> 3;
  const inByte = order === 'intel' ? first & 7 : 7 - ((end - 1) & 7);
  return (word.order === 'intel' ? 8 * (byte - word.offset) : word.bits - 8 * (byte - word.offset + 1)) + inByte;
}

function extract({ name, bits }: Word, shift: number, length: number, signed: boolean): string {
  const top = 32 - shift - length;
  if (signed) {
    if (length === 32) return name;
    return top === 0 ? `${name} >> ${shift}` : `${name} << ${top} >> ${32 - length}`;
  }
  if (length === 32) return `${name} >>> 0`;
  if (shift + length === bits) return shift === 0 ? name : `${name} >>> ${shift}`;
  const mask = String(2 ** length - 1);
  return shift === 0 ? `${name} & ${mask}` : `${name} >>> ${shift} & ${mask}`;
}
