import type { ResourceQuery } from '#shared/contract/resource.ts';
import type { Principal } from '#shared/domain/access/principal.ts';
import { AppError } from '#shared/kernel/error.ts';
import type { Disposable } from '#shared/kernel/disposable.ts';
import { disposable } from '#shared/kernel/disposable.ts';
import type { exportProgress } from '#shared/contract/fleet.ts';
import { fieldOf, type Resource } from '#shared/resources/define-resource.ts';
import type { Field } from '#shared/resources/field.ts';
import { resourceNamed } from '#shared/resources/registry.ts';
import type { StreamSink } from '#shared/rpc/handlers.ts';
import type { z } from 'zod';
import type { Exchange } from '../exchange/exchange.ts';
import type { ExportCell, ExportColumn, ExportRow } from '../exchange/grid-file.ts';
import type { Operations } from '../store/operations/operations.ts';
import { titleOf } from './titles.ts';

const BATCH = 500;
const DECIMALS = 6;
/** Width of a column of the file, px. */
const WIDTH = 150;

interface Column extends ExportColumn {
  readonly cell: (row: Readonly<Record<string, unknown>>, joined: Readonly<Record<string, unknown>>) => ExportCell;
}

function typeOf(field: Field): ExportColumn['type'] {
  switch (field.type) {
    case 'integer':
    case 'number':
      return 'number';
    case 'date':
    case 'instant':
    case 'boolean':
      return field.type;
    default:
      return 'text';
  }
}

/** The column of a file for a field or joined column; references are written as their row's title. */
export function exportColumn(read: Operations['read'], resource: Resource, key: string): Column {
  const joined = Object.hasOwn(resource.joined, key) ? resource.joined[key] : undefined;
  if (joined === undefined && !Object.hasOwn(resource.fields, key)) throw new AppError('invalid-input', `There is no column "${key}".`, { column: key });
  const field = joined === undefined ? fieldOf(resource, key) : fieldOf(resourceNamed(joined.resource), joined.field);
  const titles = new Map<string, string>();
  const title = (id: string): string => {
    let known = titles.get(id);
    if (known === undefined) {
      const target = resourceNamed(field.to ?? '');
      const row = read.get(target, id);
      titles.set(id, (known = row === undefined ? '' : titleOf(read, target, row)));
    }
    return known;
  };
  const shown = (value: unknown): ExportCell => {
    if (value === undefined) return undefined;
    if (field.type === 'reference') return title(String(value));
    if (field.type === 'json') return JSON.stringify(value);
    return field.values?.find((entry) => entry.value === value)?.label ?? (value as ExportCell);
  };
  return {
    label: resource.exchange?.[key] ?? joined?.label ?? field.label,
    type: typeOf(field),
    width: WIDTH,
    ...(field.unit === undefined ? {} : { unit: field.unit }),
    ...(field.type === 'number' ? { decimals: DECIMALS } : {}),
    cell: (row, joinedCells) => shown(joined === undefined ? row[key] : joinedCells[key]),
  };
}

export interface ExportRequest extends ResourceQuery {
  readonly columns: readonly string[];
  readonly timeZone: string;
}

/** Writes the rows that match as a file, in the order of the screen; the set is what it is now. */
export function exportResource(services: { readonly read: Operations['read']; readonly exchange: Exchange }, resource: Resource, principal: Principal, request: ExportRequest, sink: StreamSink<z.output<typeof exportProgress>>): Disposable {
  const { read, exchange } = services;
  if (!principal.permissions.has('fleet.export')) throw new AppError('forbidden', 'Your role does not allow exports. Ask an administrator.');
  const columns = request.columns.map((key) => exportColumn(read, resource, key));
  const { filter, range, search, sort } = request;
  const ids = read.sortedIds(resource, principal.scope, { ...(filter === undefined ? {} : { filter }), ...(range === undefined ? {} : { range }), ...(search === undefined ? {} : { search }), ...(sort === undefined ? {} : { sort }) });
  const signal = { aborted: false };
  function* rows(): Iterable<readonly ExportRow[]> {
    for (let at = 0; at < ids.length; at += BATCH) {
      const wanted = ids.slice(at, at + BATCH);
      const found = new Map(read.inScope(resource, principal.scope, wanted).map((one) => [one.row.id, one]));
      yield wanted.flatMap((id) => {
        const one = found.get(id);
        return one === undefined ? [] : [columns.map((column) => column.cell(one.row as unknown as Readonly<Record<string, unknown>>, one.joined))];
      });
    }
  }
  const total = ids.length;
  sink.push({ done: 0, total, state: 'running' });
  exchange
    .exportGrid({ title: resource.label.many, columns: columns.map(({ cell: _cell, ...column }) => column), timeZone: request.timeZone, rows: rows(), total, signal, onProgress: (done) => sink.push({ done, total, state: 'running' }) })
    .then(({ url, fileName }) => {
      sink.push({ done: total, total, state: 'ready', url, fileName });
      sink.end();
    })
    .catch((error: unknown) => signal.aborted || sink.fail(error));
  return disposable(() => (signal.aborted = true));
}
