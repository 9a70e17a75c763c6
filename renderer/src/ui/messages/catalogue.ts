import { currentLocale, type Locale, type OtherLocale } from './locale.ts';

/**
 * Catalogues: every text a person reads, kept beside the feature that shows it.
 *
 * A feature writes its texts in English in `messages.ts` and reads them with `t('key')`:
 *
 *     export const t = createCatalogue({ 'units.count': { one: '{count} unit', other: '{count} units' } });
 *
 * To add another language:
 * 1. Put the English texts into a constant, `export const texts = { … } as const`.
 * 2. Write `messages.hi.ts` beside it: `export const hi: Translation<typeof texts> = { … }`, with the same keys and the
 *    same placeholders, and the plural forms of that language (`Intl.PluralRules`). The type refuses keys that English
 *    lacks; a key that is missing is read in English.
 * 3. `export const t = createCatalogue(texts, { hi })`.
 * 4. A language that is complete is offered to users by OFFERED_LOCALES in locale.ts.
 *
 * build/texts/catalogues.test.ts lists, by catalogue, the keys a language lacks or whose placeholders differ; for a
 * language that is offered it fails. It also fails for a key nobody reads and for a text that is read once, where the
 * module or the component is set up: such a text would stay in the old language. Read it in a function, a getter
 * (`get title() { return t('title'); }`), a computed value or the template; there it follows the language at once.
 * Texts in templates that are in no catalogue are refused by ESLint (`vue/no-bare-strings-in-template`).
 *
 * Numbers and times are written alike in every language (ui/format-number.ts, ui/time/format.ts).
 */
export type Text = string | PluralForms;

/** Forms of a text that counts, chosen by the parameter `count` and the rules of the language. */
export type PluralForms = { readonly [Form in Exclude<Intl.LDMLPluralRule, 'other'>]?: string } & { readonly other: string };
export type Texts = Readonly<Record<string, Text>>;
/** The texts of a catalogue in another language; one text where a count changes nothing in that language. */
export type Translation<M extends Texts> = { readonly [K in keyof M]?: M[K] extends string ? string : Text };
export type Translations<M extends Texts> = { readonly [L in OtherLocale]?: Translation<M> };

type Placeholders<S extends string> = S extends `${string}{${infer Name}}${infer Rest}` ? Name | Placeholders<Rest> : never;
type NamesOf<T> = T extends string ? Placeholders<T> : T extends Readonly<Record<string, string>> ? 'count' | Placeholders<T[keyof T]> : never;
type Parameters<T> = { readonly [Name in NamesOf<T>]: string | number };

/** Reads one text in the language of the window; parameters that the text names are required by the type. */
export interface Translate<M extends Texts> {
  <K extends keyof M & string>(key: K, ...parameters: [NamesOf<M[K]>] extends [never] ? [] : [Parameters<M[K]>]): string;
  /** What it reads from, by language; for the tests of the catalogues. */
  readonly texts: { readonly en: M } & Translations<M>;
}

const whole = new Intl.NumberFormat('en-GB');
const rules = new Map<Locale, Intl.PluralRules>();

function pluralForm(forms: PluralForms, locale: Locale, count: number): string {
  let rule = rules.get(locale);
  if (!rule) rules.set(locale, (rule = new Intl.PluralRules(locale)));
  return forms[rule.select(count)] ?? forms.other;
}

/** The reader of a set of texts and of what is translated of it. Numbers are grouped (8,030). */
export function createCatalogue<const M extends Texts>(texts: M, translations: Translations<M> = {}): Translate<M> {
  const all: { readonly en: Texts } & { readonly [L in OtherLocale]?: Readonly<Record<string, Text | undefined>> } = { ...translations, en: texts };
  const read = (key: string, parameters: Readonly<Record<string, string | number>> = {}): string => {
    const own = all[currentLocale.value]?.[key];
    const text = own ?? all.en[key] ?? key;
    const form = typeof text === 'string' ? text : pluralForm(text, own === undefined ? 'en' : currentLocale.value, Number(parameters['count']));
    return form.replace(/\{(\w+)\}/g, (_, name: string) => {
      const value = parameters[name];
      return typeof value === 'number' ? whole.format(value) : (value ?? '');
    });
  };
  return Object.assign(read, { texts: { ...translations, en: texts } });
}
