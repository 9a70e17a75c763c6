import { z } from 'zod';
import { procedure, stream } from '../rpc/definition.ts';
import { decodingRun } from '../domain/history/decoding-run.ts';
import { dbcHashText } from '../resources/dbc-file.ts';
import { exportProgress } from './fleet.ts';

/** A record's place: the next page follows it. */
export const recordCursor = z.object({ time: z.number(), sequence: z.number() });

const range = { vehicleId: z.string(), from: z.number(), to: z.number(), parameters: z.array(z.number().int()).max(60).optional() };

/** What one frame of a record says by the DBC file that decodes its bus now. */
const recordFrame = z.object({
  /** µs since the record's own time. */
  offset: z.number(),
  bus: z.number().int(),
  id: z.number().int(),
  extended: z.boolean(),
  hex: z.string(),
  /** Name of the message; undefined: no file explains the id. */
  message: z.string().optional(),
  dbc: z.string().optional(),
  signals: z.array(z.object({ name: z.string(), value: z.number(), label: z.string().optional(), unit: z.string(), parameter: z.number().int().optional() })),
});

/** What other values a DBC file gives a parameter, over all records of a run. */
const decodingChange = z.object({
  parameter: z.number().int(),
  /** Stored values that become others, that go, and that come. */
  changed: z.number().int(),
  removed: z.number().int(),
  added: z.number().int(),
  examples: z.array(z.object({ time: z.number(), before: z.number().optional(), after: z.number().optional() })),
});

export const datalogContract = {
  'decoding.run': stream({
    input: z.object({ vehicleId: z.string(), from: z.number(), to: z.number(), bus: z.number().int().min(0).max(15), hash: dbcHashText, signalMap: z.string().max(100).optional(), apply: z.boolean() }),
    item: z.object({
      state: z.enum(['reading', 'writing', 'ready']),
      /** How far it is, 0 to 1. */
      share: z.number(),
      /** Records with CAN frames that were read, and rows that were given other values. */
      records: z.number().int(),
      rewritten: z.number().int(),
      /** Records whose payload is not kept any more: they stay as they are. */
      missing: z.number().int(),
      changes: z.array(decodingChange),
    }),
    access: { permission: 'admin.write' },
    coalesce: { mode: 'latest' },
    errors: ['not-found', 'unavailable', 'invalid-input', 'refused', 'store-full', 'cancelled'],
    doc: 'Decodes the CAN frames of a time range again with a DBC file: what would change, and with `apply` it is stored. Closing the stream stops it; what was stored until then stays.',
  }),
  'decoding.list': procedure({
    input: z.object({ vehicleId: z.string() }),
    output: z.object({ runs: z.array(decodingRun), files: z.array(z.object({ hash: z.string(), fileName: z.string(), addedAt: z.number().optional() })), signalMaps: z.array(z.string()), buses: z.array(z.object({ bus: z.number().int(), name: z.string().optional(), fileName: z.string().optional() })) }),
    access: { permission: 'admin.read' },
    errors: ['not-found'],
    doc: 'With what a vehicle’s records can be decoded again, and when they were.',
  }),
  'datalog.records': procedure({
    input: z.object({ ...range, limit: z.number().int().min(1).max(500), after: recordCursor.optional() }),
    output: z.object({
      /** Records of the page, newest first, as columns of equal length. */
      sequence: z.instanceof(Float64Array),
      /** Event time, epoch ms. */
      time: z.instanceof(Float64Array),
      received: z.instanceof(Float64Array),
      /** What the unit's clock said; NaN: nothing. */
      deviceTime: z.instanceof(Float64Array),
      boot: z.instanceof(Uint32Array),
      number: z.instanceof(Float64Array),
      /** QUALITY and ROW_FLAG bits. */
      flags: z.instanceof(Uint32Array),
      /** Where a record's values end; they begin where those of the record before end. */
      valueEnd: z.instanceof(Uint32Array),
      parameters: z.instanceof(Uint16Array),
      values: z.instanceof(Float64Array),
      texts: z.array(z.object({ row: z.number().int(), parameter: z.number().int(), text: z.string() })),
      next: recordCursor.optional(),
      damaged: z.number().int(),
    }),
    access: { permission: 'mis.read' },
    errors: ['not-found', 'unavailable', 'invalid-input'],
    doc: 'A page of what a vehicle’s units sent in a time range, newest first; with parameters, only records that hold one of them.',
  }),
  'datalog.record': procedure({
    input: z.object({ vehicleId: z.string(), sequence: z.number().int(), time: z.number() }),
    output: z.object({
      deviceId: z.string(),
      /** Absent where the payload is not kept (any more). */
      raw: z.object({ topic: z.string(), bytes: z.number().int(), hex: z.string(), text: z.string(), cut: z.boolean() }).optional(),
      frames: z.array(recordFrame),
      /** Frames of the record; more than are listed where it is long. */
      frameCount: z.number().int(),
      /** Values the unit had decoded itself. */
      values: z.array(z.object({ offset: z.number(), parameter: z.number().int(), value: z.number() })),
      problem: z.string().optional(),
    }),
    access: { permission: 'mis.read' },
    errors: ['not-found', 'unavailable'],
    doc: 'One record from the payload as it was received, through its frames and signals, to what the files at hand make of it.',
  }),
  'datalog.export': stream({
    input: z.object({ ...range, timeZone: z.string().max(60) }),
    item: exportProgress,
    access: { permission: 'mis.read' },
    coalesce: { mode: 'latest' },
    errors: ['not-found', 'store-full', 'cancelled', 'too-large', 'unavailable', 'invalid-input'],
    doc: 'Writes the records as .xlsx, or as .csv beyond one sheet; closing the stream cancels.',
  }),
};
