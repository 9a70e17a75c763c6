import { RecordEncoder } from '#shared/domain/telemetry/codec/record.ts';
import { Batch, type BatchSizes } from './batch.ts';

export interface PlainMessage {
  readonly unit: number;
  readonly time: number;
  readonly received: number;
  readonly values: readonly (readonly [number, number])[];
  readonly deviceTime?: number;
  readonly payload?: Uint8Array;
  readonly suffix?: number;
  readonly boot?: number;
  readonly number?: number;
  readonly flags?: number;
}

/** A batch of these messages, in this order: for tests and small tools; the pipeline fills its batches in place. */
export function batchOf(messages: readonly PlainMessage[], sizes: BatchSizes = sizesFor(messages)): Batch {
  const batch = new Batch(sizes);
  const encoder = new RecordEncoder();
  messages.forEach((message, i) => {
    for (const [parameter, value] of message.values) encoder.set(parameter, value);
    batch.recordEnd[i] = encoder.write(batch.records, batch.recordAt);
    const at = batch.payloadAt;
    if (message.payload) batch.payloads.set(message.payload, at);
    batch.payloadEnd[i] = at + (message.payload?.length ?? 0);
    batch.suffix[i] = message.suffix ?? 0;
    batch.unit[i] = message.unit;
    batch.time[i] = message.time;
    batch.deviceTime[i] = message.deviceTime ?? Number.NaN;
    batch.received[i] = message.received;
    batch.boot[i] = message.boot ?? 1;
    batch.number[i] = message.number ?? i;
    batch.flags[i] = message.flags ?? 0;
    batch.count = i + 1;
  });
  return batch;
}

function sizesFor(messages: readonly PlainMessage[]): BatchSizes {
  const payloadBytes = messages.reduce((sum, message) => sum + (message.payload?.length ?? 0), 0);
  return { capacity: Math.max(1, messages.length), recordBytes: 64_000 + messages.length * 64, payloadBytes };
}
