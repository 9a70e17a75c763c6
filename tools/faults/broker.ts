import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ThinReceiver } from '#core/mqtt/thin/thin-receiver.ts';
import { BACKFILL_POLICY, type BackfillPolicy } from '#shared/domain/telemetry/sequence/index.ts';
import { systemClock } from '#shared/platform-node/system-clock.ts';
import { systemRng } from '#shared/platform-node/system-rng.ts';
import { systemScheduler } from '#shared/platform-node/system-scheduler.ts';
import { startMosquitto } from '#shared/testing/mosquitto.ts';
import { SeededRandom } from '#shared/testing/random.ts';
import { BackfillUnit, type BackfillCommand } from './backfill-unit.ts';
import { openIngest } from './ingest-setup.ts';
import { OwnTime } from './own-time.ts';
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
/** Attempts that a restarted broker may take: one may be under way while it comes up. Reconnected within 5 s means no more, see back-off.ts. */
const ATTEMPTS = 2;
/** A gap has so long to be asked for, ms of own time. */
const ASKED = 30_000;
/** Without any progress for so long it hangs, ms of own time. */
const STUCK = 90_000;

/** Asks within seconds and never gives up, for runs below scale 1: what is looked at there is what becomes of the messages. */
const QUICK: BackfillPolicy = { ...BACKFILL_POLICY, settle: 1000, quiet: 500, latest: 3000, pause: 200, answer: 5000, afterDone: 1000, attempts: 1000, answers: 1000, firstBackOff: 500, longestBackOff: 2000 };

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
    const { ingest } = await openIngest(folder, scale < 1 ? { backfillPolicy: QUICK } : {});
    const time = new OwnTime();
    const units = Array.from({ length: UNITS }, (_, i) => new BackfillUnit(`unit-${i}`, () => time.now()));
    /** When a number of a unit was first asked for. */
    const asked = new Map(units.map(({ device }) => [device, new Map<number, number>()]));
    let longest = 0;
    let most = 0;
    /** Resolves when it holds; fails where nothing that `state` counts moves any more. */
    const until = async (holds: () => boolean, text: string, state: () => unknown = () => 0): Promise<void> => {
      let [since, before] = [time.now(), state()];
      while (!holds()) {
        const now = state();
        if (now !== before) [since, before] = [time.now(), now];
        hold(time.now() - since < STUCK, text);
        await wait(10);
      }
    };
    let kills = 0;
    let sending = true;
    const missing = (): number => [...ingest.registry.all()].reduce((sum, unit) => sum + unit.context.sequence.missing, 0);
    const received = (unit: BackfillUnit): number => ingest.registry.byDevice(unit.device)?.context.sequence.newest?.seq ?? -1;
    try {
      // Killed more often than any session lasts; each kill is to be met as the first one is.
      const receiver = new ThinReceiver({ broker: { url: `mqtt://127.0.0.1:${mosquitto.port}`, protocolVersion: 4, clientId: 'console', topicPrefix: 'evf/1', fleet: '+', rejectUnauthorized: true }, steady: 0, clock: systemClock, rng: systemRng, scheduler: systemScheduler });
      let attempts = 0;
      receiver.onState.on(({ state }) => {
        if (state === 'connecting') attempts++;
      });
      const publish = receiver.publish.bind(receiver);
      receiver.publish = (topic, payload, options) => {
        const numbers = asked.get(topic.split('/')[3] ?? '');
        if (numbers) noteAsked(numbers, payload, time.now());
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
        await until(() => units.every((unit) => unit.connected), 'a unit does not come back');
        // More at once than the broker may have under way to the console: it confirms them all and takes what waits with it.
        for (let n = 0; n < BURST; n++) for (const unit of units) unit.send(1);
        await wait(1 + random.below(12));
        await mosquitto.kill();
        await wait(random.below(400));
        await mosquitto.restart();
        const from = time.now();
        attempts = 0;
        await until(() => receiver.state.state === 'connected', 'no connection after the restart');
        longest = Math.max(longest, time.now() - from);
        most = Math.max(most, attempts);
      }
      kills = round;
      sending = false;
      await publishing;
      const lost = missing();
      await until(() => units.every((unit) => unit.connected), 'a unit does not come back');
      let sentAt = time.now();
      await until(
        () => {
          // Something after the last loss shows it; the answers to commands are numbered too.
          if (time.now() - sentAt > 500) {
            sentAt = time.now();
            for (const unit of units) if (received(unit) < unit.made - 1) unit.send(1);
          }
          return missing() === 0 && units.every((unit) => received(unit) === unit.made - 1);
        },
        'what is missing does not come in',
        missing,
      );
      const { commands, filled, lost: givenUp } = ingest.backfill.counts;
      say(`${round} kills, reconnected within ${Math.round(longest)} ms; ${lost} messages missing at the end, ${filled} filled by ${commands} commands, ${missing()} missing, ${givenUp} given up`);
      hold(most <= ATTEMPTS, `it took ${most} attempts to reconnect`);
      hold(missing() === 0 && givenUp === 0, `${missing()} messages are missing, ${givenUp} were given up`);
      const slowest = Math.max(...units.map((unit) => slowestAsk(unit, asked.get(unit.device) ?? new Map<number, number>())));
      hold(slowest <= ASKED, `a gap was asked for ${Math.round(slowest)} ms after it showed`);
      say(`every gap was asked for within ${Math.round(slowest)} ms`);
      // A short run may have lost nothing by chance.
      hold(filled > 0 || scale < 1, 'nothing was lost: the fault did nothing');
    } finally {
      sending = false;
      time.stop();
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

function noteAsked(numbers: Map<number, number>, payload: Uint8Array, now: number): void {
  const { args } = JSON.parse(new TextDecoder().decode(payload)) as BackfillCommand;
  for (const [, from, to] of args.ranges ?? []) for (let seq = from; seq <= to; seq++) if (!numbers.has(seq)) numbers.set(seq, now);
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
