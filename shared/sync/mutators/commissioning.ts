import { z } from 'zod';
import { isPlaceholder, standInNumber } from '../../domain/commissioning/index.ts';
import { AppError } from '../../kernel/error.ts';
import { binding } from '../../resources/binding.ts';
import { benchOutcome, commissioningInput, type CommissioningInput } from '../../resources/commissioning-input.ts';
import { commissioningRecord, type CommissioningDetail } from '../../resources/commissioning-record.ts';
import { COMMISSIONING_SETTING, readCommissioningSettings } from '../../resources/commissioning-settings.ts';
import { customer } from '../../resources/customer.ts';
import type { Fields, PatchOf, Resource, RowOf } from '../../resources/define-resource.ts';
import { location } from '../../resources/location.ts';
import { product, type ProductRow } from '../../resources/product.ts';
import { sale } from '../../resources/sale.ts';
import { setting } from '../../resources/setting.ts';
import { unit } from '../../resources/unit.ts';
import { vehicleModel } from '../../resources/vehicle-model.ts';
import { defineMutator } from '../mutator.ts';
import type { Tx } from '../tx.ts';
import { bindUnit } from './binding.ts';
import { refusePhoneOfMember } from './group-member.ts';
import { checkBattery } from './product.ts';
import { fieldError, refuseWhileReferred, requireFullScope, requireReference } from './rules.ts';
import { checkSaleDates } from './sale.ts';
import { settingId } from './setting.ts';
import { refuseBatteryOfSlot } from './station.ts';

const PRODUCT_KEYS = ['vin', 'motorId', 'bmsId', 'modelId', 'batteryModel', 'communicationType', 'registration', 'simNumber'] as const;
const SALE_KEYS = ['customerId', 'locationId', 'userName', 'phone', 'address1', 'address2', 'address3', 'purchaseDate', 'warrantyEnd', 'productStatus'] as const;

type RowChanged = CommissioningDetail['rows'][number];

/** Writes what differs and notes what an undo has to write back. */
async function change<F extends Fields>(tx: Tx, resource: Resource<F> & { readonly name: string }, before: RowOf<F>, patch: PatchOf<F>): Promise<{ readonly row: RowOf<F>; readonly note: RowChanged }> {
  const row = await tx.update(resource, before.id, patch);
  const was = before as Readonly<Record<string, unknown>>;
  const now = row as Readonly<Record<string, unknown>>;
  const changed = Object.keys(patch).filter((key) => was[key] !== now[key]);
  const kept = Object.fromEntries(changed.filter((key) => was[key] !== undefined).map((key) => [key, String(was[key])]));
  return { row, note: { resource: resource.name as 'product' | 'sale', id: row.id, revision: row.revision, changed, before: kept } };
}

/** One note per row: a row that was changed twice goes back to what it was before the first, from its last revision. */
function merged(notes: readonly RowChanged[]): RowChanged[] {
  const byRow = new Map<string, RowChanged>();
  for (const note of notes) {
    const known = byRow.get(note.id);
    const changed = [...new Set([...(known?.changed ?? []), ...(note.changed ?? [])])];
    byRow.set(note.id, known === undefined ? note : { ...note, changed, before: { ...note.before, ...known.before } });
  }
  return [...byRow.values()];
}

/** The settings as this workspace has them. */
async function settingsOf(tx: Tx) {
  return readCommissioningSettings((await tx.get(setting, settingId(COMMISSIONING_SETTING)))?.value);
}

function bound(label: string, number: string, holder: ProductRow): AppError {
  return new AppError('not-unique', `${label} ${number} is bound to VIN No ${holder.vin}. Check the number, or change that vehicle first.`, { ownerId: holder.id, owner: `VIN No ${holder.vin}` });
}

/** Takes a battery or a motor off a stand-in frame, which gets a stand-in number for it; a vehicle that has it keeps it. */
async function release(tx: Tx, part: 'battery' | 'motor', number: string, own: string | undefined, patterns: Parameters<typeof isPlaceholder>[1]): Promise<{ readonly note: RowChanged; readonly vin: string } | undefined> {
  const key = part === 'battery' ? 'bmsId' : 'motorId';
  const holder = await tx.findUnique(product, key, number);
  if (holder === undefined || holder.id === own) return undefined;
  if (!isPlaceholder(holder.vin, patterns)) throw bound(part === 'battery' ? 'Battery' : 'Motor', number, holder);
  const { note } = await change(tx, product, holder, { [key]: standInNumber(holder.vin, part) });
  return { note, vin: holder.vin };
}

