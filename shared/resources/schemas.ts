import { z } from 'zod';
import type { Field } from './field.ts';
import { fieldOf, type Fields, type PatchOf, type Resource, type ValuesOf } from './define-resource.ts';

/** What an edit sends: the fields it sets, and the names of those it empties. */
export interface Edit<F extends Fields> {
  readonly set: PatchOf<F>;
  readonly clear: readonly string[];
}

function shape(resource: Resource, keys: readonly string[], optional: (field: Field) => boolean): Record<string, z.ZodType> {
  const members: Record<string, z.ZodType> = {};
  for (const key of keys) {
    const field = fieldOf(resource, key);
    members[key] = optional(field) ? field.schema.optional() : field.schema;
  }
  return members;
}

/** What an edit is called with: `clear` may be left out. */
export interface EditInput<F extends Fields> {
  readonly set: PatchOf<F>;
  readonly clear?: readonly string[];
}

/** Schema of the add form: what the form marks with `*` must be there. */
export function createSchema<F extends Fields>(resource: Resource<F>): z.ZodType<ValuesOf<F>, ValuesOf<F>> {
  const keys = resource.form?.add ?? Object.keys(resource.fields);
  return z.strictObject(shape(resource, keys, (field) => field.mandatory === 'no')) as unknown as z.ZodType<ValuesOf<F>, ValuesOf<F>>;
}

/** Schema of a row's values as they may be stored: only what a row cannot exist without must be there. */
export function valuesSchema<F extends Fields>(resource: Resource<F>): z.ZodType<ValuesOf<F>, ValuesOf<F>> {
  return z.strictObject(shape(resource, Object.keys(resource.fields), (field) => field.mandatory !== 'always')) as unknown as z.ZodType<ValuesOf<F>, ValuesOf<F>>;
}

/** The fields an edit may change: the edit form's, without those that are fixed. */
export function editableKeys(resource: Resource): readonly string[] {
  return (resource.form?.edit ?? Object.keys(resource.fields)).filter((key) => fieldOf(resource, key).fixed !== true);
}

/** Schema of an edit: every field is optional, unknown and fixed ones are refused, mandatory ones cannot be emptied. */
export function editSchema<F extends Fields>(resource: Resource<F>): z.ZodType<Edit<F>, EditInput<F>> {
  const keys = editableKeys(resource);
  const clearable = keys.filter((key) => fieldOf(resource, key).mandatory === 'no');
  return z.strictObject({
    set: z.strictObject(shape(resource, keys, () => true)),
    clear: z.array(z.string().refine((key) => clearable.includes(key), 'This field cannot be empty.')).max(keys.length).default([]),
  }) as unknown as z.ZodType<Edit<F>, EditInput<F>>;
}

/** The patch an edit stands for. */
export function patchOf<F extends Fields>(edit: Edit<F>): PatchOf<F> {
  const patch: Record<string, unknown> = { ...edit.set };
  for (const key of edit.clear) patch[key] = undefined;
  return patch as PatchOf<F>;
}
