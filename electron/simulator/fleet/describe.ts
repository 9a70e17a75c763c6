import { Random, hash32 } from '../random.ts';
import { CITIES } from '../roads/cities.ts';
import { CUSTOMERS, FIRMWARE, MODELS, QUIRKS, STATUS_PATTERN, type CustomerPlan } from './catalogue.ts';
import { MAX_DEMO_VEHICLES } from './limits.ts';
import { FIRST_NAMES, LAST_NAMES } from './names.ts';
import type { City, DemoCustomer, DemoGroupMember, DemoLocation, DemoModel, DemoUnit, DemoVehicle, Duty, FleetDescription, FleetOptions, FleetStatus, Silence } from './types.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const INDIA_OFFSET = 5.5 * HOUR;
const METRES_PER_DEGREE = 111_195;

function dateOf(instant: number): string {
  return new Date(instant + INDIA_OFFSET).toISOString().slice(0, 10);
}

/** The same calendar day `years` later; 29 February becomes the 28th. */
function yearsAfter(date: string, years: number): string {
  const day = date.slice(4) === '-02-29' ? '-02-28' : date.slice(4);
  return `${Number(date.slice(0, 4)) + years}${day}`;
}

/** The item at the share `u` (0 … 1) of the summed weights. */
function weighted<T extends { readonly weight: number }>(items: readonly T[], u: number): T {
  let rest = u * items.reduce((sum, item) => sum + item.weight, 0);
  for (const item of items) {
    rest -= item.weight;
    if (rest < 0) return item;
  }
  return items[items.length - 1] as T;
}

/** A whole number below 2^32 that differs for every index (odd multiplication is a bijection modulo 2^32). */
function scatter(seed: string, index: number): number {
  return (Math.imul(index + 1, 0x9e3779b1) ^ hash32(seed)) >>> 0;
}

function digits(value: number, length: number): string {
  return String(value).padStart(length, '0').slice(-length);
}

function modelOf(duty: Duty): DemoModel {
  const key = { commuter: 'nilgai-sprint', rental: 'nilgai-sprint', delivery: 'nilgai-courier', auto: 'airavat-savari', cargo: 'airavat-maal' }[duty];
  return MODELS.find((model) => model.key === key) as DemoModel;
}

function silenceOf(status: FleetStatus, now: number, random: Random): Silence | undefined {
  if (status === 'offline') return { lastContact: now - Math.round(random.range(26 * HOUR, 68 * HOUR)) };
  if (status !== 'not-communicating') return undefined;
  return { lastContact: random.chance(0.4) ? undefined : now - Math.round(random.range(4 * DAY, 24 * DAY)) };
}

function productStatusOf(silence: Silence | undefined, random: Random): DemoVehicle['productStatus'] {
  if (silence !== undefined && silence.lastContact === undefined) return random.pick(['In Transit', 'In Stock', 'Factory']);
  return random.chance(0.9) ? 'Sold' : random.pick(['Demo', 'Testing']);
}

/** A place off a junction of the city: [latitude, longitude]. */
function homeOf(city: City, random: Random): readonly [number, number] {
  const at = random.pick(Object.values(city.junctions));
  const [lat = city.lat, lon = city.lon] = at;
  const bearing = random.range(0, 2 * Math.PI);
  const metres = random.range(120, 420);
  const toLon = METRES_PER_DEGREE * Math.cos((lat * Math.PI) / 180);
  return [lat + (metres * Math.cos(bearing)) / METRES_PER_DEGREE, lon + (metres * Math.sin(bearing)) / toLon];
}

function personOf(random: Random): string {
  return `${random.pick(FIRST_NAMES)} ${random.pick(LAST_NAMES)}`;
}

/** Consecutive numbers from 60000 00001, so that nobody takes them for a contact. */
function phoneOf(position: number): string {
  return `60000${digits(position, 5)}`;
}

