import { QUALITY } from '../telemetry/envelope/quality.ts';
import { orderKey } from '../telemetry/state/order.ts';
import type { ParameterCatalogue } from '../telemetry/catalogue/index.ts';
import type { DecodedMessage } from '../telemetry/processor/decoded-message.ts';
import type { ActOutcome, AlertEngineApi, AlertEngineOptions, AlertMode, AlertSnapshot, AlertVehicle } from './api.ts';
import { NOT_OPEN, applyAct, refusalOf } from './acting.ts';
import { FED, Feeder } from './feed.ts';
import { RuleFold } from './fold.ts';
import { migrate } from './migrate.ts';
import { CityNetwork } from './network.ts';
import { NETWORK_RULE_ID, compileNetworkRule, networkVehicleId } from './network-rule.ts';
import { compilePlan, rulesOf, type AlertPlan, type CompiledRule } from './plan.ts';
import { canMatter, wantHistory } from './relevance.ts';
import type { DerivedAlert } from './records.ts';
import { keepNewest, restartFrom, type KnownAlerts } from './rederive.ts';
import type { AlertMute, AlertRule } from './rule.ts';
import { Roster } from './roster.ts';
import { SilenceWatch } from './silence.ts';
import { readSnapshot } from './snapshot.ts';
import { Track, type TrackedAlert } from './track.ts';
import { LATE_AFTER, type AlertAct, type AlertEffect, type AlertInterval, type AlertRecord, type HistoryRow } from './types.ts';
import { MODE_BIT, WatchedVehicle } from './vehicle.ts';

/** Values of these messages say nothing that can be put in order: seen before, of no believable time, placed by guess, or a copy. */
const UNUSABLE = QUALITY.duplicate | QUALITY.quarantined | QUALITY.rebuilt | QUALITY.retained;
/** An alert from late data calls after all where nothing was heard of its vehicle for so long, ms. */
const LATE_PATIENCE = 60_000;
const NO_EFFECTS: readonly AlertEffect[] = [];

