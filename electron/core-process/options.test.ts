import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DEMO_DEFAULTS, parseHostArguments } from './options.ts';

describe('options of the Node host', () => {
  it('opens the last workspace with a moving demo fleet where nothing is asked for', () => {
    expect(parseHostArguments([])).toEqual({ workspace: undefined, dataRoot: undefined, port: 'any', headless: false, demo: DEMO_DEFAULTS });
  });

  it('takes every option', () => {
    const args = ['--workspace', 'local', '--data', 'x', '--port=0', '--headless', '--vehicles', '5000', '--seed', '7', '--no-simulator'];
    expect(parseHostArguments(args)).toEqual({ workspace: 'local', dataRoot: resolve('x'), port: 0, headless: true, demo: { vehicles: 5000, seed: 7, simulate: false } });
  });

  it.each([
    [['--workspace', 'prod'], '--workspace is one of demo, local'],
    [['--port', '70000'], '--port is a whole number'],
    [['--vehicles', '0'], '--vehicles is a whole number from 1'],
    [['--vehicles', '90001'], '--vehicles is a whole number from 1 to 90000, not 90001'],
    [['--seed', '1.5'], '--seed is a whole number'],
    [['--unknown'], '--workspace demo|local'],
    [['extra'], '--workspace demo|local'],
  ])('explains what is wrong with %j', (args, text) => {
    expect(() => parseHostArguments(args)).toThrow(text);
  });
});
