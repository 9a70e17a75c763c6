import { LIVE_FLAG, STATUS_CODE } from '../../fleet/status.ts';
import { PARAMETER } from '../catalogue/numbers.ts';
import { QUALITY } from '../envelope/quality.ts';
import type { DecodedMessage } from '../processor/decoded-message.ts';
import { ParameterCells, ParameterLayout } from './cells.ts';
import { columnsBytes, createColumns, FIX_STRIDE, growColumns, type LiveColumns } from './columns.ts';
import { insertFix, newestFixes } from './fixes.ts';
import { orderKey, timeOfKey } from './order.ts';
import { DEFAULT_SPEED_LIMIT, shownPosition } from './position.ts';
import { isCharging, OFFLINE_AFTER, positionStaleAfter, SILENT_AFTER, speedOf, statusCode, statusFlags, type StatusInputs } from './rules.ts';

/** Values of these messages say nothing about now: seen before, of no believable time, or placed by guess. */
const NOT_LIVE = QUALITY.duplicate | QUALITY.quarantined | QUALITY.rebuilt;
const STICKY_FLAGS = LIVE_FLAG.connected | LIVE_FLAG.clockWrong | LIVE_FLAG.malformed;

/** A text value and the order key of its message. */
export interface TextCell {
  readonly parameter: number;
  readonly text: string;
  readonly key: number;
}

/**
 * The live fleet: status, dashboard columns and last values of every vehicle. A fold over a set of messages: the order in which
 * they are applied does not matter. Time comes in by `evaluate`.
 */
export class FleetState {
  readonly #slots = new Map<string, number>();
  readonly #keys: string[] = [];
  readonly #layouts = new Map<string, ParameterLayout>();
  readonly #cells: ParameterCells[] = [];
  readonly #texts: (TextCell[] | undefined)[] = [];
  readonly #inputs: StatusInputs = { wheelSpeed: 0, wheelSpeedKey: 0, gpsSpeed: 0, gpsSpeedKey: 0, ignition: 0, chargingState: 0, chargerState: 0, bmsState: 0 };
  #columns = createColumns(64);
  #revision = 0;
  #asOf = 0;

  /** Number of vehicles; slots are 0 … size − 1. */
  get size(): number {
    return this.#keys.length;
  }

