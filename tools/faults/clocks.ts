import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DirectReceiver } from '#core/ingest/direct-receiver.ts';
import type { Ingest } from '#core/ingest/create-ingest.ts';
import { PARAMETER } from '#shared/domain/telemetry/catalogue/index.ts';
import { LIVE_LAG_LIMIT, FUTURE_LIMIT, ROLLOVER } from '#shared/domain/telemetry/clock/index.ts';
import { QUALITY } from '#shared/domain/telemetry/envelope/index.ts';
import type { FleetState } from '#shared/domain/telemetry/state/index.ts';
import { encodeSignals } from '#shared/domain/telemetry/wire/index.ts';
import { unitIdOf } from '#shared/kernel/ids.ts';
import { SeededRandom } from '#shared/testing/random.ts';
import { openIngest } from './ingest-setup.ts';
import { SimulatedTime } from './simulated-time.ts';
import { hold, type Fault } from './types.ts';

const USUAL = 200;
/** Units whose clocks are right: enough for the console to tell that its own is wrong. */
const WITNESSES = 20;
const ODD = 6;
const SECOND = 1000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;
/** A schedule: so long with the clocks as they are, and so long after something was set. Seconds. */
const BEFORE = 8;
const AFTER = 45;
/** The console has this long to find out that its own clock was set, s. */
const FINDS_OUT = 35;

/** How far clocks of units are off, ms (undefined: counting from 1970, 1980 or 2000), and how far the computer's is set in the middle. */
const UNIT_CLOCKS = ['10 years ahead', '10 years behind', 'a little', '1024 weeks', 'never set', 'set in the middle'] as const;
const COMPUTER = [0, DAY, -DAY, HOUR, -HOUR] as const;

interface OddUnit {
  readonly device: string;
  readonly kind: (typeof UNIT_CLOCKS)[number];
  readonly error: number;
  /** What its clock says at true time `now`. */
  clock(now: number, second: number): number;
}

function oddUnit(device: string, random: SeededRandom, begin: number): OddUnit {
  const kind = random.pick(UNIT_CLOCKS);
  const years = Math.round(random.next() * 10 * YEAR);
  const unset = random.pick([0, Date.UTC(1980, 0, 6), Date.UTC(2000, 0, 1)]);
  switch (kind) {
    case '10 years ahead':
      return { device, kind, error: years, clock: (now) => now + years };
    case '10 years behind':
      return { device, kind, error: -years, clock: (now) => now - years };
    case 'a little':
      return { device, kind, error: 0, clock: (now) => now + ((years % 90_000) - 60_000) };
    case '1024 weeks':
      return { device, kind, error: -ROLLOVER, clock: (now) => now - ROLLOVER };
    case 'never set':
      return { device, kind, error: unset - begin, clock: (now) => unset + now - begin };
    case 'set in the middle':
      return { device, kind, error: years, clock: (now, second) => (second < BEFORE ? now + years : now) };
  }
}

