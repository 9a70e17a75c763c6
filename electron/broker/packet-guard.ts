/**
 * Follows the packets of one connection by their fixed headers (MQTT 3.1.1, 2.2) and finds one that is longer than allowed
 * before its bytes are collected: the parser behind it keeps an incomplete packet, however long, in memory.
 */
export class PacketGuard {
  /** Largest remaining length; raised after the sign-in. */
  limit: number;
  /** Bytes of the current packet that are still to come. */
  #skip = 0;
  /** In a fixed header: bytes of it seen so far. */
  #header = 0;
  #length = 0;

  constructor(limit: number) {
    this.limit = limit;
  }

  /** Looks through the next bytes; false where a packet is too long or its length is malformed. */
  accepts(chunk: Uint8Array): boolean {
    let at = 0;
    while (at < chunk.length) {
      if (this.#skip > 0) {
        const step = Math.min(this.#skip, chunk.length - at);
        this.#skip -= step;
        at += step;
        continue;
      }
      const byte = chunk[at++] as number;
      if (this.#header === 0) {
        this.#header = 1;
        this.#length = 0;
        continue;
      }
      this.#length += (byte & 0x7f) * 128 ** (this.#header - 1);
      if (this.#length > this.limit) return false;
      if (byte < 0x80) {
        this.#skip = this.#length;
        this.#header = 0;
      } else if (++this.#header > 4) return false;
    }
    return true;
  }
}
