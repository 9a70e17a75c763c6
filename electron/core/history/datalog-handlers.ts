import type { AppContract, OutputOf } from '#shared/contract/index.ts';
import type { Principal } from '#shared/domain/access/principal.ts';
import { recordWords } from '#shared/domain/history/record-words.ts';
import type { ParameterCatalogue, ParameterEntry } from '#shared/domain/telemetry/catalogue/index.ts';
import { disposable } from '#shared/kernel/disposable.ts';
import { AppError } from '#shared/kernel/error.ts';
import type { VehicleModelRow } from '#shared/resources/vehicle-model.ts';
import { principalOf, type Handlers } from '#shared/rpc/handlers.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { SHEET_ROWS, type ExportColumn, type ExportRow } from '../exchange/grid-file.ts';
import type { DirectoryEntry } from '../live/directory-port.ts';
import type { LiveFleet } from '../live/live-fleet.ts';
import type { StoredRow } from '../store/telemetry/reads.ts';
import { checkRange } from './handlers.ts';
import { readRecordDetail, type RecordDetailServices } from './record-detail.ts';
import { readRecords, recordPages } from './record-pages.ts';

export interface DatalogServices extends Omit<RecordDetailServices, 'boundUnits' | 'modelOf'> {
  model(modelId: string): VehicleModelRow | undefined;
  readonly fleet: LiveFleet;
  readonly exchange: Exchange;
}

type DatalogHandlers = Pick<Handlers<AppContract, Principal>, 'datalog.records' | 'datalog.record' | 'datalog.export'>;

/** Records of one page while a file is written. */
const EXPORT_PAGE = 1000;
/** Values written for a record that is not narrowed to some parameters. */
const VALUES_WRITTEN = 80;

/** Handlers of the device data log; a vehicle out of scope is not found. */
export function datalogHandlers(services: DatalogServices): DatalogHandlers {
  const { fleet, history, catalogue, exchange } = services;
  function visible(principal: Principal, vehicleId: string): DirectoryEntry {
    const found = fleet.find(principal, vehicleId);
    if (!found) throw new AppError('not-found', 'There is no such vehicle, or it is not among those you may see.');
    return found.entry;
  }
  return {
    'datalog.records': async (input, context) => {
      checkRange(input);
      const { vehicleId } = visible(principalOf(context), input.vehicleId);
      const { rows, next, damaged } = await readRecords(history, fleet.directory, vehicleId, input);
      return { ...columnsOf(rows), ...(next === undefined ? {} : { next: { time: next.time, sequence: next.sequence } }), damaged };
    },

    'datalog.record': (input, context) => {
      const { vehicleId, modelId } = visible(principalOf(context), input.vehicleId);
      const model = modelId === undefined ? undefined : services.model(modelId);
      return readRecordDetail({ ...services, boundUnits: (id) => fleet.directory.boundUnits(id), modelOf: () => model }, vehicleId, input);
    },

    'datalog.export': (input, context, sink) => {
      checkRange(input);
      const { vehicleId, vin } = visible(principalOf(context), input.vehicleId);
      const query = { from: input.from, to: input.to, parameters: input.parameters, limit: EXPORT_PAGE };
      const chosen = (input.parameters ?? []).flatMap((number) => catalogue.byNumber(number) ?? []);
      const signal = { aborted: false };
      async function count(): Promise<number> {
        let total = 0;
        for await (const rows of recordPages(history, fleet.directory, vehicleId, query)) {
          total += rows.length;
          if (signal.aborted || total > SHEET_ROWS) break;
          sink.push({ done: 0, total, state: 'running' });
        }
        return total;
      }
      async function write(): Promise<void> {
        const total = await count();
        async function* batches(): AsyncGenerator<readonly ExportRow[]> {
          for await (const rows of recordPages(history, fleet.directory, vehicleId, query)) yield rows.map((row) => exportRow(row, chosen, catalogue));
        }
        const { url, fileName, rows } = await exchange.exportGrid({
          title: `Data log ${vin}`, columns: exportColumns(chosen), timeZone: input.timeZone, rows: batches(), total, signal,
          onProgress: (done) => sink.push({ done, total: Math.max(done, total), state: 'running' }),
        });
        sink.push({ done: rows, total: rows, state: 'ready', url, fileName });
        sink.end();
      }
      write().catch((error: unknown) => signal.aborted || sink.fail(error));
      return disposable(() => (signal.aborted = true));
    },
  };
}

