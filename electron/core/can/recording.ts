import { createWriteStream, type WriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { FRAME, type FrameBatch } from '#shared/domain/telemetry/adapters/index.ts';
import { createLogWriter, type LogWriteFormat, type LogWriter } from '#shared/domain/telemetry/logs/write.ts';
import type { FrameListener } from './frame-taps.ts';

/** A recording ends by itself at this size, bytes: an hour of a busy bus at 500 kbit/s is 500 MB. */
export const RECORDING_BOUND = 1_000_000_000;
/** What waits for the disk, bytes; beyond, the recording ends with what it has. */
const WAITING_BOUND = 16_000_000;

/** Writes the frames of a unit into a log file as they come. */
export class Recording implements FrameListener {
  readonly path: string;
  readonly extension: string;
  readonly since: number;
  frameCount = 0;
  byteCount = 0;
  /** Why it ended by itself. */
  failure: Error | undefined;
  readonly #writer: LogWriter;
  readonly #file: WriteStream;
  #ended = false;

  constructor(options: { readonly path: string; readonly format: LogWriteFormat; readonly now: number }) {
    this.path = options.path;
    this.since = options.now;
    this.#writer = createLogWriter(options.format, options.now);
    this.extension = this.#writer.extension;
    this.#file = createWriteStream(options.path, { mode: 0o600 });
    this.#file.on('error', (error) => {
      this.failure = error;
      this.#ended = true;
    });
    this.#write(this.#writer.header);
  }

  get ended(): boolean {
    return this.#ended;
  }

  frames(frames: FrameBatch, begin: number): void {
    if (this.#ended) return;
    let text = '';
    for (let i = 0; i < frames.count; i++) {
      const flags = frames.flags[i] as number;
      const at = frames.at[i] as number;
      text += this.#writer.line({
        timeUs: begin * 1000 + (frames.dt[i] as number),
        bus: frames.bus[i] as number,
        id: frames.id[i] as number,
        extended: (flags & FRAME.extended) !== 0,
        fd: (flags & FRAME.fd) !== 0,
        rtr: (flags & FRAME.rtr) !== 0,
        error: (flags & FRAME.error) !== 0,
        data: frames.bytes.subarray(at, at + (frames.length[i] as number)),
      });
    }
    this.frameCount += frames.count;
    this.#write(text);
    if (this.byteCount > RECORDING_BOUND || this.#file.writableLength > WAITING_BOUND) this.#ended = true;
  }

  statistics(): void {
    // A log holds frames alone.
  }

  /** Ends the file; resolves when it is on disk. Rejects where the disk refused it. */
  async finish(): Promise<void> {
    if (this.failure) throw this.failure;
    this.#ended = true;
    this.#file.end(this.#writer.footer);
    await finished(this.#file);
  }

  /** Gives the file up. */
  discard(): void {
    this.#ended = true;
    this.#file.destroy();
  }

  #write(text: string): void {
    if (text === '') return;
    this.byteCount += text.length;
    this.#file.write(text);
  }
}
