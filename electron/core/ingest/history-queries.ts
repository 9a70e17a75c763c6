import type { TopicSuffix } from '#shared/domain/telemetry/adapters/index.ts';
import type { RecordHistory, TelemetryHistory } from '../history/ports.ts';
import type { HistoryReader } from '../live/handlers.ts';
import type { RawMessage, RawQuery, Rewritten, RewrittenRow, RowPage, RowQuery } from '../store/telemetry/reads.ts';
import type { HistoryStore } from '../store/telemetry/history-store.ts';
import { readPayload } from './stored-payload.ts';
import { suffixOfCode } from './suffix-codes.ts';
import type { UnitRegistry } from './unit-registry.ts';

type OfUnit<Query> = Omit<Query, 'unit' | 'units'> & { readonly unitId: string };

/** A payload as it was received; `detail` is what its topic says beyond the suffix, '' mostly. */
export interface ReceivedPayload {
  readonly suffix: TopicSuffix;
  readonly detail: string;
  readonly payload: Uint8Array;
}

export type ReceivedMessage = Omit<RawMessage, 'suffix' | 'payload'> & ReceivedPayload;

export interface ReceivedPage {
  readonly messages: readonly ReceivedMessage[];
  /** Ask with it as `after` for the next page; undefined: this was the last one. */
  readonly next?: RawQuery['after'];
  /** Messages of the page's stretch whose payload is not kept (any more). */
  readonly missing: number;
  readonly damaged: number;
}

/**
 * Stored telemetry by unit id, as pages ask for it; a unit that was never heard has nothing. All reads join what is sealed, what came
 * late and what was received this minute, in the order of event time. All throw AppError unavailable while too much is asked at once.
 */
export class HistoryQueries implements RecordHistory {
  readonly #store: HistoryStore;
  readonly #registry: UnitRegistry;

  constructor(store: HistoryStore, registry: UnitRegistry) {
    this.#store = store;
    this.#registry = registry;
  }

  /** Every stored value of some parameters, oldest first; the newest `maxPoints` of each. */
  async read(query: Parameters<HistoryReader['read']>[0]): ReturnType<HistoryReader['read']> {
    const unit = this.#number(query.unitId);
    const { parameters, from, to, maxPoints } = query;
    if (unit === undefined) return { series: parameters.map((parameter) => ({ parameter, time: new Float64Array(0), value: new Float64Array(0) })), truncated: false };
    const { series, truncated } = await this.#store.readRange({ units: [unit], parameters, from, to, maxPoints });
    return { series: series.map(({ parameter, time, value }) => ({ parameter, time, value })), truncated };
  }

  /** Curves in at most `maxPoints` buckets each, with exact extremes: what a chart draws. */
  async series(query: Parameters<TelemetryHistory['series']>[0]): ReturnType<TelemetryHistory['series']> {
    const { unitId, ...asked } = query;
    const unit = this.#number(unitId);
    if (unit === undefined) return { trends: [], truncated: false, damaged: 0 };
    return this.#store.trends({ ...asked, units: [unit] });
  }

  /** Whole rows, a page at a time, from the oldest or the newest. */
  async rows(query: OfUnit<RowQuery>): Promise<RowPage> {
    const { unitId, ...asked } = query;
    const unit = this.#number(unitId);
    return unit === undefined ? { rows: [], damaged: 0 } : this.#store.rows({ ...asked, unit });
  }

  /** Messages as they were received, a page at a time, oldest first: what is decoded again. */
  async raw(query: OfUnit<RawQuery>): Promise<ReceivedPage> {
    const { unitId, ...asked } = query;
    const unit = this.#number(unitId);
    if (unit === undefined) return { messages: [], missing: 0, damaged: 0 };
    const page = await this.#store.rawRange({ ...asked, unit });
    return { ...page, messages: page.messages.flatMap((message) => this.#received(message) ?? []) };
  }

  /** Puts other values into rows of a unit. */
  async rewrite(unitId: string, rows: readonly RewrittenRow[]): Promise<Rewritten> {
    const unit = this.#number(unitId);
    return unit === undefined ? { rewritten: 0, missing: rows.length } : this.#store.rewrite(unit, rows);
  }

  /** The payload behind a row, by its `sequence`; of the message's first row. Undefined where it is not kept (any more). */
  async payload(sequence: number): Promise<ReceivedPayload | undefined> {
    const found = await this.#store.raw(sequence);
    return found && this.#received(found);
  }

  #number(unitId: string): number | undefined {
    return this.#registry.byUnitId(unitId)?.number;
  }

  #received<T extends { readonly suffix: number; readonly payload: Uint8Array }>(message: T): (Omit<T, 'suffix' | 'payload'> & ReceivedPayload) | undefined {
    const suffix = suffixOfCode(message.suffix);
    return suffix && { ...message, suffix, ...readPayload(suffix, message.payload) };
  }
}
