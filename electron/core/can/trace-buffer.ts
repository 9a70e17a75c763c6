import type { CanTrace } from '#shared/contract/can.ts';
import type { FrameBatch } from '#shared/domain/telemetry/adapters/index.ts';
import type { BusStatisticsContent } from '#shared/domain/telemetry/envelope/messages.ts';
import type { FrameListener } from './frame-taps.ts';

/** Frames that wait for a window; beyond, the oldest go and are counted. A bus at 500 kbit/s carries 4,000 in a second. */
export const TRACE_BOUND = 8_192;
const LENGTH = 64;

/** Holds the frames that a window has not taken yet: a ring of columns, a slot of 64 bytes a frame. */
export class TraceBuffer implements FrameListener {
  readonly #time = new Float64Array(TRACE_BOUND);
  readonly #bus = new Uint8Array(TRACE_BOUND);
  readonly #id = new Uint32Array(TRACE_BOUND);
  readonly #flags = new Uint8Array(TRACE_BOUND);
  readonly #length = new Uint8Array(TRACE_BOUND);
  readonly #data = new Uint8Array(TRACE_BOUND * LENGTH);
  readonly #statistics = new Map<number, BusStatisticsContent & { receivedAt: number }>();
  #first = 0;
  #count = 0;
  #dropped = 0;
  #lastReceived: number | undefined;
  #changed = false;

  get changed(): boolean {
    return this.#changed;
  }

  frames(frames: FrameBatch, begin: number, receivedAt: number): void {
    this.#changed = true;
    this.#lastReceived = receivedAt;
    for (let i = 0; i < frames.count; i++) {
      if (this.#count === TRACE_BOUND) {
        this.#first = (this.#first + 1) % TRACE_BOUND;
        this.#count--;
        this.#dropped++;
      }
      const slot = (this.#first + this.#count++) % TRACE_BOUND;
      const length = Math.min(LENGTH, frames.length[i] as number);
      const at = frames.at[i] as number;
      this.#time[slot] = begin + (frames.dt[i] as number) / 1000;
      this.#bus[slot] = frames.bus[i] as number;
      this.#id[slot] = frames.id[i] as number;
      this.#flags[slot] = frames.flags[i] as number;
      this.#length[slot] = length;
      this.#data.set(frames.bytes.subarray(at, at + length), slot * LENGTH);
    }
  }

  statistics(statistics: readonly BusStatisticsContent[], receivedAt: number): void {
    this.#changed = true;
    this.#lastReceived = receivedAt;
    for (const entry of statistics) this.#statistics.set(entry.bus, { ...entry, receivedAt });
  }

  /** Everything that waits, oldest first; the buffer is empty then. */
  take(): CanTrace {
    const count = this.#count;
    const item: CanTrace = {
      time: new Float64Array(count),
      bus: new Uint8Array(count),
      id: new Uint32Array(count),
      flags: new Uint8Array(count),
      end: new Uint32Array(count),
      data: new Uint8Array(this.#bytes()),
      dropped: this.#dropped,
      statistics: [...this.#statistics.values()],
      ...(this.#lastReceived === undefined ? {} : { lastReceived: this.#lastReceived }),
    };
    let end = 0;
    for (let i = 0; i < count; i++) {
      const slot = (this.#first + i) % TRACE_BOUND;
      const length = this.#length[slot] as number;
      item.time[i] = this.#time[slot] as number;
      item.bus[i] = this.#bus[slot] as number;
      item.id[i] = this.#id[slot] as number;
      item.flags[i] = this.#flags[slot] as number;
      item.data.set(this.#data.subarray(slot * LENGTH, slot * LENGTH + length), end);
      end += length;
      item.end[i] = end;
    }
    this.#first = this.#count = this.#dropped = 0;
    this.#changed = false;
    return item;
  }

  #bytes(): number {
    let bytes = 0;
    for (let i = 0; i < this.#count; i++) bytes += this.#length[(this.#first + i) % TRACE_BOUND] as number;
    return bytes;
  }
}
