import type { Pipeline } from './pipeline.ts';

/** The receiver is held back for so long at most before messages that may be lost are shed instead, ms. */
const PATIENCE = 2000;

/**
 * What happens while the store is slower than the broker. First the receiver pauses, so that TCP slows the broker down and nothing is
 * lost. When that lasts (a disk that hangs or is full) it reads again, so that faults and alarms still come through: telemetry with QoS
 * 0 is then shown and not stored. When memory is full it pauses for good, and what is not acknowledged stays at the broker.
 */
export class Pressure {
  readonly #pipeline: Pipeline;
  #pausedAt: number | undefined;

  constructor(pipeline: Pipeline) {
    this.#pipeline = pipeline;
  }

  get paused(): boolean {
    return this.#pausedAt !== undefined;
  }

  /** Looks at the queue; `now` in ms of a clock that never goes back. Called after each round of messages, each commit, and a few times a second. */
  check(now: number): void {
    const pipeline = this.#pipeline;
    const { queue } = pipeline;
    if (queue.relieved) {
      pipeline.shedding = false;
      this.#resume();
    } else if (queue.full) this.#pause(now);
    else if (pipeline.shedding) this.#resume();
    else if (this.#pausedAt !== undefined && now - this.#pausedAt > PATIENCE) {
      pipeline.shedding = true;
      this.#resume();
    } else if (queue.underPressure) this.#pause(now);
  }

  #pause(now: number): void {
    if (this.#pausedAt !== undefined) return;
    this.#pausedAt = now;
    this.#pipeline.receiver?.pause();
  }

  #resume(): void {
    if (this.#pausedAt === undefined) return;
    this.#pausedAt = undefined;
    this.#pipeline.receiver?.resume();
  }
}
