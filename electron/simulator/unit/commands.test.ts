import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeFleet } from '../fleet/describe.ts';
import { createFleetModel, type FleetModel } from '../fleet-model.ts';
import { IMMOBILIZER } from '../model/vehicle.ts';
import { loadDemoResources } from '../resources.ts';
import { parseCommand } from './commands.ts';
import type { Outgoing, Unit } from './unit.ts';

const NOW = Date.UTC(2026, 0, 15, 4, 30);
const resources = loadDemoResources(new URL('../../../resources', import.meta.url).pathname);
const bytes = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

function start(seed = 's'): { model: FleetModel; out: { unit: number; message: Outgoing }[]; acks(unit: number): { id: string; st: string; why?: string; seq: number }[] } {
  const out: { unit: number; message: Outgoing }[] = [];
  const model = createFleetModel(
    { description: describeFleet({ vehicles: 26, seed, now: NOW }), resources, startAt: NOW, format: 'json', interval: 2000, qos: 1, deflate: (body) => body },
    { publish: (unit, message) => out.push({ unit, message }), coverage: () => undefined, ready: () => true },
  );
  model.units.forEach((_, i) => model.session(i, true));
  model.advance(NOW + 4500);
  return {
    model,
    out,
    acks: (unit) =>
      out.filter((one) => one.unit === unit && one.message.suffix.endsWith('/ack')).map((one) => JSON.parse(new TextDecoder().decode(one.message.payload)) as { id: string; st: string; why?: string; seq: number }),
  };
}

function find(model: FleetModel, test: (unit: Unit) => boolean): number {
  const index = model.units.findIndex((unit) => unit.vehicle.info.unitKind === 'VCU' && unit.clockOffset === 0 && test(unit));
  if (index < 0) throw new Error('no such unit');
  return index;
}

const parked = (model: FleetModel): number => find(model, ({ vehicle }) => vehicle.activity === 'park' && vehicle.until > NOW + 60_000);
const driving = (model: FleetModel): number => find(model, ({ vehicle }) => vehicle.activity === 'drive' && vehicle.speed > 3);
const command = (id: string, cmd: string, more: object = {}): Uint8Array => bytes({ v: 1, id, t: NOW, exp: NOW + 60_000, cmd, args: {}, cond: {}, ...more });

