import type { Translation } from '#renderer/ui/messages/catalogue.ts';
import type { texts } from './messages.ts';

/** The texts of Admin in Hindi. Words are chosen by docs/hindi-glossary.md. */
export const hi: Translation<typeof texts> = {
  'module': 'एडमिन',
  'battery.chooseModel': 'पहले मॉडल चुनें',
  'battery.choose': 'बैटरी मॉडल चुनें',
  'leases': 'लीज़ विवरण',
  'models.batteries': 'बैटरी मॉडल चुनें',
  'models.noBatteries': 'अभी कोई नहीं है: बैटरी मॉडल में जोड़ें।',
  'models.dbc': 'DBC फ़ाइलें CAN बेंच › DBC फ़ाइलें में दी जाती हैं।',
  'models.noDbc': 'कोई नहीं दी गई',
};
