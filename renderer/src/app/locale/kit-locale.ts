import en from 'element-plus/es/locale/lang/en.mjs';
import hi from 'element-plus/es/locale/lang/hi.mjs';
import type { Locale } from '#renderer/ui/messages/locale.ts';

/** The words of the form controls themselves (calendar, number steps, empty lists), by language. */
export const KIT_LOCALES = { en, hi } as const satisfies Record<Locale, typeof en>;
