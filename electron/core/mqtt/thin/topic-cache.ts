/** Topics remembered; a fleet of 50,000 units has some 250,000. Beyond it the memory is begun anew. */
const LIMIT = 300_000;
/** Longer topics are refused by the pipeline and not worth keeping. */
const LONGEST = 256;
/** Places looked at for one topic: somebody who finds topics with the same hash slows down nobody but himself. */
const PROBES = 16;
const FIRST_SIZE = 4096;

/**
 * The text of a topic by its bytes. The same bytes give the same string object, which is what makes looking it up in a map cheap later on;
 * a topic that was seen before costs one pass over its bytes and no allocation.
 */
export class TopicCache {
  /** U+FEFF at the beginning of a topic is a part of it (MQTT 3.1.1 and 5, 1.5.3). */
  readonly #utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
  #count = 0;
  #texts: (string | undefined)[] = [];
  #hashes = new Int32Array(0);
  #starts = new Uint32Array(0);
  #lengths = new Uint16Array(0);
  /** Bytes of all remembered topics, one behind the other. */
  #pool = new Uint8Array(0);
  #poolEnd = 0;

  constructor() {
    this.#begin(FIRST_SIZE);
  }

  /** Topics remembered. */
  get size(): number {
    return this.#count;
  }

  /** The topic in `bytes` from `from` to `to`; what is not UTF-8 becomes U+FFFD. */
  find(bytes: Uint8Array, from: number, to: number): string {
    const length = to - from;
    if (length > LONGEST) return this.#utf8.decode(bytes.subarray(from, to));
    let hash = length;
    let i = from;
    // Four bytes a step: a multiplication has to wait for the one before.
    for (; i + 3 < to; i += 4) hash = Math.imul(hash ^ (bytes[i] as number) ^ ((bytes[i + 1] as number) << 8) ^ ((bytes[i + 2] as number) << 16) ^ ((bytes[i + 3] as number) << 24), 0x9e3779b1) ^ (hash >>> 15);
    for (; i < to; i++) hash = Math.imul(hash ^ (bytes[i] as number), 0x01000193);
    hash ^= hash >>> 15;
    const mask = this.#texts.length - 1;
    for (let probe = 0; probe < PROBES; probe++) {
      const at = (hash + probe) & mask;
      const text = this.#texts[at];
      if (text === undefined) return this.#add(at, hash, bytes, from, to);
      if (this.#hashes[at] === hash && this.#lengths[at] === length && this.#equals(this.#starts[at] as number, bytes, from, to)) return text;
    }
    return this.#utf8.decode(bytes.subarray(from, to));
  }

  #equals(start: number, bytes: Uint8Array, from: number, to: number): boolean {
    const pool = this.#pool;
    for (let i = from, k = start; i < to; i++, k++) if (pool[k] !== bytes[i]) return false;
    return true;
  }

  #add(at: number, hash: number, bytes: Uint8Array, from: number, to: number): string {
    const text = this.#utf8.decode(bytes.subarray(from, to));
    if (this.#count >= LIMIT) {
      this.#begin(FIRST_SIZE);
      return text;
    }
    const end = this.#poolEnd + to - from;
    if (end > this.#pool.length) {
      const pool = new Uint8Array(Math.max(end, this.#pool.length * 2));
      pool.set(this.#pool);
      this.#pool = pool;
    }
    this.#pool.set(bytes.subarray(from, to), this.#poolEnd);
    this.#texts[at] = text;
    this.#hashes[at] = hash;
    this.#starts[at] = this.#poolEnd;
    this.#lengths[at] = to - from;
    this.#poolEnd = end;
    // Half full at most, so that a topic is mostly found at its first place.
    if (++this.#count * 2 > this.#texts.length) this.#grow();
    return text;
  }

  #grow(): void {
    const texts = this.#texts;
    const hashes = this.#hashes;
    const starts = this.#starts;
    const lengths = this.#lengths;
    const size = texts.length * 2;
    this.#texts = new Array<string | undefined>(size).fill(undefined);
    this.#hashes = new Int32Array(size);
    this.#starts = new Uint32Array(size);
    this.#lengths = new Uint16Array(size);
    this.#count = 0;
    for (let i = 0; i < texts.length; i++) {
      const text = texts[i];
      if (text === undefined) continue;
      for (let probe = 0; probe < PROBES; probe++) {
        const at = ((hashes[i] as number) + probe) & (size - 1);
        if (this.#texts[at] !== undefined) continue;
        this.#texts[at] = text;
        this.#hashes[at] = hashes[i] as number;
        this.#starts[at] = starts[i] as number;
        this.#lengths[at] = lengths[i] as number;
        this.#count++;
        break;
      }
    }
  }

  #begin(size: number): void {
    this.#texts = new Array<string | undefined>(size).fill(undefined);
    this.#hashes = new Int32Array(size);
    this.#starts = new Uint32Array(size);
    this.#lengths = new Uint16Array(size);
    this.#pool = new Uint8Array(size * 32);
    this.#poolEnd = 0;
    this.#count = 0;
  }
}
