import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { availabilityOf, benchCheck, benchVerdict, DEFAULT_PATTERNS, fitsPattern, isAvailable, normaliseScan, seenKey, standInNumber, wrongKind, type BenchFacts, type BenchValue } from './index.ts';

const P = DEFAULT_PATTERNS;

describe('scans', () => {
  test.each([
    ['\u0002VIN: mx123 \r\n', 'mx123'],
    ['  bms:  Bms 12 \t', 'Bms 12'],
    ['\ufeffCEH0\u200b1', 'CEH01'],
    ['S/N:SN:77', '77'],
    ['VIN:', 'VIN:'],
  ])('%j is read as %j', (raw, number) => expect(normaliseScan(raw, P.prefixes)).toBe(number));

  test('are the same when they are read twice', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (raw) => {
      const once = normaliseScan(raw, P.prefixes);
      expect(normaliseScan(once, P.prefixes)).toBe(once);
      expect(/\p{Cc}/u.test(once)).toBe(false);
    }));
  });

  test('patterns are compared without case and spaces, # is a digit, * anything', () => {
    expect([fitsPattern('KE*', 'ke 12'), fitsPattern('CH1-##', 'CH1-42'), fitsPattern('CH1-##', 'CH1-4x'), fitsPattern('*9', 'A99'), fitsPattern('', ''), fitsPattern('A', 'AB')]).toEqual([true, true, false, true, true, false]);
  });

  test('patterns agree with the regular expressions they stand for', () => {
    const part = fc.constantFrom('A', 'B', '1', '*', '#');
    fc.assert(fc.property(fc.array(part, { maxLength: 8 }), fc.array(fc.constantFrom('A', 'B', '1', '2'), { maxLength: 10 }), (pattern, number) => {
      const expression = new RegExp(`^${pattern.map((one) => (one === '*' ? '.*' : one === '#' ? '[0-9]' : one)).join('')}$`);
      expect(fitsPattern(pattern.join(''), number.join(''))).toBe(expression.test(number.join('')));
    }));
  });

  test('a number of another kind is recognised, one of no known kind is not', () => {
    expect([wrongKind('motor', 'Bms2WS41', P), wrongKind('battery', 'CEH01', P), wrongKind('phone', 'KE7', P), wrongKind('motor', 'KE7', P), wrongKind('frame', 'ZZ1', P)]).toEqual(['battery', 'vcu', 'motor', undefined, undefined]);
  });
});

describe('availability', () => {
  const holder = { vehicleId: 'v', vin: 'MX1', customer: 'Nilgai' };
  const standIn = { vehicleId: 'p', vin: 'CHH00012' };

  test.each([
    ['vcu', { registered: false }, 'unknown'],
    ['vcu', { heard: true }, 'heard'],
    ['vcu', { registered: true }, 'free'],
    ['vcu', { registered: true, holder: standIn }, 'placeholder'],
    ['vcu', { registered: true, holder }, 'bound'],
    ['battery', {}, 'free'],
    ['battery', { holder: standIn }, 'placeholder'],
    ['motor', { holder }, 'bound'],
    ['frame', { holder }, 'bound'],
    ['frame', {}, 'free'],
    ['phone', { holder }, 'bound'],
    ['phone', { member: holder }, 'member'],
    ['phone', {}, 'free'],
  ] as const)('%s with %j is %s', (kind, facts, state) => {
    expect(availabilityOf({ kind, number: 'X1', ...facts }, P).state).toBe(state);
  });

  test('a stand-in is no frame number, and a known holder is named before the kind is doubted', () => {
    expect(availabilityOf({ kind: 'frame', number: 'evh00099' }, P).state).toBe('stand-in');
    expect(availabilityOf({ kind: 'motor', number: 'Bms1' }, P)).toEqual({ state: 'wrong-kind', looksLike: 'battery' });
    expect(availabilityOf({ kind: 'motor', number: 'Bms1', anyKind: true }, P).state).toBe('free');
    expect(availabilityOf({ kind: 'motor', number: 'Bms1', holder }, P)).toEqual({ state: 'bound', holder });
  });

  test('nothing that another vehicle has is ever available', () => {
    fc.assert(fc.property(fc.constantFrom('vcu', 'battery', 'motor', 'phone', 'frame' as const), fc.string(), fc.boolean(), (kind, number, registered) => {
      expect(isAvailable(availabilityOf({ kind: kind as 'vcu', number, registered, holder, anyKind: true }, P))).toBe(false);
    }));
  });

  test('stand-in numbers are short enough, and differ where their frames do', () => {
    expect([standInNumber('CHH0001', 'battery'), standInNumber('CHH0001', 'motor'), standInNumber('X'.repeat(40), 'motor').length]).toEqual(['CHH0001-B', 'CHH0001-M', 40]);
  });
});

