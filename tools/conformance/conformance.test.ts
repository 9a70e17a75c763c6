import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runConformance } from './run.ts';

const DBC = 'BU_: BMS\nBO_ 16 Pack: 2 BMS\n SG_ Soc : 0|8@1+ (0.5,0) [0|100] "%" BMS\n SG_ State : 8|8@1+ (1,0) [0|0] "" BMS\nVAL_ 16 State 1 "Drive" ;\n';
const META = {
  version: null, nodes: ['BMS'],
  messages: [{ name: 'Pack', id: 16, ext: 0, len: 2, fd: 0, senders: ['BMS'], cycle: null, protocol: null, signals: [
    { name: 'Soc', start: 0, len: 8, bo: 1, signed: 0, float: 0, scale: 0.5, offset: 0, min: 0, max: 100, unit: '%', recv: ['BMS'] },
    { name: 'State', start: 8, len: 8, bo: 1, signed: 0, float: 0, scale: 1, offset: 0, min: null, max: null, unit: '', recv: ['BMS'], choices: { 1: 'Drive' } },
  ] }],
};

let folder: string;
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'conformance-')); });
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function check(frames: readonly object[], meta: object = META): { failed: number; checked: number; examples: readonly string[] } | undefined {
  for (const name of ['dbc', 'frames', 'meta']) mkdirSync(join(folder, name));
  writeFileSync(join(folder, 'index.json'), JSON.stringify([{ name: 'own' }]));
  writeFileSync(join(folder, 'dbc/own.dbc'), DBC);
  writeFileSync(join(folder, 'frames/own.jsonl'), frames.map((frame) => `${JSON.stringify(frame)}\n`).join(''));
  writeFileSync(join(folder, 'meta/own.json'), JSON.stringify(meta));
  return [...runConformance(folder)][0];
}

const FRAME = { k: 'ok', id: 16, x: 0, n: 'Pack', d: '6401', s: { Soc: 50, State: 1 }, t: { State: 'Drive' } };

describe('the conformance check', () => {
  it('passes when every value, label and absence is right', () => {
    expect(check([FRAME, { ...FRAME, k: 'trunc', d: '64', s: { Soc: 50 }, t: {} }])).toMatchObject({ failed: 0 });
  });

  it.each([
    ['a wrong value', { ...FRAME, s: { Soc: 50.5, State: 1 } }],
    ['a wrong label', { ...FRAME, t: { State: 'Park' } }],
    ['a label that should not be there', { ...FRAME, t: {} }],
    ['a value that should not be there', { ...FRAME, s: { Soc: 50 }, t: {} }],
    ['a value that is missing', { ...FRAME, d: '64' }],
    ['a message that is missing', { ...FRAME, id: 17, s: {} }],
  ])('finds %s, in both decoders', (_, frame) => {
    const modes = check([frame])?.examples.map((example) => example.split(' ', 1)[0]) ?? [];
    expect(new Set(modes)).toEqual(new Set(['compiled', 'interpreted']));
  });

  it('finds a parser that read something else than the set says', () => {
    expect(check([FRAME], { ...META, nodes: ['BMS', 'VCU'] })).toMatchObject({ failed: 1, examples: ['nodes is ["BMS"], expected ["BMS","VCU"]'] });
  });
});

const PUBLISHED = join(import.meta.dirname, '../../../shared/conformance/can');
describe.runIf(existsSync(PUBLISHED))('the published conformance set beside the project', () => {
  it('is decoded completely', () => {
    const results = [...runConformance(PUBLISHED)];
    expect(results.flatMap(({ name, examples }) => examples.map((example) => `${name}: ${example}`))).toEqual([]);
    expect(results.length).toBeGreaterThan(0);
  });
});
