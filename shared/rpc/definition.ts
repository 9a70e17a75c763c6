import type { z } from 'zod';
import type { ErrorCode } from '../kernel/error.ts';

/**
 * Who may call. `public`: before sign-in. `signed-in`: any principal. Otherwise the permission that the principal must hold;
 * what the principal may see of the answer (customer scope) is applied by the handler.
 */
export type AccessRule = 'public' | 'signed-in' | { readonly permission: string };

export interface ProcedureDefinition<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> {
  readonly kind: 'procedure';
  readonly input: I;
  readonly output: O;
  readonly access: AccessRule;
  /** Expected errors beyond those every call can have (invalid-input, not-signed-in, forbidden, internal). */
  readonly errors: readonly ErrorCode[];
  /** One sentence: what it returns or does. */
  readonly doc: string;
}

/**
 * How items merge while the client has no credit left. `latest`: the newest item replaces the waiting one. `merge`: the
 * handler builds the next item itself when it is asked for one. `queue`: kept in order up to `bound`, then the oldest is
 * dropped and counted.
 */
export type Coalesce = { readonly mode: 'latest' } | { readonly mode: 'merge' } | { readonly mode: 'queue'; readonly bound: number };

export interface StreamDefinition<I extends z.ZodType = z.ZodType, T extends z.ZodType = z.ZodType> {
  readonly kind: 'stream';
  readonly input: I;
  readonly item: T;
  readonly access: AccessRule;
  readonly errors: readonly ErrorCode[];
  readonly coalesce: Coalesce;
  readonly doc: string;
}

export type Definition = ProcedureDefinition | StreamDefinition;
/** Flat map of dotted names (`fleet.directory`) to definitions. */
export type Contract = Readonly<Record<string, Definition>>;

type Optional<T, K extends keyof T> = Omit<T, K> & Partial<Pick<T, K>>;

/** Defines a procedure; `errors` defaults to none. */
export function procedure<I extends z.ZodType, O extends z.ZodType>(
  definition: Optional<Omit<ProcedureDefinition<I, O>, 'kind'>, 'errors'>,
): ProcedureDefinition<I, O> {
  return { errors: [], ...definition, kind: 'procedure' };
}

/** Defines a stream; `errors` defaults to none. */
export function stream<I extends z.ZodType, T extends z.ZodType>(
  definition: Optional<Omit<StreamDefinition<I, T>, 'kind'>, 'errors'>,
): StreamDefinition<I, T> {
  return { errors: [], ...definition, kind: 'stream' };
}
