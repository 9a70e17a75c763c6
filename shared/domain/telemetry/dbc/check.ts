import { bitNumber, bitSpan } from './bits.ts';
import type { DiagnosticList } from './diagnostics.ts';
import type { DbcMessage, DbcSignal } from './model.ts';

/** Reports what a file says plainly but probably does not mean: signals outside their message, overlaps, scale 0. */
export function checkMessage(message: DbcMessage, diagnostics: DiagnosticList): void {
  const owners = new Map<string, Map<number, DbcSignal>>();
  const unconditional = new Map<number, DbcSignal>();
  const sorted = [...message.signals].sort((a, b) => Number(a.multiplexing !== undefined) - Number(b.multiplexing !== undefined));
  for (const signal of sorted) {
    const { end } = bitSpan(signal);
    if (end > 8 * message.length) diagnostics.add('warning', 'outside-message', signal.line, `Signal ${signal.name} reaches beyond the ${message.length} bytes of message ${message.name}; it is never decoded.`);
    if (signal.scale === 0) diagnostics.add('warning', 'zero-scale', signal.line, `Signal ${signal.name} has scale 0: its value is always ${signal.offset}.`);
    const other = occupy(signal, unconditional, owners);
    if (other !== undefined) diagnostics.add('info', 'overlap', signal.line, `Signal ${signal.name} shares bits with ${other.name} in message ${message.name}.`);
  }
}

/** Marks the signal's bits as taken; returns a signal that holds one of them already and can be present at the same time. */
function occupy(signal: DbcSignal, unconditional: Map<number, DbcSignal>, owners: Map<string, Map<number, DbcSignal>>): DbcSignal | undefined {
  const { first, end } = bitSpan(signal);
  let own = unconditional;
  if (signal.multiplexing !== undefined) {
    const branch = `${signal.multiplexing.selector}:${signal.multiplexing.ranges.join(';')}`;
    own = owners.get(branch) ?? new Map<number, DbcSignal>();
    owners.set(branch, own);
  }
  let other: DbcSignal | undefined;
  for (let position = first; position < end; position++) {
    const bit = bitNumber(signal.byteOrder, position);
    other ??= unconditional.get(bit) ?? own.get(bit);
    if (!own.has(bit)) own.set(bit, signal);
  }
  return other;
}
