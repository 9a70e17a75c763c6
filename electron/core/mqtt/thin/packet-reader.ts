import type { SkipReason } from '../../ingest/receiver.ts';
import { PacketError } from './packet-error.ts';
import { SkippedPublish } from './skipped-publish.ts';
import { TopicCache } from './topic-cache.ts';

/** Who takes the packets a reader finds. Payloads and packets are only valid during the call. */
export interface PacketSink {
  /** A PUBLISH with QoS 0 or 1; `messageId` is 0 with QoS 0. */
  received(topic: string, payload: Uint8Array, qos: 0 | 1, retain: boolean, messageId: number): void;
  /** A PUBLISH that is not taken: too long, or with QoS 2. `length`: of the packet, bytes. All of it has been read past. */
  skipped(topic: string, reason: SkipReason, length: number, qos: 0 | 1 | 2, messageId: number): void;
  /** Any other packet, whole. */
  control(packet: Uint8Array): void;
}

const PUBLISH = 3;
/** Fixed header: type and flags, up to four bytes of length. */
const HEADER = 5;

/**
 * Cuts a byte stream into MQTT packets (3.1.1 and 5, section 2) and reads PUBLISH itself: it is all but a few of the packets, and a parser
 * made for it is several times as fast as a general one. A PUBLISH that is longer than `limit`, or comes with QoS 2, is known by its header and
 * read past without being kept; anything else that is longer is an error.
 * After `stop` nothing is delivered until `resume`, which goes on at the same packet.
 */
export class PacketReader {
  readonly #sink: PacketSink;
  readonly #limit: number;
  readonly #topics: TopicCache;
  #properties = false;
  /** A packet whose end has not come, and its length; 0: its header is not complete. */
  #carry = new Uint8Array(1024);
  #carried = 0;
  #needed = 0;
  /** A packet that is being read past. */
  #skip: SkippedPublish | undefined;
  #held: Uint8Array[] = [];
  #stopped = false;
  #busy = false;

  /** `limit`: longest packet, bytes. `topics` may outlive the reader. */
  constructor(sink: PacketSink, options: { readonly version: 4 | 5; readonly limit: number; readonly topics?: TopicCache }) {
    this.#sink = sink;
    this.#limit = options.limit;
    this.#topics = options.topics ?? new TopicCache();
    this.#properties = options.version === 5;
  }

  /** Takes the next bytes, which may be used otherwise afterwards. Throws PacketError. */
  push(chunk: Uint8Array): void {
    // Views on a Buffer are Buffers, which cost several times as much to make.
    if (this.#stopped) this.#held.push(new Uint8Array(chunk));
    else this.#consume(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength));
  }

  stop(): void {
    this.#stopped = true;
  }

  /** Goes on with what was held back. Throws PacketError. */
  resume(): void {
    this.#stopped = false;
    if (this.#busy) return;
    const held = this.#held;
    this.#held = [];
    for (let i = 0; i < held.length; i++) {
      if (this.#stopped) {
        this.#held.push(...held.slice(i));
        return;
      }
      this.#consume(held[i] as Uint8Array);
    }
  }

  #consume(chunk: Uint8Array): void {
    this.#busy = true;
    try {
      let at = 0;
      while (at < chunk.length) {
        if (this.#stopped) {
          this.#held.push(new Uint8Array(chunk.subarray(at)));
          return;
        }
        if (this.#skip) {
          at += this.#pass(this.#skip, chunk, at);
          continue;
        }
        if (this.#carried > 0) {
          at += this.#complete(chunk, at);
          continue;
        }
        const total = this.#lengthOf(chunk, at, chunk.length);
        const reason = total === 0 ? undefined : this.#reasonToSkip(chunk[at] as number, total);
        if (reason) {
          this.#skip = new SkippedPublish(chunk.subarray(at), total, reason);
          at += this.#skip.headerLength;
          continue;
        }
        if (total === 0 || at + total > chunk.length) {
          this.#keep(chunk, at, total);
          return;
        }
        this.#packet(chunk, at, at + total);
        at += total;
      }
    } finally {
      this.#busy = false;
    }
  }

  /** Length of the packet at `at`, header included; 0 where the header ends behind `end`. */
  #lengthOf(bytes: Uint8Array, at: number, end: number): number {
    let length = 0;
    for (let i = 1, scale = 1; at + i < end; i++, scale *= 128) {
      const byte = bytes[at + i] as number;
      length += (byte & 127) * scale;
      if (byte < 128) {
        const total = length + i + 1;
        if (total > this.#limit && (bytes[at] as number) >>> 4 !== PUBLISH) throw new PacketError(`packet of ${total} bytes, ${this.#limit} are allowed`);
        return total;
      }
      if (i === HEADER - 1) throw new PacketError('malformed packet: its length has no end');
    }
    return 0;
  }

  /** Why a packet is read past; undefined: it is taken. */
  #reasonToSkip(first: number, total: number): SkipReason | undefined {
    if (first >>> 4 !== PUBLISH) return undefined;
    return total > this.#limit ? 'too-large' : ((first >>> 1) & 3) === 2 ? 'qos-2' : undefined;
  }

