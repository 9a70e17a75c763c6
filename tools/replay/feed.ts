import type { DirectReceiver } from '#core/ingest/direct-receiver.ts';
import type { LogFrame } from '#shared/domain/telemetry/logs/types.ts';
import { encodeCanBinary, FRAME_FLAG, type WireFrame } from '#shared/domain/telemetry/wire/index.ts';

/** A batch covers at most so many microseconds and frames, as a unit's does. */
const BATCH_US = 1_000_000;
const BATCH_FRAMES = 500;

export interface FeedOptions {
  readonly receiver: DirectReceiver;
  readonly topic: string;
  /** Boot number of the messages: another one each time, so that a second replay is no repetition. */
  readonly boot: number;
  /** Epoch microseconds that the log's `fromUs` stands for. */
  readonly baseUs: number;
  readonly fromUs: number;
  /** Infinity: as fast as possible. */
  readonly speed: number;
  readonly wait: (milliseconds: number) => Promise<void>;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
}

/** Turns the frames of a log into messages of a unit, as if it sent them: binary batches in order of time. */
export class Feed {
  readonly #options: FeedOptions;
  readonly #started: number;
  #frames: WireFrame[] = [];
  #startUs = 0;
  #latestUs = 0;
  #sequence = 0;
  /** Messages sent. */
  get messages(): number {
    return this.#sequence;
  }

  constructor(options: FeedOptions) {
    this.#options = options;
    this.#started = options.now();
  }

  /** Messages that wait until the recording's time has come; empty at full speed. */
  readonly due: { readonly atUs: number; readonly payload: Uint8Array }[] = [];

  add(frame: LogFrame): void {
    // A stamp that goes back a little counts as that of the frame before; one that goes back far begins a new batch.
    const timeUs = Number.isNaN(frame.timeUs) ? this.#latestUs : frame.timeUs;
    if (this.#frames.length >= BATCH_FRAMES || (this.#frames.length > 0 && (timeUs - this.#startUs >= BATCH_US || timeUs < this.#startUs))) this.flush();
    if (this.#frames.length === 0) {
      this.#startUs = timeUs;
      this.#latestUs = timeUs;
    }
    this.#latestUs = Math.max(this.#latestUs, timeUs);
    const flags = (frame.extended ? FRAME_FLAG.extended : 0) | (frame.fd ? FRAME_FLAG.fd : 0) | (frame.rtr ? FRAME_FLAG.rtr : 0) | (frame.error ? FRAME_FLAG.error : 0);
    this.#frames.push({ dt: this.#latestUs - this.#startUs, id: frame.id, data: frame.data.slice(), flags, bus: frame.bus & 15 });
  }

  /** Ends the batch that is being filled. */
  flush(): void {
    if (this.#frames.length === 0) return;
    const { boot, baseUs, fromUs } = this.#options;
    const payload = encodeCanBinary({
      boot,
      seq: this.#sequence++,
      up: Math.max(0, (this.#startUs - fromUs) / 1e6),
      buffered: true,
      t0: baseUs + (this.#startUs - fromUs),
      bus: (this.#frames[0]?.bus ?? 0) & 15,
      frames: this.#frames,
    });
    this.due.push({ atUs: this.#latestUs - fromUs, payload });
    this.#frames = [];
  }

  /** Delivers what is due, in step with the recording and with the pipeline. */
  async deliver(): Promise<void> {
    const { receiver, topic, speed, now, wait } = this.#options;
    for (const { atUs, payload } of this.due.splice(0)) {
      const ahead = atUs / 1000 / speed - (now() - this.#started);
      if (ahead > 0) await wait(ahead);
      await receiver.ready();
      receiver.deliver(topic, payload, { qos: 1 });
      receiver.settle();
    }
  }
}
