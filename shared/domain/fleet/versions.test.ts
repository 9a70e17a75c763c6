import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareVersions, inVersionRange } from './versions.ts';

describe('software versions', () => {
  it('compares numbers as numbers and shorter before longer', () => {
    const sorted = ['1.0', '1.9', '1.10', '1.10.1', '2.0-beta', '2.0-rc', 'v2.1', '10'];
    expect([...sorted].reverse().sort(compareVersions)).toEqual(sorted);
    expect(compareVersions('V1.2', '1.2')).toBe(0);
  });

  it('orders any two the same way round', () => {
    const version = fc.stringMatching(/^v?\d{1,3}(\.\d{1,3}){0,3}(-[a-z]{1,4}\d?)?$/);
    fc.assert(fc.property(version, version, (a, b) => {
      expect(Math.sign(compareVersions(a, b)) + Math.sign(compareVersions(b, a))).toBe(0);
    }));
  });

  it('takes both ends of a range, and an open one', () => {
    expect(inVersionRange('1.4', '1.4', '1.6')).toBe(true);
    expect(inVersionRange('1.6.1', '1.4', '1.6')).toBe(false);
    expect(inVersionRange('0.1', undefined, '1')).toBe(true);
    expect(inVersionRange('99', '1', undefined)).toBe(true);
  });
});
