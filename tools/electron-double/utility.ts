import { EventEmitter } from 'node:events';

export interface PortMessage {
  readonly data: unknown;
  readonly ports: readonly unknown[];
}

/** A utility process that runs nothing by itself: the test plays the part of its program at `parentPort`. */
export class UtilityProcessDouble extends EventEmitter {
  readonly entry: string;
  readonly args: readonly string[];
  /** What the program in the process would see as process.parentPort. */
  readonly parentPort = Object.assign(new EventEmitter(), { postMessage: (message: unknown) => void queueMicrotask(() => this.emit('message', structuredClone(message))) });
  /** Everything that was posted to the process, oldest first. */
  readonly received: PortMessage[] = [];
  spawned = false;
  alive = true;

  constructor(entry: string, args: readonly string[]) {
    super();
    this.entry = entry;
    this.args = args;
  }

  postMessage(data: unknown, ports: readonly unknown[] = []): void {
    if (!this.alive) return;
    const message = { data: structuredClone(data), ports };
    this.received.push(message);
    this.parentPort.emit('message', message);
  }

  kill(): boolean {
    this.die(9);
    return true;
  }

  /** The process is up. */
  spawn(): void {
    this.spawned = true;
    this.emit('spawn');
  }

  /** The process is gone, by a crash or by itself. */
  die(code: number): void {
    if (!this.alive) return;
    this.alive = false;
    this.emit('exit', code);
  }
}
