import { createCatalogue } from '#renderer/ui/messages/catalogue.ts';
import { hi } from './messages.hi.ts';

/** Every text of the workshop mode. */
export const texts = {
  'workshop.enter': 'Workshop mode',
  'workshop.on': 'In workshop until {time}: alerts are muted, thermal ones are not. {reason} ({by})',
  'workshop.end': 'End workshop mode',
  'workshop.title': 'Put {vin} into workshop mode',
  'workshop.hint': 'Alerts are recorded and muted, but for thermal critical ones. The mode ends by itself.',
  'workshop.duration': 'Duration',
  'workshop.hours': { one: '{count} hour', other: '{count} hours' },
  'workshop.days': { one: '{count} day', other: '{count} days' },
  'workshop.reason': 'Reason',
  'workshop.missing': 'Enter a reason.',
  'workshop.submit': 'Mute alerts',
  'workshop.entered': '{vin} is in workshop mode until {time}.',
  'workshop.ended': '{vin} is out of workshop mode.',
} as const;

/** Reads a text of the workshop mode. */
export const tw = createCatalogue(texts, { hi });
