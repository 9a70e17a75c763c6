import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import type { z } from 'zod';
import type { Permission } from '../domain/access/permissions.ts';
import type { Principal } from '../domain/access/principal.ts';
import { uuidv7 } from '../kernel/ids.ts';
import type { MutationRecord } from './mutation.ts';
import type { Tx } from './tx.ts';

/** Who may run a mutator: holders of a permission, any signed-in user (for rows of his own), or only the product itself. */
export type MutatorAccess = Permission | 'signed-in' | 'system';

export interface MutationContext {
  /** The author's time, epoch ms; the only clock a mutator has. */
  readonly now: number;
  /** A new id; the same ones in the same order whenever the mutation is run again. */
  newId(): string;
  readonly principal: Principal;
}

/** A named write. `run` awaits only its Tx, is deterministic, and throws AppError for what a person can do something about. */
export interface Mutator<A = unknown, R = unknown> {
  readonly name: string;
  readonly args: z.ZodType<A>;
  readonly access: MutatorAccess;
  /** What the audit calls it: past tense, such as "Changed a sale". */
  readonly label: string;
  /** `false`: too trivial for the audit log (a preference); the change log has it all the same. */
  readonly audited?: boolean;
  run(tx: Tx, args: A, context: MutationContext): Promise<R>;
}

/** Defines a mutator; `args` gives the type of what `run` receives. */
export function defineMutator<S extends z.ZodType, R>(definition: {
  readonly name: string;
  readonly args: S;
  readonly access: MutatorAccess;
  readonly label: string;
  readonly audited?: boolean;
  readonly run: (tx: Tx, args: z.output<S>, context: MutationContext) => Promise<R>;
}): Mutator<z.output<S>, R> & { readonly args: S } {
  return definition as Mutator<z.output<S>, R> & { readonly args: S };
}

/** What a mutator is called with, before parsing. */
export type ArgsOf<M> = M extends { readonly args: infer S extends z.ZodType } ? z.input<S> : never;
export type ResultOf<M> = M extends { run(...args: never[]): Promise<infer R> } ? R : never;

/** Ids that belong to a mutation: version 7 with the mutation's time, bits from its id and their number. */
export function mutationIds(record: Pick<MutationRecord, 'id' | 'at'>): () => string {
  let count = 0;
  const clock = { now: () => record.at, monotonic: () => 0 };
  const rng = { bytes: (length: number) => sha256(utf8ToBytes(`${record.id}:${count++}`)).slice(0, length), next: () => 0 };
  return () => uuidv7(clock, rng);
}

/** The id of the first row that a mutation makes, where its arguments name none: known before it runs. */
export function firstIdOf(record: Pick<MutationRecord, 'id' | 'at'>): string {
  return mutationIds(record)();
}
