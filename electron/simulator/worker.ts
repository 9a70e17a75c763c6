import type { Clock, Log, Rng, Scheduler } from '#shared/kernel/ports.ts';
import { loadMemory, saveMemory } from './memory-file.ts';
import { loadDemoResources } from './resources.ts';
import { startSimulator, type Simulator, type SimulatorOptions, type SimulatorStatistics } from './run.ts';
import type { Credentials } from './transport/session.ts';

/** `workerData` of electron/workers/simulator.ts: plain data. */
export interface SimulatorWorkerData extends Pick<SimulatorOptions, 'brokerUrl' | 'tls' | 'vehicles' | 'seed' | 'mode' | 'interval' | 'connections' | 'prefix' | 'fleet' | 'qos' | 'speedFactor' | 'gateway' | 'backlogHours'> {
  /** The application's `resources` folder. */
  readonly resourcesFolder: string;
  /** Password of the units: one for all, or one each by device id. Their user name is the device id. */
  readonly unitPassword?: string | Readonly<Record<string, string>>;
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

const REPORT_EVERY = 2000;
const SAVE_EVERY = 60_000;

/** Runs the demo fleet as its worker does; `post` hands messages to the host. */
export function runSimulatorWorker(data: SimulatorWorkerData, ports: { readonly clock: Clock; readonly rng: Rng; readonly scheduler: Scheduler; readonly log: Log; post(message: SimulatorReport): void }): { stop(): Promise<void> } {
  const { memoryFile, unitPassword, seed } = data;
  const { clock, rng, scheduler, log } = ports;
  const memory = memoryFile === undefined ? undefined : loadMemory(memoryFile, seed);
  const credentialsFor = (deviceId: string): Credentials => ({ username: deviceId, password: (typeof unitPassword === 'string' ? unitPassword : unitPassword?.[deviceId]) ?? '' });
  const simulator: Simulator = startSimulator({ ...data, resources: loadDemoResources(data.resourcesFolder), clock, rng, scheduler, log, credentialsFor, ...(memory === undefined ? {} : { memory }) });
  const save = (): void => {
    if (memoryFile === undefined) return;
    try {
      saveMemory(memoryFile, seed, simulator.memory());
    } catch (error) {
      log.write('warn', 'The state of the demo fleet could not be kept for the next start.', { error });
    }
  };
  const timers = [scheduler.every(REPORT_EVERY, () => ports.post({ kind: 'statistics', statistics: simulator.statistics() })), scheduler.every(SAVE_EVERY, save)];
  return {
    async stop() {
      for (const timer of timers) timer.dispose();
      save();
      await simulator.stop();
    },
  };
}
