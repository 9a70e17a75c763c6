import type { KnownAlerts } from '#shared/domain/alerts/rederive.ts';
import type { AlertAct, AlertRecord as EngineAlert } from '#shared/domain/alerts/types.ts';
import { alert, type AlertRecord } from '#shared/resources/alert.ts';
import type { AlertReader } from '../store/operations/alerts/reader.ts';
import type { Operations } from '../store/operations/operations.ts';
import { actOf, placed } from './acts.ts';
import { present, stateOf } from './rows.ts';

/** Alerts and acts of one vehicle that are looked at; a vehicle with more than that is derived again without the older ones. */
const ALERTS = 2000;
const ACTS = 200;

/** A stored alert as the engine takes it. */
export function engineAlertOf(row: AlertRecord): EngineAlert {
  const { id, ruleId, ruleVersion, vehicleId, raisedAt, receivedAt, lastOccurrenceAt, occurrences, returnedAt, acknowledgedAt, acknowledgedBy, clearedAt, clearedBy, clearComment, forced, shelvedUntil, shelvedBy, shelfReason, mutedBy } = row;
  // What cleared itself has no comment.
  const byPerson = clearComment !== undefined;
  return present({
    id, ruleId, ruleVersion, vehicleId, state: stateOf(row), raisedAt, receivedAt, lastOccurrenceAt, occurrences, returnedAt, acknowledgedAt, acknowledgedBy, clearedAt,
    clearedBy: byPerson ? clearedBy : undefined,
    clearReason: clearedAt !== undefined && !byPerson ? ('condition-ended' as const) : undefined,
    clearComment, forced, shelvedUntil, shelvedBy, shelfReason, mutedBy,
  });
}

/** What is stored of a vehicle's alerts that were open at `from` or later, by rule, with every act on them; `first`: when the first of them rose. */
export function knownAlerts(operations: Pick<Operations, 'read'>, reader: AlertReader, vehicleId: string, from: number, now: number): { readonly known: KnownAlerts; readonly first: number } {
  const rows = reader.ofVehicle(vehicleId, from, now + 1, ALERTS);
  const byRule = new Map<string, { alerts: EngineAlert[]; acts: AlertAct[] }>();
  for (const row of rows) {
    const entry = byRule.get(row.ruleId) ?? { alerts: [], acts: [] };
    byRule.set(row.ruleId, entry);
    entry.alerts.push(engineAlertOf(row));
    for (const change of operations.read.history(alert, row.id, { limit: ACTS })) {
      const act = actOf(change, row);
      const seen = act && reader.seen(change.sequence);
      if (act) entry.acts.push(seen ? placed(act, seen) : act);
    }
  }
  return { known: [...byRule].map(([ruleId, entry]) => ({ ruleId, ...entry })), first: Math.min(from, ...rows.map((row) => row.raisedAt)) };
}