  /** Grows with every change of a row. */
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
   * The slot of a key, made at first sight. Vehicles of one `layout` (model) share the numbering of their parameters.
   * `speedLimit`: fastest believable travel, km/h.
   */
  ensureSlot(key: string, layout = '', speedLimit = DEFAULT_SPEED_LIMIT): number {
    const known = this.#slots.get(key);
    if (known !== undefined) return known;
    const slot = this.#keys.length;
    if (slot >= this.#columns.status.length) this.#columns = growColumns(this.#columns, slot * 2);
    let table = this.#layouts.get(layout);
    if (!table) this.#layouts.set(layout, (table = new ParameterLayout()));
    this.#slots.set(key, slot);
    this.#keys.push(key);
    this.#cells.push(new ParameterCells(table));
    this.#texts.push(undefined);
    this.#columns.speedLimit[slot] = speedLimit;
    this.#columns.status[slot] = STATUS_CODE['not-communicating'];
    this.#columns.flags[slot] = LIVE_FLAG.positionUnknown | LIVE_FLAG.ignitionUnknown;
    this.#columns.changed[slot] = ++this.#revision;
    return slot;
  }

  /** Sets the fastest believable travel of a vehicle, km/h. */
  setSpeedLimit(slot: number, speedLimit: number): void {
    this.#columns.speedLimit[slot] = speedLimit;
  }

  /** Takes a message of the vehicle's unit; returns whether its row changed. A rejected message only marks the row. */
  apply(slot: number, message: DecodedMessage): boolean {
    if (message.kind === 'rejected') return this.#mark(slot, LIVE_FLAG.malformed);
    if ((message.quality & QUALITY.duplicate) !== 0) return false;
    const columns = this.#columns;
    let changed = false;
    const said = message.state;
    if (said) changed = this.#connect(slot, said.on, message.receivedAt);
    if ((message.quality & QUALITY.retained) === 0 && said?.on !== false) {
      const contact = (message.quality & QUALITY.queued) !== 0 ? Math.min(message.eventTime, message.receivedAt) : message.receivedAt;
      if (!(columns.lastCommunication[slot]! >= contact)) {
        columns.lastCommunication[slot] = contact;
        changed = true;
      }
    }
    if ((message.quality & QUALITY.clockWrong) !== 0) changed = this.#setFlag(slot, LIVE_FLAG.clockWrong) || changed;
    if ((message.quality & NOT_LIVE) === 0) changed = this.#applyValues(slot, message) || changed;
    if (changed) this.#refresh(slot);
    return changed;
  }

  /** Records that the vehicle communicated at `time` (epoch ms), without any value; earlier than what is known changes nothing. */
  contact(slot: number, time: number): void {
    if (this.#columns.lastCommunication[slot]! >= time) return;
    this.#columns.lastCommunication[slot] = time;
    this.#refresh(slot);
  }

  /** One value with its time, outside any message (restored or seeded state). */
  put(slot: number, parameter: number, value: number, key: number): void {
    this.#cells[slot]!.put(parameter, value, key);
  }

  putText(slot: number, parameter: number, text: string, key: number): boolean {
    const texts = (this.#texts[slot] ??= []);
    const at = texts.findIndex((cell) => cell.parameter === parameter);
    const known = texts[at];
    if (known && (known.key > key || (known.key === key && known.text >= text))) return false;
    const cell = { parameter, text, key };
    if (at < 0) texts.push(cell);
    else texts[at] = cell;
    return true;
  }

  /** Recomputes the row from its values, after `put` and `putFix`. */
  refresh(slot: number): void {
    this.#refresh(slot);
  }

  /** One fix with its order key, outside any message. */
  putFix(slot: number, lat: number, lon: number, key: number): void {
    insertFix(this.#columns.fixes, slot * FIX_STRIDE, lat, lon, key);
  }

  setConnected(slot: number, on: boolean, receivedAt: number): void {
    if (this.#connect(slot, on, receivedAt)) this.#refresh(slot);
  }

  /**
   * Moves time: statuses, ages and stale marks hold for `asOf` afterwards. On a console that is not connected that is the time of
   * last contact. Returns how many rows changed.
   */
  evaluate(asOf: number): number {
    const backwards = asOf < this.#asOf;
    this.#asOf = asOf;
    const { deadline } = this.#columns;
    let changed = 0;
    for (let slot = 0; slot < this.#keys.length; slot++) {
      if (backwards || deadline[slot]! <= asOf) {
        this.#refresh(slot);
        changed++;
      }
    }
    return changed;
  }

  /** Last value of a parameter, NaN where none was reported. */
  value(slot: number, parameter: number): number {
    return this.#cells[slot]?.value(parameter) ?? Number.NaN;
  }

  text(slot: number, parameter: number): string | undefined {
    return this.#texts[slot]?.find((cell) => cell.parameter === parameter)?.text;
  }

  texts(slot: number): readonly TextCell[] {
    return this.#texts[slot] ?? [];
  }

  /** Calls `visit` with every parameter's last value and event time (epoch ms). */
  forEachValue(slot: number, visit: (parameter: number, value: number, time: number) => void): void {
    this.#cells[slot]?.forEach((parameter, value, key) => visit(parameter, value, timeOfKey(key)));
  }

  cellsOf(slot: number): ParameterCells | undefined {
    return this.#cells[slot];
  }

  layoutOf(slot: number): string {
    const layout = this.#cells[slot]?.layout;
    for (const [name, table] of this.#layouts) if (table === layout) return name;
    return '';
  }

  /** Bytes held: dashboard columns, and last values of all parameters. */
  memory(): { dashboard: number; values: number } {
    return { dashboard: columnsBytes(this.#columns), values: this.#cells.reduce((sum, cells) => sum + cells.bytes, 0) };
  }

  #applyValues(slot: number, message: DecodedMessage): boolean {
    const cells = this.#cells[slot]!;
    const { parameters, values, rowStart, rowTime } = message;
    let changed = false;
    for (let row = 0; row < message.rowCount; row++) {
      const key = orderKey(rowTime[row]!, message.seq);
      let lat = Number.NaN;
      let lon = Number.NaN;
      for (let i = rowStart[row]!; i < rowStart[row + 1]!; i++) {
        const parameter = parameters[i]!;
        if (cells.put(parameter, values[i]!, key)) changed = true;
        if (parameter === PARAMETER.lat) lat = values[i]!;
        else if (parameter === PARAMETER.lon) lon = values[i]!;
      }
      if (lat === lat && lon === lon && insertFix(this.#columns.fixes, slot * FIX_STRIDE, lat, lon, key)) changed = true;
    }
    const textKey = orderKey(message.eventTime, message.seq);
    for (const { parameter, text } of message.texts) changed = this.putText(slot, parameter, text, textKey) || changed;
    return changed;
  }

  /** The latest word about the connection, by its time of reception; at the same instant "off" wins. */
  #connect(slot: number, on: boolean, receivedAt: number): boolean {
    const columns = this.#columns;
    const known = columns.connectedKey[slot]!;
    if (receivedAt < known || (receivedAt === known && on)) return false;
    columns.connectedKey[slot] = receivedAt;
    const before = columns.flags[slot]!;
    columns.flags[slot] = on ? before | LIVE_FLAG.connected : before & ~LIVE_FLAG.connected;
    return columns.flags[slot] !== before;
  }

  #setFlag(slot: number, flag: number): boolean {
    const before = this.#columns.flags[slot]!;
    if ((before & flag) !== 0) return false;
    this.#columns.flags[slot] = before | flag;
    return true;
  }

  #mark(slot: number, flag: number): boolean {
    if (!this.#setFlag(slot, flag)) return false;
    this.#columns.changed[slot] = ++this.#revision;
    return true;
  }

  /** Derives the dashboard row from the last values, for #asOf. */
  #refresh(slot: number): void {
    const columns = this.#columns;
    const cells = this.#cells[slot]!;
    const inputs = this.#inputs;
    inputs.wheelSpeed = cells.value(PARAMETER.speed);
    inputs.wheelSpeedKey = cells.key(PARAMETER.speed);
    inputs.gpsSpeed = cells.value(PARAMETER.gpsSpeed);
    inputs.gpsSpeedKey = cells.key(PARAMETER.gpsSpeed);
    inputs.ignition = cells.value(PARAMETER.ignition);
    inputs.chargingState = cells.value(PARAMETER.chargingState);
    inputs.chargerState = cells.value(PARAMETER.chargerState);
    inputs.bmsState = cells.value(PARAMETER.bmsState);
    const speed = speedOf(inputs);
    const charging = isCharging(inputs);
    const last = columns.lastCommunication[slot]!;
    columns.status[slot] = statusCode(last === last ? this.#asOf - last : Number.POSITIVE_INFINITY, speed, charging, inputs.ignition);
    let flags = (columns.flags[slot]! & STICKY_FLAGS) | statusFlags(speed, charging, inputs.ignition);

    const [newest, second, third] = newestFixes(columns.fixes, slot * FIX_STRIDE);
    const parked = inputs.ignition === 0 && !(speed > 0);
    const fix = shownPosition(newest, second, third, parked, columns.speedLimit[slot]!);
    let staleAt = Number.POSITIVE_INFINITY;
    if (fix) {
      columns.lat[slot] = fix.lat;
      columns.lon[slot] = fix.lon;
      staleAt = timeOfKey(fix.key) + positionStaleAfter(speed, charging, inputs.ignition);
      if (staleAt < this.#asOf) flags |= LIVE_FLAG.positionStale;
    } else flags |= LIVE_FLAG.positionUnknown;

    columns.flags[slot] = flags;
    columns.speed[slot] = speed;
    columns.heading[slot] = cells.value(PARAMETER.heading);
    columns.soc[slot] = cells.value(PARAMETER.soc);
    columns.range[slot] = cells.value(PARAMETER.range);
    columns.odometer[slot] = cells.value(PARAMETER.odometer);
    const signal = cells.value(PARAMETER.gsmSignal);
    columns.signal[slot] = signal === signal ? signal : 255;
    columns.deadline[slot] = nextChange(this.#asOf, last, staleAt);
    columns.changed[slot] = ++this.#revision;
  }
}

/** The first instant after `asOf` at which silence or a stale position changes the row; both thresholds are exclusive. */
function nextChange(asOf: number, last: number, staleAt: number): number {
  let next = Number.POSITIVE_INFINITY;
  for (const at of [last + OFFLINE_AFTER + 1, last + SILENT_AFTER + 1, staleAt + 1]) if (at > asOf && at < next) next = at;
  return next;
}
