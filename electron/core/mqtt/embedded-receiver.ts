import type { BrokerBatch, BrokerOptions } from '#electron/broker/protocol.ts';
import { Emitter } from '#shared/kernel/emitter.ts';
import { AppError } from '#shared/kernel/error.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import type { PublishOptions, Receiver, ReceiverSink, ReceiverState } from '../ingest/receiver.ts';
import { EmbeddedBroker } from './embedded-broker.ts';

export interface EmbeddedReceiverOptions {
  readonly entry: URL;
  readonly broker: BrokerOptions;
  readonly clock: Clock;
}

/** Messages of a batch whose acknowledgement is still to come, by batch. */
interface OpenBatch {
  left: number;
}

/**
 * Receives from the embedded broker's thread. The broker acknowledges a batch to its clients when all of its QoS 1 messages have been
 * acknowledged here. A token is the batch's number.
 */
export class EmbeddedReceiver implements Receiver {
  readonly kind = 'embedded';
  readonly onState = new Emitter<ReceiverState>();
  state: ReceiverState;
  broker: EmbeddedBroker | undefined;
  readonly #options: EmbeddedReceiverOptions;
  readonly #open = new Map<number, OpenBatch>();
  #topics: string[] = [];
  #sink: ReceiverSink | undefined;
  #paused: BrokerBatch[] | undefined;

  constructor(options: EmbeddedReceiverOptions) {
    this.#options = options;
    this.state = { state: 'connecting', since: options.clock.now(), address: `127.0.0.1:${options.broker.port}` };
  }

  async start(sink: ReceiverSink): Promise<void> {
    this.#sink = sink;
    const broker = await EmbeddedBroker.start(this.#options.entry, this.#options.broker);
    this.broker = broker;
    const host = this.#options.broker.lan ? '0.0.0.0' : '127.0.0.1';
    this.#become({ state: 'connected', since: this.#options.clock.now(), address: `${host}:${broker.port}` });
    broker.onFailure.on((error) => this.#become({ state: 'offline', since: this.#options.clock.now(), address: this.state.address, reason: error.message }));
    broker.receive((batch) => {
      if (this.#paused) this.#paused.push(batch);
      else this.#deliver(batch);
    });
  }

  acknowledge(tokens: ArrayLike<number>, count: number): void {
    const done: number[] = [];
    for (let i = 0; i < count; i++) {
      const batch = tokens[i] as number;
      const open = this.#open.get(batch);
      if (!open || --open.left > 0) continue;
      this.#open.delete(batch);
      done.push(batch);
    }
    if (done.length > 0) this.broker?.acknowledge(done);
  }

  pause(): void {
    this.#paused ??= [];
  }

  resume(): void {
    const held = this.#paused ?? [];
    this.#paused = undefined;
    for (const batch of held) {
      // The pipeline may pause again while it takes in what was held.
      if (this.#paused) (this.#paused as BrokerBatch[]).push(batch);
      else this.#deliver(batch);
    }
  }

  publish(topic: string, payload: Uint8Array, options: PublishOptions): Promise<void> {
    if (!this.broker) return Promise.reject(new AppError('unavailable', 'The embedded broker is not running.'));
    return this.broker.publish(topic, payload, options);
  }

  async stop(): Promise<void> {
    await this.broker?.stop();
    this.#become({ state: 'offline', since: this.#options.clock.now(), address: this.state.address });
  }

  #deliver(batch: BrokerBatch): void {
    if (batch.reset) this.#topics = [];
    for (const topic of batch.newTopics) this.#topics.push(topic);
    let acknowledgements = 0;
    for (let i = 0; i < batch.count; i++) if (((batch.flags[i] as number) & 3) > 0) acknowledgements++;
    if (acknowledgements > 0) this.#open.set(batch.id, { left: acknowledgements });
    let from = 0;
    for (let i = 0; i < batch.count; i++) {
      const to = batch.payloadEnd[i] as number;
      const token = ((batch.flags[i] as number) & 3) > 0 ? batch.id : 0;
      this.#sink?.message(this.#topics[batch.topic[i] as number] ?? '', batch.payloads.subarray(from, to), batch.receivedAt, 0, token);
      from = to;
    }
    // Nothing in it asks for an acknowledgement: it still has to be taken off the broker's account of pending bytes.
    if (acknowledgements === 0) this.broker?.acknowledge([batch.id]);
    this.#sink?.settled();
  }

  #become(state: ReceiverState): void {
    this.state = state;
    this.onState.emit(state);
  }
}
