import { shallowRef, type ShallowRef } from 'vue';

/** The languages a catalogue may have, by BCP 47 tag, each in its own words. English is complete by type; what another lacks is read in English. */
export const LOCALE_NAMES = { en: 'English', hi: 'हिन्दी' } as const;
export type Locale = keyof typeof LOCALE_NAMES;
/** The language every text is written in first. */
export const SOURCE_LOCALE = 'en' satisfies Locale;
export type OtherLocale = Exclude<Locale, typeof SOURCE_LOCALE>;

/** The languages a user may choose. One joins the list when its catalogues lack nothing. */
export const OFFERED_LOCALES: readonly Locale[] = ['en', 'hi'];

/**
 * The language of this window. A page has one reader and its texts are read from everywhere, also from tables outside
 * components, so this is the one state that belongs to the module; only the locale store (app/locale) sets it.
 */
export const currentLocale: ShallowRef<Locale> = shallowRef<Locale>(SOURCE_LOCALE);
