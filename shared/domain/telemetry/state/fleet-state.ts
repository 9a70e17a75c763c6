import { VEHICLE_STATUSES, type VehicleStatus } from '../../fleet/status.ts';
import { PARAMETER } from '../catalogue/numbers.ts';
import { foldSkew } from '../clock/index.ts';
import { QUALITY } from '../envelope/quality.ts';
import type { DecodedMessage } from '../processor/decoded-message.ts';
import { ModelValues } from './cells.ts';
import { BYTES_PER_VEHICLE, NO_ROW, clearTold, columnsBytes, createColumns, growColumns, type LiveColumns } from './columns.ts';
import { deriveStatus, deriveValues } from './derive.ts';
import { dropNewest } from './drop.ts';
import { FIX_COUNT, insertFix } from './fixes.ts';
import { insertReading, READING_COUNT } from './odometer.ts';
import { orderKey, timeOfKey } from './order.ts';
import { DEFAULT_SPEED_LIMIT } from './position.ts';
import { STATUS_SETTINGS, type StatusSettings } from './rules.ts';
import { LastTexts, type TextCell } from './texts.ts';

/** Values of these messages say nothing about now: seen before, of no believable time, or placed by guess. */
const NOT_LIVE = QUALITY.duplicate | QUALITY.quarantined | QUALITY.rebuilt;
/** These messages say nothing about the unit's clock. */
const DELAYED = QUALITY.duplicate | QUALITY.buffered | QUALITY.queued | QUALITY.retained;

export interface FleetStateOptions {
  readonly settings?: Partial<StatusSettings>;
  /** Told of every change of a status, by a message or by time alone; `asOf` in epoch ms. */
  readonly onStatus?: (slot: number, from: VehicleStatus, to: VehicleStatus, asOf: number) => void;
}

/**
 * The live fleet: status, dashboard columns and last values of every vehicle. Every value is the one with the greatest (event
 * time, sequence, value) of all messages applied, and what is shown is a function of those and of the instant; so neither the
 * order of messages nor repetition matters. Time comes in by `evaluate`.
 */
export class FleetState {
  readonly #settings: StatusSettings;
  readonly #onStatus: FleetStateOptions['onStatus'];
  readonly #slots = new Map<string, number>();
  readonly #keys: string[] = [];
  readonly #models: ModelValues[] = [];
  readonly #modelIndex = new Map<string, number>();
  readonly #texts = new LastTexts();
  #columns = createColumns(64);
  #revision = 0;
  #asOf = 0;

  constructor(options: FleetStateOptions = {}) {
    this.#settings = { ...STATUS_SETTINGS, ...options.settings };
    this.#onStatus = options.onStatus;
  }

  /** Number of vehicles; slots are 0 … size − 1. */
  get size(): number {
    return this.#keys.length;
  }

  /** Grows with every change of a row or a last value. */
  get revision(): number {
    return this.#revision;
  }

  /** The instant for which statuses hold, epoch ms. */
  get asOf(): number {
    return this.#asOf;
  }

  /** The columns; replaced when the fleet grows, so do not keep them. */
  get columns(): Readonly<LiveColumns> {
    return this.#columns;
  }

  /** The slot of a key (unit id), or undefined. */
  slotOf(key: string): number | undefined {
    return this.#slots.get(key);
  }

  keyOf(slot: number): string | undefined {
    return this.#keys[slot];
  }

  /**
   * The slot of a key, made at first sight. Vehicles of one `layout` (model) share the numbering of their parameters; a known
   * vehicle moves to another layout where one is named. `speedLimit`, of a new one: fastest believable travel, km/h.
   */
  ensureSlot(key: string, layout = '', speedLimit = DEFAULT_SPEED_LIMIT): number {
    const known = this.#slots.get(key);
    if (known !== undefined) {
      if (layout !== '' && layout !== this.layoutOf(known)) this.#moveTo(known, layout);
      return known;
    }
    const slot = this.#keys.length;
    const capacity = this.#columns.status.length;
    if (slot >= capacity) this.#columns = growColumns(this.#columns, capacity + (capacity >> 2) + 64);
    this.#slots.set(key, slot);
    this.#keys.push(key);
    this.#columns.model[slot] = this.#modelOf(layout);
    this.#columns.speedLimit[slot] = speedLimit;
    this.#derive(slot, true);
    this.#touch(slot);
    return slot;
  }

