import type { ParameterCatalogue } from '../catalogue/index.ts';

/** What the hot path asks of the catalogue, by parameter number. */
export interface ParameterTable {
  /** Possible values; a value outside, and NaN, is missing. Numbers that are no parameter have low = Infinity. */
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** 1 where a working vehicle never reports 0. */
  readonly neverZero: Uint8Array;
  /** 1 for measured values, as opposed to states and flags. */
  readonly measured: Uint8Array;
}

/** Nothing measured on a vehicle is larger; guards against infinities and garbage. */
const LARGEST = 1e15;

export function createParameterTable(catalogue: ParameterCatalogue): ParameterTable {
  const size = catalogue.highestNumber + 1;
  const table: ParameterTable = { low: new Float64Array(size).fill(Infinity), high: new Float64Array(size).fill(-Infinity), neverZero: new Uint8Array(size), measured: new Uint8Array(size) };
  for (const entry of catalogue.entries) {
    if (entry.kind === 'text') continue;
    table.low[entry.number] = entry.limits?.[0] ?? -LARGEST;
    table.high[entry.number] = entry.limits?.[1] ?? LARGEST;
    table.neverZero[entry.number] = entry.neverZero === true ? 1 : 0;
    table.measured[entry.number] = entry.kind === 'number' ? 1 : 0;
  }
  return table;
}
