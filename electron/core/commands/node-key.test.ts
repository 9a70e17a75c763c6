import { createPublicKey, verify } from 'node:crypto';
import { expect, test } from 'vitest';
import { encodeCommand, signedBytes, splitSignature } from '#shared/domain/telemetry/wire/index.ts';
import type { SecretStore } from '../app/deps.ts';
import { openNodeKey } from './node-key.ts';

function memorySecrets(): SecretStore & { readonly values: Map<string, string> } {
  const values = new Map<string, string>();
  return {
    kind: 'memory',
    values,
    get: (name) => Promise.resolve(values.get(name)),
    set: (name, value) => {
      if (value !== undefined) values.set(name, value);
      return Promise.resolve();
    },
  };
}

const COMMAND = { id: 'c1', t: 1000, exp: 2000, cmd: 'backfill', args: { ranges: [[1, 2, 3]] } };

test('a unit can check a command with the public key, for its own topic only', async () => {
  const key = await openNodeKey(memorySecrets());
  const topic = 'evf/1/f/unit-1/cmd/c1';
  const payload = encodeCommand(COMMAND, key.sign(signedBytes(topic, COMMAND)));
  expect(JSON.parse(new TextDecoder().decode(payload))).toMatchObject({ v: 1, ...COMMAND, cond: {}, sig: expect.any(String) as unknown });
  const { text = '', signature = '' } = splitSignature(payload) ?? {};
  const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: key.publicKey }, format: 'jwk' });
  const holds = (at: string, what: string): boolean => verify(undefined, signedBytes(at, what), publicKey, Buffer.from(signature, 'base64url'));
  expect(holds(topic, text)).toBe(true);
  expect(holds('evf/1/f/unit-2/cmd/c1', text)).toBe(false);
  expect(holds(topic, text.replace('2000', '9000'))).toBe(false);
});

test('the key stays the same; what is no key is replaced', async () => {
  const secrets = memorySecrets();
  const first = await openNodeKey(secrets);
  expect((await openNodeKey(secrets)).publicKey).toBe(first.publicKey);
  secrets.values.set('node-key', 'nonsense');
  expect((await openNodeKey(secrets)).publicKey).not.toBe(first.publicKey);
});

test('without a key a command has no signature', () => {
  expect(splitSignature(encodeCommand(COMMAND))).toBeUndefined();
});
