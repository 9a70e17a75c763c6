import type { Disposable } from '../kernel/disposable.ts';
import type { AppError } from '../kernel/error.ts';
import type { Log } from '../kernel/ports.ts';
import type { Channel } from './channel.ts';
import type { AccessRule, Contract } from './definition.ts';
import type { Handlers, NoExtraKeys } from './handlers.ts';
import type { ContractIdentity } from './protocol.ts';
import { ServerConnection } from './server-connection.ts';

export interface Limits {
  /** Calls of one connection that may run at a time. */
  readonly calls: number;
  /** Streams of one connection that may be open at a time. */
  readonly streams: number;
  /** Messages outside the protocol after which a connection is closed. */
  readonly protocolErrors: number;
}

const DEFAULT_LIMITS: Limits = { calls: 64, streams: 64, protocolErrors: 10 };

export interface DispatcherOptions<C extends Contract, P, H extends Handlers<C, P>> {
  readonly contract: C;
  readonly handlers: H & NoExtraKeys<H, C>;
  /** Whether the principal may call what has this rule: undefined, or the error to answer with. */
  authorise(rule: AccessRule, principal: P | undefined): AppError | undefined;
  readonly log: Log;
  /** Makes the id under which an unexpected error is logged and which the person can quote. */
  newErrorId(): string;
  /** Refuses clients that were built with another contract; clients that name none are accepted. */
  readonly identity?: ContractIdentity;
  /** Tests and development: also checks outputs and items against the contract, and logs error codes that it does not declare. */
  readonly validateOutput?: boolean;
  readonly limits?: Partial<Limits>;
}

/** Where a served client is. */
export interface ClientInfo {
  readonly address: string;
}

export interface Dispatcher<P> extends Disposable {
  /** Serves one client until its channel closes or the result is disposed (which closes the channel). */
  serve(channel: Channel, client: ClientInfo): Disposable;
  /** Signs out every connection of this session. */
  endSession(sessionId: string): void;
  /** Closes every connection of this session: its clients come back, resume it with the rights it has now and open again what is still allowed. */
  renewSession(sessionId: string): void;
  /** Signs out every connection whose principal meets the condition: a user was disabled, rights were narrowed. */
  endSessions(condition: (principal: P) => boolean): void;
  /** Connections being served. */
  readonly connections: number;
}

/**
 * The one dispatcher behind every transport: parse → authorise → run → map error. Expected errors reach the client as they are; an unexpected
 * one is logged with an id and reaches it as `internal` with that id. Throws when a handler is missing or too many.
 */
export function createDispatcher<C extends Contract, P, H extends Handlers<C, P> = Handlers<C, P>>(options: DispatcherOptions<C, P, H>): Dispatcher<P> {
  for (const name of Object.keys(options.contract)) {
    if (typeof options.handlers[name as keyof H] !== 'function') throw new Error(`no handler for ${name}`);
  }
  for (const name of Object.keys(options.handlers)) {
    if (!Object.hasOwn(options.contract, name)) throw new Error(`handler ${name} is not in the contract`);
  }
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const connections = new Set<ServerConnection<C, P>>();

  return {
    serve(channel, client) {
      const connection = new ServerConnection<C, P>({ ...options, limits }, channel, client.address);
      connections.add(connection);
      connection.onClose(() => connections.delete(connection));
      return connection;
    },
    endSession(sessionId) {
      for (const connection of [...connections]) if (connection.sessionId === sessionId) connection.clearPrincipal();
    },
    renewSession(sessionId) {
      for (const connection of [...connections]) if (connection.sessionId === sessionId) connection.dispose();
    },
    endSessions(condition) {
      for (const connection of [...connections]) if (connection.principal !== undefined && condition(connection.principal)) connection.clearPrincipal();
    },
    get connections() {
      return connections.size;
    },
    dispose() {
      for (const connection of [...connections]) connection.dispose();
    },
  };
}