  /** Reads past a packet; returns how many bytes of `chunk` from `at` on were its. */
  #pass(skip: SkippedPublish, chunk: Uint8Array, at: number): number {
    const taken = skip.take(chunk, at);
    if (!skip.done) return taken;
    this.#skip = undefined;
    const { head, from, to } = skip.topic;
    if (skip.qos > 0 && skip.messageId === 0) throw new PacketError('malformed PUBLISH packet');
    this.#sink.skipped(this.#topics.find(head, from, to), skip.reason, skip.length, skip.qos, skip.messageId);
    return taken;
  }

  #keep(chunk: Uint8Array, at: number, total: number): void {
    if (total > this.#carry.length) this.#carry = new Uint8Array(total);
    this.#carry.set(chunk.subarray(at));
    this.#carried = chunk.length - at;
    this.#needed = total;
  }

  /** Adds to the packet that has begun; returns how many bytes of `chunk` from `begin` on were its. */
  #complete(chunk: Uint8Array, begin: number): number {
    let at = begin;
    while (this.#needed === 0 && at < chunk.length) {
      this.#carry[this.#carried++] = chunk[at++] as number;
      this.#needed = this.#lengthOf(this.#carry, 0, this.#carried);
    }
    if (this.#needed === 0) return at - begin;
    // Only where its header was cut: a packet that is kept has been looked at.
    const reason = this.#reasonToSkip(this.#carry[0] as number, this.#needed);
    if (reason) {
      this.#skip = new SkippedPublish(this.#carry, this.#needed, reason);
      this.#carried = 0;
      this.#needed = 0;
      return at - begin;
    }
    if (this.#needed > this.#carry.length) {
      const carry = new Uint8Array(this.#needed);
      carry.set(this.#carry.subarray(0, this.#carried));
      this.#carry = carry;
    }
    const taken = Math.min(this.#needed - this.#carried, chunk.length - at);
    this.#carry.set(chunk.subarray(at, at + taken), this.#carried);
    this.#carried += taken;
    if (this.#carried === this.#needed) {
      const end = this.#needed;
      this.#carried = 0;
      this.#needed = 0;
      this.#packet(this.#carry, 0, end);
    }
    return at - begin + taken;
  }

  #packet(bytes: Uint8Array, from: number, end: number): void {
    const first = bytes[from] as number;
    if (first >>> 4 !== PUBLISH) {
      this.#sink.control(bytes.subarray(from, end));
      return;
    }
    const qos = (first >>> 1) & 3;
    if (qos > 1) throw new PacketError(`protocol error: a message with QoS ${qos}`);
    let at = from + 1;
    while ((bytes[at] as number) > 127) at++;
    at++;
    const topicAt = at + 2;
    at = topicAt + (((bytes[at] as number) << 8) | (bytes[at + 1] as number));
    let messageId = 0;
    if (qos > 0) {
      messageId = ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
      at += 2;
    }
    // Everything read so far lies before `at`; where that is behind the end, what was read is of no use.
    if (at > end || (qos > 0 && messageId === 0)) throw new PacketError('malformed PUBLISH packet');
    const topicEnd = qos > 0 ? at - 2 : at;
    if (topicEnd === topicAt) throw new PacketError('protocol error: a message without topic');
    if (this.#properties) at = skipProperties(bytes, at, end);
    this.#sink.received(this.#topics.find(bytes, topicAt, topicEnd), bytes.subarray(at, end), qos as 0 | 1, (first & 1) === 1, messageId);
  }
}

/** Where the properties of a PUBLISH end (MQTT 5, 3.3.2.3). None of them matters: topic aliases are not offered. */
function skipProperties(bytes: Uint8Array, from: number, end: number): number {
  let length = 0;
  let at = from;
  for (let scale = 1; ; scale *= 128) {
    if (at >= end || scale > 2_097_152) throw new PacketError('malformed properties of a PUBLISH packet');
    const byte = bytes[at++] as number;
    length += (byte & 127) * scale;
    if (byte < 128) break;
  }
  if (at + length > end) throw new PacketError('malformed properties of a PUBLISH packet');
  return at + length;
}
