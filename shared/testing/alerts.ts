import type { AlertEffect, AlertEngineApi, AlertRecord, AlertRule, AlertRuleValues, AlertAct, HistoryRow } from '../domain/alerts/index.ts';
import type { ParameterCatalogue } from '../domain/telemetry/catalogue/index.ts';
import { createDecodedMessage, type DecodedMessage } from '../domain/telemetry/processor/index.ts';

let ruleNumber = 0;

/** A High rule of the BMS tab without delays; `over` says what is different. */
export function alertRule(over: Partial<AlertRuleValues & { id: string; version: number }> & Pick<AlertRuleValues, 'condition'>): AlertRule {
  return {
    id: `rule-${++ruleNumber}`, version: 1, name: 'A rule', tab: 'smart', severity: 'high', modelIds: [], onDelay: 0, offDelay: 0, latched: false,
    inhibition: 'sensor', shelvable: true, action: '', insightParameters: [], hiddenFromCustomerIds: [], enabled: true, ...over,
  };
}

/** One row of a vehicle's telemetry. Times in epoch ms; received at once where nothing else is said. */
export interface LedgerRow {
  readonly vehicle: string;
  readonly time: number;
  readonly seq: number;
  readonly receivedAt: number;
  readonly values: Readonly<Record<string, number>>;
}

export function ledgerMessage(row: LedgerRow, catalogue: ParameterCatalogue): DecodedMessage {
  const message = createDecodedMessage(32, 1);
  message.kind = 'sig';
  message.numbered = true;
  message.seq = row.seq;
  message.receivedAt = row.receivedAt;
  message.deviceTime = row.time;
  message.eventTime = row.time;
  message.rowCount = 1;
  message.rowTime[0] = row.time;
  Object.entries(row.values).forEach(([key, value], i) => {
    message.parameters[i] = catalogue.numberOf(key);
    message.values[i] = value;
    message.count = i + 1;
  });
  message.rowStart[1] = message.count;
  return message;
}

export function historyRow(row: LedgerRow, catalogue: ParameterCatalogue): HistoryRow {
  const keys = Object.keys(row.values);
  return { time: row.time, seq: row.seq, receivedAt: row.receivedAt, parameters: keys.map((key) => catalogue.numberOf(key)), values: keys.map((key) => row.values[key] as number) };
}

/** Keeps what an engine says, as its service does: alerts by id, acts, and the rows from which history is answered. */
export class AlertBook {
  readonly alerts = new Map<string, AlertRecord>();
  readonly told: string[] = [];
  readonly acts: { readonly vehicleId: string; readonly ruleId: string; readonly act: AlertAct }[] = [];
  readonly rows: LedgerRow[] = [];
  histories = 0;
  readonly #engine: AlertEngineApi;
  readonly #catalogue: ParameterCatalogue;

  constructor(engine: AlertEngineApi, catalogue: ParameterCatalogue) {
    this.#engine = engine;
    this.#catalogue = catalogue;
  }

  feed(row: LedgerRow): void {
    this.rows.push(row);
    const slot = this.#engine.setVehicle({ vehicleId: row.vehicle, modelId: 'model', cityId: 'city' }, row.receivedAt);
    this.take(this.#engine.apply(slot, ledgerMessage(row, this.#catalogue)));
  }

  act(vehicleId: string, ruleId: string, act: AlertAct, replay = false): string | undefined {
    const outcome = this.#engine.act(vehicleId, ruleId, act, replay);
    if ('refusal' in outcome) return outcome.refusal;
    this.acts.push({ vehicleId, ruleId, act: outcome.act });
    this.take(outcome.effects);
    return undefined;
  }

  advance(asOf: number): void {
    this.take(this.#engine.advance(asOf));
  }

  take(effects: readonly AlertEffect[]): void {
    for (const effect of effects) {
      if (effect.kind === 'history') this.#answer(effect.vehicleId, effect.from, effect.margin);
      else if (effect.kind === 'merged') this.alerts.delete(effect.alertId);
      else if (effect.kind === 'withdrawn') this.alerts.delete(effect.alert.id);
      else {
        this.alerts.set(effect.alert.id, effect.alert);
        this.told.push(effect.kind);
      }
    }
  }

  /** Alerts without their ids, oldest first. */
  get list(): Omit<AlertRecord, 'id' | 'receivedAt'>[] {
    return [...this.alerts.values()].map(({ id: _, receivedAt: __, ...rest }) => rest).sort((a, b) => (`${a.vehicleId} ${a.ruleId}` < `${b.vehicleId} ${b.ruleId}` ? -1 : `${a.vehicleId} ${a.ruleId}` > `${b.vehicleId} ${b.ruleId}` ? 1 : a.raisedAt - b.raisedAt));
  }

  #answer(vehicleId: string, wanted: number, margin: number): void {
    this.histories++;
    const mine = [...this.alerts.values()].filter((alert) => alert.vehicleId === vehicleId);
    const endOf = (alert: AlertRecord): number => Math.max(alert.returnedAt ?? 0, alert.clearedAt ?? Number.POSITIVE_INFINITY);
    let from = wanted;
    for (let before = Number.NaN; before !== from; ) {
      before = from;
      for (const alert of mine) if (alert.raisedAt - margin < from && endOf(alert) > from) from = alert.raisedAt - margin;
    }
    const acts = this.acts.filter((act) => act.vehicleId === vehicleId && (act.act.effective ?? act.act.at) > from);
    const rules = new Set([...mine, ...acts].map(({ ruleId }) => ruleId));
    const known = [...rules].map((ruleId) => ({ ruleId, alerts: mine.filter((alert) => alert.ruleId === ruleId && endOf(alert) > from), acts: acts.filter((act) => act.ruleId === ruleId).map(({ act }) => act) }));
    const rows = this.rows.filter((row) => row.vehicle === vehicleId).sort((a, b) => a.time - b.time || a.seq - b.seq);
    const before = new Map<string, LedgerRow>();
    for (const row of rows) if (row.time < from) for (const [key, value] of Object.entries(row.values)) before.set(key, { ...row, values: { [key]: value } });
    const history = [...[...before.values()].sort((a, b) => a.time - b.time), ...rows.filter((row) => row.time >= from)];
    this.take(this.#engine.rederive(this.#engine.slotOf(vehicleId) as number, from, history.map((row) => historyRow(row, this.#catalogue)), Math.max(...rows.map((row) => row.receivedAt)), known));
  }
}