/** F6: clocks of units and of this computer that are wrong, or are set while messages come. */
export const clocks: Fault = {
  name: 'clocks',
  describe: 'unit clocks off by up to 10 years, 1024 weeks or never set; this computer set by a day or an hour: order by reception, flagged',
  async run({ scale, seed, say }) {
    const schedules = Math.max(1, Math.round(USUAL * scale));
    const random = new SeededRandom(seed);
    const folder = mkdtempSync(join(tmpdir(), 'clocks-'));
    const time = new SimulatedTime(Date.UTC(2026, 2, 29, 0, 30));
    const { ingest, state } = await openIngest(folder, { clock: time.clock, scheduler: time.scheduler });
    const receiver = new DirectReceiver(ingest.clock);
    await ingest.receive(receiver);
    const stage: Stage = { time, ingest, state, receiver, random, messages: 0, flagged: 0 };
    try {
      for (let schedule = 0; schedule < schedules; schedule++) await run(stage, schedule);
      await ingest.pipeline.queue.drain();
      const { counters } = ingest.pipeline;
      say(`${schedules} schedules, ${stage.messages} messages, ${stage.flagged} flagged`);
      hold(counters.received === stage.messages && counters.rejected === 0 && counters.duplicates === 0, `${counters.received} received of ${stage.messages}, ${counters.rejected} rejected, ${counters.duplicates} called repeated`);
      hold(counters.committed === stage.messages, `${counters.committed} stored of ${stage.messages}`);
      return `${schedules} schedules, ${stage.messages.toLocaleString('en-US')} messages in order, ${stage.flagged.toLocaleString('en-US')} flagged`;
    } finally {
      await ingest.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

interface Stage {
  readonly time: SimulatedTime;
  readonly ingest: Ingest;
  readonly state: FleetState;
  readonly receiver: DirectReceiver;
  readonly random: SeededRandom;
  messages: number;
  flagged: number;
}

async function run(stage: Stage, schedule: number): Promise<void> {
  const { time, ingest, state, receiver, random } = stage;
  const odd = Array.from({ length: ODD }, (_, i) => oddUnit(`odd-${schedule}-${i}`, random, time.now));
  const set = random.pick(COMPUTER);
  const units = [...odd, ...Array.from({ length: WITNESSES }, (_, i): OddUnit => ({ device: `right-${schedule}-${i}`, kind: 'a little', error: 0, clock: (now) => now - 200 }))];
  const last = new Map<string, number>();
  const seen: { device: string; quality: number; eventTime: number; at: number; stamp: number; second: number }[] = [];
  const stamps = new Map<string, number>();
  let second = 0;
  const listening = ingest.pipeline.onDecoded.on(({ unit, message }) => seen.push({ device: unit.deviceId, quality: message.quality, eventTime: message.eventTime, at: time.now, stamp: stamps.get(unit.deviceId) ?? Number.NaN, second }));
  for (; second < BEFORE + AFTER; second++) {
    if (second === BEFORE) time.error += set;
    for (const { device, clock } of units) {
      const value = random.below(1001) / 10;
      const stamp = Math.max(0, clock(time.now, second));
      stamps.set(device, stamp);
      const payload = encodeSignals({ boot: 1, seq: second, up: second, t0: stamp, values: [[0, 'soc', value]] });
      receiver.deliver(`evf/1/f/${device}/sig`, payload, { qos: 0, receivedAt: ingest.clock.now() });
      stage.messages++;
      last.set(device, value);
      time.pass(10);
    }
    receiver.settle();
    for (let at = units.length * 10; at < SECOND; at += 100) time.pass(Math.min(100, SECOND - at));
    // The store works in real time: simulated seconds must not pass for its patience.
    if (second % 4 === 3) await ingest.pipeline.queue.drain();
  }
  await ingest.pipeline.queue.drain();
  listening.dispose();
  for (const { device, kind } of units) {
    const shown = state.value(state.slotOf(unitIdOf(device)) ?? -1, PARAMETER.soc);
    hold(shown === last.get(device), `schedule ${schedule}: ${device} (${kind}, computer set by ${set} ms) shows ${shown}, sent ${last.get(device)} last`);
    hold(ingest.registry.byDevice(device)?.context.sequence.missing === 0, `${device} has gaps`);
  }
  for (const { device, quality, eventTime, at, stamp, second: sentAt } of seen) {
    const flags = quality & (QUALITY.clockWrong | QUALITY.rollover | QUALITY.rebuilt | QUALITY.quarantined);
    if (flags !== 0) stage.flagged++;
    // Until the console has found out that its own clock was set, what it says is by that clock.
    if (set !== 0 && sentAt >= BEFORE && sentAt < BEFORE + FINDS_OUT) continue;
    hold(eventTime <= at + FUTURE_LIMIT + SECOND && eventTime >= at - LIVE_LAG_LIMIT - SECOND, `schedule ${schedule}: ${device}, computer set by ${set} ms: a message of second ${sentAt} is placed ${Math.round((eventTime - at) / SECOND)} s off`);
    const off = Math.abs(stamp - at) > LIVE_LAG_LIMIT + SECOND;
    hold(!off || flags !== 0, `schedule ${schedule}: ${device} is ${Math.round((stamp - at) / SECOND)} s off and not flagged`);
  }
  // The computer is set right again, and the console finds that out too.
  time.error = 0;
  for (let i = 0; i < FINDS_OUT * 10; i++) time.pass(100);
}
