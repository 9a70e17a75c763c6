import type { SkipReason } from '../../ingest/receiver.ts';
import { PacketError } from './packet-error.ts';

/** Length of a topic (2 bytes) and of a message id. */
const FIELD = 2;

/**
 * A PUBLISH that is not taken: told by its fixed header, read past without keeping more of it than its topic and message id (at most
 * 64 kB), so that it can be named and acknowledged.
 */
export class SkippedPublish {
  readonly reason: SkipReason;
  readonly qos: 0 | 1 | 2;
  /** Of the packet, bytes. */
  readonly length: number;
  /** Bytes of its fixed header, which are not given to `take`. */
  readonly headerLength: number;
  #left: number;
  #head = new Uint8Array(64);
  #kept = 0;
  /** Bytes of `#head` once it is complete; grows when the topic's length is known. */
  #wanted = FIELD;

  /** `header` begins with the packet's fixed header (MQTT 3.1.1 and 5, 2.2), whole. */
  constructor(header: Uint8Array, length: number, reason: SkipReason) {
    this.reason = reason;
    this.length = length;
    const qos = ((header[0] as number) >>> 1) & 3;
    if (qos > 2) throw new PacketError('protocol error: a message with QoS 3');
    this.qos = qos as 0 | 1 | 2;
    let at = 1;
    while ((header[at] as number) > 127) at++;
    this.headerLength = at + 1;
    this.#left = length - this.headerLength;
    if (this.#left < FIELD) throw new PacketError('malformed PUBLISH packet');
  }

  get done(): boolean {
    return this.#left === 0;
  }

  /** Reads past the packet from `at` on; returns how many bytes were its. Throws PacketError. */
  take(bytes: Uint8Array, at: number): number {
    const taken = Math.min(this.#left, bytes.length - at);
    const end = at + taken;
    for (let from = at; from < end && this.#kept < this.#wanted; ) {
      const part = bytes.subarray(from, Math.min(end, from + this.#wanted - this.#kept));
      this.#head.set(part, this.#kept);
      this.#kept += part.length;
      from += part.length;
      if (this.#kept === this.#wanted && this.#wanted === FIELD) this.#measure();
    }
    this.#left -= taken;
    return taken;
  }

  /** Where the topic is in `head`. */
  get topic(): { readonly head: Uint8Array; readonly from: number; readonly to: number } {
    return { head: this.#head, from: FIELD, to: this.#wanted - (this.qos > 0 ? FIELD : 0) };
  }

  /** 0 with QoS 0. */
  get messageId(): number {
    return this.qos === 0 ? 0 : ((this.#head[this.#wanted - 2] as number) << 8) | (this.#head[this.#wanted - 1] as number);
  }

  #measure(): void {
    const topic = ((this.#head[0] as number) << 8) | (this.#head[1] as number);
    this.#wanted = FIELD + topic + (this.qos > 0 ? FIELD : 0);
    if (topic === 0 || this.#wanted > this.length - this.headerLength) throw new PacketError('malformed PUBLISH packet');
    if (this.#wanted > this.#head.length) {
      const head = new Uint8Array(this.#wanted);
      head.set(this.#head.subarray(0, FIELD));
      this.#head = head;
    }
  }
}
