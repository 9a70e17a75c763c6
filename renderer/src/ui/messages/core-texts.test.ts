import { describe, expect, test } from 'vitest';
import { coreText, CORE_TEXTS } from './core-texts.ts';

const inHindi = (text: string): string => coreText(text, 'hi');

describe('texts of the core in another language', () => {
  test('are found by the English text, and shown as they came where there is none', () => {
    expect(inHindi('Speed')).toBe('गति');
    expect(inHindi('Speedy Couriers Pvt Ltd')).toBe('Speedy Couriers Pvt Ltd');
    expect(coreText('Speed', 'en')).toBe('Speed');
  });

  test('keep what a message names and read the labels in it', () => {
    expect(inHindi('There is no connection to mqtts://host:8883.')).toBe('mqtts://host:8883 से कनेक्शन नहीं है।');
    expect(inHindi('VIN No MD2A1 already belongs to User Name Speed. Enter another, or change User Name Speed first.')).toBe('VIN नंबर MD2A1 पहले से यूज़र का नाम Speed का है। दूसरा लिखें, या पहले यूज़र का नाम Speed बदलें।');
    expect(inHindi('This vehicle model does not exist any more. Refresh the list.')).toBe('वाहन मॉडल अब मौजूद नहीं है। सूची रीफ़्रेश करें।');
    expect(inHindi('This customer is used by 1,203 sales and 2 leases. Change those first.')).toBe('ग्राहक यहाँ इस्तेमाल हो रहा है: 1,203 बिक्री, 2 लीज़। पहले उन्हें बदलें।');
    expect(inHindi('Enter a Customer Name.')).toBe('ग्राहक का नाम लिखें।');
    expect(inHindi('Cell 12 voltage')).toBe('सेल 12 वोल्टेज');
  });

  test('take the form that says most', () => {
    expect(inHindi('At most 60 characters.')).toBe('अधिकतम 60 अक्षर।');
    expect(inHindi('At most 60.')).toBe('अधिकतम 60।');
  });

  test('name the placeholders of the English form', () => {
    const names = (text: string): string[] => [...new Set(text.match(/\{\w+\}/g))].toSorted();
    for (const [key, text] of Object.entries(CORE_TEXTS.hi)) expect([key, names(text)]).toEqual([key, names(key)]);
  });

  test('do not mistake another name for a member of an object', () => {
    expect(['constructor', 'toString', '__proto__'].map(inHindi)).toEqual(['constructor', 'toString', '__proto__']);
  });
});
