import { DELIVERY } from '#shared/domain/telemetry/envelope/index.ts';
import type { Disposable } from '#shared/kernel/disposable.ts';
import { Emitter } from '#shared/kernel/emitter.ts';
import { AppError } from '#shared/kernel/error.ts';
import type { PublishOptions, Receiver, ReceiverSink, ReceiverState, SkipReason } from '../../ingest/receiver.ts';
import { Attempts } from '../back-off.ts';
import { addressOf, BROKER_SESSION } from '../connect-options.ts';
import type { ExternalReceiverOptions } from '../external-receiver.ts';
import { connectionProblem } from '../problems.ts';
import { refusedText, subscriptionsOf, BACKLOG_LIMIT } from '../subscriptions.ts';
import { createPacketCodec, type PacketCodec } from './codec.ts';
import { PacketReader, type PacketSink } from './packet-reader.ts';
import { MqttSession, SessionEnded, type SessionEffect } from './session.ts';
import { TopicCache } from './topic-cache.ts';
import { openTransport, type Transport } from './transport.ts';

/** A token is the connection's number times this, plus the message id. */
const GENERATION = 65_536;
/** Longest packet that is taken, bytes: a payload of 256 kB with its topic and properties. Longer messages are read past. */
const PACKET_BYTES = 272 * 1024;
const TICK = 1000;
/** Bytes that wait to be written at most; a broker that takes nothing any more is left. */
const PENDING_LIMIT = 4 * 1024 * 1024;

interface Waiting {
  resolve(): void;
  reject(error: AppError): void;
}

/**
 * Receives from any MQTT broker (3.1.1 and 5; TCP, TLS, WebSocket) with as little as possible between the socket and the pipeline: payloads
 * are handed on where they were read, topics are strings that are made once, and the acknowledgements of a batch leave in one write.
 */
export class ThinReceiver implements Receiver, PacketSink {
  readonly kind = 'external';
  readonly onState = new Emitter<ReceiverState>();
  state: ReceiverState;
  readonly #options: ExternalReceiverOptions;
  readonly #marker: string;
  readonly #session: MqttSession;
  readonly #topics = new TopicCache();
  readonly #waiting = new Map<number, Waiting>();
  #sink: ReceiverSink | undefined;
  #transport: Transport | undefined;
  #reader: PacketReader | undefined;
  #codec: PacketCodec;
  #ticking: Disposable | undefined;
  #retry: Disposable | undefined;
  #generation = 0;
  readonly #attempts: Attempts;
  #delivery = 0;
  #receivedAt = 0;
  #backlog: Disposable | undefined;
  #paused = false;
  #problem: Error | undefined;

  constructor(options: ExternalReceiverOptions) {
    const { broker } = options;
    this.#options = options;
    this.#attempts = new Attempts(options.clock, options.rng, options.steady);
    const { filters, marker } = subscriptionsOf(broker, options.extraFilters);
    this.#marker = marker;
    this.#codec = createPacketCodec(broker.protocolVersion);
    this.#session = new MqttSession({ version: broker.protocolVersion, clientId: broker.clientId, filters, packetBytes: PACKET_BYTES, ...BROKER_SESSION, ...(broker.username === undefined ? {} : { username: broker.username }), ...(broker.password === undefined ? {} : { password: broker.password }) });
    this.state = { state: 'connecting', since: options.clock.now(), address: addressOf(broker.url) };
  }

  start(sink: ReceiverSink): Promise<void> {
    this.#sink = sink;
    this.#ticking = this.#options.scheduler.every(TICK, () => this.#tick());
    this.#connect();
    return Promise.resolve();
  }

