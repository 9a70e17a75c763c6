import { createServer, type Server, type Socket } from 'node:net';
import { Aedes, type AedesOptions, type Client } from 'aedes';
import { AppError, type AppErrorData } from '#shared/kernel/error.ts';
import type { Clock, Scheduler } from '#shared/kernel/ports.ts';
import { Accounts, type SignIn } from './accounts.ts';
import { HandOver } from './hand-over.ts';
import { BROKER_LIMITS } from './limits.ts';
import { boundOfflineQueue } from './offline-queue.ts';
import { PacketGuard } from './packet-guard.ts';
import type { BrokerOptions, BrokerReport, BrokerRequest } from './protocol.ts';
import { createTopicRules, type Account } from './topic-rules.ts';

export interface BrokerPort {
  post(report: BrokerReport, transfer?: readonly ArrayBuffer[]): void;
  onRequest(listener: (request: BrokerRequest) => void): void;
}

interface Connection {
  readonly guard: PacketGuard;
  readonly address: string;
  account?: Account;
}

/** CONNACK return codes of MQTT 3.1.1 (3.2.2.3), typed as aedes wants them. */
const RETURN_CODES = { credentials: 4, 'client-id': 2, full: 3 } as const;
const REFUSALS = {
  credentials: 'wrong user name or password',
  'client-id': 'the MQTT client id has to be the Device ID',
  full: 'too many devices',
} as const satisfies Record<Extract<SignIn, { refused: unknown }>['refused'], string>;

const STATISTICS_PERIOD = 1000;

/**
 * Runs the embedded broker on its thread. What units publish is handed to the core before it is acknowledged, and acknowledged when
 * the core says that it has been committed.
 */
