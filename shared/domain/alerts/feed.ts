import { PARAMETER } from '../telemetry/catalogue/index.ts';
import { orderKey } from '../telemetry/state/order.ts';
import { ATOM, SYMBOL, symbolOf } from './atoms.ts';
import { markMoved } from './moved.ts';
import type { AlertPlan } from './plan.ts';
import { RateSeries } from './rate.ts';
import { GEO, PLACE, RowWindow } from './window.ts';

/** The samples of a vehicle as far as its rules look at them. */
export interface Samples {
  plan: AlertPlan;
  rows: RowWindow;
  /** By place in `plan.rates`. */
  rates: RateSeries[];
  /** Of each: key of the newest point, and where its part of the window ends; a sample between changes nothing. */
  rateFrom: Float64Array;
  rateTo: Float64Array;
  /** Atoms that were true at any time, as bits. */
  ever: Uint32Array;
}

export function createSamples(plan: AlertPlan, capacity: number): Samples {
  const rates = plan.rates.map((atom) => new RateSeries((plan.atoms[atom] as (typeof plan.atoms)[number]).window));
  return { plan, rows: new RowWindow(plan.words, capacity), rates, rateFrom: new Float64Array(rates.length).fill(Number.POSITIVE_INFINITY), rateTo: new Float64Array(rates.length), ever: new Uint32Array(plan.words) };
}

/** What a row did. `tooOld`: it stands before the rows kept, and nothing has changed. */
export const FED = { nothing: 0, changed: 1, tooOld: 2 } as const;
export type Fed = (typeof FED)[keyof typeof FED];

/**
 * Puts rows among the samples of vehicles. One per engine: it holds scratch space, so that a row costs no allocation.
 */
export class Feeder {
  /** Atoms whose truth changed anywhere among the rows kept, as bits; the caller clears them. */
  dirty = new Uint32Array(8);
  /** Atoms that the last row set, as bits, and those it reset; for rows that came too late. */
  set = new Uint32Array(8);
  reset = new Uint32Array(8);
  /** Values of the row for atoms that are no comparisons: where they are, and whose. */
  #specialAt = new Uint32Array(64);
  #specialAtom = new Uint16Array(64);
  #specials = 0;
  #samples: Samples | undefined;
  #atom = 0;
  #from = 0;
  #through = 0;
  /** The last row's effect reaches back before the rows kept. */
  lost = false;