/**
 * Commissions a vehicle as one change: its product and sale, the unit's binding, the release of the numbers that stand-in frames had, and
 * the record. Everything is checked again here, whatever the wizard has seen before.
 */
export const commissionVehicle = defineMutator({
  name: 'commission.vehicle',
  args: z.strictObject({ input: commissioningInput, bench: benchOutcome }),
  access: 'commission.work',
  label: 'Commissioned a vehicle',
  async run(tx, { input, bench }, context) {
    requireFullScope(context.principal);
    const { patterns } = await settingsOf(tx);
    if (isPlaceholder(input.vin, patterns)) throw fieldError('vin', `${input.vin} only stands in for a frame number. Scan the number on the vehicle.`);
    if (bench.result === 'passed' && bench.checks.some(({ state }) => state === 'fail' || state === 'wait')) throw new AppError('refused', 'The bench check has not passed. Repeat it, or accept the failures with a reason.');
    const found = await tx.findUnique(unit, 'telematicsId', input.telematicsId);
    if (found === undefined || found.source !== 'registered' || found.telematicsId === undefined) throw fieldError('telematicsId', `Unit ${input.telematicsId} is not registered here. Ask the supplier to configure it.`);
    const holder = (await tx.findUnique(product, 'telematicsId', input.telematicsId)) ?? (await tx.findUnique(product, 'deviceId', found.deviceId));
    if (holder !== undefined && !isPlaceholder(holder.vin, patterns)) throw bound('Unit', input.telematicsId, holder);
    await checkBattery(tx, input.modelId, input.batteryModel);
    await requireReference(tx, 'customerId', customer, input.customerId);
    await requireReference(tx, 'locationId', location, input.locationId);
    checkSaleDates(input);
    await refuseBatteryOfSlot(tx, input.bmsId);

    const rows: RowChanged[] = [];
    const released: CommissioningDetail['released'] = [];
    for (const part of ['battery', 'motor'] as const) {
      const taken = await release(tx, part, part === 'battery' ? input.bmsId : input.motorId, holder?.id, patterns);
      if (taken === undefined) continue;
      rows.push(taken.note);
      released.push({ part, vin: taken.vin });
    }
    const productPatch = Object.fromEntries(PRODUCT_KEYS.map((key) => [key, input[key]])) as Pick<CommissioningInput, (typeof PRODUCT_KEYS)[number]>;
    const salePatch = Object.fromEntries(SALE_KEYS.map((key) => [key, input[key]])) as Pick<CommissioningInput, (typeof SALE_KEYS)[number]>;
    let vehicle: ProductRow;
    let bindingId: string | undefined;
    if (holder === undefined) {
      vehicle = await tx.insert(product, context.newId(), { ...productPatch, telematicsId: found.telematicsId, deviceId: found.deviceId });
      rows.push({ resource: 'product', id: vehicle.id, revision: vehicle.revision });
      const { id, revision } = await tx.insert(sale, context.newId(), { productId: vehicle.id, ...salePatch });
      rows.push({ resource: 'sale', id, revision });
      bindingId = (await bindUnit(tx, context, found, vehicle.id)).id;
    } else {
      released.push({ part: 'vcu', vin: holder.vin });
      const changed = await change(tx, product, holder, productPatch);
      vehicle = changed.row;
      rows.push(changed.note);
      const [known] = await tx.find(sale, { productId: vehicle.id }, { limit: 1 });
      if (known === undefined) {
        const { id, revision } = await tx.insert(sale, context.newId(), { productId: vehicle.id, ...salePatch });
        rows.push({ resource: 'sale', id, revision });
      } else rows.push((await change(tx, sale, known, salePatch)).note);
    }
    await refusePhoneOfMember(tx, context.principal, input.phone, vehicle.id);

    const model = await tx.need(vehicleModel, vehicle.modelId);
    const owner = await tx.need(customer, input.customerId);
    const city = await tx.need(location, input.locationId);
    const address = [input.address1, input.address2, input.address3].filter((line) => line !== undefined);
    const record = await tx.insert(commissioningRecord, context.newId(), {
      productId: vehicle.id, customerId: owner.id, kind: 'commissioned', at: context.now, technician: context.principal.name,
      vin: vehicle.vin, telematicsId: vehicle.telematicsId, deviceId: vehicle.deviceId, bmsId: vehicle.bmsId, motorId: vehicle.motorId,
      model: model.name, batteryModel: vehicle.batteryModel, communicationType: vehicle.communicationType,
      customer: owner.name, userName: input.userName, phone: input.phone, productStatus: input.productStatus,
      bench: bench.result, reason: bench.result === 'passed' ? undefined : bench.reason,
      detail: {
        ...(bench.result === 'skipped' ? {} : { checks: bench.checks, checkedAt: bench.checkedAt }),
        released,
        rows: merged(rows),
        city: city.city,
        ...(address.length === 0 ? {} : { address }),
        ...(input.purchaseDate === undefined ? {} : { purchaseDate: input.purchaseDate }),
        ...(input.warrantyEnd === undefined ? {} : { warrantyEnd: input.warrantyEnd }),
        ...(bindingId === undefined ? {} : { bindingId }),
      },
    });
    return { recordId: record.id, vehicleId: vehicle.id, vin: vehicle.vin };
  },
});

