import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { SIMULATOR_USER } from '#electron/broker/accounts.ts';
import type { SimulatorWorkerData } from '#electron/simulator/worker.ts';
import type { CoreDeps } from './deps.ts';

/** A simulator that does not say goodbye within this time is ended, ms. */
const GOODBYE = 5000;

export interface SimulatorTarget {
  readonly port: number;
  /** Of the account that may publish for every unit. */
  readonly secret: string;
  readonly prefix: string;
  readonly unitPassword?: string;
}

/** The demo fleet in its own thread: it reaches the embedded broker over real MQTT, as vehicles would. */
export class DemoSimulator {
  readonly #deps: CoreDeps;
  #worker: Worker | undefined;

  constructor(deps: CoreDeps) {
    this.#deps = deps;
  }

  start(target: SimulatorTarget): void {
    const deps = this.#deps;
    const data: SimulatorWorkerData = {
      brokerUrl: `mqtt://127.0.0.1:${target.port}`,
      vehicles: deps.demo.vehicles,
      seed: deps.demo.seed,
      prefix: target.prefix,
      resourcesFolder: deps.resourcesFolder,
      memoryFile: join(deps.dataFolder, 'simulator.json'),
      gateway: { credentials: { username: SIMULATOR_USER, password: target.secret } },
      ...(target.unitPassword === undefined ? {} : { unitPassword: target.unitPassword }),
    };
    const worker = new Worker(deps.workerEntry('simulator'), { workerData: data, name: 'simulator' });
    worker.on('error', (error) => deps.log.write('error', 'the demo fleet has stopped', { error }));
    this.#worker = worker;
  }

  async stop(): Promise<void> {
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
