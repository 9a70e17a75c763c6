import { inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { demoBus } from '../../../testing/demo-bus.ts';
import { SeededRandom } from '../../../testing/random.ts';
import { groupSlots, summarise } from '../../fleet/summary.ts';
import type { TopicSuffix } from '../adapters/index.ts';
import { createCatalogue } from '../catalogue/index.ts';
import { encodeMessage } from '../decode/encode.ts';
import { UnitContext, createProcessor } from '../processor/index.ts';
import { encodeCanBinary, encodeCanJson, encodeMeta, encodeSignals, encodeState, encodeStatistics, type MessageHead, type SignalBatch, type WireFrame } from '../wire/index.ts';
import { FleetState, buildFrame } from './index.ts';

const NOW = 1_769_155_200_000;
const HOUR = 3_600_000;
const UNITS = ['U1', 'U2', 'U3'];
const CITIES = ['Pune', 'Delhi', 'Pune'];
const catalogue = createCatalogue();
const bus = demoBus('two-wheeler', catalogue);
const packMessage = bus.database.messages.find((item) => item.name === 'BMS_Pack')!;

interface Sent {
  readonly unit: number;
  readonly suffix: TopicSuffix;
  readonly payload: Uint8Array;
  readonly receivedAt: number;
}

function packFrame(soc: number, dt: number): WireFrame {
  return { dt, id: packMessage.id, data: encodeMessage(packMessage, { PackVoltage: 50, PackCurrent: -2, StateOfCharge: soc }), flags: packMessage.extended ? 1 : 0 };
}

/** What a unit does to its messages: late, with a wrong clock, buffered, or well. */
const fate = fc.constantFrom<[kind: string, weight: number][]>(['live', 0], ['live', 0], ['live', 0], ['slow', 90_000], ['late', 9 * HOUR], ['very late', 30 * HOUR], ['clock behind', 3 * HOUR], ['clock ahead', -10 * 365 * 24 * HOUR], ['clock unset', 0], ['rollover', 0]);

const arbitrarySent = fc
  .record({
    unit: fc.nat(UNITS.length - 1),
    at: fc.integer({ min: 0, max: 40 }),
    boot: fc.constantFrom(1, 1, 2),
    fate,
    form: fc.constantFrom('json', 'binary', 'sig', 'sig', 'sig', 'state', 'meta', 'stat'),
    lat: fc.integer({ min: 0, max: 40 }),
    speed: fc.constantFrom(0, 0, 12, 30),
    ignition: fc.constantFrom(0, 1),
    soc: fc.integer({ min: 0, max: 100 }),
    odometer: fc.integer({ min: 0, max: 30 }),
    chargingState: fc.constantFrom(0, 0, 2),
    on: fc.boolean(),
  });

type Item = typeof arbitrarySent extends fc.Arbitrary<infer T> ? T : never;

/** Numbers messages per unit and boot in the order they were made, then encodes them. */
function encode(items: readonly Item[]): Sent[] {
  const numbers = new Map<string, number>();
  return items.map(({ unit, at, boot, fate: [kind, delay], form, lat, speed, ignition, soc, odometer, chargingState, on }) => {
    const number = `${unit}.${boot}`;
    const seq = (numbers.get(number) ?? 0) + 1;
    numbers.set(number, seq);
    const happened = NOW - 40 * HOUR + at * HOUR;
    const buffered = kind === 'late' || kind === 'very late';
    const receivedAt = happened + 200 + (buffered || kind === 'slow' ? delay : 0);
    const stamp = kind === 'clock unset' ? at * 1000 : kind === 'rollover' ? happened - 1024 * 7 * 24 * HOUR : kind.startsWith('clock') ? happened - delay : happened;
    const head: MessageHead = { boot, seq, up: at * 3600, buffered };
    const values: SignalBatch['values'] = [[0, 'lat', 12.9 + lat / 1000], [0, 'lon', 77.6], [0, 'satellites', 4 + (lat % 3) - 1], [0, 'speed', speed], [0, 'ignition', ignition], [0, 'odometer', 1000 + odometer], [0, 'chargingState', chargingState], [100, 'firmwareVersion', `V${soc % 3}`]];
    const batch = { ...head, t0: stamp * 1000, bus: 0, frames: [packFrame(soc, 0), packFrame((soc + 1) % 100, 300_000)] };
    const sent = (suffix: TopicSuffix, payload: Uint8Array): Sent => ({ unit, suffix, payload, receivedAt });
    switch (form) {
      case 'json':
        return sent('can', encodeCanJson(batch));
      case 'binary':
        return sent('can', encodeCanBinary(batch));
      case 'state':
        return sent('state', encodeState({ on, t: stamp, boot }));
      case 'meta':
        return sent('meta', encodeMeta({ ...head, model: 'M', tcu: { type: 'VCU', firmware: `V${soc % 3}` }, buses: [] }));
      case 'stat':
        return sent('stat', encodeStatistics({ ...head, t: stamp, buses: [{ bus: 0, frames: soc, errors: 0, load: soc, state: 'active', lost: 0, queue: 0 }] }));
      default:
        return sent('sig', encodeSignals({ ...head, t0: stamp, values }));
    }
  });
}

/** Everything a user can see after these messages have arrived in this order. */
function pictureOf(messages: readonly Sent[]) {
  const processor = createProcessor({ catalogue, resolveBus: () => bus.binding, inflate: (body, limit) => inflateRawSync(body, { maxOutputLength: limit }) });
  const units = UNITS.map((deviceId) => new UnitContext({ deviceId }));
  const state = new FleetState();
  const slots = UNITS.map((key) => state.ensureSlot(key, 'model'));
  state.evaluate(NOW - 20 * HOUR);
  for (const { unit, suffix, payload, receivedAt } of messages) state.apply(slots[unit]!, processor.process(units[unit]!, suffix, payload, receivedAt));
  state.evaluate(NOW);
  const frame = buildFrame(state, 0, () => true)!;
  const values = slots.map((slot) => {
    const list: [number, number, number][] = [];
    state.forEachValue(slot, (parameter, value, time) => list.push([parameter, value, time]));
    return list.sort((a, b) => a[0] - b[0]);
  });
  const { total, groups } = summarise(slots, state.columns.status, groupSlots(slots.length, (slot) => CITIES[slot]));
  return {
    frame: Object.fromEntries(Object.entries(frame).map(([name, column]) => [name, Array.from(column)])),
    values,
    texts: slots.map((slot) => state.texts(slot)),
    summary: { total, groups: [...groups].sort(([a], [b]) => (a < b ? -1 : 1)) },
    gaps: units.map((unit) => unit.sequence.gaps().map(({ boot, from, to }) => [boot, from, to])),
    counters: units.map(({ counters: { messages, duplicates, rejected, buffered } }) => ({ messages, duplicates, rejected, buffered })),
  };
}

describe('the order in which messages arrive', () => {
  it('has no effect on values, statuses, summaries, gaps and counts, nor has repetition on what is shown', () => {
    fc.assert(
      fc.property(fc.array(arbitrarySent, { minLength: 2, maxLength: 40 }), fc.nat(), fc.nat(), (items, seed, drop) => {
        const random = new SeededRandom(seed);
        // One message is lost, so that there is a gap to agree on.
        const messages = encode(items).filter((_, i) => i !== drop % items.length);
        const repeated = [...messages, ...messages.filter(() => random.next() < 0.3)];
        const inOrder = pictureOf(repeated);
        expect(pictureOf(random.shuffled(repeated))).toEqual(inOrder);
        const { counters: _, ...shown } = inOrder;
        const { counters: __, ...once } = pictureOf(messages);
        expect(once).toEqual(shown);
        const { total } = inOrder.summary;
        expect(total.byStatus.reduce((sum, count) => sum + count, 0)).toBe(total.all);
        expect(total.all).toBe(UNITS.length);
      }),
      { numRuns: 300 },
    );
  });
});

describe("a computer whose clock was ahead and is put right", () => {
  it('shows new messages at once, not a day later', () => {
    const DAY = 24 * HOUR;
    const processor = createProcessor({ catalogue, resolveBus: () => undefined, inflate: () => undefined });
    const unit = new UnitContext({ deviceId: 'U1' });
    const state = new FleetState();
    const slot = state.ensureSlot('U1');
    const hear = (seq: number, soc: number, t0: number, receivedAt: number): void => void state.apply(slot, processor.process(unit, 'sig', encodeSignals({ boot: 1, seq, up: seq, t0, values: [[0, 'soc', soc], [0, 'odometer', 100 + seq], [0, 'lat', 12 + seq / 1e5], [0, 'lon', 77]] }), receivedAt));
    hear(1, 50, NOW, NOW + DAY);
    hear(2, 49, NOW + 10_000, NOW + 10_000);
    expect(state.columns.soc[slot]).toBe(50);
    state.forgetAfter(NOW + 20_000);
    hear(3, 48, NOW + 30_000, NOW + 30_000);
    expect([state.columns.soc[slot], state.columns.odometer[slot], state.columns.lat[slot], state.columns.lastCommunication[slot]]).toEqual([48, 103, 12.00003, NOW + 30_000]);
  });
});