  /** Sets the fastest believable travel of a vehicle, km/h. */
  setSpeedLimit(slot: number, speedLimit: number): void {
    if (this.#columns.speedLimit[slot] === speedLimit) return;
    this.#columns.speedLimit[slot] = speedLimit;
    this.refresh(slot);
  }

  /** Forgets everything the vehicle has reported: its unit has moved to another vehicle. */
  clear(slot: number): void {
    this.#valuesOf(slot)?.releaseRow(this.#columns.row[slot] as number);
    this.#columns.row[slot] = NO_ROW;
    this.#texts.clear(slot);
    clearTold(this.#columns, slot);
    this.#derive(slot, true);
    this.#touch(slot);
  }

  /** Forgets what is stamped before `instant` (epoch ms): the unit was in another vehicle then. */
  forgetBefore(slot: number, instant: number): void {
    const values: [parameter: number, value: number, key: number][] = [];
    const row = this.#columns.row[slot] as number;
    this.#valuesOf(slot)?.forEach(row, (parameter, value, key) => void (key >= instant && values.push([parameter, value, key])));
    const texts = this.texts(slot).filter((cell) => cell.key >= instant);
    const heard = this.#columns.lastCommunication[slot] as number;
    const connected = this.#columns.connected[slot] === 1;
    const connectedAt = this.#columns.connectedAt[slot] as number;
    this.clear(slot);
    for (const [parameter, value, key] of values) this.put(slot, parameter, value, key);
    for (const { parameter, text, key } of texts) this.putText(slot, parameter, text, key);
    const [lat, lon] = [PARAMETER.lat, PARAMETER.lon].map((wanted) => values.find(([parameter]) => parameter === wanted));
    if (lat && lon) this.putFix(slot, lat[1], lon[1], Math.min(lat[2], lon[2]));
    if (heard >= instant) this.#columns.lastCommunication[slot] = heard;
    if (connectedAt >= instant) this.#connect(slot, connected, connectedAt);
    this.refresh(slot);
  }

  /** Takes a message of the vehicle's unit; returns whether its row or a last value changed. A rejected message only marks the row. */
  apply(slot: number, message: DecodedMessage): boolean {
    const columns = this.#columns;
    const { quality, receivedAt } = message;
    if (message.kind === 'rejected') {
      columns.malformed[slot] = 1;
      return this.#finish(slot, false, false);
    }
    let changed = this.#noteContact(slot, message);
    if ((quality & DELAYED) === 0 && message.deviceTime === message.deviceTime && message.kind !== 'state' && message.kind !== 'meta') {
      foldSkew(columns, slot, receivedAt - ((quality & QUALITY.rollover) !== 0 ? message.eventTime : message.deviceTime), receivedAt);
    }
    let values = false;
    if ((quality & NOT_LIVE) === 0) {
      values = message.rowCount > 0 && this.#applyRows(slot, message);
      const key = orderKey(message.eventTime, message.seq);
      for (const { parameter, text } of message.texts) changed = this.#texts.put(slot, parameter, text, key) || changed;
    }
    return this.#finish(slot, values, changed || values);
  }

  /** Records that the vehicle communicated at `time` (epoch ms), without any value; earlier than what is known changes nothing. */
  contact(slot: number, time: number): void {
    if ((this.#columns.lastCommunication[slot] as number) >= time) return;
    this.#columns.lastCommunication[slot] = time;
    this.#finish(slot, false, true);
  }

  /** One value with its order key, outside any message (restored or seeded state); `refresh` afterwards. */
  put(slot: number, parameter: number, value: number, key: number): void {
    const columns = this.#columns;
    this.#ensureValues(slot).put(columns.row[slot] as number, parameter, value, key);
    if (parameter === PARAMETER.odometer) insertReading(columns, slot, value, key);
  }

  putText(slot: number, parameter: number, text: string, key: number): boolean {
    return this.#texts.put(slot, parameter, text, key);
  }

  /** One fix with its order key, outside any message; `refresh` afterwards. */
  putFix(slot: number, lat: number, lon: number, key: number): void {
    insertFix(this.#columns, slot, lat, lon, key);
  }

  setConnected(slot: number, on: boolean, receivedAt: number): void {
    this.#connect(slot, on, receivedAt);
    this.#finish(slot, false, false);
  }

  /** Recomputes the row from its values, after `put`, `putText` and `putFix`. */
  refresh(slot: number): void {
    this.#finish(slot, true, true);
  }

  /**
   * Moves time: statuses, ages and stale marks hold for `asOf` (epoch ms) afterwards. On a console that is not connected that is
   * the time of last contact. Returns how many rows changed. Costs a pass over one column.
   */
  evaluate(asOf: number): number {
    const backwards = asOf < this.#asOf;
    this.#asOf = asOf;
    const { deadline } = this.#columns;
    let changed = 0;
    for (let slot = 0; slot < this.#keys.length; slot++) {
      if ((asOf > (deadline[slot] as number) || backwards) && this.#finish(slot, false, false)) changed++;
    }
    return changed;
  }

  /**
   * Drops what is stamped after `instant` (epoch ms): for a computer whose clock was ahead and has been put right, which would
   * otherwise show the wrong future until it has passed.
   */
  forgetAfter(instant: number): void {
    const columns = this.#columns;
    for (let slot = 0; slot < this.#keys.length; slot++) {
      this.#valuesOf(slot)?.dropAfter(columns.row[slot] as number, instant);
      this.#texts.dropAfter(slot, instant);
      dropNewest(columns.fixKey, [columns.fixLat, columns.fixLon], slot * FIX_COUNT, FIX_COUNT, instant);
      dropNewest(columns.readingKey, [columns.readingValue], slot * READING_COUNT, READING_COUNT, instant);
      columns.skewPeriod[slot] = -1;
      columns.skewSmallest[slot] = Number.NaN;
      columns.skewBefore[slot] = Number.NaN;
      if ((columns.lastCommunication[slot] as number) > instant) columns.lastCommunication[slot] = instant;
      if ((columns.connectedAt[slot] as number) > instant) columns.connectedAt[slot] = instant;
      this.refresh(slot);
    }
  }

  /** Last value of a parameter, NaN where none was reported. */
  value(slot: number, parameter: number): number {
    return this.#valuesOf(slot)?.value(this.#columns.row[slot] as number, parameter) ?? Number.NaN;
  }

  text(slot: number, parameter: number): string | undefined {
    return this.#texts.text(slot, parameter);
  }

  texts(slot: number): readonly TextCell[] {
    return this.#texts.list(slot);
  }

  /** Calls `visit` with every parameter's last value and event time (epoch ms). */
  forEachValue(slot: number, visit: (parameter: number, value: number, time: number) => void): void {
    this.#valuesOf(slot)?.forEach(this.#columns.row[slot] as number, (parameter, value, key) => visit(parameter, value, timeOfKey(key)));
  }

  /** The last values of a vehicle as stored; undefined where it has reported none. */
  storedValues(slot: number): { readonly values: ModelValues; readonly row: number } | undefined {
    const values = this.#valuesOf(slot);
    return values === undefined ? undefined : { values, row: this.#columns.row[slot] as number };
  }

  layoutOf(slot: number): string {
    return this.#models[this.#columns.model[slot] ?? -1]?.model ?? '';
  }

  /** Bytes held: dashboard columns, and last values of all parameters. */
  memory(): { readonly dashboard: number; readonly values: number; readonly dashboardPerVehicle: number; readonly valuesPerVehicle: number } {
    const values = this.#models.reduce((sum, model) => sum + model.bytes, 0) + this.#texts.bytes;
    return { dashboard: columnsBytes(this.#columns), values, dashboardPerVehicle: BYTES_PER_VEHICLE, valuesPerVehicle: this.size === 0 ? 0 : values / this.size };
  }

  /** Communication and connection; true where the last communication changed. */
  #noteContact(slot: number, message: DecodedMessage): boolean {
    const { lastCommunication } = this.#columns;
    const said = message.state;
    if (said !== undefined) this.#connect(slot, said.on, message.receivedAt);
    // A retained copy was not sent now, and "off" is usually the broker speaking for a unit that has gone.
    if ((message.quality & QUALITY.retained) !== 0 || said?.on === false) return false;
    const contact = (message.quality & QUALITY.queued) !== 0 ? Math.min(message.eventTime, message.receivedAt) : message.receivedAt;
    if ((lastCommunication[slot] as number) >= contact) return false;
    lastCommunication[slot] = contact;
    return true;
  }

  /** The latest word about the connection, by its time of reception; at the same instant "off" wins. */
  #connect(slot: number, on: boolean, receivedAt: number): void {
    const { connected, connectedAt } = this.#columns;
    const known = connectedAt[slot] as number;
    if (known > receivedAt || (known === receivedAt && on)) return;
    connectedAt[slot] = receivedAt;
    connected[slot] = on ? 1 : 0;
  }

  /** True where a value changed. */
  #applyRows(slot: number, message: DecodedMessage): boolean {
    const columns = this.#columns;
    const model = this.#ensureValues(slot);
    const row = columns.row[slot] as number;
    const { parameters, values, rowStart, rowTime } = message;
    let changed = false;
    for (let r = 0; r < message.rowCount; r++) {
      const key = orderKey(rowTime[r] as number, message.seq);
      const end = rowStart[r + 1] as number;
      let lat = Number.NaN;
      let lon = Number.NaN;
      const start = rowStart[r] as number;
      if (model.putAll(row, parameters, values, start, end, key)) changed = true;
      for (let i = start; i < end; i++) {
        const parameter = parameters[i] as number;
        if (parameter !== PARAMETER.lat && parameter !== PARAMETER.lon && parameter !== PARAMETER.odometer) continue;
        const value = values[i] as number;
        if (parameter === PARAMETER.lat) lat = value;
        else if (parameter === PARAMETER.lon) lon = value;
        else if (insertReading(columns, slot, value, key)) changed = true;
      }
      if (lat === lat && lon === lon && insertFix(columns, slot, lat, lon, key)) changed = true;
    }
    return changed;
  }

  /** Derives what is shown; `values`: values have changed, not only time; `changed`: something has, whatever is shown. */
  #finish(slot: number, values: boolean, changed: boolean): boolean {
    const shown = this.#derive(slot, values);
    if (!shown && !changed) return false;
    this.#touch(slot);
    return true;
  }

  #touch(slot: number): void {
    this.#columns.changed[slot] = ++this.#revision;
  }

  #derive(slot: number, values: boolean): boolean {
    const columns = this.#columns;
    const before = columns.status[slot] as number;
    const changed = values && deriveValues(columns, slot, this.#valuesOf(slot));
    const shown = deriveStatus(columns, slot, this.#asOf, this.value(slot, PARAMETER.ignition), this.#settings) || changed;
    const after = columns.status[slot] as number;
    if (before !== after) this.#onStatus?.(slot, VEHICLE_STATUSES[before] as VehicleStatus, VEHICLE_STATUSES[after] as VehicleStatus, this.#asOf);
    return shown;
  }

  #modelOf(layout: string): number {
    let index = this.#modelIndex.get(layout);
    if (index === undefined) {
      index = this.#models.length;
      this.#models.push(new ModelValues(layout));
      this.#modelIndex.set(layout, index);
    }
    return index;
  }

  #moveTo(slot: number, layout: string): void {
    const columns = this.#columns;
    const from = this.#valuesOf(slot);
    columns.model[slot] = this.#modelOf(layout);
    if (from === undefined) return;
    const oldRow = columns.row[slot] as number;
    const to = this.#models[columns.model[slot] as number] as ModelValues;
    const row = to.addRow();
    from.forEach(oldRow, (parameter, value, key) => to.put(row, parameter, value, key));
    from.releaseRow(oldRow);
    columns.row[slot] = row;
  }

  #valuesOf(slot: number): ModelValues | undefined {
    return (this.#columns.row[slot] ?? NO_ROW) === NO_ROW ? undefined : this.#models[this.#columns.model[slot] as number];
  }

  #ensureValues(slot: number): ModelValues {
    const columns = this.#columns;
    const model = this.#models[columns.model[slot] as number] as ModelValues;
    if (columns.row[slot] === NO_ROW) columns.row[slot] = model.addRow();
    return model;
  }
}
