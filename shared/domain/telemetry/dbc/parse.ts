import { attributeOf } from './attributes.ts';
import { checkMessage } from './check.ts';
import { DiagnosticList } from './diagnostics.ts';
import { emptyFacts, type Facts, type MessageDraft, type SignalDraft } from './facts.ts';
import { DBC_LIMITS, type DbcLimits } from './limits.ts';
import type { DbcAttributeDefinition, DbcAttributes, DbcDatabase, DbcDiagnostic, DbcFrameFormat, DbcMessage, DbcSignal } from './model.ts';
import { resolveMultiplexing } from './multiplexing.ts';
import { collectSymbols, resolveReferences } from './resolve.ts';
import { Scanner } from './scanner.ts';
import { readStatements } from './statements.ts';
import { decodeText } from './text.ts';

export interface ParsedDbc {
  readonly database: DbcDatabase;
  readonly diagnostics: readonly DbcDiagnostic[];
}

const NONE: DbcAttributes = Object.freeze({});

/**
 * Reads a DBC file, leniently: what cannot be read is reported with its line and left out, and the rest stands. Never
 * throws; time is linear in the size of the input. Bytes are UTF-8, else Windows-1252.
 *
 * Source: Vector "DBC File Format Documentation" 1.0.5, and the practice of published files where it is silent.
 */
export function parseDbc(input: Uint8Array | string, limits: DbcLimits = DBC_LIMITS): ParsedDbc {
  const diagnostics = new DiagnosticList(limits.diagnostics);
  const facts = emptyFacts();
  if (input.length > limits.size) diagnostics.add('error', 'too-large', 1, `The file has ${input.length} bytes; at most ${limits.size} are read. Nothing was read.`);
  else {
    const { text, encoding } = typeof input === 'string' ? { text: input, encoding: 'utf-8' } : decodeText(input);
    if (encoding !== 'utf-8') diagnostics.add('info', 'encoding', 1, 'The file is not valid UTF-8; read as Windows-1252.');
    readStatements({ scanner: new Scanner(text), diagnostics, facts, limits, message: undefined, unused: false, signalCount: 0 });
  }
  const symbols = collectSymbols(facts, diagnostics);
  const { databaseComment, databaseAttributes } = resolveReferences(facts, symbols, diagnostics);
  resolveMultiplexing(facts, symbols, diagnostics);
  const definitions = facts.definitions.map(({ labelSet: _, ...definition }): DbcAttributeDefinition => definition);
  const longNodes = applyLongNames(facts);
  const context = formatContext(definitions, databaseAttributes);
  const messages = facts.messages.map((message) => finishMessage(message, context, longNodes));
  for (const message of messages) checkMessage(message, diagnostics);
  const database: DbcDatabase = {
    version: facts.version,
    comment: databaseComment,
    nodes: facts.nodes.map(({ name, comment, attributes }) => ({ name, comment, attributes: attributes ?? NONE })),
    messages,
    unusedSignals: facts.unusedSignals,
    valueTables: Object.fromEntries(facts.valueTables),
    attributeDefinitions: definitions,
    attributes: databaseAttributes,
  };
  return { database, diagnostics: diagnostics.toArray() };
}

