import { defaultRules } from '#shared/domain/alerts/defaults/index.ts';
import type { Principal } from '#shared/domain/access/principal.ts';
import { AppError } from '#shared/kernel/error.ts';
import { uuidv5 } from '#shared/kernel/ids.ts';
import type { Log } from '#shared/kernel/ports.ts';
import { vehicleModel } from '#shared/resources/vehicle-model.ts';
import type { Operations } from '../operations.ts';

/**
 * Gives a workspace the default alert rules, each once: what an administrator changes or removes later stays so. A rule whose name
 * somebody has used already is left out.
 */
export async function seedAlertRules({ operations, system, now, log }: { readonly operations: Operations; readonly system: Principal; readonly now: number; readonly log: Log }): Promise<void> {
  const models = operations.read.all(vehicleModel).map(({ id, wheels }) => ({ id, wheels }));
  // Rules by category need the models; they come with these.
  if (models.length === 0) return;
  const missing = defaultRules(models)
    .map((rule) => ({ rule, id: uuidv5(`${operations.nodeId}:alert-rule:${rule.id}`) }))
    .filter(({ id }) => !operations.read.isApplied(id));
  await Promise.all(
    missing.map(async ({ rule: { id: ruleId, version: _version, ...values }, id }) => {
      try {
        await operations.mutate(system, 'alert-rule.create', { id: ruleId, values }, { id, at: now });
      } catch (error) {
        if (!(error instanceof AppError) || (error.code !== 'not-unique' && error.code !== 'conflict')) throw error;
        log.write('warn', 'a default alert rule was left out', { rule: values.name, reason: error.message });
      }
    }),
  );
}
