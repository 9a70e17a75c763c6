/** `new`: never seen. `duplicate`: seen. `unsure`: too old for what memory keeps; the store's key decides. */
export type SequenceVerdict = 'new' | 'duplicate' | 'unsure';

/** Missing ranges kept per boot, enough for 10,000 messages in any order; beyond it the oldest is given up. */
export const MISSING_RANGE_LIMIT = 4096;

export interface MissingRange {
  readonly boot: number;
  /** First and last missing sequence number. */
  readonly from: number;
  readonly to: number;
  /** Reception of the message that showed the gap, epoch ms. */
  readonly noticedAt: number;
  /** Reception of the last message before the gap, epoch ms; undefined: not known. */
  readonly since?: number;
}

export interface BootWindowSnapshot {
  readonly boot: number;
  readonly lowest: number;
  readonly highest: number;
  readonly doubtful: boolean;
  readonly unsureUpTo: number;
  readonly bootStart: number | undefined;
  /** from, to, noticedAt of each missing range, flat. */
  readonly missing: readonly number[];
  /** `since` of each missing range, 0: not known; reception of the highest number, and of the first message. */
  readonly since?: readonly number[];
  readonly highestAt?: number;
  readonly firstAt?: number;
}

/**
 * Which sequence numbers of one boot have been seen: everything from lowest to highest that is not in a missing range. A unit
 * that loses nothing costs no memory, however far it counts.
 */
export class BootWindow {
  readonly boot: number;
  /** Start of the boot by reception and uptime of its live messages, epoch ms; NaN: unknown. */
  bootStart = Number.NaN;
  #lowest = -1;
  #highest = -1;
  /** Reception of #highest, epoch ms. */
  #highestAt = 0;
  /** True where an earlier window of this boot was forgotten: nothing is certainly new. */
  readonly #doubtful: boolean;
  /** Reception of the first message of the boot that came, epoch ms. */
  #firstAt = 0;
  /** Ranges up to here were given up. */
  #unsureUpTo = -1;
  #from: number[] = [];
  #to: number[] = [];
  #noticed: number[] = [];
  /** 0: not known. */
  #since: number[] = [];

  constructor(boot: number, doubtful: boolean) {
    this.boot = boot;
    this.#doubtful = doubtful;
  }

