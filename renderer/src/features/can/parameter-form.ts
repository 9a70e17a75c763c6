import type { OutputOf } from '#shared/contract/index.ts';
import { PARAMETER_KEY_PATTERN } from '#shared/domain/telemetry/catalogue/entry.ts';
import { t } from './pages-messages.ts';

export type Parameter = OutputOf<'parameters.list'>['parameters'][number];

/** What the form holds while it is typed; numbers as the inputs give them. */
export interface ParameterForm {
  number: number;
  key: string;
  label: string;
  unit: string;
  unitGroup: Parameter['unitGroup'];
  kind: Parameter['kind'];
  decimals: number;
  min: number | undefined;
  max: number | undefined;
  deadBand: number;
  /** s */
  period: number;
  choices: string;
  vss: string;
}

export function formOf(parameter: Parameter): ParameterForm {
  return {
    number: parameter.number, key: parameter.key, label: parameter.label, unit: parameter.unit ?? '', unitGroup: parameter.unitGroup, kind: parameter.kind, decimals: parameter.decimals,
    min: parameter.min, max: parameter.max, deadBand: parameter.deadBand, period: parameter.storagePeriod / 1000,
    choices: Object.entries(parameter.choices ?? {}).map(([value, word]) => `${value} = ${word}`).join('\n'),
    vss: parameter.vss ?? '',
  };
}

export function emptyForm(number: number): ParameterForm {
  return { number, key: '', label: '', unit: '', unitGroup: 'VCU', kind: 'number', decimals: 1, min: undefined, max: undefined, deadBand: 0, period: 60, choices: '', vss: '' };
}

/** Reads lines `0 = Off`; undefined where one is no such line. */
export function readChoices(text: string): Record<string, string> | undefined {
  const words: Record<string, string> = {};
  for (const line of text.split('\n').map((entry) => entry.trim()).filter((entry) => entry !== '')) {
    const match = /^(-?\d{1,12})\s*=\s*(\S.{0,59})$/.exec(line);
    if (!match) return undefined;
    words[match[1]!] = match[2]!.trim();
  }
  return words;
}

/** What is wrong with the form, by field. */
export function parameterProblems(form: ParameterForm): Partial<Record<keyof ParameterForm, string>> {
  const problems: Partial<Record<keyof ParameterForm, string>> = {};
  if (!PARAMETER_KEY_PATTERN.test(form.key)) problems.key = t('form.keyTaken');
  if (form.label.trim() === '') problems.label = t('form.labelMissing');
  if (form.min !== undefined && form.max !== undefined && form.min > form.max) problems.max = t('form.range');
  if (readChoices(form.choices) === undefined) problems.choices = t('form.choicesBad');
  return problems;
}

/** The form as it is sent. */
export function valuesOf(form: ParameterForm): Omit<Parameter, 'parameterId' | 'source'> {
  const choices = readChoices(form.choices) ?? {};
  return {
    number: form.number, key: form.key.trim(), label: form.label.trim(), unitGroup: form.unitGroup, kind: form.kind, decimals: form.decimals, deadBand: form.deadBand, storagePeriod: Math.round(form.period * 1000),
    ...(form.unit.trim() === '' ? {} : { unit: form.unit.trim() }),
    ...(form.min === undefined ? {} : { min: form.min }),
    ...(form.max === undefined ? {} : { max: form.max }),
    ...(Object.keys(choices).length === 0 ? {} : { choices }),
    ...(form.vss.trim() === '' ? {} : { vss: form.vss.trim() }),
  };
}
