import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface SubjectResult {
  /** Messages per second on the wall, per CPU second of the core's thread, per CPU second of all threads. */
  readonly rate: number;
  readonly threadRate: number;
  readonly processRate: number;
  readonly shed?: number;
  readonly storedValues?: number;
  readonly bytes?: number;
}

export type Subject = 'bare' | 'bare-thin' | 'pipeline' | 'thin' | 'embedded';

/** A process of the bench whose lines are JSON; `next` gives the next line. */
class Child {
  readonly #process: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  constructor(file: string, ...argv: readonly (string | number)[]) {
    this.#process = spawn(process.execPath, [join(import.meta.dirname, file), ...argv.map(String)], { stdio: ['ignore', 'pipe', 'inherit'] });
    const { stdout } = this.#process;
    if (!stdout) throw new Error('no output');
    this.#lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
  }

  async next<T>(): Promise<T> {
    const { value, done } = await this.#lines.next();
    if (done) throw new Error(`${this.#process.spawnargs[1]} ended early`);
    return JSON.parse(value) as T;
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    this.#process.kill('SIGTERM');
    const forced = setTimeout(() => this.#process.kill('SIGKILL'), 5000);
    await ended;
    clearTimeout(forced);
  }
}

/** The subject takes `total` messages from the canned broker. */
export async function runCanned(subject: Subject, qos: 0 | 1, total: number): Promise<SubjectResult> {
  const source = new Child('pipeline-source.ts', 'serve', qos, total);
  const { ready } = await source.next<{ ready: number }>();
  const taker = new Child('pipeline-subject.ts', subject, total, ready);
  try {
    await taker.next();
    return await taker.next<SubjectResult>();
  } finally {
    await taker.stop();
    await source.stop();
  }
}

/** The subject takes `total` messages that a client publishes to a real broker: the one at `port`, or the subject's own. */
export async function runBroker(subject: Subject, qos: 0 | 1, total: number, port = 0): Promise<SubjectResult> {
  const taker = new Child('pipeline-subject.ts', subject, total, port);
  const { ready } = await taker.next<{ ready: number }>();
  const publisher = new Child('pipeline-source.ts', 'publish', qos, total, port || ready, ...(port === 0 ? ['$simulator', 'secret'] : []));
  try {
    return await taker.next<SubjectResult>();
  } finally {
    await publisher.stop();
    await taker.stop();
  }
}
