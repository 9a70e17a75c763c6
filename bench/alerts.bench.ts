import { alertLoad, type AlertLoad } from './alerts-load.ts';
import { threadTime } from './measure.ts';
import { judge, type Bench, type BenchResult } from './types.ts';

const VEHICLES = 10_000;
/** Messages of one vehicle before its drive begins again. */
const PER_VEHICLE = 120;
const ROUNDS = 9;

export const alertsBench: Bench = {
  name: 'alerts',
  describe: 'the alert engine with the default rules on 10,000 vehicles, beside decoding and live state without it',
  run(context) {
    const vehicles = context.quick ? 500 : VEHICLES;
    const perVehicle = context.quick ? 10 : PER_VEHICLE;
    context.say('the demo fleet drives');
    // Two fleets, so that neither finds the other's state in the caches.
    const [without, watched] = [alertLoad(vehicles, perVehicle), alertLoad(vehicles, perVehicle)];
    for (let i = 0; i < (context.quick ? 2 : 12); i++) {
      without.pass(false);
      watched.pass(true);
    }
    const cost = { without: [] as number[], watched: [] as number[] };
    const before = watched.effects();
    for (let round = 0; round < (context.quick ? 2 : ROUNDS); round++) {
      context.say(`round ${round + 1}`);
      cost.without.push(microseconds(() => without.pass(false)));
      cost.watched.push(microseconds(() => watched.pass(true)));
    }
    // In turns, and the median: a round meets vehicles at other moments of their drive, so the best is not comparable.
    const [bare, whole] = [median(cost.without), median(cost.watched)];
    const effects = ((watched.effects() - before) / (vehicles * cost.watched.length)) * 1000;
    const note = `${watched.rules} rules, ${watched.touched.toFixed(0)} conditions touched and ${effects.toFixed(1)} ‰ of messages with an effect`;
    return [
      judge({ name: 'message with alerts', value: whole, unit: 'µs', baseline: { name: 'decode and live state', value: bare }, note }),
      judge({ name: 'alerts alone, by difference', value: whole - bare, unit: 'µs', note }),
      judge({ name: 'alerts, per condition touched', value: ((whole - bare) / watched.touched) * 1000, unit: 'ns', goals: [{ of: 'value', atMost: 1000 }] }),
      ...snapshotResults(watched, vehicles),
    ];
  },
};

/** Vehicles of one slice, as the alert service takes them between two looks at the clock. */
const SLICE = 50;

/** What it costs to keep the engine's state and to begin with it: in all, the longest slice, and what a start waits for. */
function snapshotResults(load: AlertLoad, vehicles: number): BenchResult[] {
  const note = `${vehicles.toLocaleString('en-US')} vehicles, ${SLICE} a slice`;
  const slices: number[] = [];
  const timed = <T>(work: () => T): T => {
    const begun = threadTime();
    const done = work();
    slices.push(threadTime() - begun);
    return done;
  };
  const snapshot = timed(() => load.engine.beginSnapshot());
  while (!timed(() => snapshot.step(SLICE)));
  const bytes = timed(() => snapshot.bytes());
  const [written, longest] = [sum(slices), Math.max(...slices)];
  slices.length = 0;
  const other = load.empty();
  if (!timed(() => other.restoreSnapshot(bytes))) throw new Error('the snapshot cannot be read');
  const begin = slices[0] ?? 0;
  while (!timed(() => other.wake(SLICE)));
  return [
    judge({ name: 'alert snapshot', value: bytes.length / 1e6, unit: 'MB', goals: [{ of: 'value', atMost: 15 }], note }),
    judge({ name: 'alert snapshot, written', value: written, unit: 'ms', note }),
    judge({ name: 'alert snapshot, longest slice', value: Math.max(longest, ...slices.slice(1)), unit: 'ms', goals: [{ of: 'value', atMost: 20 }], note }),
    judge({ name: 'alert snapshot, a start waits', value: begin, unit: 'ms', goals: [{ of: 'value', atMost: 300 }], note }),
    judge({ name: 'alert snapshot, read', value: sum(slices), unit: 'ms', note }),
  ];
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}

function microseconds(pass: () => number): number {
  const begun = threadTime();
  const messages = pass();
  return ((threadTime() - begun) * 1000) / messages;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
