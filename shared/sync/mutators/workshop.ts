import { z } from 'zod';
import type { Principal } from '../../domain/access/principal.ts';
import { WORKSHOP_HOURS } from '../../domain/alerts/workshop.ts';
import { AppError } from '../../kernel/error.ts';
import { uuidv5 } from '../../kernel/ids.ts';
import { workshopStay } from '../../resources/workshop-stay.ts';
import { defineMutator } from '../mutator.ts';
import { saleInScope } from './rules.ts';

const HOUR = 3_600_000;

const stayId = (vehicleId: string): string => uuidv5(`workshop:${vehicleId}`);

/** Whoever works on alerts or on vehicles. */
function requireWork({ permissions }: Principal): void {
  if (!permissions.has('alerts.work') && !permissions.has('commission.work')) throw new AppError('forbidden', 'Your role may not put vehicles into workshop mode.');
}

/** Puts a vehicle into workshop mode, or changes how long it is; it ends by itself. */
export const enterWorkshop = defineMutator({
  name: 'workshop.enter',
  args: z.strictObject({ vehicleId: z.uuid(), hours: z.union(WORKSHOP_HOURS.map((hours) => z.literal(hours))), reason: z.string().trim().min(1).max(500) }),
  access: 'signed-in',
  label: 'Put a vehicle into workshop mode',
  async run(tx, { vehicleId, hours, reason }, { principal, now }) {
    requireWork(principal);
    await saleInScope(tx, principal, vehicleId);
    const id = stayId(vehicleId);
    const values = { until: now + hours * HOUR, reason, setBy: principal.name };
    if ((await tx.get(workshopStay, id)) === undefined) await tx.insert(workshopStay, id, { vehicleId, ...values });
    else await tx.update(workshopStay, id, values);
    return { until: values.until };
  },
});

/** Takes a vehicle out of workshop mode; one that is in none stays so. */
export const leaveWorkshop = defineMutator({
  name: 'workshop.leave',
  args: z.strictObject({ vehicleId: z.uuid() }),
  access: 'signed-in',
  label: 'Took a vehicle out of workshop mode',
  async run(tx, { vehicleId }, { principal }) {
    requireWork(principal);
    await saleInScope(tx, principal, vehicleId);
    const id = stayId(vehicleId);
    if ((await tx.get(workshopStay, id)) !== undefined) await tx.delete(workshopStay, id);
    return {};
  },
});
