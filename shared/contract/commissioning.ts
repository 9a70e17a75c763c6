import { z } from 'zod';
import { NUMBER_KINDS } from '../domain/commissioning/index.ts';
import { commissioningInput } from '../resources/commissioning-input.ts';
import { benchResult, commissioningRecord } from '../resources/commissioning-record.ts';
import { commissioningSettings } from '../resources/commissioning-settings.ts';
import { valuesSchema } from '../resources/schemas.ts';
import { procedure, stream } from '../rpc/definition.ts';

const work = { permission: 'commission.work' } as const;
const text = z.string().max(200);

export const numberHolder = z.object({ vehicleId: z.string(), vin: z.string(), customer: z.string().optional() });
/** See Availability (shared/domain/commissioning/availability.ts), flat. */
export const numberAnswer = z.object({
  /** As it was read from what was typed. */
  number: z.string(),
  state: z.enum(['unknown', 'heard', 'free', 'placeholder', 'bound', 'member', 'stand-in', 'wrong-kind', 'invalid']),
  available: z.boolean(),
  holder: numberHolder.optional(),
  looksLike: z.enum(['vcu', 'battery', 'motor', 'frame']).optional(),
  /** What is wrong with the form of the number. */
  problem: z.string().optional(),
  /** Of a unit: what is known of it. */
  unit: z.object({ deviceId: z.string(), kind: z.enum(['VCU', 'VTS']), communicationType: z.string().optional(), modelId: z.string().optional(), batteryModel: z.string().optional(), simNumber: z.string().optional(), lastReceived: z.number().optional() }).optional(),
});
export type NumberAnswer = z.infer<typeof numberAnswer>;

const bench = z.discriminatedUnion('result', [
  z.object({ result: z.literal('passed'), benchId: z.string().max(60) }),
  z.object({ result: z.literal('overridden'), benchId: z.string().max(60), reason: z.string().trim().min(3).max(500) }),
  z.object({ result: z.literal('skipped'), reason: z.string().trim().min(3).max(500) }),
]);

export const recordRow = z.object({ recordId: z.string(), values: valuesSchema(commissioningRecord), /** It can be undone now; else why not. */ undo: z.object({ possible: z.boolean(), reason: z.string().optional() }) });
export type CommissioningRecordView = z.infer<typeof recordRow>;

export const commissioningContract = {
  'commission.setup': procedure({
    input: z.object({}),
    output: z.object({
      settings: commissioningSettings,
      models: z.array(z.object({ modelId: z.string(), name: z.string(), batteryModels: z.array(z.string()), hasDbc: z.boolean() })),
      customers: z.array(z.object({ customerId: z.string(), name: z.string(), locationId: z.string().optional() })),
      cities: z.array(z.object({ locationId: z.string(), city: z.string(), state: z.string() })),
      /** Today in the installation's zone. */
      today: z.string(),
    }),
    access: work,
    doc: 'What the commissioning wizard chooses from, and how numbers look here.',
  }),
  'commission.check': procedure({
    input: z.object({ kind: z.enum(NUMBER_KINDS), typed: text, /** Use it although it looks like another kind. */ anyKind: z.boolean().default(false) }),
    output: numberAnswer,
    access: work,
    doc: 'Whether a scanned number can be used, and by whom it is held.',
  }),
  'commission.bench': stream({
    input: z.object({ deviceId: text, modelId: z.string().max(60), bmsId: text }),
    item: z.object({ /** Names this check in commission.commit. */ benchId: z.string(), at: z.number(), since: z.number(), verdict: z.enum(['passed', 'failed', 'waiting']), results: z.array(benchResult) }),
    access: work,
    errors: ['not-found', 'unavailable'],
    coalesce: { mode: 'latest' },
    doc: 'Checks a vehicle on the bench from what its unit sends, every second while it is looked at.',
  }),
  'commission.commit': procedure({
    input: z.object({ input: commissioningInput, bench, requestId: z.uuid().optional() }),
    output: z.object({ recordId: z.string(), vehicleId: z.string(), vin: z.string() }),
    access: work,
    errors: ['not-unique', 'conflict', 'refused', 'store-full', 'not-found'],
    doc: 'Commissions a vehicle: product, sale, binding, released numbers and record in one change.',
  }),
  'commission.undo': procedure({
    input: z.object({ recordId: z.uuid(), reason: z.string().trim().min(3).max(500) }),
    output: z.object({ recordId: z.string() }),
    access: work,
    errors: ['not-found', 'refused', 'conflict', 'store-full'],
    doc: 'Takes a commissioning back as long as none of its rows has changed since.',
  }),
  'commission.record': procedure({ input: z.object({ recordId: z.uuid() }), output: recordRow, access: { permission: 'admin.read' }, errors: ['not-found'], doc: 'A commissioning record, and whether it can be undone.' }),
  'commission.registerUnit': procedure({
    input: z.object({ deviceId: text, telematicsId: text, kind: z.enum(['VCU', 'VTS']) }),
    output: z.object({ unitId: z.string() }),
    access: { permission: 'admin.write' },
    errors: ['not-unique', 'conflict', 'store-full'],
    doc: 'Registers a unit that was shipped and is in no vehicle.',
  }),
  'commission.setSettings': procedure({ input: z.object({ settings: commissioningSettings }), output: z.object({}), access: { permission: 'settings.manage' }, errors: ['store-full'], doc: 'Changes number patterns, expected firmware and optional senders.' }),
  'swapping.units': procedure({
    input: z.object({ search: z.string().max(100).optional(), limit: z.number().int().min(1).max(100).default(50) }),
    output: z.object({ units: z.array(z.object({ unitId: z.string(), telematicsId: z.string(), deviceId: z.string(), kind: z.enum(['VCU', 'VTS']), /** The stand-in frame it is on. */ placeholder: z.string().optional(), lastReceived: z.number().optional() })), more: z.boolean() }),
    access: work,
    doc: 'Units that are free: in no vehicle, or on a stand-in frame.',
  }),
  'swapping.swap': procedure({
    input: z.object({ vehicleId: z.uuid(), unitId: z.uuid().optional(), communicationType: commissioningInput.shape.communicationType, modelId: z.uuid(), batteryModel: commissioningInput.shape.batteryModel.optional(), reason: z.string().trim().min(3).max(500), requestId: z.uuid().optional() }),
    output: z.object({ swapId: z.string(), vin: z.string(), telematicsId: z.string() }),
    access: work,
    errors: ['not-found', 'not-unique', 'refused', 'conflict', 'store-full'],
    doc: 'Gives a vehicle another unit, communication type or model.',
  }),
};
