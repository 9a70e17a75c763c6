import type { Principal } from '#shared/domain/access/principal.ts';
import type { AppErrorData } from '#shared/kernel/error.ts';
import type { LoggedChange } from '#shared/sync/change.ts';
import type { MutationRecord } from '#shared/sync/mutation.ts';
import type { LocalStep } from './local/index.ts';
import type { SyncStep } from './sync/steps.ts';

export interface MutationStep {
  readonly kind: 'mutation';
  readonly record: MutationRecord;
  readonly principal: Principal;
}

/** One write: a mutation, a write of this node's own tables that no server ever sees, or what came from the server. */
export type Step = MutationStep | LocalStep | SyncStep;

/** Core → writer thread. */
export type WriterRequest = { readonly type: 'commit'; readonly id: number; readonly steps: readonly Step[] } | { readonly type: 'close' };

/** Writer thread → core. `committed` comes before the answers of the requests it holds; `results` has one entry per step. */
export type WriterMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'failed'; readonly error: AppErrorData }
  | { readonly type: 'committed'; readonly changes: readonly LoggedChange[] }
  | { readonly type: 'done'; readonly id: number; readonly results: readonly unknown[] }
  | { readonly type: 'refused'; readonly id: number; readonly error: AppErrorData }
  | { readonly type: 'closed' };
