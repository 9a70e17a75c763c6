import { utilityProcess, type MessagePortMain, type UtilityProcess } from 'electron';
import { assertNever } from '#shared/kernel/assert-never.ts';
import type { FromCore, ToCore } from '../core-process/messages.ts';

export interface CoreSupervisorOptions {
  readonly entry: string;
  readonly args: readonly string[];
  /** The core says that it cannot run; it is not started again until `restart()`. */
  onFatal(message: string): void;
  /** The core has died `deaths` times in a row without living long; it is started again after `delay` ms. */
  onDied(deaths: number, delay: number): void;
}

type Answer = (FromCore & { kind: 'answer' })['value'];

/** Delays before the core is started again, ms: a stumble is not noticed, a core that cannot live does not heat the machine. */
export const RESTART_DELAYS = [250, 1_000, 2_000, 5_000, 10_000] as const;
/** A core that lived this long, ms, died by accident: counting begins anew. */
const LIVED_WELL = 60_000;
/** Windows that wait for a core; the oldest is closed beyond that and asks again. */
const MAX_WAITING = 16;
/** A core that has not stopped by then, ms, is killed; what it had not committed is received again. */
const STOP_PATIENCE = 10_000;

/** Keeps one core running in a process of its own and hands windows' ports over to it. */
export class CoreSupervisor {
  readonly #options: CoreSupervisorOptions;
  readonly #questions = new Map<number, (answer: Answer) => void>();
  #core: UtilityProcess | undefined;
  #dataRoot: string | undefined;
  #ready = false;
  #waiting: MessagePortMain[] = [];
  #deaths = 0;
  #bornAt = 0;
  #lastId = 0;
  #timer: NodeJS.Timeout | undefined;
  #stopped: Promise<void> | undefined;
  #failed = false;

  constructor(options: CoreSupervisorOptions) {
    this.#options = options;
    this.#start();
  }

  /** Connects a window; while no core runs, its port waits for the next. */
  connect(port: MessagePortMain): void {
    if (this.#core !== undefined && this.#ready) return this.#core.postMessage({ kind: 'connect' } satisfies ToCore, [port]);
    this.#waiting.push(port);
    while (this.#waiting.length > MAX_WAITING) this.#waiting.shift()?.close();
  }

  /** The folder of all data, undefined until a core has told it. */
  get dataRoot(): string | undefined {
    return this.#dataRoot;
  }

  /** The file behind a one-time download address; undefined when it is used up, or when the core is away. */
  async takeDownload(token: string): Promise<Exclude<Answer, string> | undefined> {
    const answer = await this.#ask((id) => ({ kind: 'take-download', id, token }));
    return typeof answer === 'object' ? answer : undefined;
  }

  async streetMapFile(): Promise<string | undefined> {
    const answer = await this.#ask((id) => ({ kind: 'street-map', id }));
    return typeof answer === 'string' ? answer : undefined;
  }

  /** Starts the core again after it said that it cannot run. */
  restart(): void {
    this.#failed = false;
    this.#deaths = 0;
    if (this.#core === undefined && this.#stopped === undefined) this.#start();
  }

  /** Lets the core commit and close; kills it when it takes too long. */
  stop(): Promise<void> {
    this.#stopped ??= new Promise((resolve) => {
      clearTimeout(this.#timer);
      const core = this.#core;
      if (core === undefined) return resolve();
      const limit = setTimeout(() => core.kill(), STOP_PATIENCE);
      core.once('exit', () => {
        clearTimeout(limit);
        resolve();
      });
      core.postMessage({ kind: 'stop' } satisfies ToCore);
    });
    return this.#stopped;
  }

  #ask(question: (id: number) => ToCore): Promise<Answer> {
    const core = this.#core;
    if (core === undefined || !this.#ready) return Promise.resolve(undefined);
    const id = ++this.#lastId;
    return new Promise((resolve) => {
      this.#questions.set(id, resolve);
      core.postMessage(question(id));
    });
  }

  #start(): void {
    const core = utilityProcess.fork(this.#options.entry, [...this.#options.args], { serviceName: 'Command Center core', stdio: 'inherit' });
    this.#core = core;
    this.#bornAt = performance.now();
    core.once('spawn', () => {
      this.#ready = true;
      for (const port of this.#waiting.splice(0)) this.connect(port);
    });
    core.on('message', (message: FromCore) => this.#receive(message));
    core.once('exit', () => this.#exited());
  }

  #receive(message: FromCore): void {
    switch (message.kind) {
      case 'data-root':
        this.#dataRoot = message.folder;
        return;
      case 'fatal':
        this.#failed = true;
        return this.#options.onFatal(message.message);
      case 'answer':
        this.#questions.get(message.id)?.(message.value);
        this.#questions.delete(message.id);
        return;
      default:
        assertNever(message);
    }
  }

  #exited(): void {
    this.#core = undefined;
    this.#ready = false;
    for (const resolve of this.#questions.values()) resolve(undefined);
    this.#questions.clear();
    if (this.#stopped !== undefined || this.#failed) return;
    if (performance.now() - this.#bornAt > LIVED_WELL) this.#deaths = 0;
    const delay = RESTART_DELAYS[Math.min(this.#deaths, RESTART_DELAYS.length - 1)] ?? 0;
    this.#deaths++;
    this.#options.onDied(this.#deaths, delay);
    this.#timer = setTimeout(() => this.#start(), delay);
  }
}
