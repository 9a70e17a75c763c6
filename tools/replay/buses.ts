import type { LogFrame } from '#shared/domain/telemetry/logs/types.ts';
import type { LoadedDbc } from './databases.ts';

/** A file that was given for no bus in particular decodes a bus if it knows at least this share of the bus's frames. */
const LEAST_SHARE = 0.5;

export interface BusPlan {
  readonly bus: number;
  readonly frames: number;
  /** Files that decode it, in the order in which they are asked. */
  readonly files: readonly LoadedDbc[];
  /** Share of the frames that the given files know, 0–1, where none of them decodes the bus. */
  readonly known: number;
}

/** Looks at every frame once and decides which files decode which bus. */
export class BusSurvey {
  readonly #loaded: readonly LoadedDbc[];
  readonly #buses = new Map<number, { frames: number; known: number[] }>();
  firstTimeUs = Number.NaN;
  lastTimeUs = Number.NaN;

  constructor(loaded: readonly LoadedDbc[]) {
    this.#loaded = loaded;
  }

  add(frame: LogFrame): void {
    let bus = this.#buses.get(frame.bus);
    if (!bus) this.#buses.set(frame.bus, (bus = { frames: 0, known: this.#loaded.map(() => 0) }));
    bus.frames++;
    for (let i = 0; i < this.#loaded.length; i++) if (this.#loaded[i]?.decoder.lookup(frame.id, frame.extended)) bus.known[i] = (bus.known[i] ?? 0) + 1;
    if (Number.isNaN(this.firstTimeUs) || frame.timeUs < this.firstTimeUs) this.firstTimeUs = frame.timeUs;
    if (Number.isNaN(this.lastTimeUs) || frame.timeUs > this.lastTimeUs) this.lastTimeUs = frame.timeUs;
  }

  plan(): BusPlan[] {
    return [...this.#buses]
      .sort(([a], [b]) => a - b)
      .map(([bus, { frames, known }]) => {
        const own = this.#loaded.filter((dbc) => dbc.bus === bus);
        const shared = this.#loaded.filter((dbc, i) => dbc.bus === undefined && (known[i] ?? 0) >= frames * LEAST_SHARE);
        return { bus, frames, files: [...own, ...shared], known: Math.max(0, ...known) / frames };
      });
  }
}
