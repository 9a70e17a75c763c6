import type { AppContract, OutputOf } from '#shared/contract/index.ts';
import type { commissioningContract } from '#shared/contract/commissioning.ts';
import { isPlaceholder } from '#shared/domain/commissioning/index.ts';
import type { Principal } from '#shared/domain/access/principal.ts';
import { dayNames } from '#shared/kernel/day-names.ts';
import type { Fields } from '#shared/resources/define-resource.ts';
import { principalOf, type Handlers } from '#shared/rpc/handlers.ts';
import { binding } from '#shared/resources/binding.ts';
import { commissioningRecord, type CommissioningRecordRow } from '#shared/resources/commissioning-record.ts';
import { COMMISSIONING_SETTING } from '#shared/resources/commissioning-settings.ts';
import { product } from '#shared/resources/product.ts';
import { sale } from '#shared/resources/sale.ts';
import { unit } from '#shared/resources/unit.ts';
import { requireFullScope } from '#shared/sync/scope.ts';
import { notFound } from '#shared/sync/tracked-tx.ts';
import { argsText } from '#shared/store/change-log.ts';
import { readFreeUnits } from '../store/operations/free-units.ts';
import { BenchDesk } from './bench-desk.ts';
import { NumberDesk } from './numbers.ts';
import { settingsOf, type WorkServices } from './services.ts';

export type CommissioningHandlers = Pick<Handlers<AppContract, Principal>, keyof typeof commissioningContract>;

type CommissionResult = OutputOf<'commission.commit'>;
const RESOURCE_OF = { product, sale } as const;
const requested = (id: string | undefined): { readonly id?: string } => (id === undefined ? {} : { id });

/** Handlers of commissioning and swapping. */
export function commissioningHandlers(services: WorkServices): CommissioningHandlers {
  const { operations, directory, registry, clock, timeZone } = services;
  const { read } = operations;
  const numbers = new NumberDesk(services);
  const bench = new BenchDesk(services);
  const dayOf = dayNames(timeZone);

  /** Whether a commissioning can be undone: none of its rows has changed. The mutation decides, this is for the button. */
  function undoable(row: CommissioningRecordRow): { possible: boolean; reason?: string } {
    if (row.kind === 'undone') return { possible: false, reason: 'undone' };
    if (read.findUnique(commissioningRecord, 'undoes', row.id) !== undefined) return { possible: false, reason: 'undone' };
    const { rows, bindingId } = row.detail;
    const changed = rows.some(({ resource, id, revision }) => read.get<Fields>(RESOURCE_OF[resource], id)?.revision !== revision);
    const moved = bindingId !== undefined && read.get(binding, bindingId)?.revision !== 1;
    return changed || moved ? { possible: false, reason: 'changed' } : { possible: true };
  }

  return {
    'commission.setup': (_input, context) => {
      // Who commissions sees whose numbers are taken, of every customer.
      requireFullScope(principalOf(context));
      return {
        settings: settingsOf(operations),
        models: directory.models().map(({ id, name, batteryModels, dbc }) => ({ modelId: id, name, batteryModels: [...batteryModels], hasDbc: dbc.length > 0 })),
        customers: directory.customers().map(({ id, name, locationId }) => ({ customerId: id, name, locationId })),
        cities: directory.locations().map(({ id, city, state }) => ({ locationId: id, city, state })),
        today: dayOf(clock.now()),
      };
    },
    'commission.check': ({ kind, typed, anyKind }, context) => {
      requireFullScope(principalOf(context));
      return numbers.check(kind, typed, anyKind);
    },
    'commission.bench': (subject, context, sink) => {
      requireFullScope(principalOf(context));
      return bench.follow(subject, (item) => sink.push(item));
    },
    'commission.commit': ({ input, bench: chosen, requestId }, context) => {
      // Sent again because the answer was lost: the bench check may be forgotten since, what was stored is not.
      const done = requestId === undefined ? undefined : read.appliedMutation(requestId);
      if (done?.name === 'commission.vehicle' && argsText((JSON.parse(done.args) as { input?: unknown }).input) === argsText(input)) {
        requireFullScope(principalOf(context));
        return done.result as CommissionResult;
      }
      const deviceId = read.findUnique(unit, 'telematicsId', input.telematicsId)?.deviceId;
      const outcome = chosen.result === 'skipped' ? chosen : bench.outcome(chosen, input, deviceId);
      return operations.mutate(principalOf(context), 'commission.vehicle', { input, bench: outcome }, requested(requestId));
    },
    'commission.undo': (args, context) => operations.mutate(principalOf(context), 'commission.undo', args),
    'commission.record': ({ recordId }, context) => {
      const [found] = read.inScope(commissioningRecord, principalOf(context).scope, [recordId]);
      if (found === undefined) throw notFound(commissioningRecord, recordId);
      const { id, revision: _revision, createdAt: _created, updatedAt: _updated, ...values } = found.row;
      return { recordId: id, values, undo: undoable(found.row) };
    },
    'commission.registerUnit': async (args, context) => ({ unitId: (await operations.mutate(principalOf(context), 'unit.register', args)).id }),
    'commission.setSettings': async ({ settings }, context) => {
      await operations.mutate(principalOf(context), 'setting.set', { key: COMMISSIONING_SETTING, value: settings });
      return {};
    },
    'swapping.units': ({ search, limit }) => {
      const { patterns } = settingsOf(operations);
      const found = readFreeUnits(read.database, { search: search ?? '', standIns: patterns.placeholder, limit: limit + 1 }).filter(({ vin }) => vin === undefined || isPlaceholder(vin, patterns));
      const units = found.slice(0, limit).map(({ vin, ...one }) => {
        const heard = registry.byUnitId(one.unitId)?.lastReceived ?? Number.NaN;
        return { ...one, ...(vin === undefined ? {} : { placeholder: vin }), ...(Number.isNaN(heard) ? {} : { lastReceived: heard }) };
      });
      return { units, more: found.length > limit };
    },
    'swapping.swap': ({ vehicleId, requestId, ...args }, context) => operations.mutate(principalOf(context), 'swap.unit', { productId: vehicleId, ...args }, requested(requestId)),
  };
}