describe('bench check', () => {
  const now = 1_000_000;
  const value = (label: string, group: string, of: number, extra: Partial<BenchValue> = {}): BenchValue => ({ label, group, value: of, unit: 'V', decimals: 1, time: now, alarm: false, ...extra });
  const good: BenchFacts = {
    now, since: now - 60_000, lastCommunication: now - 2000,
    expected: [{ bus: 0, id: 256, extended: false, name: 'BMS_Pack', cycleTime: 100, senders: ['BMS'] }, { bus: 0, id: 9, extended: true, name: 'CHG_Status', cycleTime: 1000, senders: ['CHG'] }, { bus: 0, id: 7, extended: false, name: 'Event', cycleTime: undefined, senders: [] }],
    seen: new Map([[seenKey(0, 256, false), { frames: 30, last: now - 1000, shortest: 98 }]]),
    values: [value('Pack voltage', 'BMS', 58), value('Highest cell voltage', 'BMS', 3.4, { min: 2.8, max: 4.25 }), value('Motor temperature', 'MCU', 40, { max: 120 }), value('Short circuit', 'BMS', 0, { alarm: true })],
    battery: { scanned: 'Bms2WS41200001', text: undefined, serial: 41_200_001 }, openAlerts: [], fix: { time: now - 1000, satellites: 9, hdop: 0.9 }, firmware: { reported: 'V4.2.1', expected: ['v4.2.1'] }, optionalSenders: ['CHG*'],
  };
  const of = (facts: Partial<BenchFacts>, check: string) => benchCheck({ ...good, ...facts }).find((one) => one.check === check);

  test('passes a vehicle of which all is well', () => {
    expect(benchCheck(good).map(({ check, state }) => `${check} ${state}`)).toEqual(['communicates pass', 'messages pass', 'bms pass', 'mcu pass', 'battery pass', 'alerts pass', 'gps pass', 'firmware pass']);
    expect(benchVerdict(benchCheck(good))).toBe('passed');
  });

  test.each([
    ['communicates', { lastCommunication: undefined }, 'fail', 'silent'],
    ['communicates', { lastCommunication: now - 60_000 }, 'fail', 'stale'],
    ['messages', { expected: undefined }, 'note', 'no-dbc'],
    ['messages', { seen: new Map() }, 'fail', 'missing'],
    ['messages', { seen: new Map(), since: now - 5000 }, 'wait', 'listening'],
    ['messages', { seen: new Map([[seenKey(0, 256, false), { frames: 9, last: now, shortest: 20 }]]) }, 'fail', 'too-often'],
    ['bms', { values: [] }, 'fail', 'no-values'],
    ['bms', { values: [value('Highest cell voltage', 'BMS', 4.4, { min: 2.8, max: 4.25 })] }, 'fail', 'out-of-range'],
    ['bms', { values: [value('Highest cell voltage', 'BMS', 3.4, { max: 4.25, time: now - 90_000 })] }, 'fail', 'no-values'],
    ['battery', { battery: { scanned: 'Bms1', text: undefined, serial: 2 } }, 'fail', 'other-battery'],
    ['battery', { battery: { scanned: 'BMS 1', text: 'bms1', serial: 2 } }, 'pass', 'ok'],
    ['battery', { battery: { scanned: 'Bms1', text: undefined, serial: undefined } }, 'note', 'not-reported'],
    ['alerts', { openAlerts: ['Low SoC'] }, 'fail', 'open'],
    ['alerts', { values: [value('Short circuit', 'BMS', 1, { alarm: true })] }, 'fail', 'open'],
    ['gps', { fix: undefined }, 'fail', 'no-fix'],
    ['gps', { fix: { time: now, satellites: 3, hdop: 1 } }, 'fail', 'weak-fix'],
    ['firmware', { firmware: { reported: 'V1', expected: ['V2'] } }, 'fail', 'other-version'],
    ['firmware', { firmware: { reported: 'V1', expected: [] } }, 'note', 'not-set'],
    ['firmware', { firmware: { reported: undefined, expected: ['V2'] } }, 'fail', 'not-reported'],
  ] as const)('%s with %j says %s: %s', (check, facts, state, reason) => {
    expect(of(facts as Partial<BenchFacts>, check)).toMatchObject({ state, reason });
  });

  test('never passes while a part fails or waits', () => {
    fc.assert(fc.property(fc.array(fc.constantFrom('pass', 'fail', 'wait', 'note' as const)), (states) => {
      const verdict = benchVerdict(states.map((state) => ({ state: state as 'pass' })));
      expect(verdict === 'passed').toBe(!states.includes('fail') && !states.includes('wait'));
    }));
  });
});
