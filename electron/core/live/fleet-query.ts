import type { FleetFilter } from '#shared/contract/fleet.ts';
import { FLEET_COLUMNS, type FleetColumnKey } from '#shared/domain/fleet/columns.ts';
import { STATUS_CODE } from '#shared/domain/fleet/status.ts';
import type { Principal } from '#shared/domain/access/principal.ts';
import { AppError } from '#shared/kernel/error.ts';
import type { CellValue, FleetCells } from './cells.ts';
import type { LiveFleet } from './live-fleet.ts';

export interface FleetSort {
  readonly column: string;
  readonly direction: 'asc' | 'desc';
}

/** A sorted answer serves the pages of one scroll for this long, ms. */
const KEEP = 1000;
const KEPT_ANSWERS = 16;

function compare(a: CellValue, b: CellValue): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b);
  const left = String(a).toLowerCase();
  const right = String(b).toLowerCase();
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Filters, searches and sorts the whole fleet in scope; ties are broken by VIN, unknown values come last either way. */
export class FleetQuery {
  readonly #fleet: LiveFleet;
  readonly #cells: FleetCells;
  readonly #answers = new Map<string, { at: number; slots: number[] }>();

  constructor(fleet: LiveFleet, cells: FleetCells) {
    this.#fleet = fleet;
    this.#cells = cells;
  }

  /** Slots that match, in order. `now` is any clock in ms. Throws `invalid-input` for a column that does not exist. */
  run(principal: Principal, filter: FleetFilter, sort: FleetSort | undefined, now: number): number[] {
    const { sessionId, scope } = principal;
    const key = JSON.stringify([sessionId, scope === 'all' ? scope : [...scope], this.#fleet.revision, filter, sort]);
    const kept = this.#answers.get(key);
    if (kept && now - kept.at < KEEP && now >= kept.at) return kept.slots;
    const slots = this.fresh(principal, filter, sort);
    this.#answers.delete(key);
    this.#answers.set(key, { at: now, slots });
    for (const old of this.#answers.keys()) {
      if (this.#answers.size <= KEPT_ANSWERS) break;
      this.#answers.delete(old);
    }
    return slots;
  }

  /** The same of this very moment: `run` keeps an answer for a while, so that pages of a grid fit together. */
  fresh(principal: Principal, filter: FleetFilter, sort: FleetSort | undefined): number[] {
    return this.#sort(this.#filter(principal, filter), sort);
  }

  #filter(principal: Principal, filter: FleetFilter): number[] {
    const customers = filter.customerIds?.length ? new Set(filter.customerIds) : undefined;
    const cities = filter.cityIds?.length ? new Set(filter.cityIds) : undefined;
    const words = (filter.search ?? '').toLowerCase().split(/\s+/).filter(Boolean);
    const { status } = this.#fleet.state.columns;
    return this.#fleet.slots(principal).filter((slot) => {
      const entry = this.#fleet.entry(slot);
      if (filter.status !== undefined && status[slot] !== STATUS_CODE[filter.status]) return false;
      if (customers && !customers.has(entry?.customerId ?? '')) return false;
      if (cities && !cities.has(entry?.cityId ?? '')) return false;
      if (words.length === 0) return true;
      const text = this.#cells.searchText(slot);
      return words.every((word) => text.includes(word));
    });
  }

  #sort(slots: number[], sort: FleetSort | undefined): number[] {
    const column = (sort?.column ?? 'vin') as FleetColumnKey;
    if (!FLEET_COLUMNS.some((candidate) => candidate.key === column)) throw new AppError('invalid-input', `There is no column ${column}.`);
    const sign = sort?.direction === 'desc' ? -1 : 1;
    const rows = slots.map((slot) => ({ slot, value: this.#cells.cell(column, slot), vin: this.#fleet.entry(slot)?.vin ?? '' }));
    rows.sort((a, b) => {
      if (a.value === undefined || b.value === undefined) {
        if (a.value !== b.value) return a.value === undefined ? 1 : -1;
      } else {
        const order = compare(a.value, b.value);
        if (order !== 0) return order * sign;
      }
      return a.vin < b.vin ? -1 : a.vin > b.vin ? 1 : 0;
    });
    return rows.map((row) => row.slot);
  }
}
