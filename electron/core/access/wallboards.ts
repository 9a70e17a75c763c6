import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Permission } from '#shared/domain/access/permissions.ts';
import type { CustomerScope, Principal } from '#shared/domain/access/principal.ts';
import { WALLBOARD_TOKEN_PREFIX } from '#shared/contract/alerts.ts';
import { DisposableStore, type Disposable } from '#shared/kernel/disposable.ts';
import { Emitter } from '#shared/kernel/emitter.ts';
import { AppError } from '#shared/kernel/error.ts';
import { uuidv7 } from '#shared/kernel/ids.ts';
import type { Clock, Log, Rng, Scheduler } from '#shared/kernel/ports.ts';
import { localStep, type Operations } from '#core/store/operations/operations.ts';
import type { StoredWallboard } from '../store/operations/local/wallboards.ts';

const DAY = 86_400_000;
/** Use is written to the disk at most this often per token, ms. */
const TOUCH_PERIOD = 60_000;
/** Tokens that have expired are looked for this often, ms. */
const SWEEP_PERIOD = 60_000;
const SESSION_PREFIX = 'wallboard:';
/** A wallboard looks and does nothing else. */
const PERMISSIONS: ReadonlySet<Permission> = new Set<Permission>(['fleet.read', 'alerts.read']);

/** What is stored of a token. It has 128 random bits, so a plain hash is enough. */
export function wallboardHash(token: string): string {
  return bytesToHex(sha256(utf8ToBytes(`wallboard:${token}`)));
}

export interface OpenedWallboard {
  readonly token: string;
  readonly principal: Principal;
  readonly expiresAt: number;
}

export interface WallboardsOptions {
  readonly operations: Operations;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly scheduler: Scheduler;
  readonly log: Log;
}

/**
 * Screens that sign in by themselves: a read-only identity with a token of its own that lives for weeks, without an idle end, and
 * ends at once when it is revoked. It sees what the user who made it saw.
 */
export class Wallboards implements Disposable {
  readonly #options: WallboardsOptions;
  readonly #tokens = new Map<string, StoredWallboard>();
  readonly #touched = new Map<string, number>();
  readonly #ends: Emitter<{ readonly sessionId: string }>;
  readonly #store = new DisposableStore();

  constructor(options: WallboardsOptions) {
    this.#options = options;
    this.#ends = new Emitter((error) => options.log.write('error', 'a listener of session ends failed', { error }));
    for (const row of options.operations.read.wallboards()) this.#tokens.set(row.id, row);
    this.#store.add(options.scheduler.every(SWEEP_PERIOD, () => this.#sweep()));
  }

  /** Calls back when the connections of a wallboard must be signed out. */
  onEnd(listener: (end: { readonly sessionId: string }) => void): Disposable {
    return this.#ends.on(listener);
  }

  dispose(): void {
    this.#store.dispose();
  }

  /** Tokens that live, newest first, as far as the principal may see their customers. */
  list(principal: Principal): readonly StoredWallboard[] {
    return [...this.#tokens.values()].filter((row) => this.#lives(row) && within(principal.scope, scopeOf(row))).sort((a, b) => b.createdAt - a.createdAt);
  }

  /** Makes a token; its secret is given out here and nowhere else. */
  async create(principal: Principal, input: { readonly name: string; readonly days: number }): Promise<{ readonly id: string; readonly token: string }> {
    const { operations, clock, rng } = this.#options;
    const token = WALLBOARD_TOKEN_PREFIX + bytesToHex(rng.bytes(16));
    const now = clock.now();
    const scope = principal.scope === 'all' ? 'all' : JSON.stringify([...principal.scope]);
    const row: StoredWallboard = { id: uuidv7(clock, rng), name: input.name, tokenHash: wallboardHash(token), scope, createdAt: now, createdBy: principal.name, expiresAt: now + input.days * DAY };
    await operations.commit({ principal, local: [localStep('wallboard.create', row)], audit: [{ kind: 'wallboard-created', userId: principal.userId, subject: input.name, payload: { id: row.id, days: input.days } }] });
    this.#tokens.set(row.id, row);
    return { id: row.id, token };
  }

  /** Ends a token and its windows at once. Throws AppError not-found. */
  async revoke(principal: Principal, id: string): Promise<void> {
    const { operations, clock } = this.#options;
    const row = this.#tokens.get(id);
    if (row === undefined || !this.#lives(row) || !within(principal.scope, scopeOf(row))) throw new AppError('not-found', 'There is no such wallboard any more. Refresh the list.');
    // First the windows: what is being revoked is not to be shown while it is written.
    this.#tokens.delete(id);
    this.#ends.emit({ sessionId: SESSION_PREFIX + id });
    try {
      await operations.commit({ principal, local: [localStep('wallboard.revoke', { id, at: clock.now() })], audit: [{ kind: 'wallboard-revoked', userId: principal.userId, subject: row.name, payload: { id } }] });
    } catch (error) {
      this.#tokens.set(id, row);
      throw error;
    }
  }

  /** Whether this is the token of a wallboard that lives. */
  knows(token: string): boolean {
    return this.#find(token) !== undefined;
  }

  /** The identity of a token; undefined for one that is unknown, revoked or has expired. */
  open(token: string): OpenedWallboard | undefined {
    const row = this.#find(token);
    if (row === undefined) return undefined;
    this.use(SESSION_PREFIX + row.id);
    const scope = scopeOf(row);
    const principal: Principal = { userId: SESSION_PREFIX + row.id, email: '', name: row.name, role: 'wallboard', permissions: PERMISSIONS, scope, sessionId: SESSION_PREFIX + row.id, nodeId: this.#options.operations.nodeId };
    return { token, principal, expiresAt: row.expiresAt };
  }

  /** Notes that a wallboard's session is used; false where it is over or no wallboard's. */
  use(sessionId: string): boolean {
    if (!sessionId.startsWith(SESSION_PREFIX)) return false;
    const id = sessionId.slice(SESSION_PREFIX.length);
    const row = this.#tokens.get(id);
    if (row === undefined || !this.#lives(row)) return false;
    const { clock, operations, log } = this.#options;
    const now = clock.now();
    if (now - (this.#touched.get(id) ?? Number.NEGATIVE_INFINITY) >= TOUCH_PERIOD) {
      this.#touched.set(id, now);
      this.#tokens.set(id, { ...row, lastSeenAt: now });
      operations.local('wallboard.touch', { id, at: now }).catch((error: unknown) => log.write('warn', 'the use of a wallboard could not be stored', { error }));
    }
    return true;
  }

  #find(token: string): StoredWallboard | undefined {
    const hash = wallboardHash(token);
    for (const row of this.#tokens.values()) if (row.tokenHash === hash && this.#lives(row)) return row;
    return undefined;
  }

  #lives(row: StoredWallboard): boolean {
    return row.expiresAt > this.#options.clock.now();
  }

  #sweep(): void {
    for (const row of [...this.#tokens.values()]) {
      if (this.#lives(row)) continue;
      this.#tokens.delete(row.id);
      this.#ends.emit({ sessionId: SESSION_PREFIX + row.id });
    }
  }
}

function scopeOf(row: StoredWallboard): CustomerScope {
  return row.scope === 'all' ? 'all' : new Set(JSON.parse(row.scope) as string[]);
}

/** Whether whoever sees `scope` sees all of `other`. */
function within(scope: CustomerScope, other: CustomerScope): boolean {
  return scope === 'all' || (other !== 'all' && [...other].every((id) => scope.has(id)));
}
