import { BootWindow, type BootWindowSnapshot, type MissingRange, type SequenceVerdict } from './boot-window.ts';

/** Boots remembered per unit; beyond it the one with the smallest number is forgotten. */
export const BOOT_LIMIT = 8;

export interface SequenceSnapshot {
  readonly boots: readonly BootWindowSnapshot[];
  readonly forgotten: number;
}

/** The messages of one unit that numbers them: what was seen, what is missing. */
export class SequenceTracker {
  /** Ascending by boot. */
  #windows: BootWindow[] = [];
  #last: BootWindow | undefined;
  /** Highest boot that was forgotten. */
  #forgotten = -1;

  /** Notes (boot, seq) as seen and says whether it was. */
  add(boot: number, seq: number, receivedAt: number): SequenceVerdict {
    return this.#window(boot).add(seq, receivedAt);
  }

  /** Takes back `add`: for a message whose commit failed for good. */
  forget(boot: number, seq: number, receivedAt: number): void {
    this.#windows.find((window) => window.boot === boot)?.forget(seq, receivedAt);
  }

  /** Adds what a live message says about when its boot began: the smallest reception − uptime. `up` in s. */
  anchor(boot: number, up: number, receivedAt: number): void {
    const window = this.#window(boot);
    const start = receivedAt - up * 1000;
    if (!(window.bootStart <= start)) window.bootStart = start;
  }

  /** When `boot` began, epoch ms; NaN where no live message has told. */
  bootStart(boot: number): number {
    return this.#windows.find((window) => window.boot === boot)?.bootStart ?? Number.NaN;
  }

  /** Whether something is missing in the boot that was heard of last; costs nothing, so that every message may ask. */
  get broken(): boolean {
    const last = this.#last;
    return last !== undefined && (last.broken || (last.lowest > 1 && this.#windows.length > 1 && this.#beginningOf(this.#windows.indexOf(last)) !== undefined));
  }

  /** Whether it could still be said that this message is missing: its boot, and the gaps around it, have not been given up. */
  follows(boot: number, seq: number): boolean {
    return this.#windows.some((window) => window.boot === boot && window.follows(seq));
  }

  /** Messages known to be missing. */
  get missing(): number {
    let sum = 0;
    for (let i = 0; i < this.#windows.length; i++) {
      const beginning = this.#beginningOf(i);
      sum += (this.#windows[i]?.missing ?? 0) + (beginning === undefined ? 0 : beginning.to - beginning.from + 1);
    }
    return sum;
  }

  /** Missing ranges, oldest first. */
  gaps(): MissingRange[] {
    return this.#windows.flatMap((window, i) => {
      const beginning = this.#beginningOf(i);
      return beginning === undefined ? window.ranges() : [beginning, ...window.ranges()];
    });
  }

  /** Newest boot and its highest sequence number. */
  get newest(): { readonly boot: number; readonly seq: number } | undefined {
    const window = this.#windows.at(-1);
    return window === undefined ? undefined : { boot: window.boot, seq: window.highest };
  }

  /** Plain data for `restore`. */
  save(): SequenceSnapshot {
    return { boots: this.#windows.map((window) => window.save()), forgotten: this.#forgotten };
  }

  static restore(saved: SequenceSnapshot): SequenceTracker {
    const tracker = new SequenceTracker();
    tracker.#windows = saved.boots.map((boot) => BootWindow.restore(boot));
    tracker.#forgotten = saved.forgotten;
    return tracker;
  }

  /**
   * What is missing at the beginning of a boot that follows another: units count from 0 or from 1 in each. Where the numbers go on beyond
   * those of the boot before, the unit may not begin anew, and nothing is said to be missing. Of the first boot that was heard of nobody
   * knows the beginning.
   */
  #beginningOf(index: number): MissingRange | undefined {
    const window = this.#windows[index];
    const before = this.#windows[index - 1];
    if (window === undefined || before === undefined || window.lowest <= 1 || window.lowest > before.highest) return undefined;
    const { beginning } = window;
    const since = before.highestAt;
    return beginning && since > 0 ? { ...beginning, since } : beginning;
  }

  #window(boot: number): BootWindow {
    if (this.#last?.boot === boot) return this.#last;
    let at = 0;
    while (at < this.#windows.length && (this.#windows[at]?.boot ?? 0) < boot) at++;
    let window = this.#windows[at];
    if (window?.boot !== boot) {
      window = new BootWindow(boot, boot <= this.#forgotten);
      this.#windows.splice(at, 0, window);
      if (this.#windows.length > BOOT_LIMIT) {
        const gone = this.#windows.shift();
        this.#forgotten = Math.max(this.#forgotten, gone?.boot ?? -1);
      }
    }
    this.#last = window;
    return window;
  }
}
