import { LIMITS } from '../envelope/limits.ts';
import type { RejectReason } from '../envelope/reasons.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

const decoder = new TextDecoder('utf-8', { fatal: true });

/** True where brackets are nested deeper than `limit`, strings left aside. Runs before JSON.parse sees a byte. */
export function nestsDeeperThan(bytes: Uint8Array, limit: number): boolean {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] as number;
    if (inString) {
      if (byte === 0x5c) i++;
      else if (byte === 0x22) inString = false;
    } else if (byte === 0x22) inString = true;
    else if (byte === 0x5b || byte === 0x7b) {
      if (++depth > limit) return true;
    } else if (byte === 0x5d || byte === 0x7d) depth--;
  }
  return false;
}

/** Bytes as text, or why they are none. */
export function decodeText(bytes: Uint8Array): { readonly text: string } | RejectReason {
  try {
    return { text: decoder.decode(bytes) };
  } catch {
    return 'not-utf8';
  }
}

/** The JSON object in `bytes`, bounded in depth; or why there is none. Size is the caller's to check. */
export function parseJsonObject(bytes: Uint8Array): JsonObject | RejectReason {
  if (nestsDeeperThan(bytes, LIMITS.jsonDepth)) return 'too-deep';
  const decoded = decodeText(bytes);
  if (typeof decoded === 'string') return decoded;
  let value: unknown;
  try {
    value = JSON.parse(decoded.text);
  } catch {
    return 'not-json';
  }
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : 'bad-shape';
}

/** A text of at most LIMITS.textLength characters without control characters; undefined for anything else or an empty one. */
export function readText(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length > LIMITS.textLength) return undefined;
  const text = value.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, '').trim();
  return text === '' ? undefined : text;
}

/** An integer from `low` to `high`, else undefined. */
export function readInteger(value: unknown, low: number, high: number): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value >= low && value <= high ? value : undefined;
}
