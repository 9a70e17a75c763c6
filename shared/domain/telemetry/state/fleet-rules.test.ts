import { describe, expect, it } from 'vitest';
import { LIVE_FLAG } from '../../fleet/status.ts';
import { PARAMETER } from '../catalogue/numbers.ts';
import { QUALITY } from '../envelope/quality.ts';
import { createDecodedMessage, type DecodedMessage } from '../processor/decoded-message.ts';
import { buildFrame, CHARGING, chargingOf, emptyInputs, FleetState, speedOf, type FleetStateOptions, type StatusInputs } from './index.ts';

const NOW = 1_769_155_200_000;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

function message(values: Partial<Record<keyof typeof PARAMETER, number>>, options: Partial<DecodedMessage> & { time?: number } = {}): DecodedMessage {
  const { time = NOW, ...rest } = options;
  const entries = Object.entries(values) as [keyof typeof PARAMETER, number][];
  return {
    ...createDecodedMessage(entries.length, 1),
    kind: 'sig', receivedAt: time, deviceTime: time, eventTime: time, rowCount: 1, rowTime: Float64Array.of(time), rowStart: Uint32Array.of(0, entries.length),
    count: entries.length, parameters: Uint16Array.from(entries, ([key]) => PARAMETER[key]), values: Float64Array.from(entries, ([, value]) => value), ...rest,
  };
}

function fleet(options: FleetStateOptions = {}): FleetState {
  const state = new FleetState(options);
  state.evaluate(NOW);
  state.ensureSlot('U1', 'sprint');
  return state;
}

const flagOf = (state: FleetState, flag: keyof typeof LIVE_FLAG): boolean => (state.columns.flags[0]! & LIVE_FLAG[flag]) !== 0;
const inputs = (over: Partial<StatusInputs>): StatusInputs => ({ ...emptyInputs(), ...over });

describe('speed', () => {
  it.each([
    ['wheel speed before GPS speed', { wheelSpeed: 0, wheelSpeedKey: NOW, gpsSpeed: 9, gpsSpeedKey: NOW + 59_000 }, 0],
    ['GPS speed once the wheel is silent', { wheelSpeed: 30, wheelSpeedKey: NOW, gpsSpeed: 9, gpsSpeedKey: NOW + 61_000 }, 9],
    ['GPS noise as standing', { gpsSpeed: 1.9, gpsSpeedKey: NOW }, 0],
    ['reversing without a sign', { wheelSpeed: -4, wheelSpeedKey: NOW }, 4],
    ['nothing where nothing is known', {}, Number.NaN],
  ])('takes %s', (_, given, speed) => {
    expect(speedOf(inputs(given))).toBe(speed);
  });
});

describe('charging', () => {
  const at = NOW;
  it.each([
    ['the battery', { chargingState: 2, chargingStateKey: at }, 'yes'],
    ['the battery before the charger', { chargingState: 0, chargingStateKey: at, chargerState: 2, chargerStateKey: at + MINUTE }, 'no'],
    ['a full battery', { chargingState: 4, chargingStateKey: at }, 'full'],
    ['the charger where the battery has been silent', { chargingState: 0, chargingStateKey: at, chargerState: 2, chargerStateKey: at + HOUR }, 'yes'],
    ['the BMS state', { bmsState: 3, bmsStateKey: at }, 'yes'],
    ['plug and current', { plugged: 1, packCurrent: 5, packCurrentKey: at }, 'yes'],
    ['current without a plug, which is regeneration', { plugged: 0, packCurrent: 5, packCurrentKey: at }, 'no'],
    ['nobody', {}, 'unknown'],
    ['a battery that fell silent while the vehicle goes on', { chargingState: 2, chargingStateKey: at, ignition: 1, ignitionKey: at + HOUR }, 'unknown'],
  ] as const)('is told by %s', (_, given, expected) => {
    expect(chargingOf(inputs(given))).toBe(CHARGING[expected]);
  });
});

