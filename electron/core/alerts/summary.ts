import type { AlertSummary } from '#shared/contract/alerts.ts';
import { ALERT_SEVERITIES, ALERT_TABS, type AlertSeverity, type AlertTab } from '#shared/domain/alerts/rule.ts';
import type { AlertRecord } from '#shared/resources/alert.ts';
import { sees, type AlertView } from '../store/operations/alerts/view.ts';
import type { AlertChange } from './board.ts';
import { isStale, present, type AlertNames } from './rows.ts';

/** More than `FLOOD_FROM` alerts in `FLOOD_WINDOW` ms begin a flood, fewer than `FLOOD_UNTIL` end it (docs/domain.md, Alerts). */
export const FLOOD_WINDOW = 10 * 60_000;
const FLOOD_FROM = 10;
const FLOOD_UNTIL = 5;

type Counts = { open: number; unacknowledged: number; critical: number; high: number; low: number };

function emptyTabs(): Record<AlertTab, Counts> {
  return Object.fromEntries(ALERT_TABS.map((tab) => [tab, { open: 0, unacknowledged: 0, critical: 0, high: 0, low: 0 }])) as Record<AlertTab, Counts>;
}

/** Counts of one principal, kept up with every change: what the page's tabs, the bell and the sound need. */
export class SummaryCounts {
  readonly #view: AlertView;
  readonly #tabs = emptyTabs();
  readonly #newest = new Map<AlertSeverity, AlertRecord>();
  /** When what calls for attention was stored, oldest first. */
  #calls: number[] = [];
  #floodSince: number | undefined;
  #shelved = 0;
  #suppressed = 0;
  #stale = 0;
  bell: number;

  /** Begins with what is open; `calls` are the instants of the last ten minutes' alerts in this view, `bell` what it counts so far. */
  constructor(begin: { readonly view: AlertView; readonly open: Iterable<AlertRecord>; readonly calls: readonly number[]; readonly bell: number; readonly now: number }) {
    this.#view = begin.view;
    this.bell = begin.bell;
    this.#calls = [...begin.calls];
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
        this.#calls.push(now);
        this.#called(after);
      }
    }
    if (seen) this.#flood(now);
    return seen;
  }

  /** What changes with time alone: stale alerts and the end of a flood. Whether something did. */
  tick(now: number, open: Iterable<AlertRecord>): boolean {
    let stale = 0;
    for (const row of open) if (isStale(row, now) && sees(this.#view, row)) stale++;
    const before = `${this.#stale} ${this.#floodSince} ${this.#calls.length}`;
    this.#stale = stale;
    this.#flood(now);
    return `${this.#stale} ${this.#floodSince} ${this.#calls.length}` !== before;
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
      flood: { active: this.#floodSince !== undefined, ...(this.#floodSince === undefined ? {} : { since: this.#floodSince }), inTenMinutes: this.#calls.length },
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

  #flood(now: number): void {
    const from = this.#calls.findIndex((at) => at > now - FLOOD_WINDOW);
    if (from !== 0) this.#calls = from < 0 ? [] : this.#calls.slice(from);
    // It began with the alert that was one too many, not when this person signed in.
    if (this.#calls.length > FLOOD_FROM) this.#floodSince ??= this.#calls[FLOOD_FROM] ?? now;
    else if (this.#calls.length < FLOOD_UNTIL) this.#floodSince = undefined;
  }
}

/** Whether an alert calls somebody: neither muted nor shelved. */
export function calls(row: AlertRecord): boolean {
  return row.mutedBy === undefined && row.shelvedUntil === undefined;
}
