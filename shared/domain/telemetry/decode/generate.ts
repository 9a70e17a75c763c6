import type { DbcRange, DbcSignal } from '../dbc/model.ts';
import type { BitSpan } from '../dbc/bits.ts';
import type { Branch, MessagePlan, PlannedSignal, SignalGroup } from './plan.ts';
import type { DecodeFunction } from './types.ts';
import { WordScope } from './words.ts';

/** Branches with more selecting values than this, on average, are tested by range instead of being listed as cases. */
const CASES_PER_BRANCH = 16;

/**
 * The source of a decode function, as the body of `new Function('short', 'scratch', …)`: `short` decodes payloads that
 * are too short, `scratch` is a DataView of 8 bytes. The source is made of numbers and fixed words only; nothing of the
 * database's texts enters it.
 */
export function generateSource(plan: MessagePlan): string {
  const lines: string[] = ['"use strict";', 'return function (view, at, length, values, present) {'];
  lines.push(`if (length < ${literal(plan.bytes)}) return short(view, at, length, values, present);`);
  const writer: Writer = { lines, listed: !plan.complete, fixed: 0, dynamic: false, variables: 0 };
  emitGroup(writer, plan.root, new WordScope(plan.bytes));
  lines.push(`return ${writer.listed ? countOf(writer) : literal(plan.message.signals.length)};`, '};');
  return lines.join('\n');
}

/** Compiles `plan`; `short` takes over for payloads shorter than the message. Throws where code generation is not allowed. */
export function compileMessage(plan: MessagePlan, short: DecodeFunction): DecodeFunction {
  // The source holds numbers and fixed words only.
  const make = new Function('short', 'scratch', generateSource(plan)) as (short: DecodeFunction, scratch: DataView) => DecodeFunction;
  return make(short, new DataView(new ArrayBuffer(8)));
}

interface Writer {
  readonly lines: string[];
  /** Whether present signals are listed. */
  readonly listed: boolean;
  /** How many are listed for certain, while `dynamic` is false; then the variable n counts. */
  fixed: number;
  dynamic: boolean;
  variables: number;
}

const countOf = (writer: Writer): string => (writer.dynamic ? 'n' : literal(writer.fixed));

/** A number as source text. */
function literal(value: number): string {
  const number = Number(value);
  return number < 0 || Object.is(number, -0) ? `(${String(number)})` : String(number);
}

function emitGroup(writer: Writer, group: SignalGroup, scope: WordScope): void {
  const { lines } = writer;
  const mark = lines.length;
  const selectors = new Map<PlannedSignal, string>();
  for (const { selector } of group.selections) selectors.set(selector, `s${writer.variables++}`);
  scope.reserve(group.signals.filter(({ signal, span }) => !isDirectFloat(signal, span)));
  for (const planned of group.signals) emitSignal(writer, planned, scope, selectors.get(planned));
  lines.splice(mark, 0, ...scope.takeDeclarations());
  for (const { selector, branches } of group.selections) {
    if (!writer.dynamic) {
      lines.push(`let n = ${literal(writer.fixed)};`);
      writer.dynamic = true;
    }
    emitBranches(writer, selectors.get(selector) ?? '', branches, scope);
  }
}

function emitSignal(writer: Writer, planned: PlannedSignal, scope: WordScope, selector: string | undefined): void {
  const { lines } = writer;
  const { index, signal, span, notAvailable } = planned;
  let raw = signal.float ? floatSource(signal, span, scope) : scope.integer(signal.byteOrder, span.first, signal.length, signal.signed);
  if (selector !== undefined || notAvailable.length > 0) {
    const name = selector ?? `r${writer.variables++}`;
    lines.push(`const ${name} = ${raw};`);
    raw = name;
  }
  const assign = `values[${literal(index)}] = ${physicalSource(signal, raw)};`;
  if (notAvailable.length > 0) {
    if (!writer.dynamic) {
      lines.push(`let n = ${literal(writer.fixed)};`);
      writer.dynamic = true;
    }
    const available = notAvailable.map((value) => (Number.isNaN(Number(value)) ? `${raw} === ${raw}` : `${raw} !== ${literal(value)}`)).join(' && ');
    lines.push(`if (${available}) { ${assign} present[n++] = ${literal(index)}; }`);
    return;
  }
  lines.push(assign);
  if (!writer.listed) return;
  if (writer.dynamic) lines.push(`present[n++] = ${literal(index)};`);
  else lines.push(`present[${literal(writer.fixed++)}] = ${literal(index)};`);
}

function physicalSource(signal: DbcSignal, raw: string): string {
  const scaled = signal.scale === 1 ? raw : `(${raw}) * ${literal(signal.scale)}`;
  return signal.offset === 0 && (signal.scale >= 0 || signal.float) ? scaled : `${signal.scale === 1 ? `(${scaled})` : scaled} + ${literal(signal.offset)}`;
}

const isDirectFloat = (signal: DbcSignal, span: BitSpan): boolean => signal.float && span.first % 8 === 0;

function floatSource(signal: DbcSignal, span: BitSpan, scope: WordScope): string {
  const little = signal.byteOrder === 'intel' ? 'true' : 'false';
  if (isDirectFloat(signal, span)) return `view.getFloat${signal.length === 32 ? 32 : 64}(at + ${literal(span.firstByte)}, ${little})`;
  if (signal.length === 32) return `(scratch.setInt32(0, ${scope.integer(signal.byteOrder, span.first, 32, true)}), scratch.getFloat32(0))`;
  const [high, low] = signal.byteOrder === 'intel' ? [span.first + 32, span.first] : [span.first, span.first + 32];
  return `(scratch.setInt32(0, ${scope.integer(signal.byteOrder, high, 32, true)}), scratch.setInt32(4, ${scope.integer(signal.byteOrder, low, 32, true)}), scratch.getFloat64(0))`;
}

function emitBranches(writer: Writer, selector: string, branches: readonly Branch[], scope: WordScope): void {
  const { lines } = writer;
  if (areCases(branches)) {
    lines.push(`switch (${selector}) {`);
    for (const { ranges, group } of branches) {
      for (const [from, to] of ranges) for (let value = from; value <= to; value++) lines.push(`case ${literal(value)}:`);
      lines.push('{');
      emitGroup(writer, group, scope.child());
      lines.push('break; }');
    }
    lines.push('}');
    return;
  }
  for (const { ranges, group } of branches) {
    lines.push(`if (${ranges.map(([from, to]) => `(${selector} >= ${literal(from)} && ${selector} <= ${literal(to)})`).join(' || ')}) {`);
    emitGroup(writer, group, scope.child());
    lines.push('}');
  }
}

/** True when the branches' values are integers, few, and no value is in two branches. */
function areCases(branches: readonly Branch[]): boolean {
  const ranges: DbcRange[] = branches.flatMap((branch) => [...branch.ranges]).sort((a, b) => a[0] - b[0]);
  let count = 0;
  let last = Number.NEGATIVE_INFINITY;
  for (const [from, to] of ranges) {
    if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to) || from <= last) return false;
    count += to - from + 1;
    last = to;
  }
  return count <= CASES_PER_BRANCH * branches.length;
}
