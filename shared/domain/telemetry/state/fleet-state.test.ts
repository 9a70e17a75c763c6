import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LIVE_FLAG, VEHICLE_STATUSES } from '../../fleet/status.ts';
import { PARAMETER } from '../catalogue/numbers.ts';
import { QUALITY } from '../envelope/quality.ts';
import { createDecodedMessage, type DecodedMessage } from '../processor/decoded-message.ts';
import { buildFrame, FleetState, restoreSnapshot, takeSnapshot } from './index.ts';

const NOW = 1_769_155_200_000;
const HOUR = 3_600_000;

function message(values: Partial<Record<keyof typeof PARAMETER, number>>, options: Partial<DecodedMessage> & { time?: number } = {}): DecodedMessage {
  const { time = NOW, ...rest } = options;
  const entries = Object.entries(values) as [keyof typeof PARAMETER, number][];
  return {
    ...createDecodedMessage(entries.length, 1),
    kind: 'sig',
    receivedAt: time,
    deviceTime: time,
    eventTime: time,
    rowCount: 1,
    rowTime: Float64Array.of(time),
    rowStart: Uint32Array.of(0, entries.length),
    count: entries.length,
    parameters: Uint16Array.from(entries, ([key]) => PARAMETER[key]),
    values: Float64Array.from(entries, ([, value]) => value),
    ...rest,
  };
}

function fleet(...messages: DecodedMessage[]): FleetState {
  const state = new FleetState();
  state.evaluate(NOW);
  const slot = state.ensureSlot('unit');
  for (const entry of messages) state.apply(slot, entry);
  return state;
}

const status = (state: FleetState): string => VEHICLE_STATUSES[state.columns.status[0]!]!;

describe('vehicle status', () => {
  it.each([
    ['moving', { ignition: 1, speed: 20 }],
    ['stopped', { ignition: 1, speed: 0 }],
    ['stopped', { soc: 50 }],
    ['ignition-off', { ignition: 0, speed: 0 }],
    ['charging', { ignition: 1, speed: 0, chargingState: 2 }],
    ['charging', { ignition: 0, speed: 0, chargerState: 2 }],
    ['moving', { ignition: 1, speed: 12, chargingState: 2 }],
    ['ignition-off', { ignition: 0, speed: 0, chargingState: 4 }],
    ['stopped', { ignition: 1, gpsSpeed: 1.9 }],
    ['moving', { ignition: 1, gpsSpeed: 2 }],
  ] as const)('is %s for %o', (expected, values) => {
    expect(status(fleet(message(values)))).toBe(expected);
  });

  it('goes Offline after 24 h and Not Communicating after 72 h, and is never communicating without a message', () => {
    const state = fleet(message({ ignition: 1, speed: 20 }));
    const at = (age: number): string => {
      state.evaluate(NOW + age);
      return status(state);
    };
    expect([at(24 * HOUR), at(24 * HOUR + 1), at(72 * HOUR), at(72 * HOUR + 1)]).toEqual(['moving', 'offline', 'offline', 'not-communicating']);
    expect(status(fleet())).toBe('not-communicating');
  });

  it('marks charging while moving as contradictory and missing ignition as unknown', () => {
    const contradictory = fleet(message({ ignition: 1, speed: 12, chargingState: 2 }));
    expect(contradictory.columns.flags[0]! & LIVE_FLAG.contradictory).toBeTruthy();
    expect(fleet(message({ speed: 0 })).columns.flags[0]! & LIVE_FLAG.ignitionUnknown).toBeTruthy();
  });

  it('counts a late message as communication and not as the current position', () => {
    const state = fleet(
      message({ lat: 12.9, lon: 77.6, ignition: 1, speed: 0 }, { time: NOW - 60_000 }),
      message({ lat: 12.8, lon: 77.5 }, { time: NOW - 10 * HOUR, receivedAt: NOW, quality: QUALITY.buffered }),
    );
    expect(state.columns.lastCommunication[0]).toBe(NOW);
    expect(state.columns.lat[0]).toBe(12.9);
  });

  it("does not take the broker's retained copy or a last will for communication", () => {
    const state = fleet(message({}, { kind: 'state', state: { on: true }, quality: QUALITY.retained }), message({}, { kind: 'state', state: { on: false } }));
    expect(state.columns.lastCommunication[0]).toBeNaN();
    expect(state.columns.flags[0]! & LIVE_FLAG.connected).toBe(0);
  });

  it('marks a position stale after 30 s of driving, 3 min of charging and 15 min of parking', () => {
    for (const [values, limit] of [[{ ignition: 1, speed: 20 }, 30_000], [{ ignition: 0, speed: 0, chargingState: 2 }, 180_000], [{ ignition: 0, speed: 0 }, 900_000]] as const) {
      const state = fleet(message({ lat: 12.9, lon: 77.6, ...values }));
      state.evaluate(NOW + limit);
      expect(state.columns.flags[0]! & LIVE_FLAG.positionStale).toBe(0);
      state.evaluate(NOW + limit + 1);
      expect(state.columns.flags[0]! & LIVE_FLAG.positionStale).toBeTruthy();
    }
  });

  it('waits for a second fix before it believes a jump', () => {
    const fix = (seconds: number, lat: number): DecodedMessage => message({ lat, lon: 77.6 }, { time: NOW + seconds * 1000 });
    expect(fleet(fix(0, 12.9), fix(10, 12.9001), fix(20, 14)).columns.lat[0]).toBe(12.9001);
    expect(fleet(fix(0, 12.9), fix(10, 12.9001), fix(20, 14), fix(30, 12.9002)).columns.lat[0]).toBe(12.9002);
    expect(fleet(fix(0, 12.9), fix(10, 12.9001), fix(20, 14), fix(30, 14.0001)).columns.lat[0]).toBe(14.0001);
  });
});

