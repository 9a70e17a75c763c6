import { Worker } from 'node:worker_threads';
import type { BrokerBatch, BrokerOptions, BrokerRefusal, BrokerReport, BrokerRequest, BrokerStatistics } from '#electron/broker/protocol.ts';
import { Emitter } from '#shared/kernel/emitter.ts';
import { AppError } from '#shared/kernel/error.ts';
import { YOUNG_GENERATION } from '#shared/platform-node/young-generation.ts';

/** The core's side of the broker's thread. */
export class EmbeddedBroker {
  /** The port it listens on. */
  readonly port: number;
  readonly onRefusal = new Emitter<BrokerRefusal>();
  readonly onStatistics = new Emitter<BrokerStatistics>();
  /** The thread ended without being stopped. */
  readonly onFailure = new Emitter<AppError>();
  statistics: BrokerStatistics | undefined;
  readonly #worker: Worker;
  readonly #publishing = new Map<number, { resolve: () => void; reject: (error: AppError) => void }>();
  #onBatch: ((batch: BrokerBatch) => void) | undefined;
  #early: BrokerBatch[] = [];
  #nextId = 1;
  #stopping = false;
  #stopped: (() => void) | undefined;

  private constructor(worker: Worker, port: number) {
    this.#worker = worker;
    this.port = port;
    worker.on('message', (report: BrokerReport) => this.#receive(report));
    worker.on('error', (error) => this.#end(new AppError('internal', `The embedded broker failed: ${error.message}`)));
    worker.on('exit', () => this.#end(new AppError('unavailable', 'The embedded broker has ended.')));
  }

  /** Starts the thread and listens. Throws AppError port-in-use or refused. */
  static start(entry: URL, options: BrokerOptions): Promise<EmbeddedBroker> {
    const worker = new Worker(entry, { workerData: options, name: 'broker', resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION.broker } });
    return new Promise((resolve, reject) => {
      worker.once('error', reject);
      worker.once('message', (report: BrokerReport) => {
        worker.off('error', reject);
        if (report.kind === 'listening') resolve(new EmbeddedBroker(worker, report.port));
        else void worker.terminate().then(() => reject(report.kind === 'failed' ? AppError.fromData(report.error) : new Error(`unexpected ${report.kind}`)));
      });
    });
  }

  /** Takes the messages; those that came before are delivered now. */
  receive(listener: (batch: BrokerBatch) => void): void {
    this.#onBatch = listener;
    for (const batch of this.#early.splice(0)) listener(batch);
  }

  acknowledge(batches: readonly number[]): void {
    this.#post({ kind: 'acknowledge', batches });
  }

  publish(topic: string, payload: Uint8Array, options: { readonly qos: 0 | 1; readonly retain: boolean }): Promise<void> {
    if (this.#stopping) return Promise.reject(new AppError('unavailable', 'The embedded broker is stopped.'));
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#publishing.set(id, { resolve, reject });
      this.#post({ kind: 'publish', id, topic, payload, ...options });
    });
  }

  /** Closes a client's connection. */
  disconnect(client: string): void {
    this.#post({ kind: 'disconnect', client });
  }

  async stop(): Promise<void> {
    if (this.#stopping) return;
    this.#stopping = true;
    await new Promise<void>((resolve) => {
      this.#stopped = resolve;
      this.#post({ kind: 'stop' });
    });
    await this.#worker.terminate();
  }

  #post(request: BrokerRequest): void {
    this.#worker.postMessage(request);
  }

  #receive(report: BrokerReport): void {
    switch (report.kind) {
      case 'batch':
        if (this.#onBatch) this.#onBatch(report.batch);
        else this.#early.push(report.batch);
        return;
      case 'published': {
        const waiting = this.#publishing.get(report.id);
        this.#publishing.delete(report.id);
        if (report.error === undefined) waiting?.resolve();
        else waiting?.reject(new AppError('unavailable', report.error));
        return;
      }
      case 'statistics':
        this.statistics = report.statistics;
        this.onStatistics.emit(report.statistics);
        return;
      case 'refusal':
        this.onRefusal.emit(report.refusal);
        return;
      case 'stopped':
        this.#stopped?.();
        return;
      case 'listening':
      case 'failed':
        return;
    }
  }

  #end(error: AppError): void {
    for (const waiting of this.#publishing.values()) waiting.reject(error);
    this.#publishing.clear();
    this.#stopped?.();
    if (this.#stopping) return;
    this.#stopping = true;
    this.onFailure.emit(error);
  }
}
