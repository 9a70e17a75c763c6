import { expect, test } from 'vitest';
import { parseReplayArguments } from './arguments.ts';

test('reads what it is asked for, with defaults', () => {
  expect(parseReplayArguments(['a.log', '--dbc', 'x.dbc', '--dbc', '1=y.dbc', '--speed', '2.5', '--json'])).toEqual({
    kind: 'run',
    options: { log: 'a.log', dbc: [{ bus: undefined, file: 'x.dbc' }, { bus: 1, file: 'y.dbc' }], device: 'replay', speed: 2.5, store: undefined, json: true },
  });
  expect(parseReplayArguments(['a.log', '--dbc', 'x.dbc', '--speed', 'max'])).toMatchObject({ options: { speed: Number.POSITIVE_INFINITY } });
});

test.each([
  [['--dbc', 'x'], /one log file/],
  [['a', 'b', '--dbc', 'x'], /one log file/],
  [['a'], /--dbc/],
  [['a', '--dbc', 'x', '--speed', '0'], /--speed/],
  [['a', '--dbc', 'x', '--speed', 'fast'], /--speed/],
  [['a', '--dbc', 'x', '--device', 'a/b'], /--device/],
  [['a', '--nonsense'], /nonsense/],
])('says what is wrong with %j', (argv, message) => {
  expect(parseReplayArguments(argv)).toMatchObject({ kind: 'error', message: expect.stringMatching(message) as unknown });
});
