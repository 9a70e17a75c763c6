import type { Principal } from '#shared/domain/access/principal.ts';
import type { Disposable } from '#shared/kernel/disposable.ts';
import type { Log, Scheduler } from '#shared/kernel/ports.ts';
import type { Operations } from '#core/store/operations/operations.ts';

/** A session gets one row for each permission it lacks in this time, ms. */
const PERIOD = 60_000;
/** Pairs of session and permission that are counted apart; further ones share a row. */
const MAX_PAIRS = 1_000;
const OTHERS = 'other sessions';

interface Pair {
  readonly userId: string;
  readonly sessionId: string;
  readonly permission: string;
  /** Refused since the last row. */
  count: number;
  timer: Disposable;
}

/**
 * Keeps calls that were refused for lack of a permission in the audit log: the first one at once, those that follow as one row a minute with
 * their count. A page that asks in a loop cannot fill the log.
 */
export class RefusalAudit implements Disposable {
  readonly #options: { readonly operations: Pick<Operations, 'audit'>; readonly scheduler: Scheduler; readonly log: Log };
  readonly #pairs = new Map<string, Pair>();

  constructor(options: { readonly operations: Pick<Operations, 'audit'>; readonly scheduler: Scheduler; readonly log: Log }) {
    this.#options = options;
  }

  note({ userId, sessionId }: Pick<Principal, 'userId' | 'sessionId'>, permission: string): void {
    const own = `${sessionId} ${permission}`;
    if (this.#pairs.has(own) || this.#pairs.size < MAX_PAIRS) return this.#count(own, { userId, sessionId, permission });
    this.#count(OTHERS, { userId: '', sessionId: '', permission: OTHERS });
  }

  /** Writes what has been counted. */
  dispose(): void {
    for (const pair of this.#pairs.values()) {
      pair.timer.dispose();
      this.#write(pair);
    }
    this.#pairs.clear();
  }

  #count(key: string, about: Pick<Pair, 'userId' | 'sessionId' | 'permission'>): void {
    const known = this.#pairs.get(key);
    if (known !== undefined) {
      known.count++;
      return;
    }
    const pair: Pair = { ...about, count: 1, timer: this.#options.scheduler.every(PERIOD, () => this.#next(key)) };
    this.#pairs.set(key, pair);
    this.#write(pair);
  }

  /** A minute without a refusal ends the pair. */
  #next(key: string): void {
    const pair = this.#pairs.get(key);
    if (pair === undefined) return;
    if (pair.count > 0) return this.#write(pair);
    pair.timer.dispose();
    this.#pairs.delete(key);
  }

  #write(pair: Pair): void {
    const { userId, sessionId, permission, count } = pair;
    if (count === 0) return;
    pair.count = 0;
    const { operations, log } = this.#options;
    operations.audit({ kind: 'call-refused', userId, subject: permission, payload: { sessionId, count } }).catch((error: unknown) => log.write('warn', 'a refusal could not be audited', { permission, count, error }));
  }
}
