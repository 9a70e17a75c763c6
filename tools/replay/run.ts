import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createIngest } from '#core/ingest/create-ingest.ts';
import { DirectReceiver } from '#core/ingest/direct-receiver.ts';
import type { LogFrame } from '#shared/domain/telemetry/logs/types.ts';
import { createReplaySummary, type ReplayResult, type ReplaySummary } from '#shared/domain/telemetry/logs/replay-summary.ts';
import { FleetState } from '#shared/domain/telemetry/state/index.ts';
import { AppError } from '#shared/kernel/error.ts';
import { SILENT_LOG } from '#shared/kernel/ports.ts';
import { databaseBytes } from '#core/store/telemetry/disk.ts';
import { lockFolder } from '#shared/platform-node/sqlite/index.ts';
import { systemClock } from '#shared/platform-node/system-clock.ts';
import { systemRng } from '#shared/platform-node/system-rng.ts';
import { systemScheduler } from '#shared/platform-node/system-scheduler.ts';
import type { ReplayArguments } from './arguments.ts';
import { BusSurvey } from './buses.ts';
import { bindBus, catalogueFor, loadDatabases, type LoadedDbc } from './databases.ts';
import { Feed } from './feed.ts';
import { readLogFile } from './log-file.ts';
import type { BusResult, ReplayReport } from './report.ts';

/** A log whose stamps are later than this counts them since 1970: 2000-01-01, in microseconds. */
const EPOCH_STAMPS = 946_684_800_000_000;

/**
 * Replays a log: surveys it, then feeds it through the pipeline into a store. `say` hears about the progress. Throws AppError, in words,
 * for files that are missing or of the wrong kind, and for a store that cannot be used.
 */
export async function replayLog(options: ReplayArguments, say: (line: string) => void): Promise<ReplayReport> {
  const started = systemClock.monotonic();
  const loaded = loadDatabases(options.dbc);
  for (const { file, errors } of loaded) for (const error of errors.slice(0, 3)) say(`${file}: ${error}`);
  const survey = new BusSurvey(loaded);
  await readLogFile(options.log, (frame) => survey.add(frame));
  const plans = survey.plan();
  const { catalogue, numberOf } = catalogueFor(loaded);
  const bindings = new Map(plans.map((plan) => [plan.bus & 15, bindBus(plan.files, numberOf)]));
  const summaries = new Map(plans.map((plan) => [plan.bus, busSummary(plan.files)]));

  const folder = options.store ?? mkdtempSync(join(tmpdir(), 'replay-'));
  const lock = lockFolder(folder);
  try {
    const ingest = await createIngest({
      clock: systemClock,
      rng: systemRng,
      scheduler: systemScheduler,
      log: SILENT_LOG,
      workerEntry: (name) => new URL(`../../electron/workers/${name}.ts`, import.meta.url),
      dataFolder: folder,
      topicPrefix: 'evf/1',
      catalogue,
      resolveBus: (_unit, bus) => bindings.get(bus),
      describe: () => undefined,
      state: new FleetState(),
      notices: { raise: (_id, severity, text) => say(`${severity}: ${text}`), clear: () => undefined },
      retention: { hours: 24 * 365, rawHours: 24 * 365 },
      ballastBytes: 0,
    });
    const receiver = new DirectReceiver(systemClock);
    await ingest.receive(receiver);
    const stamps = { earlier: 0, equal: 0, last: Number.NaN };
    const spanUs = survey.lastTimeUs - survey.firstTimeUs || 0;
    const feed = new Feed({
      receiver,
      topic: `evf/1/replay/${options.device}/can`,
      boot: Math.floor(systemClock.now() / 1000) % 0x1_0000_0000,
      // Without a date the recording is taken to end now.
      baseUs: survey.firstTimeUs >= EPOCH_STAMPS ? survey.firstTimeUs : systemClock.now() * 1000 - spanUs,
      fromUs: survey.firstTimeUs || 0,
      speed: options.speed,
      wait: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
      now: () => systemClock.monotonic(),
    });
    let told = 0;
    const report = await readLogFile(
      options.log,
      (frame) => {
        if (frame.timeUs < stamps.last) stamps.earlier++;
        else if (frame.timeUs === stamps.last) stamps.equal++;
        stamps.last = frame.timeUs;
        summaries.get(frame.bus)?.add(frame);
        feed.add(frame);
      },
      async (share) => {
        if (share === 1) feed.flush();
        await feed.deliver();
        if (systemClock.monotonic() - told < 1000 && share < 1) return;
        told = systemClock.monotonic();
        say(`${Math.round(share * 100)} %, ${ingest.pipeline.counters.committed.toLocaleString('en-US')} rows stored`);
      },
    );
    // The last line may end without a line feed.
    feed.flush();
    await feed.deliver();
    await ingest.pipeline.queue.drain();
    const { counters } = ingest.pipeline;
    const result: ReplayReport = {
      log: options.log,
      report,
      stamps: { seconds: spanUs / 1e6, earlier: stamps.earlier, equal: stamps.equal },
      buses: plans.map((plan): BusResult => ({ plan, result: summaries.get(plan.bus)?.result() })),
      store: { messages: feed.messages, rows: counters.committed, values: counters.storedValues, rejected: counters.rejected, unacknowledged: receiver.open.size, bytes: databaseBytes(join(folder, 'telemetry.db')), folder: options.store },
      seconds: (systemClock.monotonic() - started) / 1000,
    };
    await ingest.stop();
    if (receiver.open.size > 0) throw new AppError('internal', `${receiver.open.size} messages were not stored.`);
    return result;
  } finally {
    lock.dispose();
    if (options.store === undefined) rmSync(folder, { recursive: true, force: true });
  }
}

/** Summary of a bus that several files may decode: each frame goes to the first that knows it. */
function busSummary(files: readonly LoadedDbc[]): ReplaySummary | undefined {
  const parts = files.map(({ decoder }) => ({ decoder, summary: createReplaySummary(decoder) }));
  const [first] = parts;
  if (!first || parts.length === 1) return first?.summary;
  return {
    add(frame: LogFrame) {
      (parts.find(({ decoder }) => decoder.lookup(frame.id, frame.extended)) ?? first).summary.add(frame);
    },
    result: () => parts.map(({ summary }) => summary.result()).reduce(joinResults),
  };
}

/** Frames nobody knows are all in the first. */
function joinResults(a: ReplayResult, b: ReplayResult): ReplayResult {
  return {
    ...a,
    frames: a.frames + b.frames,
    remoteFrames: a.remoteFrames + b.remoteFrames,
    errorFrames: a.errorFrames + b.errorFrames,
    decodedFrames: a.decodedFrames + b.decodedFrames,
    decodedSignals: a.decodedSignals + b.decodedSignals,
    lengthMismatches: [...a.lengthMismatches, ...b.lengthMismatches],
    signals: [...a.signals, ...b.signals],
  };
}
