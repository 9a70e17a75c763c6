import { describe, expect, test } from 'vitest';
import { idText } from '#renderer/fleet/can-text.ts';
import type { CanTrace } from '#shared/contract/can.ts';
import { frameBits } from '#shared/domain/telemetry/adapters/frame-bits.ts';
import { LogPlayer, loadLog } from './log-player.ts';
import { emptyForm, parameterProblems, readChoices, valuesOf } from './parameter-form.ts';
import { TRACE_FRAMES, TraceModel } from './trace-model.ts';

function trace(frames: readonly { time: number; id: number; data: readonly number[]; flags?: number; bus?: number }[]): CanTrace {
  let at = 0;
  return {
    time: Float64Array.from(frames, (frame) => frame.time),
    bus: Uint8Array.from(frames, (frame) => frame.bus ?? 0),
    id: Uint32Array.from(frames, (frame) => frame.id),
    flags: Uint8Array.from(frames, (frame) => frame.flags ?? 0),
    end: Uint32Array.from(frames, (frame) => (at += frame.data.length)),
    data: Uint8Array.from(frames.flatMap((frame) => frame.data)),
    dropped: 0,
    statistics: [],
  };
}

describe('the trace of a unit', () => {
  test('keeps one row per bus and id, with count, period and the bytes that changed', () => {
    const model = new TraceModel();
    model.add(trace([{ time: 1000, id: 0x100, data: [1, 2] }, { time: 1100, id: 0x100, data: [1, 3] }, { time: 1100, id: 0x100, data: [9], flags: 1 }]));
    const rows = [...model.rows.values()];
    expect(rows.map((row) => [idText(row.id, row.extended), row.count, row.period])).toEqual([['100', 2, 100], ['00000100x', 1, undefined]]);
    expect([model.changed(rows[0]!, 0), model.changed(rows[0]!, 1)]).toEqual([false, true]);
    model.add(trace([{ time: 9000, id: 0x200, data: [] }]));
    expect(model.changed(rows[0]!, 1)).toBe(false);
  });

  test('gives the newest frames first, and no more than it holds', () => {
    const model = new TraceModel();
    for (let n = 0; n < TRACE_FRAMES + 5; n++) model.frame(n, 0, n % 7, 0, Uint8Array.of(n & 255));
    expect(model.frames(3, () => true).map(({ number }) => number)).toEqual([TRACE_FRAMES + 4, TRACE_FRAMES + 3, TRACE_FRAMES + 2]);
    expect(model.frames(TRACE_FRAMES * 2, () => true)).toHaveLength(TRACE_FRAMES);
    expect(model.frames(2, (_bus, id) => id === 3).every(({ id }) => id === 3)).toBe(true);
  });

  test('measures frames, load and errors of each bus', () => {
    const model = new TraceModel();
    for (let n = 0; n <= 200; n++) model.frame(10_000 + n * 10, 1, 0x10, 0, new Uint8Array(8));
    model.frame(12_000, 1, 0, 32, new Uint8Array(0));
    const [rate] = model.rates();
    expect(rate?.framesPerSecond).toBeCloseTo(100, -1);
    expect(rate?.bitsPerSecond).toBeCloseTo(100 * frameBits(8, false, false), -3);
    expect(rate).toMatchObject({ bus: 1, errors: 1 });
  });

  test('knows that an eight-byte frame takes 108 to 135 bit times', () => {
    expect(frameBits(8, false, false)).toBeGreaterThanOrEqual(108);
    expect(frameBits(8, false, false)).toBeLessThanOrEqual(135);
  });
});

describe('a log in the window', () => {
  const file = (text: string, name = 'drive.log') => Object.assign(new Blob([text]), { name });

  test('is played in the order and at the times it was recorded', async () => {
    const log = await loadLog(file('(1780295400.000000) can0 100#01\n(1780295400.500000) can1 18FEF100#0203\n(1780295402.000000) can0 100#04\n'), () => undefined);
    expect([log.count, log.duration, log.begin, log.report.format]).toEqual([3, 2000, 1_780_295_400_000, 'candump']);
    const player = new LogPlayer(log);
    const given: string[] = [];
    const give = (time: number, bus: number, id: number, flags: number, data: Uint8Array): unknown => given.push(`${time - log.begin} ${bus} ${idText(id, (flags & 1) !== 0)} ${[...data].join()}`);
    player.advance(600, give);
    expect(given).toEqual(['0 0 100 1', '500 1 18FEF100x 2,3']);
    player.advance(5000, give);
    expect([given.at(-1), player.position, player.ended]).toEqual(['2000 0 100 4', 2000, true]);
  });

  test('that is none says so', async () => {
    const log = await loadLog(file('<html>no log</html>', 'page.html'), () => undefined);
    expect(log.count).toBe(0);
    expect(log.report.problem).toMatch(/\w/);
  });
});

describe('the form of a parameter', () => {
  test('reads words line by line, and says what is no such line', () => {
    expect(readChoices('0 = Off\n\n-1=Error state ')).toEqual({ 0: 'Off', '-1': 'Error state' });
    expect(readChoices('Off')).toBeUndefined();
  });

  test('sends what was typed and leaves out what is empty', () => {
    const form = { ...emptyForm(4096), key: 'seatLock', label: ' Seat lock ', kind: 'flag' as const, choices: '0 = Open\n1 = Locked' };
    expect(parameterProblems(form)).toEqual({});
    expect(valuesOf(form)).toEqual({ number: 4096, key: 'seatLock', label: 'Seat lock', unitGroup: 'VCU', kind: 'flag', decimals: 1, deadBand: 0, storagePeriod: 60_000, choices: { 0: 'Open', 1: 'Locked' } });
    expect(Object.keys(parameterProblems({ ...form, key: '1a', label: ' ', min: 3, max: 2, choices: 'x' }))).toEqual(['key', 'label', 'max', 'choices']);
  });
});
