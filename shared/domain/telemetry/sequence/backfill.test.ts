import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BACKFILL_POLICY, BackfillPlanner, BOOT_LIMIT, countOf, SequenceTracker, type BackfillStep, type SequenceRange } from './index.ts';

const SECOND = 1000;

/** A tracker, a planner and a clock; `look` is what a console does once a second. */
class Bench {
  readonly tracker = new SequenceTracker();
  readonly planner = new BackfillPlanner();
  now = 0;
  heardAt = Number.NEGATIVE_INFINITY;
  bufferedAt = Number.NEGATIVE_INFINITY;
  commands: { id: string; ranges: readonly SequenceRange[]; at: number }[] = [];

  receive(seq: number, boot = 1): void {
    this.tracker.add(boot, seq, this.now);
    this.heardAt = this.now;
  }

  look(mayAsk = true): BackfillStep {
    const step = this.planner.look({ now: this.now, gaps: this.tracker.gaps(), follows: (boot, seq) => this.tracker.follows(boot, seq), heardAt: this.heardAt, bufferedAt: this.bufferedAt, mayAsk });
    if (step.ask.length > 0) {
      const id = `c${this.commands.length}`;
      this.commands.push({ id, ranges: step.ask, at: this.now });
      this.planner.sent(id, step.ask, this.now);
    }
    return step;
  }

  /** Looks every second for so long; `each` happens before every look. */
  pass(seconds: number, each: () => void = () => undefined): BackfillStep[] {
    return Array.from({ length: seconds }, () => {
      this.now += SECOND;
      each();
      return this.look();
    });
  }
}

