import { RowSet } from '#shared/domain/telemetry/codec/chunk/row-set.ts';
import { ROW_FLAG, type Batch } from './batch.ts';
import { type Appended, type Dropped, type DropQuery, type HistoryStore, type RangeQuery, type RangeResult, type Sealed } from './history-store.ts';
import { Collector } from './points.ts';
import type { RawPayload } from './raw-batch.ts';
import type { RawPage, RawQuery, Rewritten, RewrittenRow, RowPage, RowQuery, TrendQuery, TrendResult } from './reads.ts';
import { rawPage, rowPage } from './row-pages.ts';
import { needsNewSegment, HOUR } from './segments.ts';
import { TrendBuckets } from './trend-buckets.ts';
import type { HourlyRows } from './unit-history.ts';

interface Message {
  readonly sequence: number;
  readonly unit: number;
  readonly time: number;
  readonly received: number;
  readonly segment: Segment;
  readonly values: readonly (readonly [number, number])[];
  /** The same as a set of one row. */
  readonly row: RowSet;
  readonly raw: RawPayload | undefined;
}

/** An hour of reception. */
interface Segment {
  readonly hour: number;
  readonly first: number;
  last: number;
  receivedTo: number;
  closed: boolean;
  sealed: boolean;
}

/** The reference that other stores are compared with: an array, searched from end to end. Nothing is durable. */
export class MemoryHistoryStore implements HistoryStore {
  #messages: Message[] = [];
  #next = 1;
  #segments: Segment[] = [];

  appendBatch(batch: Batch): Promise<Appended> {
    const first = this.#next;
    if (batch.count === 0) return Promise.resolve({ first, last: first - 1 });
    const received = batch.received[0] as number;
    let segment = this.#segments.at(-1);
    if (!segment || segment.closed || needsNewSegment(segment.hour, received)) {
      if (segment) segment.closed = true;
      this.#segments.push((segment = { hour: Math.floor(received / HOUR), first, last: first - 1, receivedTo: -Infinity, closed: false, sealed: false }));
    }
    for (let i = 0; i < batch.count; i++) {
      this.#messages.push(messageOf(batch, i, this.#next, segment));
      segment.receivedTo = Math.max(segment.receivedTo, Math.round(batch.received[i] as number));
      segment.last = this.#next++;
    }
    return Promise.resolve({ first, last: this.#next - 1 });
  }

  seal(before: number): Promise<Sealed> {
    const open = this.#segments.at(-1);
    if (open && (open.hour + 1) * HOUR <= before && open.receivedTo < before) open.closed = true;
    let messages = 0;
    for (const segment of this.#segments) {
      if (!segment.closed || segment.sealed || segment.receivedTo >= before) continue;
      segment.sealed = true;
      messages += segment.last - segment.first + 1;
    }
    return Promise.resolve({ messages, chunks: 0, late: 0, repeated: 0, damaged: 0 });
  }

  readRange(query: RangeQuery): Promise<RangeResult> {
    return Promise.resolve(this.#collect(query, query.from, query.to).range(query, false));
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

  rewrite(unit: number, rows: readonly RewrittenRow[]): Promise<Rewritten> {
    let rewritten = 0;
    for (const { sequence, parameters, values } of rows) {
      const at = this.#messages.findIndex((message) => message.sequence === sequence && message.unit === unit);
      const message = this.#messages[at];
      if (!message) continue;
      const { row } = message;
      const other = new RowSet();
      other.begin(row.time[0] as number, row.received[0] as number, row.deviceTime[0] as number, row.boot[0] as number, row.number[0] as number, (row.flags[0] as number) | ROW_FLAG.rewritten, sequence);
      values.forEach((value, i) => other.push(parameters[i] as number, value));
      for (const { parameter, text } of row.textsOf(0)) other.pushText(parameter, text);
      this.#messages[at] = { ...message, row: other, values: Array.from(values, (value, i) => [parameters[i] as number, value] as const) };
      rewritten++;
    }
    return Promise.resolve({ rewritten, missing: rows.length - rewritten });
  }

  drop(query: DropQuery): Promise<Dropped> {
    const gone = new Set<Segment>();
    for (const segment of this.#segments) {
      if (segment.last > query.appliedThrough || !(segment.sealed || (segment.closed && segment.receivedTo < query.before))) break;
      gone.add(segment);
    }
    const before = this.#messages.length;
    const oldest = Math.floor(query.before / HOUR);
    this.#messages = this.#messages.filter(({ segment, time }) => (segment.sealed ? Math.floor(time / HOUR) >= oldest : !gone.has(segment)));
    this.#segments = this.#segments.filter((segment) => !gone.has(segment));
    return Promise.resolve({ messages: before - this.#messages.length, first: this.#segments[0]?.first ?? this.#next });
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
    return { damaged: 0, isSpent: () => false, hours: () => hours, rowsOf: (hour) => this.#rowsOf(unit, Math.max(from, hour * HOUR), Math.min(to, hour * HOUR + HOUR - 1)) };
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

function messageOf(batch: Batch, i: number, sequence: number, segment: Segment): Message {
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
