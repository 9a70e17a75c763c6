import type { Disposable } from '../kernel/disposable.ts';
import { AppError } from '../kernel/error.ts';
import type { Contract, ProcedureDefinition } from './definition.ts';
import type { ItemOf, OutputOf, ParsedInputOf } from './types.ts';

/** One client's connection as handlers see it. P is the type of a signed-in identity. */
export interface Connection<P> {
  /** Where the client is, for logs and attempt counters. */
  readonly address: string;
  readonly principal: P | undefined;
  /** Session of the principal, undefined while nobody is signed in. */
  readonly sessionId: string | undefined;
  /** Signs the connection in. Streams that were opened for an earlier principal end with `not-signed-in`. */
  bindPrincipal(principal: P, sessionId: string): void;
  /** Signs the connection out; its streams, except public ones, end with `not-signed-in`. */
  clearPrincipal(): void;
  onClose(listener: () => void): Disposable;
}

/** Tells a long-running handler that nobody waits for its answer any more: the client cancelled or is gone. */
export interface Cancellation {
  readonly requested: boolean;
  onCancel(listener: () => void): Disposable;
}

export interface CallContext<P> {
  /** The identity for which the call was authorised; undefined only for public procedures. */
  readonly principal: P | undefined;
  readonly connection: Connection<P>;
  readonly cancelled: Cancellation;
}

/** The principal of a call that is not public; throws AppError `not-signed-in` where there is none. */
export function principalOf<P>(context: CallContext<P>): P {
  if (context.principal === undefined) throw new AppError('not-signed-in', 'Sign in first.');
  return context.principal;
}

/**
 * Where a stream's handler puts its items. With coalesce mode `latest` and `queue` it pushes; with mode `merge` it gives `source` once and
 * says `ready` when there is something new: the next item is built only when the client can take it.
 */
export interface StreamSink<T> {
  push(item: T): void;
  /** `next` builds the newest item, or returns undefined when there is nothing to tell after all. */
  source(next: () => T | undefined): void;
  ready(): void;
  /** Ends the stream after what still waits was delivered. */
  end(): void;
  /** Ends the stream at once with an error; what still waits is dropped. */
  fail(error: unknown): void;
}

export type ProcedureHandler<I, O, P> = (input: I, context: CallContext<P>) => O | Promise<O>;
/** Returns what is disposed when the stream ends, for whatever reason. */
export type StreamHandler<I, T, P> = (input: I, context: CallContext<P>, sink: StreamSink<T>) => Disposable | Promise<Disposable>;

/** One handler for every name of the contract. */
export type Handlers<C extends Contract, P> = {
  readonly [K in keyof C]: C[K] extends ProcedureDefinition
    ? ProcedureHandler<ParsedInputOf<C, K>, OutputOf<C, K>, P>
    : StreamHandler<ParsedInputOf<C, K>, ItemOf<C, K>, P>;
};

/** Makes a key of H that the contract does not have a compile error, also where handlers were spread together. */
export type NoExtraKeys<H, C extends Contract> = { readonly [K in Exclude<keyof H, keyof C>]: never };
