import type { LogReport } from '#shared/domain/telemetry/logs/reader.ts';
import type { ReplayResult, SignalSummary } from '#shared/domain/telemetry/logs/replay-summary.ts';
import { LOG_FORMAT_NAMES } from '#shared/domain/telemetry/logs/types.ts';
import type { BusPlan } from './buses.ts';

export interface BusResult {
  readonly plan: BusPlan;
  /** Undefined where no DBC decodes the bus. */
  readonly result: ReplayResult | undefined;
}

export interface ReplayReport {
  readonly log: string;
  readonly report: LogReport;
  /** Over all buses. */
  readonly stamps: { readonly seconds: number; readonly earlier: number; readonly equal: number };
  readonly buses: readonly BusResult[];
  readonly store: { readonly messages: number; readonly rows: number; readonly values: number; readonly rejected: number; readonly unacknowledged: number; readonly bytes: number; readonly folder: string | undefined };
  readonly seconds: number;
}

const count = (value: number): string => value.toLocaleString('en-US');
const hex = (id: number, extended: boolean): string => `0x${id.toString(16).toUpperCase().padStart(extended ? 8 : 3, '0')}`;
const value = (n: number): string => (Number.isNaN(n) ? '–' : String(n));

/** The summary for a terminal. */
export function replayText(replay: ReplayReport): string {
  const { report, stamps, store } = replay;
  const lines = [
    `${replay.log}: ${report.format === undefined ? '' : LOG_FORMAT_NAMES[report.format]}, ${count(report.frames)} frames in ${stamps.seconds.toFixed(1)} s`,
    `time stamps not after the one before: ${count(stamps.earlier + stamps.equal)} (${count(stamps.earlier)} earlier, ${count(stamps.equal)} equal)`,
  ];
  if (report.malformed > 0) lines.push(`lines that could not be read: ${count(report.malformed)}, first: ${report.malformedLines.slice(0, 3).map(({ line, text }) => `line ${line} ${JSON.stringify(text)}`).join('; ')}`);
  for (const { plan, result } of replay.buses) {
    lines.push('', `bus ${plan.bus}: ${count(plan.frames)} frames`);
    if (!result) {
      lines.push(`  not decoded: the DBC files given know ${Math.round(plan.known * 100)} % of its frames. Name one for it: --dbc ${plan.bus}=FILE`);
      continue;
    }
    lines.push(`  decoded: ${count(result.decodedFrames)} frames, ${count(result.decodedSignals)} signal values`);
    if (result.unknown.length > 0) lines.push(`  unknown ids: ${count(result.unknownFrames)} frames of ${result.unknown.length} ids: ${result.unknown.slice(0, 20).map(({ id, extended, count: n }) => `${hex(id, extended)} ×${count(n)}`).join(', ')}${result.unknown.length > 20 ? ', …' : ''}`);
    for (const { message, received, count: n } of result.lengthMismatches.slice(0, 20)) lines.push(`  length: ${message.name} has ${message.length} bytes, ${count(n)} frames had ${received}`);
    lines.push('', signalTable(result.signals));
  }
  lines.push(
    '',
    `through the console: ${count(store.messages)} messages, ${count(store.rejected)} rejected, ${count(store.rows)} rows with ${count(store.values)} values stored in ${count(store.bytes)} bytes${store.unacknowledged > 0 ? `, ${count(store.unacknowledged)} NOT ACKNOWLEDGED` : ', all acknowledged'}, ${replay.seconds.toFixed(2)} s`,
    ...(store.folder === undefined ? [] : [`kept in ${store.folder}`]),
  );
  return lines.join('\n');
}

function signalTable(signals: readonly SignalSummary[]): string {
  const head = ['message', 'signal', 'last', 'min', 'max', 'unit', 'values', 'missing'];
  const rows = signals.map(({ signal, last, label, minimum, maximum, count: n, missing }) => [signal.messageName, signal.name, `${value(last)}${label === undefined ? '' : ` ${label}`}`, value(minimum), value(maximum), signal.unit, count(n), missing > 0 ? count(missing) : '']);
  const widths = head.map((title, column) => Math.min(40, Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0))));
  const right = new Set([2, 3, 4, 6, 7]);
  const line = (row: readonly string[]): string => `  ${row.map((cell, column) => (right.has(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0))).join('  ')}`.trimEnd();
  return [line(head), ...rows.map(line)].join('\n');
}

/** The summary as plain data; values that never came are left out. */
export function replayJson(replay: ReplayReport): unknown {
  const { report, stamps, store } = replay;
  const known = (n: number): number | undefined => (Number.isNaN(n) ? undefined : n);
  return {
    log: replay.log,
    format: report.format,
    frames: report.frames,
    seconds: stamps.seconds,
    stampsEarlier: stamps.earlier,
    stampsEqual: stamps.equal,
    malformedLines: report.malformed,
    buses: replay.buses.map(({ plan, result }) => ({
      bus: plan.bus,
      frames: plan.frames,
      dbc: plan.files.map(({ file }) => file),
      ...(result === undefined
        ? {}
        : {
            decodedFrames: result.decodedFrames,
            decodedSignals: result.decodedSignals,
            unknownFrames: result.unknownFrames,
            unknownIds: result.unknown.map(({ id, extended, count: n }) => ({ id: hex(id, extended), count: n })),
            lengthMismatches: result.lengthMismatches.map(({ message, received, count: n }) => ({ message: message.name, expected: message.length, received, count: n })),
            signals: result.signals.map(({ signal, last, minimum, maximum, label, count: n, missing }) => ({ message: signal.messageName, signal: signal.name, unit: signal.unit, last: known(last), label, min: known(minimum), max: known(maximum), values: n, missing })),
          }),
    })),
    store,
  };
}
