import type { AppContract } from '#shared/contract/index.ts';
import type { Principal } from '#shared/domain/access/principal.ts';
import { dayNames } from '#shared/kernel/day-names.ts';
import { principalOf, type Handlers } from '#shared/rpc/handlers.ts';
import type { RaisedRow } from '../store/operations/alerts/raised.ts';
import { queryOf } from './rows.ts';
import type { AlertServices } from './services.ts';
import { inSlices } from './sliced.ts';

const DAY = 86_400_000;
const TOP = 5;
/** Locations a chart shows by name; the rest is one bar. */
const LOCATIONS = 10;

/** The charts beside the grid. */
export function alertChartHandlers({ reader, book, names, clock, scheduler }: AlertServices): Pick<Handlers<AppContract, Principal>, 'alerts.charts'> {
  return {
    'alerts.charts': async ({ filter, days, timeZone }, context) => {
      const now = clock.now();
      const dayOf = dayNames(timeZone);
      const from = now - (days - 1) * DAY;
      const first = dayOf(from);
      const { show: _show, from: _from, to: _to, ...rest } = filter;
      const range = { from: from - DAY, to: now + DAY };
      const slices = reader.raisedSlices({ ...queryOf({ ...rest, show: 'all', ...range }, book.view(principalOf(context)), names, now), ...range });
      const perDay = new Map<string, { date: string; critical: number; high: number; low: number }>();
      for (let day = 0; day < days; day++) {
        const date = dayOf(from + day * DAY);
        perDay.set(date, { date, critical: 0, high: 0, low: 0 });
      }
      const byName = new Map<string, number>();
      const byCity = new Map<string, number>();
      const cities = new Map(names.directory.locations().map((row) => [row.id, row.city]));
      const count = (row: RaisedRow): void => {
        const date = dayOf(row.raisedAt);
        if (row.mutedBy !== undefined || date < first) return;
        const day = perDay.get(date);
        if (day) day[row.severity]++;
        byName.set(row.name, (byName.get(row.name) ?? 0) + 1);
        const cityId = row.cityId !== undefined && cities.has(row.cityId) ? row.cityId : '';
        byCity.set(cityId, (byCity.get(cityId) ?? 0) + 1);
      };
      await inSlices(slices, (rows) => rows.forEach(count), { clock, scheduler });
      const locations = ranked(byCity);
      const otherLocations = locations.slice(LOCATIONS).reduce((sum, entry) => sum + entry.count, 0);
      const byLocation = locations.slice(0, LOCATIONS).map(({ label, count }) => ({ ...(label === '' ? {} : { cityId: label }), city: cities.get(label) ?? '', count }));
      return { perDay: [...perDay.values()], top: ranked(byName).slice(0, TOP), byLocation, otherLocations };
    },
  };
}

function ranked(counts: ReadonlyMap<string, number>): { label: string; count: number }[] {
  return [...counts].map(([label, count]) => ({ label, count })).sort((a, b) => b.count - a.count || (a.label < b.label ? -1 : 1));
}
