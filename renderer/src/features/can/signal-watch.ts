import type { InspectedSignal } from '#shared/domain/telemetry/decode/inspect.ts';
import { createSeries, type SeriesBuffer } from './watch-series.ts';

/** A signal that is watched. */
export interface WatchedSignal {
  /** `bus:id:signal` */
  readonly key: string;
  readonly bus: number;
  readonly id: number;
  readonly extended: boolean;
  readonly message: string;
  readonly signal: string;
  readonly unit: string;
  value: number;
  label: string | undefined;
  min: number;
  max: number;
  readings: number;
  readonly series: SeriesBuffer;
}

export const watchKey = (bus: number, id: number, extended: boolean, signal: string): string => `${bus}:${id}${extended ? 'x' : ''}:${signal}`;

/** Begins to watch a signal. */
export function watchSignal(bus: number, id: number, extended: boolean, message: string, { signal }: InspectedSignal): WatchedSignal {
  return { key: watchKey(bus, id, extended, signal.name), bus, id, extended, message, signal: signal.name, unit: signal.unit, value: Number.NaN, label: undefined, min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY, readings: 0, series: createSeries() };
}

/** Notes a reading of a watched signal at a trace time (epoch ms). */
export function noteReading(watched: WatchedSignal, { value, label }: InspectedSignal, time: number): void {
  watched.value = value;
  watched.label = label;
  watched.readings++;
  if (value < watched.min) watched.min = value;
  if (value > watched.max) watched.max = value;
  watched.series.push(time, value);
}
