import { LIMITS } from '../envelope/limits.ts';

/** Flags of a CAN frame (docs/protocols/telemetry.md). */
export const FRAME = { extended: 1, fd: 2, brs: 4, esi: 8, rtr: 16, error: 32, tx: 64 } as const;

/** Data length of each CAN FD DLC code (ISO 11898-1). */
export const DLC_LENGTH = Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 12, 16, 20, 24, 32, 48, 64);

/** Frames of a batch may be this far from its `t0`, µs. */
const TIME_SPAN = 86_400_000_000;

const EMPTY = new Uint8Array(0);

/**
 * The frames of one batch as columns, reused from batch to batch. Payload bytes of frame i are `bytes[at[i]]` up to
 * `bytes[at[i] + length[i]]`; `bytes` is the message itself or `own`.
 */
export class FrameBatch {
  count = 0;
  /** Microseconds since t0. */
  dt = new Float64Array(1024);
  id = new Uint32Array(1024);
  /** Bits of FRAME; `extended` is always set above 0x7FF. */
  flags = new Uint8Array(1024);
  bus = new Uint8Array(1024);
  at = new Uint32Array(1024);
  length = new Uint8Array(1024);
  bytes: Uint8Array = EMPTY;
  /** Buffer for formats that do not carry payloads as bytes. */
  own = new Uint8Array(8192);
  ownLength = 0;

  /** Empties the batch; payloads will be in `bytes`, or in `own` where undefined. */
  begin(bytes: Uint8Array | undefined): void {
    this.count = 0;
    this.ownLength = 0;
    this.bytes = bytes ?? this.own;
  }

  /** Makes room in `own` for `more` bytes. */
  reserve(more: number): void {
    if (this.ownLength + more <= this.own.length) return;
    const grown = new Uint8Array(Math.max(this.ownLength + more, this.own.length * 2));
    grown.set(this.own);
    this.own = grown;
    this.bytes = grown;
  }

  /** Makes room for `count` frames. */
  ensure(count: number): void {
    if (count <= this.dt.length) return;
    const size = Math.min(LIMITS.frames, Math.max(count, this.dt.length * 2));
    const grow = <T extends Float64Array | Uint32Array | Uint8Array>(from: T, to: T): T => {
      to.set(from);
      return to;
    };
    this.dt = grow(this.dt, new Float64Array(size));
    this.id = grow(this.id, new Uint32Array(size));
    this.flags = grow(this.flags, new Uint8Array(size));
    this.bus = grow(this.bus, new Uint8Array(size));
    this.at = grow(this.at, new Uint32Array(size));
    this.length = grow(this.length, new Uint8Array(size));
  }

  /** Appends a frame; false where no CAN bus could carry it, or the batch is full. */
  add(dt: number, id: number, flags: number, bus: number, at: number, length: number): boolean {
    const n = this.count;
    if (n >= this.dt.length) {
      if (n >= LIMITS.frames) return false;
      this.ensure(n + 1);
    }
    const all = id > 0x7ff ? flags | FRAME.extended : flags;
    if (!(id >= 0 && id <= 0x1fffffff && bus >= 0 && bus <= 15 && flags >= 0 && flags <= 127)) return false;
    if (length > ((flags & FRAME.fd) !== 0 ? 64 : 8) || !(dt >= -TIME_SPAN && dt <= TIME_SPAN)) return false;
    this.dt[n] = dt;
    this.id[n] = id;
    this.flags[n] = all;
    this.bus[n] = bus;
    this.at[n] = at;
    this.length[n] = length;
    this.count = n + 1;
    return true;
  }
}
