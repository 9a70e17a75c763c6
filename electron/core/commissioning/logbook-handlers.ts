import type { AppContract } from '#shared/contract/index.ts';
import type { LogbookItem, logbookContract } from '#shared/contract/logbook.ts';
import type { Principal } from '#shared/domain/access/principal.ts';
import { inScope } from '#shared/domain/access/principal.ts';
import { PARAMETER } from '#shared/domain/telemetry/catalogue/numbers.ts';
import { AppError } from '#shared/kernel/error.ts';
import { principalOf, type Handlers } from '#shared/rpc/handlers.ts';
import { commissioningRecord, type CommissioningRecordRow } from '#shared/resources/commissioning-record.ts';
import { logbookEntry, type LogbookEntryRow } from '#shared/resources/logbook-entry.ts';
import { product } from '#shared/resources/product.ts';
import { swap, type SwapRow } from '#shared/resources/swap.ts';
import { notFound } from '#shared/sync/tracked-tx.ts';
import type { PhotoStore } from './photo-store.ts';
import type { WorkServices } from './services.ts';

export type LogbookHandlers = Pick<Handlers<AppContract, Principal>, keyof typeof logbookContract>;

function entryItem(row: LogbookEntryRow): LogbookItem {
  const { id, at, author, kind, text, odometer, photos, corrects } = row;
  return { id, source: 'entry', at, author, kind, text, photos: [...photos], ...(odometer === undefined ? {} : { odometer }), ...(corrects === undefined ? {} : { corrects }) };
}

function recordItem({ id, at, technician, kind, reason }: CommissioningRecordRow): LogbookItem {
  return { id, source: kind, at, author: technician, photos: [], ...(reason === undefined ? {} : { text: reason }) };
}

function swapItem(row: SwapRow): LogbookItem {
  const changes = [
    { what: 'unit' as const, from: row.fromTelematicsId, to: row.toTelematicsId },
    { what: 'communication' as const, from: row.fromCommunication, to: row.toCommunication },
    { what: 'model' as const, from: row.fromModel, to: row.toModel },
  ].filter(({ from, to }) => from !== to);
  return { id: row.id, source: 'swap', at: row.at, author: row.author, text: row.reason, photos: [], changes };
}

/** Handlers of the vehicles' logbooks; a vehicle out of scope does not exist for who asks. */
export function logbookHandlers(services: Pick<WorkServices, 'operations' | 'directory' | 'state'> & { readonly photos: PhotoStore }): LogbookHandlers {
  const { operations, directory, state, photos } = services;
  const { read } = operations;

  function visible(principal: Principal, vehicleId: string) {
    const vehicle = directory.vehicle(vehicleId);
    if (vehicle === undefined || !inScope(principal.scope, vehicle.customerId)) throw notFound(product, vehicleId);
    return vehicle;
  }

  function odometerOf(unitId: string | undefined): number | undefined {
    const slot = unitId === undefined ? undefined : state.slotOf(unitId);
    const value = slot === undefined ? Number.NaN : state.value(slot, PARAMETER.odometer);
    return Number.isFinite(value) ? Math.round(value * 10) / 10 : undefined;
  }

  return {
    'logbook.list': ({ vehicleId, limit }, context) => {
      const principal = principalOf(context);
      const vehicle = visible(principal, vehicleId);
      const query = { filter: { productId: [vehicleId] }, sort: { column: 'at', direction: 'desc' as const }, offset: 0, limit: limit + 1 };
      const items = [
        ...read.list(logbookEntry, principal.scope, query).rows.map(({ row }) => entryItem(row)),
        ...read.list(commissioningRecord, principal.scope, query).rows.map(({ row }) => recordItem(row)),
        ...read.list(swap, principal.scope, query).rows.map(({ row }) => swapItem(row)),
      ].sort((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1));
      const odometer = odometerOf(vehicle.unitId);
      return { items: items.slice(0, limit), more: items.length > limit, ...(odometer === undefined ? {} : { odometer }) };
    },
    'logbook.add': ({ vehicleId, requestId, ...args }, context) => {
      const missing = args.photos.find(({ hash, thumbnail }) => !photos.has(hash) || (thumbnail !== undefined && !photos.has(thumbnail)));
      if (missing !== undefined) throw new AppError('invalid-input', 'A photo of this entry is not stored. Add it again.');
      return operations.mutate(principalOf(context), 'logbook.add', { productId: vehicleId, ...args }, requestId === undefined ? {} : { id: requestId });
    },
    'logbook.addPhoto': async ({ content, thumbnail }) => ({ photo: await photos.add(content, thumbnail) }),
    'logbook.photo': async ({ vehicleId, entryId, hash }, context) => {
      visible(principalOf(context), vehicleId);
      const entry = read.get(logbookEntry, entryId);
      const named = entry?.productId === vehicleId && entry.photos.some((photo) => photo.hash === hash || photo.thumbnail === hash);
      const found = named ? await photos.read(hash) : undefined;
      if (found === undefined) throw new AppError('not-found', 'This photo is not stored here any more.');
      return found;
    },
  };
}
