import type { ParameterCatalogue, ParameterEntry } from '../catalogue/index.ts';
import { LIMITS } from '../envelope/limits.ts';
import type { RejectReason } from '../envelope/reasons.ts';
import { readHead, readTime, type MessageHead } from './head.ts';
import { parseJsonObject, readText } from './json.ts';
import type { SignalBatch } from './signal-batch.ts';

/** Values of one message may be this far apart, ms. */
const TIME_SPAN = 86_400_000;

/**
 * Reads a `sig` message: `{"v":1,"t0":<epoch ms>,"s":[[dt ms,"name",value],…]}`. A value that cannot be used is counted and
 * left out; the message is refused where its form is wrong or nothing of it can be used.
 */
export function readSignals(payload: Uint8Array, catalogue: ParameterCatalogue, head: MessageHead, signals: SignalBatch): RejectReason | undefined {
  const json = parseJsonObject(payload);
  if (typeof json === 'string') return json;
  const refused = readHead(json, head);
  if (refused !== undefined) return refused;
  const time = readTime(json['t0'], 1);
  if (time === undefined) return 'bad-time';
  head.time = time;
  const list = json['s'];
  if (!Array.isArray(list)) return 'bad-shape';
  if (list.length > LIMITS.values) return 'too-many';
  signals.begin();
  for (const item of list as unknown[]) {
    if (!Array.isArray(item) || item.length !== 3) return 'bad-shape';
    const [dt, name, value] = item as unknown[];
    if (typeof dt !== 'number' || !(Math.abs(dt) <= TIME_SPAN) || typeof name !== 'string') return 'bad-shape';
    addValue(signals, catalogue.byKey(name), dt, value);
  }
  if (list.length > 0 && signals.invalidValues === list.length) return 'bad-value';
  signals.sort();
  return undefined;
}

/** Adds a value as JSON gave it; counts names nobody knows and values of the wrong type. */
export function addValue(signals: SignalBatch, entry: ParameterEntry | undefined, dt: number, value: unknown): void {
  if (entry === undefined) {
    signals.unknownNames++;
    return;
  }
  if (value === null) return;
  if (entry.kind === 'text') {
    const text = readText(typeof value === 'number' ? String(value) : value);
    if (text === undefined) signals.invalidValues++;
    else signals.texts.push({ parameter: entry.number, text });
    return;
  }
  const number = typeof value === 'boolean' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number)) signals.invalidValues++;
  else if (entry.notAvailable?.includes(number) !== true) signals.add(dt, entry.number, number);
}
