import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DirectReceiver } from '#core/ingest/direct-receiver.ts';
import { PARAMETER } from '#shared/domain/telemetry/catalogue/index.ts';
import { encodeSignals } from '#shared/domain/telemetry/wire/index.ts';
import { unitIdOf } from '#shared/kernel/ids.ts';
import { systemClock } from '#shared/platform-node/system-clock.ts';
import { SeededRandom } from '#shared/testing/random.ts';
import type { LedgerRow } from '#shared/testing/alerts.ts';
import { AlertLedger } from './alert-ledger.ts';
import { openIngest } from './ingest-setup.ts';
import { Numbers, readStored } from './stored.ts';
import { hold, type Fault } from './types.ts';

/** Messages of the ledger, before they are repeated; the full figure is 25 times as many. */
const USUAL = 2_000_000;
const UNITS = 40;
/** Messages of a boot: at least, and at most so many more. What is a day late then spans few boots. */
const BOOT = 1000;
const BOOT_MORE = 20_000;
const DAY = 86_400_000;
/** Units whose alerts are held to the ledger, and the most messages for which they are: every late stretch is read again. */
const WATCHED = 2;
const WATCHED_TOTAL = 200_000;

interface Sent {
  readonly unit: number;
  readonly boot: number;
  readonly seq: number;
  /** What it says of soc, and when it was measured. */
  readonly value: number;
  readonly at: number;
  readonly late: boolean;
}

interface LedgerUnit {
  readonly device: string;
  boot: number;
  bootLength: number;
  seq: number;
  /** Numbers by boot: delivered, and lost on the way. */
  readonly delivered: Map<number, Numbers>;
  readonly lost: Map<number, Numbers>;
  newest: Sent | undefined;
  /** Held back, to come a day late. */
  held: Sent[];
}

