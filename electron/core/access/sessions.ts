import type { Principal } from '#shared/domain/access/principal.ts';
import { AppError } from '#shared/kernel/error.ts';
import { Emitter } from '#shared/kernel/emitter.ts';
import { DisposableStore, type Disposable } from '#shared/kernel/disposable.ts';
import { uuidv7 } from '#shared/kernel/ids.ts';
import type { Clock, Log, Rng, Scheduler } from '#shared/kernel/ports.ts';
import { user, type UserRow } from '#shared/resources/user.ts';
import { localStep, type AuditNote, type Operations } from '#core/store/operations/operations.ts';
import type { LocalStep } from '#core/store/operations/local/index.ts';
import { readSessions, type ListedSession } from '#core/store/operations/local/access-reads.ts';
import { principalOfUser } from './identity.ts';
import { newToken, tokenHash } from '#shared/domain/access/tokens.ts';

const HOUR = 3_600_000;
/** A second factor that was shown counts for this long, ms. */
export const PROOF_LIFE = 15 * 60_000;
/** Unused for this long a session is over, ms. */
export const IDLE = 12 * HOUR;
/** However much it is used, a session is over after this, ms. */
export const ABSOLUTE = 30 * 24 * HOUR;
/** Use is written to the disk at most this often per session, ms. */
const TOUCH_PERIOD = 60_000;
/** Sessions that nobody uses are looked for this often, ms. */
const SWEEP_PERIOD = 5 * 60_000;

export interface SessionEnd {
  readonly sessionId: string;
  /** `ended`: the session is over. `rights`, `identity`: the user's rights, or only name or address, changed; the session lives and is resumed with the new ones. */
  readonly reason: 'ended' | 'rights' | 'identity';
}

export interface OpenedSession {
  readonly token: string;
  readonly principal: Principal;
  readonly user: UserRow;
  /** The user has to set up a second factor first and may do nothing else. */
  readonly mustEnrol: boolean;
  /** Epoch ms. */
  readonly idleUntil: number;
  readonly absoluteUntil: number;
}

interface Live {
  readonly userId: string;
  readonly createdAt: number;
  usedAt: number;
  storedAt: number;
  /** When a second factor was shown in this session, epoch ms; kept in memory alone. */
  provedAt?: number;
}

/** Where a session is opened. */
export interface Place {
  readonly address: string;
  /** Browser and machine in words, as the client says. */
  readonly client?: string | undefined;
}

/** Sessions: opened by a sign-in, resumed by their token, over when idle, old, ended, or when their user may not sign in any more. */
export class Sessions implements Disposable {
  readonly #operations: Operations;
  readonly #clock: Clock;
  readonly #rng: Rng;
  readonly #log: Log;
  readonly #mustEnrol: (row: UserRow) => boolean;
  readonly #ends: Emitter<SessionEnd>;
  /** Sessions that this process has seen since it started. */
  readonly #live = new Map<string, Live>();
  readonly #subscriptions = new DisposableStore();

  constructor(options: { readonly operations: Operations; readonly clock: Clock; readonly rng: Rng; readonly scheduler: Scheduler; readonly log: Log; mustEnrol(row: UserRow): boolean }) {
    this.#operations = options.operations;
    this.#clock = options.clock;
    this.#rng = options.rng;
    this.#log = options.log;
    this.#mustEnrol = (row) => options.mustEnrol(row);
    this.#ends = new Emitter((error) => options.log.write('error', 'a listener of session ends failed', { error }));
    this.#subscriptions.add(
      options.operations.onChange((event) => {
        for (const change of event.changes) {
          if (change.resource !== user.name || change.operation === 'insert') continue;
          this.#userChanged(change.rowId, change.row as unknown as UserRow | undefined, Object.keys(change.fields));
        }
      }),
    );
    this.#subscriptions.add(options.scheduler.every(SWEEP_PERIOD, () => this.#sweep()));
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  /** Calls back at once when connections of a session must lose their identity. */
  onEnd(listener: (end: SessionEnd) => void): Disposable {
    return this.#ends.on(listener);
  }

