import { setAttribute } from './attributes.ts';
import type { DiagnosticList } from './diagnostics.ts';
import type { Facts, MessageDraft, Reference, SignalDraft } from './facts.ts';
import { PLACEHOLDER, UNUSED_SIGNALS_ID } from './message-statements.ts';
import type { DbcDiagnosticCode } from './model.ts';

/** Finds drafts by the names and ids that statements use. */
export interface Symbols {
  readonly messages: ReadonlyMap<number, MessageDraft>;
  signals(id: number, name: string): readonly SignalDraft[];
}

/** One message per id: of several, the first stays. */
export function collectSymbols(facts: Facts, diagnostics: DiagnosticList): Symbols {
  const messages = new Map<number, MessageDraft>();
  const keys = new Map<number, MessageDraft>();
  const kept = facts.messages.filter((message) => {
    const key = message.id + (message.extended ? 0x80000000 : 0);
    const first = keys.get(key);
    if (first !== undefined) {
      diagnostics.add('error', 'duplicate-message', message.line, `Message ${message.name}: id 0x${message.id.toString(16).toUpperCase()} is taken by ${first.name} in line ${first.line}; skipped.`);
      return false;
    }
    keys.set(key, message);
    messages.set(message.rawId, message);
    return true;
  });
  facts.messages.splice(0, facts.messages.length, ...kept);
  const signals = new Map<MessageDraft, Map<string, SignalDraft[]>>();
  for (const message of kept) signals.set(message, signalsByName(message, diagnostics));
  return {
    messages,
    signals(id, name) {
      const message = messages.get(id);
      return (message === undefined ? undefined : signals.get(message)?.get(name)) ?? [];
    },
  };
}

function signalsByName(message: MessageDraft, diagnostics: DiagnosticList): Map<string, SignalDraft[]> {
  const byName = new Map<string, SignalDraft[]>();
  for (const signal of message.signals) {
    const same = byName.get(signal.name);
    if (same === undefined) byName.set(signal.name, [signal]);
    else {
      same.push(signal);
      diagnostics.add('warning', 'duplicate-signal', signal.line, `Signal ${signal.name} occurs more than once in message ${message.name}.`);
    }
  }
  return byName;
}

/** Second pass: statements that refer to messages, signals and nodes take effect, wherever they stand in the file. */
export function resolveReferences(facts: Facts, symbols: Symbols, diagnostics: DiagnosticList): { databaseComment: string | undefined; databaseAttributes: Record<string, string | number> } {
  const nodes = new Map(facts.nodes.map((node) => [node.name, node]));
  const databaseAttributes: Record<string, string | number> = {};
  let databaseComment: string | undefined;
  const missing = (line: number, reference: Reference, what: string, code: DbcDiagnosticCode = 'unknown-reference'): void => {
    if (reference.target === 'signal' && reference.id === UNUSED_SIGNALS_ID) return;
    diagnostics.add('warning', code, line, `${what} refers to ${describe(reference)}, which is not in this file; skipped.`);
  };

  for (const { line, reference, text } of facts.comments) {
    if (text === '') continue;
    if (reference.target === 'database') databaseComment = text;
    else if (reference.target !== 'environment') {
      const targets = find(reference, nodes, symbols);
      for (const target of targets) target.comment = text;
      if (targets.length === 0) missing(line, reference, 'A comment');
    }
  }
  for (const { line, reference, table } of facts.choices) {
    const choices = typeof table === 'string' ? facts.valueTables.get(table) : table;
    const targets = symbols.signals(reference.id, reference.name);
    for (const signal of targets) signal.choices = choices;
    if (targets.length === 0) missing(line, reference, 'A value table');
    else if (choices === undefined) diagnostics.add('warning', 'unknown-reference', line, `Value table ${String(table)} is not in this file.`);
  }
  for (const { line, reference, type } of facts.valueTypes) {
    const targets = symbols.signals(reference.id, reference.name);
    if (targets.length === 0) missing(line, reference, 'A value type');
    for (const signal of targets) {
      signal.float = (type === 1 && signal.length === 32) || (type === 2 && signal.length === 64);
      if (!signal.float && type !== 0) diagnostics.add('error', 'float-length', line, `Signal ${signal.name}: value type ${type} does not fit ${signal.length} bit; read as integer.`);
    }
  }
  for (const { line, id, names } of facts.senders) {
    const message = symbols.messages.get(id);
    if (message === undefined) missing(line, { target: 'message', id }, 'A list of senders');
    else for (const name of names) if (name !== PLACEHOLDER) message.senders.add(name);
  }
  const definitions = new Map(facts.definitions.map((definition) => [definition.name, definition]));
  for (const { line, name, value } of facts.defaults) {
    const definition = definitions.get(name);
    if (definition === undefined) diagnostics.add('warning', 'unknown-attribute', line, `Attribute "${name}" has a default but no definition; skipped.`);
    else definition.defaultValue = setAttribute(definition, value, () => diagnostics.add('info', 'bad-attribute', line, `Attribute "${name}": "${value}" is not among its values.`));
  }
  for (const { line, name, reference, value } of facts.attributes) {
    const definition = definitions.get(name);
    if (definition === undefined) diagnostics.add('warning', 'unknown-attribute', line, `Attribute "${name}" is set but not defined; kept as written.`);
    const resolved = setAttribute(definition, value, () => diagnostics.add('warning', 'bad-attribute', line, `Attribute "${name}": "${value}" is not among its values.`));
    if (reference.target === 'database') databaseAttributes[name] = resolved;
    else if (reference.target !== 'environment') {
      const targets = find(reference, nodes, symbols);
      for (const target of targets) (target.attributes ??= {})[name] = resolved;
      if (targets.length === 0) missing(line, reference, `Attribute "${name}"`);
    }
  }
  return { databaseComment, databaseAttributes };
}

interface Describable {
  comment: string | undefined;
  attributes: Record<string, string | number> | undefined;
}

function find(reference: Reference, nodes: ReadonlyMap<string, Describable>, symbols: Symbols): readonly Describable[] {
  switch (reference.target) {
    case 'node': {
      const node = nodes.get(reference.name);
      return node === undefined ? [] : [node];
    }
    case 'message': {
      const message = symbols.messages.get(reference.id);
      return message === undefined ? [] : [message];
    }
    case 'signal':
      return symbols.signals(reference.id, reference.name);
    default:
      return [];
  }
}

function describe(reference: Reference): string {
  switch (reference.target) {
    case 'signal':
      return `signal ${reference.name} of message ${reference.id}`;
    case 'message':
      return `message ${reference.id}`;
    case 'node':
      return `node ${reference.name}`;
    default:
      return reference.target;
  }
}
