/** A CAN database as plain data. Everything is JSON-safe except non-finite numbers, which never occur in it. */
export interface DbcDatabase {
  readonly version: string | undefined;
  readonly comment: string | undefined;
  readonly nodes: readonly DbcNode[];
  /** In file order, without the pseudo message of unused signals; (id, extended) is unique. */
  readonly messages: readonly DbcMessage[];
  /** Signals parked under id 0xC0000000: defined in the file, sent in no message. */
  readonly unusedSignals: readonly string[];
  readonly valueTables: Readonly<Record<string, readonly DbcChoice[]>>;
  readonly attributeDefinitions: readonly DbcAttributeDefinition[];
  readonly attributes: DbcAttributes;
}

export interface DbcNode {
  readonly name: string;
  readonly comment: string | undefined;
  readonly attributes: DbcAttributes;
}

/** How a frame travels; `j1939` means 29-bit ids that match by parameter group, whatever priority, source and destination. */
export type DbcFrameFormat = 'standard' | 'extended' | 'standard-fd' | 'extended-fd' | 'j1939';

export interface DbcMessage {
  /** CAN id without flag bits. */
  readonly id: number;
  /** True for a 29-bit id. */
  readonly extended: boolean;
  readonly name: string;
  /** Payload length in bytes; above 64 for payloads reassembled by a transport protocol. */
  readonly length: number;
  readonly frameFormat: DbcFrameFormat;
  /** Names of the sending nodes, without the placeholder Vector__XXX. */
  readonly senders: readonly string[];
  /** Nominal period in ms (GenMsgCycleTime); undefined when absent or 0. */
  readonly cycleTime: number | undefined;
  readonly comment: string | undefined;
  /** Attributes set on this message; defaults: see `attributeOf`. */
  readonly attributes: DbcAttributes;
  /** In file order. */
  readonly signals: readonly DbcSignal[];
  /** Line of its definition in the file, from 1. */
  readonly line: number;
}

export type DbcByteOrder = 'intel' | 'motorola';

export interface DbcSignal {
  readonly name: string;
  /** Start bit as written: least significant bit for Intel, most significant bit in sawtooth numbering for Motorola. */
  readonly start: number;
  /** Length in bits, 1 to 64. */
  readonly length: number;
  readonly byteOrder: DbcByteOrder;
  readonly signed: boolean;
  /** IEEE 754 instead of integer (SIG_VALTYPE_); length is then 32 or 64. */
  readonly float: boolean;
  /** physical = raw · scale + offset */
  readonly scale: number;
  readonly offset: number;
  /** Physical range as written; both undefined where the file says [0|0], which means no range. Values are never clamped to it. */
  readonly minimum: number | undefined;
  readonly maximum: number | undefined;
  readonly unit: string;
  /** Names of the receiving nodes, without the placeholder Vector__XXX. */
  readonly receivers: readonly string[];
  /** True where this signal's raw value selects which other signals are present. */
  readonly multiplexor: boolean;
  /** When this signal is present; undefined: always. */
  readonly multiplexing: DbcMultiplexing | undefined;
  /** Labels of raw values, in file order. */
  readonly choices: readonly DbcChoice[] | undefined;
  /** Raw value before the first reception (GenSigStartValue). */
  readonly startValue: number | undefined;
  /** J1939 suspect parameter number; undefined when absent or 0. */
  readonly spn: number | undefined;
  readonly comment: string | undefined;
  readonly attributes: DbcAttributes;
  readonly line: number;
}

/** The signal is present while the raw value of `selector`, a multiplexor of the same message that is itself present, lies in a range (both ends included). */
export interface DbcMultiplexing {
  readonly selector: string;
  readonly ranges: readonly DbcRange[];
}

export type DbcRange = readonly [from: number, to: number];

export interface DbcChoice {
  readonly value: number;
  readonly label: string;
}

export type DbcAttributeValue = string | number;
export type DbcAttributes = Readonly<Record<string, DbcAttributeValue>>;
export type DbcAttributeTarget = 'database' | 'node' | 'message' | 'signal' | 'environment';

export interface DbcAttributeDefinition {
  readonly name: string;
  readonly target: DbcAttributeTarget;
  readonly type: 'integer' | 'float' | 'string' | 'enum' | 'hex';
  /** Labels of an enum, in file order. */
  readonly labels: readonly string[];
  readonly defaultValue: DbcAttributeValue | undefined;
}

export type DbcSeverity = 'error' | 'warning' | 'info';

/** One finding about a DBC file. An error cost a statement or a signal; a warning was read in the most probable way; an information changes nothing. */
export interface DbcDiagnostic {
  /** From 1. */
  readonly line: number;
  readonly severity: DbcSeverity;
  readonly code: DbcDiagnosticCode;
  readonly message: string;
}

export type DbcDiagnosticCode =
  | 'too-large'
  | 'encoding'
  | 'syntax'
  | 'unknown-statement'
  | 'unclosed-string'
  | 'duplicate-message'
  | 'duplicate-signal'
  | 'bad-id'
  | 'bad-length'
  | 'bad-number'
  | 'bad-name'
  | 'signal-without-message'
  | 'unknown-reference'
  | 'unknown-attribute'
  | 'bad-attribute'
  | 'multiplexing'
  | 'float-length'
  | 'outside-message'
  | 'overlap'
  | 'zero-scale'
  | 'more';
