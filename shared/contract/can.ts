import { z } from 'zod';
import { PARAMETER_GROUPS } from '../domain/telemetry/catalogue/entry.ts';
import { DBC_FILE_LIMIT, dbcHashText } from '../resources/dbc-file.ts';
import { mappedSignal } from '../resources/signal-map.ts';
import { dbcAssignment } from '../resources/vehicle-model.ts';
import { procedure, stream } from '../rpc/definition.ts';

export const logWriteFormat = z.enum(['candump', 'asc', 'crtd']);
const deviceId = z.string().min(1).max(200);

const canBus = z.object({
  bus: z.number().int(),
  name: z.string().optional(),
  kbps: z.number().optional(),
  fd: z.boolean().optional(),
  /** What decodes it now. */
  dbc: z.object({ hash: z.string(), fileName: z.string().optional() }).optional(),
});

const busStatistics = z.object({ bus: z.number().int(), frames: z.number(), errors: z.number(), load: z.number(), state: z.enum(['active', 'warning', 'passive', 'off']), lost: z.number(), queue: z.number(), receivedAt: z.number() });

/** Frames as they arrived, as columns of equal length; payload i is `data` up to `end[i]`, from `end[i − 1]`. */
export const canTrace = z.object({
  /** Unit's time, epoch ms with fractions. */
  time: z.instanceof(Float64Array),
  bus: z.instanceof(Uint8Array),
  id: z.instanceof(Uint32Array),
  /** Bits of FRAME (shared/domain/telemetry/adapters/frame-batch.ts). */
  flags: z.instanceof(Uint8Array),
  end: z.instanceof(Uint32Array),
  data: z.instanceof(Uint8Array),
  /** Frames that were left out since the item before because the window could not take them. */
  dropped: z.number().int(),
  statistics: z.array(busStatistics),
  lastReceived: z.number().optional(),
});
export type CanTrace = z.infer<typeof canTrace>;

const diagnostic = z.object({ line: z.number().int(), severity: z.enum(['error', 'warning', 'info']), code: z.string(), message: z.string() });
const difference = z.object({
  kind: z.enum(['message-added', 'message-removed', 'message-changed', 'signal-added', 'signal-removed', 'signal-changed']),
  message: z.string(),
  id: z.number().int(),
  extended: z.boolean(),
  signal: z.string().optional(),
  changes: z.array(z.object({ field: z.string(), before: z.string().optional(), after: z.string().optional() })),
  affectsValues: z.boolean(),
});

export const dbcFileRow = z.object({
  hash: z.string(),
  fileName: z.string(),
  /** Files that come with the product cannot be removed. */
  source: z.enum(['product', 'installation', 'folder']),
  bytes: z.number().int(),
  messages: z.number().int(),
  signals: z.number().int(),
  errors: z.number().int(),
  warnings: z.number().int(),
  note: z.string().optional(),
  addedAt: z.number().optional(),
  /** Models that use it, with the bus. */
  usedBy: z.array(z.object({ modelId: z.string(), model: z.string(), bus: z.number().int() })),
});
export type DbcFileRow = z.infer<typeof dbcFileRow>;

const parameterRow = z.object({
  parameterId: z.string().optional(),
  number: z.number().int(),
  key: z.string(),
  label: z.string(),
  unit: z.string().optional(),
  unitGroup: z.enum(PARAMETER_GROUPS),
  kind: z.enum(['number', 'state', 'flag', 'text']),
  decimals: z.number().int(),
  min: z.number().optional(),
  max: z.number().optional(),
  deadBand: z.number(),
  storagePeriod: z.number().int(),
  choices: z.record(z.string(), z.string()).optional(),
  vss: z.string().optional(),
  source: z.enum(['product', 'changed', 'installation']),
});
export type ParameterCatalogueRow = z.infer<typeof parameterRow>;

const readCan = { permission: 'intake.read' } as const;
const read = { permission: 'admin.read' } as const;
const write = { permission: 'admin.write' } as const;

