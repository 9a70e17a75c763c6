import { z } from 'zod';
import type { Feature } from '../domain/features/features.ts';
import type { Normalisation } from './normalise.ts';

export type FieldType = 'text' | 'identifier' | 'phone' | 'email' | 'integer' | 'number' | 'date' | 'instant' | 'boolean' | 'enum' | 'reference' | 'json';

/**
 * `always`: the row cannot exist without it. `form`: the form asks for it and it cannot be blanked, but a row that comes from
 * elsewhere (a sale that came with its product) may still lack it.
 */
export type Mandatory = 'always' | 'form' | 'no';

export interface FieldOptions<M extends Mandatory = Mandatory> {
  readonly label: string;
  /** Defaults to `no`. */
  readonly mandatory?: M;
  /** One line under the input. */
  readonly help?: string;
  /** Unit of measure, shown behind the value. */
  readonly unit?: string;
  /** At most one row of the resource has the value, compared in this normal form. */
  readonly unique?: Normalisation;
  /** Found by the search box. */
  readonly searchable?: boolean;
  /** Part of the portal that must be switched on for the field to be shown. */
  readonly feature?: Feature;
  /** Set when the row is made and never by an edit. */
  readonly fixed?: boolean;
  /**
   * Two edits of the field that did not see each other: `last` keeps the later one (the earlier is in the history),
   * `strict` refuses the later one.
   */
  readonly merge?: 'last' | 'strict';
  /** The change log names the field but keeps no values. */
  readonly withheld?: boolean;
}

export interface EnumValue {
  readonly value: string;
  readonly label: string;
}

/** One field of a resource. `T` is its value in a row, `M` whether a row always has it. */
export interface Field<T = unknown, M extends Mandatory = Mandatory> extends FieldOptions<M> {
  readonly type: FieldType;
  readonly mandatory: M;
  /** Accepts a value as typed or imported and returns it as stored. */
  readonly schema: z.ZodType<T, T>;
  /** Longest text, characters. */
  readonly max?: number;
  readonly values?: readonly EnumValue[];
  /** A text that the form chooses from these and from those in use; another may be typed. */
  readonly offered?: readonly string[];
  /** Name of the resource that a reference points to. */
  readonly to?: string;
  /** What a reference does to the deletion of the row it points to: `refuse` it (default), or `keep` a fact about a row that is gone. */
  readonly whenDeleted?: 'refuse' | 'keep';
}

type Options<M extends Mandatory, Extra = unknown> = FieldOptions<M> & Extra;

function field<T, M extends Mandatory>(type: FieldType, options: FieldOptions<M>, schema: z.ZodType<T, T>, extra: Partial<Field<T, M>> = {}): Field<T, M> {
  // `M` is inferred as 'no' where the option is left out (see the builders' defaults).
  return { ...options, ...extra, type, mandatory: (options.mandatory ?? 'no') as M, schema };
}

/** Free text, trimmed; control characters are refused. `pattern` says what else must hold, `hint` how to say it, `offered` what the form proposes. */
export function text<M extends Mandatory = 'no'>(options: Options<M, { max?: number; pattern?: RegExp; hint?: string; offered?: readonly string[] }>): Field<string, M> {
  const max = options.max ?? 200;
  const plain = z.string().trim().min(1, `Enter ${article(options.label)}.`).max(max, `At most ${max} characters.`).regex(/^[^\p{Cc}]*$/u, 'Remove control characters.');
  return field('text', options, options.pattern === undefined ? plain : plain.regex(options.pattern, options.hint ?? 'Check the format.'), { max, ...(options.offered === undefined ? {} : { offered: options.offered }) });
}

