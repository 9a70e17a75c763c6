import type { TopicSuffix } from '#shared/domain/telemetry/adapters/index.ts';
import type { Batch } from '../store/telemetry/batch.ts';

const utf8 = { encoder: new TextEncoder(), decoder: new TextDecoder() };

/** Suffixes whose topic says more than the suffix; it is kept before the payload: u8 length, UTF-8. */
function carriesDetail(suffix: TopicSuffix): boolean {
  return suffix === 'ovms-metric' || suffix === 'ack';
}

/** What of a topic is kept with its payload; undefined: nothing. */
export function detailBytes(suffix: TopicSuffix, detail: string): Uint8Array | undefined {
  // Topics are not longer than that.
  return carriesDetail(suffix) ? utf8.encoder.encode(detail).subarray(0, 255) : undefined;
}

/** Writes detail and payload behind the batch's payloads; returns where they end. */
export function writePayload(batch: Batch, detail: Uint8Array | undefined, payload: Uint8Array): number {
  let at = batch.payloadAt;
  if (detail) {
    batch.payloads[at] = detail.length;
    batch.payloads.set(detail, at + 1);
    at += detail.length + 1;
  }
  batch.payloads.set(payload, at);
  return at + payload.length;
}

/** Detail ('' where there is none) and payload of what was stored. */
export function readPayload(suffix: TopicSuffix, stored: Uint8Array): { readonly detail: string; readonly payload: Uint8Array } {
  if (!carriesDetail(suffix)) return { detail: '', payload: stored };
  const end = 1 + (stored[0] ?? 0);
  return { detail: utf8.decoder.decode(stored.subarray(1, end)), payload: stored.subarray(end) };
}