  /**
   * Prepares a session of a user: the writes that open it, and what it will be once they are committed. `credentialHash` is the
   * one the password was checked against: the session does not open when it was changed meanwhile. `proved`: with a second factor.
   */
  prepare(row: UserRow, credentialHash: string, place: Place, proved = false): { readonly step: LocalStep; opened(): OpenedSession } {
    const now = this.#clock.now();
    const id = uuidv7(this.#clock, this.#rng);
    const token = newToken(this.#rng);
    return {
      step: localStep('session.open', { id, tokenHash: tokenHash(token), userId: row.id, address: place.address, client: place.client ?? '', createdAt: now, usedAt: now, credentialHash }),
      opened: () => {
        this.#live.set(id, { userId: row.id, createdAt: now, usedAt: now, storedAt: now, ...(proved ? { provedAt: now } : {}) });
        // As the user is now: the role may have changed while the password was checked.
        return this.#describe(id, token, this.#operations.read.get(user, row.id) ?? row);
      },
    };
  }

  /** The session of a token; throws AppError not-signed-in when there is none that lives. */
  async resume(token: string): Promise<OpenedSession> {
    const stored = this.#operations.read.sessionByToken(tokenHash(token));
    const row = stored === undefined ? undefined : this.#operations.read.get(user, stored.userId);
    if (stored === undefined || row === undefined || row.status !== 'active' || stored.endedAt !== undefined) throw over();
    const known = this.#live.get(stored.id) ?? { userId: row.id, createdAt: stored.createdAt, usedAt: stored.usedAt, storedAt: stored.usedAt };
    if (this.#isOver(known)) {
      await this.end({ id: stored.id, reason: 'expired' });
      throw over();
    }
    this.#live.set(stored.id, known);
    this.use(stored.id);
    return this.#describe(stored.id, token, row);
  }

  /** Notes that a session is used; false when it is over. To be called with every request; resuming is use too. */
  use(sessionId: string): boolean {
    const session = this.#live.get(sessionId);
    if (session === undefined) return false;
    if (this.#isOver(session)) {
      this.#expire(sessionId);
      return false;
    }
    const now = this.#clock.now();
    session.usedAt = now;
    if (now - session.storedAt >= TOUCH_PERIOD) {
      session.storedAt = now;
      this.#operations.local('session.touch', { id: sessionId, at: now }).catch((error: unknown) => this.#log.write('warn', 'the use of a session could not be stored', { error }));
    }
    return true;
  }

  /** Notes that a second factor was shown in a session; returns until when it counts, epoch ms. */
  prove(sessionId: string): number {
    const session = this.#live.get(sessionId);
    const now = this.#clock.now();
    if (session !== undefined) session.provedAt = now;
    return now + PROOF_LIFE;
  }

  /** Whether a second factor was shown in this session lately. */
  isProved(sessionId: string): boolean {
    const at = this.#live.get(sessionId)?.provedAt;
    return at !== undefined && this.#clock.now() - at < PROOF_LIFE;
  }

  /** Instants after which a session must have been opened and used to be alive, epoch ms. */
  aliveSince(): { readonly usedAfter: number; readonly createdAfter: number } {
    const now = this.#clock.now();
    return { usedAfter: now - IDLE, createdAfter: now - ABSOLUTE };
  }

  /** A user's sessions that live, last used first. */
  list(userId: string): readonly ListedSession[] {
    return readSessions(this.#operations.read.database, userId, this.aliveSince()).map((row) => ({ ...row, usedAt: this.#live.get(row.id)?.usedAt ?? row.usedAt }));
  }

  /** Ends one session, or all of a user's but one, and tells the connections at once; what the audit keeps may be added. */
  async end(which: { readonly id?: string; readonly userId?: string; readonly except?: string; readonly reason: string }, audit: readonly AuditNote[] = []): Promise<void> {
    this.closed([...this.#live].filter(([id, session]) => id !== which.except && (id === which.id || session.userId === which.userId)).map(([id]) => id));
    const { id, userId, except, reason } = which;
    this.closed(await this.#operations.local('session.end', { id, userId, except, at: this.#clock.now(), reason }, audit));
  }

  /** Sessions that are over in the store already. */
  closed(ids: readonly string[]): void {
    for (const sessionId of ids) if (this.#live.delete(sessionId)) this.#ends.emit({ sessionId, reason: 'ended' });
  }

  #expire(sessionId: string): void {
    this.end({ id: sessionId, reason: 'expired' }).catch((error: unknown) => this.#log.write('warn', 'an expired session could not be ended', { error }));
  }

  /** A connection that only listens makes no requests; its session ends all the same. */
  #sweep(): void {
    for (const [sessionId, session] of [...this.#live]) if (this.#isOver(session)) this.#expire(sessionId);
  }

  #isOver(session: Live): boolean {
    const now = this.#clock.now();
    return now - session.usedAt >= IDLE || now - session.createdAt >= ABSOLUTE;
  }

  #describe(id: string, token: string, row: UserRow): OpenedSession {
    const { createdAt, usedAt } = this.#live.get(id) ?? { createdAt: this.#clock.now(), usedAt: this.#clock.now() };
    const absoluteUntil = createdAt + ABSOLUTE;
    const mustEnrol = this.#mustEnrol(row);
    return { token, principal: principalOfUser(row, id, this.#operations.nodeId, mustEnrol), user: row, mustEnrol, idleUntil: Math.min(usedAt + IDLE, absoluteUntil), absoluteUntil };
  }

  #userChanged(userId: string, row: UserRow | undefined, fields: readonly string[]): void {
    if (row === undefined || row.status !== 'active') {
      this.end({ userId, reason: row === undefined ? 'user deleted' : `user ${row.status}` }).catch((error: unknown) => this.#log.write('error', 'sessions could not be ended', { userId, error }));
      return;
    }
    const touches = (...keys: readonly (keyof UserRow)[]): boolean => keys.some((key) => fields.includes(key));
    const reason = touches('role', 'misRole', 'customers') ? 'rights' : touches('email', 'name') ? 'identity' : undefined;
    if (reason === undefined) return;
    for (const [sessionId, session] of this.#live) if (session.userId === userId) this.#ends.emit({ sessionId, reason });
  }
}

function over(): AppError {
  return new AppError('not-signed-in', 'The session has ended. Sign in again.');
}
