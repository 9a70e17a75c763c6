import type { Tree } from './atoms.ts';
import type { CompiledRule } from './plan.ts';
import type { AlertInterval } from './types.ts';

/** State of a rule's condition between two samples, as plain data. NaN: none. */
export interface FoldState {
  cond: boolean;
  /** When `cond` last changed. */
  since: number;
  /** When the interval that lasts began; NaN: none lasts. */
  start: number;
  /** The interval, or the condition that may become one, rests on something that was not late. */
  fresh: boolean;
  /** Of each `repeat` part: whether what it counts holds, and when it last became true, oldest first. */
  readonly inner: boolean[];
  readonly rises: number[][];
  /** Words of the atoms' truth, where a `repeat` part may need it between samples; else empty. */
  last: number[];
}

type Ended = (interval: AlertInterval) => void;

/**
 * One rule on one vehicle, carried forward in event time. `step` takes the truth of its atoms from an instant on; between samples a
 * condition holds, and `settle` lets delays pass. Intervals that end are given to `ended`.
 */
export class RuleFold {
  readonly state: FoldState;
  readonly #rule: CompiledRule;
  /** When a `repeat` part may no longer be true. */
  #expiry = Number.POSITIVE_INFINITY;

  constructor(rule: CompiledRule, state?: FoldState) {
    this.#rule = rule;
    this.state = state
      ? { ...state, inner: [...state.inner], rises: state.rises.map((times) => [...times]), last: [...state.last] }
      : { cond: false, since: Number.NaN, start: Number.NaN, fresh: false, inner: Array.from({ length: rule.repeats }, () => false), rises: Array.from({ length: rule.repeats }, () => []), last: [] };
    if (state) this.#expiry = this.#nextExpiry(rule.tree);
  }

  get active(): boolean {
    return this.state.start === this.state.start;
  }

  /** True where nothing holds and nothing is remembered. */
  get idle(): boolean {
    return !this.state.cond && !this.active && !this.state.inner.includes(true) && this.state.rises.every((times) => times.length === 0);
  }

  /** When time alone may change something, epoch ms; Infinity: never. */
  get deadline(): number {
    return Math.min(this.#delayEnd, this.#expiry);
  }

  get #delayEnd(): number {
    const { cond, since } = this.state;
    return cond === this.active ? Number.POSITIVE_INFINITY : since + (cond ? this.#rule.onDelay : this.#rule.offDelay);
  }

  /** Lets time pass up to `horizon`, epoch ms, included. */
  settle(horizon: number, ended: Ended): void {
    for (let at = this.deadline; at <= horizon && at < Number.POSITIVE_INFINITY; at = this.deadline) {
      if (at === this.#delayEnd) this.#pass(at, ended);
      else this.#evaluate(at, this.state.last, 0, ended);
    }
  }

  /** The truth of the atoms from `time` on: bits of `truth` from word `offset`. */
  step(time: number, truth: ArrayLike<number>, offset: number, late: boolean, ended: Ended): void {
    this.settle(time, ended);
    if (this.#rule.repeats > 0) this.state.last = Array.from(this.#rule.mask, (_, word) => truth[offset + word] as number);
    this.#evaluate(time, truth, offset, ended);
    if (!late && this.state.cond) this.state.fresh = true;
  }

  /** The delay of the present condition has passed at `at`. */
  #pass(at: number, ended: Ended): void {
    const { state } = this;
    if (state.cond) state.start = at;
    else {
      ended({ start: state.start, end: at, late: !state.fresh, count: 1 });
      state.start = Number.NaN;
      state.fresh = false;
    }
  }

  #evaluate(time: number, truth: ArrayLike<number>, offset: number, ended: Ended): void {
    const { state } = this;
    const cond = this.#holds(this.#rule.tree, time, truth, offset);
    if (this.#rule.repeats > 0) this.#expiry = this.#nextExpiry(this.#rule.tree);
    if (cond === state.cond) return;
    state.cond = cond;
    state.since = time;
    if (!cond && !this.active) state.fresh = false;
    // A delay of zero passes at once.
    if (this.#delayEnd === time) this.#pass(time, ended);
  }

  #holds(tree: Tree, time: number, truth: ArrayLike<number>, offset: number): boolean {
    switch (tree.kind) {
      case 'atom':
        return (((truth[offset + (tree.atom >> 5)] as number) >>> (tree.atom & 31)) & 1) === 1;
      case 'all':
      case 'any': {
        // Every part is asked, because `repeat` parts count.
        let met = 0;
        for (const part of tree.of) if (this.#holds(part, time, truth, offset)) met++;
        return tree.kind === 'all' ? met === tree.of.length : met > 0;
      }
      case 'repeat': {
        const times = this.state.rises[tree.index] as number[];
        const holds = this.#holds(tree.of, time, truth, offset);
        if (holds && !this.state.inner[tree.index]) times.push(time);
        this.state.inner[tree.index] = holds;
        while (times.length > 0 && (times.length > tree.count || (times[0] as number) + tree.within <= time)) times.shift();
        return times.length >= tree.count;
      }
    }
  }

  #nextExpiry(tree: Tree): number {
    if (tree.kind === 'atom') return Number.POSITIVE_INFINITY;
    if (tree.kind !== 'repeat') return Math.min(...tree.of.map((part) => this.#nextExpiry(part)));
    const times = this.state.rises[tree.index] as number[];
    return Math.min(this.#nextExpiry(tree.of), times.length > 0 ? (times[0] as number) + tree.within : Number.POSITIVE_INFINITY);
  }
}
