import type { DbcMessage, DbcSignal } from '#shared/domain/telemetry/dbc/model.ts';
import { parseDbc } from '#shared/domain/telemetry/dbc/parse.ts';
import type { Tally } from './tally.ts';

/** meta/*.json: what a DBC file contains. Absent facts are null or left out. */
interface ExpectedDatabase {
  readonly version: string | null;
  readonly nodes: readonly string[];
  readonly messages: readonly ExpectedMessage[];
}

interface ExpectedMessage {
  readonly name: string;
  readonly id: number;
  readonly ext: 0 | 1;
  readonly len: number;
  readonly fd: 0 | 1;
  readonly senders: readonly string[];
  readonly cycle: number | null;
  readonly protocol: string | null;
  readonly cm?: string;
  readonly signals: readonly ExpectedSignal[];
}

interface ExpectedSignal {
  readonly name: string;
  readonly start: number;
  readonly len: number;
  readonly bo: 0 | 1;
  readonly signed: 0 | 1;
  readonly float: 0 | 1;
  readonly scale: number;
  readonly offset: number;
  readonly min: number | null;
  readonly max: number | null;
  readonly unit: string;
  readonly recv: readonly string[];
  readonly cm?: string;
  readonly M?: 1;
  readonly m?: readonly number[];
  readonly mby?: string;
  readonly spn?: number;
  readonly choices?: Readonly<Record<string, string>>;
}

/** Compares what the parser found in a DBC file with what the set says is in it. */
export function checkMeta(dbc: Uint8Array, json: string, tally: Tally): void {
  const expected = JSON.parse(json) as ExpectedDatabase;
  const { database } = parseDbc(dbc);
  same(tally, 'version', database.version ?? '', expected.version ?? '');
  same(tally, 'nodes', database.nodes.map(({ name }) => name).sort(), [...expected.nodes].sort());
  same(tally, 'messages', database.messages.map(({ name }) => name).sort(), expected.messages.map(({ name }) => name).sort());
  const byKey = new Map(database.messages.map((message) => [`${message.id} ${Number(message.extended)}`, message]));
  for (const message of expected.messages) {
    const found = byKey.get(`${message.id} ${message.ext}`);
    tally.check(found !== undefined, () => `message ${message.name}: not found`);
    if (found !== undefined) checkMessage(found, message, tally);
  }
}

function checkMessage(found: DbcMessage, expected: ExpectedMessage, tally: Tally): void {
  const where = `message ${expected.name}`;
  same(tally, `${where} name`, found.name, expected.name);
  same(tally, `${where} length`, found.length, expected.len);
  same(tally, `${where} FD`, found.frameFormat.endsWith('-fd'), expected.fd === 1);
  same(tally, `${where} protocol`, found.frameFormat === 'j1939' ? 'j1939' : null, expected.protocol);
  same(tally, `${where} senders`, [...found.senders].sort(), [...expected.senders].sort());
  same(tally, `${where} cycle time`, found.cycleTime ?? null, expected.cycle);
  same(tally, `${where} comment`, found.comment, expected.cm);
  same(tally, `${where} signals`, found.signals.map(({ name }) => name).sort(), expected.signals.map(({ name }) => name).sort());
  const byName = new Map(found.signals.map((signal) => [signal.name, signal]));
  for (const signal of expected.signals) {
    const own = byName.get(signal.name);
    if (own !== undefined) checkSignal(own, signal, `${where} signal ${signal.name}`, tally);
  }
}

function checkSignal(found: DbcSignal, expected: ExpectedSignal, where: string, tally: Tally): void {
  same(tally, `${where} bits`, [found.start, found.length, found.byteOrder, found.signed, found.float], [expected.start, expected.len, expected.bo === 1 ? 'intel' : 'motorola', expected.signed === 1, expected.float === 1]);
  same(tally, `${where} scaling`, [found.scale, found.offset], [expected.scale, expected.offset]);
  same(tally, `${where} range`, [found.minimum ?? null, found.maximum ?? null], [expected.min, expected.max]);
  same(tally, `${where} unit`, found.unit, expected.unit);
  same(tally, `${where} receivers`, [...found.receivers].sort(), [...expected.recv].sort());
  same(tally, `${where} comment`, found.comment, expected.cm);
  same(tally, `${where} multiplexor`, found.multiplexor, expected.M === 1);
  same(tally, `${where} selector`, found.multiplexing?.selector, expected.mby);
  same(tally, `${where} selecting values`, found.multiplexing === undefined ? undefined : valuesOf(found), expected.m);
  same(tally, `${where} SPN`, found.spn ?? 0, expected.spn ?? 0);
  same(tally, `${where} choices`, found.choices === undefined ? undefined : Object.fromEntries(found.choices.map(({ value, label }) => [String(value), label])), expected.choices);
}

/** Every value of the ranges, as the set lists them. */
function valuesOf(signal: DbcSignal): number[] {
  const values: number[] = [];
  for (const [from, to] of signal.multiplexing?.ranges ?? []) for (let value = from; value <= to && values.length < 100_000; value++) values.push(value);
  return values;
}

function same(tally: Tally, what: string, found: unknown, expected: unknown): void {
  const [a, b] = [canonical(found), canonical(expected)];
  tally.check(a === b, () => `${what} is ${a}, expected ${b}`);
}

/** JSON with the keys of objects in order, so that the order of insertion does not count. */
function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return JSON.stringify(value) ?? 'absent';
  return JSON.stringify(Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))));
}
