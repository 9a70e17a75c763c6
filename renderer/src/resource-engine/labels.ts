import { coreText } from '#renderer/ui/messages/core-texts.ts';
import { currentLocale, type Locale } from '#renderer/ui/messages/locale.ts';
import type { Resource } from '#shared/resources/define-resource.ts';
import { columnOf } from './column-of.ts';

/** A text of a resource definition (label, group title, choice) in a language; as it is where that has no word for it. */
export function inWords(text: string, locale: Locale = currentLocale.value): string {
  return coreText(text, locale);
}

/** Label of a field or joined column of a resource, in the language of the window. */
export function labelOf(resource: Resource, key: string, locale: Locale = currentLocale.value): string {
  return inWords(columnOf(resource, key).label, locale);
}

/** What one row of the resource is called, within a sentence. */
export const oneOf = (resource: Resource): string => lower(inWords(resource.label.one));
/** What its rows are called, within a sentence. */
export const manyOf = (resource: Resource): string => lower(inWords(resource.label.many));

/** Lower case but for abbreviations: `Vehicle model` → `vehicle model`, `VCU` stays. */
function lower(text: string): string {
  return /^[A-Z]{2}/.test(text) ? text : text.charAt(0).toLowerCase() + text.slice(1);
}
