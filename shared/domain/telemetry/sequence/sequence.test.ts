import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SeededRandom } from '../../../testing/random.ts';
import { BOOT_LIMIT, MISSING_RANGE_LIMIT, RECENT_LIMIT, RecentMessages, SequenceTracker, payloadHash } from './index.ts';

const ranges = (tracker: SequenceTracker): number[][] => tracker.gaps().map(({ boot, from, to }) => [boot, from, to]);

describe('the sequence of a unit', () => {
  it('agrees with a set, however messages are lost, repeated and reordered', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ boot: fc.integer({ min: 1, max: 3 }), seq: fc.nat(60) }), { maxLength: 80 }), (messages) => {
        const tracker = new SequenceTracker();
        const seen = new Set<string>();
        for (const { boot, seq } of messages) {
          const key = `${boot}.${seq}`;
          expect(tracker.add(boot, seq, 0)).toBe(seen.has(key) ? 'duplicate' : 'new');
          seen.add(key);
        }
        const missing: number[][] = [];
        let before = -1;
        for (const boot of [1, 2, 3]) {
          const numbers = messages.filter((item) => item.boot === boot).map(({ seq }) => seq);
          // A boot that counts anew after another has a beginning too.
          if (Math.min(...numbers) > 1 && Math.min(...numbers) <= before) missing.push([boot, 0, Math.min(...numbers) - 1]);
          if (numbers.length > 0) before = Math.max(...numbers);
          for (let seq = Math.min(...numbers); seq < Math.max(...numbers); seq++) {
            if (seen.has(`${boot}.${seq}`)) continue;
            const last = missing.at(-1);
            if (last !== undefined && last[0] === boot && last[2] === seq - 1) last[2] = seq;
            else missing.push([boot, seq, seq]);
          }
        }
        expect(ranges(tracker)).toEqual(missing);
        expect(tracker.missing).toBe(missing.reduce((sum, [, from, to]) => sum + to! - from! + 1, 0));
        expect(ranges(SequenceTracker.restore(JSON.parse(JSON.stringify(tracker.save())) as ReturnType<SequenceTracker['save']>))).toEqual(missing);
      }),
    );
  });

  it('holds a reorder window of 10,000 with repetitions, and ends without a gap', () => {
    const random = new SeededRandom(7);
    const tracker = new SequenceTracker();
    const counts = { new: 0, duplicate: 0, unsure: 0 };
    for (let start = 0; start < 50_000; start += 10_000) {
      const window = Array.from({ length: 10_000 }, (_, i) => start + i);
      for (const seq of random.shuffled([...window, ...window.slice(0, 2000)])) counts[tracker.add(1, seq, 0)]++;
    }
    expect(counts).toEqual({ new: 50_000, duplicate: 10_000, unsure: 0 });
    expect(tracker.gaps()).toEqual([]);
  });

  it('never calls a new message a duplicate, also where it has given up old gaps', () => {
    const tracker = new SequenceTracker();
    for (let i = 0; i <= 2 * (MISSING_RANGE_LIMIT + 10); i += 2) expect(tracker.add(1, i, 0)).toBe('new');
    expect(tracker.add(1, 1, 0)).toBe('unsure');
    expect(tracker.add(1, 2 * MISSING_RANGE_LIMIT + 1, 0)).toBe('new');
    expect(tracker.add(1, 2 * MISSING_RANGE_LIMIT + 1, 0)).toBe('duplicate');
  });

  it('is unsure about boots it has forgotten', () => {
    const tracker = new SequenceTracker();
    for (let boot = 1; boot <= BOOT_LIMIT + 1; boot++) tracker.add(boot, 5, 0);
    expect(tracker.add(1, 5, 0)).toBe('unsure');
    expect(tracker.add(BOOT_LIMIT + 1, 5, 0)).toBe('duplicate');
  });

  it('misses the beginning of a boot that counts anew, and of none that goes on counting', () => {
    const tracker = new SequenceTracker();
    for (const [boot, seq, at] of [[1, 100, 10], [1, 101, 20], [2, 5, 30]] as const) tracker.add(boot, seq, at);
    expect(tracker.broken).toBe(true);
    expect(tracker.gaps()).toEqual([{ boot: 2, from: 0, to: 4, since: 20, noticedAt: 30 }]);
    tracker.add(2, 0, 40);
    expect([ranges(tracker), tracker.missing]).toEqual([[[2, 1, 4]], 4]);
    tracker.add(3, 6, 50);
    tracker.add(4, 1, 60);
    expect(ranges(tracker)).toEqual([[2, 1, 4]]);
  });

  it('takes back what was not stored after all', () => {
    const tracker = new SequenceTracker();
    for (const seq of [1, 2, 3]) tracker.add(1, seq, 0);
    tracker.forget(1, 2, 9);
    expect(ranges(tracker)).toEqual([[1, 2, 2]]);
    expect(tracker.add(1, 2, 0)).toBe('new');
  });

  it('tells when a gap was noticed, and when a boot began', () => {
    const tracker = new SequenceTracker();
    tracker.add(4, 1, 100);
    tracker.add(4, 9, 200);
    expect(tracker.gaps()).toEqual([{ boot: 4, from: 2, to: 8, noticedAt: 200, since: 100 }]);
    tracker.anchor(4, 10, 50_000);
    tracker.anchor(4, 12, 51_000);
    expect(tracker.bootStart(4)).toBe(39_000);
    expect(tracker.bootStart(5)).toBeNaN();
    expect(tracker.newest).toEqual({ boot: 4, seq: 9 });
  });
});

describe('messages without numbers', () => {
  it('are known by time and payload, as long as they are recent', () => {
    const recent = new RecentMessages();
    expect(recent.add(5, 1)).toBe('new');
    expect(recent.add(5, 2)).toBe('new');
    expect(recent.add(5, 1)).toBe('duplicate');
    for (let i = 0; i < RECENT_LIMIT; i++) recent.add(6 + i, 1);
    expect(recent.add(5, 1)).toBe('new');
  });

  it('are always new where they have no time', () => {
    const recent = new RecentMessages();
    expect([recent.add(Number.NaN, 1), recent.add(Number.NaN, 1)]).toEqual(['new', 'new']);
  });

  it('have a hash that a flipped bit changes', () => {
    const seen = new Set<number>();
    for (let bit = 0; bit < 800; bit++) {
      const bytes = new Uint8Array(100);
      bytes[bit >> 3] = 1 << (bit & 7);
      const hash = payloadHash(bytes);
      expect(Number.isSafeInteger(hash)).toBe(true);
      seen.add(hash);
    }
    expect(seen.size).toBe(800);
  });
});
