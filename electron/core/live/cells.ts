import { FLEET_COLUMNS, STATUS_LABELS, type FleetColumnKey } from '#shared/domain/fleet/columns.ts';
import { LIVE_FLAG } from '#shared/domain/fleet/status.ts';
import { PARAMETER } from '#shared/domain/telemetry/catalogue/numbers.ts';
import type { ParameterCatalogue } from '#shared/domain/telemetry/catalogue/index.ts';
import type { LiveFleet } from './live-fleet.ts';
import type { PlaceNames } from './places.ts';

export type CellValue = string | number | boolean | undefined;

function finite(value: number | undefined): number | undefined {
  return value === undefined || Number.isNaN(value) ? undefined : value;
}

/** Reads the cells of the grid view: one getter per column of FLEET_COLUMNS. */
export class FleetCells {
  readonly #fleet: LiveFleet;
  readonly #getters: Readonly<Record<FleetColumnKey, (slot: number) => CellValue>>;

  constructor(fleet: LiveFleet, catalogue: ParameterCatalogue, places: PlaceNames) {
    this.#fleet = fleet;
    const { state } = fleet;
    const entry = (slot: number) => fleet.entry(slot);
    const charging = catalogue.byNumber(PARAMETER.chargingState)?.choices ?? {};
    this.#getters = {
      vin: (slot) => entry(slot)?.vin,
      status: (slot) => STATUS_LABELS[state.columns.status[slot]!],
      lastCommunication: (slot) => finite(state.columns.lastCommunication[slot]),
      soc: (slot) => finite(state.columns.soc[slot]),
      speed: (slot) => finite(state.columns.speed[slot]),
      range: (slot) => finite(state.columns.range[slot]),
      odometer: (slot) => finite(state.columns.odometer[slot]),
      ignition: (slot) => ((state.columns.flags[slot]! & LIVE_FLAG.ignitionUnknown) !== 0 ? undefined : (state.columns.flags[slot]! & LIVE_FLAG.ignitionOn) !== 0),
      charging: (slot) => {
        const value = finite(state.value(slot, PARAMETER.chargingState));
        return value === undefined ? undefined : (charging[String(value)] ?? String(value));
      },
      place: (slot) => places.at(slot, state.columns.lat[slot]!, state.columns.lon[slot]!),
      latitude: (slot) => finite(state.columns.lat[slot]),
      longitude: (slot) => finite(state.columns.lon[slot]),
      signal: (slot) => (state.columns.signal[slot] === 255 ? undefined : state.columns.signal[slot]),
      firmware: (slot) => state.text(slot, PARAMETER.firmwareVersion),
      connection: (slot) => (state.columns.flags[slot]! & LIVE_FLAG.connected) !== 0,
      customer: (slot) => entry(slot)?.customer,
      city: (slot) => entry(slot)?.city,
      model: (slot) => entry(slot)?.model,
      telematicsId: (slot) => entry(slot)?.telematicsId,
      purchaseDate: (slot) => entry(slot)?.purchaseDate,
      productStatus: (slot) => entry(slot)?.productStatus,
      registration: (slot) => entry(slot)?.registration,
      deviceId: (slot) => entry(slot)?.deviceId,
      bmsId: (slot) => entry(slot)?.bmsId,
      motorId: (slot) => entry(slot)?.motorId,
    };
  }

  cell(key: FleetColumnKey, slot: number): CellValue {
    return this.#getters[key](slot);
  }

  /** All cells of a row; unknown ones are left out. */
  row(slot: number): { vehicleId: string; cells: Record<string, string | number | boolean> } {
    const cells: Record<string, string | number | boolean> = {};
    for (const { key } of FLEET_COLUMNS) {
      const value = this.#getters[key](slot);
      if (value !== undefined) cells[key] = value;
    }
    return { vehicleId: this.#fleet.entry(slot)?.vehicleId ?? '', cells };
  }

  /** Lower-case text of every searchable cell, and the phone number, which is searched but not shown. */
  searchText(slot: number): string {
    const parts: CellValue[] = FLEET_COLUMNS.filter((column) => 'searchable' in column && column.searchable).map((column) => this.#getters[column.key](slot));
    parts.push(this.#fleet.entry(slot)?.phone, this.#fleet.entry(slot)?.userName);
    return parts.filter((part) => part !== undefined).join('\u0001').toLowerCase();
  }
}
