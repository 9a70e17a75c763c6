import { describe, expect, it } from 'vitest';
import { textLog } from './text-log.ts';

describe('text log', () => {
  const lines: string[] = [];
  const log = textLog({ clock: { now: () => 0, monotonic: () => 0 }, write: (line) => void lines.push(line), level: 'info' });
  const written = (run: () => void): string[] => {
    lines.length = 0;
    run();
    return [...lines];
  };

  it('writes time, level, dotted scope, message and fields', () => {
    expect(written(() => log.child('intake').child('queue').write('warn', 'dropped', { count: 3, rule: 'oldest first', none: undefined }))).toEqual([
      '1970-01-01T00:00:00.000Z warn intake.queue: dropped count=3 rule="oldest first"',
    ]);
  });

  it('keeps an entry on one line whatever a field holds, except for the stack of an error', () => {
    expect(written(() => log.write('info', 'x', { text: 'a\nb' }))).toEqual(['1970-01-01T00:00:00.000Z info: x text="a\\nb"']);
    expect(written(() => log.write('error', 'x', { error: new Error('boom') }))[0]).toMatch(/error="boom"\n {2}Error: boom\n\s+at /);
  });

  it('drops what is below its level', () => {
    expect(written(() => log.write('debug', 'detail'))).toEqual([]);
  });
});
