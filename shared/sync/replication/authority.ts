import { AppError } from '../../kernel/error.ts';
import type { Clock } from '../../kernel/ports.ts';
import type { Principal } from '../../domain/access/principal.ts';
import { resourceNamed } from '../../resources/registry.ts';
import type { MutationRecord } from '../mutation.ts';
import { runMutation, type MutatorRegistry } from '../run-mutation.ts';
import { mayRead } from './audience.ts';
import { principalOfSession, scopeKeyOf } from './author.ts';
import { enterFeed } from './feed.ts';
import { readPage } from './page.ts';
import type { AuthorityReads, AuthorityStore, AuthorityTx, StoredOutcome, SyncSession } from './ports.ts';
import { PAGE_LIMIT, PUSH_LIMIT, SYNC_PROTOCOL, type PullRequest, type PullResponse, type PushOutcome, type PushRequest, type PushResponse, type SnapshotPage, type SnapshotRequest, type SyncRow } from './protocol.ts';
import { SERVICE_MUTATIONS } from './shared-rows.ts';
import { readSnapshot } from './snapshot.ts';

/** Steps at which a test may end the process; called in this order. */
export type AuthorityStep = 'push.receive' | 'push.run' | 'push.commit' | 'push.answer' | 'pull.receive' | 'pull.answer' | 'snapshot.receive' | 'snapshot.answer';

export interface AuthorityOptions {
  readonly store: AuthorityStore;
  readonly registry: MutatorRegistry;
  readonly clock: Clock;
  /** Definitions of resources that this side has, and the oldest ones of a replica that it still serves. */
  readonly schema: { readonly current: number; readonly oldest: number };
  /** Called with the new head after a commit that changed rows. */
  readonly onHead?: (head: number) => void;
  readonly probe?: (step: AuthorityStep) => void;
}

/** How far before the server first saw its node, and how far in the future, an author's time is believed, ms. */
const EARLIEST = 30 * 86_400_000;
const LATEST = 5 * 60_000;

/** Errors that say something about the store or the server, not about the mutation. */
const STORE_ERRORS: ReadonlySet<string> = new Set(['store-newer', 'store-corrupt', 'store-full', 'store-locked', 'store-unwritable', 'unavailable']);

/**
 * The server's side of sync: decides mutations, each id exactly once, gives them one order, and serves what changed to whom it may concern.
 * Rights and scope are those of the user's row at the moment of each step.
 */
export class Authority {
  readonly #options: AuthorityOptions;

  constructor(options: AuthorityOptions) {
    this.#options = options;
  }

