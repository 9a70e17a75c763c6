import { fitsAny } from './scan.ts';

/** A message of the model's DBC file on a bus of the vehicle. */
export interface ExpectedMessage {
  readonly bus: number;
  readonly id: number;
  readonly extended: boolean;
  readonly name: string;
  /** Nominal period, ms; undefined: it is sent on events and not asked for. */
  readonly cycleTime: number | undefined;
  readonly senders: readonly string[];
  /** Its frames are pages that follow each other at once: their distance says nothing. */
  readonly multiplexed?: boolean;
}

/** What was heard of one CAN id since the check began. */
export interface SeenMessage {
  readonly frames: number;
  /** Receive time of the newest frame, epoch ms. */
  readonly last: number;
  /** Shortest time between two frames by the unit's own clock, ms; Infinity before the second. */
  readonly shortest: number;
}

/** A newest value of the vehicle, with what is normal for it. */
export interface BenchValue {
  readonly label: string;
  readonly group: string;
  readonly value: number;
  readonly unit: string;
  readonly decimals: number;
  /** Epoch ms. */
  readonly time: number;
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  /** An alarm or fault bit: 1 is wrong. */
  readonly alarm: boolean;
}

export interface BenchFacts {
  /** Epoch ms. */
  readonly now: number;
  /** When this check began to watch, epoch ms. */
  readonly since: number;
  readonly lastCommunication: number | undefined;
  /** Undefined: the model has no DBC file. */
  readonly expected: readonly ExpectedMessage[] | undefined;
  readonly seen: ReadonlyMap<string, SeenMessage>;
  readonly values: readonly BenchValue[];
  readonly battery: { readonly scanned: string; readonly text: string | undefined; readonly serial: number | undefined };
  readonly openAlerts: readonly string[];
  readonly fix: { readonly time: number; readonly satellites: number | undefined; readonly hdop: number | undefined } | undefined;
  readonly firmware: { readonly reported: string | undefined; readonly expected: readonly string[] };
  /** Senders whose messages need not be heard, as patterns: a charger that is not plugged in. */
  readonly optionalSenders: readonly string[];
}

export const BENCH_CHECKS = ['communicates', 'messages', 'bms', 'mcu', 'battery', 'alerts', 'gps', 'firmware'] as const;
export type BenchCheckId = (typeof BENCH_CHECKS)[number];

/**
 * `wait`: not decided yet. `note`: passes, and a person should look (`detail` says at what).
 * `measured` and `items` are data; words are the window's.
 */
export interface BenchResult {
  readonly check: BenchCheckId;
  readonly state: 'pass' | 'fail' | 'wait' | 'note';
  /** Why, as a key of the catalogue of texts. */
  readonly reason: BenchReason;
  /** What was measured, such as `4 s`, `12 of 13`, `Bms2WS41200001`. */
  readonly measured?: string;
  /** What should have been. */
  readonly expected?: string;
  /** Names of what is wrong: messages, values, alerts. At most ITEMS. */
  readonly items?: readonly string[];
}

export type BenchReason =
  | 'ok' | 'silent' | 'stale' | 'no-dbc' | 'missing' | 'too-often' | 'listening' | 'out-of-range' | 'no-values' | 'not-reported' | 'other-battery'
  | 'open' | 'no-fix' | 'weak-fix' | 'not-set' | 'other-version';

/** Heard within this time the vehicle communicates, ms. */
export const HEARD_WITHIN = 30_000;
/** Values older than this say nothing about the bench, ms. */
export const VALUE_AGE = 60_000;
/** A message is missing when it was not heard for three of its periods, and for this long at least, ms: units thin their buses out. */
export const MESSAGE_PATIENCE = 20_000;
/** After this time of watching, what has not been reported is not going to be, ms. */
export const REPORT_PATIENCE = 30_000;
/** A unit that reports the whole bus once in this time repeats what is slower, ms. */
const REPORT_PERIOD = 1000;
const ITEMS = 12;
/** A fix counts from so many satellites and up to this HDOP on (docs/domain.md, Position). */
const SATELLITES = 4;
const HDOP = 5;

