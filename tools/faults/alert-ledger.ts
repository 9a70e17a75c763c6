import type { Ingest } from '#core/ingest/create-ingest.ts';
import { AlertEngine, type AlertRule } from '#shared/domain/alerts/index.ts';
import { createCatalogue } from '#shared/domain/telemetry/catalogue/index.ts';
import { AlertBook, alertRule, type LedgerRow } from '#shared/testing/alerts.ts';
import { hold } from './types.ts';

const catalogue = createCatalogue();
/** Rows kept where everything is replayed in order: more than there are. */
const ALL = 1_000_000;
const RULES: readonly AlertRule[] = [
  alertRule({ id: 'low', severity: 'low', condition: { kind: 'compare', parameter: 'soc', op: '<', value: 2, deadBand: 30 } }),
  alertRule({ id: 'high', condition: { kind: 'compare', parameter: 'soc', op: '>', value: 99, deadBand: 20 }, offDelay: 1 }),
  alertRule({ id: 'again', condition: { kind: 'repeat', condition: { kind: 'compare', parameter: 'soc', op: '<', value: 1 }, count: 3, within: 5 } }),
];

function createBook(rows?: number): { readonly engine: AlertEngine; readonly book: AlertBook } {
  const engine = new AlertEngine({ catalogue, settle: 0, ...(rows === undefined ? {} : { rows }) });
  engine.setRules(RULES, 0);
  return { engine, book: new AlertBook(engine, catalogue) };
}

/** Alerts of the messages that a pipeline takes in from `devices`, in the order in which it does; late ones are answered from what came before. */
export class AlertLedger {
  readonly #watch = createBook();
  readonly #stop: { dispose(): void };

  constructor(ingest: Ingest, devices: ReadonlySet<string>) {
    const { engine, book } = this.#watch;
    this.#stop = ingest.pipeline.onDecoded.on(({ unit, message }) => {
      if (!devices.has(unit.deviceId)) return;
      const slot = engine.setVehicle({ vehicleId: unit.deviceId, modelId: '' }, message.receivedAt);
      for (let row = 0; row < message.rowCount; row++) {
        const values: Record<string, number> = {};
        for (let i = message.rowStart[row] as number; i < (message.rowStart[row + 1] as number); i++) values[catalogue.byNumber(message.parameters[i] as number)?.key ?? ''] = message.values[i] as number;
        book.rows.push({ vehicle: unit.deviceId, time: message.rowTime[row] as number, seq: message.seq, receivedAt: message.receivedAt, values });
      }
      book.take(engine.apply(slot, message));
    });
  }

  /** Holds them to the alerts of `sent` in order of time; returns how many there are. */
  check(sent: readonly LedgerRow[]): number {
    this.#stop.dispose();
    const inOrder = createBook(ALL).book;
    for (const row of sent.toSorted((a, b) => a.time - b.time || a.seq - b.seq)) inOrder.feed(row);
    const until = Math.max(...sent.map(({ time }) => time)) + 60_000;
    const found = [this.#watch.book, inOrder].map((book) => {
      book.advance(until);
      // Whether data were late depends on when they came, which the ledger does not say.
      return book.list.map(({ vehicleId, ruleId, raisedAt, lastOccurrenceAt, returnedAt, occurrences }) => JSON.stringify([vehicleId, ruleId, raisedAt, lastOccurrenceAt, returnedAt, occurrences]));
    });
    const [arrived = [], expected = []] = found;
    const missing = expected.filter((alert) => !arrived.includes(alert));
    hold(missing.length === 0 && arrived.length === expected.length, `${arrived.length} alerts came of what arrived, ${expected.length} of the ledger; not found: ${missing.slice(0, 3).join(' ')}; instead: ${arrived.filter((alert) => !expected.includes(alert)).slice(0, 3).join(' ')}`);
    return expected.length;
  }
}
