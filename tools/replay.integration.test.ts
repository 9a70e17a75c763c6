import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { lockFolder } from '#shared/platform-node/sqlite/index.ts';

const DBC = `BO_ 256 Pack: 4 BMS
 SG_ Soc : 0|8@1+ (1,0) [0|100] "%" X
 SG_ Temp : 8|8@1+ (1,-40) [-40|125] "degC" X
 SG_ Volt : 16|16@1+ (0.1,0) [0|500] "V" X
`;

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'replay-test-'));
  writeFileSync(join(folder, 'pack.dbc'), DBC);
  const lines = Array.from({ length: 3000 }, (_, i) => `(${(i / 100).toFixed(6)}) can0 100#${(i % 100).toString(16).padStart(2, '0')}46DC0D\n(${(i / 100).toFixed(6)}) can1 7FF#00\n`);
  writeFileSync(join(folder, 'drive.log'), `${lines.join('')}(30.000000) can0 300#01\n(30.100000) can0 100#FF00`);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function replay(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, ['tools/replay.ts', ...argv], (error, out, err) => resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err }));
  });
}

const files = (): [string, string, string] => [join(folder, 'drive.log'), '--dbc', join(folder, 'pack.dbc')];

describe('npm run replay', () => {
  test('sums a log up: frames, decoded values, unknown ids, last, least and greatest of each signal', async () => {
    const { code, out } = await replay(...files(), '--json');
    expect(code).toBe(0);
    const summary = JSON.parse(out) as { buses: Record<string, unknown>[]; store: Record<string, unknown> };
    expect(summary).toMatchObject({ format: 'candump', frames: 6002, stampsEarlier: 0, stampsEqual: 3000 });
    expect(summary.buses[0]).toMatchObject({
      bus: 0,
      frames: 3002,
      decodedFrames: 3001,
      unknownFrames: 1,
      unknownIds: [{ id: '0x300', count: 1 }],
      lengthMismatches: [{ message: 'Pack', expected: 4, received: 2, count: 1 }],
      signals: [
        { signal: 'Soc', last: 99, min: 0, max: 99, values: 3000, missing: 0 },
        { signal: 'Temp', last: 30, min: 30, max: 30, values: 3000 },
        { signal: 'Volt', last: 354.8, min: 354.8, max: 354.8, values: 3000 },
      ],
    });
    // Every id of the other bus is unknown to the file: it is not taken for that bus.
    expect(summary.buses[1]).toEqual({ bus: 1, frames: 3000, dbc: [] });
    expect(summary.store).toMatchObject({ rejected: 0, unacknowledged: 0 });
    expect(summary.store['rows']).toBeGreaterThan(10);
  });

  test('shows a table to a person, and decodes a bus with the file named for it', async () => {
    const { code, out, err } = await replay(join(folder, 'drive.log'), '--dbc', `0=${join(folder, 'pack.dbc')}`);
    expect(code).toBe(0);
    expect(out).toMatch(/candump, 6,002 frames in 30\.1 s/);
    expect(out).toMatch(/Pack +Soc +99 +0 +99 +% +3,000/);
    expect(out).toMatch(/bus 1: 3,000 frames\n {2}not decoded/);
    expect(out).toMatch(/all acknowledged/);
    expect(err).toMatch(/100 %/);
  });

  test('keeps what it stored where a folder is named, and leaves nothing else behind', async () => {
    const store = join(folder, 'store');
    const before = readdirSync(tmpdir()).filter((name) => name.startsWith('replay-') && !name.startsWith('replay-test-')).length;
    expect((await replay(...files(), '--store', store)).code).toBe(0);
    expect(existsSync(join(store, 'telemetry.db'))).toBe(true);
    expect((await replay(...files(), '--store', store, '--device', 'second')).code).toBe(0);
    expect((await replay(...files())).code).toBe(0);
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith('replay-') && !name.startsWith('replay-test-')).length).toBe(before);
  });

  test('says what is wrong and ends with another code than 0', async () => {
    const [log, , dbc] = files();
    writeFileSync(join(folder, 'text.log'), 'just some words\n');
    writeFileSync(join(folder, 'empty.log'), '');
    const cases: [string[], RegExp][] = [
      [[join(folder, 'none.log'), '--dbc', dbc], /There is no file/],
      [[log, '--dbc', join(folder, 'none.dbc')], /There is no DBC file/],
      [[log, '--dbc', log], /no DBC file, or describes no message/],
      [[join(folder, 'text.log'), '--dbc', dbc], /no CAN log of a known format/],
      [[join(folder, 'empty.log'), '--dbc', dbc], /The file is empty/],
      [[folder, '--dbc', dbc], /is no file/],
    ];
    for (const [argv, message] of cases) {
      const { code, err, out } = await replay(...argv);
      expect([code, out]).toEqual([1, '']);
      expect(err).toMatch(message);
    }
    expect(await replay(log)).toMatchObject({ code: 2 });
    const held = lockFolder(join(folder, 'busy'));
    const { code, err } = await replay(...files(), '--store', join(folder, 'busy'));
    held.dispose();
    expect([code, /Another Command Center/.test(err)]).toEqual([1, true]);
  });

  test('a log from the tool reads the same twice', async () => {
    const [a, b] = [await replay(...files(), '--json'), await replay(...files(), '--json')];
    const buses = (out: string): unknown => (JSON.parse(out) as { buses: unknown }).buses;
    expect(buses(a.out)).toEqual(buses(b.out));
    expect(readFileSync(join(folder, 'pack.dbc'), 'utf8')).toBe(DBC);
  });
});