export const canContract = {
  'can.units': procedure({
    input: z.object({ search: z.string().max(100).optional(), /** Only units that no vehicle has. */ unknownOnly: z.boolean(), offset: z.number().int().min(0), limit: z.number().int().min(1).max(500) }),
    output: z.object({
      total: z.number(),
      units: z.array(z.object({
        deviceId: z.string(), vehicleId: z.string().optional(), vin: z.string().optional(), model: z.string().optional(),
        /** What the unit says of itself. */
        unitType: z.string().optional(), firmware: z.string().optional(), claimedModel: z.string().optional(), claimedVin: z.string().optional(),
        lastReceived: z.number().optional(), frames: z.number(), unknownFrames: z.number(), lengthMismatches: z.number(), buses: z.array(canBus),
      })),
    }),
    access: readCan,
    doc: 'Units that have published, those heard last first, with their buses and what decodes them.',
  }),
  'can.trace': stream({ input: z.object({ deviceId }), item: canTrace, access: readCan, errors: ['not-found'], coalesce: { mode: 'merge' }, doc: 'The CAN frames of one unit as they come, at most ten items a second; what a slow window cannot take is counted.' }),
  'can.database': procedure({
    input: z.object({ hash: dbcHashText, signalMap: z.string().max(100).optional() }),
    output: z.object({ hash: z.string(), fileName: z.string(), /** The file’s bytes. */ content: z.instanceof(Uint8Array), parameters: z.array(mappedSignal) }),
    access: readCan,
    errors: ['not-found'],
    doc: 'A DBC file with the parameters its signals are, for a window that decodes frames itself.',
  }),
  'can.odd': procedure({
    input: z.object({ deviceId }),
    output: z.object({ unknown: z.array(z.object({ bus: z.number().int(), id: z.number().int(), extended: z.boolean(), frames: z.number() })), mismatched: z.array(z.object({ bus: z.number().int(), id: z.number().int(), extended: z.boolean(), frames: z.number(), message: z.string().optional(), length: z.number().int().optional() })) }),
    access: readCan,
    errors: ['not-found'],
    doc: 'CAN ids of a unit that no DBC file explains, and those whose length is not the file’s, since the start.',
  }),
  'can.record': stream({
    input: z.object({ deviceId, format: logWriteFormat }),
    item: z.object({ recordingId: z.string(), state: z.enum(['recording', 'ready']), frames: z.number(), bytes: z.number(), since: z.number(), url: z.string().optional(), fileName: z.string().optional() }),
    access: readCan,
    errors: ['not-found', 'store-full', 'unavailable'],
    coalesce: { mode: 'latest' },
    doc: 'Writes the frames of a unit into a log file until can.stopRecording; closing the stream discards it.',
  }),
  'can.stopRecording': procedure({ input: z.object({ recordingId: z.string() }), output: z.object({}), access: readCan, errors: ['not-found'], doc: 'Ends a recording; its stream then gives the address of the file.' }),
  'dbc.list': procedure({ input: z.object({}), output: z.object({ files: z.array(dbcFileRow), signalMaps: z.array(z.object({ name: z.string(), signals: z.number().int(), source: z.enum(['product', 'installation']), signalMapId: z.string().optional() })), models: z.array(z.object({ modelId: z.string(), name: z.string(), revision: z.number().int(), dbc: z.array(dbcAssignment) })) }), access: read, doc: 'DBC files, signal maps, and which model uses which.' }),
  'dbc.get': procedure({
    input: z.object({ hash: dbcHashText }),
    output: z.object({
      file: dbcFileRow,
      diagnostics: z.array(diagnostic),
      messages: z.array(z.object({ id: z.number().int(), extended: z.boolean(), name: z.string(), length: z.number().int(), cycleTime: z.number().optional(), comment: z.string().optional(), signals: z.array(z.object({ name: z.string(), unit: z.string(), start: z.number().int(), length: z.number().int(), byteOrder: z.string(), scale: z.number(), offset: z.number(), minimum: z.number().optional(), maximum: z.number().optional(), multiplexing: z.string().optional(), choices: z.number().int(), comment: z.string().optional() })) })),
    }),
    access: read,
    errors: ['not-found'],
    doc: 'One DBC file with its findings, messages and signals.',
  }),
  'dbc.check': procedure({
    input: z.object({ fileName: z.string().trim().min(1).max(200), content: z.instanceof(Uint8Array).refine((bytes) => bytes.length <= DBC_FILE_LIMIT, 'The file is larger than 4 MB.'), /** Compare with this file; absent: the newest of the same name. */ compareWith: dbcHashText.optional(), signalMap: z.string().max(100).optional() }),
    output: z.object({
      hash: z.string(), known: z.boolean(), messages: z.number().int(), signals: z.number().int(), diagnostics: z.array(diagnostic),
      comparedWith: z.object({ hash: z.string(), fileName: z.string() }).optional(), differences: z.array(difference),
      /** Of the signal map: signals the file does not have, and how many of the file’s are mapped. */
      missingSignals: z.array(z.string()), mappedSignals: z.number().int(),
    }),
    access: read,
    doc: 'Reads a DBC file without keeping it: findings, and differences to another version.',
  }),
  'dbc.add': procedure({ input: z.object({ fileName: z.string().trim().min(1).max(200), content: z.instanceof(Uint8Array).refine((bytes) => bytes.length <= DBC_FILE_LIMIT, 'The file is larger than 4 MB.'), note: z.string().trim().max(500).optional() }), output: z.object({ hash: z.string() }), access: write, errors: ['not-unique', 'refused'], doc: 'Keeps a DBC file; refused where no message could be read from it.' }),
  'dbc.remove': procedure({ input: z.object({ hash: dbcHashText }), output: z.object({}), access: write, errors: ['not-found', 'refused'], doc: 'Removes a file that no model uses.' }),
  'dbc.compare': procedure({ input: z.object({ before: dbcHashText, after: dbcHashText }), output: z.object({ differences: z.array(difference) }), access: read, errors: ['not-found'], doc: 'What changed from one file to another.' }),
  'dbc.assign': procedure({ input: z.object({ modelId: z.string(), revision: z.number().int(), dbc: z.array(dbcAssignment).max(50) }), output: z.object({ revision: z.number().int() }), access: write, errors: ['not-found', 'stale', 'refused'], doc: 'Sets which files decode the buses of a model, for which unit software and from when; units are bound anew at once.' }),
  'signalMaps.get': procedure({ input: z.object({ name: z.string().max(100) }), output: z.object({ signals: z.array(mappedSignal) }), access: read, errors: ['not-found'], doc: 'A signal map.' }),
  'signalMaps.set': procedure({ input: z.object({ name: z.string().trim().min(1).max(100), signals: z.array(mappedSignal).max(20_000) }), output: z.object({}), access: write, errors: ['invalid-input'], doc: 'Sets a signal map as a whole; parameters must be in the catalogue. Units are bound anew at once.' }),
  'signalMaps.remove': procedure({ input: z.object({ name: z.string().max(100) }), output: z.object({}), access: write, errors: ['not-found', 'refused'], doc: 'Removes a signal map of the installation; one of the product comes back.' }),
  'parameters.list': procedure({ input: z.object({}), output: z.object({ parameters: z.array(parameterRow), /** Rows that take effect when the workspace is opened next. */ pending: z.number().int(), nextNumber: z.number().int() }), access: read, doc: 'The parameter catalogue with what the installation added and changed.' }),
  'parameters.save': procedure({
    input: z.object({ values: parameterRow.omit({ parameterId: true, source: true }) }),
    output: z.object({ parameterId: z.string() }),
    access: write,
    errors: ['invalid-input', 'not-unique'],
    doc: 'Adds a parameter, or sets the normal range of one; takes effect when the workspace is opened next.',
  }),
  'parameters.reset': procedure({ input: z.object({ parameterId: z.string() }), output: z.object({}), access: write, errors: ['not-found', 'refused'], doc: 'Gives a parameter of the product its own range back.' }),
};
