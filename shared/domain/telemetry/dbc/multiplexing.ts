import type { DiagnosticList } from './diagnostics.ts';
import type { Facts, MessageDraft, SignalDraft } from './facts.ts';
import type { Symbols } from './resolve.ts';

/**
 * Decides what each signal depends on: SG_MUL_VAL_ where it is given; otherwise `mN` selects by the one multiplexor of
 * the message (of several, the one that is not multiplexed itself). A signal that can never be selected is removed:
 * no value is better than a wrong one.
 */
export function resolveMultiplexing(facts: Facts, symbols: Symbols, diagnostics: DiagnosticList): void {
  for (const { line, reference, selector, ranges } of facts.multiplexing) {
    const targets = symbols.signals(reference.id, reference.name);
    const selectors = symbols.signals(reference.id, selector);
    if (targets.length === 0 || selectors.length === 0) {
      diagnostics.add('warning', 'multiplexing', line, `Multiplexing of ${reference.name} by ${selector}: not both are signals of message ${reference.id}; skipped.`);
      continue;
    }
    for (const signal of targets) signal.multiplexing = { selector, ranges };
    for (const signal of selectors) {
      if (!signal.multiplexor) diagnostics.add('info', 'multiplexing', line, `Signal ${selector} selects others but is not marked M.`);
      signal.multiplexor = true;
    }
  }
  for (const message of facts.messages) resolveMessage(message, diagnostics);
}

function resolveMessage(message: MessageDraft, diagnostics: DiagnosticList): void {
  const multiplexors = message.signals.filter((signal) => signal.multiplexor);
  const roots = multiplexors.filter((signal) => signal.branch === undefined && signal.multiplexing === undefined);
  const root = roots[0] ?? multiplexors[0];
  for (const signal of message.signals) {
    if (signal.branch === undefined || signal.multiplexing !== undefined || root === undefined || root === signal) continue;
    if (roots.length > 1) diagnostics.add('warning', 'multiplexing', signal.line, `Signal ${signal.name}: message ${message.name} has ${roots.length} multiplexors and no SG_MUL_VAL_ says which; read as ${root.name}.`);
    signal.multiplexing = { selector: root.name, ranges: [[signal.branch, signal.branch]] };
  }
  const reachable = findReachable(message);
  const kept = message.signals.filter((signal) => {
    if (reachable.has(signal)) return true;
    diagnostics.add('error', 'multiplexing', signal.line, `Signal ${signal.name} of message ${message.name} is multiplexed, but nothing selects it; skipped.`);
    return false;
  });
  if (kept.length !== message.signals.length) message.signals.splice(0, message.signals.length, ...kept);
}

/** Deeper than any real file nests; bounds the nesting of what is generated from it. */
const MAXIMUM_DEPTH = 32;

/** Signals without a condition, and those whose chain of multiplexors ends at one within the bound. */
function findReachable(message: MessageDraft): Set<SignalDraft> {
  const selectors = new Map<string, SignalDraft>();
  for (const signal of message.signals) if (signal.multiplexor && !selectors.has(signal.name)) selectors.set(signal.name, signal);
  const dependants = new Map<SignalDraft, SignalDraft[]>();
  const queue: SignalDraft[] = [];
  for (const signal of message.signals) {
    if (signal.multiplexing === undefined) {
      if (signal.branch === undefined) queue.push(signal);
      continue;
    }
    const selector = selectors.get(signal.multiplexing.selector);
    if (selector === undefined) continue;
    const list = dependants.get(selector);
    if (list === undefined) dependants.set(selector, [signal]);
    else list.push(signal);
  }
  const reachable = new Set<SignalDraft>(queue);
  for (let depth = 0; depth < MAXIMUM_DEPTH && queue.length > 0; depth++) {
    for (const next of queue.splice(0)) {
      for (const signal of dependants.get(next) ?? []) {
        if (reachable.has(signal)) continue;
        reachable.add(signal);
        queue.push(signal);
      }
    }
  }
  return reachable;
}
