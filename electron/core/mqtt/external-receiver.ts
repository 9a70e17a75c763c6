import mqtt, { type IPublishPacket, type MqttClient } from 'mqtt';
import { DELIVERY } from '#shared/domain/telemetry/envelope/index.ts';
import { disposable, type Disposable } from '#shared/kernel/disposable.ts';
import { Emitter } from '#shared/kernel/emitter.ts';
import { AppError } from '#shared/kernel/error.ts';
import type { Clock, Rng, Scheduler } from '#shared/kernel/ports.ts';
import type { PublishOptions, Receiver, ReceiverSink, ReceiverState } from '../ingest/receiver.ts';
import { Attempts, reconnectDelay } from './back-off.ts';
import { addressOf, sessionOptions, type ExternalBroker } from './connect-options.ts';
import { connectionProblem } from './problems.ts';
import { BACKLOG_LIMIT, refusedText, subscriptionsOf } from './subscriptions.ts';

export interface ExternalReceiverOptions {
  readonly broker: ExternalBroker;
  /** Further topic filters, for units that speak other formats. */
  readonly extraFilters?: readonly string[];
  readonly clock: Clock;
  readonly rng: Rng;
  readonly scheduler: Scheduler;
  /** A session that stood for so long is tried again at once when it is lost, ms; default 5,000. */
  readonly steady?: number;
}

/** A token is the connection's number times this, plus the message id. */
const GENERATION = 65_536;

type Handled = (error?: Error) => void;

/** Ends mqtt.js' handling of a QoS 1 message without its PUBACK: `acknowledge` writes that after the commit. */
const WITHOUT_PUBACK = new Error('acknowledged later');

/** Receives from any MQTT broker through mqtt.js (3.1.1 and 5, TCP, TLS, WebSocket), with a session that outlives connections. */
export class ExternalReceiver implements Receiver {
  readonly kind = 'external';
  readonly onState = new Emitter<ReceiverState>();
  state: ReceiverState;
  readonly #options: ExternalReceiverOptions;
  readonly #filters: readonly string[];
  readonly #marker: string;
  #client: MqttClient | undefined;
  #generation = 0;
  readonly #attempts: Attempts;
  #delivery = 0;
  #backlog: Disposable | undefined;
  #paused: Handled[] | undefined;
  #problem: unknown;

  constructor(options: ExternalReceiverOptions) {
    const { broker } = options;
    this.#options = options;
    this.#attempts = new Attempts(options.clock, options.rng, options.steady);
    const { filters, marker } = subscriptionsOf(broker, options.extraFilters);
    this.#marker = marker;
    this.#filters = filters;
    this.state = { state: 'connecting', since: options.clock.now(), address: addressOf(broker.url) };
  }

