import { createHash } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { describeFleet } from './fleet/describe.ts';
import { createFleetModel, type FleetModel } from './fleet-model.ts';
import { loadDemoResources } from './resources.ts';
import type { FleetFormat, Outgoing } from './unit/unit.ts';

const NOW = Date.UTC(2026, 0, 15, 4, 30);
const resources = loadDemoResources(new URL('../../resources', import.meta.url).pathname);

interface Published extends Outgoing {
  readonly unit: number;
  readonly at: number;
}

interface Json {
  readonly boot: number;
  readonly seq: number;
  readonly buf: number;
  readonly t0: number;
  readonly s?: readonly (readonly [number, string, number | string])[];
}

const json = (message: Outgoing): Json => JSON.parse(new TextDecoder().decode(message.payload)) as Json;

function start(options: { vehicles?: number; seed?: string; format?: FleetFormat; interval?: number; online?: boolean; forgets?: (vehicle: number, at: number) => boolean } = {}): { model: FleetModel; published: Published[]; run(seconds: number, tick?: number): void } {
  const published: Published[] = [];
  const description = describeFleet({ vehicles: options.vehicles ?? 20, seed: options.seed ?? 's', now: NOW });
  let now = NOW;
  const model = createFleetModel(
    { description, resources, startAt: NOW, format: options.format ?? 'mixed', interval: options.interval ?? 2000, qos: 1, deflate: (body) => deflateRawSync(body), ...(options.forgets ? { forgets: options.forgets } : {}) },
    { publish: (unit, message) => published.push({ ...message, unit, at: now }), coverage: () => undefined, ready: () => true },
  );
  if (options.online !== false) model.units.forEach((_, i) => model.session(i, true));
  return {
    model,
    published,
    run(seconds, tick = 100) {
      const end = now + seconds * 1000;
      while (now < end) {
        now = Math.min(end, now + tick);
        model.advance(now);
      }
    },
  };
}

function digest(published: readonly Published[]): string {
  const hash = createHash('sha256');
  for (const { unit, suffix, payload, qos, retain } of published) hash.update(`${unit} ${suffix} ${qos} ${retain} ${payload.length}\n`).update(payload);
  return hash.digest('hex');
}

