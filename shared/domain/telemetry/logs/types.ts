export type LogFormat = 'candump' | 'asc' | 'trc' | 'crtd' | 'gvret';

export const LOG_FORMAT_NAMES: Readonly<Record<LogFormat, string>> = {
  candump: 'candump',
  asc: 'Vector ASC',
  trc: 'PEAK TRC',
  crtd: 'CRTD',
  gvret: 'GVRET CSV',
};

/** One frame of a log. The reader uses one object for all frames: it is valid during the callback only. */
export interface LogFrame {
  /** Microseconds as the log counts them: since 1970 or since its start; NaN where it gives no time. */
  readonly timeUs: number;
  /** As the log numbers buses: candump `can1` is 1, the first bus of ASC is 1. */
  readonly bus: number;
  /** Without flag bits. */
  readonly id: number;
  readonly extended: boolean;
  readonly fd: boolean;
  readonly rtr: boolean;
  readonly error: boolean;
  /** Payload bytes: `view` from 0 to `length`, or `data`. */
  readonly length: number;
  readonly view: DataView;
  readonly data: Uint8Array;
}

/** What a line turned out to be: a frame, something that belongs to the format and is no frame, or neither. */
export type LineKind = 'frame' | 'other' | 'malformed';

/** Reads the lines of one format, in order; keeps what headers said. */
export interface LineParser {
  parse(line: string, frame: FrameBuffer): LineKind;
}

const MAXIMUM_LENGTH = 64;

/** The frame that a parser fills. */
export class FrameBuffer implements LogFrame {
  timeUs = 0;
  bus = 0;
  id = 0;
  extended = false;
  fd = false;
  rtr = false;
  error = false;
  length = 0;
  readonly bytes = new Uint8Array(MAXIMUM_LENGTH);
  readonly view = new DataView(this.bytes.buffer);
  readonly #parts = Array.from({ length: MAXIMUM_LENGTH + 1 }, (_, length) => this.bytes.subarray(0, length));

  get data(): Uint8Array {
    return this.#parts[this.length] ?? this.bytes;
  }

  /** Begins a frame; true when the id is one. */
  start(timeUs: number, bus: number, id: number, extended: boolean): boolean {
    this.timeUs = timeUs;
    this.bus = bus;
    this.id = id;
    this.extended = extended || id > 0x7ff;
    this.fd = this.rtr = this.error = false;
    this.length = 0;
    return id >= 0 && id <= 0x1fffffff;
  }

  /** Appends a byte; false when it is none or the frame is full. */
  push(byte: number): boolean {
    if (!(byte >= 0 && byte <= 255) || this.length >= MAXIMUM_LENGTH) return false;
    this.bytes[this.length++] = byte;
    return true;
  }
}
