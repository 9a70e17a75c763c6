import type { Disposable } from '#shared/kernel/disposable.ts';
import { AppError } from '#shared/kernel/error.ts';
import type { Clock, Scheduler } from '#shared/kernel/ports.ts';
import { sealedSince, type Sealed } from './history-store.ts';
import type { DamagedChunk } from './integrity.ts';
import type { Quarantined } from './sealer.ts';
import type { TelemetryLog } from './telemetry-log.ts';

/** Work of one turn, ms: what a batch that arrives meanwhile waits at most, and a commit. */
const TURN = 8;
/** Between two turns, ms. */
const PAUSE = 12;
/** After a turn that found no room, or batches waiting, ms. */
const WAIT = 50;

interface SealRequest {
  readonly before: number;
  readonly start: Sealed;
  readonly done: (sealed: Sealed) => void;
  readonly failed: (error: unknown) => void;
}

interface QuarantineRequest {
  chunks: readonly DamagedChunk[];
  aside: number;
  refilled: number;
  readonly done: (quarantined: Quarantined) => void;
  readonly failed: (error: unknown) => void;
}

/** Sealing, setting aside and removing, in turns between the batches of the writer's thread. */
export class BackgroundWork implements Disposable {
  readonly #log: TelemetryLog;
  readonly #deps: { readonly clock: Clock; readonly scheduler: Scheduler; readonly idle: () => boolean };
  readonly #seals: SealRequest[] = [];
  readonly #quarantines: QuarantineRequest[] = [];
  #sweeping = false;
  #timer: Disposable | undefined;
  #disposed = false;

  constructor(log: TelemetryLog, deps: { readonly clock: Clock; readonly scheduler: Scheduler; readonly idle: () => boolean }) {
    this.#log = log;
    this.#deps = deps;
  }

  seal(before: number, done: (sealed: Sealed) => void, failed: (error: unknown) => void): void {
    this.#seals.push({ before, start: { ...this.#log.sealed }, done, failed });
    this.#next(0);
  }

  /** Sets damaged chunks aside. */
  quarantine(chunks: readonly DamagedChunk[], done: (quarantined: Quarantined) => void, failed: (error: unknown) => void): void {
    this.#quarantines.push({ chunks, aside: 0, refilled: 0, done, failed });
    this.#next(0);
  }

  /** Removes what was dropped. */
  sweep(): void {
    this.#sweeping = true;
    this.#next(PAUSE);
  }

  dispose(): void {
    this.#disposed = true;
    this.#timer?.dispose();
  }

  #setAside(request: QuarantineRequest): void {
    const { chunks, refilled } = this.#log.quarantineStep(request.chunks, TURN, () => this.#deps.clock.monotonic());
    request.chunks = request.chunks.slice(chunks);
    request.aside += chunks;
    request.refilled += refilled;
    if (request.chunks.length > 0) return;
    this.#quarantines.shift();
    request.done({ chunks: request.aside, refilled: request.refilled });
  }

  #next(delay: number): void {
    if (this.#disposed) return;
    this.#timer ??= this.#deps.scheduler.after(delay, () => {
      this.#timer = undefined;
      this.#turn();
    });
  }

  #turn(): void {
    if (!this.#deps.idle()) return this.#next(WAIT);
    const { clock } = this.#deps;
    const [quarantine] = this.#quarantines;
    const [request] = this.#seals;
    try {
      if (quarantine) this.#setAside(quarantine);
      else if (request) {
        if (!this.#log.sealStep(request.before, TURN, () => clock.monotonic())) {
          this.#seals.shift();
          request.done(sealedSince(request.start, this.#log.sealed));
        }
      } else if (this.#sweeping) this.#sweeping = this.#log.sweep();
    } catch (error) {
      // The writer raises the alarm about a full disk; this waits until there is room, or the other program is gone.
      if (error instanceof AppError && (error.code === 'store-full' || error.code === 'store-locked')) return this.#next(WAIT * 20);
      if (quarantine) {
        this.#quarantines.shift();
        quarantine.failed(error);
      } else if (request) {
        this.#seals.shift();
        request.failed(error);
      } else this.#sweeping = false;
    }
    if (this.#quarantines.length > 0 || this.#seals.length > 0 || this.#sweeping) this.#next(PAUSE);
  }
}
