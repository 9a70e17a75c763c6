import { FleetState, buildFrame } from '#shared/domain/telemetry/state/index.ts';
import { PARAMETER } from '#shared/domain/telemetry/catalogue/numbers.ts';
import { decodeFrame, encodeFrame } from '#shared/rpc/frame.ts';
import { SeededRandom } from '#shared/testing/random.ts';
import { NOW } from './live-traffic.ts';
import { measureRate, threadTime } from './measure.ts';
import { judge, type BenchContext, type BenchResult } from './types.ts';

const COLUMNS = ['status', 'flags', 'lat', 'lon', 'heading', 'speed', 'soc', 'range', 'odometer', 'signal', 'lastCommunication'] as const;

/** What it costs to bring every row of 10,000 vehicles from the core to the renderer: as columns, and as the list of objects that is the usual way. */
export function handOverResults(context: BenchContext): BenchResult[] {
  const vehicles = context.quick ? 1000 : 10_000;
  context.say('hand-over of a live frame');
  const state = filledState(vehicles);
  const cost = (work: () => void): number =>
    1000 / measureRate(context, () => {
      work();
      return 1;
    }, threadTime).best;

  const target = Object.fromEntries(COLUMNS.map((key) => [key, new Float64Array(vehicles)]));
  const columns = cost(() => {
    const frame = buildFrame(state, 0, () => true);
    const { value } = decodeFrame(encodeFrame({ t: 'item', id: 1, value: { epoch: 'e', asOf: NOW, full: false, ...frame } })) as unknown as { readonly value: NonNullable<typeof frame> };
    for (const key of COLUMNS) {
      const to = target[key]!;
      const from = value[key];
      for (let i = 0; i < value.slot.length; i++) to[value.slot[i]!] = from[i]!;
    }
  });

  const byId = new Map<number, object>();
  const objects = cost(() => {
    const { columns: live } = state;
    const rows = Array.from({ length: vehicles }, (_, slot) => Object.fromEntries([['slot', slot], ...COLUMNS.map((key) => [key, live[key][slot]])]));
    const { value } = JSON.parse(JSON.stringify({ t: 'item', id: 1, value: rows })) as { readonly value: { readonly slot: number }[] };
    for (const row of value) byId.set(row.slot, row);
  });
  return [judge({ name: `hand-over of ${vehicles} rows`, value: columns, unit: 'ms', baseline: { name: 'JSON objects', value: objects }, goals: [{ of: 'ratio', atMost: 0.2 }], note: 'both sides of the connection, without it' })];
}

function filledState(vehicles: number): FleetState {
  const state = new FleetState();
  const random = new SeededRandom(7);
  state.evaluate(NOW);
  for (let i = 0; i < vehicles; i++) {
    const slot = state.ensureSlot(`D${i}`);
    for (const [parameter, value] of [[PARAMETER.speed, random.below(60)], [PARAMETER.soc, random.below(100)], [PARAMETER.range, random.below(120)], [PARAMETER.heading, random.below(360)], [PARAMETER.gsmSignal, random.below(32)], [PARAMETER.odometer, random.below(90_000) / 10]] as const) state.put(slot, parameter, value, NOW);
    state.putFix(slot, 12.9 + random.next(), 77.6 + random.next(), NOW);
    state.contact(slot, NOW);
    state.refresh(slot);
  }
  return state;
}