/** Watches the fleet; see AlertEngineApi. */
export class AlertEngine implements AlertEngineApi {
  readonly #catalogue: ParameterCatalogue;
  readonly #rowCount: number;
  readonly #settle: number;
  #rules: readonly AlertRule[] = [];
  readonly #plans = new Map<string, AlertPlan>();
  readonly #roster = new Roster({
    planOf: (modelId) => this.#planOf(modelId),
    onWoken: (vehicle) => {
      for (const track of vehicle.tracks.values()) this.#watch(track, vehicle);
      this.#silence.plan(vehicle);
      if (vehicle.wanted < Number.POSITIVE_INFINITY) this.#effects.push(wantHistory(vehicle, vehicle.wanted));
    },
  });
  readonly #cities = new Map<string, { readonly network: CityNetwork; track: Track | undefined }>();
  #networkRule: CompiledRule | undefined;
  readonly #feeder = new Feeder();
  readonly #silence = new SilenceWatch((vehicle, rule, at, now) => this.#judge(vehicle, rule, at, now));
  /** Tracks that time may change. */
  readonly #pending = new Map<Track, WatchedVehicle | undefined>();
  #effects: AlertEffect[] = [];
  #asOf = Number.NEGATIVE_INFINITY;
  edge = false;

  constructor(options: AlertEngineOptions) {
    this.#catalogue = options.catalogue;
    this.#rowCount = options.rows ?? 48;
    this.#settle = options.settle ?? 2000;
  }

  setRules(rules: readonly AlertRule[], now: number, last?: (vehicleId: string, parameter: number) => number): readonly AlertEffect[] {
    this.#rules = rules;
    this.#plans.clear();
    const network = rules.find((rule) => rule.id === NETWORK_RULE_ID && rule.enabled);
    this.#networkRule = network ? compileNetworkRule(network) : undefined;
    for (const city of this.#cities.values()) if (city.track && this.#networkRule) city.track.rule = this.#networkRule;
    this.wake(Number.POSITIVE_INFINITY);
    for (const vehicle of this.#roster.awake) {
      if (!vehicle) continue;
      this.#roster.before(vehicle);
      this.#adopt(vehicle, this.#planOf(vehicle.modelId), now, last && ((parameter) => last(vehicle.vehicleId, parameter)));
    }
    return this.#taken();
  }

  setVehicle(vehicle: AlertVehicle, now: number): number {
    const { vehicleId, modelId, cityId } = vehicle;
    const slot = this.#roster.slotOf(vehicleId);
    const dormant = slot === undefined ? undefined : this.#roster.dormant(slot);
    if (slot !== undefined && dormant?.stored.cityId === cityId && dormant?.stored.modelId === modelId) return slot;
    const known = slot === undefined ? undefined : this.#roster.at(slot);
    if (slot !== undefined && known) {
      if (known.cityId !== cityId) this.#moveTo(known, cityId);
      if (known.modelId !== modelId) {
        known.modelId = modelId;
        this.#adopt(known, this.#planOf(modelId), now, undefined);
      }
      return slot;
    }
    const added = new WatchedVehicle(vehicleId, modelId, undefined, this.#planOf(modelId), this.#rowCount);
    this.#moveTo(added, cityId);
    return this.#roster.add(added);
  }

  removeVehicle(vehicleId: string, now: number): readonly AlertEffect[] {
    const slot = this.#roster.slotOf(vehicleId);
    const vehicle = slot === undefined ? undefined : this.#roster.at(slot);
    if (slot === undefined || !vehicle) return NO_EFFECTS;
    for (const track of vehicle.tracks.values()) this.#closeTrack(vehicle, track, 'not-for-vehicle', now);
    this.#moveTo(vehicle, undefined);
    this.#roster.remove(slot, vehicleId);
    return this.#taken();
  }

  slotOf(vehicleId: string): number | undefined {
    return this.#roster.slotOf(vehicleId);
  }

  vehicleIds(): readonly string[] {
    return this.#roster.ids;
  }

  apply(slot: number, message: DecodedMessage): readonly AlertEffect[] {
    this.edge = false;
    const vehicle = this.#roster.at(slot);
    const { quality } = message;
    if (!vehicle || message.kind === 'rejected' || (quality & QUALITY.duplicate) !== 0) return NO_EFFECTS;
    if ((quality & QUALITY.retained) === 0 && message.state?.on !== false) {
      this.#silence.hear(vehicle, (quality & QUALITY.queued) === 0 ? message.receivedAt : Math.min(message.eventTime, message.receivedAt), message);
    }
    if ((quality & UNUSABLE) === 0) {
      const { rowTime, rowStart, parameters, values, seq, receivedAt } = message;
      for (let row = 0; row < message.rowCount; row++) {
        this.#row(vehicle, rowTime[row] as number, message.numbered ? seq : 0, receivedAt, parameters, values, rowStart[row] as number, rowStart[row + 1] as number);
      }
    }
    return this.#effects.length === 0 ? NO_EFFECTS : this.#taken();
  }

  contact(slot: number, time: number): void {
    const dormant = this.#roster.dormant(slot);
    if (dormant) dormant.contact = Math.max(dormant.contact, time);
    const vehicle = dormant ? undefined : this.#roster.at(slot);
    if (!vehicle || vehicle.heardAt >= time) return;
    vehicle.heardAt = time;
    this.#silence.plan(vehicle);
  }

  advance(asOf: number): readonly AlertEffect[] {
    this.#asOf = asOf;
    for (const [track, vehicle] of this.#pending) this.#advanceTrack(track, vehicle, asOf);
    for (const vehicle of this.#roster.awake) {
      if (!vehicle || vehicle.silentFrom > asOf) continue;
      this.#roster.before(vehicle);
      this.#silence.fall(vehicle, asOf);
    }
    return this.#effects.length === 0 ? NO_EFFECTS : this.#taken();
  }

  resume(now: number): void {
    this.#silence.resume(now);
    for (const vehicle of this.#roster.awake) if (vehicle) this.#silence.plan(vehicle);
  }

  setMode(slot: number, mode: AlertMode, on: boolean, now: number): readonly AlertEffect[] {
    const dormant = this.#roster.dormant(slot);
    if (dormant) {
      dormant.modes = on ? dormant.modes | MODE_BIT[mode] : dormant.modes & ~MODE_BIT[mode];
      return NO_EFFECTS;
    }
    const vehicle = this.#roster.at(slot);
    if (!vehicle) return NO_EFFECTS;
    const modes = on ? vehicle.modes | MODE_BIT[mode] : vehicle.modes & ~MODE_BIT[mode];
    if (modes === vehicle.modes) return NO_EFFECTS;
    vehicle.modes = modes;
    for (const track of vehicle.tracks.values()) if (track.open) this.#update(vehicle, track, now);
    return this.#taken();
  }

  act(vehicleId: string, ruleId: string, act: AlertAct, replay = false): ActOutcome {
    const found = this.#trackOf(vehicleId, ruleId) ?? (replay ? this.#trackFor(vehicleId, ruleId) : undefined);
    if (!found) return { refusal: NOT_OPEN };
    const refusal = replay ? undefined : refusalOf(found.track, act);
    if (refusal !== undefined) return { refusal };
    const kept = applyAct(found.track, act);
    this.#update(found.vehicle, found.track, act.at);
    return { act: kept, effects: this.#taken() };
  }

  clearRefusal(vehicleId: string, ruleId: string): string | undefined {
    const found = this.#trackOf(vehicleId, ruleId);
    return found ? refusalOf(found.track, { kind: 'clear', at: this.#asOf, by: '', comment: '' }) : undefined;
  }

  rederive(slot: number, from: number, rows: Iterable<HistoryRow>, now: number, known: KnownAlerts = []): readonly AlertEffect[] {
    const vehicle = this.#roster.at(slot);
    if (!vehicle) return NO_EFFECTS;
    vehicle.wanted = Number.POSITIVE_INFINITY;
    const { rows: kept, rates } = vehicle.samples;
    const next = rates.map((series) => series.firstFrom(from));
    const addPoints = (until: number): void =>
      rates.forEach((series, rate) => {
        for (let i = next[rate] as number; i < series.count && (series.key[i] as number) <= until; next[rate] = ++i) this.#feeder.addPoint(vehicle.samples, rate, series.key[i] as number, series.value[i] as number);
      });
    restartFrom(vehicle, from, known);
    for (const row of rows) {
      vehicle.seenTo = Math.max(vehicle.seenTo, Math.floor(row.time));
      if (vehicle.samples.rows.full) vehicle.absorb(1);
      addPoints(orderKey(row.time, row.seq));
      this.#feeder.feed(vehicle.samples, row.time, row.seq, row.receivedAt - row.time > LATE_AFTER, row.parameters, row.values, 0, row.parameters.length);
    }
    addPoints(Number.POSITIVE_INFINITY);
    // What has come since history was read, or is not stored yet.
    keepNewest(vehicle, kept, from, this.#feeder.dirty);
    this.#feeder.dirty.fill(0);
    for (const rule of vehicle.samples.plan.rules) if (!rule.byReception) this.#derive(vehicle, rule, now);
    vehicle.trim();
    return this.#taken();
  }

  open(): readonly AlertRecord[] {
    const tracks = this.#roster.awake.flatMap((vehicle) => (vehicle ? [...vehicle.tracks.values()] : []));
    for (const { track } of this.#cities.values()) if (track) tracks.push(track);
    return tracks.flatMap(({ open }) => (open ? [open.record] : []));
  }

  beginSnapshot(): AlertSnapshot {
    return this.#roster.beginSnapshot({ asOf: this.#asOf, cities: [...this.#cities].map(([cityId, { network, track }]) => ({ cityId, network, track })) });
  }

  takeSnapshot(): Uint8Array {
    return this.beginSnapshot().bytes();
  }

  restoreSnapshot(bytes: Uint8Array): boolean {
    const restored = readSnapshot(bytes, this.#networkRule, this.#rowCount);
    if (!restored) return false;
    this.#asOf = restored.asOf;
    for (const { vehicleId, cityId } of restored.vehicles) if (cityId !== undefined) this.#cityOf(cityId).network.vehicles.add(vehicleId);
    this.#roster.restore(restored);
    for (const { cityId, network, track } of restored.cities) {
      const city = this.#cityOf(cityId);
      city.network.restore(network);
      city.track = track;
      if (track) this.#watch(track, undefined);
    }
    return true;
  }

  wake(count: number): boolean {
    return this.#roster.wake(count);
  }

  #row(vehicle: WatchedVehicle, time: number, seq: number, receivedAt: number, parameters: ArrayLike<number>, values: ArrayLike<number>, from: number, to: number): void {
    const { samples } = vehicle;
    if (samples.rows.full) vehicle.makeRoom();
    const late = receivedAt - time > LATE_AFTER;
    if (time > vehicle.seenTo) vehicle.seenTo = Math.floor(time);
    const feeder = this.#feeder;
    const fed = feeder.feed(samples, time, seq, late, parameters, values, from, to);
    if (fed === FED.tooOld) this.#askHistory(vehicle, time);
    if (fed === FED.changed) {
      this.edge = true;
      this.#deriveDirty(vehicle, receivedAt);
    }
    if (!late && vehicle.lateIntervals) this.#confirmLate(vehicle, time, receivedAt);
    if (vehicle.deadline <= time) this.#passDelays(vehicle, time, receivedAt);
  }

  /** Derives the rules of the atoms that changed. */
  #deriveDirty(vehicle: WatchedVehicle, now: number): void {
    const { plan } = vehicle.samples;
    const { dirty } = this.#feeder;
    const lostBms = ((dirty[plan.bmsLost >> 5] as number) >>> (plan.bmsLost & 31)) & 1;
    const rules = rulesOf(plan, dirty);
    dirty.fill(0);
    for (const rule of rules) {
      if (rule.byReception) this.#judge(vehicle, rule, now, now);
      else this.#derive(vehicle, rule, now);
    }
    if (lostBms === 1) for (const track of vehicle.tracks.values()) if (track.rule.rule.tab === 'bms' && track.open) this.#update(vehicle, track, now);
  }

  /** Derives a rule's intervals from the rows kept. */
  #derive(vehicle: WatchedVehicle, rule: CompiledRule, now: number): void {
    const { rows } = vehicle.samples;
    const track = vehicle.tracks.get(rule.rule.id) ?? new Track(vehicle.vehicleId, rule);
    const fold = new RuleFold(rule, track.base.state);
    const intervals = [...track.settled];
    const ended = (interval: AlertInterval): void => void intervals.push(interval);
    const { words, truth } = rows;
    for (let i = 1; i <= rows.count; i++) {
      let changed = fold.state.cond;
      for (let w = 0; w < words && !changed; w++) changed = (((truth[i * words + w] as number) ^ (truth[(i - 1) * words + w] as number)) & (rule.mask[w] as number)) !== 0;
      if (changed) fold.step(rows.timeOf(i), truth, i * words, rows.late[i] === 1, ended);
    }
    fold.settle(Math.max(vehicle.seenTo, this.#asOf - this.#settle), ended);
    track.fold = fold;
    this.#conclude(vehicle, track, intervals, now);
  }

  /** Steps a rule that is judged by time of reception. */
  #judge(vehicle: WatchedVehicle, rule: CompiledRule, time: number, now: number): void {
    const { samples, silent } = vehicle;
    const { plan, rows } = samples;
    const track = vehicle.tracks.get(rule.rule.id) ?? new Track(vehicle.vehicleId, rule);
    const truth = rows.truth.slice(rows.count * rows.words, (rows.count + 1) * rows.words);
    plan.silent.forEach((atom, k) => {
      if (silent[k] === 1) truth[atom >> 5] = (truth[atom >> 5] as number) | (1 << (atom & 31));
    });
    track.stepped = Math.max(track.stepped, time);
    track.base.step(track.stepped, truth, 0, false, (interval) => void track.settled.push(interval));
    track.base.settle(this.#asOf, (interval) => void track.settled.push(interval));
    track.fold = track.base;
    this.#conclude(vehicle, track, [...track.settled], now);
  }

  #conclude(vehicle: WatchedVehicle, track: Track, intervals: AlertInterval[], now: number): void {
    const { state } = track.fold;
    if (track.fold.active) intervals.push({ start: state.start, end: Number.NaN, late: !state.fresh, count: 1 });
    track.intervals = track.waived === track.waived ? intervals.map((interval) => (interval.start === track.waived ? { ...interval, late: false } : interval)) : intervals;
    vehicle.tracks.set(track.rule.rule.id, track);
    this.#update(vehicle, track, now);
    if (track.rule.byReception) track.trim(track.stepped);
    if (track.empty) vehicle.tracks.delete(track.rule.rule.id);
  }

  /** Alerts of a track from its intervals and acts. */
  #update(vehicle: WatchedVehicle | undefined, track: Track, now: number): void {
    if (track.intervals.length === 0 && track.alerts.length === 0) {
      this.#watch(track, vehicle);
      return;
    }
    const wasActive = track.active;
    track.update(now, (alert, before) => this.#muteOf(vehicle, track, alert, before), this.#effects);
    this.#watch(track, vehicle);
    if (vehicle && track.rule.rule.inhibition === 'communication' && wasActive !== track.active) this.#noteSilence(vehicle, track, now);
  }

  #muteOf(vehicle: WatchedVehicle | undefined, track: Track, alert: DerivedAlert, before: TrackedAlert | undefined): AlertMute | undefined {
    const { inhibition } = track.rule.rule;
    if (inhibition === 'none' || !vehicle) return undefined;
    if (alert.closing !== undefined && before) return before.record.mutedBy;
    const cause = this.#causeOf(vehicle, track) ?? (alert.late ? 'late' : undefined);
    if (cause !== undefined) return cause;
    // What rose muted and has returned meanwhile stays so; what lasts calls now.
    return before?.born !== undefined && alert.returnedAt !== undefined && alert.occurrences === before.record.occurrences ? before.record.mutedBy : undefined;
  }

  #causeOf(vehicle: WatchedVehicle, track: Track): AlertMute | undefined {
    const { rule } = track.rule;
    const { modes, samples } = vehicle;
    if ((modes & MODE_BIT.workshop) !== 0) return 'workshop';
    if ((modes & MODE_BIT.ota) !== 0) return 'ota';
    if (rule.inhibition === 'communication') return vehicle.cityId !== undefined && this.#cities.get(vehicle.cityId)?.network.explains(vehicle.vehicleId) ? 'network' : undefined;
    if ((modes & MODE_BIT.offline) !== 0) return 'offline';
    return rule.tab === 'bms' && samples.rows.holds(samples.rows.count, samples.plan.bmsLost) ? 'bms-bus-lost' : undefined;
  }

  /** Keeps time-dependent tracks where `advance` finds them. */
  #watch(track: Track, vehicle: WatchedVehicle | undefined): void {
    const late = vehicle !== undefined && track.open?.record.mutedBy === 'late';
    if (vehicle && !track.rule.byReception) {
      vehicle.deadline = Math.min(vehicle.deadline, track.fold.deadline);
      if (!vehicle.lateIntervals && track.intervals.some((interval) => interval.late)) vehicle.lateIntervals = true;
    }
    if (track.fold.deadline < Number.POSITIVE_INFINITY || track.shelf || late) this.#pending.set(track, vehicle);
    else this.#pending.delete(track);
  }

  #advanceTrack(track: Track, vehicle: WatchedVehicle | undefined, asOf: number): void {
    if (vehicle) this.#roster.before(vehicle);
    if (track.shelf && track.shelf.until <= asOf) {
      track.shelf = undefined;
      this.#update(vehicle, track, asOf);
    }
    if (!vehicle) return;
    const { rule } = track;
    if (rule.byReception) {
      if (track.fold.deadline <= asOf) this.#judge(vehicle, rule, asOf, asOf);
    } else if (track.fold.deadline <= asOf - this.#settle) this.#derive(vehicle, rule, asOf);
    if (track.open?.record.mutedBy === 'late' && asOf - vehicle.heardAt > LATE_PATIENCE) this.#waive(vehicle, track, asOf);
  }

  /** An alert from late data that still lasts calls for attention. */
  #waive(vehicle: WatchedVehicle, track: Track, now: number): void {
    const lasting = track.intervals.at(-1);
    if (!lasting || lasting.end === lasting.end) return;
    track.waived = lasting.start;
    track.intervals = [...track.intervals.slice(0, -1), { ...lasting, late: false }];
    this.#update(vehicle, track, now);
  }

  /** A row that was not late: what it confirms is not from late data only. */
  #confirmLate(vehicle: WatchedVehicle, time: number, now: number): void {
    vehicle.lateIntervals = false;
    for (const track of vehicle.tracks.values()) {
      const { rule, intervals } = track;
      if (intervals.some(({ late, start, end }) => late && start - rule.onDelay <= time && !(end < time))) this.#derive(vehicle, rule, now);
      if (track.intervals.some((interval) => interval.late)) vehicle.lateIntervals = true;
    }
  }

  /** A row shows that delays have passed. */
  #passDelays(vehicle: WatchedVehicle, time: number, now: number): void {
    vehicle.deadline = Number.POSITIVE_INFINITY;
    for (const track of vehicle.tracks.values()) {
      if (track.rule.byReception) continue;
      if (track.fold.deadline <= time) this.#derive(vehicle, track.rule, now);
      vehicle.deadline = Math.min(vehicle.deadline, track.fold.deadline);
    }
  }

  #noteSilence(vehicle: WatchedVehicle, track: Track, now: number): void {
    if (vehicle.cityId === undefined || !this.#networkRule) return;
    const city = this.#cityOf(vehicle.cityId);
    const at = track.active ? (track.intervals.at(-1)?.start ?? now) : undefined;
    if (!city.network.change(vehicle.vehicleId, at, now)) {
      if (city.network.explains(vehicle.vehicleId)) this.#remute(vehicle, now);
      return;
    }
    city.track ??= new Track(networkVehicleId(vehicle.cityId), this.#networkRule);
    const { track: alert } = city;
    alert.base.step(now, Uint32Array.of(city.network.since === undefined ? 0 : 1), 0, false, (interval) => void alert.settled.push(interval));
    alert.intervals = alert.base.active ? [...alert.settled, { start: alert.base.state.start, end: Number.NaN, late: false, count: 1 }] : [...alert.settled];
    this.#update(undefined, alert, now);
    alert.trim(now);
    for (const member of city.network.members) {
      const silent = this.#roster.at(this.#roster.slotOf(member) ?? -1);
      if (silent) this.#remute(silent, now);
    }
  }

  #remute(vehicle: WatchedVehicle, now: number): void {
    this.#roster.before(vehicle);
    for (const track of vehicle.tracks.values()) if (track.open && track.rule.rule.inhibition === 'communication') this.#update(vehicle, track, now);
  }

  #askHistory(vehicle: WatchedVehicle, time: number): void {
    if (time >= vehicle.wanted || !canMatter(vehicle, this.#feeder, time)) return;
    this.#effects.push(wantHistory(vehicle, time));
  }

  #trackOf(vehicleId: string, ruleId: string): { readonly vehicle: WatchedVehicle | undefined; readonly track: Track } | undefined {
    const slot = this.#roster.slotOf(vehicleId);
    const vehicle = slot === undefined || this.#roster.dormant(slot) ? undefined : this.#roster.at(slot);
    const track = vehicle ? vehicle.tracks.get(ruleId) : [...this.#cities.values()].find((city) => city.track?.vehicleId === vehicleId)?.track;
    return track ? { vehicle, track } : undefined;
  }

  /** A track for an act that is replayed before its messages. */
  #trackFor(vehicleId: string, ruleId: string): { readonly vehicle: WatchedVehicle; readonly track: Track } | undefined {
    const vehicle = this.#roster.at(this.#roster.slotOf(vehicleId) ?? -1);
    const rule = vehicle?.samples.plan.rules.find((candidate) => candidate.rule.id === ruleId);
    if (!vehicle || !rule) return undefined;
    const track = new Track(vehicleId, rule);
    vehicle.tracks.set(ruleId, track);
    return { vehicle, track };
  }

  #planOf(modelId: string): AlertPlan {
    let plan = this.#plans.get(modelId);
    if (!plan) {
      const rules = this.#rules.filter((rule) => rule.enabled && rule.id !== NETWORK_RULE_ID && (rule.modelIds.length === 0 || rule.modelIds.includes(modelId)));
      this.#plans.set(modelId, (plan = compilePlan(rules, this.#catalogue)));
    }
    return plan;
  }

  /** Gives a vehicle another plan. */
  #adopt(vehicle: WatchedVehicle, plan: AlertPlan, now: number, last: ((parameter: number) => number) | undefined): void {
    const rules = new Map(this.#rules.map((rule) => [rule.id, rule]));
    for (const track of migrate(vehicle, plan, this.#rowCount, last)) {
      const rule = rules.get(track.rule.rule.id);
      this.#closeTrack(vehicle, track, rule === undefined ? 'rule-removed' : rule.enabled ? 'not-for-vehicle' : 'rule-disabled', now);
    }
    for (const rule of plan.rules) {
      if (rule.byReception) this.#judge(vehicle, rule, now, now);
      else this.#derive(vehicle, rule, now);
    }
    this.#silence.plan(vehicle);
  }

  #closeTrack(vehicle: WatchedVehicle, track: Track, clearReason: NonNullable<AlertRecord['clearReason']>, now: number): void {
    const { open } = track;
    vehicle.tracks.delete(track.rule.rule.id);
    this.#pending.delete(track);
    if (open) this.#effects.push({ kind: 'cleared', at: now, alert: { ...open.record, state: 'cleared', clearedAt: now, clearReason } });
    track.alerts = [];
    if (track.rule.rule.inhibition === 'communication') this.#noteSilence(vehicle, track, now);
  }

  #moveTo(vehicle: WatchedVehicle, cityId: string | undefined): void {
    if (vehicle.cityId !== undefined) this.#cityOf(vehicle.cityId).network.vehicles.delete(vehicle.vehicleId);
    vehicle.cityId = cityId;
    if (cityId !== undefined) this.#cityOf(cityId).network.vehicles.add(vehicle.vehicleId);
  }

  #cityOf(cityId: string): { readonly network: CityNetwork; track: Track | undefined } {
    let city = this.#cities.get(cityId);
    if (!city) this.#cities.set(cityId, (city = { network: new CityNetwork(), track: undefined }));
    return city;
  }

  #taken(): readonly AlertEffect[] {
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }
}