function columnsOf(rows: readonly StoredRow[]): Omit<OutputOf<'datalog.records'>, 'next' | 'damaged'> {
  const total = rows.reduce((sum, row) => sum + row.values.length, 0);
  const columns = {
    sequence: Float64Array.from(rows, (row) => row.sequence), time: Float64Array.from(rows, (row) => row.time), received: Float64Array.from(rows, (row) => row.received),
    deviceTime: Float64Array.from(rows, (row) => row.deviceTime), boot: Uint32Array.from(rows, (row) => row.boot), number: Float64Array.from(rows, (row) => row.number),
    flags: Uint32Array.from(rows, (row) => row.flags), valueEnd: new Uint32Array(rows.length), parameters: new Uint16Array(total), values: new Float64Array(total),
    texts: rows.flatMap((row, i) => row.texts.map(({ parameter, text }) => ({ row: i, parameter, text }))),
  };
  let at = 0;
  rows.forEach((row, i) => {
    columns.parameters.set(row.parameters, at);
    columns.values.set(row.values, at);
    at += row.values.length;
    columns.valueEnd[i] = at;
  });
  return columns;
}

function exportColumns(chosen: readonly ParameterEntry[]): ExportColumn[] {
  const values: ExportColumn[] =
    chosen.length === 0
      ? [{ label: 'Values', type: 'text', width: 600 }]
      : chosen.map(({ label, unit, decimals, kind }) => ({ label, unit, width: 110, ...(kind === 'number' ? { type: 'number' as const, decimals } : { type: 'text' as const }) }));
  return [
    { label: 'Event time', type: 'instant', width: 170 }, { label: 'Received', type: 'instant', width: 170 }, { label: 'Device time', type: 'instant', width: 170 },
    { label: 'Delay', type: 'number', unit: 's', decimals: 1, width: 80 }, { label: 'Boot', type: 'number', decimals: 0, width: 80 }, { label: 'Number', type: 'number', decimals: 0, width: 80 }, { label: 'Remarks', type: 'text', width: 160 }, ...values,
  ];
}

function exportRow(row: StoredRow, chosen: readonly ParameterEntry[], catalogue: ParameterCatalogue): ExportRow {
  const head = [row.time, row.received, Number.isNaN(row.deviceTime) ? undefined : row.deviceTime, (row.received - row.time) / 1000, row.boot, row.number, recordWords(row.flags, row.time, row.received).join(', ')] as const;
  if (chosen.length === 0) return [...head, valuesText(row, catalogue)];
  return [...head, ...chosen.map((entry) => {
    const at = row.parameters.indexOf(entry.number);
    if (at < 0) return row.texts.find(({ parameter }) => parameter === entry.number)?.text;
    const value = row.values[at] as number;
    return entry.kind === 'number' ? value : wordOfValue(entry, value);
  })];
}

const wordOfValue = (entry: ParameterEntry | undefined, value: number): string => entry?.choices?.[String(value)] ?? String(value);

/** `Speed 32.1 km/h; State of charge 84 %; …` */
function valuesText(row: StoredRow, catalogue: ParameterCatalogue): string {
  const parts: string[] = [];
  for (let i = 0; i < Math.min(row.values.length, VALUES_WRITTEN); i++) {
    const entry = catalogue.byNumber(row.parameters[i] as number);
    const value = row.values[i] as number;
    const said = entry?.kind === 'number' ? `${value.toFixed(entry.decimals)} ${entry.unit}`.trim() : wordOfValue(entry, value);
    parts.push(`${entry?.label ?? `Parameter ${row.parameters[i]}`} ${said}`);
  }
  if (row.values.length > VALUES_WRITTEN) parts.push(`… ${row.values.length - VALUES_WRITTEN} more`);
  for (const { parameter, text } of row.texts) parts.push(`${catalogue.byNumber(parameter)?.label ?? parameter} ${text}`);
  return parts.join('; ');
}