/** F7: the network loses, repeats and reorders, and units send a day late. */
export const disorder: Fault = {
  name: 'disorder',
  describe: 'duplicates ×1–5, order lost over up to 10,000 messages, 1 % lost, a day late: stored, shown and missing are what the ledger says',
  async run({ scale, seed, say }) {
    const total = Math.max(1000, Math.round(USUAL * scale));
    const random = new SeededRandom(seed);
    const folder = mkdtempSync(join(tmpdir(), 'disorder-'));
    // Measured in order; a unit measures once in a millisecond, in which it does not start again.
    const span = Math.max(60_000, Math.ceil(total / UNITS));
    const begin = systemClock.now() - span;
    // The console's time goes with the units': what a long run receives is not old for that.
    let time = begin;
    const clock = { now: () => time, monotonic: () => systemClock.monotonic() };
    const { ingest, state } = await openIngest(folder, { clock });
    const receiver = new DirectReceiver(clock);
    await ingest.receive(receiver);
    const { counters } = ingest.pipeline;
    const watched = new Set(total > WATCHED_TOTAL ? [] : Array.from({ length: WATCHED }, (_, i) => `unit-${i}`));
    const alerts = new AlertLedger(ingest, watched);
    const rows: LedgerRow[] = [];
    const units = Array.from({ length: UNITS }, (_, i): LedgerUnit => ({ device: `unit-${i}`, boot: 1, bootLength: BOOT + random.below(BOOT_MORE), seq: 0, delivered: new Map(), lost: new Map(), newest: undefined, held: [] }));
    const ledger = { made: 0, sent: 0, delivered: 0, lost: 0 };
    const make = (index: number, left: number): Sent => {
      const unit = units[index] as LedgerUnit;
      if (unit.seq >= unit.bootLength) {
        unit.boot++;
        unit.bootLength = BOOT + random.below(BOOT_MORE);
        unit.seq = 0;
      }
      const message = { unit: index, boot: unit.boot, seq: unit.seq++, value: random.below(1001) / 10, at: begin + Math.floor((span * ledger.made) / total), late: false };
      ledger.made++;
      // The first and the last of a boot get through, so that everything lost lies between two that arrived.
      return { ...message, late: !isEdge(message, left) && random.below(50) === 0 };
    };
    const isEdge = ({ unit, seq }: Sent, left: number): boolean => seq === 0 || seq === (units[unit] as LedgerUnit).bootLength - 1 || left <= UNITS;
    const numbersOf = (map: Map<number, Numbers>, boot: number): Numbers => {
      const known = map.get(boot) ?? new Numbers();
      map.set(boot, known);
      return known;
    };
    let handed = 0;
    const deliver = async (messages: readonly Sent[]): Promise<void> => {
      for (const { unit: index, boot, seq, value, at, late } of messages) {
        const unit = units[index] as LedgerUnit;
        time = Math.max(time, at);
        const payload = encodeSignals({ boot, seq, up: seq, buffered: late, t0: late ? at - DAY : at, values: [[0, 'soc', value]] });
        receiver.deliver(`evf/1/f/${unit.device}/sig`, payload, { qos: handed % 2 === 0 ? 1 : 0 });
        ledger.sent++;
        if (numbersOf(unit.delivered, boot).add(seq)) {
          ledger.delivered++;
          if (watched.has(unit.device)) rows.push({ vehicle: unit.device, time: late ? at - DAY : at, seq, receivedAt: at, values: { soc: value } });
        }
        if (++handed % 500 !== 0) continue;
        receiver.settle();
        await receiver.ready();
        await new Promise((resolve) => setImmediate(resolve));
      }
    };

    try {
      while (ledger.made < total) {
        const window = Math.min(total - ledger.made, 1 + random.below(10_000));
        const batch: Sent[] = [];
        for (let i = 0; i < window; i++) {
          const left = total - ledger.made;
          const index = ledger.made % UNITS;
          const unit = units[index] as LedgerUnit;
          const message = make(index, left);
          if (!isEdge(message, left) && random.below(100) === 0) {
            numbersOf(unit.lost, message.boot).add(message.seq);
            ledger.lost++;
            continue;
          }
          if (message.late) {
            unit.held.push(message);
            continue;
          }
          unit.newest = message;
          for (let copies = random.below(4) === 0 ? 1 + random.below(5) : 1; copies > 0; copies--) batch.push(message);
        }
        for (const unit of units) if (unit.held.length > 20) batch.push(...unit.held.splice(0));
        await deliver(random.shuffled(batch));
      }
      await deliver(random.shuffled(units.flatMap((unit) => unit.held.splice(0))));
      await ingest.pipeline.queue.drain();
      say(`${ledger.made} made, ${ledger.sent} delivered, ${ledger.lost} lost, ${counters.duplicates} repeated`);
      hold(counters.received === ledger.sent, `${counters.received} received of ${ledger.sent}`);
      hold(counters.rejected === 0 && counters.shed === 0 && counters.refusedMessages === 0, `${counters.rejected} messages were rejected, ${counters.shed} shed, ${counters.refusedMessages} refused`);
      hold(counters.duplicates === ledger.sent - ledger.delivered, `${counters.duplicates} called repeated, ${ledger.sent - ledger.delivered} were`);
      hold(receiver.open.size === 0, `${receiver.open.size} messages were not acknowledged`);
      if (watched.size > 0) say(`${alerts.check(rows)} alerts of ${watched.size} units`);
      for (const { device, lost, newest } of units) {
        const unit = ingest.registry.byDevice(device);
        const missing = [...lost].reduce((sum, [boot, numbers]) => sum + (unit?.context.sequence.follows(boot, 0) ? numbers.count : 0), 0);
        hold(unit?.context.sequence.missing === missing, `${device}: ${unit?.context.sequence.missing} are said to be missing, ${missing} are`);
        const shown = state.value(state.slotOf(unitIdOf(device)) ?? -1, PARAMETER.soc);
        hold(shown === newest?.value, `${device} shows ${shown}, sent ${newest?.value} last`);
      }
    } finally {
      await ingest.stop();
    }
    try {
      const seen = new Map(units.map(({ device }) => [device, new Map<number, Numbers>()]));
      const rows = readStored(folder, (device, boot, seq) => hold(numbersOf(seen.get(device) ?? new Map<number, Numbers>(), boot).add(seq), `message ${boot}.${seq} of ${device} is stored twice`));
      hold(rows === ledger.delivered, `${rows} are stored, ${ledger.delivered} different ones came`);
      return `${ledger.sent.toLocaleString('en-US')} deliveries of ${ledger.delivered.toLocaleString('en-US')} messages, ${ledger.lost.toLocaleString('en-US')} lost: all as the ledger says`;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