export async function serveBroker(port: BrokerPort, options: BrokerOptions, deps: { readonly clock: Clock; readonly scheduler: Scheduler }): Promise<void> {
  const { clock } = deps;
  const accounts = new Accounts(options.secrets);
  const rules = createTopicRules(options.topicPrefix);
  const connections = new WeakMap<object, Connection>();
  const counts = { refusedSignIns: 0, refusedTopics: 0, oversized: 0, offlineDropped: 0 };
  const handOver = new HandOver({
    send: (batch) => port.post({ kind: 'batch', batch }, [batch.topic.buffer, batch.payloadEnd.buffer, batch.flags.buffer, batch.payloads.buffer]),
    defer: (run) => void setImmediate(run),
    now: () => clock.now(),
  });
  const connectionOf = (client: Client): Connection | undefined => connections.get((client as unknown as { readonly conn: object }).conn);

  function refuse(client: Client, reason: string): void {
    port.post({ kind: 'refusal', refusal: { at: clock.now(), client: client.id ?? '', address: connectionOf(client)?.address ?? '', reason } });
  }

  const hooks: AedesOptions = {
    connectTimeout: BROKER_LIMITS.connectTimeout,
    drainTimeout: BROKER_LIMITS.drainTimeout,
    queueLimit: BROKER_LIMITS.earlyPackets,
    authenticate(client, user, password, done) {
      const connection = connectionOf(client);
      const result = accounts.signIn(client.id, user, password);
      if (connection && 'account' in result) {
        connection.account = result.account;
        connection.guard.limit = BROKER_LIMITS.packetBytes;
        done(null, true);
        return;
      }
      const refused = 'refused' in result ? result.refused : 'credentials';
      counts.refusedSignIns++;
      refuse(client, REFUSALS[refused]);
      done(Object.assign(new Error(REFUSALS[refused]), { returnCode: RETURN_CODES[refused] }), false);
    },
    authorizePublish(client, packet, done) {
      const account = client ? connectionOf(client)?.account : undefined;
      const refusal = account ? rules.refusePublish(account, packet.topic) : 'the client is not signed in';
      if (client && refusal !== undefined) {
        counts.refusedTopics++;
        refuse(client, `${refusal}: ${packet.topic.slice(0, 200)}`);
        done(new Error(refusal));
        return;
      }
      if (account === undefined || account.kind === 'core') {
        done(null);
        return;
      }
      const payload = typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload;
      const retain = packet.retain;
      // Only what describes a unit as it is now is kept by the broker for later subscribers.
      if (retain && !/\/(?:state|meta)$/.test(packet.topic)) packet.retain = false;
      handOver.add(packet.topic, payload, packet.qos, retain, () => done(null));
    },
    authorizeSubscribe(client, subscription, done) {
      const account = connectionOf(client)?.account;
      if (account && rules.maySubscribe(account, subscription.topic)) done(null, subscription);
      else {
        counts.refusedTopics++;
        refuse(client, `may not read ${subscription.topic.slice(0, 200)}`);
        done(null, null);
      }
    },
  };
  const broker = await Aedes.createBroker(hooks);
  boundOfflineQueue(broker, (count) => (counts.offlineDropped += count));
  // A client that misbehaves is closed by aedes; without listeners Node would end the thread.
  broker.on('clientError', () => undefined);
  broker.on('connectionError', () => undefined);

  const server = createServer((socket) => {
    const connection: Connection = { guard: new PacketGuard(BROKER_LIMITS.connectBytes), address: socket.remoteAddress ?? '' };
    connections.set(socket, connection);
    guardReads(socket, connection.guard, () => counts.oversized++);
    socket.setNoDelay(true);
    broker.handle(socket);
  });
  server.maxConnections = BROKER_LIMITS.connections;

  const timer = deps.scheduler.every(STATISTICS_PERIOD, () =>
    port.post({ kind: 'statistics', statistics: { clients: broker.connectedClients, messages: handOver.messages, pendingBytes: handOver.pendingBytes, ...counts } }),
  );
  port.onRequest((request) => {
    switch (request.kind) {
      case 'acknowledge':
        for (const batch of request.batches) handOver.acknowledge(batch);
        return;
      case 'publish':
        broker.publish({ cmd: 'publish', topic: request.topic, payload: Buffer.from(request.payload), qos: request.qos, retain: request.retain, dup: false }, (error) =>
          port.post({ kind: 'published', id: request.id, ...(error ? { error: error.message } : {}) }),
        );
        return;
      case 'disconnect':
        (broker as unknown as { readonly clients: Readonly<Record<string, Client>> }).clients[request.client]?.close();
        return;
      case 'stop':
        timer.dispose();
        server.close();
        broker.close(() => port.post({ kind: 'stopped' }));
        return;
    }
  });
  try {
    port.post({ kind: 'listening', port: await listen(server, options) });
  } catch (error) {
    timer.dispose();
    broker.close();
    port.post({ kind: 'failed', error: listenError(error, options.port) });
  }
}

/** Shows every chunk to the guard before aedes reads it. */
function guardReads(socket: Socket, guard: PacketGuard, oversized: () => void): void {
  const read = socket.read.bind(socket);
  socket.read = (size?: number): unknown => {
    const chunk: unknown = read(size);
    if (!(chunk instanceof Uint8Array) || guard.accepts(chunk)) return chunk;
    oversized();
    socket.destroy(new Error('packet too long'));
    return null;
  };
}

function listen(server: Server, options: BrokerOptions): Promise<number> {
  if (options.lan && !options.secrets.units) return Promise.reject(new AppError('refused', 'Listening on the network needs a password.'));
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port: options.port, host: options.lan ? '0.0.0.0' : '127.0.0.1' }, () => {
      server.off('error', reject);
      server.on('error', () => undefined);
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : options.port);
    });
  });
}

function listenError(error: unknown, port: number): AppErrorData {
  if (error instanceof AppError) return error.toData();
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') return { code: 'port-in-use', message: `Port ${port} is used by another program. Choose another port for the embedded broker, or 0 for any free one.`, details: { port } };
  if (code === 'EACCES') return { code: 'refused', message: `This user may not listen on port ${port}. Choose a port above 1023.`, details: { port } };
  return { code: 'internal', message: error instanceof Error ? error.message : String(error) };
}
