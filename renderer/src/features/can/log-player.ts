import { FRAME } from '#shared/domain/telemetry/adapters/frame-batch.ts';
import { createLogReader, type LogReport } from '#shared/domain/telemetry/logs/reader.ts';

/** Frames of a log that a window holds; a longer one is read up to here, and the page says so. */
export const LOG_FRAMES = 2_000_000;
const CHUNK = 1_000_000;

/** A log in memory, as columns. */
export interface LoadedLog {
  readonly name: string;
  readonly report: LogReport;
  readonly count: number;
  /** ms since the log's first frame. */
  readonly time: Float64Array;
  /** Epoch ms of the first frame, or 0 where the log only counts from its start. */
  readonly begin: number;
  /** ms */
  readonly duration: number;
  readonly bus: Uint8Array;
  readonly id: Uint32Array;
  readonly flags: Uint8Array;
  readonly end: Uint32Array;
  readonly data: Uint8Array;
  readonly truncated: boolean;
}

/** Times above this, µs, are instants; below, time since the log began. */
const EPOCH = 1e15;

class Columns {
  count = 0;
  bytes = 0;
  time = new Float64Array(4096);
  bus = new Uint8Array(4096);
  id = new Uint32Array(4096);
  flags = new Uint8Array(4096);
  end = new Uint32Array(4096);
  data = new Uint8Array(32_768);

  add(time: number, bus: number, id: number, flags: number, data: Uint8Array): void {
    if (this.count === this.time.length) this.#grow();
    while (this.bytes + data.length > this.data.length) {
      const larger = new Uint8Array(this.data.length * 2);
      larger.set(this.data);
      this.data = larger;
    }
    const n = this.count++;
    this.data.set(data, this.bytes);
    this.bytes += data.length;
    this.time[n] = time;
    this.bus[n] = bus;
    this.id[n] = id;
    this.flags[n] = flags;
    this.end[n] = this.bytes;
  }

  #grow(): void {
    const size = this.count * 2;
    const larger = <T extends Float64Array | Uint8Array | Uint32Array>(to: T, from: T): T => (to.set(from), to);
    this.time = larger(new Float64Array(size), this.time);
    this.bus = larger(new Uint8Array(size), this.bus);
    this.id = larger(new Uint32Array(size), this.id);
    this.flags = larger(new Uint8Array(size), this.flags);
    this.end = larger(new Uint32Array(size), this.end);
  }
}

/** Reads a log file (candump, ASC, TRC, CRTD, GVRET CSV); `onProgress` with the share read, 0–1. Its report says where nothing could be read. */
export async function loadLog(file: Blob & { readonly name: string }, onProgress: (share: number) => void): Promise<LoadedLog> {
  const columns = new Columns();
  let first = Number.NaN;
  let truncated = false;
  const reader = createLogReader((frame) => {
    if (columns.count >= LOG_FRAMES) {
      truncated = true;
      return;
    }
    if (Number.isNaN(first)) first = frame.timeUs;
    const time = Number.isNaN(frame.timeUs) ? columns.count : (frame.timeUs - first) / 1000;
    columns.add(time, frame.bus, frame.id, (frame.extended ? FRAME.extended : 0) | (frame.fd ? FRAME.fd : 0) | (frame.rtr ? FRAME.rtr : 0) | (frame.error ? FRAME.error : 0), frame.data);
  });
  for (let at = 0; at < file.size && !truncated; at += CHUNK) {
    reader.push(new Uint8Array(await file.slice(at, at + CHUNK).arrayBuffer()));
    onProgress(Math.min(1, (at + CHUNK) / file.size));
    if (reader.report.problem !== undefined) break;
  }
  const report = { ...reader.end() };
  return {
    name: file.name, report, count: columns.count, truncated,
    time: columns.time, bus: columns.bus, id: columns.id, flags: columns.flags, end: columns.end, data: columns.data,
    begin: first > EPOCH ? first / 1000 : 0,
    duration: columns.count === 0 ? 0 : Math.max(0, columns.time[columns.count - 1] as number),
  };
}

/** Plays a log: says which frames fall between two moments. Clock and timer are the caller's. */
export class LogPlayer {
  readonly log: LoadedLog;
  /** ms since the first frame. */
  position = 0;
  #next = 0;

  constructor(log: LoadedLog) {
    this.log = log;
  }

  get ended(): boolean {
    return this.#next >= this.log.count;
  }

  /** Goes on to `to` (ms since the first frame), giving every frame up to there. */
  advance(to: number, give: (time: number, bus: number, id: number, flags: number, data: Uint8Array) => void): void {
    const { log } = this;
    while (this.#next < log.count && (log.time[this.#next] as number) <= to) {
      const n = this.#next++;
      const from = n === 0 ? 0 : (log.end[n - 1] as number);
      give(log.begin + (log.time[n] as number), log.bus[n] as number, log.id[n] as number, log.flags[n] as number, log.data.subarray(from, log.end[n]));
    }
    this.position = Math.min(to, log.duration);
  }

  /** Begins again at the first frame. */
  rewind(): void {
    this.#next = 0;
    this.position = 0;
  }
}
