import type { RejectReason } from '../envelope/reasons.ts';

/** What every message says of itself, reused from message to message. */
export interface MessageHead {
  /** True where boot and seq are given. */
  numbered: boolean;
  boot: number;
  seq: number;
  /** s; NaN: not given. */
  up: number;
  buffered: boolean;
  /** Stamp of the message's beginning, epoch ms; NaN: not given. */
  time: number;
}

export function createHead(): MessageHead {
  return { numbered: false, boot: 0, seq: 0, up: Number.NaN, buffered: false, time: Number.NaN };
}

export function resetHead(head: MessageHead): void {
  head.numbered = false;
  head.boot = 0;
  head.seq = 0;
  head.up = Number.NaN;
  head.buffered = false;
  head.time = Number.NaN;
}

const isCounter = (value: unknown): value is number => typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 0xffffffff;

/** Reads v, boot, seq, up and buf. boot and seq come together or not at all, except in `state`, which has no seq. */
export function readHead(json: Readonly<Record<string, unknown>>, head: MessageHead): RejectReason | undefined {
  if (json['v'] !== 1) return 'unknown-version';
  const { boot, seq, up, buf } = json;
  if (boot !== undefined && !isCounter(boot)) return 'bad-envelope';
  if (seq !== undefined && (!isCounter(seq) || boot === undefined)) return 'bad-envelope';
  if (up !== undefined && !(typeof up === 'number' && up >= 0 && up <= 1e10)) return 'bad-envelope';
  if (buf !== undefined && buf !== 0 && buf !== 1 && typeof buf !== 'boolean') return 'bad-envelope';
  head.numbered = seq !== undefined;
  head.boot = boot ?? 0;
  head.seq = seq ?? 0;
  head.up = up ?? Number.NaN;
  head.buffered = buf === 1 || buf === true;
  return undefined;
}

/** Largest stamp that is taken for one at all, epoch ms (year 287396): anything above is no number of a clock. */
const LARGEST_TIME = 9_007_199_254_740;

/** Epoch ms from a member that counts `unit` of them per millisecond; undefined where it is no such number. */
export function readTime(value: unknown, unit: number): number | undefined {
  if (typeof value !== 'number') return undefined;
  const time = value / unit;
  return time >= 0 && time <= LARGEST_TIME ? time : undefined;
}
