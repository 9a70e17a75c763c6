import { describe, expect, test } from 'vitest';
import { product } from '#shared/resources/product.ts';
import { location } from '#shared/resources/location.ts';
import { sale } from '#shared/resources/sale.ts';
import { addValues, changedKeys, editOf, problemOf, toInput } from './draft.ts';

describe('inputs of a form', () => {
  test('say what is wrong with them in words, and nothing where nothing is', () => {
    expect(problemOf(product, 'vin', '')).toBe('Enter VIN No.');
    expect(problemOf(product, 'vin', '   ')).toBe('Enter VIN No.');
    expect(problemOf(product, 'modelId', undefined)).toBe('Choose from the list.');
    expect(problemOf(product, 'registration', '')).toBeUndefined();
    expect(problemOf(product, 'vin', 'MX#1')).toBe('Letters, digits and - . _ / only.');
    expect(problemOf(location, 'latitude', '12.97')).toBeUndefined();
    expect(problemOf(location, 'latitude', 'north')).toBe('Enter a number.');
    expect(problemOf(location, 'latitude', '91')).toBe('At most 90.');
    expect(problemOf(sale, 'phone', '12345')).toBe('Enter 7 to 15 digits.');
  });

  test('become the values that are stored, without those that are empty', () => {
    const draft = { city: '  Mysuru ', district: 'Mysuru', state: 'Karnataka', country: 'India', zone: '', latitude: '12.3', longitude: '1,000' };
    expect(addValues(location, Object.keys(draft), draft)).toEqual({ city: 'Mysuru', district: 'Mysuru', state: 'Karnataka', country: 'India', latitude: 12.3, longitude: 1000 });
  });

  test('make an edit of what stands for another value, and empty what was emptied', () => {
    const base = { userName: 'Ravi', phone: '98450 12345', address1: 'A', purchaseDate: '2024-02-06' };
    const draft = { userName: ' Ravi ', phone: '98450 99999', address1: '', purchaseDate: '2024-02-06' };
    const keys = Object.keys(draft);
    expect(changedKeys(sale, keys, draft, base)).toEqual(['phone', 'address1']);
    expect(editOf(sale, keys, draft, base)).toEqual({ set: { phone: '98450 99999' }, clear: ['address1'] });
  });

  test('hold stored values as they are typed', () => {
    expect(toInput(location.fields.latitude, 12.5)).toBe('12.5');
    expect(toInput(product.fields.vin, undefined)).toBe('');
    expect(toInput(sale.fields.purchaseDate, undefined)).toBeUndefined();
  });
});
