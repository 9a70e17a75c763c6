import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import type { SecretStore } from '../app/deps.ts';

/** Signs what this node sends to units. */
export interface NodeKey {
  /** Ed25519 public key (RFC 8032), 32 bytes as base64url: what units are given to check signatures with. */
  readonly publicKey: string;
  /** Signature of `bytes`, 64 bytes as base64url. */
  sign(bytes: Uint8Array): string;
}

const SECRET = 'node-key';

/** The node's key from the secret store; made and stored where there is none yet, or where what is stored is no key. */
export async function openNodeKey(secrets: SecretStore): Promise<NodeKey> {
  const stored = await secrets.get(SECRET);
  const known = stored === undefined ? undefined : readKey(stored);
  if (known) return keyOf(known);
  const { privateKey } = generateKeyPairSync('ed25519');
  await secrets.set(SECRET, privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64'));
  return keyOf(privateKey);
}

function readKey(stored: string): KeyObject | undefined {
  try {
    const key = createPrivateKey({ key: Buffer.from(stored, 'base64'), type: 'pkcs8', format: 'der' });
    return key.asymmetricKeyType === 'ed25519' ? key : undefined;
  } catch {
    return undefined;
  }
}

function keyOf(privateKey: KeyObject): NodeKey {
  const { x = '' } = createPublicKey(privateKey).export({ format: 'jwk' });
  // Ed25519 hashes by itself.
  return { publicKey: x, sign: (bytes) => sign(undefined, bytes, privateKey).toString('base64url') };
}