export const seenKey = (bus: number, id: number, extended: boolean): string => `${bus}:${extended ? 'x' : ''}${id}`;

function format(value: number, decimals: number): string {
  return value.toFixed(decimals);
}

function communicates({ now, lastCommunication }: BenchFacts): BenchResult {
  if (lastCommunication === undefined) return { check: 'communicates', state: 'fail', reason: 'silent' };
  const age = Math.max(0, Math.round((now - lastCommunication) / 1000));
  return now - lastCommunication <= HEARD_WITHIN ? { check: 'communicates', state: 'pass', reason: 'ok', measured: `${age} s` } : { check: 'communicates', state: 'fail', reason: 'stale', measured: `${age} s`, expected: `${HEARD_WITHIN / 1000} s` };
}

/** Every cyclic message must have been heard lately, and none at more than twice its rate (or that of the unit's reports) by the unit's own clock. */
function messages({ now, since, expected, seen, optionalSenders }: BenchFacts): BenchResult {
  const check = 'messages';
  if (expected === undefined) return { check, state: 'note', reason: 'no-dbc' };
  const asked = expected.filter((one) => one.cycleTime !== undefined && !(one.senders.length > 0 && one.senders.every((sender) => fitsAny(optionalSenders, sender))));
  const missing: string[] = [];
  const often: string[] = [];
  let heard = 0;
  for (const one of asked) {
    const found = seen.get(seenKey(one.bus, one.id, one.extended));
    const patience = Math.max(MESSAGE_PATIENCE, 3 * (one.cycleTime ?? 0));
    if (found === undefined || now - found.last > patience) missing.push(one.name);
    else if (one.multiplexed !== true && found.shortest < Math.min(one.cycleTime ?? 0, REPORT_PERIOD) / 2 - 1) often.push(one.name);
    else heard++;
  }
  const measured = `${heard} / ${asked.length}`;
  const longest = Math.max(MESSAGE_PATIENCE, ...asked.map((one) => 3 * (one.cycleTime ?? 0)));
  if (missing.length > 0) return { check, state: now - since < longest ? 'wait' : 'fail', reason: now - since < longest ? 'listening' : 'missing', measured, items: missing.slice(0, ITEMS) };
  if (often.length > 0) return { check, state: 'fail', reason: 'too-often', measured, items: often.slice(0, ITEMS) };
  return { check, state: 'pass', reason: 'ok', measured };
}

function ranges(facts: BenchFacts, check: 'bms' | 'mcu', group: string): BenchResult {
  const fresh = facts.values.filter((value) => value.group === group && !value.alarm && facts.now - value.time <= VALUE_AGE);
  const checked = fresh.filter((value) => value.min !== undefined || value.max !== undefined);
  if (fresh.length === 0) return facts.now - facts.since < REPORT_PATIENCE ? { check, state: 'wait', reason: 'listening' } : { check, state: 'fail', reason: 'no-values' };
  const wrong = checked.filter(({ value, min, max }) => (min !== undefined && value < min) || (max !== undefined && value > max));
  if (wrong.length > 0) {
    const items = wrong.slice(0, ITEMS).map(({ label, value, unit, decimals, min, max }) => `${label} ${format(value, decimals)} ${unit} (${min ?? '…'} – ${max ?? '…'})`);
    return { check, state: 'fail', reason: 'out-of-range', measured: `${checked.length - wrong.length} / ${checked.length}`, items };
  }
  return { check, state: 'pass', reason: 'ok', measured: `${checked.length} / ${checked.length}` };
}

const identity = (text: string): string => text.normalize('NFKC').toUpperCase().replace(/\s+/g, '');

