import type { TopicSuffix } from '../adapters/topic.ts';
import type { ParameterCatalogue } from '../catalogue/index.ts';
import type { ResolveBus } from './binding.ts';
import type { DecodedMessage } from './decoded-message.ts';
import type { UnitContext } from './unit.ts';

/**
 * Raw inflate (RFC 1951). Throws, or returns undefined, where the input is damaged or the output would pass `limit` bytes;
 * must not allocate more than `limit`.
 */
export type Inflate = (body: Uint8Array, limit: number) => Uint8Array | undefined;

export interface ProcessorOptions {
  readonly catalogue: ParameterCatalogue;
  readonly resolveBus: ResolveBus;
  readonly inflate: Inflate;
}

/** The hot path from payload to values. Pure but for what it notes in the unit's context and its one reused message. */
export interface Processor {
  /**
   * Reads one message. `suffix` and `detail` are those of the parsed topic, `receivedAt` epoch ms, `delivery` bits of DELIVERY.
   * Never throws; the result is valid until the next call. A message that is `new` is noted as seen: keep it until it is
   * committed, or take it back with `unit.sequence.forget`.
   */
  process(unit: UnitContext, suffix: TopicSuffix, payload: Uint8Array, receivedAt: number, delivery?: number, detail?: string): DecodedMessage;
}
