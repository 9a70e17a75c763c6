import type { AppContract } from '#shared/contract/index.ts';
import { ALERT_MUTES } from '#shared/domain/alerts/rule.ts';
import { KpiFigures } from '#shared/domain/alerts/kpi.ts';
import type { Principal } from '#shared/domain/access/principal.ts';
import { AppError } from '#shared/kernel/error.ts';
import { principalOf, type Handlers } from '#shared/rpc/handlers.ts';
import type { RaisedRow } from '../store/operations/alerts/raised.ts';
import type { AlertServices } from './services.ts';
import { POSITIONS, positionsOf } from './positions.ts';
import { inSlices } from './sliced.ts';

/** Alerts that rose earlier than this before the range are not looked for, ms. */
const EARLIER = 30 * 86_400_000;
/** Longest range of the figures, ms. */
const LONGEST = 92 * 86_400_000;

/** The figures of alarm performance over what the principal sees. */
export function alertKpiHandlers({ operations, reader, book, clock, scheduler }: AlertServices): Pick<Handlers<AppContract, Principal>, 'alerts.kpi' | 'alerts.setPositions'> {
  return {
    'alerts.setPositions': async ({ positions }, context) => {
      await operations.mutate(principalOf(context), 'setting.set', { key: POSITIONS, value: positions });
      return {};
    },
    'alerts.kpi': async ({ from, to }, context) => {
      if (!(to > from) || to - from > LONGEST) throw new AppError('invalid-input', 'Choose a range of at most 92 days whose end is after its beginning.');
      const now = clock.now();
      const view = book.view(principalOf(context));
      const positions = positionsOf(operations);
      const names = new Map<string, string>();
      const vins = new Map<string, string>();
      const suppressed = new Map<string, number>();
      const figures = new KpiFigures(from, to, now, positions);
      const take = (row: RaisedRow): void => {
        names.set(row.ruleId, row.name);
        vins.set(row.vehicleId, row.vin);
        figures.add({ ...row, muted: row.mutedBy !== undefined, byPerson: row.clearComment !== undefined });
        if (row.mutedBy !== undefined && row.raisedAt >= from) suppressed.set(row.mutedBy, (suppressed.get(row.mutedBy) ?? 0) + 1);
      };
      // What was cleared in the range may have risen before it, and what stands open as well.
      for (const query of [{ from: from - EARLIER, to: from, openAt: from }, { from, to }]) {
        await inSlices(reader.raisedSlices({ view, now, show: 'all', ...query }), (rows) => rows.forEach(take), { clock, scheduler });
      }
      const kpi = figures.result();
      const name = (ruleId: string): string => names.get(ruleId) ?? '';
      return {
        positions,
        total: kpi.total,
        perHour: { ...kpi.perHour },
        perTenMinutes: { ...kpi.perTenMinutes },
        floodShare: kpi.floodShare,
        topTenShare: kpi.topTenShare,
        top: kpi.top.map(({ ruleId, count }) => ({ ruleId, name: name(ruleId), count })),
        chattering: kpi.chattering.map(({ ruleId, vehicleId, occurrences }) => ({ ruleId, name: name(ruleId), vin: vins.get(vehicleId) ?? '', occurrences })),
        stale: kpi.stale,
        turnAround: { ...kpi.turnAround },
        hours: kpi.hours.map((hour) => ({ ...hour })),
        suppressed: ALERT_MUTES.flatMap((mutedBy) => (suppressed.has(mutedBy) ? [{ mutedBy, count: suppressed.get(mutedBy) ?? 0 }] : [])),
      };
    },
  };
}
