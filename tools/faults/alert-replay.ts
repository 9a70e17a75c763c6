import { join } from 'node:path';
import { actOf, placed } from '#core/alerts/acts.ts';
import { AlertReader } from '#core/store/operations/alerts/reader.ts';
import { OPERATIONS_FILE } from '#core/store/operations/operations.ts';
import { OperationsReader } from '#core/store/operations/reader.ts';
import { AlertEngine, type AlertAct, type AlertRule } from '#shared/domain/alerts/index.ts';
import { createCatalogue } from '#shared/domain/telemetry/catalogue/index.ts';
import type { AlertRecord } from '#shared/resources/alert.ts';
import { alertRule } from '#shared/resources/alert-rule.ts';
import { product } from '#shared/resources/product.ts';
import { sale } from '#shared/resources/sale.ts';
import { AlertBook, ledgerMessage, type LedgerRow } from '#shared/testing/alerts.ts';
import type { Deed } from './alert-core.ts';
import { OwnTime } from './own-time.ts';
import { hold } from './types.ts';

/** What is stored follows what was received within this, ms of this process's own time. */
const PATIENCE = 15_000;
const PAUSE = 50;
/** What closes an alert that somebody had worked on and that never was. */
const NEVER_WAS = /^Late data/;
const catalogue = createCatalogue();

interface ReplayedAct {
  readonly vehicleId: string;
  readonly ruleId: string;
  readonly act: AlertAct;
}

/** One engine that hears rows and acts in the order of their times. */
class Replay {
  readonly engine = new AlertEngine({ catalogue });
  readonly book = new AlertBook(this.engine, catalogue);
  readonly #models: ReadonlyMap<string, { readonly modelId: string; readonly cityId?: string }>;

  constructor(rules: readonly AlertRule[], models: Replay['models']) {
    this.#models = models;
    this.engine.setRules(rules, 0);
  }

  get models(): ReadonlyMap<string, { readonly modelId: string; readonly cityId?: string }> {
    return this.#models;
  }

  feed(rows: readonly LedgerRow[], acts: readonly ReplayedAct[]): void {
    const timed = [...rows.map((row) => ({ at: row.time, order: 0, row })), ...acts.map((deed) => ({ at: deed.act.at, order: 1, deed }))].sort((a, b) => a.at - b.at || a.order - b.order || ('row' in a && 'row' in b ? a.row.seq - b.row.seq : 0));
    for (const one of timed) {
      if ('row' in one) {
        const slot = this.engine.setVehicle({ vehicleId: one.row.vehicle, ...(this.models.get(one.row.vehicle) ?? { modelId: '' }) }, one.at);
        this.book.take(this.engine.apply(slot, ledgerMessage(one.row, catalogue)));
      } else {
        this.book.act(one.deed.vehicleId, one.deed.ruleId, one.deed.act, true);
      }
    }
  }
}

/** Holds the alerts that a folder stores to a replay of what units sent and people did, in order. */
export class AlertReplay {
  readonly #path: string;
  readonly #rows: LedgerRow[] = [];
  readonly #acts: ReplayedAct[] = [];
  readonly #deeds: Deed[] = [];
  readonly #rules: readonly AlertRule[];
  readonly #replay: Replay;
  #fedRows = 0;
  #sequence = 0;
  /** Acts by alert and kind, as the change log has them. */
  readonly #logged = new Map<string, number>();
  #confirmed = 0;

