import type { Translation } from '#renderer/ui/messages/catalogue.ts';
import type { texts } from './messages.ts';

export const hi: Translation<typeof texts> = {
  module: 'स्वैपिंग स्टेशन',
  map: 'मैप',
  'map.label': 'मैप पर स्वैपिंग स्टेशन',
  'map.empty': 'अभी कोई स्वैपिंग स्टेशन नहीं है। स्वैपिंग स्टेशन टैब पर एक जोड़ें।',
  'map.ready': '{slots} में से {ready} तैयार',
  'map.card': '{name} की बैटरियाँ',
  'slots.none': 'यहाँ कोई बैटरी नहीं है।',
  'slots.title': 'बैटरियाँ',
  'slots.slot': 'स्लॉट',
  'slots.bmsId': 'BMS ID',
  'slots.soc': 'SoC',
  'slots.state': 'स्थिति',
  'swap.act': 'बैटरी बदलें',
  'swap.one': 'बदलने के लिए एक बैटरी चुनें।',
  'swap.title': 'बैटरी बदलें',
  'swap.text': '{battery} वाहन में जाएगी; वाहन की बैटरी {station} के स्लॉट {slot} में आएगी। दोनों स्वैप इतिहास में लिखे जाएँगे।',
  'swap.vehicle': 'वाहन',
  'swap.choose': 'VIN, VCU या बैटरी नंबर',
  'swap.noVehicle': 'कोई वाहन नहीं मिला।',
  'swap.soc': 'लौटी बैटरी का SoC',
  'swap.chooseFirst': 'वाहन चुनें।',
  'swap.done': '{battery} अब वाहन में है।',
};
