/** What a message says besides values; member names are the console's, not those of the wire. */
export interface StateContent {
  readonly on: boolean;
}

export interface MetaBus {
  readonly bus: number;
  readonly name: string;
  readonly kbps: number | undefined;
  readonly fd: boolean;
  /** Name of the DBC file by content, `sha256:` and 64 hex digits (see dbcHash of ../dbc). */
  readonly dbc: string | undefined;
}

export interface MetaContent {
  readonly model: string;
  readonly vin: string | undefined;
  readonly unitType: string | undefined;
  readonly firmware: string | undefined;
  readonly buses: readonly MetaBus[];
}

export type TroubleCode = { readonly spn: number; readonly fmi: number; readonly oc: number } | { readonly code: string; readonly status: number };

export interface TroubleCodesContent {
  readonly protocol: 'j1939' | 'uds' | 'obd';
  readonly lamps: number;
  readonly codes: readonly TroubleCode[];
}

export interface BusStatisticsContent {
  readonly bus: number;
  readonly frames: number;
  readonly errors: number;
  /** % */
  readonly load: number;
  readonly state: 'active' | 'warning' | 'passive' | 'off';
  readonly lost: number;
  readonly queue: number;
}

export interface EventContent {
  readonly name: string;
  /** As parsed from JSON; bounded in size and depth, otherwise unchecked. */
  readonly data: unknown;
}

export interface AckContent {
  readonly id: string;
  readonly state: 'delivered' | 'accepted' | 'rejected' | 'done';
  readonly why: string | undefined;
}

/** Kind of a processed message; `rejected` could not be read. */
export type MessageKind = 'can' | 'sig' | 'state' | 'meta' | 'dtc' | 'stat' | 'evt' | 'ack' | 'rejected';
