import type { Batch } from './batch.ts';
import { type Appended, type Dropped, type DropQuery, type HistoryStore, NOT_SEALED, type RangeQuery, type RangeResult, type RollupQuery, type RollupSeries, type Sealed } from './history-store.ts';
import { Collector } from './points.ts';
import { needsNewSegment, HOUR } from './segments.ts';

interface Message {
  readonly sequence: number;
  readonly unit: number;
  readonly time: number;
  readonly received: number;
  readonly segment: number;
  readonly values: readonly (readonly [number, number])[];
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
    for (let i = 0; i < batch.count; i++) {
      const from = i === 0 ? 0 : (batch.valueEnd[i - 1] as number);
      const values = Array.from(batch.values.subarray(from, batch.valueEnd[i]), (value, at) => [batch.parameters[from + at] as number, value] as const);
      this.#messages.push({ sequence: this.#next++, unit: batch.unit[i] as number, time: Math.round(batch.time[i] as number), received: Math.round(batch.received[i] as number), segment: this.#segment, values });
    }
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

  #collect(query: { units: readonly number[]; parameters: readonly number[] }, from: number, to: number): Collector {
    const collector = new Collector(query.units, query.parameters);
    for (const message of this.#messages) {
      if (message.time < from || message.time > to) continue;
      for (const [parameter, value] of message.values) collector.add(message.unit, parameter, message.time, value, message.sequence);
    }
    return collector;
  }
}
