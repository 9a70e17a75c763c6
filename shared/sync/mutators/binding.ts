import { AppError } from '../../kernel/error.ts';
import { binding, type BindingRow } from '../../resources/binding.ts';
import type { UnitRow } from '../../resources/unit.ts';
import type { MutationContext } from '../mutator.ts';
import type { Tx } from '../tx.ts';

const FOREVER = Number.POSITIVE_INFINITY;

function overlaps(row: BindingRow, from: number): boolean {
  return (row.validTo ?? FOREVER) > from;
}

/**
 * Binds a unit to a vehicle from an instant on. Without `from`: since the unit was first heard, if it was never bound before
 * (what it sent on the bench belongs to this vehicle), else from now. Throws AppError conflict where it would overlap.
 */
export async function bindUnit(tx: Tx, context: MutationContext, unit: UnitRow, vehicleId: string, from?: number): Promise<BindingRow> {
  const ofUnit = await tx.find(binding, { unitId: unit.id });
  const ofVehicle = await tx.find(binding, { vehicleId });
  const start = from ?? (ofUnit.length === 0 && ofVehicle.length === 0 ? Math.min(context.now, unit.firstSeenAt ?? context.now) : context.now);
  const clash = [...ofUnit, ...ofVehicle].find((row) => overlaps(row, start));
  if (clash !== undefined) {
    const what = clash.unitId === unit.id ? `Unit ${unit.deviceId} is bound to another vehicle` : 'This vehicle has another unit';
    throw new AppError('conflict', `${what} at that time. End that binding first.`, { resource: 'binding', id: clash.id });
  }
  return tx.insert(binding, context.newId(), { unitId: unit.id, vehicleId, validFrom: start });
}

/** Ends the vehicle's open binding now; one that has not begun ends where it begins. */
export async function releaseUnit(tx: Tx, context: MutationContext, vehicleId: string): Promise<void> {
  for (const row of await tx.find(binding, { vehicleId, validTo: undefined })) await tx.update(binding, row.id, { validTo: Math.max(row.validFrom, context.now) });
}
