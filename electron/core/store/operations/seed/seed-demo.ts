import type { DemoVehicle, FleetDescription } from '#electron/simulator/fleet/types.ts';
import type { Principal } from '#shared/domain/access/principal.ts';
import { uuidv5 } from '#shared/kernel/ids.ts';
import type { Log } from '#shared/kernel/ports.ts';
import { setting } from '#shared/resources/setting.ts';
import { firstIdOf } from '#shared/sync/mutator.ts';
import { settingId } from '#shared/sync/mutators/setting.ts';
import { z } from 'zod';
import type { MutationCall, Operations } from '../operations.ts';
import { demoExtras } from './seed-extras.ts';
import { batteryMutations, modelMutation, type ModelSeed } from './seed-models.ts';

const SETTING = 'demo.fleet';
/** Vehicles that are written in one transaction. */
const CHUNK = 50;

const seeded = z.object({ seed: z.string(), vehicles: z.number(), now: z.number(), complete: z.boolean() });
type Seeded = z.infer<typeof seeded>;

export interface SeedDemoOptions {
  readonly operations: Operations;
  readonly system: Principal;
  /** Describes the fleet; called with the instant for which this workspace was seeded first, so that dates stay. */
  readonly describe: (options: { readonly vehicles: number; readonly seed: number; readonly now: number }) => FleetDescription;
  readonly vehicles: number;
  readonly seed: number;
  readonly now: number;
  /** DBC files by signal map. */
  readonly models: ModelSeed;
  readonly log: Log;
  /** Called after each part with what is done, of `total` vehicles. */
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Fills the demo workspace with the described fleet, through mutators whose ids follow from the seed: begun again after a
 * crash it goes on where it stopped, and a second start changes nothing. A fleet never shrinks. Returns what describes the fleet: to
 * describe ten thousand vehicles takes longer than to read them, and a second start rarely asks for it.
 */
export async function seedDemo(options: SeedDemoOptions): Promise<() => FleetDescription> {
  const { operations, system } = options;
  const before = stored(operations);
  const plan: Seeded = { seed: String(options.seed), vehicles: Math.max(options.vehicles, before?.seed === String(options.seed) ? before.vehicles : 0), now: before?.seed === String(options.seed) ? before.now : options.now, complete: false };
  const describe = (): FleetDescription => options.describe({ vehicles: plan.vehicles, seed: options.seed, now: plan.now });
  if (before?.complete === true && before.seed === plan.seed && before.vehicles >= plan.vehicles) return describe;
  const fleet = describe();

  await operations.mutate(system, 'setting.set', { key: SETTING, value: plan });
  const make = calls(fleet, options.models);
  // What is there already is left alone, also where this version would describe it differently.
  const missing = (call: MutationCall): boolean => !operations.read.isApplied(call.options?.id ?? '');
  await operations.commit({ principal: system, mutations: [...make.locations, ...make.customers, ...make.models, ...make.batteries, ...make.units].filter(missing) });
  for (let at = 0; at < fleet.vehicles.length; at += CHUNK) {
    await operations.commit({ principal: system, mutations: fleet.vehicles.slice(at, at + CHUNK).map(make.vehicle).filter(missing) });
    options.onProgress?.(Math.min(at + CHUNK, fleet.vehicles.length), fleet.vehicles.length);
  }
  await operations.commit({ principal: system, mutations: make.extras.filter(missing) });
  await operations.mutate(system, 'setting.set', { key: SETTING, value: { ...plan, complete: true } });
  options.log.write('info', 'demo fleet seeded', { vehicles: fleet.vehicles.length, seed: plan.seed });
  return () => fleet;
}

function stored(operations: Operations): Seeded | undefined {
  const parsed = seeded.safeParse(operations.read.get(setting, settingId(SETTING))?.value);
  return parsed.success ? parsed.data : undefined;
}

/** The values that the description has; it writes an empty text where there is none. */
function given<T extends Readonly<Record<string, string>>>(values: T): Partial<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== '')) as Partial<T>;
}

/** The fleet as mutations; ids depend on seed and key alone. */
function calls(fleet: FleetDescription, models: ModelSeed) {
  const at = fleet.now;
  const optionsOf = (kind: string, key: string) => ({ id: uuidv5(`demo:${fleet.seed}:${kind}:${key}`), at });
  const rowId = (kind: string, key: string): string => firstIdOf(optionsOf(kind, key));

  return {
    locations: fleet.locations.map((one): MutationCall => ({
      name: 'location.create',
      args: { values: { city: one.city, district: one.district, state: one.state, country: one.country, zone: one.zone, latitude: one.lat, longitude: one.lon } },
      options: optionsOf('location', one.key),
    })),
    customers: fleet.customers.map((one): MutationCall => ({
      name: 'customer.create',
      args: { values: { name: one.name, address: one.address, locationId: rowId('location', one.locationKey), pinCode: one.pinCode, phone: one.phone, email: one.email } },
      options: optionsOf('customer', one.key),
    })),
    models: fleet.models.map((one) => modelMutation(one, models, optionsOf('model', one.key))),
    batteries: batteryMutations(fleet.models, (key) => optionsOf('battery', key)),
    extras: demoExtras(fleet, optionsOf, rowId),
    units: fleet.spareUnits.map((one): MutationCall => ({
      name: 'unit.register',
      args: { deviceId: one.deviceId, telematicsId: one.telematicsId, kind: one.unitKind },
      options: optionsOf('unit', one.deviceId),
    })),
    vehicle: (one: DemoVehicle): MutationCall => ({
      name: 'product.create',
      args: {
        values: {
          modelId: rowId('model', one.modelKey),
          vin: one.vin,
          motorId: one.motorId,
          telematicsId: one.telematicsId,
          deviceId: one.deviceId,
          bmsId: one.bmsId,
          communicationType: one.communicationType as 'Cellular',
          batteryModel: one.batteryModel,
          ...given({ registration: one.registration, simNumber: one.simNumber }),
        },
        sale: {
          customerId: rowId('customer', one.customerKey),
          locationId: rowId('location', one.locationKey),
          ...given({
            userName: one.userName,
            phone: one.phone,
            address1: one.addressLine1,
            address2: one.addressLine2,
            purchaseDate: one.purchaseDate,
            warrantyEnd: one.warrantyEnd,
            serviceDate: one.serviceDate,
            manufacturingDate: one.manufacturingDate,
          }),
          productStatus: one.productStatus,
        },
        unitKind: one.unitKind,
        boundFrom: Date.parse(`${one.manufacturingDate}T00:00:00Z`),
      },
      options: optionsOf('vehicle', one.vin),
    }),
  };
}
