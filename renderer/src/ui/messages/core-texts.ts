import { errors } from './core-texts/errors.hi.ts';
import { labels } from './core-texts/labels.hi.ts';
import { notices } from './core-texts/notices.hi.ts';
import { parameters } from './core-texts/parameters.hi.ts';
import { rules } from './core-texts/rules.hi.ts';
import { work } from './core-texts/work.hi.ts';
import { currentLocale, type Locale, type OtherLocale } from './locale.ts';

/**
 * Texts that come from the core, in English, as a person's language has them: error messages, notices, labels of resources, parameters
 * and roles, names of the product's alert rules. They are found by the English text, as gettext does it; what is not found is shown as
 * it came, so that what people typed passes through.
 *
 * A key may have `{placeholders}`: `There is no connection to {address}.` stands for every text of that form. What a placeholder holds
 * is kept as it is, unless its name says otherwise:
 * - `{label}`, `{resource}`, `{reason}`: a text of the core itself, read in the language too;
 * - `{labelled…}`: a label and a value (`VIN No MD2A1`), of which the label is read in the language;
 * - `{list}`: counted labels (`3 sales and 1 lease`).
 *
 * build/texts/core-texts.test.ts lists what the sources say and a language lacks.
 */
export const CORE_TEXTS: { readonly [L in OtherLocale]: Readonly<Record<string, string>> } = { hi: { ...labels, ...parameters, ...rules, ...notices, ...work, ...errors } };

interface Pattern {
  readonly match: RegExp;
  readonly names: readonly string[];
  readonly text: string;
}

interface Compiled {
  readonly exact: ReadonlyMap<string, string>;
  /** Of what reads within a sentence: `Vehicle model` as `vehicle model`. */
  readonly lower: ReadonlyMap<string, string>;
  readonly patterns: readonly Pattern[];
  /** Answers by text; emptied when it has grown to CACHE entries. */
  readonly cache: Map<string, string>;
}

const CACHE = 2000;
const PLACEHOLDER = /\{(\w+)\}/g;
const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

function compile(texts: Readonly<Record<string, string>>): Compiled {
  const exact = new Map<string, string>();
  const patterns: (Pattern & { readonly length: number })[] = [];
  for (const [key, text] of Object.entries(texts)) {
    const literal = key.split(/\{\w+\}/);
    if (literal.length === 1) exact.set(key, text);
    else patterns.push({ match: new RegExp(`^${literal.map(escaped).join('([^]+?)')}$`), names: [...key.matchAll(PLACEHOLDER)].map((found) => found[1] ?? ''), text, length: literal.join('').length });
  }
  // The one that says most comes first: `The condition still holds. {…}` after the whole sentences.
  patterns.sort((a, b) => b.length - a.length);
  return { exact, lower: new Map([...exact].map(([key, text]) => [key.toLowerCase(), text])), patterns, cache: new Map() };
}

const compiled = new Map<Locale, Compiled>();

function of(locale: OtherLocale): Compiled {
  let found = compiled.get(locale);
  if (found === undefined) compiled.set(locale, (found = compile(CORE_TEXTS[locale])));
  return found;
}

function filled(name: string, value: string, texts: Compiled): string {
  if (name === 'label' || name === 'resource' || name === 'reason') return texts.lower.get(value.toLowerCase()) ?? read(value, texts);
  if (name === 'list') return value.split(/, | and /).map((item) => item.replace(/^([\d,]+) (.+)$/, (_, count: string, label: string) => `${count} ${texts.lower.get(label) ?? label}`)).join(', ');
  if (!name.startsWith('labelled')) return value;
  const words = value.split(' ');
  for (let count = words.length - 1; count > 0; count--) {
    const label = texts.exact.get(words.slice(0, count).join(' '));
    if (label !== undefined) return `${label} ${words.slice(count).join(' ')}`;
  }
  return texts.lower.get(value) ?? value;
}

function read(text: string, texts: Compiled): string {
  const exact = texts.exact.get(text);
  if (exact !== undefined) return exact;
  for (const { match, names, text: form } of texts.patterns) {
    const found = match.exec(text);
    if (found === null) continue;
    const values = new Map(names.map((name, index) => [name, filled(name, found[index + 1] ?? '', texts)]));
    return form.replace(PLACEHOLDER, (_, name: string) => values.get(name) ?? '');
  }
  return text;
}

/** A text of the core in a language; as it came where the language has no words for it. */
export function coreText(text: string, locale: Locale = currentLocale.value): string {
  if (locale === 'en') return text;
  const texts = of(locale);
  const known = texts.cache.get(text);
  if (known !== undefined) return known;
  const answer = read(text, texts);
  if (texts.cache.size >= CACHE) texts.cache.clear();
  texts.cache.set(text, answer);
  return answer;
}
