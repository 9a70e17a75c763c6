import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import type { Disposable } from '#shared/kernel/disposable.ts';
import type { Rng, Scheduler } from '#shared/kernel/ports.ts';
import type { Outgoing } from '../unit/unit.ts';

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

export interface TlsOptions {
  /** PEM of the authority the broker's certificate must come from; the system's authorities where undefined. */
  readonly ca?: string;
  /** PEM of a client certificate and of its private key. */
  readonly cert?: string;
  readonly key?: string;
  readonly passphrase?: string;
  readonly rejectUnauthorized?: boolean;
}

export interface SessionOptions {
  readonly url: string;
  readonly clientId: string;
  readonly credentials: Credentials | undefined;
  readonly tls: TlsOptions | undefined;
  /** A unit's session outlives its connection; that of a gateway does not. */
  readonly clean: boolean;
  /** Subscribed with QoS 1 before the session counts as up. */
  readonly subscription: string;
  /** Messages on their way at most; see `ready`. */
  readonly window: number;
  readonly will: (() => { readonly topic: string; readonly message: Outgoing }) | undefined;
  readonly scheduler: Scheduler;
  readonly rng: Rng;
  readonly onUp: () => void;
  readonly onDown: (reason: string | undefined) => void;
  readonly onMessage: (topic: string, payload: Uint8Array) => void;
  /** A message was on its way when the connection broke: nobody knows whether it arrived. */
  readonly onReturned: (topic: string, message: Outgoing) => void;
}

/** One MQTT session that reconnects by itself: after 1 s, then twice as long each time up to 60 s, with half of it random. */
export interface Session {
  /** Connects now and keeps trying. Throws where the address is none mqtt.js knows. */
  open(): void;
  /** Breaks the connection as a lost network does (the broker publishes the will), and stays off until `open`. */
  cut(): void;
  /** True while another message may be given. */
  ready(): boolean;
  publish(topic: string, message: Outgoing): void;
  readonly up: boolean;
}

const FIRST_RETRY = 1000;
const LAST_RETRY = 60_000;

/** What went wrong, in words a person can act on. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code } = error as { code?: unknown };
  switch (code) {
    case 'ECONNREFUSED':
      return 'Nothing answers at this address and port.';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'The host name is not known.';
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return 'The host cannot be reached.';
    case 4:
    case 5:
    case 134:
    case 135:
      return 'The broker refuses this user name or password.';
    default:
      return error.message === '' ? String(code ?? error.name) : error.message;
  }
}

export function createSession(options: SessionOptions): Session {
  const inFlight = new Map<Outgoing, string>();
  let client: MqttClient | undefined;
  let wanted = false;
  let up = false;
  let attempts = 0;
  let retry: Disposable | undefined;

  const down = (reason: string | undefined): void => {
    const was = up;
    up = false;
    const lost = [...inFlight];
    inFlight.clear();
    if (was || reason !== undefined) options.onDown(reason);
    for (const [message, topic] of lost) options.onReturned(topic, message);
  };

  const retryLater = (): void => {
    if (!wanted) return;
    const pause = Math.min(LAST_RETRY, FIRST_RETRY * 2 ** attempts) * (0.5 + 0.5 * options.rng.next());
    attempts += 1;
    retry = options.scheduler.after(pause, connect);
  };

  const connect = (): void => {
    const will = options.will?.();
    const settings: IClientOptions = {
      clientId: options.clientId,
      clean: options.clean,
      // Retries are ours: mqtt.js has no jitter, and ten thousand units must not come back in the same second.
      reconnectPeriod: 0,
      connectTimeout: 10_000,
      keepalive: 60,
      queueQoSZero: false,
      ...(options.credentials === undefined ? {} : options.credentials),
      ...(options.tls === undefined ? {} : options.tls),
      ...(will === undefined ? {} : { will: { topic: will.topic, payload: Buffer.from(will.message.payload), qos: 1 as const, retain: true } }),
    };
    const mine = mqtt.connect(options.url, settings);
    client = mine;
    let reason: string | undefined;
    mine.on('error', (error) => (reason = reasonOf(error)));
    mine.on('connect', () => {
      mine.subscribe(options.subscription, { qos: 1 }, (error) => {
        if (client !== mine || !mine.connected) return;
        if (error) {
          reason = `Commands cannot be subscribed to: ${reasonOf(error)}`;
          mine.stream.destroy();
          return;
        }
        attempts = 0;
        up = true;
        options.onUp();
      });
    });
    mine.on('message', (topic, payload) => options.onMessage(topic, payload));
    mine.on('close', () => {
      if (client !== mine) return;
      client = undefined;
      mine.end(true);
      down(reason);
      retryLater();
    });
  };

  return {
    open() {
      if (wanted) return;
      wanted = true;
      connect();
    },
    cut() {
      wanted = false;
      attempts = 0;
      retry?.dispose();
      retry = undefined;
      const mine = client;
      client = undefined;
      if (mine !== undefined) {
        mine.stream.destroy();
        mine.end(true);
      }
      down(undefined);
    },
    ready: () => up && inFlight.size < options.window,
    publish(topic, message) {
      const mine = client;
      if (mine === undefined || !up) {
        options.onReturned(topic, message);
        return;
      }
      inFlight.set(message, topic);
      mine.publish(topic, Buffer.from(message.payload.buffer, message.payload.byteOffset, message.payload.byteLength), { qos: message.qos, retain: message.retain }, (error) => {
        if (client !== mine) return;
        if (inFlight.delete(message) && error) options.onReturned(topic, message);
      });
    },
    get up() {
      return up;
    },
  };
}
