import { AppError } from '#shared/kernel/error.ts';
import { runNodeHost, type RunningHost } from './run.ts';

export interface ServeOptions {
  readonly args: readonly string[];
  readonly workerEntry: Parameters<typeof runNodeHost>[1];
  /** Shows a line to the person at the terminal. */
  say(line: string): void;
  /** The host listens; windows may be opened, they wait for the workspace. `stop` ends everything with an exit code. */
  onListening?(host: RunningHost, stop: (code: number) => void): void;
}

/** What a person is told of an error: an expected one in its own words, any other with its stack. */
export function errorText(error: unknown): string {
  if (error instanceof AppError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** Runs the Node host until a signal, `stop` or a fatal error ends it; resolves with the exit code. A second signal ends it at once. */
export async function serve({ args, workerEntry, say, onListening }: ServeOptions): Promise<number> {
  let end: (code: number) => void = () => undefined;
  const ended = new Promise<number>((resolve) => (end = resolve));
  let stopping = false;

  function fail(error: unknown): void {
    say(errorText(error));
    end(1);
  }

  function interrupt(): void {
    if (stopping) process.exit(130);
    stopping = true;
    say('Stopping …');
    end(0);
  }

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt);
  let host: RunningHost;
  try {
    host = await runNodeHost(args, workerEntry, fail);
  } catch (error) {
    say(errorText(error));
    return 1;
  }
  onListening?.(host, end);
  host.started().catch(fail);
  const code = await ended;
  stopping = true;
  await host.stop();
  return code;
}
