import { afterEach, describe, expect, it, vi } from 'vitest';
import { systemScheduler } from './system-scheduler.ts';

describe('system scheduler', () => {
  afterEach(() => void vi.useRealTimers());

  it('waits for delays beyond the longest timer of Node', () => {
    vi.useFakeTimers();
    const run = vi.fn();
    const days = 60 * 86_400_000;
    systemScheduler.after(days, run);
    vi.advanceTimersByTime(days - 1);
    expect(run).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(run).toHaveBeenCalledTimes(1);
  });

  it('stops when disposed', () => {
    vi.useFakeTimers();
    const run = vi.fn();
    const timers = [systemScheduler.after(10, run), systemScheduler.every(10, run)];
    for (const timer of timers) timer.dispose();
    vi.advanceTimersByTime(100);
    expect(run).not.toHaveBeenCalled();
  });

  it('repeats every period', () => {
    vi.useFakeTimers();
    const run = vi.fn();
    const timer = systemScheduler.every(10, run);
    vi.advanceTimersByTime(35);
    timer.dispose();
    expect(run).toHaveBeenCalledTimes(3);
  });
});
