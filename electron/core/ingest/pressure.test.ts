import { describe, expect, test } from 'vitest';
import type { Pipeline } from './pipeline.ts';
import { Pressure } from './pressure.ts';

function setUp() {
  const queue = { relieved: true, underPressure: false, full: false };
  const calls: string[] = [];
  const pipeline = { queue, shedding: false, receiver: { pause: () => calls.push('pause'), resume: () => calls.push('resume') } };
  const pressure = new Pressure(pipeline as unknown as Pipeline);
  const at = (now: number, relieved: boolean, underPressure: boolean, full: boolean): [string[], boolean] => {
    Object.assign(queue, { relieved, underPressure, full });
    pressure.check(now);
    return [calls.splice(0), pipeline.shedding];
  };
  return { at, progress: (now: number) => pressure.progress(now) };
}

describe('Pressure', () => {
  test('holds the receiver back and lets it go on when the store has caught up', () => {
    const { at } = setUp();
    expect(at(0, false, false, false)).toEqual([[], false]);
    expect(at(10, false, true, false)).toEqual([['pause'], false]);
    expect(at(500, false, false, false)).toEqual([[], false]);
    expect(at(900, true, false, false)).toEqual([['resume'], false]);
  });

  test('holds it back for as long as commits come', () => {
    const { at, progress } = setUp();
    at(0, false, true, false);
    for (let now = 1000; now < 60_000; now += 1000) {
      progress(now);
      expect(at(now + 500, false, true, false)).toEqual([[], false]);
    }
  });

  test('two seconds without a commit: it reads again and sheds, pauses for good when memory is full, and recovers', () => {
    const { at } = setUp();
    at(0, false, true, false);
    expect(at(1900, false, true, false)).toEqual([[], false]);
    expect(at(2100, false, true, false)).toEqual([['resume'], true]);
    expect(at(2500, false, true, false)).toEqual([[], true]);
    expect(at(3000, false, true, true)).toEqual([['pause'], true]);
    expect(at(60_000, false, true, true)).toEqual([[], true]);
    expect(at(61_000, false, true, false)).toEqual([['resume'], true]);
    expect(at(62_000, true, false, false)).toEqual([[], false]);
  });
});
