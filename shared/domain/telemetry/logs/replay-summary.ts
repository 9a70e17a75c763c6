import type { Decoder } from '../decode/decoder.ts';
import { exactValue } from '../decode/exact.ts';
import type { DecodedSignal, MessageDecoder } from '../decode/types.ts';
import type { LogFrame } from './types.ts';

export interface ReplayOptions {
  /** Only frames of this bus count as input to the decoder; default: every bus. */
  readonly bus?: number;
}

export interface SignalSummary {
  readonly signal: DecodedSignal;
  /** Frames that had a value. */
  readonly count: number;
  /** Frames of full length that had none: raw value "not available". Not counted for multiplexed signals. */
  readonly missing: number;
  /** Physical values, rounded to the signal's step (`exactValue`); NaN where there was none. */
  readonly last: number;
  readonly minimum: number;
  readonly maximum: number;
  /** Label of the last value. */
  readonly label: string | undefined;
}

export interface ReplayResult {
  readonly frames: number;
  /** Frames of buses that were not asked for. */
  readonly otherBuses: number;
  readonly remoteFrames: number;
  readonly errorFrames: number;
  /** Frames whose id the DBC knows. */
  readonly decodedFrames: number;
  /** Values decoded. */
  readonly decodedSignals: number;
  readonly firstTimeUs: number;
  readonly lastTimeUs: number;
  /** Stamps earlier than that of the frame before. */
  readonly backwards: number;
  /** Stamps equal to that of the frame before. */
  readonly repeated: number;
  /** Most frequent first. */
  readonly unknown: readonly { readonly id: number; readonly extended: boolean; readonly count: number }[];
  readonly unknownFrames: number;
  readonly lengthMismatches: readonly { readonly message: MessageDecoder['message']; readonly received: number; readonly count: number }[];
  /** Signals that occurred, in the order of the DBC. */
  readonly signals: readonly SignalSummary[];
}

export interface ReplaySummary {
  add(frame: LogFrame): void;
  result(): ReplayResult;
}

/** Distinct unknown ids, and distinct lengths, that are listed; beyond it they are only counted. */
const LISTED = 4096;

/**
 * Sums up a log decoded with `decoder`. Which raw values mean "not available", and so are missing instead of being a
 * minimum or maximum, is what the decoder was made with: `usualNotAvailable` for files that do not say.
 */
export function createReplaySummary(decoder: Decoder, options: ReplayOptions = {}): ReplaySummary {
  const values = new Float64Array(decoder.maximumSignals);
  const present = new Uint16Array(decoder.maximumSignals);
  const total = decoder.signals.length;
  const counts = new Float64Array(total);
  const missing = new Float64Array(total);
  const last = new Float64Array(total).fill(Number.NaN);
  const minimum = new Float64Array(total).fill(Number.POSITIVE_INFINITY);
  const maximum = new Float64Array(total).fill(Number.NEGATIVE_INFINITY);
  const here = new Uint8Array(decoder.maximumSignals);
  const unknown = new Map<number, number>();
  const lengths = new Map<number, { message: MessageDecoder['message']; received: number; count: number }>();
  const sums = { frames: 0, otherBuses: 0, remoteFrames: 0, errorFrames: 0, decodedFrames: 0, decodedSignals: 0, backwards: 0, repeated: 0, unknownFrames: 0, firstTimeUs: Number.NaN, lastTimeUs: Number.NaN };

  const noteTime = (timeUs: number): void => {
    if (timeUs < sums.lastTimeUs) sums.backwards++;
    else if (timeUs === sums.lastTimeUs) sums.repeated++;
    if (Number.isNaN(sums.firstTimeUs)) sums.firstTimeUs = timeUs;
    sums.lastTimeUs = timeUs;
  };
  const noteUnknown = (id: number, extended: boolean): void => {
    sums.unknownFrames++;
    const key = id + (extended ? 0x80000000 : 0);
    const count = unknown.get(key);
    if (count !== undefined || unknown.size < LISTED) unknown.set(key, (count ?? 0) + 1);
  };
  const noteLength = (message: MessageDecoder, received: number): void => {
    const key = message.index * 128 + received;
    const entry = lengths.get(key);
    if (entry !== undefined) entry.count++;
    else if (lengths.size < LISTED) lengths.set(key, { message: message.message, received, count: 1 });
  };
  const take = (index: number, value: number): void => {
    counts[index] = (counts[index] ?? 0) + 1;
    last[index] = value;
    if (value < (minimum[index] ?? 0)) minimum[index] = value;
    if (value > (maximum[index] ?? 0)) maximum[index] = value;
  };
  const decode = (message: MessageDecoder, frame: LogFrame): void => {
    sums.decodedFrames++;
    if (frame.length !== message.message.length) noteLength(message, frame.length);
    const { signalCount, firstSignal } = message;
    const count = message.decode(frame.view, 0, frame.length, values, present);
    sums.decodedSignals += count;
    here.fill(count === signalCount ? 1 : 0, 0, signalCount);
    if (count < signalCount) for (let i = 0; i < count; i++) here[present[i] ?? 0] = 1;
    const whole = frame.length >= message.message.length;
    for (let i = 0; i < signalCount; i++) {
      if (here[i] === 1) take(firstSignal + i, values[i] ?? Number.NaN);
      else if (whole && message.message.signals[i]?.multiplexing === undefined) missing[firstSignal + i] = (missing[firstSignal + i] ?? 0) + 1;
    }
  };
  return {
    add(frame) {
      sums.frames++;
      if (!Number.isNaN(frame.timeUs)) noteTime(frame.timeUs);
      if (options.bus !== undefined && frame.bus !== options.bus) sums.otherBuses++;
      else if (frame.error) sums.errorFrames++;
      else if (frame.rtr) sums.remoteFrames++;
      else {
        const message = decoder.lookup(frame.id, frame.extended);
        if (message === undefined) noteUnknown(frame.id, frame.extended);
        else decode(message, frame);
      }
    },
    result: () => ({
      ...sums,
      unknown: [...unknown].map(([key, count]) => ({ id: key % 0x80000000, extended: key >= 0x80000000, count })).sort((a, b) => b.count - a.count || a.id - b.id),
      lengthMismatches: [...lengths.values()],
      signals: decoder.signals.flatMap((signal, index): SignalSummary[] => {
        const [count = 0, absent = 0, value = Number.NaN] = [counts[index], missing[index], last[index]];
        if (count === 0 && absent === 0) return [];
        const exact = (bound: number | undefined): number => (count === 0 ? Number.NaN : exactValue(signal.signal, bound ?? Number.NaN));
        return [{
          signal, count, missing: absent, last: exact(value), minimum: exact(minimum[index]), maximum: exact(maximum[index]),
          label: count === 0 ? undefined : decoder.labelOf(index, decoder.rawOf(index, value)),
        }];
      }),
    }),
  };
}
