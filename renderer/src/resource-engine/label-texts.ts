import type { OtherLocale } from '#renderer/ui/messages/locale.ts';

/**
 * Words of the resource definitions in other languages, by the English word: labels of fields and resources, titles of groups, choices.
 * A word that is missing is read in English.
 */
export const LABELS: { readonly [L in OtherLocale]?: Readonly<Record<string, string>> } = {};