describe('a unit that gets a command', () => {
  it('answers delivered, accepted and done, and does it', () => {
    const { model, acks } = start();
    const unit = parked(model);
    model.command(unit, command('c1', 'immobilize', { cond: { speed: 0, ignition: 0 } }));
    expect(acks(unit).map(({ st }) => st)).toEqual(['delivered', 'accepted']);
    model.advance(NOW + 8000);
    expect(acks(unit).map(({ st }) => st)).toEqual(['delivered', 'accepted', 'done']);
    expect(model.units[unit]?.vehicle.immobilizer).toBe(IMMOBILIZER.immobilized);
    model.command(unit, command('c2', 'mobilize'));
    model.advance(NOW + 12_000);
    expect(model.units[unit]?.vehicle.immobilizer).toBe(IMMOBILIZER.released);
  });

  it('drops an expired one without a word, by its own clock', () => {
    const { model, acks } = start();
    const unit = parked(model);
    model.command(unit, command('late', 'immobilize', { exp: NOW + 4000 }));
    const wrong = model.units.findIndex((one) => one.clockOffset > 0);
    model.command(wrong, command('late', 'locate'));
    model.advance(NOW + 20_000);
    expect(acks(unit)).toEqual([]);
    expect(acks(wrong)).toEqual([]);
    expect(model.units[unit]?.vehicle.immobilizer).toBe(IMMOBILIZER.released);
  });

  it('repeats its answer for a repeated id and does nothing twice', () => {
    const { model, acks } = start();
    const unit = parked(model);
    model.command(unit, command('once', 'immobilize'));
    model.advance(NOW + 8000);
    model.command(unit, command('free', 'mobilize'));
    model.advance(NOW + 12_000);
    model.command(unit, command('once', 'immobilize'));
    model.advance(NOW + 20_000);
    expect(model.units[unit]?.vehicle.immobilizer).toBe(IMMOBILIZER.released);
    const answers = acks(unit).filter(({ id }) => id === 'once');
    expect(answers.map(({ st }) => st)).toEqual(['delivered', 'accepted', 'done', 'done']);
    expect(answers[3]?.seq).toBe(answers[2]?.seq);
  });

  it('still knows its answers after a reboot', () => {
    const { model, acks } = start();
    const unit = parked(model);
    const boot = model.units[unit]?.boot ?? 0;
    model.command(unit, command('once', 'locate'));
    model.advance(NOW + 6000);
    model.command(unit, command('again', 'reboot'));
    model.advance(NOW + 12_000);
    expect(model.units[unit]?.boot).toBe(boot + 1);
    model.command(unit, command('once', 'locate'));
    expect(acks(unit).filter(({ id, st }) => id === 'once' && st === 'done').length).toBe(2);
  });

  it('refuses to immobilize while it moves or the ignition is on, whatever the command claims', () => {
    const { model, acks } = start();
    const unit = driving(model);
    model.command(unit, command('c1', 'immobilize'));
    expect(acks(unit).map(({ st }) => st)).toEqual(['delivered', 'rejected']);
    const waiting = find(model, ({ vehicle }) => vehicle.activity === 'wait' && vehicle.ignition);
    model.command(waiting, command('c2', 'immobilize'));
    expect(acks(waiting).at(-1)).toMatchObject({ st: 'rejected', why: 'The ignition is on.' });
  });

  it('refuses what it does not know, what a tracker cannot do, and what is not signed as it should be', () => {
    const { model, acks } = start();
    const unit = parked(model);
    model.command(unit, command('x', 'self-destruct'));
    expect(acks(unit).at(-1)).toMatchObject({ st: 'rejected' });
    const tracker = model.units.findIndex((one) => one.vehicle.info.unitKind === 'VTS');
    if (tracker >= 0) {
      model.command(tracker, command('y', 'immobilize'));
      expect(acks(tracker).at(-1)?.why).toBe('This unit tracks only.');
    }
  });

  it('sends again what is asked for by number, marked as late', () => {
    const { model, out } = start();
    const unit = driving(model);
    const boot = model.units[unit]?.boot;
    model.command(unit, command('b', 'backfill', { args: { ranges: [[boot, 2, 3]] } }));
    const before = out.length;
    model.advance(NOW + 8000);
    const again = out.slice(before).filter((one) => one.unit === unit && (one.message.seq === 2 || one.message.seq === 3)).map((one) => JSON.parse(new TextDecoder().decode(one.message.payload)) as { seq: number; buf: number });
    expect(again.map(({ seq, buf }) => [seq, buf])).toEqual([[2, 1], [3, 1]]);
    // What is sent again is not remembered a second time.
    const { sent = [] } = model.units[unit] ?? {};
    expect(new Set(sent.map(({ boot: b, seq }) => `${b}.${seq}`)).size).toBe(sent.length);
  });

  it('survives any payload', () => {
    const { model } = start();
    const unit = parked(model);
    fc.assert(fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), fc.jsonValue().map(bytes), fc.record({ v: fc.constant(1), id: fc.jsonValue(), exp: fc.jsonValue(), cmd: fc.jsonValue(), args: fc.jsonValue(), cond: fc.jsonValue() }).map(bytes)), (payload) => {
      parseCommand(payload);
      model.command(unit, payload);
    }));
  });

  it('never locks a moving vehicle and never acts twice or late, whatever comes when', () => {
    const kinds = fc.constantFrom('immobilize', 'mobilize', 'reboot', 'regen');
    const step = fc.record({ pause: fc.integer({ min: 0, max: 40_000 }), id: fc.integer({ min: 0, max: 6 }), cmd: kinds, life: fc.integer({ min: -5000, max: 60_000 }), cond: fc.constantFrom({}, { speed: 0, ignition: 0 }), drop: fc.boolean() });
    fc.assert(
      fc.property(fc.nat(19), fc.array(step, { minLength: 1, maxLength: 25 }), (pick, steps) => {
        const { model, out } = start();
        const unit = model.units[pick % model.units.length] as Unit;
        const index = model.units.indexOf(unit);
        const sent = new Map<string, number>();
        let now = NOW + 4500;
        let locked: number = unit.vehicle.immobilizer;
        for (const { pause, id, cmd, life, cond, drop } of steps) {
          for (const end = now + pause; now < end;) {
            now = Math.min(end, now + 1000);
            model.advance(now);
            if (unit.vehicle.immobilizer !== locked && unit.vehicle.immobilizer === IMMOBILIZER.immobilized) {
              expect(unit.vehicle.speed === 0 && !unit.vehicle.ignition).toBe(true);
              expect([...sent.values()].some((expiry) => expiry > now - 1000)).toBe(true);
            }
            locked = unit.vehicle.immobilizer;
            if (locked === IMMOBILIZER.immobilized) expect(unit.vehicle.speed).toBe(0);
          }
          const name = `${cmd}-${id}`;
          const expiry = sent.get(name) ?? now + life;
          sent.set(name, expiry);
          if (!drop) model.command(index, command(name, cmd, { exp: expiry, cond }));
        }
        const done = out.filter((one) => one.unit === index && one.message.suffix.endsWith('/ack')).map((one) => JSON.parse(new TextDecoder().decode(one.message.payload)) as { id: string; st: string; seq: number; boot: number });
        for (const id of new Set(done.map((ack) => ack.id))) expect(new Set(done.filter((ack) => ack.id === id && ack.st === 'done').map((ack) => `${ack.boot}:${ack.seq}`)).size).toBeLessThanOrEqual(1);
      }),
      { numRuns: 30 },
    );
  });
});
