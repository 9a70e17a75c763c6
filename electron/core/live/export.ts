import type { AppContract } from '#shared/contract/index.ts';
import type { Principal } from '#shared/domain/access/principal.ts';
import { FLEET_COLUMNS, type FleetColumn, type FleetColumnKey } from '#shared/domain/fleet/columns.ts';
import { disposable } from '#shared/kernel/disposable.ts';
import { AppError } from '#shared/kernel/error.ts';
import { principalOf, type Handlers } from '#shared/rpc/handlers.ts';
import type { Exchange } from '../exchange/exchange.ts';
import type { ExportColumn, ExportRow } from '../exchange/grid-file.ts';
import type { FleetCells } from './cells.ts';
import type { FleetQuery } from './fleet-query.ts';

const BATCH = 500;
/** Rows whose cells are read in about 50 ms. */
const READ_AT_ONCE = 20_000;

export interface ExportServices {
  readonly cells: FleetCells;
  readonly query: FleetQuery;
  readonly exchange: Exchange;
}

function exportColumn(column: FleetColumn): ExportColumn {
  return {
    label: column.label,
    type: column.type === 'status' ? 'text' : column.type,
    width: column.width,
    ...(column.unit === undefined ? {} : { unit: column.unit }),
    ...(column.decimals === undefined ? {} : { decimals: column.decimals }),
    ...(column.words === undefined ? {} : { words: column.words }),
  };
}

/** The export of the grid view: the same filter, sort and columns as on screen, every page. */
export function exportHandlers({ cells, query, exchange }: ExportServices): Pick<Handlers<AppContract, Principal>, 'fleet.export'> {
  return {
    'fleet.export': (input, context, sink) => {
      const columns = input.columns.map((key) => {
        const found = FLEET_COLUMNS.find((column) => column.key === key);
        if (!found) throw new AppError('invalid-input', `There is no column ${key}.`);
        return found;
      });
      const slots = query.fresh(principalOf(context), input.filter, input.sort);
      const signal = { aborted: false };
      const batch = (at: number): ExportRow[] => slots.slice(at, at + BATCH).map((slot) => columns.map((column) => cells.cell(column.key as FleetColumnKey, slot)));
      // Values go on changing while the file is written: what is sorted is read at once, where that is done in a moment.
      const read = slots.length <= READ_AT_ONCE ? Array.from({ length: Math.ceil(slots.length / BATCH) }, (_, n) => batch(n * BATCH)) : undefined;
      function* rows(): Iterable<readonly ExportRow[]> {
        for (let at = 0; at < slots.length; at += BATCH) yield read?.[at / BATCH] ?? batch(at);
      }
      sink.push({ done: 0, total: slots.length, state: 'running' });
      exchange
        .exportGrid({ title: 'Vehicles', columns: columns.map(exportColumn), timeZone: input.timeZone, rows: rows(), total: slots.length, signal, onProgress: (done) => sink.push({ done, total: slots.length, state: 'running' }) })
        .then(({ url, fileName }) => {
          sink.push({ done: slots.length, total: slots.length, state: 'ready', url, fileName });
          sink.end();
        })
        .catch((error: unknown) => signal.aborted || sink.fail(error));
      return disposable(() => (signal.aborted = true));
    },
  };
}
