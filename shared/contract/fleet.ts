import { z } from 'zod';
import { VEHICLE_STATUSES } from '../domain/fleet/status.ts';
import { procedure, stream } from '../rpc/definition.ts';

export const vehicleStatus = z.enum(VEHICLE_STATUSES);

/** What the map, filters and search need of a vehicle's master data; `slot` is its row in the live arrays of this `epoch`. */
export const directoryVehicle = z.object({
  slot: z.number().int(),
  vehicleId: z.string(),
  vin: z.string(),
  registration: z.string().optional(),
  model: z.string(),
  modelId: z.string().optional(),
  telematicsId: z.string().optional(),
  deviceId: z.string().optional(),
  bmsId: z.string().optional(),
  motorId: z.string().optional(),
  customerId: z.string().optional(),
  customer: z.string().optional(),
  cityId: z.string().optional(),
  city: z.string().optional(),
  state: z.string().optional(),
  zone: z.string().optional(),
});
export type DirectoryVehicle = z.infer<typeof directoryVehicle>;

export const directoryCity = z.object({ cityId: z.string(), city: z.string(), state: z.string(), zone: z.string(), lat: z.number(), lon: z.number() });
export const directoryCustomer = z.object({ customerId: z.string(), name: z.string() });

/**
 * Last values of the vehicles whose row changed since the frame before, as columns of equal length; `full` frames list every
 * vehicle in scope and replace what the client has. Unknown numbers are NaN (signal: 255).
 */
export const liveFrame = z.object({
  epoch: z.string(),
  /** Instant for which statuses and ages hold, epoch ms. */
  asOf: z.number(),
  full: z.boolean(),
  slot: z.instanceof(Uint32Array),
  /** Index into VEHICLE_STATUSES. */
  status: z.instanceof(Uint8Array),
  /** Bits of LIVE_FLAG. */
  flags: z.instanceof(Uint8Array),
  lat: z.instanceof(Float64Array),
  lon: z.instanceof(Float64Array),
  /** Degrees clockwise from north. */
  heading: z.instanceof(Float32Array),
  /** km/h */
  speed: z.instanceof(Float32Array),
  /** % */
  soc: z.instanceof(Float32Array),
  /** km */
  range: z.instanceof(Float32Array),
  /** km */
  odometer: z.instanceof(Float64Array),
  /** GSM signal 0–31, 255 unknown. */
  signal: z.instanceof(Uint8Array),
  /** Receive time of the newest message, epoch ms; NaN: never. */
  lastCommunication: z.instanceof(Float64Array),
});
export type LiveFrame = z.infer<typeof liveFrame>;

export const fleetFilter = z.object({
  status: vehicleStatus.optional(),
  customerIds: z.array(z.string()).max(1000).optional(),
  cityIds: z.array(z.string()).max(1000).optional(),
  /** Matches any searchable column, case-insensitively. */
  search: z.string().max(200).optional(),
});
export type FleetFilter = z.infer<typeof fleetFilter>;

export const fleetSort = z.object({ column: z.string(), direction: z.enum(['asc', 'desc']) });

/** Cells by column key of FLEET_COLUMNS; instants are epoch ms, dates YYYY-MM-DD. */
export const fleetRow = z.object({ vehicleId: z.string(), cells: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]).optional()) });
export type FleetRow = z.infer<typeof fleetRow>;

/** The latest value of every decoded parameter of one vehicle. */
export const latestParameters = z.object({
  asOf: z.number(),
  /** Parameter numbers of the catalogue; the other columns are parallel. */
  parameter: z.instanceof(Uint16Array),
  value: z.instanceof(Float64Array),
  /** Event time, epoch ms. */
  time: z.instanceof(Float64Array),
  /** Text values (firmware version …) by parameter number. */
  texts: z.array(z.object({ parameter: z.number(), text: z.string(), time: z.number() })),
  lastCommunication: z.number().optional(),
});

/** One item of a long-running export: progress, then the one-time download address. */
export const exportProgress = z.object({
  done: z.number(),
  total: z.number(),
  state: z.enum(['running', 'ready']),
  url: z.string().optional(),
  fileName: z.string().optional(),
});

