import type { AckContent, BusStatisticsContent, EventContent, MessageKind, MetaContent, StateContent, TroubleCodesContent } from '../envelope/messages.ts';
import type { RejectReason } from '../envelope/reasons.ts';

/** A text value of a message. */
export interface TextValue {
  readonly parameter: number;
  readonly text: string;
}

/**
 * One processed message. A processor owns one and fills it anew for every message: copy what is to be kept.
 *
 * Values come in rows: row r has `parameters` and `values` from `rowStart[r]` up to `rowStart[r + 1]`, each parameter at most
 * once, all at `rowTime[r]`. A batch of up to a second is one row; longer ones have a row per second. `count` is
 * `rowStart[rowCount]`.
 */
export interface DecodedMessage {
  kind: MessageKind;
  /** Why nothing was taken; only where `kind` is `rejected`. */
  reason: RejectReason | undefined;
  /** Bits of QUALITY. */
  quality: number;
  /** True where the unit numbers its messages: (boot, seq) is the key; otherwise (deviceTime, hash) is. */
  numbered: boolean;
  boot: number;
  seq: number;
  /** Uptime, s; NaN where not given. */
  up: number;
  /** Hash of the payload for units without numbers, 53 bits; 0 where numbered. */
  hash: number;
  /** Epoch ms. */
  receivedAt: number;
  /** What the unit says, epoch ms, for the end of the message; NaN where it says nothing. */
  deviceTime: number;
  /** The time the message is placed at, epoch ms: the newest row's. Always finite. */
  eventTime: number;
  rowCount: number;
  rowTime: Float64Array;
  rowStart: Uint32Array;
  count: number;
  parameters: Uint16Array;
  values: Float64Array;
  /** Of the newest row's time. */
  texts: readonly TextValue[];
  /** CAN frames in the message, and those nobody could decode. */
  frames: number;
  unknownFrames: number;
  lengthMismatches: number;
  /** Values whose name is not in the catalogue, and values of the wrong type or out of what is possible. */
  unknownNames: number;
  invalidValues: number;
  /** Names of the DBC files the values were decoded with; empty where none was used. */
  dbcHashes: readonly string[];
  state: StateContent | undefined;
  meta: MetaContent | undefined;
  troubleCodes: TroubleCodesContent | undefined;
  statistics: readonly BusStatisticsContent[] | undefined;
  event: EventContent | undefined;
  ack: AckContent | undefined;
}

const NO_TEXTS: readonly TextValue[] = [];
const NO_HASHES: readonly string[] = [];

/** An empty message with room for `capacity` values and `rows` rows; both grow on demand. */
export function createDecodedMessage(capacity = 512, rows = 16): DecodedMessage {
  return {
    kind: 'rejected', reason: undefined, quality: 0, numbered: false, boot: 0, seq: 0, up: Number.NaN, hash: 0,
    receivedAt: 0, deviceTime: Number.NaN, eventTime: 0,
    rowCount: 0, rowTime: new Float64Array(rows), rowStart: new Uint32Array(rows + 1),
    count: 0, parameters: new Uint16Array(capacity), values: new Float64Array(capacity), texts: NO_TEXTS,
    frames: 0, unknownFrames: 0, lengthMismatches: 0, unknownNames: 0, invalidValues: 0, dbcHashes: NO_HASHES,
    state: undefined, meta: undefined, troubleCodes: undefined, statistics: undefined, event: undefined, ack: undefined,
  };
}

/** Makes `message` empty; arrays keep their size. */
export function resetDecodedMessage(message: DecodedMessage): void {
  message.kind = 'rejected';
  message.reason = undefined;
  message.quality = 0;
  message.numbered = false;
  message.boot = 0;
  message.seq = 0;
  message.up = Number.NaN;
  message.hash = 0;
  message.receivedAt = 0;
  message.deviceTime = Number.NaN;
  message.eventTime = 0;
  message.rowCount = 0;
  message.rowStart[0] = 0;
  message.count = 0;
  message.texts = NO_TEXTS;
  message.frames = 0;
  message.unknownFrames = 0;
  message.lengthMismatches = 0;
  message.unknownNames = 0;
  message.invalidValues = 0;
  message.dbcHashes = NO_HASHES;
  message.state = undefined;
  message.meta = undefined;
  message.troubleCodes = undefined;
  message.statistics = undefined;
  message.event = undefined;
  message.ack = undefined;
}

/** Row after row, `parameters.length` values in all. */
export function ensureValueCapacity(message: DecodedMessage, needed: number): void {
  if (needed <= message.parameters.length) return;
  const size = Math.max(needed, message.parameters.length * 2);
  const parameters = new Uint16Array(size);
  parameters.set(message.parameters);
  message.parameters = parameters;
  const values = new Float64Array(size);
  values.set(message.values);
  message.values = values;
}

/** Room for `needed` rows. */
export function ensureRowCapacity(message: DecodedMessage, needed: number): void {
  if (needed <= message.rowTime.length) return;
  const size = Math.max(needed, message.rowTime.length * 2);
  const rowTime = new Float64Array(size);
  rowTime.set(message.rowTime);
  message.rowTime = rowTime;
  const rowStart = new Uint32Array(size + 1);
  rowStart.set(message.rowStart);
  message.rowStart = rowStart;
}

/** A copy with arrays of exactly the size in use. */
export function copyDecodedMessage(message: DecodedMessage): DecodedMessage {
  return {
    ...message,
    rowTime: message.rowTime.slice(0, message.rowCount),
    rowStart: message.rowStart.slice(0, message.rowCount + 1),
    parameters: message.parameters.slice(0, message.count),
    values: message.values.slice(0, message.count),
    texts: [...message.texts],
    dbcHashes: [...message.dbcHashes],
  };
}
