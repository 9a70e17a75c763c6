import type { Translation } from '#renderer/ui/messages/catalogue.ts';
import type { texts } from './messages.ts';

/** The texts of the workshop mode in Hindi. Words are chosen by docs/hindi-glossary.md. */
export const hi: Translation<typeof texts> = {
  'workshop.enter': 'वर्कशॉप मोड',
  'workshop.on': '{time} तक वर्कशॉप में: अलर्ट म्यूट हैं, थर्मल वाले नहीं। {reason} ({by})',
  'workshop.end': 'वर्कशॉप मोड समाप्त करें',
  'workshop.title': '{vin} को वर्कशॉप मोड में डालें',
  'workshop.hint': 'अलर्ट दर्ज होते हैं पर म्यूट रहते हैं, थर्मल क्रिटिकल को छोड़कर। मोड अपने-आप समाप्त होता है।',
  'workshop.duration': 'अवधि',
  'workshop.hours': { one: '{count} घंटा', other: '{count} घंटे' },
  'workshop.days': '{count} दिन',
  'workshop.reason': 'कारण',
  'workshop.missing': 'कारण लिखें।',
  'workshop.submit': 'अलर्ट म्यूट करें',
  'workshop.entered': '{vin} {time} तक वर्कशॉप मोड में है।',
  'workshop.ended': '{vin} वर्कशॉप मोड से बाहर है।',
};
