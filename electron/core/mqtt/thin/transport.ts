import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import WebSocket from 'ws';
import { endpointOf, type ExternalBroker } from '../connect-options.ts';

/** A way to move bytes: TCP, TLS or WebSocket. */
export interface Transport {
  write(bytes: Uint8Array): void;
  /** Stops reading from the network, so that the other side is held back; `resume` goes on. */
  pause(): void;
  resume(): void;
  /** Bytes given to `write` that have not left yet. */
  readonly pending: number;
  /** Ends it at once; `closed` follows. */
  destroy(): void;
}

/** What a transport tells. `bytes` are only valid during the call; `closed` comes once and last, with the error where there was one. */
export interface TransportEvents {
  opened(): void;
  data(bytes: Uint8Array): void;
  closed(error: Error | undefined): void;
}

/** Bytes of one read of the system at most. */
const READ_BYTES = 128 * 1024;
/**
 * Longest WebSocket message, bytes: brokers put a packet, or a few, into one. It is the longest packet of MQTT, so that none ends the connection
 * again and again. Unlike over TCP such a message is held in memory as a whole until the packet reader passes over it.
 */
const MESSAGE_BYTES = 256 * 1024 * 1024 + 16;

/** Silence before the system asks the other side whether it is there, ms: for brokers that want no MQTT keep-alive. */
const TCP_KEEPALIVE = 60_000;

/** Opens a transport to the broker. Throws what TLS throws for a certificate or key it cannot read. */
export function openTransport(broker: ExternalBroker, events: TransportEvents): Transport {
  const { protocol, host, port } = endpointOf(broker.url);
  switch (protocol) {
    case 'mqtt:':
      return tcp(host, port, events);
    case 'mqtts:':
      return tls({ host, port, ...(isIP(host) === 0 ? { servername: host } : {}), ...secrets(broker) }, events);
    default:
      return webSocket(broker, events);
  }
}

function secrets(broker: ExternalBroker): ConnectionOptions {
  return {
    rejectUnauthorized: broker.rejectUnauthorized,
    ...(broker.caPem ? { ca: broker.caPem } : {}),
    ...(broker.certificatePem ? { cert: broker.certificatePem } : {}),
    ...(broker.keyPem ? { key: broker.keyPem } : {}),
    ...(broker.keyPassphrase ? { passphrase: broker.keyPassphrase } : {}),
  };
}

function tcp(host: string, port: number, events: TransportEvents): Transport {
  // One buffer for everything that is read, instead of a new one each time.
  const buffer = Buffer.allocUnsafeSlow(READ_BYTES);
  const onread = {
    buffer,
    callback: (length: number) => {
      events.data(buffer.subarray(0, length));
      return true;
    },
  };
  const socket = connectTcp({ host, port, noDelay: true, onread });
  socket.once('connect', () => events.opened());
  return overSocket(socket, events);
}

function tls(options: ConnectionOptions, events: TransportEvents): Transport {
  const socket = connectTls(options);
  socket.setNoDelay(true);
  socket.once('secureConnect', () => events.opened());
  socket.on('data', (bytes: Buffer) => events.data(bytes));
  return overSocket(socket, events);
}

function overSocket(socket: Socket, events: TransportEvents): Transport {
  let failure: Error | undefined;
  socket.setKeepAlive(true, TCP_KEEPALIVE);
  socket.on('error', (error) => (failure = error));
  // The other side has ended: nothing more is to be written either.
  socket.on('end', () => socket.destroy());
  socket.once('close', () => events.closed(failure));
  return {
    write: (bytes) => void socket.write(bytes),
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
    get pending() {
      return socket.writableLength;
    },
    destroy: () => void socket.destroy(),
  };
}

function webSocket(broker: ExternalBroker, events: TransportEvents): Transport {
  const socket = new WebSocket(broker.url, ['mqtt'], { ...secrets(broker), perMessageDeflate: false, maxPayload: MESSAGE_BYTES, handshakeTimeout: 10_000 });
  let failure: Error | undefined;
  socket.once('upgrade', (response) => response.socket.setKeepAlive(true, TCP_KEEPALIVE));
  socket.once('open', () => events.opened());
  socket.on('message', (data, isBinary) => {
    if (isBinary && Buffer.isBuffer(data)) events.data(data);
    else {
      failure = new Error('protocol error: a text message');
      socket.terminate();
    }
  });
  socket.on('error', (error) => (failure = error));
  socket.once('close', () => events.closed(failure));
  return {
    write: (bytes) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(bytes);
    },
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    get pending() {
      return socket.bufferedAmount;
    },
    destroy: () => socket.terminate(),
  };
}
