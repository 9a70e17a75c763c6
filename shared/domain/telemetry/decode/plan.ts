import { bitSpan, type BitSpan } from '../dbc/bits.ts';
import type { DbcMessage, DbcRange, DbcSignal } from '../dbc/model.ts';

export interface PlannedSignal {
  /** In `message.signals`. */
  readonly index: number;
  readonly signal: DbcSignal;
  readonly span: BitSpan;
  /** Raw values that mean "no value". */
  readonly notAvailable: readonly number[];
}

/** Signals that are present together, and what their multiplexors select. */
export interface SignalGroup {
  readonly signals: readonly PlannedSignal[];
  readonly selections: readonly Selection[];
}

export interface Selection {
  readonly selector: PlannedSignal;
  /** In order of first mention; several may apply at once where ranges overlap. */
  readonly branches: readonly Branch[];
}

export interface Branch {
  readonly ranges: readonly DbcRange[];
  readonly group: SignalGroup;
}

export interface MessagePlan {
  readonly message: DbcMessage;
  readonly root: SignalGroup;
  /** Payload bytes that hold every signal that fits the message. */
  readonly bytes: number;
  /** True when every signal is present in every frame of full length. */
  readonly complete: boolean;
}

/** Raw values of a signal that mean "no value"; empty: there are none. */
export type NotAvailable = (message: DbcMessage, signal: DbcSignal) => readonly number[];

/** Arranges a message for decoding; signals that reach beyond the message's own length are never decoded and left out. */
export function planMessage(message: DbcMessage, notAvailable?: NotAvailable): MessagePlan {
  const selectors = new Map<string, number>();
  message.signals.forEach((signal, index) => { if (signal.multiplexor && !selectors.has(signal.name)) selectors.set(signal.name, index); });
  const dependants = new Map<number, number[]>();
  const roots: number[] = [];
  message.signals.forEach((signal, index) => {
    if (signal.multiplexing === undefined) {
      roots.push(index);
      return;
    }
    const selector = selectors.get(signal.multiplexing.selector);
    if (selector === undefined) return;
    const list = dependants.get(selector);
    if (list === undefined) dependants.set(selector, [index]);
    else list.push(index);
  });

  let bytes = 0;
  let complete = dependants.size === 0;
  const planned = new Set<number>();
  const planSignals = (indices: readonly number[]): PlannedSignal[] => indices.flatMap((index): PlannedSignal[] => {
    const signal = message.signals[index];
    if (signal === undefined || planned.has(index)) return [];
    planned.add(index);
    const span = bitSpan(signal);
    if (span.lastByte >= message.length) return [];
    bytes = Math.max(bytes, span.lastByte + 1);
    const missing = notAvailable?.(message, signal) ?? [];
    if (missing.length > 0) complete = false;
    return [{ index, signal, span, notAvailable: missing }];
  });
  const planGroup = (indices: readonly number[]): SignalGroup => {
    const signals = planSignals(indices);
    const selections = signals.flatMap((selector): Selection[] => {
      const selected = dependants.get(selector.index);
      return selected === undefined ? [] : [{ selector, branches: planBranches(selected) }];
    });
    return { signals, selections };
  };
  const planBranches = (indices: readonly number[]): Branch[] => {
    const branches = new Map<string, { ranges: readonly DbcRange[]; indices: number[] }>();
    for (const index of indices) {
      const ranges = message.signals[index]?.multiplexing?.ranges ?? [];
      const key = ranges.join(';');
      const branch = branches.get(key);
      if (branch === undefined) branches.set(key, { ranges, indices: [index] });
      else branch.indices.push(index);
    }
    return [...branches.values()].map((branch) => ({ ranges: branch.ranges, group: planGroup(branch.indices) }));
  };
  const root = planGroup(roots);
  if (root.signals.length !== message.signals.length) complete = false;
  return { message, root, bytes, complete };
}

export function inRanges(ranges: readonly DbcRange[], raw: number): boolean {
  for (const [from, to] of ranges) if (raw >= from && raw <= to) return true;
  return false;
}
