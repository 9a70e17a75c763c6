import { Emitter } from '#shared/kernel/emitter.ts';
import { AppError } from '#shared/kernel/error.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import type { Receiver, ReceiverSink, ReceiverState, SkipReason } from './receiver.ts';

/** A receiver that is handed its messages: for replays and tests. Messages with QoS 1 are kept until they are acknowledged. */
export class DirectReceiver implements Receiver {
  readonly kind = 'external';
  readonly onState = new Emitter<ReceiverState>();
  state: ReceiverState;
  /** Tokens that have not been acknowledged. */
  readonly open = new Set<number>();
  readonly #clock: Clock;
  #sink: ReceiverSink | undefined;
  #nextToken = 1;
  #paused = false;
  #waiting: (() => void)[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
    this.state = { state: 'offline', since: clock.now(), address: 'direct' };
  }

  start(sink: ReceiverSink): Promise<void> {
    this.#sink = sink;
    this.#become('connected');
    return Promise.resolve();
  }

  /** Delivers a message; returns its token, 0 for QoS 0. */
  deliver(topic: string, payload: Uint8Array, options: { readonly qos?: 0 | 1; readonly receivedAt?: number; readonly delivery?: number } = {}): number {
    const token = options.qos === 1 ? this.#nextToken++ : 0;
    if (token > 0) this.open.add(token);
    this.#sink?.message(topic, payload, options.receivedAt ?? this.#clock.now(), options.delivery ?? 0, token);
    return token;
  }

  /** A message that a receiver reads past, with QoS 1; returns its token. */
  skip(topic: string, reason: SkipReason, length: number): number {
    const token = this.#nextToken++;
    this.open.add(token);
    this.#sink?.skipped(topic, reason, length, this.#clock.now(), token);
    return token;
  }

  settle(): void {
    this.#sink?.settled();
  }

  /** Resolves at once, or when the pipeline takes messages again. */
  ready(): Promise<void> {
    return this.#paused ? new Promise((resolve) => this.#waiting.push(resolve)) : Promise.resolve();
  }

  acknowledge(tokens: ArrayLike<number>, count: number): void {
    for (let i = 0; i < count; i++) this.open.delete(tokens[i] as number);
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  publish(): Promise<void> {
    return Promise.reject(new AppError('unavailable', 'There is no broker behind this.'));
  }

  stop(): Promise<void> {
    this.#become('offline');
    return Promise.resolve();
  }

  #become(state: ReceiverState['state']): void {
    this.state = { ...this.state, state, since: this.#clock.now() };
    this.onState.emit(this.state);
  }
}
