import type { Translation } from '#renderer/ui/messages/catalogue.ts';
import type { texts } from './messages.ts';

/** The texts of the Bulk Upload page in Hindi. Words are chosen by docs/hindi-glossary.md. */
export const hi: Translation<typeof texts> = {
  'column.failed': 'विफल रिकॉर्ड',
  'column.file': 'फ़ाइल',
  'column.number': '#',
  'column.passed': 'सफल रिकॉर्ड',
  'column.status': 'स्थिति',
  'column.template': 'टेम्पलेट का नाम',
  'column.updatedAt': 'कब अपडेट हुआ',
  'column.updatedBy': 'किसने अपडेट किया',
  'failed.error': 'विफल रिकॉर्ड लिखे नहीं जा सके: {reason}',
  'failed.get': 'अपलोड {number} के विफल रिकॉर्ड डाउनलोड करें',
  'history.empty': 'अभी कोई अपलोड नहीं',
  'history.emptyText': 'लागू हुई हर फ़ाइल यहाँ दिखती है, सफल और विफल रिकॉर्ड के साथ।',
  'history.title': 'इतिहास',
  'page.text': 'एक साथ बहुत से वाहनों का रजिस्ट्रेशन नंबर, उत्पाद की स्थिति, वाहन का स्थान, ग्राहक का नाम, यूज़र का नाम और यूज़र का मोबाइल नंबर अपडेट करता है। हर रिकॉर्ड में वाहन अपने VIN और VCU ID से पहचाना जाता है; खाली सेल से वह फ़ील्ड नहीं बदलता।',
  'page.title': 'बल्क अपलोड',
  'page.template': 'टेम्पलेट का नाम',
};
