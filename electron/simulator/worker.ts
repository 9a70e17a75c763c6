import type { DemoFault } from '#shared/contract/demo.ts';
import { assertNever } from '#shared/kernel/assert-never.ts';
import type { Clock, Log, Rng, Scheduler } from '#shared/kernel/ports.ts';
import { describeBench } from './fleet/bench.ts';
import { loadMemory, saveMemory } from './memory-file.ts';
import type { VehicleMemory } from './model/vehicle.ts';
import { loadDemoResources } from './resources.ts';
import { startSimulator, type Simulator, type SimulatorOptions, type SimulatorStatistics } from './run.ts';
import type { Credentials } from './transport/session.ts';

/** `workerData` of electron/workers/simulator.ts: plain data. */
export interface SimulatorWorkerData extends Pick<SimulatorOptions, 'brokerUrl' | 'tls' | 'vehicles' | 'seed' | 'mode' | 'interval' | 'connections' | 'prefix' | 'fleet' | 'qos' | 'speedFactor' | 'gateway' | 'backlogHours'> {
  /** The application's `resources` folder. */
  readonly resourcesFolder: string;
  /** Password of the units: one for all, or one each by device id. Their user name is the device id. */
  readonly unitPassword?: string | Readonly<Record<string, string>>;
  /** In a first run every so many-th vehicle has lived through these hours already and sends them late, while the others go live at once. */
  readonly past?: { readonly hours: number; readonly every: number };
  /** Where odometers and charge are kept between runs; not kept where undefined. */
  readonly memoryFile?: string;
}

/** What the worker tells its host every two seconds. */
export interface SimulatorReport {
  readonly kind: 'statistics';
  readonly statistics: SimulatorStatistics;
}

/** What the host tells the worker; it then stops, writes its memory and answers `stopped`. */
export interface SimulatorStop {
  readonly kind: 'stop';
}

/** What the host asks the worker to put into the fleet; `id` comes back in the answer. Durations in ms. */
export type SimulatorRequest =
  | { readonly kind: 'inject'; readonly id: number; readonly deviceId: string; readonly fault: DemoFault; readonly duration: number }
  | { readonly kind: 'flood'; readonly id: number; readonly alerts: number; readonly duration: number }
  | { readonly kind: 'clear'; readonly id: number }
  /** Switches the spare unit with this device id on, in a vehicle on the bench. */
  | { readonly kind: 'bench'; readonly id: number; readonly deviceId: string };

/** Vehicles that a request has reached. */
export interface SimulatorAnswer {
  readonly kind: 'answer';
  readonly id: number;
  readonly vehicles: number;
}

const REPORT_EVERY = 2000;
const SAVE_EVERY = 60_000;
const BENCH_INTERVAL = 1000;

/** Runs the demo fleet as its worker does; `post` hands messages to the host. */
export function runSimulatorWorker(data: SimulatorWorkerData, ports: { readonly clock: Clock; readonly rng: Rng; readonly scheduler: Scheduler; readonly log: Log; post(message: SimulatorReport): void }): { request(request: SimulatorRequest): SimulatorAnswer; stop(): Promise<void> } {
  const { memoryFile, unitPassword, seed } = data;
  const { clock, rng, scheduler, log } = ports;
  const memory = memoryFile === undefined ? undefined : loadMemory(memoryFile, seed);
  const credentialsFor = (deviceId: string): Credentials => ({ username: deviceId, password: (typeof unitPassword === 'string' ? unitPassword : unitPassword?.[deviceId]) ?? '' });
  const options: SimulatorOptions = { ...data, resources: loadDemoResources(data.resourcesFolder), clock, rng, scheduler, log, credentialsFor, ...(memory === undefined ? {} : { memory }) };
  const { past } = data;
  const old = (index: number): boolean => past !== undefined && index % past.every === past.every >> 1;
  const simulators: Simulator[] =
    past === undefined || memory !== undefined
      ? [startSimulator(options)]
      : [startSimulator({ ...options, select: ({ index }) => !old(index) }), startSimulator({ ...options, select: ({ index }) => old(index), backlogHours: past.hours, lossyPast: true })];
  /** Vehicles that were switched on at the bench: no part of the fleet that floods and clearing are about. */
  const benches: Simulator[] = [];
  const remembered = (): Record<string, VehicleMemory> => Object.assign({}, ...simulators.map((simulator) => simulator.memory())) as Record<string, VehicleMemory>;
  const save = (): void => {
    if (memoryFile === undefined) return;
    try {
      saveMemory(memoryFile, seed, remembered());
    } catch (error) {
      log.write('warn', 'The state of the demo fleet could not be kept for the next start.', { error });
    }
  };
  const timers = [scheduler.every(REPORT_EVERY, () => ports.post({ kind: 'statistics', statistics: [...simulators, ...benches].map((simulator) => simulator.statistics()).reduce(together) })), scheduler.every(SAVE_EVERY, save)];
  const flood = (alerts: number, duration: number): number => {
    const live = simulators.filter((simulator) => simulator.live());
    return live.reduce((sum, simulator) => sum + simulator.flood(Math.ceil(alerts / live.length), duration), 0);
  };
  const onBench = new Set<string>();
  const switchOn = (deviceId: string): number => {
    const vehicle = describeBench(seed, clock.now()).find((one) => one.deviceId === deviceId);
    if (vehicle === undefined) return 0;
    if (onBench.has(deviceId)) return 1;
    onBench.add(deviceId);
    benches.push(startSimulator({ ...options, vehicles: 1, bench: [vehicle], connections: 'per-unit', interval: BENCH_INTERVAL }));
    return 1;
  };
  const reach = (request: SimulatorRequest): number => {
    switch (request.kind) {
      case 'inject':
        return [...simulators, ...benches].some((simulator) => simulator.inject(request.deviceId, request.fault, request.duration)) ? 1 : 0;
      case 'flood':
        return flood(request.alerts, request.duration);
      case 'bench':
        return switchOn(request.deviceId);
      case 'clear':
        for (const simulator of simulators) simulator.clearInjected();
        return 0;
      default:
        return assertNever(request);
    }
  };
  return {
    request: (request) => ({ kind: 'answer', id: request.id, vehicles: reach(request) }),
    async stop() {
      for (const timer of timers) timer.dispose();
      save();
      await Promise.all([...simulators, ...benches].map((simulator) => simulator.stop()));
    },
  };
}

/** The figures of two simulators of one fleet. */
function together(a: SimulatorStatistics, b: SimulatorStatistics): SimulatorStatistics {
  const { drive, wait, park, charge } = a.activities;
  return {
    vehicles: a.vehicles, units: a.units + b.units, connected: a.connected + b.connected, messages: a.messages + b.messages, bytes: a.bytes + b.bytes, late: a.late + b.late, dropped: a.dropped + b.dropped,
    activities: { drive: drive + b.activities.drive, wait: wait + b.activities.wait, park: park + b.activities.park, charge: charge + b.activities.charge }, problem: a.problem ?? b.problem,
  };
}
