import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ThinReceiver } from '#core/mqtt/thin/thin-receiver.ts';
import { systemClock } from '#shared/platform-node/system-clock.ts';
import { systemRng } from '#shared/platform-node/system-rng.ts';
import { systemScheduler } from '#shared/platform-node/system-scheduler.ts';
import { startMosquitto } from '#shared/testing/mosquitto.ts';
import { SeededRandom } from '#shared/testing/random.ts';
import { BackfillUnit, type BackfillCommand } from './backfill-unit.ts';
import { openIngest } from './ingest-setup.ts';
import { Numbers, readStored } from './stored.ts';
import { hold, type Fault } from './types.ts';

/** The full figure is ten times as many. */
const USUAL = 20;
/** What a unit sends at once before a kill, and what the broker may have under way to the console. */
const BURST = 40;
const IN_FLIGHT = 20;
/** Kills on top where nothing was lost. */
const EXTRA = 15;
const UNITS = 5;
/** Between two messages of a unit, ms. */
const PERIOD = 20;
const RECONNECTED = 5000;
const ASKED = 30_000;
/** What was asked for last has so long to come in, ms. */
const PATIENCE = 90_000;

const wait = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** F2: the broker is killed again and again; it forgets what it has acknowledged, and the units do not know. */
export const killBroker: Fault = {
  name: 'broker',
  describe: 'kill -9 of the broker and restart: reconnected within 5 s, gaps asked for within 30 s, filled from the units',
  async run({ scale, seed, say }) {
    const rounds = Math.max(1, Math.round(USUAL * scale));
    const random = new SeededRandom(seed);
    const folder = mkdtempSync(join(tmpdir(), 'broker-'));
    const mosquitto = await startMosquitto(['allow_anonymous true', `max_inflight_messages ${IN_FLIGHT}`], { durable: false });
    const { ingest } = await openIngest(folder);
    const units = Array.from({ length: UNITS }, (_, i) => new BackfillUnit(`unit-${i}`));
    /** When a number of a unit was first asked for. */
    const asked = new Map(units.map(({ device }) => [device, new Map<number, number>()]));
    let longest = 0;
    let kills = 0;
    let sending = true;
    const missing = (): number => [...ingest.registry.all()].reduce((sum, unit) => sum + unit.context.sequence.missing, 0);
    const received = (unit: BackfillUnit): number => ingest.registry.byDevice(unit.device)?.context.sequence.newest?.seq ?? -1;
    try {
      const receiver = new ThinReceiver({ broker: { url: `mqtt://127.0.0.1:${mosquitto.port}`, protocolVersion: 4, clientId: 'console', topicPrefix: 'evf/1', fleet: '+', rejectUnauthorized: true }, clock: systemClock, rng: systemRng, scheduler: systemScheduler });
      const publish = receiver.publish.bind(receiver);
      receiver.publish = (topic, payload, options) => {
        const numbers = asked.get(topic.split('/')[3] ?? '');
        if (numbers) noteAsked(numbers, payload);
        return publish(topic, payload, options);
      };
      await ingest.receive(receiver);
      while (receiver.state.state !== 'connected') await wait(10);
      await Promise.all(units.map((unit) => unit.connect(mosquitto.port)));
      // The first number is where a unit's sequence begins for the console.
      for (const unit of units) unit.send(1);
      while (units.some((unit) => received(unit) < 0)) await wait(10);
      const publishing = (async () => {
        while (sending) {
          for (const unit of units) unit.send(random.below(2) as 0 | 1);
          await wait(PERIOD);
        }
      })();
      let round = 0;
      // A quick machine may lose nothing in a few kills; then it is killed some times more.
      for (; round < rounds || (missing() + ingest.backfill.counts.filled === 0 && round < rounds + EXTRA); round++) {
        await wait(100 + random.below(700));
        for (let waited = 0; waited < RECONNECTED && units.some((unit) => !unit.connected); waited += 10) await wait(10);
        // More at once than the broker may have under way to the console: it confirms them all and takes what waits with it.
        for (let n = 0; n < BURST; n++) for (const unit of units) unit.send(1);
        await wait(1 + random.below(12));
        await mosquitto.kill();
        await wait(random.below(400));
        const from = performance.now();
        await mosquitto.restart();
        while (receiver.state.state !== 'connected') {
          hold(performance.now() - from < 4 * RECONNECTED, `not connected ${4 * RECONNECTED} ms after the restart`);
          await wait(5);
        }
        longest = Math.max(longest, performance.now() - from);
      }
      kills = round;
      sending = false;
      await publishing;
      const lost = missing();
      while (units.some((unit) => !unit.connected)) await wait(10);
      for (const until = performance.now() + PATIENCE; performance.now() < until; await wait(100)) {
        // Something after the last loss shows it; the answers to commands are numbered too.
        for (const unit of units) if (received(unit) < unit.made - 1) unit.send(1);
        if (missing() === 0 && units.every((unit) => received(unit) === unit.made - 1)) break;
        await wait(400);
      }
      const { commands, filled, lost: givenUp } = ingest.backfill.counts;
      say(`${round} kills, reconnected within ${Math.round(longest)} ms; ${lost} messages missing at the end, ${filled} filled by ${commands} commands, ${missing()} missing, ${givenUp} given up`);
      hold(longest <= RECONNECTED, `it took ${Math.round(longest)} ms to reconnect`);
      hold(missing() === 0 && givenUp === 0, `${missing()} messages are missing, ${givenUp} were given up`);
      const slowest = Math.max(...units.map((unit) => slowestAsk(unit, asked.get(unit.device) ?? new Map<number, number>())));
      hold(slowest <= ASKED, `a gap was asked for ${Math.round(slowest)} ms after it showed`);
      say(`every gap was asked for within ${Math.round(slowest)} ms`);
      hold(filled > 0, 'nothing was lost: the fault did nothing');
    } finally {
      sending = false;
      await Promise.all(units.map((unit) => unit.disconnect()));
      await ingest.stop();
      await mosquitto.close();
    }
    try {
      const seen = new Map(units.map(({ device }) => [device, new Numbers()]));
      const rows = readStored(folder, (device, _boot, seq) => hold(seen.get(device)?.add(seq) === true, `message ${seq} of ${device} is stored twice`));
      const made = units.reduce((sum, unit) => sum + unit.made, 0);
      hold(rows === made, `${made} were made, ${rows} are stored`);
      return `${kills} kills, ${rows} messages stored once each, reconnected within ${Math.round(longest)} ms`;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

function noteAsked(numbers: Map<number, number>, payload: Uint8Array): void {
  const { args } = JSON.parse(new TextDecoder().decode(payload)) as BackfillCommand;
  for (const [, from, to] of args.ranges ?? []) for (let seq = from; seq <= to; seq++) if (!numbers.has(seq)) numbers.set(seq, performance.now());
}

/** The longest time from the message that showed a gap to the first command that asks for it, ms. `asked`: when, by number. */
function slowestAsk({ madeAt }: BackfillUnit, asked: ReadonlyMap<number, number>): number {
  let slowest = 0;
  let shownAt = Number.POSITIVE_INFINITY;
  // From behind: what was never asked for has arrived, and shows everything missing before it.
  for (let seq = madeAt.length - 1; seq >= 0; seq--) {
    const at = asked.get(seq);
    if (at === undefined) shownAt = madeAt[seq] as number;
    else slowest = Math.max(slowest, at - shownAt);
  }
  return slowest;
}
