import { defaultFeatures } from '#shared/domain/features/features.ts';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Operations } from '#core/store/operations/operations.ts';
import type { BrokerSettings } from '#shared/contract/settings.ts';
import { verifyAudit } from '#shared/sync/audit.ts';
import { NODE_ID, SYSTEM } from '#shared/testing/master-data.ts';
import { codeOf, openTestOperations, testClock } from '#shared/testing/operations.ts';
import { Settings } from './settings.ts';

const BROKER: BrokerSettings = { kind: 'external', url: 'mqtts://broker.example:8883', topicPrefix: 'evf/1', fleet: '+', protocolVersion: 4, rejectUnauthorized: true };

let folder = '';
let operations: Operations;
let secrets: Map<string, string>;
let settings: Settings;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'settings-'));
  operations = openTestOperations(folder, { clock: testClock() });
  secrets = new Map();
  const store = { kind: 'memory', get: async (name: string) => secrets.get(name), set: async (name: string, value: string | undefined) => void (value === undefined ? secrets.delete(name) : secrets.set(name, value)) } as const;
  settings = new Settings(operations, store, { broker: { ...BROKER, kind: 'embedded' }, embedded: { lan: false, port: 1883 }, features: defaultFeatures(false) });
});
afterEach(async () => {
  await operations.close();
  rmSync(folder, { recursive: true, force: true });
});

test('a change of the broker and of its secrets is in the audit log, which does not hold the secrets', async () => {
  await settings.setBroker(SYSTEM, BROKER, { password: 'four green autos' });
  await settings.setBroker(SYSTEM, BROKER, { password: '' });
  const entries = operations.read.audit(NODE_ID, { after: 0, limit: 100 });
  expect(verifyAudit(entries)).toBeUndefined();
  expect(entries.map((entry) => [entry.kind, entry.subject])).toEqual([['mutation', 'setting.set'], ['secret-set', 'broker.password'], ['mutation', 'setting.set'], ['secret-removed', 'broker.password']]);
  expect(JSON.stringify(entries)).not.toContain('green autos');
  expect([settings.broker(), secrets.size]).toEqual([BROKER, 0]);
});

test('the network may reach the embedded broker only where units need a password', async () => {
  expect(await codeOf(settings.setEmbedded(SYSTEM, { lan: true, port: 1883 }, undefined))).toBe('refused');
  expect(await codeOf(settings.setEmbedded(SYSTEM, { lan: true, port: 1883 }, 'short'))).toBe('refused');
  await settings.setEmbedded(SYSTEM, { lan: true, port: 1883 }, 'long enough');
  expect(await codeOf(settings.setEmbedded(SYSTEM, { lan: true, port: 1883 }, ''))).toBe('refused');
  expect([settings.embedded().lan, await settings.unitPassword()]).toEqual([true, 'long enough']);
});

test.each(['http://broker.example', 'mqtt://', 'broker', 'mqtt://user:secret@broker.example'])('%s is no address of a broker', async (url) => {
  expect(await codeOf(settings.setBroker(SYSTEM, { ...BROKER, url }, {}))).toBe('refused');
  expect(settings.broker().kind).toBe('embedded');
});

test('parts of the portal are off until they are switched on, and stay as they were chosen', async () => {
  expect(settings.features()).toEqual(defaultFeatures(false));
  await settings.setFeatures(SYSTEM, { ...defaultFeatures(false), subscription: true });
  expect(settings.features()).toEqual({ subscription: true, customerCare: false, sharedRides: false, riderApp: false });
});
