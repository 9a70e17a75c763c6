import type { Translation } from '#renderer/ui/messages/catalogue.ts';
import type { texts } from './messages.ts';

/** The texts of Admin in Hindi. Words are chosen by docs/hindi-glossary.md. */
export const hi: Translation<typeof texts> = {
  'module': 'एडमिन',
  'battery.chooseModel': 'पहले मॉडल चुनें',
  'battery.choose': 'बैटरी मॉडल चुनें',
  'live.vehicle': 'वाहन की स्थिति',
  'live.status': 'स्थिति',
  'live.last': 'आखिरी संपर्क',
  'live.battery': 'बैटरी विवरण',
  'live.more': 'और जानकारी',
  'live.outside': 'सीमा से बाहर',
  'live.silent': 'अभी कुछ नहीं बताया गया।',
  'live.failed': 'लाइव मान नहीं दिखाए जा सकते: {reason}',
  'place.search': 'शहर खोजें',
  'place.hint': 'ऑफ़लाइन: स्थान प्रोडक्ट के साथ आते हैं।',
  'place.go': 'खोजें',
  'place.none': 'इस नाम का कोई स्थान नहीं है। नीचे भरें।',
  'place.found': 'मिले स्थान',
  'leases': 'लीज़ विवरण',
  'models.batteries': 'बैटरी मॉडल चुनें',
  'models.noBatteries': 'अभी कोई नहीं है: बैटरी मॉडल में जोड़ें।',
  'models.dbc': 'DBC फ़ाइलें CAN बेंच › DBC फ़ाइलें में दी जाती हैं।',
  'models.noDbc': 'कोई नहीं दी गई',
};