  acknowledge(tokens: ArrayLike<number>, count: number): void {
    const transport = this.#transport;
    if (!transport || !this.#session.up || count === 0) return;
    const base = this.#generation * GENERATION;
    const packets = Buffer.allocUnsafe(count * 4);
    let at = 0;
    for (let i = 0; i < count; i++) {
      const messageId = (tokens[i] as number) - base;
      if (messageId <= 0 || messageId >= GENERATION) continue;
      // PUBACK with remaining length 2 (MQTT 3.1.1, 3.4; in MQTT 5 that means success).
      packets[at++] = 0x40;
      packets[at++] = 2;
      packets[at++] = messageId >>> 8;
      packets[at++] = messageId & 0xff;
    }
    if (at === 0) return;
    transport.write(packets.subarray(0, at));
    this.#session.wrote(this.#options.clock.monotonic());
  }

  pause(): void {
    this.#paused = true;
    // The handshake has to be read.
    if (!this.#session.up) return;
    this.#reader?.stop();
    this.#transport?.pause();
  }

  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#read(() => this.#reader?.resume());
    // What was held may have been enough for another pause.
    if (!this.#isPaused()) this.#transport?.resume();
  }

  publish(topic: string, payload: Uint8Array, options: PublishOptions): Promise<void> {
    const published = this.#session.publish(topic, Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength), options, this.#options.clock.monotonic());
    if (!published) return Promise.reject(new AppError('unavailable', this.#session.up ? `The broker at ${this.state.address} takes no more messages now.` : `There is no connection to ${this.state.address}.`));
    this.#apply(published.effects);
    if (published.id === 0) return Promise.resolve();
    return new Promise((resolve, reject) => this.#waiting.set(published.id, { resolve, reject }));
  }

  stop(): Promise<void> {
    this.#ticking?.dispose();
    this.#retry?.dispose();
    this.#endBacklog();
    const transport = this.#transport;
    this.#transport = undefined;
    this.#sink = undefined;
    if (transport && this.#session.up) transport.write(this.#codec.encode({ cmd: 'disconnect' }));
    this.#apply(this.#session.closed(new Error('stopped')));
    transport?.destroy();
    this.#become('offline');
    return Promise.resolve();
  }

  // PacketSink: what the reader finds.

  received(topic: string, payload: Uint8Array, qos: 0 | 1, retain: boolean, messageId: number): void {
    if (topic === this.#marker) {
      this.#endBacklog();
      if (qos > 0) this.acknowledge([this.#generation * GENERATION + messageId], 1);
      return;
    }
    const token = qos > 0 ? this.#generation * GENERATION + messageId : 0;
    this.#sink?.message(topic, payload, this.#receivedAt, retain ? this.#delivery | DELIVERY.retained : this.#delivery, token);
  }

  skipped(topic: string, reason: SkipReason, length: number, qos: 0 | 1 | 2, messageId: number): void {
    const token = qos === 1 ? this.#generation * GENERATION + messageId : 0;
    if (qos === 2) this.#apply(this.#session.exactlyOnce(messageId, this.#options.clock.monotonic()));
    this.#sink?.skipped(topic, reason, length, this.#receivedAt, token);
  }

  control(packet: Uint8Array): void {
    this.#apply(this.#session.packet(this.#codec.decode(packet), this.#options.clock.monotonic()));
  }

  #connect(): void {
    const { broker, clock } = this.#options;
    if (this.#attempts.failed) this.#become('connecting');
    this.#problem = undefined;
    this.#codec = createPacketCodec(broker.protocolVersion);
    this.#reader = new PacketReader(this, { version: broker.protocolVersion, limit: PACKET_BYTES, topics: this.#topics });
    let mine: Transport | undefined;
    const current = (): boolean => mine !== undefined && this.#transport === mine;
    try {
      mine = openTransport(broker, {
        opened: () => {
          if (!current()) return;
          this.#generation++;
          this.#apply(this.#session.opened(clock.monotonic()));
        },
        data: (bytes) => {
          if (current()) this.#read(() => this.#reader?.push(bytes));
        },
        closed: (error) => {
          if (current()) this.#closed(error);
        },
      });
      this.#transport = mine;
    } catch (error) {
      this.#closed(error instanceof Error ? error : new Error(String(error)));
    }
  }

  /** Lets the reader work; what it cannot make sense of ends the connection. */
  #read(work: () => void): void {
    const { clock } = this.#options;
    this.#receivedAt = clock.now();
    this.#session.heard(clock.monotonic());
    try {
      work();
    } catch (error) {
      this.#leave(error instanceof Error ? error : new Error(String(error)));
    }
    this.#sink?.settled();
  }

  #apply(effects: readonly SessionEffect[]): void {
    for (const effect of effects) {
      switch (effect.do) {
        case 'send':
          this.#transport?.write(this.#codec.encode(effect.packet));
          break;
        case 'close':
          this.#leave(effect.error);
          break;
        case 'connected':
          this.#attempts.connected();
          this.#become('connected');
          this.#beginBacklog(effect.resumed);
          if (this.#paused) this.pause();
          break;
        case 'subscribed':
          this.#subscribed(effect.refused);
          break;
        case 'published': {
          const waiting = this.#waiting.get(effect.id);
          this.#waiting.delete(effect.id);
          if (effect.error) waiting?.reject(new AppError('unavailable', connectionProblem(effect.error, this.state.address)));
          else waiting?.resolve();
          break;
        }
      }
    }
  }

  #subscribed(refused: readonly string[]): void {
    const missing = refused.filter((filter) => filter !== this.#marker);
    if (missing.length > 0) this.#become('connected', refusedText(missing));
    if (this.#backlog) this.publish(this.#marker, new Uint8Array(), { qos: 1, retain: false }).catch(() => undefined);
  }

  /** Messages of a resumed session are the broker's backlog until the marker, published behind them, comes back. */
  #beginBacklog(resumed: boolean): void {
    this.#endBacklog();
    if (!resumed) return;
    this.#delivery = DELIVERY.queued;
    this.#backlog = this.#options.scheduler.after(BACKLOG_LIMIT, () => this.#endBacklog());
  }

  #endBacklog(): void {
    this.#delivery = 0;
    this.#backlog?.dispose();
    this.#backlog = undefined;
  }

  #tick(): void {
    const transport = this.#transport;
    if (!transport) return;
    if (transport.pending > PENDING_LIMIT) this.#leave(new Error('no answer: the broker takes nothing any more'));
    else this.#apply(this.#session.tick(this.#options.clock.monotonic(), !this.#paused));
  }

  /** Ends the connection for this reason; trying again follows. */
  #leave(error: Error): void {
    this.#problem ??= error;
    this.#reader?.stop();
    this.#transport?.destroy();
  }

  #closed(error: Error | undefined): void {
    const { scheduler } = this.#options;
    const problem = this.#problem ?? error;
    const wasUp = this.#session.up;
    this.#transport = undefined;
    this.#reader = undefined;
    this.#endBacklog();
    this.#apply(this.#session.closed(problem ?? new Error('connection closed')));
    this.#become('offline', this.#reason(problem, wasUp));
    this.#retry = scheduler.after(this.#attempts.next(), () => this.#connect());
  }

  #reason(problem: Error | undefined, wasUp: boolean): string {
    const { address } = this.state;
    if (problem instanceof SessionEnded) return problem.message;
    if (wasUp && problem === undefined) return `The connection to ${address} was lost.`;
    return connectionProblem(problem ?? new Error('connection closed'), address);
  }

  #isPaused(): boolean {
    return this.#paused;
  }

  #become(state: ReceiverState['state'], reason?: string): void {
    const since = state === this.state.state ? this.state.since : this.#options.clock.now();
    // While it tries again, what went wrong stays visible.
    const shown = reason ?? (state === 'connecting' ? this.state.reason : undefined);
    this.state = { state, since, address: this.state.address, ...(shown === undefined ? {} : { reason: shown }) };
    this.onState.emit(this.state);
  }
}
