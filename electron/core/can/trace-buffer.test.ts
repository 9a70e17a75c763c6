import { describe, expect, it } from 'vitest';
import { FrameBatch } from '#shared/domain/telemetry/adapters/index.ts';
import { TRACE_BOUND, TraceBuffer } from './trace-buffer.ts';

function batch(count: number, from = 0): FrameBatch {
  const bytes = Uint8Array.from({ length: count * 2 }, (_, i) => i & 255);
  const frames = new FrameBatch();
  frames.begin(bytes);
  frames.ensure(count);
  for (let i = 0; i < count; i++) frames.add(i * 1000, from + i, 0, 1, i * 2, 2);
  return frames;
}

describe('frames that wait for a window', () => {
  it('are given once, in order, with their payloads', () => {
    const buffer = new TraceBuffer();
    buffer.frames(batch(3, 10), 5_000, 6_000);
    const item = buffer.take();
    expect([...item.id]).toEqual([10, 11, 12]);
    expect([...item.time]).toEqual([5_000, 5_001, 5_002]);
    expect([[...item.end], [...item.data], item.dropped, item.lastReceived]).toEqual([[2, 4, 6], [0, 1, 2, 3, 4, 5], 0, 6_000]);
    expect(buffer.changed).toBe(false);
    expect(buffer.take().id).toHaveLength(0);
  });

  it('give way from the oldest, and say how many', () => {
    const buffer = new TraceBuffer();
    for (let n = 0; n < 3; n++) buffer.frames(batch(TRACE_BOUND / 2, n * TRACE_BOUND), 0, 0);
    const item = buffer.take();
    expect([item.id.length, item.dropped, item.id[0], item.id.at(-1)]).toEqual([TRACE_BOUND, TRACE_BOUND / 2, TRACE_BOUND, 2 * TRACE_BOUND + TRACE_BOUND / 2 - 1]);
    expect(item.data.length).toBe(item.end.at(-1));
  });

  it('bring the newest statistics of each bus', () => {
    const buffer = new TraceBuffer();
    const one = { bus: 0, frames: 1, errors: 0, load: 10, state: 'active', lost: 0, queue: 0 } as const;
    buffer.statistics([one, { ...one, bus: 1 }], 1);
    buffer.statistics([{ ...one, load: 20 }], 2);
    expect(buffer.take().statistics.map(({ bus, load, receivedAt }) => [bus, load, receivedAt])).toEqual([[0, 20, 2], [1, 10, 1]]);
  });
});