describe('the live fleet', () => {
  it('tells of every change of a status, by message and by time', () => {
    const changes: string[] = [];
    const state = fleet({ onStatus: (slot, from, to, asOf) => changes.push(`${slot} ${from} ${to} ${asOf - NOW}`) });
    state.apply(0, message({ ignition: 1, speed: 20 }));
    state.apply(0, message({ speed: 0 }, { time: NOW + 1000 }));
    state.evaluate(NOW + 25 * HOUR);
    state.evaluate(NOW + 80 * HOUR);
    expect(changes).toEqual(['0 not-communicating moving 0', '0 moving stopped 0', `0 stopped offline ${25 * HOUR}`, `0 offline not-communicating ${80 * HOUR}`]);
  });

  it('takes other times from its settings', () => {
    const state = fleet({ settings: { offlineAfter: HOUR, positionStaleAfter: 5000 } });
    state.apply(0, message({ lat: 12, lon: 77, ignition: 0 }));
    state.evaluate(NOW + 5001);
    expect(flagOf(state, 'positionStale')).toBe(true);
    state.evaluate(NOW + HOUR + 1);
    expect(state.columns.status[0]).toBe(4);
  });

  it('goes back in time with the instant it is asked about', () => {
    const state = fleet();
    state.apply(0, message({ ignition: 1, speed: 20 }));
    state.evaluate(NOW + 100 * HOUR);
    expect(state.evaluate(NOW + HOUR)).toBe(1);
    expect(state.columns.status[0]).toBe(0);
  });

  it('calls a clock wrong by its skew, not by one slow message', () => {
    const slow = (delay: number, seq: number): DecodedMessage => message({ soc: 50 }, { seq, receivedAt: NOW + delay, eventTime: NOW + delay, rowTime: Float64Array.of(NOW + delay), quality: QUALITY.clockWrong });
    const state = fleet();
    state.apply(0, slow(300_000, 1));
    expect(flagOf(state, 'clockWrong')).toBe(true);
    state.apply(0, message({ soc: 51 }, { seq: 2 }));
    expect(flagOf(state, 'clockWrong')).toBe(false);
  });

  it('marks a unit that sends what cannot be read, without taking it for communication', () => {
    const state = fleet();
    state.apply(0, { ...createDecodedMessage(0, 1), kind: 'rejected', reason: 'not-json', receivedAt: NOW });
    expect(flagOf(state, 'malformed')).toBe(true);
    expect(state.columns.lastCommunication[0]).toBeNaN();
  });

  it('counts what waited at the broker from when it was sent', () => {
    const state = fleet();
    state.apply(0, message({ soc: 50 }, { time: NOW - HOUR, receivedAt: NOW, quality: QUALITY.queued }));
    expect(state.columns.lastCommunication[0]).toBe(NOW - HOUR);
  });

  it('does not show values without a believable time, and counts them as communication', () => {
    const state = fleet();
    state.apply(0, message({ soc: 50 }, { quality: QUALITY.buffered | QUALITY.quarantined }));
    state.apply(0, message({ soc: 50 }, { quality: QUALITY.buffered | QUALITY.rebuilt }));
    expect(state.value(0, PARAMETER.soc)).toBeNaN();
    expect(state.columns.lastCommunication[0]).toBe(NOW);
  });

  it('forgets a vehicle whose unit has moved on', () => {
    const state = fleet();
    state.apply(0, message({ soc: 50, odometer: 100, lat: 12, lon: 77, ignition: 1 }, { texts: [{ parameter: PARAMETER.firmwareVersion, text: 'V1' }] }));
    expect([state.columns.soc[0], state.columns.odometer[0], state.text(0, PARAMETER.firmwareVersion)]).toEqual([50, 100, 'V1']);
    state.clear(0);
    expect([state.columns.soc[0], state.columns.odometer[0], state.columns.lat[0], state.columns.lastCommunication[0], state.text(0, PARAMETER.firmwareVersion)]).toEqual([Number.NaN, Number.NaN, Number.NaN, Number.NaN, undefined]);
    state.apply(0, message({ soc: 40 }, { time: NOW - HOUR }));
    expect(state.columns.soc[0]).toBe(40);
  });

  it('keeps values when a vehicle turns out to be of another model', () => {
    const state = fleet();
    state.ensureSlot('U2', '');
    state.apply(0, message({ soc: 50 }));
    state.apply(1, message({ soc: 60, speed: 5 }));
    expect(state.ensureSlot('U2', 'sprint')).toBe(1);
    expect([state.layoutOf(1), state.value(0, PARAMETER.soc), state.value(1, PARAMETER.soc), state.value(1, PARAMETER.speed)]).toEqual(['sprint', 50, 60, 5]);
    state.apply(1, message({ soc: 59 }, { time: NOW + 1000 }));
    expect(state.value(1, PARAMETER.soc)).toBe(59);
  });

  it('puts into a frame only the rows that changed, and none where nothing did', () => {
    const state = fleet();
    for (let i = 2; i <= 200; i++) state.ensureSlot(`U${i}`, 'sprint');
    const seen = state.revision;
    expect(buildFrame(state, seen, () => true)).toBeUndefined();
    state.apply(7, message({ soc: 50 }));
    state.apply(9, message({ soc: 60 }));
    expect(buildFrame(state, seen, () => true)?.slot).toEqual(Uint32Array.of(7, 9));
    expect(buildFrame(state, seen, (slot) => slot !== 7)?.soc).toEqual(Float32Array.of(60));
    const after = state.revision;
    state.apply(7, message({ soc: 50 }));
    expect(state.revision).toBe(after);
  });
});