  constructor(folder: string) {
    this.#path = join(folder, OPERATIONS_FILE);
    const read = new OperationsReader(this.#path);
    this.#rules = read.all(alertRule).map((row) => ({ ...row.rule, id: row.id, version: row.version }));
    const cities = new Map(read.all(sale).map((row) => [row.productId, row.locationId]));
    const models = new Map(read.all(product).map((row) => [row.id, { modelId: row.modelId, ...(cities.get(row.id) === undefined ? {} : { cityId: cities.get(row.id) as string }) }]));
    read.close();
    this.#replay = new Replay(this.#rules, models);
  }

  get alerts(): number {
    return this.#replay.book.alerts.size;
  }

  get acts(): number {
    return this.#acts.length;
  }

  /** A unit measured this; it will be sent until it is acknowledged. */
  sent(row: LedgerRow): void {
    this.#rows.push(row);
  }

  /** Somebody was told that this is done. */
  confirmed(deed: Deed): void {
    this.#deeds.push(deed);
  }

  /** All that was sent is stored: the alerts become what the replay says, and every act that was confirmed is kept. */
  async check(): Promise<void> {
    const read = new OperationsReader(this.#path);
    const time = new OwnTime();
    try {
      const reader = new AlertReader(read.database);
      const acts = this.#readActs(reader);
      for (; this.#confirmed < this.#deeds.length; this.#confirmed++) {
        const { kind, alertId } = this.#deeds[this.#confirmed] as Deed;
        const id = reader.get(alertId)?.id ?? alertId;
        const left = (this.#logged.get(`${kind} ${id}`) ?? 0) + (id === alertId ? 0 : (this.#logged.get(`${kind} ${alertId}`) ?? 0));
        hold(left > 0, `alert ${alertId}: "${kind}" was confirmed and is lost`);
      }
      this.#replay.feed(this.#rows.slice(this.#fedRows), acts);
      this.#fedRows = this.#rows.length;
      this.#acts.push(...acts);
      for (;;) {
        this.#replay.book.advance(Date.now());
        const difference = this.#difference(reader, this.#replay);
        if (difference === undefined) return;
        hold(time.now() < PATIENCE, difference);
        await new Promise((resolve) => setTimeout(resolve, PAUSE));
      }
    } finally {
      time.stop();
      read.close();
    }
  }

  /** The same, against a replay from the beginning. */
  async checkWhole(): Promise<void> {
    await this.check();
    const whole = new Replay(this.#rules, this.#replay.models);
    whole.feed(this.#rows, this.#acts);
    whole.book.advance(Date.now());
    const read = new OperationsReader(this.#path);
    const difference = this.#difference(new AlertReader(read.database), whole);
    read.close();
    hold(difference === undefined, `replayed from the beginning: ${difference ?? ''}`);
  }

  #readActs(reader: AlertReader): ReplayedAct[] {
    const acts: ReplayedAct[] = [];
    for (const change of reader.changes(this.#sequence)) {
      this.#sequence = Math.max(this.#sequence, change.sequence);
      const row = change.row as unknown as AlertRecord;
      const act = actOf(change, row);
      if (!act) continue;
      acts.push({ vehicleId: row.vehicleId, ruleId: row.ruleId, act: placed(act, row) });
      for (const id of new Set([row.id, change.rowId])) this.#logged.set(`${act.kind} ${id}`, (this.#logged.get(`${act.kind} ${id}`) ?? 0) + 1);
    }
    return acts;
  }

  /** What is not as replayed, in words; undefined: everything is. */
  #difference(reader: AlertReader, { book }: Replay): string | undefined {
    const stored = new Map(reader.list({ view: 'all', now: 0, show: 'all' }, undefined, 0, 1_000_000).rows.filter((row) => !NEVER_WAS.test(row.clearedBy ?? '')).map((row) => [row.id, row]));
    for (const alert of book.alerts.values()) {
      const row = stored.get(alert.id);
      const told = `${this.#rules.find(({ id }) => id === alert.ruleId)?.name ?? alert.ruleId}, ${alert.vehicleId}, alert ${alert.id}`;
      if (!row) return `${told} is not stored: ${JSON.stringify(alert)}`;
      // Who acknowledged what had just ended by itself did so all the same.
      const tooLate = alert.acknowledgedAt === undefined && alert.clearedAt !== undefined && (row.acknowledgedAt ?? 0) >= alert.clearedAt;
      for (const key of ['raisedAt', 'lastOccurrenceAt', 'occurrences', 'returnedAt', 'acknowledgedAt', 'clearedAt', 'clearComment', 'forced'] as const) {
        if (row[key] !== alert[key] && !(key === 'acknowledgedAt' && tooLate)) return `${told}: ${key} is ${String(row[key])}, ${String(alert[key])} replayed; stored ${JSON.stringify(row)}, replayed ${JSON.stringify(alert)}`;
      }
    }
    for (const row of stored.values()) if (!book.alerts.has(row.id)) return `${row.name}, alert ${row.id} is stored and not replayed: ${JSON.stringify(row)}`;
    return undefined;
  }
}
