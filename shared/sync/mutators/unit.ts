import { z } from 'zod';
import { unitIdOf } from '../../kernel/ids.ts';
import { product } from '../../resources/product.ts';
import { unit, type UnitRow } from '../../resources/unit.ts';
import { defineMutator } from '../mutator.ts';
import type { Tx } from '../tx.ts';
import { requireFullScope } from './rules.ts';

/** A unit that the broker has heard and nobody registered: it gets its row, so that its data has a name. */
export const unitSeen = defineMutator({
  name: 'unit.seen',
  args: z.strictObject({ deviceId: unit.fields.deviceId.schema, at: z.number().int().min(0) }),
  access: 'system',
  label: 'Saw a new unit',
  async run(tx, { deviceId, at }) {
    const id = unitIdOf(deviceId);
    if ((await tx.get(unit, id)) === undefined) await tx.insert(unit, id, { deviceId, kind: 'VCU', source: 'seen', firstSeenAt: at });
    return { id };
  },
});

/** A unit that was shipped and is in no vehicle yet. */
export const registerSpareUnit = defineMutator({
  name: 'unit.register',
  args: z.strictObject({ deviceId: unit.fields.deviceId.schema, telematicsId: product.fields.telematicsId.schema, kind: z.enum(['VCU', 'VTS']).default('VCU') }),
  access: 'admin.write',
  label: 'Registered a unit',
  async run(tx, args, { principal }) {
    requireFullScope(principal);
    const row = await registerUnit(tx, args);
    return { id: row.id };
  },
});

/** The row of a unit that is being registered: made, or completed where the broker saw the unit first. */
export async function registerUnit(tx: Tx, values: { readonly deviceId: string; readonly telematicsId: string; readonly kind: UnitRow['kind'] }): Promise<UnitRow> {
  const id = unitIdOf(values.deviceId);
  const known = await tx.get(unit, id);
  if (known === undefined) return tx.insert(unit, id, { ...values, source: 'registered' });
  return tx.update(unit, id, { telematicsId: values.telematicsId, kind: values.kind, source: 'registered' });
}