const RESOURCE_OF = { product, sale } as const;

/** Why a commissioning cannot be undone any more: the first row of it that has changed since. */
async function changedSince(tx: Tx, rows: CommissioningDetail['rows'], bindingId: string | undefined): Promise<string | undefined> {
  for (const { resource, id, revision } of rows) {
    const row = await tx.get<Fields>(RESOURCE_OF[resource], id);
    if (row === undefined) return `Its ${resource} was deleted since.`;
    if (row.revision !== revision) return `Its ${resource} was changed since.`;
  }
  if (bindingId === undefined) return undefined;
  const held = await tx.get(binding, bindingId);
  return held === undefined || held.revision !== 1 ? 'Its unit was swapped since.' : undefined;
}

/**
 * Takes a commissioning back as one change, as long as none of its rows has changed since: stand-in frames get their numbers back, rows
 * that it made are deleted. The record stays, and a record of the undo beside it.
 */
export const undoCommissioning = defineMutator({
  name: 'commission.undo',
  args: z.strictObject({ recordId: z.uuid(), reason: z.string().trim().min(3, 'Say why it is undone.').max(500) }),
  access: 'commission.work',
  label: 'Undid a commissioning',
  async run(tx, { recordId, reason }, context) {
    requireFullScope(context.principal);
    const record = await tx.need(commissioningRecord, recordId);
    if (record.kind !== 'commissioned') throw new AppError('refused', 'This record is of an undo already.');
    if ((await tx.find(commissioningRecord, { undoes: recordId }, { limit: 1 })).length > 0) throw new AppError('refused', 'This commissioning was undone already.');
    const { rows, bindingId } = record.detail;
    const why = await changedSince(tx, rows, bindingId);
    if (why !== undefined) throw new AppError('refused', `This commissioning cannot be undone any more. ${why} Change the vehicle under Products and Sales instead.`);
    if (bindingId !== undefined) await tx.delete(binding, bindingId);
    // Backwards: the vehicle gives its numbers up before a stand-in frame gets them back, and its sale goes before it does.
    for (const { resource, id, changed, before } of rows.toReversed()) {
      if (changed === undefined) {
        if (resource === 'product') await refuseWhileReferred(tx, product, id);
        await tx.delete<Fields>(RESOURCE_OF[resource], id);
      } else {
        await tx.update<Fields>(RESOURCE_OF[resource], id, Object.fromEntries(changed.map((key) => [key, before?.[key]])));
        // What has gone elsewhere meanwhile is not taken back from there.
        if (changed.includes('bmsId')) await refuseBatteryOfSlot(tx, String(before?.['bmsId']));
        if (resource === 'sale' && changed.includes('phone') && before?.['phone'] !== undefined) await refusePhoneOfMember(tx, context.principal, String(before['phone']), String((await tx.need(sale, id)).productId));
      }
    }
    const { id: _id, revision: _revision, createdAt: _created, updatedAt: _updated, ...facts } = record;
    const undo = await tx.insert(commissioningRecord, context.newId(), { ...facts, kind: 'undone', at: context.now, technician: context.principal.name, reason, undoes: recordId, detail: { released: [], rows: [] } });
    return { recordId: undo.id };
  },
});
