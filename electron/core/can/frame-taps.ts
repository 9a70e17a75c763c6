import type { IngestUnit } from '#core/ingest/unit-registry.ts';
import { createHead, FrameBatch, readCan, readStatistics, readWicanFrames, resetHead, type TopicSuffix } from '#shared/domain/telemetry/adapters/index.ts';
import type { BusStatisticsContent } from '#shared/domain/telemetry/envelope/messages.ts';
import type { Inflate } from '#shared/domain/telemetry/processor/index.ts';
import { disposable, type Disposable } from '#shared/kernel/disposable.ts';

/** Told of what a unit publishes; `frames` is valid during the call. */
export interface FrameListener {
  /** `begin`: unit's time of the batch, epoch ms, or that of reception where it names none. */
  frames(frames: FrameBatch, begin: number, receivedAt: number): void;
  statistics(statistics: readonly BusStatisticsContent[], receivedAt: number): void;
}

/** Gives those who look at one unit its CAN frames as they arrive, before anything is decided about them. Nothing is read while nobody looks. */
export class FrameTaps {
  readonly #inflate: Inflate;
  readonly #listeners = new Map<string, Set<FrameListener>>();
  readonly #frames = new FrameBatch();
  readonly #head = createHead();

  constructor(inflate: Inflate) {
    this.#inflate = inflate;
  }

  get active(): boolean {
    return this.#listeners.size > 0;
  }

  watch(deviceId: string, listener: FrameListener): Disposable {
    const listeners = this.#listeners.get(deviceId) ?? new Set();
    listeners.add(listener);
    this.#listeners.set(deviceId, listeners);
    return disposable(() => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#listeners.delete(deviceId);
    });
  }

  /** Takes a message of a unit; what cannot be read is the pipeline's to count. */
  message(unit: IngestUnit, suffix: TopicSuffix, payload: Uint8Array, receivedAt: number): void {
    const listeners = this.#listeners.get(unit.deviceId);
    if (!listeners) return;
    resetHead(this.#head);
    if (suffix === 'stat') {
      const statistics = readStatistics(payload, this.#head);
      if (typeof statistics !== 'string') for (const listener of listeners) listener.statistics(statistics, receivedAt);
      return;
    }
    if (suffix !== 'can' && suffix !== 'wican-can') return;
    const refused = suffix === 'can' ? readCan(unit.context.profile, payload, this.#inflate, this.#head, this.#frames) : readWicanFrames(payload, this.#frames);
    if (refused !== undefined) return;
    const begin = Number.isFinite(this.#head.time) ? this.#head.time : receivedAt;
    for (const listener of listeners) listener.frames(this.#frames, begin, receivedAt);
  }
}
