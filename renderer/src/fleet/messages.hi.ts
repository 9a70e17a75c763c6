import type { Translation } from '#renderer/ui/messages/catalogue.ts';
import type { texts } from './messages.ts';

/** The texts of the widgets that several modules use in Hindi. Words are chosen by docs/hindi-glossary.md. */
export const hi: Translation<typeof texts> = {
  'parameters.filter': 'पैरामीटर छाँटें',
  'parameters.all': 'सभी',
  'parameters.outside': 'सीमा से बाहर',
  'parameters.name': 'पैरामीटर',
  'parameters.value': 'मान',
  'parameters.age': 'कब का',
  'parameters.trend': 'पिछले 15 min',
  'parameters.range': 'सामान्य सीमा',
  'parameters.outOfRange': 'सीमा से बाहर',
  'parameters.emptyTitle': 'अभी कुछ नहीं आया',
  'parameters.emptyText': 'यूनिट का पहला मैसेज आते ही मान यहाँ दिखेंगे।',
  'parameters.noneMatch': 'कोई पैरामीटर नहीं मिला',
  'parameters.noneOutside': 'हर मान अपनी सामान्य सीमा में है।',
  'cells.title': { one: '{count} सेल वोल्टेज', other: '{count} सेल वोल्टेज' },
  'cells.spread': 'अंतर {spread} mV',
  'cells.lowest': 'सबसे कम',
  'cells.highest': 'सबसे ज़्यादा',
  'alarms.title': 'अलार्म',
  'alarms.none': '{count} में से कोई सक्रिय नहीं',
  'trend.failed': 'रीडिंग दिखाई नहीं जा सकीं: {reason}',
  'trend.loading': 'इतिहास पढ़ा जा रहा है',
  'trend.damaged': 'स्टोर किए डेटा का एक भाग खराब है और छोड़ दिया गया है। सेटिंग्स › स्टोरेज देखें।',
  'trend.truncated': 'एक बार में पढ़ने से ज़्यादा डेटा है: सबसे पुराना हिस्सा नहीं दिख रहा। छोटी अवधि चुनें।',
  'group.VCU': 'वाहन और टेलीमैटिक्स (VCU)',
  'group.BMS': 'बैटरी (BMS)',
  'group.MCU': 'मोटर कंट्रोलर (MCU)',
  'group.Charger': 'चार्जर',
  'group.Other': 'अन्य',
};
