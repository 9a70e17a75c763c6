import type { IConnackPacket, IPublishPacket, Packet } from 'mqtt-packet';
import { assertNever } from '#shared/kernel/assert-never.ts';
import { PacketError } from './packet-error.ts';

export interface SessionSettings {
  readonly version: 4 | 5;
  readonly clientId: string;
  readonly username?: string;
  readonly password?: string;
  readonly filters: readonly string[];
  /** What the broker is told of it, s. */
  readonly keepalive: number;
  /** How long the broker keeps the session of a console that is away, s (MQTT 5). */
  readonly sessionExpiry: number;
  /** Unacknowledged messages the broker may have on the way (MQTT 5). */
  readonly receiveMaximum: number;
  /** Longest packet the broker may send, bytes (MQTT 5). */
  readonly packetBytes: number;
}

/** What is to be done; carried out in this order. */
export type SessionEffect =
  | { readonly do: 'send'; readonly packet: Packet }
  | { readonly do: 'close'; readonly error: Error }
  | { readonly do: 'connected'; readonly resumed: boolean }
  /** Filters the broker does not grant. */
  | { readonly do: 'subscribed'; readonly refused: readonly string[] }
  | { readonly do: 'published'; readonly id: number; readonly error?: Error };

/** A broker that takes the connection has to answer within this, ms. */
const GREETING_LIMIT = 10_000;
/** Silence before the broker is asked whether it is there, ms; and how long its answer may take. */
const QUIET = 15_000;
const ANSWER_LIMIT = 10_000;
/** QoS 1 messages of ours on their way at most. */
const OUTGOING_LIMIT = 1000;
const MESSAGE_IDS = 65_535;
/** Answers of an MQTT 5 broker from here on are refusals. */
const REFUSAL = 0x80;

type Phase = 'closed' | 'greeting' | 'up';

/**
 * One MQTT session, 3.1.1 or 5, as a state machine: packets and instants go in, effects come out. Subscribes to its filters after every
 * connection. Times are ms of a clock that never goes back. What is received with QoS 1 and acknowledged does not pass through here.
 */
export class MqttSession {
  readonly #settings: SessionSettings;
  #phase: Phase = 'closed';
  #since = 0;
  #heardAt = 0;
  #sentAt = 0;
  #askedAt = Number.NaN;
  #keepalive: number;
  #outgoingLimit = OUTGOING_LIMIT;
  #sendLimit = Number.POSITIVE_INFINITY;
  #nextId = 1;
  #subscription = 0;
  /** Message ids of ours that the broker has not acknowledged. */
  readonly #outgoing = new Set<number>();

  constructor(settings: SessionSettings) {
    this.#settings = settings;
    this.#keepalive = settings.keepalive * 1000;
  }

  get up(): boolean {
    return this.#phase === 'up';
  }

