import { TOPIC_REFUSALS } from '#shared/domain/telemetry/adapters/index.ts';
import type { RouteRefusal } from './routes.ts';

/** Words for a topic that leads nowhere. */
export const ROUTE_REFUSALS: Readonly<Record<RouteRefusal, string>> = {
  ...TOPIC_REFUSALS,
  'too-many-units': 'This console knows as many units as it can.',
};

/** What the pipeline has counted since the start. */
export interface PipelineCounters {
  /** Messages and bytes taken from the receiver. */
  received: number;
  bytes: number;
  /** Messages whose topic leads to no unit, and the last reason. */
  unrouted: number;
  rejected: number;
  /** Of these, messages that were too long or had QoS 2: read past, and acknowledged. */
  skipped: number;
  duplicates: number;
  buffered: number;
  /** Copies the broker had retained: shown, not stored. */
  retained: number;
  /** Rows handed to the store, and committed. */
  rows: number;
  committed: number;
  values: number;
  storedValues: number;
  /** Messages that were shown and not stored because the store was too slow. */
  shed: number;
  acknowledged: number;
  /** Batches the store refused for good, and their messages. */
  refusedMessages: number;
}

export function createPipelineCounters(): PipelineCounters {
  return { received: 0, bytes: 0, unrouted: 0, rejected: 0, skipped: 0, duplicates: 0, buffered: 0, retained: 0, rows: 0, committed: 0, values: 0, storedValues: 0, shed: 0, acknowledged: 0, refusedMessages: 0 };
}
