import type { DbcDatabase, DbcMessage, DbcSignal } from './model.ts';

export type DbcDifferenceKind = 'message-added' | 'message-removed' | 'message-changed' | 'signal-added' | 'signal-removed' | 'signal-changed';

export interface DbcDifference {
  readonly kind: DbcDifferenceKind;
  /** Name of the message in the later file, or in the earlier one where it was removed. */
  readonly message: string;
  /** Id without flag bits, likewise. */
  readonly id: number;
  readonly extended: boolean;
  /** For signals only. */
  readonly signal: string | undefined;
  /** Empty for what was added or removed. */
  readonly changes: readonly DbcFieldChange[];
  /** True where the same frames give other values than before, or values where there were none: stored frames are worth decoding again. */
  readonly affectsValues: boolean;
}

export interface DbcFieldChange {
  readonly field: string;
  /** As text for people; undefined: not set. */
  readonly before: string | undefined;
  readonly after: string | undefined;
}

type Field<T> = readonly [name: string, read: (item: T) => unknown, affectsValues: boolean];

const MESSAGE_FIELDS: readonly Field<DbcMessage>[] = [
  ['name', ({ name }) => name, false],
  ['id', ({ id, extended }) => `0x${id.toString(16).toUpperCase()}${extended ? ' (29 bit)' : ''}`, true],
  ['length', ({ length }) => length, true],
  ['frame format', ({ frameFormat }) => frameFormat, true],
  ['senders', ({ senders }) => senders.join(', '), false],
  ['cycle time', ({ cycleTime }) => cycleTime, false],
  ['comment', ({ comment }) => comment, false],
];

const SIGNAL_FIELDS: readonly Field<DbcSignal>[] = [
  ['start bit', ({ start }) => start, true],
  ['length', ({ length }) => length, true],
  ['byte order', ({ byteOrder }) => byteOrder, true],
  ['type', ({ signed, float }) => (float ? 'float' : signed ? 'signed' : 'unsigned'), true],
  ['scale', ({ scale }) => scale, true],
  ['offset', ({ offset }) => offset, true],
  ['multiplexor', ({ multiplexor }) => multiplexor, false],
  ['multiplexing', ({ multiplexing }) => (multiplexing === undefined ? undefined : `${multiplexing.selector} = ${multiplexing.ranges.map(([from, to]) => (from === to ? from : `${from}-${to}`)).join(', ')}`), true],
  ['minimum', ({ minimum }) => minimum, false],
  ['maximum', ({ maximum }) => maximum, false],
  ['unit', ({ unit }) => unit, false],
  ['receivers', ({ receivers }) => receivers.join(', '), false],
  ['labels', ({ choices }) => choices?.map(({ value, label }) => `${value}: ${label}`).join(', '), false],
  ['start value', ({ startValue }) => startValue, false],
  ['SPN', ({ spn }) => spn, false],
  ['comment', ({ comment }) => comment, false],
];

/**
 * What changed from one DBC file to another, in the order of the later file, removals last. Messages are the same when
 * they have the same id, or else the same name; signals when they have the same name in the same message.
 */
export function diffDbc(before: DbcDatabase, after: DbcDatabase): DbcDifference[] {
  const differences: DbcDifference[] = [];
  const earlier = new Map(before.messages.map((message) => [keyOf(message), message]));
  const matches = new Map<DbcMessage, DbcMessage>();
  for (const message of after.messages) {
    const old = earlier.get(keyOf(message));
    if (old === undefined) continue;
    matches.set(message, old);
    earlier.delete(keyOf(message));
  }
  const byName = new Map([...earlier.values()].map((message) => [message.name, message]));
  for (const message of after.messages) {
    const old = matches.get(message) ?? byName.get(message.name);
    const place = placeOf(message);
    if (old === undefined) {
      differences.push({ kind: 'message-added', ...place, signal: undefined, changes: [], affectsValues: message.signals.length > 0 });
      continue;
    }
    earlier.delete(keyOf(old));
    byName.delete(old.name);
    pushChange(differences, 'message-changed', place, undefined, changesBetween(MESSAGE_FIELDS, old, message));
    diffSignals(differences, place, old, message);
  }
  for (const message of earlier.values()) differences.push({ kind: 'message-removed', ...placeOf(message), signal: undefined, changes: [], affectsValues: message.signals.length > 0 });
  return differences;
}

const keyOf = (message: DbcMessage): number => message.id + (message.extended ? 0x80000000 : 0);

type Place = Pick<DbcDifference, 'message' | 'id' | 'extended'>;
const placeOf = ({ name, id, extended }: DbcMessage): Place => ({ message: name, id, extended });

function diffSignals(differences: DbcDifference[], place: Place, before: DbcMessage, after: DbcMessage): void {
  const earlier = new Map(before.signals.map((signal) => [signal.name, signal]));
  const later = new Map(after.signals.map((signal) => [signal.name, signal]));
  for (const [name, signal] of later) {
    const old = earlier.get(name);
    if (old === undefined) differences.push({ kind: 'signal-added', ...place, signal: name, changes: [], affectsValues: true });
    else pushChange(differences, 'signal-changed', place, name, changesBetween(SIGNAL_FIELDS, old, signal));
  }
  for (const name of earlier.keys()) if (!later.has(name)) differences.push({ kind: 'signal-removed', ...place, signal: name, changes: [], affectsValues: true });
}

interface Change extends DbcFieldChange {
  readonly affectsValues: boolean;
}

function pushChange(differences: DbcDifference[], kind: DbcDifferenceKind, place: Place, signal: string | undefined, changes: readonly Change[]): void {
  if (changes.length === 0) return;
  differences.push({ kind, ...place, signal, changes: changes.map(({ field, before, after }) => ({ field, before, after })), affectsValues: changes.some((change) => change.affectsValues) });
}

function changesBetween<T>(fields: readonly Field<T>[], before: T, after: T): Change[] {
  return fields.flatMap(([field, read, affectsValues]): Change[] => {
    const [old, fresh] = [textOf(read(before)), textOf(read(after))];
    return old === fresh ? [] : [{ field, before: old, after: fresh, affectsValues }];
  });
}

const textOf = (value: unknown): string | undefined => (value === undefined || value === '' ? undefined : String(value));
