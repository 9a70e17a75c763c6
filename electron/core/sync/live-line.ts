import { WebSocket } from 'ws';
import type { Disposable } from '#shared/kernel/disposable.ts';
import type { Rng, Scheduler } from '#shared/kernel/ports.ts';

export interface LiveLineOptions {
  readonly server: string;
  readonly accessToken: () => Promise<string>;
  readonly scheduler: Scheduler;
  readonly rng: Rng;
  /** The server has something new, or the line is there again. */
  readonly onPoke: () => void;
}

/** A line on which nothing was heard for so long is cut, ms; the server pings more often. */
const SILENCE = 45_000;
/** First and longest wait before the next attempt, ms; spread by half, so that a server that restarts is not met by all at once. */
const RETRY = 1_000;
const LONGEST = 30_000;

/** Holds a WebSocket on which the server says that there is something to pull. Polling finds what it misses. */
export function openLiveLine({ server, accessToken, scheduler, rng, onPoke }: LiveLineOptions): Disposable {
  let socket: WebSocket | undefined;
  let timer: Disposable | undefined;
  let failures = 0;
  let ended = false;

  const again = (): void => {
    if (ended) return;
    const wait = Math.min(LONGEST, RETRY * 2 ** failures++) * (0.5 + rng.next());
    timer?.dispose();
    timer = scheduler.after(wait, () => void open());
  };

  const open = async (): Promise<void> => {
    const token = await accessToken().catch(() => undefined);
    if (ended) return;
    if (token === undefined) return again();
    const url = new URL('/sync/live', server);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    const line = new WebSocket(url, { headers: { authorization: `Bearer ${token}` }, maxPayload: 65_536 });
    socket = line;
    let quiet: Disposable | undefined;
    const heard = (): void => {
      quiet?.dispose();
      quiet = scheduler.after(SILENCE, () => line.terminate());
    };
    heard();
    line.on('open', () => {
      failures = 0;
      heard();
      onPoke();
    });
    line.on('message', () => {
      heard();
      onPoke();
    });
    line.on('ping', heard);
    line.on('error', () => undefined);
    line.on('close', () => {
      quiet?.dispose();
      again();
    });
  };

  void open();
  return {
    dispose() {
      ended = true;
      timer?.dispose();
      socket?.terminate();
    },
  };
}