  /** Notes `seq` as seen and says whether it was. */
  add(seq: number, receivedAt: number): SequenceVerdict {
    const fresh: SequenceVerdict = this.#doubtful ? 'unsure' : 'new';
    if (seq === this.#highest + 1 && this.#highest >= 0) {
      this.#highest = seq;
      this.#highestAt = receivedAt;
      return fresh;
    }
    if (this.#highest < 0) {
      this.#lowest = seq;
      this.#highest = seq;
      this.#highestAt = receivedAt;
      this.#firstAt = receivedAt;
      return fresh;
    }
    if (seq > this.#highest) {
      this.#insert(this.#from.length, this.#highest + 1, seq - 1, receivedAt, this.#highestAt);
      this.#highest = seq;
      this.#highestAt = receivedAt;
      return fresh;
    }
    if (seq < this.#lowest) {
      if (seq + 1 < this.#lowest) this.#insert(0, seq + 1, this.#lowest - 1, receivedAt, 0);
      this.#lowest = seq;
      return fresh;
    }
    const at = this.#find(seq);
    if (at >= 0) {
      this.#take(at, seq);
      return fresh;
    }
    return seq <= this.#unsureUpTo ? 'unsure' : 'duplicate';
  }

  /** Makes `seq` missing again: its message was not stored after all. */
  forget(seq: number, receivedAt: number): void {
    if (this.#highest < 0 || seq < this.#lowest || seq > this.#highest || this.#find(seq) >= 0) return;
    let at = 0;
    while (at < this.#from.length && (this.#from[at] ?? 0) < seq) at++;
    this.#insert(at, seq, seq, receivedAt, 0);
  }

  /** False where gaps up to `seq` were given up to bound the memory. */
  follows(seq: number): boolean {
    return seq > this.#unsureUpTo;
  }

  /** Whether anything is missing; costs nothing. */
  get broken(): boolean {
    return this.#from.length > 0;
  }

  /** Sequence numbers missing between the lowest and the highest seen. */
  get missing(): number {
    let sum = 0;
    for (let i = 0; i < this.#from.length; i++) sum += (this.#to[i] ?? 0) - (this.#from[i] ?? 0) + 1;
    return sum;
  }

  get highest(): number {
    return this.#highest;
  }

  /** Reception of the highest number, epoch ms; 0: not known. */
  get highestAt(): number {
    return this.#highestAt;
  }

  get lowest(): number {
    return this.#lowest;
  }

  /** What comes before the lowest number, in a boot that began with 0; undefined: nothing. */
  get beginning(): MissingRange | undefined {
    return this.#lowest > 0 ? { boot: this.boot, from: 0, to: this.#lowest - 1, noticedAt: this.#firstAt } : undefined;
  }

  /** Missing ranges, lowest first, neighbours joined. */
  ranges(): MissingRange[] {
    const result: MissingRange[] = [];
    for (let i = 0; i < this.#from.length; i++) {
      const since = this.#since[i] ?? 0;
      const range = { boot: this.boot, from: this.#from[i] ?? 0, to: this.#to[i] ?? 0, noticedAt: this.#noticed[i] ?? 0, ...(since > 0 ? { since } : {}) };
      const last = result.at(-1);
      if (last !== undefined && last.to + 1 === range.from) result[result.length - 1] = { ...last, to: range.to, noticedAt: Math.min(last.noticedAt, range.noticedAt) };
      else result.push(range);
    }
    return result;
  }

  save(): BootWindowSnapshot {
    const missing = this.#from.flatMap((from, i) => [from, this.#to[i] ?? 0, this.#noticed[i] ?? 0]);
    return { boot: this.boot, lowest: this.#lowest, highest: this.#highest, doubtful: this.#doubtful, unsureUpTo: this.#unsureUpTo, bootStart: Number.isNaN(this.bootStart) ? undefined : this.bootStart, missing, since: [...this.#since], highestAt: this.#highestAt, firstAt: this.#firstAt };
  }

  static restore(saved: BootWindowSnapshot): BootWindow {
    const window = new BootWindow(saved.boot, saved.doubtful);
    window.#lowest = saved.lowest;
    window.#highest = saved.highest;
    window.#unsureUpTo = saved.unsureUpTo;
    window.bootStart = saved.bootStart ?? Number.NaN;
    window.#highestAt = saved.highestAt ?? 0;
    window.#firstAt = saved.firstAt ?? 0;
    for (let i = 0; i + 2 < saved.missing.length; i += 3) {
      window.#from.push(saved.missing[i] ?? 0);
      window.#to.push(saved.missing[i + 1] ?? 0);
      window.#noticed.push(saved.missing[i + 2] ?? 0);
      window.#since.push(saved.since?.[i / 3] ?? 0);
    }
    return window;
  }

  /** Index of the missing range that holds `seq`; −1: none. */
  #find(seq: number): number {
    let low = 0;
    let high = this.#from.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      if (seq < (this.#from[middle] ?? 0)) high = middle - 1;
      else if (seq > (this.#to[middle] ?? 0)) low = middle + 1;
      else return middle;
    }
    return -1;
  }

  #insert(at: number, from: number, to: number, noticedAt: number, since: number): void {
    this.#from.splice(at, 0, from);
    this.#to.splice(at, 0, to);
    this.#noticed.splice(at, 0, noticedAt);
    this.#since.splice(at, 0, since);
    if (this.#from.length <= MISSING_RANGE_LIMIT) return;
    this.#unsureUpTo = Math.max(this.#unsureUpTo, this.#to[0] ?? -1);
    this.#remove(0);
  }

  #take(at: number, seq: number): void {
    const from = this.#from[at] ?? 0;
    const to = this.#to[at] ?? 0;
    if (from === to) this.#remove(at);
    else if (seq === from) this.#from[at] = seq + 1;
    else {
      this.#to[at] = seq - 1;
      if (seq < to) this.#insert(at + 1, seq + 1, to, this.#noticed[at] ?? 0, this.#since[at] ?? 0);
    }
  }

  #remove(at: number): void {
    this.#from.splice(at, 1);
    this.#to.splice(at, 1);
    this.#noticed.splice(at, 1);
    this.#since.splice(at, 1);
  }
}