/** Names over 32 characters are cut in the statements and given in full as attributes. Returns the full names of nodes. */
function applyLongNames(facts: Facts): ReadonlyMap<string, string> {
  const long = (attributes: DbcAttributes | undefined, key: string): string | undefined => {
    const value = attributes !== undefined && Object.hasOwn(attributes, key) ? attributes[key] : undefined;
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const nodes = new Map<string, string>();
  for (const node of facts.nodes) {
    const name = long(node.attributes, 'SystemNodeLongSymbol');
    if (name === undefined) continue;
    nodes.set(node.name, name);
    node.name = name;
  }
  for (const message of facts.messages) {
    message.name = long(message.attributes, 'SystemMessageLongSymbol') ?? message.name;
    const renamed = new Map<string, string>();
    for (const signal of message.signals) {
      signal.receivers = signal.receivers.map((name) => nodes.get(name) ?? name);
      const name = long(signal.attributes, 'SystemSignalLongSymbol');
      if (name === undefined) continue;
      renamed.set(signal.name, name);
      signal.name = name;
    }
    for (const signal of message.signals) {
      const selector = signal.multiplexing === undefined ? undefined : renamed.get(signal.multiplexing.selector);
      if (signal.multiplexing !== undefined && selector !== undefined) signal.multiplexing = { ...signal.multiplexing, selector };
    }
  }
  return nodes;
}

interface FormatContext {
  readonly frameFormat: string | number | undefined;
  readonly cycleTime: string | number | undefined;
  readonly startValue: string | number | undefined;
  readonly spn: string | number | undefined;
  /** The file says J1939 and does not use VFrameFormat at all. */
  readonly j1939: boolean;
}

function formatContext(definitions: readonly DbcAttributeDefinition[], attributes: DbcAttributes): FormatContext {
  const database = { attributeDefinitions: definitions };
  const byDefault = (target: 'message' | 'signal', name: string): string | number | undefined => attributeOf(database, target, NONE, name);
  const protocol = String(attributeOf(database, 'database', attributes, 'ProtocolType') ?? '');
  return {
    frameFormat: byDefault('message', 'VFrameFormat'),
    cycleTime: byDefault('message', 'GenMsgCycleTime'),
    startValue: byDefault('signal', 'GenSigStartValue'),
    spn: byDefault('signal', 'SPN'),
    j1939: protocol.toUpperCase() === 'J1939' && !definitions.some((definition) => definition.name === 'VFrameFormat'),
  };
}

/** VFrameFormat by label; its index means different things to different vendors. */
function frameFormat(draft: MessageDraft, context: FormatContext): DbcFrameFormat {
  const label = String(draft.attributes?.['VFrameFormat'] ?? context.frameFormat ?? '').toUpperCase();
  if (draft.extended && (label === 'J1939PG' || (label === '' && context.j1939))) return 'j1939';
  const flexible = label.endsWith('_FD');
  if (draft.extended) return flexible ? 'extended-fd' : 'extended';
  return flexible ? 'standard-fd' : 'standard';
}

/** A number above 0, or undefined. */
function positive(value: string | number | undefined): number | undefined {
  return typeof value === 'number' && value > 0 ? value : undefined;
}

function finishMessage(draft: MessageDraft, context: FormatContext, longNodes: ReadonlyMap<string, string>): DbcMessage {
  const { id, extended, name, length, comment, line } = draft;
  const senders = Array.from(draft.senders, (sender) => longNodes.get(sender) ?? sender);
  return {
    id, extended, name, length, frameFormat: frameFormat(draft, context), senders,
    cycleTime: positive(draft.attributes?.['GenMsgCycleTime'] ?? context.cycleTime),
    comment, attributes: draft.attributes ?? NONE, signals: draft.signals.map((signal) => finishSignal(signal, context)), line,
  };
}

function finishSignal(draft: SignalDraft, context: FormatContext): DbcSignal {
  const { name, start, length, byteOrder, signed, float, scale, offset, unit, receivers, multiplexor, multiplexing, choices, comment, line } = draft;
  const ranged = (draft.minimum !== 0 || draft.maximum !== 0) && Number.isFinite(draft.minimum) && Number.isFinite(draft.maximum);
  const startValue = draft.attributes?.['GenSigStartValue'] ?? context.startValue;
  return {
    name, start, length, byteOrder, signed, float, scale, offset,
    minimum: ranged ? draft.minimum : undefined, maximum: ranged ? draft.maximum : undefined,
    unit, receivers, multiplexor, multiplexing, choices,
    startValue: typeof startValue === 'number' ? startValue : undefined,
    spn: positive(draft.attributes?.['SPN'] ?? context.spn),
    comment, attributes: draft.attributes ?? NONE, line,
  };
}
