import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

export interface RunningHost {
  /** The address with the host token in its fragment, as the launcher prints it. */
  readonly url: string;
  /** The address without the token, such as `http://127.0.0.1:4711`. */
  readonly origin: string;
  readonly port: number;
  readonly process: ChildProcess;
  /** Everything the host printed. */
  output(): string;
  /** Ends the host and resolves with its exit code, undefined where a signal ended it; `SIGKILL` as a power cut would. */
  stop(signal?: NodeJS.Signals): Promise<number | undefined>;
}

export interface HostOptions {
  /** A folder to keep over restarts; a temporary one is made and removed otherwise. */
  readonly dataFolder?: string;
  /** A free one where none is named. */
  readonly port?: number;
  /** Further options of the host. */
  readonly args?: readonly string[];
}

/** An empty folder for data that outlives a host; the caller removes it. */
export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'command-center-e2e-'));
}

/** Starts the Node host and waits for its address; rejects with what it printed when it ends first. */
export async function startHost(options: HostOptions = {}): Promise<RunningHost> {
  const dataFolder = options.dataFolder ?? temporaryFolder();
  const child = spawn(process.execPath, ['electron/host-node/main.ts', '--port', String(options.port ?? 0), '--data', dataFolder, ...(options.args ?? [])], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const url = await new Promise<string>((resolve, reject) => {
    const take = (chunk: Buffer): void => {
      output += chunk.toString();
      const match = /http:\/\/127\.0\.0\.1:\d+\/#token=\S+/.exec(output);
      if (match) resolve(match[0]);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.on('exit', (code) => reject(new Error(`the host ended with code ${code}:\n${output}`)));
    child.on('error', reject);
  });
  const { origin, port } = new URL(url);
  return {
    url,
    origin,
    port: Number(port),
    process: child,
    output: () => output,
    async stop(signal = 'SIGTERM') {
      if (child.exitCode === null && child.signalCode === null) {
        const ended = new Promise((resolve) => child.once('exit', resolve));
        child.kill(signal);
        await ended;
      }
      if (options.dataFolder === undefined) rmSync(dataFolder, { recursive: true, force: true });
      return child.exitCode ?? undefined;
    },
  };
}
