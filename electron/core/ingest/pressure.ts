import type { Pipeline } from './pipeline.ts';

/** The receiver is held back as long as commits come; without one for this long, messages that may be lost are shed instead, ms. */
const PATIENCE = 2000;

/**
 * What happens while the store is slower than the broker. First the receiver pauses, so that TCP slows the broker down and nothing is
 * lost. When no commit comes any more (a disk that hangs or is full) it reads again, so that faults and alarms still come through: telemetry with QoS
 * 0 is then shown and not stored. When memory is full it pauses for good, and what is not acknowledged stays at the broker.
 */
export class Pressure {
  readonly #pipeline: Pipeline;
  #paused = false;
  #progressAt = Number.NEGATIVE_INFINITY;

  constructor(pipeline: Pipeline) {
    this.#pipeline = pipeline;
  }

  get paused(): boolean {
    return this.#paused;
  }

  /** A batch has been committed. Times are ms of a clock that never goes back. */
  progress(now: number): void {
    this.#progressAt = now;
    this.check(now);
  }

  /** Looks at the queue: after each round of messages, and a few times a second. */
  check(now: number): void {
    const pipeline = this.#pipeline;
    const { queue } = pipeline;
    if (queue.relieved) {
      pipeline.shedding = false;
      this.#resume();
    } else if (queue.full) this.#pause(now);
    else if (pipeline.shedding) this.#resume();
    else if (this.#paused && now - this.#progressAt > PATIENCE) {
      pipeline.shedding = true;
      this.#resume();
    } else if (queue.underPressure) this.#pause(now);
  }

  #pause(now: number): void {
    if (this.#paused) return;
    this.#paused = true;
    this.#progressAt = now;
    this.#pipeline.receiver?.pause();
  }

  #resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#pipeline.receiver?.resume();
  }
}
