import { AppError } from '../../kernel/error.ts';
import type { Clock } from '../../kernel/ports.ts';

export interface AttemptRule {
  /** Attempts without a delay. */
  readonly free: number;
  /** Longest delay, ms. */
  readonly longest: number;
}

/** An account waits at most a minute, so that nobody can lock another one out; an address that tries many accounts waits longer. */
export const ACCOUNT_RULE: AttemptRule = { free: 5, longest: 60_000 };
export const ADDRESS_RULE: AttemptRule = { free: 20, longest: 300_000 };

/** First delay, doubled with every further attempt, ms. */
const FIRST_DELAY = 1_000;
/** Attempts are forgotten after this long without another, ms. */
const MEMORY = 3_600_000;
/** Names that are remembered; the longest idle is forgotten first. */
const BOUND = 10_000;

interface Record {
  count: number;
  last: number;
  blockedUntil: number;
}

/** Counts attempts by name (an account, an address) and makes each one after the free ones wait longer. In memory only. */
export class AttemptCounter {
  readonly #clock: Clock;
  readonly #rule: AttemptRule;
  readonly #records = new Map<string, Record>();

  constructor(clock: Clock, rule: AttemptRule) {
    this.#clock = clock;
    this.#rule = rule;
  }

  /** Milliseconds until the next attempt under this name is heard; 0: now. */
  wait(name: string): number {
    return Math.max(0, (this.#records.get(name)?.blockedUntil ?? 0) - this.#clock.monotonic());
  }

  /** Counts an attempt as failed until `clear` says otherwise, so that attempts at the same time count too. */
  count(name: string): void {
    const now = this.#clock.monotonic();
    const before = this.#records.get(name);
    const count = before === undefined || now - before.last > MEMORY ? 1 : before.count + 1;
    const excess = count - this.#rule.free;
    const delay = excess < 0 ? 0 : Math.min(this.#rule.longest, FIRST_DELAY * 2 ** Math.min(excess, 30));
    this.#records.delete(name);
    this.#records.set(name, { count, last: now, blockedUntil: now + delay });
    if (this.#records.size > BOUND) this.#records.delete(this.#records.keys().next().value ?? '');
  }

  /** Forgets what was counted. */
  clear(name: string): void {
    this.#records.delete(name);
  }

  /** Takes one counted attempt back. */
  forgive(name: string): void {
    const record = this.#records.get(name);
    if (record === undefined) return;
    record.count -= 1;
    record.blockedUntil = 0;
    if (record.count <= 0) this.#records.delete(name);
  }
}

/** Attempts by account and by address together. */
export class AttemptGuard {
  readonly #accounts: AttemptCounter;
  readonly #addresses: AttemptCounter;

  constructor(clock: Clock) {
    this.#accounts = new AttemptCounter(clock, ACCOUNT_RULE);
    this.#addresses = new AttemptCounter(clock, ADDRESS_RULE);
  }

  /** Counts an attempt; throws AppError too-many-attempts with `details.retryAfter` (ms) while one has to wait. */
  begin(account: string, address: string): void {
    const retryAfter = Math.max(this.#accounts.wait(account), this.#addresses.wait(address));
    if (retryAfter > 0) throw new AppError('too-many-attempts', `Too many attempts. Try again in ${Math.ceil(retryAfter / 1000)} s.`, { retryAfter: Math.ceil(retryAfter) });
    this.#accounts.count(account);
    this.#addresses.count(address);
  }

  /** The attempt was right. The address keeps its other attempts: one known password does not pay for guessing others. */
  succeed(account: string, address: string): void {
    this.#accounts.clear(account);
    this.#addresses.forgive(address);
  }
}
