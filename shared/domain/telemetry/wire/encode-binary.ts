import { FRAME_FLAG, type CanBatch, type WireFrame } from './types.ts';

export const BINARY_MAGIC = 0xec;
export const BINARY_VERSION = 1;
export const BINARY_HEADER_LENGTH = 28;

/** Data length of each CAN FD DLC code (ISO 11898-1). */
export const DLC_LENGTHS: readonly number[] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 12, 16, 20, 24, 32, 48, 64];

export interface BinaryOptions {
  /** Raw deflate (RFC 1951) of the body; the body is sent as it is where undefined, or where deflating does not shrink it. */
  readonly deflate?: (body: Uint8Array) => Uint8Array;
}

/** Microseconds of one time unit: 10 where every gap fits 16 bits, else 1000. */
function unitFor(frames: readonly WireFrame[]): number {
  let before = 0;
  for (const frame of frames) {
    if (frame.dt < before) throw new RangeError('Frames of a batch must be in order of time.');
    if (frame.dt - before > 655_000) return 1000;
    before = frame.dt;
  }
  return 10;
}

/** Writes one record at `at`; returns the offset behind it. Time is in units since the frame before. */
function writeFrame(view: DataView, out: Uint8Array, at: number, frame: WireFrame, batchBus: number, gap: number): number {
  const flags = frame.flags ?? 0;
  const extended = (flags & FRAME_FLAG.extended) !== 0 || frame.id > 0x7ff;
  const remote = (flags & FRAME_FLAG.rtr) !== 0;
  const failed = (flags & FRAME_FLAG.error) !== 0;
  // A remote frame has no data; DLC 0 keeps readers that skip by DLC in step.
  const code = remote ? 0 : DLC_LENGTHS.indexOf(frame.data.length);
  if (code < 0 || (code > 8 && (flags & FRAME_FLAG.fd) === 0)) throw new RangeError(`A CAN frame cannot hold ${frame.data.length} bytes.`);
  if (!Number.isInteger(frame.id) || frame.id < 0 || frame.id > 0x1fffffff) throw new RangeError(`${frame.id} is no CAN id.`);
  const bus = frame.bus ?? batchBus;
  const extra = bus | ((flags & FRAME_FLAG.brs) << 2) | ((flags & FRAME_FLAG.esi) << 2) | (failed ? 0x40 : 0) | ((flags & FRAME_FLAG.tx) << 1);
  const more = extra !== batchBus;
  let p = at;
  out[p++] = code | (extended ? 0x10 : 0) | ((flags & FRAME_FLAG.fd) !== 0 ? 0x20 : 0) | (remote || failed ? 0x40 : 0) | (more ? 0x80 : 0);
  if (more) out[p++] = extra;
  if (extended) {
    view.setUint32(p, frame.id, true);
    p += 4;
  } else {
    view.setUint16(p, frame.id, true);
    p += 2;
  }
  view.setUint16(p, gap, true);
  p += 2;
  if (!remote) out.set(frame.data, p);
  return p + (remote ? 0 : frame.data.length);
}

/**
 * A `can` batch in the binary form of docs/protocols/telemetry.md: 28-byte header, then records, little endian. Times are
 * rounded as a whole, not gap by gap, so that they do not drift. Throws RangeError for frames out of order, more than
 * 65,535 frames, gaps over 65 s and frames that CAN does not know.
 */
export function encodeCanBinary(batch: CanBatch, options: BinaryOptions = {}): Uint8Array {
  const { frames } = batch;
  if (frames.length > 0xffff) throw new RangeError('A batch holds at most 65,535 frames.');
  const unit = unitFor(frames);
  const out = new Uint8Array(BINARY_HEADER_LENGTH + frames.reduce((sum, frame) => sum + 8 + frame.data.length, 0));
  const view = new DataView(out.buffer);
  let at = BINARY_HEADER_LENGTH;
  let before = 0;
  for (const frame of frames) {
    const now = Math.round(frame.dt / unit);
    if (now - before > 0xffff) throw new RangeError('Frames of a batch are at most 65 s apart.');
    at = writeFrame(view, out, at, frame, batch.bus, now - before);
    before = now;
  }
  const body = out.subarray(BINARY_HEADER_LENGTH, at);
  const packed = options.deflate?.(body);
  const deflated = packed !== undefined && packed.length < body.length;
  out[0] = BINARY_MAGIC;
  out[1] = BINARY_VERSION;
  out[2] = (deflated ? 1 : 0) | (unit === 1000 ? 2 : 0) | (batch.buffered === true ? 4 : 0);
  out[3] = batch.bus;
  view.setUint32(4, batch.boot, true);
  view.setUint32(8, batch.seq, true);
  view.setUint32(12, Math.floor(batch.up), true);
  view.setBigUint64(16, BigInt(Math.round(batch.t0)), true);
  view.setUint16(24, frames.length, true);
  view.setUint16(26, BINARY_HEADER_LENGTH, true);
  if (!deflated) return out.slice(0, at);
  const result = new Uint8Array(BINARY_HEADER_LENGTH + packed.length);
  result.set(out.subarray(0, BINARY_HEADER_LENGTH));
  result.set(packed, BINARY_HEADER_LENGTH);
  return result;
}
