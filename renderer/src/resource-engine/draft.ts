import { fieldOf, type Resource } from '#shared/resources/define-resource.ts';
import type { Field } from '#shared/resources/field.ts';
import type { ResourceEdit } from './api.ts';
import { inWords, labelOf } from './labels.ts';
import { t } from './messages.ts';

/** What an input holds: text as typed for everything that is typed, the value itself for the rest. */
export type Draft = Record<string, unknown>;
type Values = Readonly<Record<string, unknown>>;

const TYPED: ReadonlySet<Field['type']> = new Set(['text', 'identifier', 'phone', 'email', 'integer', 'number']);

/** A stored value as an input holds it. */
export function toInput(field: Field, value: unknown): unknown {
  if (value === undefined) return TYPED.has(field.type) ? '' : undefined;
  return field.type === 'integer' || field.type === 'number' ? String(value) : value;
}

/** What was entered as a value, not yet checked; undefined: nothing. */
export function fromInput(field: Field, input: unknown): unknown {
  if (input === undefined || input === null || input === '') return undefined;
  if (!TYPED.has(field.type)) return input;
  const text = String(input).trim();
  if (text === '') return undefined;
  return field.type === 'integer' || field.type === 'number' ? Number(text.replaceAll(',', '')) : text;
}

/** What is wrong with an input, in words; undefined when nothing is. */
export function problemOf(resource: Resource, key: string, input: unknown): string | undefined {
  const field = fieldOf(resource, key);
  const value = fromInput(field, input);
  if (value === undefined) {
    if (field.mandatory === 'no') return undefined;
    const label = labelOf(resource, key);
    return TYPED.has(field.type) || field.type === 'date' ? t('form.required', { label }) : t('form.choose');
  }
  if (typeof value === 'number' && Number.isNaN(value)) return t('form.number');
  const parsed = field.schema.safeParse(value);
  return parsed.success ? undefined : inWords(parsed.error.issues[0]?.message ?? '');
}

/** An input as its schema stores it; only for one without a problem. */
export function storedValue(resource: Resource, key: string, input: unknown): unknown {
  const field = fieldOf(resource, key);
  const value = fromInput(field, input);
  if (value === undefined) return undefined;
  const parsed = field.schema.safeParse(value);
  return parsed.success ? parsed.data : value;
}

const same = (a: unknown, b: unknown): boolean => a === b || (typeof a === 'object' && typeof b === 'object' && JSON.stringify(a) === JSON.stringify(b));

/** The keys whose input stands for another value than the row's. */
export function changedKeys(resource: Resource, keys: readonly string[], draft: Draft, base: Values): readonly string[] {
  return keys.filter((key) => !same(storedValue(resource, key, draft[key]), base[key]));
}

/** The values of an add form, without empty ones. */
export function addValues(resource: Resource, keys: readonly string[], draft: Draft): Readonly<Record<string, unknown>> {
  return Object.fromEntries(keys.map((key) => [key, storedValue(resource, key, draft[key])] as const).filter(([, value]) => value !== undefined));
}

/** The edit that turns the row into the draft. */
export function editOf(resource: Resource, keys: readonly string[], draft: Draft, base: Values): ResourceEdit {
  const changed = changedKeys(resource, keys, draft, base).map((key) => [key, storedValue(resource, key, draft[key])] as const);
  return { set: Object.fromEntries(changed.filter(([, value]) => value !== undefined)), clear: changed.filter(([, value]) => value === undefined).map(([key]) => key) };
}