export const fleetContract = {
  'fleet.directory': procedure({
    input: z.object({}),
    output: z.object({ epoch: z.string(), revision: z.number(), vehicles: z.array(directoryVehicle), cities: z.array(directoryCity), customers: z.array(directoryCustomer) }),
    access: { permission: 'fleet.read' },
    doc: 'Master data of every vehicle in scope.',
  }),
  'fleet.directoryChanges': stream({
    input: z.object({}),
    item: z.object({ epoch: z.string(), revision: z.number() }),
    access: { permission: 'fleet.read' },
    coalesce: { mode: 'latest' },
    doc: 'The newest revision of the directory, at once and at every change: ask for it again.',
  }),
  'fleet.live': stream({
    input: z.object({}),
    item: liveFrame,
    access: { permission: 'fleet.read' },
    coalesce: { mode: 'merge' },
    doc: 'Live rows of every vehicle in scope: a full frame first, then changed rows at most ten times a second.',
  }),
  'fleet.list': procedure({
    input: z.object({ filter: fleetFilter, sort: fleetSort.optional(), offset: z.number().int().min(0), limit: z.number().int().min(1).max(500) }),
    output: z.object({ asOf: z.number(), total: z.number(), rows: z.array(fleetRow) }),
    access: { permission: 'fleet.read' },
    doc: 'A page of the grid view over all rows that match, ties broken by VIN.',
  }),
  'fleet.export': stream({
    input: z.object({ filter: fleetFilter, sort: fleetSort.optional(), columns: z.array(z.string()).min(1).max(60), timeZone: z.string().max(60) }),
    item: exportProgress,
    access: { permission: 'fleet.export' },
    coalesce: { mode: 'latest' },
    errors: ['store-full', 'cancelled'],
    doc: 'Writes the whole grid (filters and sort, every page) as .xlsx; closing the stream cancels.',
  }),
  'vehicle.get': procedure({
    input: z.object({ vehicleId: z.string() }),
    output: z.object({
      slot: z.number().int(),
      vehicleId: z.string(),
      vin: z.string(),
      status: vehicleStatus,
      /** Master data in groups as the details show it. */
      groups: z.array(z.object({ title: z.string(), fields: z.array(z.object({ key: z.string(), label: z.string(), value: z.union([z.string(), z.number()]).optional(), type: z.enum(['text', 'number', 'date', 'instant']), unit: z.string().optional() })) })),
    }),
    access: { permission: 'fleet.read' },
    errors: ['not-found'],
    doc: 'One vehicle with its master data; a vehicle out of scope is not found.',
  }),
  'vehicle.parameters': stream({
    input: z.object({ vehicleId: z.string() }),
    item: latestParameters,
    access: { permission: 'fleet.read' },
    errors: ['not-found'],
    coalesce: { mode: 'latest' },
    doc: 'The latest value of every decoded parameter of one vehicle, at most twice a second.',
  }),
  'mis.liveParameters': stream({
    input: z.object({ vehicleId: z.string() }),
    item: latestParameters,
    access: { permission: 'mis.read' },
    errors: ['not-found'],
    coalesce: { mode: 'latest' },
    doc: 'The same for the live parameter report of the MIS dashboards.',
  }),
  'vehicle.history': procedure({
    input: z.object({ vehicleId: z.string(), parameters: z.array(z.number().int()).min(1).max(200), from: z.number(), to: z.number(), maxPoints: z.number().int().min(10).max(20_000) }),
    output: z.object({
      series: z.array(z.object({ parameter: z.number(), time: z.instanceof(Float64Array), value: z.instanceof(Float64Array) })),
      truncated: z.boolean(),
    }),
    access: { permission: 'fleet.read' },
    errors: ['not-found', 'unavailable'],
    doc: 'Stored values of parameters in a time range, oldest first, decimated to the newest maxPoints.',
  }),
  'catalogue.parameters': procedure({
    input: z.object({}),
    output: z.object({
      parameters: z.array(
        z.object({
          number: z.number().int(),
          key: z.string(),
          label: z.string(),
          unit: z.string(),
          group: z.enum(['VCU', 'BMS', 'MCU', 'Charger', 'Other']),
          kind: z.enum(['number', 'state', 'flag', 'text']),
          decimals: z.number().int(),
          /** Normal range; a value outside is marked. */
          min: z.number().optional(),
          max: z.number().optional(),
          choices: z.record(z.string(), z.string()).optional(),
          vss: z.string().optional(),
        }),
      ),
    }),
    access: { permission: 'fleet.read' },
    doc: 'The parameter catalogue: what pages, rules and reports name instead of DBC signals.',
  }),
  'search.global': procedure({
    input: z.object({ text: z.string().max(100), limit: z.number().int().min(1).max(50) }),
    output: z.object({ hits: z.array(z.object({ kind: z.enum(['vehicle', 'customer', 'city']), id: z.string(), title: z.string(), subtitle: z.string(), field: z.string() })) }),
    access: 'signed-in',
    doc: 'Vehicles (VIN, VCU, device, BMS, motor, registration, phone), customers and cities in scope.',
  }),
};