describe('the fleet model', () => {
  it('publishes the same bytes for the same seed, however often it is called, and others for another seed', () => {
    const [one, two, three] = [start(), start(), start({ seed: 'other' })];
    one.run(300);
    two.run(300, 370);
    three.run(300);
    expect(one.published.length).toBeGreaterThan(2000);
    expect(digest(two.published)).toBe(digest(one.published));
    expect(digest(three.published)).not.toBe(digest(one.published));
  });

  it('numbers the messages of each unit without gap or repetition', () => {
    const { model, published, run } = start({ vehicles: 50 });
    run(900);
    const numbers = new Map<string, number[]>();
    for (const { unit, boot, seq } of published) if (seq !== undefined) numbers.set(`${unit}:${boot}`, [...(numbers.get(`${unit}:${boot}`) ?? []), seq]);
    for (const [key, list] of numbers) {
      const { quirk } = model.units[Number(key.split(':')[0])]?.vehicle.info ?? {};
      const unique = new Set(list);
      if (quirk === 'duplicate-sender') expect(unique.size).toBeLessThan(list.length);
      else expect(list.length, `${quirk}`).toBe(unique.size);
      if (model.units[Number(key.split(':')[0])]?.covered === true) expect(unique.size, key).toBe(Math.max(...list) + 1);
    }
  });

  it('sends late what it recorded without a network, but for what it was told to forget', () => {
    const lost = { from: NOW + 200_000, to: NOW + 400_000 };
    const { model, published, run } = start({ vehicles: 4, format: 'sig', online: false, forgets: (_vehicle, at) => at >= lost.from && at < lost.to });
    run(600);
    expect(published).toEqual([]);
    model.units.forEach((_, i) => model.session(i, true));
    run(60);
    const times = published.filter(({ suffix }) => suffix === 'sig').map((message) => json(message)).filter(({ buf }) => buf === 1).map(({ t0 }) => t0);
    expect(times.some((time) => time < lost.from)).toBe(true);
    expect(times.some((time) => time > lost.to)).toBe(true);
    expect(times.filter((time) => time > lost.from + 3000 && time < lost.to - 3000)).toEqual([]);
    expect(model.counters.dropped).toBeGreaterThan(0);
  });

  it('shows movement, standing, parking and charging from the first reports', () => {
    const { model, published, run } = start({ vehicles: 50, format: 'sig' });
    run(5);
    const reported = new Set(published.filter(({ suffix }) => suffix === 'sig').map(({ unit }) => unit));
    expect(reported.size).toBe(model.units.length);
    const values = published.filter(({ suffix }) => suffix === 'sig').flatMap((message) => json(message).s ?? []);
    const of = (key: string): number[] => values.filter(([, name]) => name === key).map(([, , value]) => Number(value));
    expect(Math.max(...of('speed'))).toBeGreaterThan(15);
    expect(new Set(of('ignition'))).toEqual(new Set([0, 1]));
    expect(of('chargingState')).toContain(2);
    expect(of('lat').every((lat) => lat > 8 && lat < 29)).toBe(true);
  });

  it('keeps what it cannot send and sends it late, marked, when the session is back', () => {
    const { model, published, run } = start({ vehicles: 1, format: 'json' });
    run(10);
    model.session(0, false);
    const before = published.length;
    run(40);
    expect(published.length).toBe(before);
    model.session(0, true);
    run(5);
    const late = published.slice(before).filter((message) => message.suffix === 'sig' && json(message).buf === 1);
    expect(late.length).toBeGreaterThanOrEqual(18);
    expect(late.every((message) => message.at - json(message).t0 >= 0)).toBe(true);
    expect(published[before]?.suffix).toBe('state');
    const numbers = published.map(({ seq }) => seq).filter((seq) => seq !== undefined).sort((a, b) => a - b);
    expect(numbers).toEqual(numbers.map((_, i) => i));
  });

  it('drops the oldest when its buffer is full, and counts it', () => {
    const { model, run } = start({ vehicles: 1, online: false });
    run(1200);
    expect(model.counters.dropped).toBeGreaterThan(100);
    expect(model.units[0]?.buffer.length).toBe(400);
  });

  it('does not pass a stretch nobody was there for as live', () => {
    const { model, published } = start({ vehicles: 1, format: 'json' });
    for (const unit of model.units) unit.coverageEnds = Infinity;
    model.advance(NOW + 2000);
    const before = published.length;
    model.advance(NOW + 120_000);
    model.advance(NOW + 125_000);
    const later = published.slice(before).filter(({ suffix }) => suffix === 'sig').map(json);
    for (const message of later) expect(message.buf).toBe(message.t0 < NOW + 119_800 ? 1 : 0);
    expect(later.length).toBeGreaterThan(40);
  });

  it('goes higher with the boot counter at every later start and on from the memory of the run before', () => {
    const first = start({ vehicles: 3 });
    first.run(600);
    const memory = first.model.memory();
    const second = createFleetModel(
      { description: describeFleet({ vehicles: 3, seed: 's', now: NOW }), resources, startAt: NOW + 600_000, format: 'json', interval: 2000, qos: 0, deflate: (body) => body, memory },
      { publish: () => undefined, coverage: () => undefined, ready: () => true },
    );
    first.model.units.forEach((unit, i) => {
      expect(second.units[i]?.boot).toBeGreaterThan(unit.boot);
      expect(second.units[i]?.vehicle.odometer).toBeCloseTo(unit.vehicle.odometer, 3);
      expect(second.units[i]?.vehicle.battery.soc).toBeLessThanOrEqual(1);
    });
  });

  it('has the faulty units a demo needs: wrong clock, duplicates, malformed payloads, reboots, lost coverage, trouble codes', () => {
    const { model, published, run } = start({ vehicles: 50, format: 'json' });
    run(1800);
    const quirkOf = (message: Published): string | undefined => model.units[message.unit]?.vehicle.info.quirk;
    const broken = published.filter((message) => message.suffix === 'can' && quirkOf(message) === 'malformed-payload').filter((message) => {
      try {
        json(message);
        return false;
      } catch {
        return true;
      }
    });
    expect(broken.length).toBeGreaterThan(5);
    expect(published.some((message) => message.suffix === 'sig' && quirkOf(message) === 'wrong-clock' && json(message).t0 - message.at > 40 * 60_000)).toBe(true);
    expect(new Set(published.filter((message) => quirkOf(message) === 'reboots').map(({ boot }) => boot)).size).toBeGreaterThan(2);
    expect(published.some((message) => quirkOf(message) === 'patchy-network' && message.suffix === 'sig' && json(message).buf === 1)).toBe(true);
    expect(published.filter(({ suffix }) => suffix === 'dtc').length).toBeGreaterThan(4);
    expect(new Set(published.map(({ suffix }) => suffix))).toEqual(new Set(['state', 'meta', 'can', 'sig', 'dtc', 'stat', 'evt']));
  });
});
