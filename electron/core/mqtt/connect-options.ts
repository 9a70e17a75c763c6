import type { IClientOptions } from 'mqtt';
import { AppError } from '#shared/kernel/error.ts';
import type { Rng } from '#shared/kernel/ports.ts';

/** How an external broker is reached. Secrets come from the secret store. */
export interface ExternalBroker {
  /** mqtt:, mqtts:, ws: or wss: */
  readonly url: string;
  readonly protocolVersion: 4 | 5;
  /** Stable over restarts: the broker keeps the session and what was not acknowledged under it. */
  readonly clientId: string;
  readonly topicPrefix: string;
  /** One level of the topic, or + for every fleet. */
  readonly fleet: string;
  readonly username?: string;
  readonly password?: string;
  readonly caPem?: string;
  readonly certificatePem?: string;
  readonly keyPem?: string;
  readonly keyPassphrase?: string;
  readonly rejectUnauthorized: boolean;
}

/** What a broker is told of the console's session. */
export const BROKER_SESSION = {
  /** Seconds. */
  keepalive: 30,
  /** How long a broker keeps the session of a console that is away (MQTT 5; 3.1.1 leaves it to the broker), s: one week. */
  sessionExpiry: 7 * 86_400,
  /** Unacknowledged messages a broker may have on the way to us (MQTT 5): the queue's bound is far above it. */
  receiveMaximum: 20_000,
} as const;

const PORTS: Readonly<Record<string, number>> = { 'mqtt:': 1883, 'mqtts:': 8883, 'ws:': 80, 'wss:': 443 };

/** Host and port of a broker's address, without credentials. Throws AppError invalid-input for anything but mqtt(s):// and ws(s)://. */
export function addressOf(url: string): string {
  const parsed = parseUrl(url);
  return `${parsed.hostname}:${parsed.port || PORTS[parsed.protocol]}`;
}

/** Protocol, host (IPv6 without brackets) and port of a broker's address. Throws as addressOf. */
export function endpointOf(url: string): { readonly protocol: string; readonly host: string; readonly port: number } {
  const parsed = parseUrl(url);
  return { protocol: parsed.protocol, host: parsed.hostname.replace(/^\[(.*)\]$/, '$1'), port: Number(parsed.port || PORTS[parsed.protocol]) };
}

function parseUrl(url: string): URL {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed || PORTS[parsed.protocol] === undefined || parsed.hostname === '') {
    throw new AppError('invalid-input', 'The address has to begin with mqtt://, mqtts://, ws:// or wss://, then the host.', { field: 'url' });
  }
  return parsed;
}

/** Options of mqtt.js for a connection that keeps its session and leaves reconnecting to `delay`. */
export function sessionOptions(broker: ExternalBroker): IClientOptions {
  return {
    ...baseOptions(broker),
    clientId: broker.clientId,
    clean: false,
    keepalive: BROKER_SESSION.keepalive,
    // A refusal may be put right at the broker (a password, an access list): keep trying.
    reconnectOnConnackError: true,
    ...(broker.protocolVersion === 5 ? { properties: { sessionExpiryInterval: BROKER_SESSION.sessionExpiry, receiveMaximum: BROKER_SESSION.receiveMaximum } } : {}),
  };
}

/** Options for one attempt that leaves no session behind. */
export function probeOptions(broker: ExternalBroker, rng: Rng): IClientOptions {
  const suffix = Array.from(rng.bytes(4), (byte) => byte.toString(16).padStart(2, '0')).join('');
  return { ...baseOptions(broker), clientId: `${broker.clientId}-test-${suffix}`, clean: true, reconnectPeriod: 0 };
}

function baseOptions(broker: ExternalBroker): IClientOptions {
  parseUrl(broker.url);
  const options: IClientOptions = {
    protocolVersion: broker.protocolVersion,
    connectTimeout: 10_000,
    resubscribe: false,
    reschedulePings: true,
    queueQoSZero: false,
    rejectUnauthorized: broker.rejectUnauthorized,
    // mqtt.js formats a debug line several times a packet, also where nobody reads it.
    log: () => undefined,
  };
  if (broker.username !== undefined) options.username = broker.username;
  if (broker.password !== undefined) options.password = broker.password;
  if (broker.caPem) options.ca = broker.caPem;
  if (broker.certificatePem) options.cert = broker.certificatePem;
  if (broker.keyPem) options.key = broker.keyPem;
  // mqtt.js hands every option on to tls.connect; its types leave this one out.
  return broker.keyPassphrase ? Object.assign(options, { passphrase: broker.keyPassphrase }) : options;
}
