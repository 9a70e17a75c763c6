/** What every message of a unit carries (docs/protocols/telemetry.md). */
export interface MessageHead {
  /** Boot counter, 0 … 2^32 − 1. */
  readonly boot: number;
  /** Number of the message within the boot, over all suffixes, 0 … 2^32 − 1. */
  readonly seq: number;
  /** Uptime in seconds. */
  readonly up: number;
  /** True where the message waited in the unit's buffer and is sent late. */
  readonly buffered?: boolean;
}

/** Flags of a CAN frame; they add up. */
export const FRAME_FLAG = { extended: 1, fd: 2, brs: 4, esi: 8, rtr: 16, error: 32, tx: 64 } as const;

export interface WireFrame {
  /** Microseconds since the batch's `t0`; never below the frame before. */
  readonly dt: number;
  /** 11- or 29-bit id without flag bits. */
  readonly id: number;
  readonly data: Uint8Array;
  /** Sum of FRAME_FLAG; an id above 0x7FF is extended whether or not it says so. */
  readonly flags?: number;
  /** Bus number 0–15; the batch's bus where undefined. */
  readonly bus?: number;
}

export interface CanBatch extends MessageHead {
  /** Epoch microseconds. */
  readonly t0: number;
  readonly bus: number;
  readonly frames: readonly WireFrame[];
}

export type SignalValue = number | string | boolean;

export interface SignalBatch extends MessageHead {
  /** Epoch milliseconds. */
  readonly t0: number;
  /** [milliseconds since t0, name, value] */
  readonly values: readonly (readonly [number, string, SignalValue])[];
}

export interface UnitState {
  readonly on: boolean;
  /** Epoch milliseconds. */
  readonly t: number;
  readonly boot: number;
}

export interface BusDescription {
  readonly bus: number;
  readonly name: string;
  readonly kbps: number;
  readonly fd: boolean;
  /** `sha256:` and the lower-case digest of the DBC file. */
  readonly dbc?: string;
}

export interface UnitMeta extends MessageHead {
  readonly model: string;
  readonly vin?: string;
  readonly tcu: { readonly type: string; readonly firmware: string };
  readonly buses: readonly BusDescription[];
}

export interface BusStatistics {
  readonly bus: number;
  /** Frames received since boot. */
  readonly frames: number;
  /** Error frames since boot. */
  readonly errors: number;
  /** Bus load in percent. */
  readonly load: number;
  readonly state: 'active' | 'warning' | 'passive' | 'off';
  /** Frames lost in the unit since boot. */
  readonly lost: number;
  /** Messages waiting in the unit. */
  readonly queue: number;
}

export interface StatisticsMessage extends MessageHead {
  /** Epoch milliseconds. */
  readonly t: number;
  readonly buses: readonly BusStatistics[];
}

export interface J1939Code {
  readonly spn: number;
  readonly fmi: number;
  /** Occurrence count. */
  readonly oc: number;
}

export interface UdsCode {
  /** As the tester shows it, such as `P0A1F-16`. */
  readonly code: string;
  /** ISO 14229-1 status byte. */
  readonly status: number;
}

export interface TroubleCodes extends MessageHead {
  /** Epoch milliseconds. */
  readonly t: number;
  readonly protocol: 'j1939' | 'uds' | 'obd';
  /** Lamp bits: 1 protect, 2 amber warning, 4 red stop, 8 malfunction indicator. */
  readonly lamps: number;
  readonly codes: readonly (J1939Code | UdsCode)[];
}

export interface UnitEvent extends MessageHead {
  /** Epoch milliseconds. */
  readonly t: number;
  /** Short name, such as `ignition-on`. */
  readonly name: string;
  readonly data?: Readonly<Record<string, SignalValue>>;
}

export const ACK_STATES = ['delivered', 'accepted', 'rejected', 'done'] as const;
export type AckState = (typeof ACK_STATES)[number];

export interface CommandAck extends MessageHead {
  readonly id: string;
  /** Epoch milliseconds. */
  readonly t: number;
  readonly state: AckState;
  /** Why a command was rejected, in words. */
  readonly why?: string;
}