/** A number printed on a part: letters, digits and - . _ /, stored as typed, compared without case and spaces. */
export function identifier<M extends Mandatory = 'no'>(options: Options<M, { max?: number; pattern?: RegExp; hint?: string }>): Field<string, M> {
  const max = options.max ?? 40;
  const schema = z
    .string()
    .transform((value) => value.normalize('NFKC').trim().replace(/\s+/g, ' '))
    .pipe(z.string().min(2, 'At least 2 characters.').max(max, `At most ${max} characters.`).regex(options.pattern ?? /^[A-Za-z0-9][A-Za-z0-9 ._/-]*$/, options.hint ?? 'Letters, digits and - . _ / only.'));
  return field('identifier', options, schema, { max });
}

/** A phone number of 7 to 15 digits (ITU-T E.164 allows 15), stored as typed. */
export function phone<M extends Mandatory = 'no'>(options: Options<M>): Field<string, M> {
  const schema = z.string().trim().max(30, 'At most 30 characters.').regex(/^\+?[0-9][0-9 ()-]*$/, 'Digits, spaces and a leading + only.').refine((value) => {
    const count = value.replace(/[^0-9]/g, '').length;
    return count >= 7 && count <= 15;
  }, 'Enter 7 to 15 digits.');
  return field('phone', options, schema, { max: 30 });
}

/** An e-mail address, lower case. */
export function email<M extends Mandatory = 'no'>(options: Options<M>): Field<string, M> {
  return field('email', options, z.string().trim().toLowerCase().max(254, 'At most 254 characters.').pipe(z.email('Enter an e-mail address, such as name@company.com.')), { max: 254 });
}

export function integer<M extends Mandatory = 'no'>(options: Options<M, { min: number; max: number }>): Field<number, M> {
  const { min, max, ...rest } = options;
  return field('integer', rest as FieldOptions<M>, z.number().int('Enter a whole number.').min(min, `At least ${min}.`).max(max, `At most ${max}.`));
}

export function number<M extends Mandatory = 'no'>(options: Options<M, { min: number; max: number }>): Field<number, M> {
  const { min, max, ...rest } = options;
  return field('number', rest as FieldOptions<M>, z.number().min(min, `At least ${min}.`).max(max, `At most ${max}.`));
}

/** A calendar date of the installation's zone, `YYYY-MM-DD`. */
export function date<M extends Mandatory = 'no'>(options: Options<M>): Field<string, M> {
  return field('date', options, z.iso.date('Enter a date.'));
}

/** An instant, epoch milliseconds UTC. */
export function instant<M extends Mandatory = 'no'>(options: Options<M>): Field<number, M> {
  return field('instant', options, z.number().int().min(0).max(8_640_000_000_000_000));
}

export function yesNo<M extends Mandatory = 'no'>(options: Options<M>): Field<boolean, M> {
  return field('boolean', options, z.boolean());
}

/** One of a fixed set of values. */
export function choice<const V extends readonly EnumValue[], M extends Mandatory = 'no'>(options: Options<M, { values: V }>): Field<V[number]['value'], M> {
  const values = options.values.map((entry) => entry.value) as [string, ...string[]];
  const schema = z.enum(values, 'Choose one of the list.') as unknown as z.ZodType<V[number]['value'], V[number]['value']>;
  return field('enum', options, schema, { values: options.values });
}

/** The id of a row of another resource. */
export function reference<M extends Mandatory = 'no'>(options: Options<M, { to: string; whenDeleted?: 'refuse' | 'keep' }>): Field<string, M> {
  return field('reference', options, z.uuid(`Choose ${article(options.label)}.`), { to: options.to, whenDeleted: options.whenDeleted ?? 'refuse' });
}

/** Structured data, stored as JSON text. */
export function json<T, M extends Mandatory = 'no'>(options: Options<M, { schema: z.ZodType<T, T> }>): Field<T, M> {
  const { schema, ...rest } = options;
  return field('json', rest as unknown as FieldOptions<M>, schema);
}

function article(label: string): string {
  return /^[aeiou]/i.test(label) ? `an ${label}` : `a ${label}`;
}