  /** The transport is open: greets the broker. */
  opened(now: number): SessionEffect[] {
    const { version, clientId, username, password, keepalive } = this.#settings;
    this.#phase = 'greeting';
    this.#since = now;
    this.#heardAt = now;
    this.#askedAt = Number.NaN;
    const packet: Packet = {
      cmd: 'connect',
      protocolId: 'MQTT',
      protocolVersion: version,
      clientId,
      clean: false,
      keepalive,
      ...(username === undefined ? {} : { username }),
      ...(password === undefined ? {} : { password: Buffer.from(password) }),
      ...(version === 5 ? { properties: { sessionExpiryInterval: this.#settings.sessionExpiry, receiveMaximum: this.#settings.receiveMaximum, maximumPacketSize: this.#settings.packetBytes } } : {}),
    };
    return [this.#send(packet, now)];
  }

  /** The transport is gone; what was on its way fails with `error`. */
  closed(error: Error): SessionEffect[] {
    this.#phase = 'closed';
    const failed = [...this.#outgoing].map((id): SessionEffect => ({ do: 'published', id, error }));
    this.#outgoing.clear();
    return failed;
  }

  /** Bytes have come in, of whatever kind. */
  heard(now: number): void {
    this.#heardAt = now;
    this.#askedAt = Number.NaN;
  }

  /** Bytes were written that did not pass through here (acknowledgements). */
  wrote(now: number): void {
    this.#sentAt = now;
  }

  /** Publishes; `id` is 0 with QoS 0, which has no answer. Undefined where there is no session, or too much on its way, or the broker takes none that long. */
  publish(topic: string, payload: Buffer, options: { readonly qos: 0 | 1; readonly retain: boolean }, now: number): { readonly id: number; readonly effects: SessionEffect[] } | undefined {
    const length = payload.length + Buffer.byteLength(topic) + 16;
    if (this.#phase !== 'up' || this.#outgoing.size >= this.#outgoingLimit || length > this.#sendLimit) return undefined;
    const id = options.qos === 0 ? 0 : this.#takeId();
    const packet: IPublishPacket = { cmd: 'publish', topic, payload, qos: options.qos, retain: options.retain, dup: false, ...(id === 0 ? {} : { messageId: id }) };
    if (id > 0) this.#outgoing.add(id);
    return { id, effects: [this.#send(packet, now)] };
  }

  /** Looks at the time, about once a second. `reading`: false while the socket is held back, so that silence means nothing. */
  tick(now: number, reading: boolean): SessionEffect[] {
    if (this.#phase === 'closed') return [];
    if (this.#phase === 'greeting') return now - this.#since > GREETING_LIMIT ? [{ do: 'close', error: new Error('connack timeout') }] : [];
    if (!reading) this.heard(now);
    if (now - this.#askedAt > ANSWER_LIMIT) return [{ do: 'close', error: new Error('no answer: the connection is dead') }];
    // The broker has set 0: it wants none (MQTT 5, 3.2.2.3.14). The system still asks by TCP keep-alive.
    if (this.#keepalive === 0) return [];
    const silent = now - this.#heardAt > Math.min(QUIET, this.#keepalive / 2) && Number.isNaN(this.#askedAt);
    // Half of the keep-alive, so that one that is lost or late does not end the session.
    const due = now - this.#sentAt > this.#keepalive / 2;
    if (!silent && !due) return [];
    if (reading && Number.isNaN(this.#askedAt)) this.#askedAt = now;
    return [this.#send({ cmd: 'pingreq' }, now)];
  }

  /** A message with QoS 2 was read past: confirms it in the two steps of its protocol (MQTT 3.1.1 and 5, 4.3.3), so that it does not come again. */
  exactlyOnce(messageId: number, now: number): SessionEffect[] {
    return [this.#send({ cmd: 'pubrec', messageId }, now)];
  }

  /** A packet other than PUBLISH has come. Throws PacketError for one that has no place here. */
  packet(packet: Packet, now: number): SessionEffect[] {
    if (this.#phase === 'greeting' && packet.cmd !== 'connack') throw new PacketError(`protocol error: ${packet.cmd} before connack`);
    switch (packet.cmd) {
      case 'connack':
        return this.#connack(packet, now);
      case 'suback':
        return this.#suback(packet.messageId, packet.granted);
      case 'puback': {
        const id = packet.messageId ?? 0;
        if (!this.#outgoing.delete(id)) return [];
        const code = packet.reasonCode ?? 0;
        return [code >= REFUSAL ? { do: 'published', id, error: refusal('the broker refused the message', code) } : { do: 'published', id }];
      }
      case 'disconnect':
        return [{ do: 'close', error: ended(packet.reasonCode ?? 0) }];
      case 'pingresp':
        return [];
      case 'pubrel':
        // Behind the PUBREC of a message that was read past, now or in a session of before.
        return [this.#send({ cmd: 'pubcomp', ...(packet.messageId === undefined ? {} : { messageId: packet.messageId }) }, now)];
      case 'publish':
      case 'connect':
      case 'subscribe':
      case 'unsubscribe':
      case 'unsuback':
      case 'pubrec':
      case 'pubcomp':
      case 'pingreq':
      case 'auth':
        throw new PacketError(`protocol error: ${packet.cmd} from a broker`);
      default:
        return assertNever(packet);
    }
  }

  #connack(packet: IConnackPacket, now: number): SessionEffect[] {
    if (this.#phase !== 'greeting') throw new PacketError('protocol error: a second connack');
    const code = packet.reasonCode ?? packet.returnCode ?? 0;
    if (code !== 0) return [{ do: 'close', error: refusal('connection refused', code) }];
    const { properties } = packet;
    this.#keepalive = (properties?.serverKeepAlive ?? this.#settings.keepalive) * 1000;
    this.#outgoingLimit = Math.min(OUTGOING_LIMIT, properties?.receiveMaximum ?? OUTGOING_LIMIT);
    this.#sendLimit = properties?.maximumPacketSize ?? Number.POSITIVE_INFINITY;
    this.#phase = 'up';
    this.#subscription = this.#takeId();
    const subscriptions = this.#settings.filters.map((topic) => ({ topic, qos: 1 as const, ...(this.#settings.version === 5 ? { nl: false, rap: false, rh: 0 } : {}) }));
    return [{ do: 'connected', resumed: packet.sessionPresent }, this.#send({ cmd: 'subscribe', messageId: this.#subscription, subscriptions }, now)];
  }

  #suback(id: number | undefined, granted: readonly unknown[]): SessionEffect[] {
    if (id !== this.#subscription) return [];
    return [{ do: 'subscribed', refused: this.#settings.filters.filter((_, i) => !(Number(granted[i]) < REFUSAL)) }];
  }

  #takeId(): number {
    do this.#nextId = (this.#nextId % MESSAGE_IDS) + 1;
    while (this.#outgoing.has(this.#nextId));
    return this.#nextId;
  }

  #send(packet: Packet, now: number): SessionEffect {
    this.#sentAt = now;
    return { do: 'send', packet };
  }
}

/** An error with the code that connectionProblem has words for. */
function refusal(text: string, code: number): Error {
  return Object.assign(new Error(text), { code });
}

/** Why an MQTT 5 broker ended the session (3.14.2.1). */
function ended(code: number): Error {
  switch (code) {
    case 0x8e:
      return new SessionEnded('Another program has signed in to the broker with the same client id. Give each a client id of its own.');
    case 0x8b:
      return new SessionEnded('The broker is shutting down.');
    case 0x98:
      return new SessionEnded('The broker ended the connection by an administrative action.');
    default:
      return new SessionEnded(`The broker ended the connection (reason ${code}).`);
  }
}

/** The broker ended the session and said why; the message is for people. */
export class SessionEnded extends Error {}
