import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import map from '../../resources/demo/signal-map.json' with { type: 'json' };
import type { DemoModel } from './fleet/types.ts';

/** One line of resources/demo/signal-map.json. */
export interface MappedSignal {
  readonly message: string;
  readonly signal: string;
  readonly parameter: string;
  readonly unit: 'BMS' | 'MCU' | 'Charger' | 'VCU';
  readonly notAvailable: readonly number[];
}

export type BusName = DemoModel['signalMap'];

export interface BusResource {
  /** The DBC file. */
  readonly dbc: Uint8Array;
  readonly signals: readonly MappedSignal[];
}

/** What the simulator reads from disk. */
export type DemoResources = Readonly<Record<BusName, BusResource>>;

/** The buses of the demo fleet; `folder` is the application's `resources`. Throws where a DBC file cannot be read. */
export function loadDemoResources(folder: string): DemoResources {
  const busOf = (name: BusName): BusResource => ({ dbc: readFileSync(join(folder, 'dbc', map.maps[name].dbc)), signals: map.maps[name].signals as readonly MappedSignal[] });
  return { 'two-wheeler': busOf('two-wheeler'), 'three-wheeler': busOf('three-wheeler') };
}
