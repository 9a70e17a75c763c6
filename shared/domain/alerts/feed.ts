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
  /** By atom; made when the first sample comes. */
  rates: (RateSeries | undefined)[];
}

export function createSamples(plan: AlertPlan, capacity: number): Samples {
  return { plan, rows: new RowWindow(plan.words, capacity), rates: [] };
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
    let special = false;
    for (let i = from; i < to; i++) {
      const parameter = parameters[i] as number;
      if (parameter >= known) continue;
      const end = atomStart[parameter + 1] as number;
      for (let k = atomStart[parameter] as number; k < end; k++) {
        const atom = atomList[k] as number;
        const what = kind[atom] as number;
        if (what > ATOM.different) {
          if (what !== ATOM.silent) special = true;
          continue;
        }
        const symbol = symbolOf(what, values[i] as number, limit[atom] as number, back[atom] as number);
        if (symbol === SYMBOL.hold) continue;
        touched = true;
        const bits = symbol === SYMBOL.set ? this.set : this.reset;
        bits[atom >> 5] = (bits[atom >> 5] as number) | (1 << (atom & 31));
      }
    }
    if (!touched && !special) return FED.nothing;
    const at = rows.place(time, seq, late);
    if (at === PLACE.tooOld) {
      if (special) this.#noteRates(plan, parameters, from, to);
      return FED.tooOld;
    }
    const { words } = rows;
    for (let w = 0; w < words; w++) {
      rows.set[at * words + w] = (rows.set[at * words + w] as number) | (this.set[w] as number);
      rows.reset[at * words + w] = (rows.reset[at * words + w] as number) | (this.reset[w] as number);
    }
    this.#from = at;
    this.#through = at;
    if (special) this.#special(samples, at, orderKey(time, seq), parameters, values, from, to);
    let changed = rows.derive(this.#from, this.#through, this.dirty);
    if (plan.moved.length > 0 && rows.geo) {
      markMoved(rows, this.#from, plan);
      changed = rows.derive(this.#from, rows.count, this.dirty) || changed;
    }
    return this.lost ? FED.tooOld : changed ? FED.changed : FED.nothing;
  }

  #prepare(words: number): void {
    if (this.dirty.length < words) [this.dirty, this.set, this.reset] = [new Uint32Array(words), new Uint32Array(words), new Uint32Array(words)];
    this.set.fill(0);
    this.reset.fill(0);
  }

  /** A rate may be affected by a row that came too late: as if the row had set it. */
  #noteRates(plan: AlertPlan, parameters: ArrayLike<number>, from: number, to: number): void {
    for (let i = from; i < to; i++) {
      for (const atom of plan.rates) if (plan.atoms[atom]?.parameter === parameters[i]) this.set[atom >> 5] = (this.set[atom >> 5] as number) | (1 << (atom & 31));
    }
  }

  #special(samples: Samples, at: number, key: number, parameters: ArrayLike<number>, values: ArrayLike<number>, from: number, to: number): void {
    const { plan, rows } = samples;
    for (const atom of plan.rates) {
      const { parameter, window } = plan.atoms[atom] as (typeof plan.atoms)[number];
      for (let i = from; i < to; i++) {
        if (parameters[i] !== parameter) continue;
        this.#samples = samples;
        this.#atom = atom;
        const series = (samples.rates[atom] ??= new RateSeries(window));
        if (!series.add(key, values[i] as number, this.#slope)) this.lost = true;
      }
    }
    if (plan.moved.length === 0) return;
    for (let i = from; i < to; i++) {
      if (parameters[i] === PARAMETER.lat) rows.setGeo(at, GEO.lat, values[i] as number);
      else if (parameters[i] === PARAMETER.lon) rows.setGeo(at, GEO.lon, values[i] as number);
    }
  }

  /** Marks the row of a point with its slope; undefined: it is no point any more. */
  readonly #slope = (key: number, slope: number | undefined): void => {
    const { plan, rows } = this.#samples as Samples;
    const row = rows.find(key);
    if (row < 0) {
      this.lost = true;
      return;
    }
    const atom = this.#atom;
    rows.unmark(row, atom);
    if (slope !== undefined) {
      const limit = plan.limit[atom] as number;
      rows.mark(row, atom, plan.back[atom] === 1 ? slope >= limit : slope <= limit);
    }
    this.#from = Math.min(this.#from, row);
    this.#through = Math.max(this.#through, row);
  };
}
