import type { MissingRange } from './boot-window.ts';
import { compareRanges, countOf, intersectRanges, subtractRanges, type SequenceRange } from './ranges.ts';

/** When missing messages are asked for again, and when no more. Times in ms. */
export interface BackfillPolicy {
  /** A gap is left alone for so long: late messages may still be on their way. */
  readonly settle: number;
  /** And for so long after a buffered message that was not asked for: the unit may be emptying its buffer. */
  readonly quiet: number;
  /** But no longer than this after it showed, or after the unit last filled one by itself. */
  readonly latest: number;
  /** A unit that was not heard of for so long is not asked. */
  readonly heard: number;
  readonly rangesPerCommand: number;
  readonly messagesPerCommand: number;
  /** Between two commands to one unit. */
  readonly pause: number;
  /** A command without `done` is over after so long without a missing message that came in. */
  readonly answer: number;
  /** After `done`, what was sent before it has so long to arrive. */
  readonly afterDone: number;
  /** Commands without an answer, or answered without the messages, before a range is given up. */
  readonly attempts: number;
  readonly answers: number;
  /** Before a range is asked for again: doubling from the first to the longest. */
  readonly firstBackOff: number;
  readonly longestBackOff: number;
}

export const BACKFILL_POLICY: BackfillPolicy = {
  settle: 10_000,
  quiet: 5000,
  latest: 25_000,
  heard: 15 * 60_000,
  rangesPerCommand: 64,
  messagesPerCommand: 2000,
  pause: 2000,
  answer: 20_000,
  afterDone: 5000,
  attempts: 6,
  answers: 2,
  firstBackOff: 30_000,
  longestBackOff: 30 * 60_000,
};

/** Why a range will not come: the unit does not have it, refuses, does not answer; or its boot is too long ago to be followed. */
export type GapReason = 'not-kept' | 'rejected' | 'no-answer' | 'too-old';

/** A range that was given up: a gap in the history. */
export interface LostRange extends MissingRange {
  readonly reason: GapReason;
}

/** What is known of the unit at this look. */
export interface BackfillView {
  /** Of a clock that never goes back, as every time of a planner. */
  readonly now: number;
  /** Missing ranges, ascending. */
  readonly gaps: readonly MissingRange[];
  /** Whether the tracker could still say that a number is missing. */
  readonly follows: (boot: number, seq: number) => boolean;
  /** When a message, and a buffered one, came last; −Infinity: never. */
  readonly heardAt: number;
  readonly bufferedAt: number;
  /** Whether a command may be sent now. */
  readonly mayAsk: boolean;
}

export interface BackfillStep {
  /** To be asked for now; empty: nothing. */
  readonly ask: readonly SequenceRange[];
  /** Given up at this look. */
  readonly lost: readonly LostRange[];
  /** Given up earlier, and came in after all. */
  readonly late: readonly SequenceRange[];
}

interface OpenRange extends MissingRange {
  readonly seenAt: number;
  readonly nextAt: number;
  readonly asked: boolean;
  readonly attempts: number;
  readonly answers: number;
}

interface Pending {
  readonly id: string;
  readonly ranges: readonly SequenceRange[];
  readonly sentAt: number;
  /** The last of: sent, answered, a missing message came in. */
  movedAt: number;
  state: 'sent' | 'delivered' | 'accepted' | 'rejected' | 'done' | 'interrupted';
}

/**
 * The messages of one unit that are missing: which to ask for, and when to give up. Deterministic: whoever owns it looks once a second
 * or so and says what was sent and answered. At most one command is on its way.
 */
export class BackfillPlanner {
  readonly counters = { commands: 0, asked: 0, filled: 0, lost: 0 };
  readonly #policy: BackfillPolicy;
  #open: OpenRange[] = [];
  #lost: LostRange[];
  #pending: Pending | undefined;
  #askedAt = Number.NEGATIVE_INFINITY;
  /** When the unit last sent something late, and filled a gap, without being asked. */
  #burstAt = Number.NEGATIVE_INFINITY;
  #helpedAt = Number.NEGATIVE_INFINITY;
  #lookedAt = Number.NEGATIVE_INFINITY;

