import type { Translation } from '#renderer/ui/messages/catalogue.ts';
import type { texts } from './messages.ts';

export const hi: Translation<typeof texts> = {
  'module': 'डिवाइस प्रबंधन',
  'page.title': 'VCU/VTS बदलना',
  'swap.edit': 'बदलें',
  'swap.title': '{vin} की यूनिट बदलें',
  'swap.unit': 'नया Telematics ID',
  'swap.keep': '{number} रहने दें',
  'swap.unitHint': 'खाली यूनिट, और अस्थायी फ़्रेम वाली यूनिट।',
  'swap.standIn': '{vin} पर',
  'swap.noUnits': 'कोई यूनिट खाली नहीं है। कमीशनिंग के समय एक यूनिट दर्ज करें।',
  'swap.communication': 'संचार का प्रकार',
  'swap.model': 'मॉडल',
  'swap.battery': 'बैटरी मॉडल',
  'swap.reason': 'कारण',
  'swap.reasonHint': 'यह बदलाव लॉग और वाहन की लॉगबुक में लिखा जाता है।',
  'swap.missing': 'कारण कम से कम तीन अक्षरों में लिखें।',
  'swap.same': 'कोई दूसरी यूनिट, संचार का प्रकार या मॉडल चुनें।',
  'swap.submit': 'बदलें',
  'swap.confirmTitle': '{vin} बदलें?',
  'swap.confirmUnit': 'यूनिट {from} अभी {vin} से हटेगी और {to} उसकी जगह लेगी। {from} का भेजा डेटा वाहन के साथ रहेगा।',
  'swap.confirmOther': '{vin} का संचार प्रकार या मॉडल बदलेगा।',
  'swap.done': '{vin} में बदलाव हो गया।',
  'swap.failed': 'विकल्प पढ़े नहीं जा सके: {reason}',
};
