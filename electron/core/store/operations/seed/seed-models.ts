import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DemoModel } from '#electron/simulator/fleet/types.ts';
import { dbcHash } from '#shared/domain/telemetry/dbc/hash.ts';
import type { Principal } from '#shared/domain/access/principal.ts';
import { uuidv5 } from '#shared/kernel/ids.ts';
import { vehicleModel } from '#shared/resources/vehicle-model.ts';
import type { MutateOptions, MutationCall, Operations } from '../operations.ts';

/** DBC file and its content's name, by signal map (the key of resources/demo/signal-map.json). */
export type ModelSeed = ReadonlyMap<string, { readonly fileName: string; readonly hash: string }>;

/** Hashes the product's own DBC files, `resources/dbc/<signal map>.dbc`. */
export function readModelSeed(resourcesFolder: string, signalMaps: readonly string[]): ModelSeed {
  return new Map(
    signalMaps.map((name) => {
      const fileName = `${name}.dbc`;
      return [name, { fileName, hash: dbcHash(readFileSync(join(resourcesFolder, 'dbc', fileName))) }];
    }),
  );
}

/** A vehicle model with the DBC file of its bus. */
export function modelMutation(model: DemoModel, seed: ModelSeed, options: MutateOptions): MutationCall {
  const file = seed.get(model.signalMap);
  if (file === undefined) throw new Error(`no DBC file for ${model.signalMap}`);
  return {
    name: 'vehicle-model.create',
    args: {
      values: {
        name: model.name,
        wheels: model.kind,
        batteryModels: [...model.batteryModels],
        dbc: [{ bus: 0, hash: file.hash, fileName: file.fileName, signalMap: model.signalMap }],
        firmwareLine: model.firmwareLine,
      },
    },
    options,
  };
}

/** The batteries that some vehicle models take, once each; `key` names one among the others. */
export function batteryMutations(models: readonly DemoModel[], options: (key: string) => MutateOptions): MutationCall[] {
  const byName = new Map(models.flatMap((model) => model.batteryModels.map((name) => [name, model] as const)));
  return [...byName].map(([name, model]) => ({
    name: 'battery-model.create',
    args: { values: { name, chemistry: 'LFP', nominalVoltage: model.nominalVoltage, capacity: model.capacityAh, cells: model.cells, temperatures: model.temperatures } },
    options: options(name),
  }));
}

/** Gives a new local workspace its vehicle models and their batteries, once: what the administrator changes or deletes later stays so. */
export async function seedModels(options: { readonly operations: Operations; readonly system: Principal; readonly models: readonly DemoModel[]; readonly files: ModelSeed; readonly now: number }): Promise<void> {
  const { operations } = options;
  if (operations.read.count(vehicleModel) > 0) return;
  const calls = options.models.map((model) => modelMutation(model, options.files, { id: uuidv5(`${operations.nodeId}:model:${model.key}`), at: options.now }));
  calls.push(...batteryMutations(options.models, (key) => ({ id: uuidv5(`${operations.nodeId}:battery:${key}`), at: options.now })));
  await operations.commit({ principal: options.system, mutations: calls.filter((call) => !operations.read.isApplied(call.options?.id ?? '')) });
}
