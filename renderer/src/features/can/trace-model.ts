import type { CanTrace } from '#shared/contract/can.ts';
import { FRAME } from '#shared/domain/telemetry/adapters/frame-batch.ts';
import { frameBits } from '#shared/domain/telemetry/adapters/frame-bits.ts';

/** Frames kept to look back at: five minutes of a bus with 200 frames a second. */
export const TRACE_FRAMES = 60_000;
/** A byte that changed is marked for this long, ms of trace time. */
const CHANGE_MARK = 1_500;
/** Load and rates are those of the last seconds, ms of trace time. */
const RATE_WINDOW = 2_000;
const PERIOD_WEIGHT = 0.2;

/** What is known of one CAN id on one bus. */
export interface IdRow {
  readonly key: number;
  readonly bus: number;
  readonly id: number;
  readonly extended: boolean;
  count: number;
  /** Trace time of the last frame, epoch ms. */
  last: number;
  /** Usual time between two frames, ms; undefined until there were two. */
  period: number | undefined;
  flags: number;
  data: Uint8Array;
  /** Trace time at which each byte changed last. */
  readonly changedAt: Float64Array;
}

/** What a bus carried in the last seconds. */
export interface BusRate {
  readonly bus: number;
  readonly framesPerSecond: number;
  /** bit/s, with stuff bits at their most likely number. */
  readonly bitsPerSecond: number;
  readonly errors: number;
}

/** A frame that is still in the ring. */
export interface TraceFrame {
  readonly number: number;
  readonly time: number;
  readonly bus: number;
  readonly id: number;
  readonly flags: number;
  readonly data: Uint8Array;
}

/** Packs bus, format and id as the core does. */
export function idKey(bus: number, extended: boolean, id: number): number {
  return bus * 1_073_741_824 + (extended ? 536_870_912 : 0) + id;
}

interface RateSlice {
  readonly at: number;
  readonly frames: Map<number, { frames: number; bits: number }>;
}

/** Everything that a trace has shown: one row per id, and the last frames in a ring. Filled in place; `version` counts. */
export class TraceModel {
  version = 0;
  total = 0;
  dropped = 0;
  readonly rows = new Map<number, IdRow>();
  readonly #errors = new Map<number, number>();
  readonly #time = new Float64Array(TRACE_FRAMES);
  readonly #bus = new Uint8Array(TRACE_FRAMES);
  readonly #id = new Uint32Array(TRACE_FRAMES);
  readonly #flags = new Uint8Array(TRACE_FRAMES);
  readonly #data: (Uint8Array | undefined)[] = [];
  #slices: RateSlice[] = [];

  /** Trace time of the newest frame, epoch ms; NaN: none. */
  newest = Number.NaN;

  add(trace: CanTrace): void {
    const count = trace.id.length;
    this.dropped += trace.dropped;
    for (let i = 0; i < count; i++) {
      const from = i === 0 ? 0 : (trace.end[i - 1] as number);
      this.frame(trace.time[i] as number, trace.bus[i] as number, trace.id[i] as number, trace.flags[i] as number, trace.data.subarray(from, trace.end[i]));
    }
    if (count > 0) this.version++;
  }

  /** Takes one frame; the caller raises `version` when it has given all. */
  frame(time: number, bus: number, id: number, flags: number, data: Uint8Array): void {
    const at = this.total++ % TRACE_FRAMES;
    this.#time[at] = time;
    this.#bus[at] = bus;
    this.#id[at] = id;
    this.#flags[at] = flags;
    this.#data[at] = data;
    if (!(time <= this.newest)) this.newest = time;
    this.#rate(time, bus, flags, data.length);
    if ((flags & FRAME.error) !== 0) {
      this.#errors.set(bus, (this.#errors.get(bus) ?? 0) + 1);
      return;
    }
    const extended = (flags & FRAME.extended) !== 0;
    const key = idKey(bus, extended, id);
    const row = this.rows.get(key);
    if (!row) {
      this.rows.set(key, { key, bus, id, extended, count: 1, last: time, period: undefined, flags, data, changedAt: new Float64Array(64).fill(Number.NEGATIVE_INFINITY) });
      return;
    }
    const since = time - row.last;
    if (since > 0) row.period = row.period === undefined ? since : row.period + (since - row.period) * PERIOD_WEIGHT;
    for (let i = 0; i < data.length; i++) if (data[i] !== row.data[i]) row.changedAt[i] = time;
    row.count++;
    row.last = time;
    row.flags = flags;
    row.data = data;
  }

  /** Whether a byte of a row changed a moment ago. */
  changed(row: IdRow, index: number): boolean {
    return this.newest - (row.changedAt[index] as number) < CHANGE_MARK;
  }

  /** Frames that are still held, newest first, for which `wanted` holds; at most `limit`. */
  frames(limit: number, wanted: (bus: number, id: number, flags: number) => boolean): TraceFrame[] {
    const found: TraceFrame[] = [];
    const oldest = Math.max(0, this.total - TRACE_FRAMES);
    for (let number = this.total - 1; number >= oldest && found.length < limit; number--) {
      const at = number % TRACE_FRAMES;
      const [bus, id, flags] = [this.#bus[at] as number, this.#id[at] as number, this.#flags[at] as number];
      if (wanted(bus, id, flags)) found.push({ number, time: this.#time[at] as number, bus, id, flags, data: this.#data[at] as Uint8Array });
    }
    return found;
  }

  rates(): BusRate[] {
    const since = this.newest - RATE_WINDOW;
    const slices = this.#slices.filter((slice) => slice.at >= since);
    const buses = new Set([...this.rows.values()].map((row) => row.bus).concat([...this.#errors.keys()]));
    const span = slices.length === 0 ? 1 : Math.max(0.5, (this.newest - slices[0]!.at) / 1000);
    return [...buses].sort((a, b) => a - b).map((bus) => {
      let frames = 0;
      let bits = 0;
      for (const slice of slices) {
        frames += slice.frames.get(bus)?.frames ?? 0;
        bits += slice.frames.get(bus)?.bits ?? 0;
      }
      return { bus, framesPerSecond: frames / span, bitsPerSecond: bits / span, errors: this.#errors.get(bus) ?? 0 };
    });
  }

  clear(): void {
    this.rows.clear();
    this.#errors.clear();
    this.#slices = [];
    this.total = 0;
    this.dropped = 0;
    this.newest = Number.NaN;
    this.version++;
  }

  #rate(time: number, bus: number, flags: number, length: number): void {
    const at = Math.floor(time / 100) * 100;
    let slice = this.#slices.at(-1);
    if (slice?.at !== at) {
      slice = { at, frames: new Map() };
      this.#slices.push(slice);
      if (this.#slices.length > 64) this.#slices = this.#slices.slice(-40);
    }
    const bits = frameBits(length, (flags & FRAME.extended) !== 0, (flags & FRAME.fd) !== 0);
    const entry = slice.frames.get(bus);
    if (entry) {
      entry.frames++;
      entry.bits += bits;
    } else {
      slice.frames.set(bus, { frames: 1, bits });
    }
  }
}