  /** `lost`: what was given up before, ascending. */
  constructor(policy: BackfillPolicy = BACKFILL_POLICY, lost: readonly LostRange[] = []) {
    this.#policy = policy;
    this.#lost = [...lost];
  }

  /** Ranges that are missing and not given up. */
  get open(): readonly MissingRange[] {
    return this.#open;
  }

  /** Ranges given up that the unit could still send, ascending. */
  get lost(): readonly LostRange[] {
    return this.#lost;
  }

  /** Nothing is open and nothing on its way. */
  get idle(): boolean {
    return this.#open.length === 0 && this.#pending === undefined;
  }

  /** The command on its way and what the unit has said to it. */
  get pending(): { readonly id: string; readonly state: string } | undefined {
    return this.#pending;
  }

  /** Takes in what is missing now, and says what to do. What is to be asked counts as asked once `sent` is called. */
  look(view: BackfillView): BackfillStep {
    const late = this.#reconcileLost(view);
    const tooOld = this.#reconcileOpen(view);
    const given = this.#judge(view);
    if (given.length > 0) {
      this.#open = subtractRanges(this.#open, given);
      this.#lost = [...this.#lost, ...given].sort(compareRanges);
    }
    const lost = [...tooOld, ...given].sort(compareRanges);
    this.counters.lost += countOf(lost);
    return { ask: this.#choose(view), lost, late };
  }

  /** The command `id` that asks for `ranges` is on its way. */
  sent(id: string, ranges: readonly SequenceRange[], now: number): void {
    this.#pending = { id, ranges, sentAt: now, movedAt: now, state: 'sent' };
    this.#askedAt = now;
    this.counters.commands++;
    this.counters.asked += countOf(ranges);
    this.#change(ranges, (range) => ({ ...range, asked: true }));
  }

  /** The command could not be sent after all: nothing of it counts. */
  failed(id: string): void {
    if (this.#pending?.id !== id) return;
    this.counters.commands--;
    this.counters.asked -= countOf(this.#pending.ranges);
    this.#pending = undefined;
  }

  /** The way to the unit was broken: the command, or what answers it, may be lost. Nobody is to blame. */
  interrupted(now: number): void {
    const pending = this.#pending;
    // Broken again and again, it counts from the first time: a new attempt is due then.
    if (pending === undefined || pending.state === 'rejected' || pending.state === 'interrupted') return;
    pending.state = 'interrupted';
    pending.movedAt = now;
  }

  /** The unit has answered a command; others than the one on its way are passed over. */
  answered(id: string, state: 'delivered' | 'accepted' | 'rejected' | 'done', now: number): void {
    const pending = this.#pending;
    if (pending?.id !== id || pending.state === 'done' || pending.state === 'rejected' || pending.state === 'interrupted') return;
    pending.state = state;
    pending.movedAt = now;
  }

  /** Leaves what was given up and is still missing; returns what has come in after all. */
  #reconcileLost({ gaps, follows }: BackfillView): SequenceRange[] {
    if (this.#lost.length === 0) return [];
    const late = subtractRanges(this.#lost, gaps).filter(({ boot, to }) => follows(boot, to));
    this.#lost = intersectRanges(this.#lost, gaps, (part, range): LostRange => ({ ...range, ...part }));
    this.counters.lost -= countOf(late);
    this.counters.filled += countOf(late);
    return late;
  }

  /** Brings the open ranges in line with what is missing; what came in after being asked for counts as filled. Returns what is followed no more. */
  #reconcileOpen({ now, gaps, follows, bufferedAt }: BackfillView): LostRange[] {
    const missing = subtractRanges(gaps, this.#lost);
    const still = intersectRanges(this.#open, missing, (part, open): OpenRange => ({ ...open, ...part }));
    const fresh = subtractRanges(missing, this.#open).map((gap): OpenRange => ({ ...gap, seenAt: now, nextAt: Number.NEGATIVE_INFINITY, asked: false, attempts: 0, answers: 0 }));
    const away = subtractRanges(this.#open, missing);
    const tooOld = away.filter(({ boot, to }) => !follows(boot, to));
    const came = away.filter(({ boot, to }) => follows(boot, to));
    const filled = countOf(came.filter(({ asked }) => asked));
    const helped = came.some(({ asked }) => !asked);
    if (filled > 0 && this.#pending) this.#pending.movedAt = now;
    if (helped) this.#helpedAt = now;
    if (bufferedAt > this.#lookedAt && (helped || filled === 0)) this.#burstAt = bufferedAt;
    this.#lookedAt = now;
    this.counters.filled += filled;
    this.#open = [...still, ...fresh].sort(compareRanges);
    return tooOld.map((range) => lostOf(range, 'too-old'));
  }

  /** Ends the command on its way where it is over; returns what is given up with it. */
  #judge({ now, heardAt }: BackfillView): LostRange[] {
    const pending = this.#pending;
    if (!pending) return [];
    const policy = this.#policy;
    const { state, movedAt, ranges } = pending;
    const over = state === 'rejected' || now - movedAt >= (state === 'done' || state === 'interrupted' ? policy.afterDone : policy.answer);
    if (!over) return [];
    this.#pending = undefined;
    if (state === 'interrupted') return [];
    const answered = state === 'done' || state === 'rejected';
    // A unit that has said nothing at all since then has not refused to answer: it is away.
    if (!answered && heardAt <= pending.sentAt) return [];
    const lost: LostRange[] = [];
    this.#change(ranges, (range) => {
      const attempts = range.attempts + (answered ? 0 : 1);
      const answers = range.answers + (answered ? 1 : 0);
      if (answers >= policy.answers) lost.push(lostOf(range, state === 'rejected' ? 'rejected' : 'not-kept'));
      else if (attempts >= policy.attempts) lost.push(lostOf(range, 'no-answer'));
      return { ...range, attempts, answers, nextAt: now + Math.min(policy.longestBackOff, policy.firstBackOff * 2 ** Math.max(0, attempts - 1)) };
    });
    return lost;
  }

  #choose({ now, heardAt, mayAsk }: BackfillView): SequenceRange[] {
    const policy = this.#policy;
    if (this.#pending || !mayAsk || now - heardAt > policy.heard || now - this.#askedAt < policy.pause) return [];
    const chosen: SequenceRange[] = [];
    let room = policy.messagesPerCommand;
    // What was never asked for comes first: what does not come in spite of it must not stand in its way.
    for (const { boot, from, to, seenAt, nextAt } of [...this.#open.filter(({ asked }) => !asked), ...this.#open.filter(({ asked }) => asked)]) {
      if (chosen.length >= policy.rangesPerCommand || room === 0) break;
      const settled = now - seenAt >= policy.settle && (now - this.#burstAt >= policy.quiet || now - Math.max(seenAt, this.#helpedAt) >= policy.latest);
      if (!settled || now < nextAt) continue;
      const end = Math.min(to, from + room - 1);
      chosen.push({ boot, from, to: end });
      room -= end - from + 1;
    }
    return chosen.sort(compareRanges);
  }

  /** Changes what of the open ranges lies in `ranges`, cutting them where they reach beyond. */
  #change(ranges: readonly SequenceRange[], change: (range: OpenRange) => OpenRange): void {
    const inside = intersectRanges(this.#open, ranges, (part, open) => change({ ...open, ...part }));
    this.#open = [...subtractRanges(this.#open, ranges), ...inside].sort(compareRanges);
  }
}

function lostOf({ boot, from, to, noticedAt, since }: MissingRange, reason: GapReason): LostRange {
  return { boot, from, to, noticedAt, ...(since === undefined ? {} : { since }), reason };
}
