import { describe, expect, it } from 'vitest';
import { parseDbc } from '#shared/domain/telemetry/dbc/parse.ts';
import { fleetDatabases, largeDbc } from './decode-databases.ts';
import { binaryPass, jsonPass, toBatches } from './decode-batches.ts';
import { candiedPass, ownPass } from './decode-subjects.ts';
import { parseAll, randomTraffic } from './decode-traffic.ts';
import { resultTable } from './table.ts';
import { judge } from './types.ts';

describe('the decode bench', () => {
  it('measures on DBC files without findings', () => {
    for (const { name, text } of [...fleetDatabases(), { name: 'large', text: largeDbc(100_000) }]) expect({ name, found: parseDbc(text).diagnostics.filter(({ severity }) => severity !== 'info') }).toEqual({ name, found: [] });
  });

  it('decodes the same number of values compiled and interpreted, and candied not fewer', () => {
    const fleet = fleetDatabases();
    const texts = fleet.map(({ text }) => text);
    const databases = parseAll(texts);
    const traffic = randomTraffic(databases, 2000, 1);
    const values = ownPass(databases, traffic, 'compiled')();
    expect(values).toBe(ownPass(databases, traffic, 'interpreted')());
    expect(values).toBeGreaterThan(traffic.count * 4);
    expect(candiedPass(texts, traffic)()).toBeGreaterThanOrEqual(values);
  });

  it('reads every frame of its batches', () => {
    const databases = parseAll(fleetDatabases().map(({ text }) => text));
    const batches = toBatches(randomTraffic(databases, 2000, 1), databases.length);
    expect(batches.length).toBeGreaterThan(8);
    expect(jsonPass(databases, batches, false)()).toBe(batches.length * 100);
    expect(jsonPass(databases, batches, true)()).toBe(batches.length * 100);
    const values = binaryPass(databases, batches, 'compiled')();
    expect(values).toBe(binaryPass(databases, batches, 'interpreted')());
    expect(values).toBeGreaterThan(batches.length * 400);
  });
});

describe('a bench result', () => {
  it('is reached when every goal is', () => {
    const result = { name: 'x', value: 50, unit: 'M/s', baseline: { name: 'other', value: 2 } };
    expect(judge(result)).toEqual({ ...result, ratio: 25 });
    expect(judge({ ...result, goals: [{ of: 'value', atLeast: 50 }, { of: 'ratio', atMost: 25 }] }).reached).toBe(true);
    expect(judge({ ...result, goals: [{ of: 'value', atLeast: 50 }, { of: 'ratio', atLeast: 26 }] }).reached).toBe(false);
    expect(judge({ name: 'x', value: 50, unit: '', goals: [{ of: 'ratio', atLeast: 1 }] }).reached).toBe(false);
  });

  it('is shown beside its baseline and goal', () => {
    const line = resultTable([judge({ name: 'decode', value: 253.4, unit: 'M/s', baseline: { name: 'candied', value: 1.07 }, goals: [{ of: 'ratio', atLeast: 100 }, { of: 'value', atMost: 0.5 }] })]);
    expect(line.trim()).toBe('decode  253 M/s  candied 1.07  237×  ≥ 100×, ≤ 0.5 NOT REACHED');
  });
});
