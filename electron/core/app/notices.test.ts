import { describe, expect, it } from 'vitest';
import { NoticeBoard } from './notices.ts';

function board() {
  let now = 1000;
  const notices = new NoticeBoard({ now: () => now++, monotonic: () => now });
  let changes = 0;
  notices.onChange(() => changes++);
  return { notices, changes: () => changes };
}

describe('notice board', () => {
  it('lists the most severe first and tells a change once', () => {
    const { notices, changes } = board();
    notices.raise('a', 'low', 'Something.');
    notices.raise('b', 'critical', 'The disk is full.');
    notices.raise('b', 'critical', 'The disk is full.');
    expect(notices.list().map((entry) => entry.id)).toEqual(['b', 'a']);
    expect(changes()).toBe(2);
  });

  it('hides a dismissed notice until it becomes more severe or is raised anew', () => {
    const { notices } = board();
    notices.raise('disk', 'high', 'Little space.');
    notices.dismiss('disk');
    notices.raise('disk', 'high', 'Less space.', 2);
    expect(notices.list()).toEqual([]);
    notices.raise('disk', 'critical', 'No space.');
    expect(notices.list().map((entry) => entry.text)).toEqual(['No space.']);
    notices.dismiss('disk');
    notices.clear('disk');
    notices.raise('disk', 'critical', 'No space.');
    expect(notices.list()).toHaveLength(1);
  });

  it('keeps what is critical when there are too many', () => {
    const { notices } = board();
    notices.raise('important', 'critical', 'Read me.');
    for (let i = 0; i < 100; i++) notices.raise(`n${i}`, 'info', 'Noise.');
    expect(notices.list()).toHaveLength(50);
    expect(notices.list()[0]?.id).toBe('important');
  });
});
