import { StepReader, type Steps } from './steps.ts';
import { isChargingState, type Span } from './silence.ts';

/** Values that say whether a vehicle charges, each as it was reported; what was never reported is left out. */
export interface ChargeSeries {
  /** BMS charging status, charger state, BMS state (catalogue 273, 1296, 272). */
  readonly chargingState?: Steps | undefined;
  readonly chargerState?: Steps | undefined;
  readonly bmsState?: Steps | undefined;
  readonly plugged?: Steps | undefined;
  /** A; positive: into the battery. */
  readonly packCurrent?: Steps | undefined;
  /** Ah. */
  readonly nominalCapacity?: Steps | undefined;
  /** km/h */
  readonly speed?: Steps | undefined;
}

export interface ChargeSettings {
  /** Plug and current have to last this long before they count, ms. */
  readonly onDelay: number;
  /** A session ends this long after the last sign of it, ms. */
  readonly offDelay: number;
  /** Two sessions at one place without unplugging are one when they are no further apart, ms. */
  readonly join: number;
  /** Least current into the battery, A, and as a share of its capacity per hour. */
  readonly current: number;
  readonly share: number;
}

/** docs/domain.md, Charge sessions. */
export const CHARGE_SETTINGS: ChargeSettings = { onDelay: 60_000, offDelay: 300_000, join: 1_800_000, current: 0.5, share: 0.02 };

/** What holds between two instants. */
interface Stretch extends Span {
  /** 2: a unit says it charges; 1: plug and current say so; 0: neither. */
  readonly evidence: 0 | 1 | 2;
  /** Ends a session at once: unplugged, or moving. */
  readonly broken: boolean;
}

/**
 * Charge intervals up to `end` (epoch ms). One begins with a unit's word, or with plug and current at standstill that last a minute; it ends
 * when neither was seen for 5 minutes, at the last sign, or at once by unplugging or moving.
 */
export function chargesOf(series: ChargeSeries, end: number, settings: ChargeSettings = CHARGE_SETTINGS): Span[] {
  const sessions: { from: number; to: number; broken: boolean }[] = [];
  let open: { from: number; lastSign: number } | undefined;
  let currentSince: number | undefined;
  let brokenSince = false;
  const close = (to: number): void => {
    if (open === undefined) return;
    const last = sessions.at(-1);
    if (last && !last.broken && open.from - last.to <= settings.join) last.to = to;
    else sessions.push({ from: open.from, to, broken: false });
    open = undefined;
  };
  for (const { from, to, evidence, broken } of stretches(series, end, settings)) {
    if (open && from - open.lastSign > settings.offDelay) close(open.lastSign);
    if (broken) {
      close(open ? Math.min(from, open.lastSign) : from);
      currentSince = undefined;
      brokenSince = true;
    } else if (evidence === 0) {
      currentSince = undefined;
    } else {
      currentSince ??= from;
      const lasts = evidence === 2 || to - currentSince >= settings.onDelay;
      if (!open && lasts) {
        // What was unplugged or driven since is another session, however soon.
        if (brokenSince) markBroken(sessions);
        brokenSince = false;
        open = { from: evidence === 2 ? from : currentSince, lastSign: to };
      }
      if (open) open.lastSign = to;
    }
  }
  if (open) close(open.lastSign);
  return sessions.filter(({ from, to }) => to > from).map(({ from, to }) => ({ from, to }));
}

function markBroken(sessions: { broken: boolean }[]): void {
  const last = sessions.at(-1);
  if (last) last.broken = true;
}

/** The time line cut at every reading; a reading is believed for five minutes at most, then it says nothing. */
function* stretches(series: ChargeSeries, end: number, settings: ChargeSettings): Generator<Stretch> {
  const given = Object.values(series).filter((one): one is Steps => one !== undefined);
  const times = [...new Set(given.flatMap(({ time }) => Array.from(time)))].sort((a, b) => a - b);
  const readers = {
    chargingState: new StepReader(series.chargingState), chargerState: new StepReader(series.chargerState), bmsState: new StepReader(series.bmsState),
    plugged: new StepReader(series.plugged), packCurrent: new StepReader(series.packCurrent), nominalCapacity: new StepReader(series.nominalCapacity), speed: new StepReader(series.speed),
  };
  for (const [i, from] of times.entries()) {
    if (from >= end) return;
    const next = Math.min(end, times[i + 1] ?? end);
    // Of a silent vehicle nothing is known after its last word.
    const to = next - from > settings.offDelay ? from : next;
    const fresh = (name: keyof typeof readers): number => {
      const value = readers[name].at(from);
      return readers[name].age(from) <= settings.offDelay ? value : Number.NaN;
    };
    const state = fresh('chargingState');
    const charger = fresh('chargerState');
    const bms = fresh('bmsState');
    const plugged = fresh('plugged');
    const current = fresh('packCurrent');
    const capacity = readers.nominalCapacity.at(from);
    const moving = fresh('speed') > 0;
    // The unit that knows best speaks: battery, charger, then the battery's own state.
    const word = !Number.isNaN(state) ? isChargingState(state) : !Number.isNaN(charger) ? charger === 2 : bms === 3;
    const flows = plugged === 1 && current >= Math.max(settings.current, settings.share * (Number.isNaN(capacity) ? 0 : capacity));
    const evidence = moving ? 0 : word ? 2 : flows ? 1 : 0;
    yield { from, to, evidence, broken: moving || (plugged === 0 && evidence === 0) };
  }
}
