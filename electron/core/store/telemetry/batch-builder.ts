import type { TextValue } from '#shared/domain/telemetry/codec/record.ts';
import { Batch, textBytesOf, type BatchSizes } from './batch.ts';

export interface PlainMessage {
  readonly unit: number;
  readonly time: number;
  readonly received: number;
  readonly values: readonly (readonly [number, number])[];
  readonly texts?: readonly TextValue[];
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
  messages.forEach((message, i) => {
    let valueAt = batch.valueAt;
    for (const [parameter, value] of message.values) {
      batch.parameters[valueAt] = parameter;
      batch.values[valueAt++] = value;
    }
    batch.valueEnd[i] = valueAt;
    batch.textEnd[i] = batch.writeTexts(message.texts ?? [], batch.textAt);
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
  return { capacity: Math.max(1, messages.length), values: 64 + messages.reduce((sum, message) => sum + message.values.length, 0), textBytes: messages.reduce((sum, message) => sum + textBytesOf(message.texts ?? []), 0), payloadBytes };
}
