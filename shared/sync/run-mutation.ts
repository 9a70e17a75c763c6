import type { z } from 'zod';
import type { Principal } from '../domain/access/principal.ts';
import { AppError } from '../kernel/error.ts';
import type { RowChange } from './change.ts';
import type { MutationRecord } from './mutation.ts';
import { mutationIds, type Mutator } from './mutator.ts';
import { trackedTx } from './tracked-tx.ts';
import type { RowStore } from './tx.ts';

export type MutatorRegistry = ReadonlyMap<string, Mutator>;

export interface MutationOutcome {
  /** What the mutator returned; JSON. */
  readonly result: unknown;
  readonly changes: readonly RowChange[];
}

/** Indexes mutators by name; two with one name are a programming error. */
export function mutatorRegistry(mutators: readonly Mutator[]): MutatorRegistry {
  const registry = new Map(mutators.map((mutator) => [mutator.name, mutator]));
  if (registry.size !== mutators.length) throw new Error('two mutators have one name');
  return registry;
}

/** Throws AppError forbidden unless the principal may run the mutator. */
export function authoriseMutation(mutator: Mutator, principal: Principal): void {
  if (principal.role === 'system' || mutator.access === 'signed-in') return;
  if (mutator.access !== 'system' && principal.permissions.has(mutator.access)) return;
  throw new AppError('forbidden', 'Your role does not allow this change. Ask an administrator.', { mutation: mutator.name });
}

/**
 * Runs one mutation over a store: checks the right, the arguments and the rules, writes, and returns what changed. The caller
 * holds the savepoint: after an error nothing of the mutation may stay. `now` is the time of the change where it is not the author's (epoch ms);
 * ids come from the record alone.
 */
export async function runMutation(store: RowStore, registry: MutatorRegistry, record: MutationRecord, principal: Principal, now = record.at): Promise<MutationOutcome> {
  const mutator = registry.get(record.name);
  if (mutator === undefined) throw new AppError('invalid-input', `This version does not know the change "${record.name}". Update the program.`, { mutation: record.name });
  authoriseMutation(mutator, principal);
  const parsed = mutator.args.safeParse(record.args);
  if (!parsed.success) throw invalidArgs(parsed.error);
  const tx = trackedTx(store, { now, basedOn: record.basedOn, scope: principal.scope });
  const result = await mutator.run(tx, parsed.data, { now, newId: mutationIds(record), principal });
  return { result, changes: tx.changes };
}

/** The error for arguments that break their schema: the first problem in words, all of them in `details.issues` ({ path: field, message }). */
export function invalidArgs(error: z.ZodError): AppError {
  const issues = error.issues.slice(0, 20).map((issue) => ({ path: String(issue.path.at(-1) ?? ''), message: issue.message }));
  const first = issues[0];
  const text = first === undefined ? 'Check what was entered.' : first.path === '' ? first.message : `${first.path}: ${first.message}`;
  return new AppError('invalid-input', text, { issues });
}
