import { z } from 'zod';
import { AppError } from '../../kernel/error.ts';
import { product } from '../../resources/product.ts';
import { batterySwap, station, stationSlot } from '../../resources/station.ts';
import { defineMutator } from '../mutator.ts';
import { resourceMutators } from '../resource-mutators.ts';
import type { Tx } from '../tx.ts';
import { fieldError, saleInScope, vehicleName } from './rules.ts';

/** Refuses a battery that lies in a slot of a station: it comes into a vehicle by a swap there. */
export async function refuseBatteryOfSlot(tx: Tx, bmsId: string): Promise<void> {
  const slot = await tx.findUnique(stationSlot, 'bmsId', bmsId);
  if (slot === undefined) return;
  const place = await tx.get(station, slot.stationId);
  throw new AppError('not-unique', `BMS ID ${bmsId} is in slot ${slot.slot} of ${place?.name ?? 'a swapping station'}. Take it out there first.`, { field: 'bmsId', ownerId: slot.id });
}

/** Stations; one whose slots hold batteries keeps as many slots as are needed for them. */
export const STATION_MUTATORS = resourceMutators('station', station, {
  async check(tx, row, _context, before) {
    if (before === undefined || row.slots >= before.slots) return;
    const highest = (await tx.find(stationSlot, { stationId: row.id })).reduce((most, { slot }) => Math.max(most, slot), 0);
    if (highest > row.slots) throw fieldError('slots', `Slot ${highest} holds a battery. Take it out first.`);
  },
});

/** Batteries in slots. A battery is in a vehicle or in a slot, never in both. */
export const STATION_SLOT_MUTATORS = resourceMutators('station-slot', stationSlot, {
  async check(tx, row, { principal }) {
    const { slots, name } = await tx.need(station, row.stationId);
    if (row.slot > slots) throw fieldError('slot', `${name} has ${slots} slots.`);
    const vehicle = await tx.findUnique(product, 'bmsId', row.bmsId);
    if (vehicle === undefined) return;
    const holder = await vehicleName(tx, principal, vehicle.id);
    throw new AppError('not-unique', holder === undefined ? `BMS ID ${row.bmsId} is in another vehicle. Enter another.` : `BMS ID ${row.bmsId} is in ${holder}. Enter another, or change ${holder} first.`, { field: 'bmsId' });
  },
});

/** A rider changed the battery: that of the slot goes into the vehicle, the vehicle's into the slot, and both are written down. */
export const swapBattery = defineMutator({
  name: 'station.swap',
  args: z.strictObject({ slotId: z.uuid(), productId: z.uuid(), /** SoC of the battery that comes into the slot, %. */ soc: z.number().min(0).max(100).optional() }),
  access: 'batteries.swap',
  label: 'Swapped a battery',
  async run(tx, { slotId, productId, soc }, context) {
    await saleInScope(tx, context.principal, productId);
    const slot = await tx.need(stationSlot, slotId);
    const vehicle = await tx.need(product, productId);
    if (slot.state === 'Faulty') throw new AppError('refused', `The battery ${slot.bmsId} is marked as faulty. Choose another slot.`);
    await tx.update(stationSlot, slot.id, { bmsId: vehicle.bmsId, soc, state: 'Charging' });
    await tx.update(product, productId, { bmsId: slot.bmsId });
    const swap = await tx.insert(batterySwap, context.newId(), { stationId: slot.stationId, productId, slot: slot.slot, batteryOut: vehicle.bmsId, batteryIn: slot.bmsId, at: context.now, by: context.principal.email });
    return { id: swap.id };
  },
});