describe('missing messages', () => {
  it('are left alone while they may be on their way, and asked for within 30 s', () => {
    const bench = new Bench();
    bench.receive(1);
    bench.receive(5);
    bench.pass(9);
    expect(bench.commands).toEqual([]);
    bench.pass(20, () => bench.receive(bench.now));
    expect(bench.commands[0]?.ranges[0]).toEqual({ boot: 1, from: 2, to: 4 });
    expect(bench.commands[0]?.at).toBeLessThanOrEqual(30 * SECOND);
  });

  it('wait for a unit that empties its buffer, but not for ever', () => {
    const bench = new Bench();
    bench.receive(1);
    bench.receive(900);
    bench.pass(24, () => (bench.bufferedAt = bench.now));
    expect(bench.commands).toEqual([]);
    bench.pass(6, () => (bench.bufferedAt = bench.now));
    expect(bench.commands).toHaveLength(1);
  });

  it('are not asked for while the unit fills them by itself, however long that takes', () => {
    const bench = new Bench();
    bench.receive(0);
    bench.receive(2000);
    let next = 1;
    bench.pass(199, () => {
      for (let i = 0; i < 10; i++) bench.receive(next++);
      bench.bufferedAt = bench.now;
    });
    expect(bench.commands).toEqual([]);
    bench.pass(30);
    expect(bench.commands[0]?.ranges).toEqual([{ boot: 1, from: 1991, to: 1999 }]);
  });

  it('that come by themselves are neither asked for nor counted', () => {
    const bench = new Bench();
    for (const seq of [1, 5, 3, 2, 4]) bench.receive(seq);
    bench.pass(60);
    expect(bench.commands).toEqual([]);
    expect(bench.planner.counters).toEqual({ commands: 0, asked: 0, filled: 0, lost: 0 });
  });

  it('that the unit sends again are filled', () => {
    const bench = new Bench();
    bench.receive(1);
    bench.receive(5);
    bench.pass(12);
    expect(bench.commands).toHaveLength(1);
    bench.planner.answered('c0', 'accepted', bench.now);
    for (const seq of [2, 3, 4]) bench.receive(seq);
    bench.planner.answered('c0', 'done', bench.now);
    bench.pass(10);
    expect([bench.planner.idle, bench.planner.counters, bench.planner.lost]).toEqual([true, { commands: 1, asked: 3, filled: 3, lost: 0 }, []]);
  });

  it('that the unit no longer has are asked for twice and given up', () => {
    const bench = new Bench();
    bench.receive(1);
    bench.receive(5);
    const steps = bench.pass(120, () => {
      const id = bench.planner.pending?.id;
      if (id !== undefined) bench.planner.answered(id, 'done', bench.now);
    });
    expect(bench.commands).toHaveLength(2);
    expect(steps.flatMap((step) => step.lost)).toEqual([{ boot: 1, from: 2, to: 4, noticedAt: 0, reason: 'not-kept' }]);
    expect(bench.planner.idle).toBe(true);
  });

  it('that are refused are given up with that reason', () => {
    const bench = new Bench();
    bench.receive(1);
    bench.receive(5);
    bench.pass(120, () => bench.planner.answered(bench.planner.pending?.id ?? '', 'rejected', bench.now));
    expect(bench.planner.lost.map(({ reason }) => reason)).toEqual(['rejected']);
  });

  it('are asked for ever more rarely where the unit does not answer, and then given up', () => {
    const bench = new Bench();
    bench.receive(1);
    bench.receive(5);
    let next = 6;
    bench.pass(2 * 3600, () => bench.receive(next++));
    const pauses = bench.commands.slice(1).map(({ at }, i) => at - (bench.commands[i]?.at ?? 0));
    expect(bench.commands).toHaveLength(BACKFILL_POLICY.attempts);
    expect([...pauses].sort((a, b) => a - b)).toEqual(pauses);
    expect(bench.planner.lost).toMatchObject([{ from: 2, to: 4, reason: 'no-answer' }]);
  });

  it('of a unit that is away are not given up, however long it takes', () => {
    const bench = new Bench();
    bench.receive(1);
    bench.receive(5);
    bench.pass(5 * 3600);
    expect(bench.planner.lost).toEqual([]);
    const asked = bench.commands.length;
    bench.receive(6);
    bench.pass(5);
    expect(bench.commands).toHaveLength(asked + 1);
  });

  it('are asked for anew, without blame, where the connection broke while they were on their way', () => {
    const bench = new Bench();
    bench.receive(1);
    bench.receive(5);
    bench.pass(12);
    for (let i = 0; i < 20; i++) {
      bench.planner.answered(`c${i}`, 'accepted', bench.now);
      bench.planner.interrupted(bench.now);
      bench.pass(7, () => bench.receive(bench.now));
      expect(bench.commands).toHaveLength(i + 2);
    }
    expect(bench.planner.lost).toEqual([]);
  });

  it('are asked for in time while the connection breaks every second', () => {
    const bench = new Bench();
    bench.receive(0);
    for (let second = 0; second < 120; second++) {
      bench.receive(10 * second + 9);
      bench.pass(1, () => bench.planner.interrupted(bench.now));
    }
    for (let second = 0; second < 90; second++) {
      const asked = bench.commands.find(({ ranges }) => ranges.some(({ from, to }) => from <= 10 * second + 5 && to >= 10 * second + 5));
      expect((asked?.at ?? Number.POSITIVE_INFINITY) - second * SECOND).toBeLessThanOrEqual(30 * SECOND);
    }
  });

  it('that come after they were given up are no gap any more', () => {
    const bench = new Bench();
    bench.receive(1);
    bench.receive(5);
    bench.pass(120, () => bench.planner.answered(bench.planner.pending?.id ?? '', 'rejected', bench.now));
    bench.receive(3);
    const [step] = bench.pass(1);
    expect(step?.late).toMatchObject([{ boot: 1, from: 3, to: 3 }]);
    expect(bench.planner.lost.map(({ from, to }) => [from, to])).toEqual([[2, 2], [4, 4]]);
    expect(bench.planner.counters.lost).toBe(2);
  });

  it('are asked for in portions', () => {
    const bench = new Bench();
    bench.receive(0);
    bench.receive(10_000);
    for (let i = 0; i < 200; i++) bench.receive(20_000 + 2 * i);
    let last = '';
    bench.pass(400, () => {
      const { id = '' } = bench.planner.pending ?? {};
      if (id === last) return;
      last = id;
      for (const { from, to } of bench.commands.at(-1)?.ranges ?? []) for (let seq = from; seq <= to; seq++) bench.receive(seq);
      bench.planner.answered(id, 'done', bench.now);
    });
    expect(bench.tracker.missing).toBe(0);
    expect(Math.max(...bench.commands.map(({ ranges }) => ranges.length))).toBeLessThanOrEqual(BACKFILL_POLICY.rangesPerCommand);
    expect(Math.max(...bench.commands.map(({ ranges }) => countOf(ranges)))).toBeLessThanOrEqual(BACKFILL_POLICY.messagesPerCommand);
  });

  it('of a boot that is too long ago are given up', () => {
    const bench = new Bench();
    bench.receive(1);
    bench.receive(5);
    bench.look();
    for (let boot = 2; boot <= BOOT_LIMIT + 1; boot++) bench.receive(1, boot);
    expect(bench.look().lost).toMatchObject([{ boot: 1, from: 2, to: 4, reason: 'too-old' }]);
    expect(bench.planner.idle).toBe(true);
  });
});