  /**
   * Decides the mutations in their order. Rejects as a whole with AppError version-mismatch, invalid-input, not-signed-in, or forbidden
   * where a record claims another user or node than the session's; nothing is stored then.
   */
  async push(session: SyncSession, request: PushRequest): Promise<PushResponse> {
    this.#options.probe?.('push.receive');
    this.#requireVersion(request);
    if (request.mutations.length > PUSH_LIMIT) throw new AppError('too-large', `At most ${PUSH_LIMIT} changes travel at once.`, { limit: PUSH_LIMIT });
    const foreign = request.nodeId !== session.nodeId || request.mutations.some((record) => record.nodeId !== session.nodeId || (session.service !== true && record.userId !== session.userId));
    if (foreign) throw new AppError('forbidden', 'These changes are of another user or another machine. Sign in as their author.');
    const { outcomes, before, head } = await this.#options.store.write(async (tx) => {
      const start = await tx.head();
      const decided: PushOutcome[] = [];
      for (const record of request.mutations) {
        const outcome = await this.#decide(tx, session, record);
        if (outcome === undefined) break;
        decided.push(outcome);
      }
      if (decided.length === 0 && request.mutations.length > 0) throw signedOut();
      this.#options.probe?.('push.commit');
      return { outcomes: decided, before: start, head: await tx.head() };
    });
    if (head > before) this.#options.onHead?.(head);
    this.#options.probe?.('push.answer');
    return { outcomes, head };
  }

  /** What changed after the cursor, or that the replica has to begin anew. Throws AppError version-mismatch, not-signed-in, forbidden. */
  async pull(session: SyncSession, request: PullRequest): Promise<PullResponse> {
    this.#options.probe?.('pull.receive');
    this.#requireVersion(request);
    if (request.nodeId !== session.nodeId) throw new AppError('forbidden', 'This session belongs to another machine. Sign in again.');
    const response = await this.#options.store.read(async (reads): Promise<PullResponse> => {
      const principal = await this.#principal(reads, session);
      const scopeKey = scopeKeyOf(principal, request.schema);
      const epoch = await reads.epoch();
      if (request.epoch !== epoch) return { kind: 'reset', reason: 'epoch' };
      if (request.scopeKey !== scopeKey) return { kind: 'reset', reason: 'scope' };
      const head = await reads.head();
      if (request.cursor > head) return { kind: 'reset', reason: 'cursor' };
      const page = await readPage(reads, principal, { nodeId: session.nodeId, cursor: request.cursor, head, limit: Math.min(request.limit, PAGE_LIMIT) });
      return { kind: 'page', epoch, scopeKey, head, ...page };
    });
    this.#options.probe?.('pull.answer');
    return response;
  }

  /** Rows that the session's user may see, page by page. Throws like `pull`. */
  async snapshot(session: SyncSession, request: SnapshotRequest): Promise<SnapshotPage> {
    this.#options.probe?.('snapshot.receive');
    this.#requireVersion(request);
    if (request.nodeId !== session.nodeId) throw new AppError('forbidden', 'This session belongs to another machine. Sign in again.');
    const page = await this.#options.store.read(async (reads) => {
      const principal = await this.#principal(reads, session);
      const rows = await readSnapshot(reads, principal, request.after, Math.min(request.limit, PAGE_LIMIT));
      return { epoch: await reads.epoch(), scopeKey: scopeKeyOf(principal, request.schema), head: await reads.head(), ...rows };
    });
    this.#options.probe?.('snapshot.answer');
    return page;
  }

  /** Runs a mutation that was made at the server itself, in the same order as those of the consoles. Rejects with the mutator's AppError. */
  async mutate(principal: Principal, record: MutationRecord): Promise<unknown> {
    const result = await this.#options.store.write(async (tx) => {
      const known = await tx.outcome(record.id);
      if (known !== undefined) return { outcome: sameMutation(known, record) ? known.outcome : reused(record), head: undefined };
      const outcome = await tx.savepoint(() => this.#accept(tx, principal, record, record.at));
      return { outcome, head: await tx.head() };
    });
    if (result.head !== undefined) this.#options.onHead?.(result.head);
    if (result.outcome.outcome === 'rejected') throw AppError.fromData(result.outcome.error as Parameters<typeof AppError.fromData>[0]);
    return result.outcome.result;
  }

  head(): Promise<number> {
    return this.#options.store.read((reads) => reads.head());
  }

  /** Undefined where the author may not sign in any more: what he did before counts, the rest waits. */
  async #decide(tx: AuthorityTx, session: SyncSession, record: MutationRecord): Promise<PushOutcome | undefined> {
    const known = await tx.outcome(record.id);
    if (known !== undefined) return sameMutation(known, record) ? known.outcome : reused(record);
    const principal = await principalOfSession(tx.rows, session);
    if (principal === undefined) return undefined;
    this.#options.probe?.('push.run');
    const now = this.#options.clock.now();
    const at = Math.min(Math.max(record.at, session.nodeSeenAt - EARLIEST), now + LATEST);
    try {
      if (session.service === true) requireServiceMutation(record.name);
      return await tx.savepoint(() => this.#accept(tx, principal, record, at));
    } catch (error) {
      const reason = refusalOf(error);
      const current = await rowsNamedBy(tx, principal, reason);
      const outcome: PushOutcome = { id: record.id, outcome: 'rejected', error: reason.toData(), ...(current.length === 0 ? {} : { current }) };
      await tx.reject({ record, receivedAt: now, sessionId: session.sessionId, outcome });
      return outcome;
    }
  }

  async #accept(tx: AuthorityTx, principal: Principal, record: MutationRecord, at: number): Promise<PushOutcome> {
    const { registry, clock } = this.#options;
    const rows = { ...bound(tx), fieldsChangedSince: (resource: Parameters<AuthorityTx['fieldsChangedByOthers']>[0], id: string, revision: number) => tx.fieldsChangedByOthers(resource, id, revision, record.nodeId) };
    const { result, changes } = await runMutation(rows, registry, record, principal, at);
    const sequence = await tx.nextSequence();
    await enterFeed(tx, changes, sequence);
    await tx.accept({ record, at, receivedAt: clock.now(), sessionId: principal.sessionId, sequence, result, changes, audited: registry.get(record.name)?.audited !== false });
    return { id: record.id, outcome: 'accepted', sequence, result };
  }

  async #principal(reads: AuthorityReads, session: SyncSession): Promise<Principal> {
    const principal = await principalOfSession(reads.rows, session);
    if (principal === undefined) throw signedOut();
    return principal;
  }

  #requireVersion({ protocol, schema }: { readonly protocol: number; readonly schema: number }): void {
    const { current, oldest } = this.#options.schema;
    if (protocol === SYNC_PROTOCOL && schema >= oldest && schema <= current) return;
    const older = protocol < SYNC_PROTOCOL || schema < oldest;
    const text = older ? 'The server is newer than this program. Update the program; changes made here are kept.' : 'The server is older than this program. Ask an administrator to update the server; changes made here are kept.';
    throw new AppError('version-mismatch', text, { update: older ? 'program' : 'server', protocol: SYNC_PROTOCOL, schema: current });
  }
}

