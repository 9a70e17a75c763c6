import type { AlertSummary } from '#shared/contract/alerts.ts';
import { FloodMeter, roseNow } from '#shared/domain/alerts/flood.ts';
import { ALERT_SEVERITIES, ALERT_TABS, type AlertSeverity, type AlertTab } from '#shared/domain/alerts/rule.ts';
import type { AlertRecord } from '#shared/resources/alert.ts';
import { sees, type AlertView } from '../store/operations/alerts/view.ts';
import type { AlertChange } from './board.ts';
import { isStale, present, type AlertNames } from './rows.ts';

type Counts = { open: number; unacknowledged: number; critical: number; high: number; low: number };

function emptyTabs(): Record<AlertTab, Counts> {
  return Object.fromEntries(ALERT_TABS.map((tab) => [tab, { open: 0, unacknowledged: 0, critical: 0, high: 0, low: 0 }])) as Record<AlertTab, Counts>;
}

/** Counts of one principal, kept up with every change: what the page's tabs, the bell and the sound need. */
export class SummaryCounts {
  readonly #view: AlertView;
  readonly #tabs = emptyTabs();
  readonly #newest = new Map<AlertSeverity, AlertRecord>();
  readonly #flood: FloodMeter;
  #shelved = 0;
  #suppressed = 0;
  #stale = 0;
  #told = { active: false, inTenMinutes: 0 };
  bell: number;

  /** Begins with what is open; `calls` are the instants of the last ten minutes' alerts in this view, oldest first, `bell` what it counts so far. */
  constructor(begin: { readonly view: AlertView; readonly open: Iterable<AlertRecord>; readonly calls: readonly number[]; readonly bell: number; readonly now: number; readonly positions?: number }) {
    this.#view = begin.view;
    this.bell = begin.bell;
    this.#flood = new FloodMeter(begin.positions);
    for (const at of begin.calls) this.#flood.add(at);
    for (const row of begin.open) {
      if (!sees(this.#view, row)) continue;
      this.#count(row, 1);
      this.#called(row);
    }
    this.tick(begin.now, begin.open);
  }

  /** Takes changes in; whether this view sees any of them. */
  apply(changes: readonly AlertChange[], now: number): boolean {
    let seen = false;
    for (const { before, after, added } of changes) {
      const was = before !== undefined && sees(this.#view, before);
      const is = after !== undefined && sees(this.#view, after);
      if (!was && !is) continue;
      seen = true;
      if (was) this.#count(before, -1);
      if (is) this.#count(after, 1);
      if (is && added && calls(after)) {
        this.bell++;
        if (roseNow(after.raisedAt, now)) this.#flood.add(now);
        this.#called(after);
      }
    }
    return seen;
  }

  /** What changes with time alone: stale alerts and the end of a flood. Whether something did. */
  tick(now: number, open: Iterable<AlertRecord>): boolean {
    let stale = 0;
    for (const row of open) if (isStale(row, now) && sees(this.#view, row)) stale++;
    const { active, inTenMinutes } = this.#flood.state(now);
    const changed = stale !== this.#stale || active !== this.#told.active || inTenMinutes !== this.#told.inTenMinutes;
    this.#stale = stale;
    this.#told = { active, inTenMinutes };
    return changed;
  }

  summary(revision: number, now: number, names: AlertNames): AlertSummary {
    return {
      revision,
      asOf: now,
      tabs: Object.fromEntries(ALERT_TABS.map((tab) => [tab, { ...this.#tabs[tab] }])) as AlertSummary['tabs'],
      shelved: this.#shelved,
      suppressed: this.#suppressed,
      stale: this.#stale,
      bell: this.bell,
      flood: this.#flood.state(now),
      newest: ALERT_SEVERITIES.flatMap((severity) => {
        const row = this.#newest.get(severity);
        return row ? [present({ alertId: row.id, severity, name: row.name, vin: row.vin, city: names.directory.vehicle(row.vehicleId)?.city, receivedAt: row.receivedAt })] : [];
      }),
    };
  }

  #count(row: AlertRecord, by: 1 | -1): void {
    if (row.clearedAt !== undefined) return;
    if (row.shelvedUntil !== undefined) this.#shelved += by;
    else if (row.mutedBy !== undefined) this.#suppressed += by;
    else {
      const tab = this.#tabs[row.tab];
      tab.open += by;
      tab[row.severity] += by;
      if (row.acknowledgedAt === undefined) tab.unacknowledged += by;
    }
  }

  #called(row: AlertRecord): void {
    if (!calls(row)) return;
    const known = this.#newest.get(row.severity);
    if (known === undefined || row.createdAt >= known.createdAt) this.#newest.set(row.severity, row);
  }
}

/** Whether an alert calls somebody: neither muted nor shelved. */
export function calls(row: AlertRecord): boolean {
  return row.mutedBy === undefined && row.shelvedUntil === undefined;
}
