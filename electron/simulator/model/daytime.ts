import type { Duty } from '../fleet/types.ts';

const INDIA_OFFSET = 5.5 * 3_600_000;

/** Hour of the day in India, 0 ≤ h < 24, with its fraction. */
export function hourInIndia(instant: number): number {
  const hour = ((instant + INDIA_OFFSET) / 3_600_000) % 24;
  return hour < 0 ? hour + 24 : hour;
}

/** Straight lines between hourly values; the list has 24 and wraps around. */
function byHour(values: readonly number[], hour: number): number {
  const low = Math.floor(hour) % 24;
  const share = hour - Math.floor(hour);
  return (values[low] as number) * (1 - share) + (values[(low + 1) % 24] as number) * share;
}

/** How busy each hour is, 1 = busiest. Nights stay above zero: shared scooters and delivery riders work through them. */
const DEMAND: Readonly<Record<Duty, readonly number[]>> = {
  commuter: [0.3, 0.3, 0.3, 0.3, 0.3, 0.35, 0.5, 0.75, 1, 1, 0.8, 0.6, 0.6, 0.65, 0.6, 0.6, 0.75, 0.95, 1, 1, 0.8, 0.6, 0.45, 0.35],
  rental: [0.35, 0.3, 0.3, 0.3, 0.3, 0.4, 0.5, 0.8, 1, 1, 0.85, 0.75, 0.75, 0.75, 0.7, 0.75, 0.85, 1, 1, 1, 0.9, 0.75, 0.6, 0.45],
  delivery: [0.5, 0.4, 0.35, 0.35, 0.35, 0.4, 0.5, 0.7, 0.8, 0.8, 0.8, 0.9, 1, 1, 0.85, 0.75, 0.75, 0.8, 0.9, 1, 1, 1, 0.85, 0.65],
  auto: [0.4, 0.35, 0.35, 0.35, 0.45, 0.55, 0.7, 0.9, 1, 1, 0.9, 0.8, 0.8, 0.8, 0.75, 0.8, 0.9, 1, 1, 1, 0.85, 0.7, 0.6, 0.5],
  cargo: [0.4, 0.35, 0.35, 0.4, 0.5, 0.65, 0.8, 0.9, 1, 1, 1, 1, 0.95, 0.9, 0.9, 0.95, 1, 0.95, 0.85, 0.75, 0.65, 0.55, 0.5, 0.45],
};

/** Demand for trips, 0 … 1. */
export function demandAt(duty: Duty, instant: number): number {
  return byHour(DEMAND[duty], hourInIndia(instant));
}

const FLOW = [1, 1, 1, 1, 1, 1, 0.97, 0.88, 0.74, 0.66, 0.72, 0.8, 0.82, 0.82, 0.82, 0.8, 0.76, 0.68, 0.6, 0.62, 0.7, 0.8, 0.9, 0.96];

/** Share of the speed limit that traffic lets through. */
export function trafficFlow(instant: number): number {
  return byHour(FLOW, hourInIndia(instant));
}

/** Air temperature in °C: coolest at 5, warmest at 14 o'clock; the north swings wider. */
export function ambientTemperature(instant: number, latitude: number): number {
  const swing = 3.5 + Math.max(0, latitude - 12) * 0.22;
  const mean = 28 - Math.max(0, latitude - 18) * 0.35;
  return mean + swing * Math.sin(((hourInIndia(instant) - 8.5) / 24) * 2 * Math.PI);
}
