import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { SIMULATOR_USER } from '#electron/broker/accounts.ts';
import type { SimulatorAnswer, SimulatorRequest, SimulatorWorkerData } from '#electron/simulator/worker.ts';
import type { Disposable } from '#shared/kernel/disposable.ts';
import { AppError } from '#shared/kernel/error.ts';
import type { CoreDeps } from './deps.ts';

/** A simulator that does not say goodbye within this time is ended, ms. */
const GOODBYE = 5000;

type Unnumbered<T> = T extends unknown ? Omit<T, 'id'> : never;

export interface SimulatorTarget {
  readonly port: number;
  /** Of the account that may publish for every unit. */
  readonly secret: string;
  readonly prefix: string;
  readonly unitPassword?: string;
}

/** A fleet that is held back sets out at the latest after this time, ms: there may be no window. */
const PATIENCE = 4000;
/** The first window has drawn the fleet by then, ms after it was sent. */
const DRAWN = 500;

/** In a new demo every fourth vehicle has a yesterday; beyond so many vehicles none, their messages would take minutes. */
const PAST = { hours: 24, every: 4 } as const;
const PAST_VEHICLES = 200;

/**
 * The demo fleet in its own thread: it reaches the embedded broker over real MQTT, as vehicles would. Held back, it leaves the processor to
 * the first window, which shows what the store knows; ten thousand vehicles that connect at once take a second of it.
 */
export class DemoSimulator {
  readonly #deps: CoreDeps;
  #worker: Worker | undefined;
  #held: boolean;
  #waiting: SimulatorTarget | undefined;
  #release: Disposable | undefined;
  readonly #asked = new Map<number, (vehicles: number) => void>();
  #nextId = 1;

  constructor(deps: CoreDeps, held: boolean) {
    this.#deps = deps;
    this.#held = held;
  }

  /** A window has been sent the fleet. */
  shown(): void {
    if (this.#waiting) this.#setOutAfter(DRAWN);
  }

  start(target: SimulatorTarget): void {
    if (!this.#held) return this.#spawn(target);
    this.#waiting = target;
    this.#setOutAfter(PATIENCE);
  }

  #setOutAfter(milliseconds: number): void {
    this.#release?.dispose();
    this.#release = this.#deps.scheduler.after(milliseconds, () => {
      this.#held = false;
      const target = this.#waiting;
      this.#waiting = undefined;
      if (target) this.#spawn(target);
    });
  }

  #spawn(target: SimulatorTarget): void {
    const deps = this.#deps;
    const data: SimulatorWorkerData = {
      brokerUrl: `mqtt://127.0.0.1:${target.port}`,
      vehicles: deps.demo.vehicles,
      seed: deps.demo.seed,
      prefix: target.prefix,
      resourcesFolder: deps.resourcesFolder,
      memoryFile: join(deps.dataFolder, 'simulator.json'),
      gateway: { credentials: { username: SIMULATOR_USER, password: target.secret } },
      ...(deps.demo.vehicles <= PAST_VEHICLES ? { past: PAST } : {}),
      ...(target.unitPassword === undefined ? {} : { unitPassword: target.unitPassword }),
    };
    const worker = new Worker(deps.workerEntry('simulator'), { workerData: data, name: 'simulator' });
    worker.on('error', (error) => deps.log.write('error', 'the demo fleet has stopped', { error }));
    worker.on('message', (message: SimulatorAnswer | { readonly kind: 'statistics' | 'stopped' }) => {
      if (message.kind !== 'answer') return;
      this.#asked.get(message.id)?.(message.vehicles);
      this.#asked.delete(message.id);
    });
    worker.on('exit', () => {
      if (this.#worker === worker) this.#worker = undefined;
    });
    this.#worker = worker;
  }

  /** Asks the fleet for a fault; resolves with the number of vehicles that it reached. Throws AppError unavailable while the fleet stands. */
  ask(request: Unnumbered<SimulatorRequest>): Promise<number> {
    const worker = this.#worker;
    if (!worker) return Promise.reject(new AppError('unavailable', 'The demo fleet is not running yet. Try again in a moment.'));
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      const limit = this.#deps.scheduler.after(GOODBYE, () => {
        this.#asked.delete(id);
        reject(new AppError('unavailable', 'The demo fleet does not answer. Try again in a moment.'));
      });
      this.#asked.set(id, (vehicles) => {
        limit.dispose();
        resolve(vehicles);
      });
      worker.postMessage({ ...request, id });
    });
  }

  async stop(): Promise<void> {
    this.#release?.dispose();
    this.#waiting = undefined;
    const worker = this.#worker;
    this.#worker = undefined;
    if (!worker) return;
    await new Promise<void>((resolve) => {
      const limit = this.#deps.scheduler.after(GOODBYE, resolve);
      const done = (): void => {
        limit.dispose();
        resolve();
      };
      worker.on('message', (message: { kind: string }) => message.kind === 'stopped' && done());
      worker.on('exit', done);
      worker.postMessage({ kind: 'stop' });
    });
    await worker.terminate();
  }
}
