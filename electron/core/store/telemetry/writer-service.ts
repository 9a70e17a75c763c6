import { AppError, type AppErrorData } from '#shared/kernel/error.ts';
import { type Disposable, DisposableStore } from '#shared/kernel/disposable.ts';
import type { Clock, Rng, Scheduler } from '#shared/kernel/ports.ts';
import { Ballast } from './ballast.ts';
import { Batch } from './batch.ts';
import { databaseBytes, freeBytes } from './disk.ts';
import { BackgroundWork } from './background-work.ts';
import { TelemetryLog } from './telemetry-log.ts';
import type { StorageReport, StorageState, WriterOptions, WriterReport, WriterRequest } from './writer-protocol.ts';

/** The writer's side of its thread's port. */
export interface WriterPort {
  post(report: WriterReport, transfer?: readonly ArrayBuffer[]): void;
  onRequest(listener: (request: WriterRequest) => void): void;
}

export interface WriterDeps {
  readonly clock: Clock;
  readonly rng: Rng;
  readonly scheduler: Scheduler;
}

/** How often a full disk is looked at again, ms; the alarm itself is raised by the write that fails. */
const RETRY_PERIOD = 250;
/** A full disk is not tried again before it has this much room, bytes. */
const LEAST_FREE = 1024 * 1024;
/** How often sizes are reported, ms. */
const REPORT_PERIOD = 1000;
/** Below so many times the ballast's size the disk is called low. */
const LOW_FACTOR = 4;

/**
 * Serves one append log on the thread that owns it. Requests are carried out in their order; while the disk is full appends
 * wait and are tried again until there is room. The pipeline bounds how many can wait.
 */
export function serveTelemetryWriter(port: WriterPort, options: WriterOptions, deps: WriterDeps): Disposable {
  const timers = new DisposableStore();
  const ballast = new Ballast(`${options.path}.ballast`, options.ballastBytes, deps.rng);
  const waiting: WriterRequest[] = [];
  let retry: Disposable | undefined;
  let reported: StorageReport | undefined;
  let log: TelemetryLog;
  try {
    log = TelemetryLog.open(options.path, { rng: deps.rng, now: () => deps.clock.now() });
  } catch (error) {
    port.post({ kind: 'refused', error: errorData(error) });
    return timers;
  }

  const background = new BackgroundWork(log, { ...deps, idle: () => waiting.length === 0 && !retry });

  function report(state: StorageState, text?: string): void {
    const next: StorageReport = { state, logBytes: databaseBytes(options.path), freeBytes: freeBytes(options.path), ...(text === undefined ? {} : { text }) };
    reported = next;
    port.post({ kind: 'storage', report: next });
  }

  function measure(): void {
    if (reported?.state === 'failed' || retry) return;
    const free = freeBytes(options.path);
    const needed = options.ballastBytes + Math.max(LEAST_FREE, options.ballastBytes / 4);
    if (!ballast.present && (free < needed || !ballast.restore())) report('low', reserveText(needed - free));
    else if (free < options.ballastBytes * LOW_FACTOR) report('low', 'The disk is almost full. Free some space soon.');
    else report('ok');
  }

  /** Carries out a request; false: it has to wait for room on the disk. */
  function run(request: WriterRequest): boolean {
    switch (request.kind) {
      case 'append':
        return append(request);
      case 'seal':
        background.seal(request.before, (sealed) => port.post({ kind: 'answer', id: request.id, value: sealed }), (error) => port.post({ kind: 'error', id: request.id, error: errorData(error) }));
        return true;
      case 'quarantine':
        background.quarantine(request.chunks, (quarantined) => port.post({ kind: 'answer', id: request.id, value: quarantined }), (error) => port.post({ kind: 'error', id: request.id, error: errorData(error) }));
        return true;
      case 'close':
        background.dispose();
        timers.dispose();
        retry?.dispose();
        log.close();
        port.post({ kind: 'answer', id: request.id, value: undefined });
        return true;
      default:
        try {
          port.post({ kind: 'answer', id: request.id, value: answer(request) });
        } catch (error) {
          port.post({ kind: 'error', id: request.id, error: errorData(error) });
        }
        return true;
    }
  }

  function answer(request: Exclude<WriterRequest, { kind: 'append' | 'close' | 'seal' | 'quarantine' }>): unknown {
    switch (request.kind) {
      case 'tails':
        return request.units.map((unit) => log.index.tail[unit] ?? 0);
      case 'reindex':
        log.reindex(request.tables);
        return undefined;
      case 'rewrite':
        return log.rewrite(request.unit, request.rows);
      case 'drop': {
        log.dropRaw(request.rawBefore);
        if (request.rollupsBefore !== undefined) log.dropRollups(request.rollupsBefore);
        const dropped = log.drop(request.query);
        background.sweep();
        return dropped;
      }
      case 'snapshot':
        log.saveSnapshot(request.name, { sequence: log.last, data: request.data }, deps.clock.now());
        return log.last;
    }
  }

  function append(request: Extract<WriterRequest, { kind: 'append' }>): boolean {
    const batch = new Batch(options.sizes, request.buffer);
    batch.count = request.count;
    const started = deps.clock.monotonic();
    for (;;) {
      try {
        const { first, last } = log.append(batch, { durable: request.durable, newUnits: request.newUnits, compress: !request.behind });
        port.post({ kind: 'committed', id: request.id, first, last, milliseconds: deps.clock.monotonic() - started, buffer: request.buffer }, [request.buffer]);
        return true;
      } catch (error) {
        const data = errorData(error);
        if (data.code === 'store-full') {
          report('full', FULL_TEXT);
          if (ballast.release()) continue;
          return false;
        }
        if (data.code === 'store-locked') return false;
        report('failed', data.message);
        port.post({ kind: 'rejected', id: request.id, error: data, buffer: request.buffer }, [request.buffer]);
        return true;
      }
    }
  }

  function drain(): void {
    if (retry && freeBytes(options.path) < LEAST_FREE) return;
    while (waiting.length > 0) {
      if (!run(waiting[0] as WriterRequest)) {
        retry ??= deps.scheduler.every(RETRY_PERIOD, drain);
        return;
      }
      waiting.shift();
    }
    if (!retry) return;
    retry.dispose();
    retry = undefined;
    measure();
  }

  port.onRequest((request) => {
    // What reads, and closing, need no room on the disk and do not wait for it.
    if (retry && request.kind !== 'append') run(request);
    else waiting.push(request);
    if (!retry) drain();
  });
  timers.add(deps.scheduler.every(REPORT_PERIOD, measure));
  const snapshot = log.loadSnapshot(options.snapshot);
  port.post({ kind: 'opened', epoch: log.epoch, last: log.last, units: log.units(), ...(snapshot ? { snapshot } : {}) });
  ballast.restore();
  measure();
  background.sweep();
  return timers;
}

/** What is said while telemetry is stored and the ballast is not back; `missing` bytes have to be freed for it. */
function reserveText(missing: number): string {
  const megabytes = Math.max(1, Math.ceil(missing / 1_000_000));
  return `The disk was full. Telemetry is stored again; free ${megabytes} MB more so that the reserve for a full disk can be restored.`;
}

const FULL_TEXT = 'The disk is full. Telemetry waits at the broker; free some space and it goes on by itself.';

function errorData(error: unknown): AppErrorData {
  if (error instanceof AppError) return error.toData();
  return { code: 'internal', message: error instanceof Error ? error.message : String(error) };
}
