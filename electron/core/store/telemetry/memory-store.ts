import { RowSet } from '#shared/domain/telemetry/codec/chunk/row-set.ts';
import type { Batch } from './batch.ts';
import { type Appended, type Dropped, type DropQuery, type HistoryStore, NOT_SEALED, type RangeQuery, type RangeResult, type RollupQuery, type RollupSeries, type Sealed } from './history-store.ts';
import { Collector } from './points.ts';
import type { RawPayload } from './raw-batch.ts';
import type { RawPage, RawQuery, RowPage, RowQuery, TrendQuery, TrendResult } from './reads.ts';
import { rawPage, rowPage } from './row-pages.ts';
import { needsNewSegment, HOUR } from './segments.ts';
import { TrendBuckets } from './trend-buckets.ts';
import type { HourlyRows } from './unit-history.ts';

interface Message {
  readonly sequence: number;
  readonly unit: number;
  readonly time: number;
  readonly received: number;
  readonly segment: number;
  readonly values: readonly (readonly [number, number])[];
  /** The same as a set of one row. */
  readonly row: RowSet;
  readonly raw: RawPayload | undefined;
}

/** The reference that other stores are compared with: an array, searched from end to end. Nothing is durable. */
export class MemoryHistoryStore implements HistoryStore {
  #messages: Message[] = [];
  #next = 1;
  #segment = 0;
  #hour: number | undefined;

  appendBatch(batch: Batch): Promise<Appended> {
    const first = this.#next;
    if (batch.count > 0) {
      const received = batch.received[0] as number;
      if (this.#hour === undefined || needsNewSegment(this.#hour, received)) {
        this.#hour = Math.floor(received / HOUR);
        this.#segment++;
      }
    }
    for (let i = 0; i < batch.count; i++) this.#messages.push(messageOf(batch, i, this.#next++, this.#segment));
    return Promise.resolve({ first, last: this.#next - 1 });
  }

  seal(_before: number): Promise<Sealed> {
    return Promise.resolve(NOT_SEALED);
  }

  readRange(query: RangeQuery): Promise<RangeResult> {
    return Promise.resolve(this.#collect(query, query.from, query.to).range(query, false));
  }

  rollup(query: RollupQuery): Promise<readonly RollupSeries[]> {
    return Promise.resolve(this.#collect(query, query.from, query.to - 1).rollup(query));
  }

  rows(query: RowQuery): Promise<RowPage> {
    return Promise.resolve(rowPage(this.#history(query.unit, query.from, query.to), query));
  }

  trends(query: TrendQuery): Promise<TrendResult> {
    const trends = query.units.flatMap((unit) => {
      const { rows, order } = this.#rowsOf(unit, query.from, query.to);
      return query.parameters.map((parameter) => {
        const buckets = new TrendBuckets(query.from, query.to, query.maxPoints);
        for (const row of order) {
          for (let at = rows.valueStart(row); at < (rows.valueEnd[row] as number); at++) if (rows.parameters[at] === parameter) buckets.add(rows.time[row] as number, rows.values[at] as number);
        }
        return buckets.result(unit, parameter);
      });
    });
    return Promise.resolve({ trends, truncated: false, damaged: 0 });
  }

  rawRange(query: RawQuery): Promise<RawPage> {
    return Promise.resolve(rawPage(this.#history(query.unit, query.from, query.to), query, (sequence) => this.#raw(sequence)));
  }

  raw(sequence: number): Promise<RawPayload | undefined> {
    return Promise.resolve(this.#raw(sequence));
  }

  drop(query: DropQuery): Promise<Dropped> {
    const before = this.#messages.length;
    const kept = new Set<number>();
    for (const message of this.#messages) {
      if (message.segment === this.#segment || message.received >= query.before || message.sequence > query.appliedThrough) kept.add(message.segment);
    }
    const oldest = Math.min(...kept, this.#segment);
    this.#messages = this.#messages.filter((message) => message.segment >= oldest);
    return Promise.resolve({ messages: before - this.#messages.length, first: this.#messages[0]?.sequence ?? this.#next });
  }

  #raw(sequence: number): RawPayload | undefined {
    return this.#messages.find((message) => message.sequence === sequence)?.raw;
  }

  #rowsOf(unit: number, from: number, to: number): { rows: RowSet; order: Uint32Array } {
    const rows = new RowSet();
    for (const message of this.#messages) if (message.unit === unit && message.time >= from && message.time <= to) rows.copy(message.row, 0);
    return { rows, order: rows.order() };
  }

  #history(unit: number, from: number, to: number): HourlyRows {
    const { rows } = this.#rowsOf(unit, from, to);
    const hours = [...new Set(Array.from(rows.time.subarray(0, rows.count), (time) => Math.floor(time / HOUR)))].sort((a, b) => a - b);
    return { damaged: 0, hours: () => hours, rowsOf: (hour) => this.#rowsOf(unit, Math.max(from, hour * HOUR), Math.min(to, hour * HOUR + HOUR - 1)) };
  }

  #collect(query: { units: readonly number[]; parameters: readonly number[] }, from: number, to: number): Collector {
    const collector = new Collector(query.units, query.parameters);
    for (const message of this.#messages) {
      if (message.time < from || message.time > to) continue;
      for (const [parameter, value] of message.values) collector.add(message.unit, parameter, message.time, value, message.sequence);
    }
    return collector;
  }
}

function messageOf(batch: Batch, i: number, sequence: number, segment: number): Message {
  const from = i === 0 ? 0 : (batch.valueEnd[i - 1] as number);
  const values = Array.from(batch.values.subarray(from, batch.valueEnd[i]), (value, at) => [batch.parameters[from + at] as number, value] as const);
  const time = Math.round(batch.time[i] as number);
  const received = Math.round(batch.received[i] as number);
  const row = new RowSet();
  row.begin(time, received, Math.round(batch.deviceTime[i] as number), batch.boot[i] as number, batch.number[i] as number, batch.flags[i] as number, sequence);
  // A record holds its values in the order of their parameters.
  for (const [parameter, value] of [...values].sort(([a], [b]) => a - b)) row.push(parameter, value);
  for (const { parameter, text } of batch.textsOf(i)) row.pushText(parameter, text);
  const payload = batch.payloadOf(i);
  return { sequence, unit: batch.unit[i] as number, time, received, segment, values, row, raw: payload.length > 0 ? { suffix: batch.suffix[i] as number, payload: new Uint8Array(payload) } : undefined };
}