const signedOut = (): AppError => new AppError('not-signed-in', 'This account may not sign in any more. Ask an administrator.');

const argsText = (args: unknown): string => JSON.stringify(args ?? {});

function sameMutation({ record: known }: StoredOutcome, record: MutationRecord): boolean {
  return known.name === record.name && known.userId === record.userId && known.nodeId === record.nodeId && argsText(known.args) === argsText(record.args);
}

function reused(record: MutationRecord): PushOutcome {
  return { id: record.id, outcome: 'rejected', error: new AppError('conflict', 'This change has an id that was used for another one. Try again.', { mutationId: record.id }).toData() };
}

function requireServiceMutation(name: string): void {
  if (!SERVICE_MUTATIONS.has(name)) throw new AppError('forbidden', 'The account of a headless node does not make this change.', { mutation: name });
}

/** The error to tell the author; what the store or the server suffers from is thrown on. A mutator that breaks refuses its own mutation alone. */
function refusalOf(error: unknown): AppError {
  if (!(error instanceof AppError)) {
    return new AppError('internal', 'The server could not carry out this change. Report it to an administrator.', { reason: error instanceof Error ? error.message : String(error) });
  }
  if (STORE_ERRORS.has(error.code) || error.code === 'not-signed-in') throw error;
  return error;
}

/** The rows that an error names, as the author may see them. */
async function rowsNamedBy(reads: AuthorityReads, principal: Principal, error: AppError): Promise<SyncRow[]> {
  const { resource: name, id, ownerId } = error.details ?? {};
  if (typeof name !== 'string') return [];
  const resource = resourceNamed(name);
  const found: SyncRow[] = [];
  for (const key of [id, ownerId]) {
    if (typeof key !== 'string') continue;
    const row = await reads.rows.get(resource, key);
    const entry = row === undefined ? undefined : await reads.feedEntry(name, key);
    if (row !== undefined && entry !== undefined && mayRead(principal, resource, entry.audience, row)) found.push({ resource: name, row: { ...row } });
  }
  return found;
}

/** The methods of a row store as functions of their own. */
function bound({ rows }: AuthorityTx): AuthorityTx['rows'] {
  return {
    get: (resource, id) => rows.get(resource, id),
    find: (resource, where, limit) => rows.find(resource, where, limit),
    count: (resource, where) => rows.count(resource, where),
    findByColumn: (resource, column, value) => rows.findByColumn(resource, column, value),
    insert: (resource, row) => rows.insert(resource, row),
    update: (resource, row, keys) => rows.update(resource, row, keys),
    delete: (resource, id) => rows.delete(resource, id),
    fieldsChangedSince: (resource, id, revision) => rows.fieldsChangedSince(resource, id, revision),
  };
}