it('whatever units, network and clock do, every missing message is open, filled or given up, and nothing is asked for that is there', () => {
  const event = fc.oneof(
    fc.record({ kind: fc.constant('live' as const), skip: fc.nat(4) }),
    fc.record({ kind: fc.constant('reboot' as const) }),
    fc.record({ kind: fc.constant('pass' as const), seconds: fc.integer({ min: 1, max: 90 }) }),
    fc.record({ kind: fc.constant('answer' as const), state: fc.constantFrom('delivered' as const, 'accepted' as const, 'rejected' as const, 'done' as const), share: fc.nat(100) }),
    fc.record({ kind: fc.constant('late' as const), nth: fc.nat(50) }),
  );
  fc.assert(
    fc.property(fc.array(event, { maxLength: 120 }), (events) => {
      const bench = new Bench();
      const given = new Set<string>();
      let boot = 1;
      let seq = 0;
      bench.receive(seq);
      const note = (step: BackfillStep): void => {
        for (const { boot: b, from, to } of step.lost) for (let i = from; i <= to; i++) given.add(`${b}.${i}`);
        for (const { boot: b, from, to } of step.late) for (let i = from; i <= to; i++) given.delete(`${b}.${i}`);
        const missing = new Set(bench.tracker.gaps().flatMap(({ boot: b, from, to }) => Array.from({ length: to - from + 1 }, (_, i) => `${b}.${from + i}`)));
        for (const { boot: b, from, to } of step.ask) for (let i = from; i <= to; i++) expect(missing.has(`${b}.${i}`) && !given.has(`${b}.${i}`)).toBe(true);
        expect(countOf(bench.planner.open) + countOf(bench.planner.lost)).toBe(bench.tracker.missing);
      };
      for (const item of events) {
        if (item.kind === 'live') bench.receive((seq += 1 + item.skip), boot);
        else if (item.kind === 'reboot') bench.receive((seq = 0), ++boot);
        else if (item.kind === 'pass') bench.pass(item.seconds, () => bench.receive(++seq, boot)).forEach((step) => void step);
        else if (item.kind === 'answer' && bench.planner.pending) {
          for (const { boot: b, from, to } of bench.commands.at(-1)?.ranges ?? []) for (let i = from; i <= to; i++) if ((i * 37) % 100 < item.share) bench.receive(i, b);
          bench.planner.answered(bench.planner.pending.id, item.state, bench.now);
        } else if (item.kind === 'late') {
          const gap = bench.tracker.gaps()[item.nth];
          if (gap) bench.receive(gap.from, gap.boot);
        }
        // A step may have been taken inside `pass`: what it gave up is in the planner.
        for (const { boot: b, from, to } of bench.planner.lost) for (let i = from; i <= to; i++) given.add(`${b}.${i}`);
        note(bench.look());
      }
      for (const [i, { ranges, at }] of bench.commands.entries()) {
        expect(at - (bench.commands[i - 1]?.at ?? Number.NEGATIVE_INFINITY)).toBeGreaterThanOrEqual(BACKFILL_POLICY.pause);
        expect(ranges.length).toBeGreaterThan(0);
      }
    }),
    { numRuns: 200 },
  );
});