const arbitraryMessage = fc
  .record({
    at: fc.integer({ min: 0, max: 20_000 }),
    delay: fc.constantFrom(0, 200, 5_000, 9 * HOUR, 30 * HOUR),
    seq: fc.integer({ min: 1, max: 60 }),
    quality: fc.constantFrom(0, 0, 0, QUALITY.buffered, QUALITY.quarantined, QUALITY.clockWrong, QUALITY.retained),
    on: fc.option(fc.boolean(), { nil: undefined }),
    values: fc.record({ ignition: fc.constantFrom(0, 1), speed: fc.integer({ min: 0, max: 3 }), soc: fc.integer({ min: 0, max: 100 }), chargingState: fc.constantFrom(0, 2), lat: fc.double({ min: 12, max: 13, noNaN: true }), lon: fc.double({ min: 77, max: 78, noNaN: true }) }, { requiredKeys: [] }),
  })
  .map(({ at, delay, seq, quality, on, values }) =>
    message(values, { time: NOW - 40 * HOUR + at * 1000, receivedAt: NOW - 40 * HOUR + at * 1000 + delay, seq, quality, ...(on === undefined ? {} : { kind: 'state', state: { on } }) }),
  );

function digest(state: FleetState): unknown {
  state.evaluate(NOW);
  const { slot: _, ...columns } = buildFrame(state, 0, () => true)!;
  const values: [number, number, number][] = [];
  state.forEachValue(0, (parameter, value, time) => values.push([parameter, value, time]));
  return { columns: Object.fromEntries(Object.entries(columns).map(([key, column]) => [key, Array.from(column)])), values: values.sort((a, b) => a[0] - b[0]) };
}

describe('arrival', () => {
  it('has no effect by its order or by repetition', () => {
    fc.assert(
      fc.property(fc.array(arbitraryMessage, { minLength: 1, maxLength: 25 }), fc.infiniteStream(fc.nat()), (messages, random) => {
        const shuffled = [...messages, ...messages.slice(0, 3)].map((entry) => [random.next().value as number, entry] as const).sort((a, b) => a[0] - b[0]).map(([, entry]) => entry);
        expect(digest(fleet(...shuffled))).toEqual(digest(fleet(...messages)));
      }),
      { numRuns: 300 },
    );
  });

  it('survives a restart by snapshot', () => {
    fc.assert(
      fc.property(fc.array(arbitraryMessage, { maxLength: 12 }), (messages) => {
        const before = fleet(...messages.filter((entry) => (entry.quality & QUALITY.clockWrong) === 0));
        const after = new FleetState();
        after.evaluate(NOW);
        expect(restoreSnapshot(after, takeSnapshot(before))).toBe(true);
        expect(digest(after)).toEqual(digest(before));
      }),
      { numRuns: 100 },
    );
  });

  it('refuses a damaged snapshot', () => {
    const bytes = takeSnapshot(fleet(message({ soc: 50 })));
    for (let i = 0; i < bytes.length; i += 7) {
      const damaged = bytes.slice();
      damaged[i] = damaged[i]! ^ 0x40;
      const state = new FleetState();
      expect(restoreSnapshot(state, damaged)).toBe(false);
      expect(state.size).toBe(0);
    }
  });
});

describe('memory', () => {
  it('stays below 512 bytes of dashboard state and 2 kB of last values per vehicle', () => {
    const state = new FleetState();
    const all = createDecodedMessage(120, 1);
    Object.assign(all, { kind: 'can', eventTime: NOW, receivedAt: NOW, rowCount: 1, count: 120 });
    all.rowTime[0] = NOW;
    all.rowStart[1] = 120;
    for (let i = 0; i < 120; i++) all.parameters[i] = i + 1;
    for (let i = 0; i < 1024; i++) state.apply(state.ensureSlot(`unit-${i}`), all);
    expect(state.memory().dashboard / 1024).toBeLessThanOrEqual(512);
    expect(state.memory().values / 1024).toBeLessThanOrEqual(2048);
  });
});

it('keeps the order of messages of one millisecond where the sequence wraps', () => {
  for (const seqs of [[1023, 1024], [1024, 1023], [8191, 8199], [8199, 8191]]) {
    const state = fleet(...seqs.map((seq) => message({ soc: 100 - (seq % 50) }, { seq })));
    expect(state.value(0, PARAMETER.soc)).toBe(100 - (Math.max(...seqs) % 50));
  }
});
