import type { ParameterCatalogue } from '../telemetry/catalogue/index.ts';
import { Feeder, createSamples } from './feed.ts';
import { RuleFold } from './fold.ts';
import { compilePlan, type CompiledRule } from './plan.ts';
import type { AlertRule } from './rule.ts';
import { LATE_AFTER, type AlertInterval, type HistoryRow } from './types.ts';

const ROWS = 64;

/**
 * The intervals over which a rule would have been active: the engine's own step function over rows of history, ascending by time.
 * Time stands still at `until` (epoch ms); an interval that lasts then has end NaN. A rule about silence is judged by reception:
 * its parts about silence by the gaps between receptions, the others by what held then. Throws AppError `invalid-input` for
 * parameters the catalogue has not.
 */
export function deriveIntervals(rule: AlertRule, catalogue: ParameterCatalogue, rows: Iterable<HistoryRow>, until: number): AlertInterval[] {
  const plan = compilePlan([rule], catalogue);
  const compiled = plan.rules[0] as CompiledRule;
  const fold = new RuleFold(compiled);
  const intervals: AlertInterval[] = [];
  const ended = (interval: AlertInterval): void => void intervals.push(interval);
  const samples = createSamples(plan, ROWS);
  const feeder = new Feeder();
  const window = samples.rows;
  const silence = compiled.byReception ? new Silence(plan.silent.map((atom) => ({ atom, limit: plan.limit[atom] as number, parameter: plan.atoms[atom]?.parameter ?? 0 }))) : undefined;
  const step = (time: number, at: number, late: boolean): void => {
    fold.step(time, silence ? silence.over(window.truth, at, window.words) : window.truth, silence ? 0 : at, late, ended);
  };
  const absorb = (count: number): void => {
    for (let i = 1; i <= count; i++) step(window.timeOf(i), i * window.words, window.late[i] === 1);
    window.drop(count);
  };
  for (const row of rows) {
    if (window.full && silence) window.drop(1);
    else if (window.full) absorb(1);
    feeder.feed(samples, row.time, row.seq, row.receivedAt - row.time > LATE_AFTER, row.parameters, row.values, 0, row.parameters.length);
    if (!silence) continue;
    const newest = window.count * window.words;
    silence.hear(row, (time) => step(time, newest, false));
    step(row.receivedAt, newest, false);
  }
  if (silence) silence.wait(until, (time) => step(time, window.count * window.words, false));
  else absorb(window.count);
  fold.settle(until, ended);
  if (fold.active) intervals.push({ start: fold.state.start, end: Number.NaN, late: !fold.state.fresh, count: 1 });
  return intervals;
}

/** Which atoms about silence hold, as time of reception goes on. */
class Silence {
  readonly #atoms: readonly { readonly atom: number; readonly limit: number; readonly parameter: number }[];
  readonly #heard: number[];
  readonly #silent: boolean[];
  #last = Number.NaN;

  constructor(atoms: readonly { readonly atom: number; readonly limit: number; readonly parameter: number }[]) {
    this.#atoms = atoms;
    this.#heard = atoms.map(() => Number.NaN);
    this.#silent = atoms.map(() => false);
  }

  /** A copy of the truth at word `at`, with these atoms in it. */
  over(truth: Uint32Array, at: number, words: number): Uint32Array {
    const copy = truth.slice(at, at + words);
    this.#atoms.forEach(({ atom }, k) => {
      if (this.#silent[k]) copy[atom >> 5] = (copy[atom >> 5] as number) | (1 << (atom & 31));
    });
    return copy;
  }

  hear(row: HistoryRow, changed: (time: number) => void): void {
    this.#atoms.forEach(({ limit, parameter }, k) => {
      const carried = parameter === 0 || Array.prototype.includes.call(row.parameters, parameter);
      // A pause of the whole vehicle is not the silence of one parameter.
      if (parameter !== 0 && !this.#silent[k] && row.receivedAt - this.#last >= limit) this.#heard[k] = Math.max(this.#heard[k] as number, row.receivedAt);
      if (parameter === 0 || !carried) this.#fall(k, limit, row.receivedAt, changed);
      if (!carried) return;
      this.#heard[k] = row.receivedAt;
      this.#silent[k] = false;
    });
    this.#last = row.receivedAt;
  }

  wait(until: number, changed: (time: number) => void): void {
    this.#atoms.forEach(({ limit, parameter }, k) => void (parameter === 0 && this.#fall(k, limit, until, changed)));
  }

  #fall(k: number, limit: number, now: number, changed: (time: number) => void): void {
    const at = (this.#heard[k] as number) + limit;
    if (this.#silent[k] || !(at <= now)) return;
    this.#silent[k] = true;
    changed(at);
  }
}
