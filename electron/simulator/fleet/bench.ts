import { SPARE_UNITS, spareUnitOf, vehicleOf } from './describe.ts';
import type { DemoVehicle } from './types.ts';

/** Numbers of bench vehicles begin where no fleet reaches. */
export const FIRST_BENCH_INDEX = 1_000_000;

/**
 * Vehicles on the demo's workshop bench, one for each spare unit: complete, with numbers on their labels, and unknown to the console. Their
 * units send decodable buses.
 */
export function describeBench(seed: string | number, now: number): DemoVehicle[] {
  const text = String(seed);
  return Array.from({ length: SPARE_UNITS }, (_, index) => {
    const unit = spareUnitOf(text, index);
    const vehicle = vehicleOf(text, FIRST_BENCH_INDEX + index, now);
    const kind = vehicle.motorId.slice(2, 4);
    const serial = 41_290_000 + index;
    return {
      ...vehicle,
      deviceId: unit.deviceId,
      telematicsId: unit.telematicsId,
      unitKind: unit.unitKind,
      simNumber: unit.simNumber,
      communicationType: unit.communicationType,
      vin: `MXEV${kind}NEW9${String(index).padStart(5, '0')}`,
      motorId: `KE${kind}88409${String(index).padStart(4, '0')}`,
      bmsId: `Bms${kind}S${serial}`,
      packSerial: serial,
      registration: '',
      phone: `60002${String(index + 1).padStart(5, '0')}`,
      productStatus: 'In Stock',
      initialStatus: 'ignition-off',
      silence: undefined,
      quirk: undefined,
    };
  });
}
