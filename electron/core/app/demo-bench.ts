import { describeBench, FIRST_BENCH_INDEX } from '#electron/simulator/fleet/bench.ts';
import { MODELS } from '#electron/simulator/fleet/catalogue.ts';
import { SPARE_UNITS, spareUnitOf } from '#electron/simulator/fleet/describe.ts';
import type { AppContract } from '#shared/contract/index.ts';
import { systemPrincipal, type Principal } from '#shared/domain/access/principal.ts';
import { standInNumber } from '#shared/domain/commissioning/index.ts';
import { AppError } from '#shared/kernel/error.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import { product } from '#shared/resources/product.ts';
import type { Handlers } from '#shared/rpc/handlers.ts';
import type { FleetDirectory } from '../store/operations/directory/directory.ts';
import type { Operations } from '../store/operations/operations.ts';
import type { DemoSimulator } from './demo-simulator.ts';

export interface DemoBenchOptions {
  readonly simulator: () => DemoSimulator | undefined;
  readonly directory: FleetDirectory;
  readonly operations: Operations;
  readonly seed: number;
  readonly clock: Clock;
}

/** Handlers of the demo's workshop bench; elsewhere they refuse. */
export function demoBenchHandlers({ simulator, directory, operations, seed, clock }: DemoBenchOptions): Pick<Handlers<AppContract, Principal>, 'demo.bench' | 'demo.powerBench'> {
  function demo(): DemoSimulator {
    const found = simulator();
    if (!found) throw new AppError('refused', 'Only the demo has a simulated bench. Switch a real vehicle on.');
    return found;
  }
  const nameOf = (key: string): string => MODELS.find((model) => model.key === key)?.name ?? '';

  /** Units are shipped on a stand-in frame: this one gets its product, unless it has been used already. */
  async function putOnStandIn(vin: string, vehicle: ReturnType<typeof describeBench>[number]): Promise<void> {
    const model = directory.models().find(({ name }) => name === nameOf(vehicle.modelKey));
    const known = operations.read.findUnique(product, 'vin', vin) ?? operations.read.findUnique(product, 'deviceId', vehicle.deviceId);
    if (known !== undefined || model === undefined) return;
    await operations.mutate(systemPrincipal(operations.nodeId), 'product.create', {
      values: { modelId: model.id, vin, motorId: standInNumber(vin, 'motor'), bmsId: standInNumber(vin, 'battery'), telematicsId: vehicle.telematicsId, deviceId: vehicle.deviceId, communicationType: vehicle.communicationType as 'Cellular', batteryModel: vehicle.batteryModel, simNumber: vehicle.simNumber },
      sale: { productStatus: 'In Transit' },
    });
  }

  return {
    'demo.bench': () => {
      demo();
      const standIns = new Map(Array.from({ length: SPARE_UNITS }, (_, index) => spareUnitOf(String(seed), index)).map((unit) => [unit.deviceId, unit.placeholderVin]));
      return {
        vehicles: describeBench(seed, clock.now()).map((vehicle) => {
          const { telematicsId, deviceId, bmsId, motorId, vin, phone, modelKey, batteryModel } = vehicle;
          const placeholderVin = standIns.get(deviceId);
          return { telematicsId, deviceId, bmsId, motorId, vin, phone, model: nameOf(modelKey), batteryModel, ...(placeholderVin === undefined ? {} : { placeholderVin }) };
        }),
      };
    },
    'demo.powerBench': async ({ telematicsId }) => {
      const fleet = demo();
      const vehicle = describeBench(seed, clock.now()).find((one) => one.telematicsId === telematicsId);
      if (vehicle === undefined) throw new AppError('not-found', 'No vehicle with this unit stands on the bench.');
      const { placeholderVin } = spareUnitOf(String(seed), vehicle.index - FIRST_BENCH_INDEX);
      if (placeholderVin !== undefined) await putOnStandIn(placeholderVin, vehicle);
      if ((await fleet.ask({ kind: 'bench', deviceId: vehicle.deviceId })) === 0) throw new AppError('not-found', 'No vehicle with this unit stands on the bench.');
      return {};
    },
  };
}
