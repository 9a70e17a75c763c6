import type { Disposable } from './disposable.ts';

/** Wall clock. `now()` is epoch milliseconds UTC; `monotonic()` is milliseconds from an arbitrary start and never goes back. */
export interface Clock {
  now(): number;
  monotonic(): number;
}

/** Source of randomness. `bytes(n)` for ids and secrets; `next()` is uniform in [0, 1). */
export interface Rng {
  bytes(count: number): Uint8Array;
  next(): number;
}

/** Timers. Delays in milliseconds; disposing cancels. */
export interface Scheduler {
  after(delay: number, run: () => void): Disposable;
  every(period: number, run: () => void): Disposable;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
export type LogFields = Readonly<Record<string, unknown>>;

/** Structured log. Fields never hold secrets, passwords or tokens. */
export interface Log {
  write(level: LogLevel, message: string, fields?: LogFields): void;
  /** A log whose lines carry `scope` (dotted path of the component). */
  child(scope: string): Log;
}

/** A log that drops everything. */
export const SILENT_LOG: Log = { write: () => undefined, child: () => SILENT_LOG };