  start(sink: ReceiverSink): Promise<void> {
    const { broker, rng, clock } = this.#options;
    const client = mqtt.connect(broker.url, { ...sessionOptions(broker), reconnectPeriod: reconnectDelay(0, rng), manualConnect: true });
    this.#client = client;
    let scheduled = false;
    const settle = (): void => {
      scheduled = false;
      sink.settled();
    };
    client.handleMessage = (packet: IPublishPacket, callback: Handled) => {
      if (packet.qos === 2) {
        // It comes where another program left a session with QoS 2 under this client id; mqtt.js would confirm it before it is committed.
        sink.skipped(packet.topic, 'qos-2', packet.length ?? packet.payload.length, clock.now(), 0);
      } else if (packet.topic === this.#marker) this.#endBacklog();
      else {
        const token = packet.qos > 0 ? this.#generation * GENERATION + (packet.messageId ?? 0) : 0;
        const delivery = packet.retain ? this.#delivery | DELIVERY.retained : this.#delivery;
        sink.message(packet.topic, packet.payload as Uint8Array, clock.now(), delivery, token);
        if (!scheduled) {
          scheduled = true;
          setImmediate(settle);
        }
        if (this.#paused) {
          this.#paused.push(packet.qos > 0 ? () => callback(WITHOUT_PUBACK) : callback);
          return;
        }
        if (packet.qos > 0) {
          callback(WITHOUT_PUBACK);
          return;
        }
      }
      callback();
    };
    client.on('connect', (connack) => this.#connected(client, connack.sessionPresent));
    client.on('reconnect', () => this.#become('connecting'));
    client.on('error', (error) => (this.#problem = error));
    // Before mqtt.js hears of it and arms its timer: the delay is that of this loss.
    client.prependListener('close', () => this.#closed(client));
    try {
      client.connect();
    } catch (error) {
      // A certificate or key that cannot be read: mqtt.js throws it, and is of no more use. Only other settings help.
      this.#client = undefined;
      this.#become('offline', connectionProblem(error, this.state.address));
    }
    return Promise.resolve();
  }

  acknowledge(tokens: ArrayLike<number>, count: number): void {
    const client = this.#client;
    if (!client?.connected || count === 0) return;
    const base = this.#generation * GENERATION;
    const packets = new Uint8Array(count * 4);
    let at = 0;
    for (let i = 0; i < count; i++) {
      const messageId = (tokens[i] as number) - base;
      if (messageId <= 0 || messageId >= GENERATION) continue;
      // PUBACK with remaining length 2 (MQTT 3.1.1, 3.4; in MQTT 5 that means success): all of a batch in one write.
      packets[at++] = 0x40;
      packets[at++] = 2;
      packets[at++] = messageId >>> 8;
      packets[at++] = messageId & 0xff;
    }
    if (at > 0) client.stream.write(packets.subarray(0, at));
  }

  pause(): void {
    this.#paused ??= [];
  }

  resume(): void {
    const held = this.#paused;
    this.#paused = undefined;
    for (const go of held ?? []) go();
  }

  publish(topic: string, payload: Uint8Array, options: PublishOptions): Promise<void> {
    const client = this.#client;
    if (!client?.connected) return Promise.reject(new AppError('unavailable', `There is no connection to ${this.state.address}.`));
    return new Promise((resolve, reject) => {
      client.publish(topic, Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength), options, (error) => {
        if (error) reject(new AppError('unavailable', connectionProblem(error, this.state.address)));
        else resolve();
      });
    });
  }

  async stop(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    this.#backlog?.dispose();
    if (client) await client.endAsync(true);
    this.#become('offline');
  }

  #connected(client: MqttClient, resumed: boolean): void {
    this.#generation++;
    this.#attempts.connected();
    this.#problem = undefined;
    this.#become('connected');
    this.#beginBacklog(client, resumed);
    client.subscribe([...this.#filters], { qos: 1 }, (error, granted) => {
      if (this.#client !== client || !client.connected) return;
      const refused = (granted ?? []).filter((entry) => entry.qos > 2 && entry.topic !== this.#marker);
      if (error && refused.length === 0 && !granted) this.#become('connected', 'The broker did not confirm the subscription.');
      else if (refused.length > 0) this.#become('connected', refusedText(refused.map((entry) => entry.topic)));
      if (resumed) client.publish(this.#marker, '', { qos: 1 });
    });
  }

  /** Messages of a resumed session are the broker's backlog until the marker, published behind them, comes back. */
  #beginBacklog(client: MqttClient, resumed: boolean): void {
    this.#endBacklog();
    if (!resumed || this.#client !== client) return;
    this.#delivery = DELIVERY.queued;
    const timer = this.#options.scheduler.after(BACKLOG_LIMIT, () => this.#endBacklog());
    this.#backlog = disposable(() => timer.dispose());
  }

  #endBacklog(): void {
    this.#delivery = 0;
    this.#backlog?.dispose();
    this.#backlog = undefined;
  }

  #closed(client: MqttClient): void {
    if (this.#client !== client) return;
    // Unacknowledged messages come again; those held back belong to a connection that is gone.
    this.#paused &&= [];
    client.options.reconnectPeriod = this.#attempts.next();
    const problem = this.#problem ?? new Error('connection closed');
    this.#become('offline', this.state.state === 'connected' && this.#problem === undefined ? `The connection to ${this.state.address} was lost.` : connectionProblem(problem, this.state.address));
  }

  #become(state: ReceiverState['state'], reason?: string): void {
    const since = state === this.state.state ? this.state.since : this.#options.clock.now();
    // While it tries again, what went wrong stays visible.
    const shown = reason ?? (state === 'connecting' ? this.state.reason : undefined);
    this.state = { state, since, address: this.state.address, ...(shown === undefined ? {} : { reason: shown }) };
    this.onState.emit(this.state);
  }
}
