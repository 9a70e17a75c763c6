import { z } from 'zod';
import { numberAnswer, type NumberAnswer } from '#shared/contract/commissioning.ts';
import type { InputOf, OutputOf } from '#shared/contract/index.ts';
import { COMMUNICATION_TYPES } from '#shared/resources/product.ts';
import { PRODUCT_STATUSES } from '#shared/resources/sale.ts';
import type { NumberKind } from '#shared/domain/commissioning/index.ts';

/** One question each, in the order in which a workshop has the answers at hand. */
export const STEPS = ['vcu', 'battery', 'motor', 'frame', 'vehicle', 'phone', 'owner', 'bench', 'review'] as const;
export type Step = (typeof STEPS)[number];

const text = z.string().max(300).default('');
const form = z.object({
  modelId: text, batteryModel: text, communicationType: z.string().max(60).default('Cellular'), registration: text, simNumber: text,
  customerId: text, locationId: text, userName: text, address1: text, address2: text, address3: text, purchaseDate: text, warrantyEnd: text, productStatus: z.string().max(40).default('Sold'),
});
const draftSchema = z.object({
  step: z.enum(STEPS).default('vcu'),
  numbers: z.partialRecord(z.enum(['vcu', 'battery', 'motor', 'frame', 'phone']), numberAnswer).default({}),
  form: form.prefault({}),
  bench: z.object({ result: z.enum(['passed', 'overridden', 'skipped']), benchId: z.string().optional(), reason: z.string().optional() }).optional(),
  /** The change that was sent and not answered, so that one which is sent twice is done once. */
  request: z.object({ text: z.string(), id: z.string() }).optional(),
});
export type Draft = z.infer<typeof draftSchema>;
export type DraftForm = Draft['form'];
export type BenchChoice = NonNullable<Draft['bench']>;
export type Setup = OutputOf<'commission.setup'>;

/** What was typed until now, from what was remembered; whatever cannot be read is begun anew. */
export function readDraft(stored: unknown): Draft {
  const parsed = draftSchema.safeParse(stored ?? {});
  return parsed.success ? parsed.data : draftSchema.parse({});
}

export function emptyDraft(): Draft {
  return draftSchema.parse({});
}

/** Takes over what is known of the unit's stand-in frame, where nothing was chosen yet. */
export function prefill(target: DraftForm, answer: NumberAnswer, setup: Setup): void {
  const { unit } = answer;
  const only = setup.models.length === 1 ? setup.models[0] : undefined;
  const model = setup.models.find(({ modelId }) => modelId === unit?.modelId) ?? only;
  if (target.modelId === '' && model !== undefined) target.modelId = model.modelId;
  if (target.batteryModel === '' && unit?.batteryModel !== undefined) target.batteryModel = unit.batteryModel;
  if (unit?.communicationType !== undefined) target.communicationType = unit.communicationType;
  if (target.simNumber === '' && unit?.simNumber !== undefined) target.simNumber = unit.simNumber;
  if (target.purchaseDate === '') target.purchaseDate = setup.today;
}

export function batteryModelsOf(setup: Setup, modelId: string): readonly string[] {
  return setup.models.find((model) => model.modelId === modelId)?.batteryModels ?? [];
}

const VEHICLE_FIELDS = ['modelId', 'batteryModel', 'communicationType'] as const;
const OWNER_FIELDS = ['customerId', 'locationId', 'userName', 'productStatus'] as const;

/** Mandatory fields of a form step that are empty. */
export function missingOf(step: 'vehicle' | 'owner', target: DraftForm): readonly (keyof DraftForm)[] {
  return (step === 'vehicle' ? VEHICLE_FIELDS : OWNER_FIELDS).filter((key) => target[key].trim() === '');
}

/** Whether a step has its answer. */
export function isAnswered(draft: Draft, step: Step): boolean {
  switch (step) {
    case 'vehicle':
    case 'owner':
      return missingOf(step, draft.form).length === 0;
    case 'bench':
      return draft.bench !== undefined;
    case 'review':
      return false;
    default:
      return draft.numbers[step]?.available === true;
  }
}

const value = (input: string): { readonly is: string } | undefined => (input.trim() === '' ? undefined : { is: input.trim() });
function given<K extends string>(keys: readonly K[], target: Readonly<Record<K, string>>): { readonly [P in K]?: string } {
  return Object.fromEntries(keys.flatMap((key) => (value(target[key]) === undefined ? [] : [[key, target[key].trim()]]))) as { readonly [P in K]?: string };
}

type Input = InputOf<'commission.commit'>['input'];

/** The vehicle as it is sent. */
export function inputOf(numbers: Draft['numbers'], target: DraftForm): Input {
  const number = (kind: NumberKind): string => numbers[kind]?.number ?? '';
  return {
    telematicsId: number('vcu'), bmsId: number('battery'), motorId: number('motor'), vin: number('frame'), phone: number('phone'),
    modelId: target.modelId, batteryModel: target.batteryModel, customerId: target.customerId, locationId: target.locationId, userName: target.userName.trim(),
    communicationType: COMMUNICATION_TYPES.find((one) => one.value === target.communicationType)?.value ?? 'Cellular',
    productStatus: PRODUCT_STATUSES.find((one) => one.value === target.productStatus)?.value ?? 'Sold',
    ...given(['registration', 'simNumber', 'address1', 'address2', 'address3', 'purchaseDate', 'warrantyEnd'], target),
  };
}

/** The bench check as it is sent. */
export function benchOf(choice: BenchChoice): InputOf<'commission.commit'>['bench'] {
  if (choice.result === 'passed') return { result: 'passed', benchId: choice.benchId ?? '' };
  if (choice.result === 'overridden') return { result: 'overridden', benchId: choice.benchId ?? '', reason: choice.reason ?? '' };
  return { result: 'skipped', reason: choice.reason ?? '' };
}