/** The battery says its number as text, or the serial number in its digits. */
function battery({ battery: { scanned, text, serial }, now, since }: BenchFacts): BenchResult {
  const check = 'battery';
  if (text !== undefined && text !== '') {
    return identity(text) === identity(scanned) ? { check, state: 'pass', reason: 'ok', measured: text } : { check, state: 'fail', reason: 'other-battery', measured: text, expected: scanned };
  }
  if (serial !== undefined) {
    const digits = /(\d+)\D*$/.exec(scanned)?.[1];
    const same = digits !== undefined && Number(digits) === serial;
    return same ? { check, state: 'pass', reason: 'ok', measured: String(serial) } : { check, state: 'fail', reason: 'other-battery', measured: String(serial), expected: scanned };
  }
  return now - since < REPORT_PATIENCE ? { check, state: 'wait', reason: 'listening' } : { check, state: 'note', reason: 'not-reported', expected: scanned };
}

function alerts({ now, values, openAlerts }: BenchFacts): BenchResult {
  const bits = values.filter((value) => value.alarm && value.value !== 0 && now - value.time <= VALUE_AGE).map(({ label }) => label);
  const items = [...new Set([...openAlerts, ...bits])];
  return items.length === 0 ? { check: 'alerts', state: 'pass', reason: 'ok' } : { check: 'alerts', state: 'fail', reason: 'open', measured: String(items.length), items: items.slice(0, ITEMS) };
}

function gps({ now, since, fix }: BenchFacts): BenchResult {
  const check = 'gps';
  if (fix === undefined || now - fix.time > VALUE_AGE) return now - since < REPORT_PATIENCE ? { check, state: 'wait', reason: 'listening' } : { check, state: 'fail', reason: 'no-fix' };
  const measured = [fix.satellites === undefined ? undefined : `${fix.satellites} sat`, fix.hdop === undefined ? undefined : `HDOP ${fix.hdop.toFixed(1)}`].filter((part) => part !== undefined).join(', ');
  const weak = (fix.satellites !== undefined && fix.satellites < SATELLITES) || (fix.hdop !== undefined && fix.hdop > HDOP);
  return { check, state: weak ? 'fail' : 'pass', reason: weak ? 'weak-fix' : 'ok', ...(measured === '' ? {} : { measured }), ...(weak ? { expected: `≥ ${SATELLITES} sat, HDOP ≤ ${HDOP}` } : {}) };
}

function firmware({ now, since, firmware: { reported, expected } }: BenchFacts): BenchResult {
  const check = 'firmware';
  if (reported === undefined || reported === '') return now - since < REPORT_PATIENCE ? { check, state: 'wait', reason: 'listening' } : { check, state: expected.length === 0 ? 'note' : 'fail', reason: 'not-reported' };
  if (expected.length === 0) return { check, state: 'note', reason: 'not-set', measured: reported };
  const same = expected.some((version) => identity(version) === identity(reported));
  return { check, state: same ? 'pass' : 'fail', reason: same ? 'ok' : 'other-version', measured: reported, ...(same ? {} : { expected: expected.join(', ') }) };
}

/** Longest text of a result, characters: units and settings give texts of their own. */
const TEXT = 200;
const clip = (text: string): string => (text.length <= TEXT ? text : `${text.slice(0, TEXT - 1)}…`);

function clipped({ measured, expected, items, ...rest }: BenchResult): BenchResult {
  return { ...rest, ...(measured === undefined ? {} : { measured: clip(measured) }), ...(expected === undefined ? {} : { expected: clip(expected) }), ...(items === undefined ? {} : { items: items.map(clip) }) };
}

/** The bench check as it stands: one result per check, in the order in which they are shown. */
export function benchCheck(facts: BenchFacts): readonly BenchResult[] {
  return [communicates(facts), messages(facts), ranges(facts, 'bms', 'BMS'), ranges(facts, 'mcu', 'MCU'), battery(facts), alerts(facts), gps(facts), firmware(facts)].map(clipped);
}

/** The check as a whole: passed where every part passes (with or without a note). */
export function benchVerdict(results: readonly Pick<BenchResult, 'state'>[]): 'passed' | 'failed' | 'waiting' {
  if (results.some(({ state }) => state === 'fail')) return 'failed';
  return results.some(({ state }) => state === 'wait') ? 'waiting' : 'passed';
}
