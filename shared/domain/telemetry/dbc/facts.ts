import type { DbcAttributeDefinition, DbcByteOrder, DbcChoice, DbcMultiplexing, DbcRange } from './model.ts';

/** What a statement refers to. `id` is the id as written, with flag bits. */
export type Reference =
  | { readonly target: 'database' }
  | { readonly target: 'node' | 'environment'; readonly name: string }
  | { readonly target: 'message'; readonly id: number }
  | { readonly target: 'signal'; readonly id: number; readonly name: string };

/** A signal while the file is being read; names are as written, long names come last. */
export interface SignalDraft {
  name: string;
  readonly line: number;
  readonly start: number;
  readonly length: number;
  readonly byteOrder: DbcByteOrder;
  readonly signed: boolean;
  scale: number;
  offset: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly unit: string;
  receivers: readonly string[];
  multiplexor: boolean;
  /** The n of `mn` or `mnM`. */
  readonly branch: number | undefined;
  float: boolean;
  multiplexing: DbcMultiplexing | undefined;
  choices: readonly DbcChoice[] | undefined;
  comment: string | undefined;
  attributes: Record<string, string | number> | undefined;
}

export interface MessageDraft {
  /** As written, with flag bits. */
  readonly rawId: number;
  readonly id: number;
  readonly extended: boolean;
  name: string;
  readonly line: number;
  readonly length: number;
  readonly senders: Set<string>;
  readonly signals: SignalDraft[];
  comment: string | undefined;
  attributes: Record<string, string | number> | undefined;
}

export interface NodeDraft {
  name: string;
  comment: string | undefined;
  attributes: Record<string, string | number> | undefined;
}

export interface AttributeDefinitionDraft extends Omit<DbcAttributeDefinition, 'defaultValue' | 'labels'> {
  /** In order of the file, each once or more. */
  readonly labels: string[];
  readonly labelSet: ReadonlySet<string>;
  defaultValue: string | number | undefined;
}

interface At {
  readonly line: number;
}

/** Everything the first pass found: definitions, and statements that refer to definitions wherever those stand in the file. */
export interface Facts {
  version: string | undefined;
  readonly nodes: NodeDraft[];
  readonly messages: MessageDraft[];
  readonly unusedSignals: string[];
  readonly valueTables: Map<string, readonly DbcChoice[]>;
  readonly definitions: AttributeDefinitionDraft[];
  readonly defaults: (At & { readonly name: string; readonly value: string | number })[];
  readonly attributes: (At & { readonly name: string; readonly reference: Reference; readonly value: string | number })[];
  readonly comments: (At & { readonly reference: Reference; readonly text: string })[];
  readonly choices: (At & { readonly reference: Reference & { target: 'signal' }; readonly table: string | readonly DbcChoice[] })[];
  readonly valueTypes: (At & { readonly reference: Reference & { target: 'signal' }; readonly type: number })[];
  readonly multiplexing: (At & { readonly reference: Reference & { target: 'signal' }; readonly selector: string; readonly ranges: readonly DbcRange[] })[];
  readonly senders: (At & { readonly id: number; readonly names: readonly string[] })[];
}

export function emptyFacts(): Facts {
  return {
    version: undefined, nodes: [], messages: [], unusedSignals: [], valueTables: new Map(), definitions: [], defaults: [],
    attributes: [], comments: [], choices: [], valueTypes: [], multiplexing: [], senders: [],
  };
}