/** Vehicle number `index` of a seed, as it is in a fleet of any size. */
export function vehicleOf(seed: string, index: number, now: number): DemoVehicle {
  const random = new Random(seed, 'vehicle', index);
  const spread = new Random(seed, 'spread').next();
  // Golden-ratio steps fill every share evenly whatever the number of vehicles.
  const plan: CustomerPlan = weighted(CUSTOMERS, (spread + (index + 1) * 0.6180339887) % 1);
  const city = weighted(CITIES, (spread + (index + 1) * 0.4142135624) % 1);
  const duty = random.pick(plan.duties);
  const model = modelOf(duty);
  const status = STATUS_PATTERN[index % STATUS_PATTERN.length] as FleetStatus;
  const silence = silenceOf(status, now, random);
  const productStatus = productStatusOf(silence, random);
  const serial = `${1 + (scatter(`${seed}pack`, index) % 9)}${digits(scatter(`${seed}pack`, index), 2)}${digits(index, 5)}`;
  const age = silence !== undefined && silence.lastContact === undefined ? random.range(3, 15) : random.range(40, 900);
  const purchase = now - age * DAY;
  const letter = random.pick([...'ABCDEFGHJKLMNPRSTUVWXYZ']);
  const vts = index % 24 === 20;
  const [lat, lon] = homeOf(city, random);
  const silent = productStatus === 'In Transit' || productStatus === 'In Stock' || productStatus === 'Factory';
  return {
    index,
    vin: `MXEV${model.kind}${model.kind === '2W' ? 'SN' : 'AV'}${random.int(10)}${letter}B${digits(100_000 + index, 6)}`,
    deviceId: `tcu-${scatter(seed, index).toString(16).padStart(8, '0')}`,
    telematicsId: `${vts ? 'CEV0' : 'CEH0'}${digits(scatter(`${seed}unit`, index), 4)}${digits(index, 5)}`,
    unitKind: vts ? 'VTS' : 'VCU',
    motorId: `KE${model.kind}${digits(scatter(`${seed}motor`, index), 4)}${digits(index, 5)}`,
    bmsId: `Bms${model.kind}S${serial}`,
    packSerial: Number(serial),
    registration: silent ? '' : `${random.pick(city.registration)}${random.pick([...'ABCDEFGHJKLMNPRSTUVWXYZ'])}${letter}${digits(1000 + scatter(`${seed}plate`, index) % 9000, 4)}`,
    simNumber: `5754${digits(scatter(`${seed}sim`, index), 4)}${digits(index, 5)}`,
    modelKey: model.key,
    batteryModel: random.pick(model.batteryModels),
    communicationType: vts ? 'Cellular' : random.pick(['Cellular', 'Cellular', 'Cellular', 'Cellular', 'Cellular + BLE', 'WiFi']),
    firmware: random.pick(FIRMWARE),
    customerKey: plan.key,
    locationKey: city.key,
    city: city.city,
    lat: Math.round(lat * 1e6) / 1e6,
    lon: Math.round(lon * 1e6) / 1e6,
    manufacturingDate: dateOf(purchase - random.range(20, 75) * DAY),
    purchaseDate: dateOf(purchase),
    warrantyEnd: yearsAfter(dateOf(purchase), 3),
    serviceDate: dateOf(purchase + Math.ceil((age + 1) / 120) * 120 * DAY),
    userName: personOf(random),
    phone: phoneOf(index + 1),
    addressLine1: `${1 + random.int(240)}, Cross ${random.int(20) + 1}`,
    addressLine2: `Near ${random.pick(Object.keys(city.junctions))}`,
    productStatus,
    duty,
    initialStatus: status,
    silence,
    quirk: silence === undefined && !vts ? QUIRKS[index % 50] : undefined,
  };
}

function customerOf(plan: CustomerPlan, index: number): DemoCustomer {
  const city = CITIES.find((one) => one.key === plan.cityKey) as City;
  return { key: plan.key, name: plan.name, address: plan.street, city: city.city, pinCode: `${city.pinPrefix}${digits(11 + index * 7, 2)}`, phone: phoneOf(99_900 + index), email: plan.mail, locationKey: city.key };
}

/** Units that the demo has in no vehicle. */
export const SPARE_UNITS = 8;

/** Spare unit number `index`. */
export function spareUnitOf(seed: string, index: number): DemoUnit {
  const random = new Random(seed, 'spare', index);
  return {
    telematicsId: `CEH0${digits(scatter(`${seed}unit`, index), 4)}9${digits(index, 4)}`,
    // Indexes of the fleet and of the spares never meet: the fleet stays below one million.
    deviceId: `tcu-${scatter(seed, 1_000_000 + index).toString(16).padStart(8, '0')}`,
    unitKind: 'VCU',
    simNumber: `5754${digits(scatter(`${seed}sim`, index), 4)}9${digits(index, 4)}`,
    communicationType: random.pick(['Cellular', 'Cellular + BLE']),
    firmware: FIRMWARE[0] as string,
    placeholderVin: index % 2 === 0 ? `${index % 4 === 0 ? 'CHH000' : 'EVH000'}${digits(400 + index, 5)}` : undefined,
  };
}

/** The cities as locations of the console. */
export function describeLocations(): DemoLocation[] {
  return CITIES.map((city) => ({ key: city.key, city: city.city, district: city.district, state: city.state, country: 'India', zone: city.zone, lat: city.lat, lon: city.lon }));
}

/**
 * The demo fleet as data: customers, locations, models and vehicles, all fictional. Depends on its arguments alone; a
 * vehicle of a given seed is the same in a fleet of any size, but for the dates, which hang on `now`.
 * Throws RangeError unless `vehicles` is a whole number from 0 to MAX_DEMO_VEHICLES.
 */
export function describeFleet(options: FleetOptions): FleetDescription {
  const { vehicles: count, now } = options;
  if (!Number.isInteger(count) || count < 0 || count > MAX_DEMO_VEHICLES) throw new RangeError(`The demo fleet has 0 to ${MAX_DEMO_VEHICLES} vehicles.`);
  const seed = String(options.seed);
  const vehicles = Array.from({ length: count }, (_, index) => vehicleOf(seed, index, now));
  const groupMembers: DemoGroupMember[] = vehicles
    .filter((vehicle) => vehicle.index % 9 === 2)
    .map((vehicle, position) => ({ vin: vehicle.vin, userName: personOf(new Random(seed, 'member', vehicle.index)), phone: `60001${digits(position, 5)}` }));
  return {
    seed,
    now,
    customers: CUSTOMERS.map(customerOf),
    locations: describeLocations(),
    models: MODELS,
    vehicles,
    spareUnits: Array.from({ length: SPARE_UNITS }, (_, index) => spareUnitOf(seed, index)),
    groupMembers,
  };
}
