import { BROKER_LIMITS } from './limits.ts';
import type { BrokerBatch } from './protocol.ts';

/** Topics remembered before the list is begun anew; a fleet of 10,000 units has some 50,000. */
const TOPIC_LIMIT = 200_000;

/**
 * Collects messages for the core and keeps what is to be called when they have been committed. A batch goes out when it is full
 * or when the current round of socket reads is over.
 */
export class HandOver {
  readonly #send: (batch: BrokerBatch) => void;
  readonly #defer: (run: () => void) => void;
  readonly #now: () => number;
  readonly #topics = new Map<string, number>();
  #newTopics: string[] = [];
  #reset = false;
  readonly #topic = new Uint32Array(BROKER_LIMITS.batchMessages);
  readonly #end = new Uint32Array(BROKER_LIMITS.batchMessages);
  readonly #flags = new Uint8Array(BROKER_LIMITS.batchMessages);
  readonly #payloads = new Uint8Array(BROKER_LIMITS.batchBytes);
  #bytes = 0;
  #count = 0;
  #waiting: (() => void)[] = [];
  #scheduled = false;
  #nextId = 1;
  readonly #open = new Map<number, { readonly bytes: number; readonly waiting: readonly (() => void)[] }>();
  messages = 0;
  pendingBytes = 0;

  constructor(options: { readonly send: (batch: BrokerBatch) => void; readonly defer: (run: () => void) => void; readonly now: () => number }) {
    this.#send = options.send;
    this.#defer = options.defer;
    this.#now = options.now;
  }

  /** Takes a message in; `done` is called after its commit, or at once for QoS 0 while little is pending. */
  add(topic: string, payload: Uint8Array, qos: number, retain: boolean, done: () => void): void {
    if (this.#bytes + payload.length > this.#payloads.length || this.#count === BROKER_LIMITS.batchMessages) this.flush();
    const i = this.#count++;
    this.#topic[i] = this.#topicId(topic);
    this.#payloads.set(payload, this.#bytes);
    this.#bytes += payload.length;
    this.#end[i] = this.#bytes;
    this.#flags[i] = qos | (retain ? 4 : 0);
    this.messages++;
    this.pendingBytes += payload.length;
    if (qos > 0 || this.pendingBytes > BROKER_LIMITS.pendingBytes) this.#waiting.push(done);
    else done();
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#defer(() => this.flush());
  }

  flush(): void {
    this.#scheduled = false;
    if (this.#count === 0) return;
    const id = this.#nextId++;
    const count = this.#count;
    this.#open.set(id, { bytes: this.#bytes, waiting: this.#waiting });
    this.#send({
      id,
      newTopics: this.#newTopics,
      reset: this.#reset,
      count,
      topic: this.#topic.slice(0, count),
      payloadEnd: this.#end.slice(0, count),
      flags: this.#flags.slice(0, count),
      receivedAt: this.#now(),
      payloads: this.#payloads.slice(0, this.#bytes),
    });
    this.#waiting = [];
    this.#newTopics = [];
    this.#reset = false;
    this.#count = 0;
    this.#bytes = 0;
  }

  acknowledge(batch: number): void {
    const open = this.#open.get(batch);
    if (!open) return;
    this.#open.delete(batch);
    this.pendingBytes -= open.bytes;
    for (const done of open.waiting) done();
  }

  #topicId(topic: string): number {
    const known = this.#topics.get(topic);
    if (known !== undefined) return known;
    if (this.#topics.size >= TOPIC_LIMIT && this.#count === 1) {
      this.#topics.clear();
      this.#newTopics = [];
      this.#reset = true;
    }
    const id = this.#topics.size;
    this.#topics.set(topic, id);
    this.#newTopics.push(topic);
    return id;
  }
}
