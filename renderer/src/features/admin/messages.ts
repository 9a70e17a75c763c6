import { createCatalogue } from '#renderer/ui/messages/catalogue.ts';

export const texts = {
  'module': 'Admin',
  'battery.chooseModel': 'Choose the model first',
  'battery.choose': 'Choose a battery model',
} as const;

/** Reads a text of Admin. */
export const t = createCatalogue(texts);