  /** Values `from` … `to` − 1 at `time` (epoch ms); `late` where the row was old at its reception. */
  feed(samples: Samples, time: number, seq: number, late: boolean, parameters: ArrayLike<number>, values: ArrayLike<number>, from: number, to: number): Fed {
    const { plan, rows } = samples;
    const { atomStart, atomList, kind, limit, back } = plan;
    this.#prepare(plan.words);
    this.lost = false;
    const known = atomStart.length - 1;
    let touched = false;
    this.#specials = 0;
    for (let i = from; i < to; i++) {
      const parameter = parameters[i] as number;
      if (parameter >= known) continue;
      const end = atomStart[parameter + 1] as number;
      for (let k = atomStart[parameter] as number; k < end; k++) {
        const atom = atomList[k] as number;
        const what = kind[atom] as number;
        if (what > ATOM.different) {
          if (what !== ATOM.silent) this.#note(i, atom);
          continue;
        }
        const symbol = symbolOf(what, values[i] as number, limit[atom] as number, back[atom] as number);
        if (symbol === SYMBOL.hold) continue;
        touched = true;
        const bits = symbol === SYMBOL.set ? this.set : this.reset;
        bits[atom >> 5] = (bits[atom >> 5] as number) | (1 << (atom & 31));
      }
    }
    const special = this.#specials > 0;
    if (!touched && !special) return FED.nothing;
    const at = rows.place(time, seq, late);
    if (at === PLACE.tooOld) {
      // Rates and moves may be affected by a row that came too late: as if the row had set them.
      for (let n = 0; n < this.#specials; n++) this.#setBit(this.#specialAtom[n] as number);
      for (let w = 0; w < plan.words; w++) samples.ever[w] = (samples.ever[w] as number) | (this.set[w] as number);
      return FED.tooOld;
    }
    const { words } = rows;
    for (let w = 0; w < words; w++) {
      rows.set[at * words + w] = (rows.set[at * words + w] as number) | (this.set[w] as number);
      rows.reset[at * words + w] = (rows.reset[at * words + w] as number) | (this.reset[w] as number);
      samples.ever[w] = (samples.ever[w] as number) | (this.set[w] as number);
    }
    this.#from = at;
    this.#through = at;
    if (special) this.#special(samples, at, orderKey(time, seq), parameters, values);
    let changed = rows.derive(this.#from, this.#through, this.dirty);
    if (plan.moved.length > 0 && rows.geo) {
      markMoved(rows, this.#from, plan);
      if (rows.derive(this.#from, rows.count, this.dirty)) {
        changed = true;
        for (const atom of plan.moved) samples.ever[atom >> 5] = (samples.ever[atom >> 5] as number) | (1 << (atom & 31));
      }
    }
    return this.lost ? FED.tooOld : changed ? FED.changed : FED.nothing;
  }

  /** A sample of a rate that has no row: history keeps values that moved by their dead-band, slopes rest on all. */
  addPoint(samples: Samples, rate: number, key: number, value: number): void {
    this.#samples = samples;
    this.#atom = samples.plan.rates[rate] as number;
    (samples.rates[rate] as RateSeries).add(key, value, this.#slope);
  }

  #prepare(words: number): void {
    if (this.dirty.length < words) [this.dirty, this.set, this.reset] = [new Uint32Array(words), new Uint32Array(words), new Uint32Array(words)];
    this.set.fill(0);
    this.reset.fill(0);
  }

  #note(at: number, atom: number): void {
    if (this.#specials === this.#specialAt.length) {
      [this.#specialAt, this.#specialAtom] = [doubled(this.#specialAt, Uint32Array), doubled(this.#specialAtom, Uint16Array)];
    }
    this.#specialAt[this.#specials] = at;
    this.#specialAtom[this.#specials++] = atom;
  }

  #setBit(atom: number): void {
    this.set[atom >> 5] = (this.set[atom >> 5] as number) | (1 << (atom & 31));
  }

  #special(samples: Samples, at: number, key: number, parameters: ArrayLike<number>, values: ArrayLike<number>): void {
    const { plan, rows } = samples;
    this.#samples = samples;
    for (let n = 0; n < this.#specials; n++) {
      const atom = this.#specialAtom[n] as number;
      const i = this.#specialAt[n] as number;
      if (plan.kind[atom] === ATOM.moved) {
        rows.setGeo(at, parameters[i] === PARAMETER.lat ? GEO.lat : GEO.lon, values[i] as number);
        continue;
      }
      const rate = plan.rateOf[atom] as number;
      if (key > (samples.rateFrom[rate] as number) && key < (samples.rateTo[rate] as number)) continue;
      this.#atom = atom;
      const series = samples.rates[rate] as RateSeries;
      if (!series.add(key, values[i] as number, this.#slope)) this.lost = true;
      samples.rateFrom[rate] = series.newestKey;
      samples.rateTo[rate] = series.newestEnd;
    }
  }

  /** Marks the row of a point with its slope; undefined: it is no point any more. */
  readonly #slope = (key: number, slope: number | undefined): void => {
    const { plan, rows, ever } = this.#samples as Samples;
    const row = rows.find(key);
    if (row < 0) {
      this.lost = true;
      return;
    }
    const atom = this.#atom;
    rows.unmark(row, atom);
    if (slope !== undefined) {
      const limit = plan.limit[atom] as number;
      const sets = plan.back[atom] === 1 ? slope >= limit : slope <= limit;
      rows.mark(row, atom, sets);
      if (sets) ever[atom >> 5] = (ever[atom >> 5] as number) | (1 << (atom & 31));
    }
    this.#from = Math.min(this.#from, row);
    this.#through = Math.max(this.#through, row);
  };
}

function doubled<T extends Uint32Array | Uint16Array>(from: T, of: new (length: number) => T): T {
  const to = new of(from.length * 2);
  to.set(from);
  return to;
}
