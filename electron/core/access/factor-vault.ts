import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import type { SecretStore } from '#core/app/deps.ts';
import type { Rng } from '#shared/kernel/ports.ts';

/** Name of the secret that says which key is in use, and of the keys: a keychain that is away for a while must not cost the key that is in it. */
const CURRENT = 'second-factor.current-key';
const keyName = (id: string): string => `second-factor.key.${id}`;

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const VERSION = 'v1';

interface Key {
  readonly id: string;
  readonly bytes: Uint8Array;
}

const idOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex').slice(0, 16);

/**
 * Secrets of second factors as they lie in the database: `v1.KEY.DATA`, AES-256-GCM (NIST SP 800-38D) with the user's id as associated data, so
 * that a copy of the database lets nobody make codes. The key is in the secret store. Where that forgets with the process, secrets stay plain hex.
 */
export class FactorVault {
  readonly #secrets: SecretStore;
  readonly #rng: Rng;
  /** Keys that the secret store gave out or took. */
  readonly #keys = new Map<string, Key>();
  #current: Promise<Key> | undefined;

  constructor(options: { readonly secrets: SecretStore; readonly rng: Rng }) {
    this.#secrets = options.secrets;
    this.#rng = options.rng;
  }

  /** Whether a stored secret is one that `seal` would protect. */
  isPlain(stored: string): boolean {
    return this.#secrets.kind !== 'memory' && !stored.startsWith(`${VERSION}.`);
  }

  /** A secret as it is stored. Rejects where the secret store takes no key. */
  async seal(userId: string, secret: Uint8Array): Promise<string> {
    if (this.#secrets.kind === 'memory') return Buffer.from(secret).toString('hex');
    const key = await (this.#current ??= this.#openKey().catch((error: unknown) => {
      this.#current = undefined;
      throw error;
    }));
    const nonce = this.#rng.bytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', key.bytes, nonce).setAAD(Buffer.from(userId));
    const data = Buffer.concat([nonce, cipher.update(secret), cipher.final(), cipher.getAuthTag()]);
    return `${VERSION}.${key.id}.${data.toString('base64url')}`;
  }

  /** The secret that is stored; undefined where its key is not in the secret store, or it was changed or is another user's. */
  async open(userId: string, stored: string): Promise<Uint8Array | undefined> {
    const [version, id = '', text = ''] = stored.split('.');
    if (version !== VERSION) return new Uint8Array(Buffer.from(stored, 'hex'));
    const key = await this.#key(id);
    if (key === undefined) return undefined;
    const data = Buffer.from(text, 'base64url');
    try {
      const decipher = createDecipheriv('aes-256-gcm', key.bytes, data.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES }).setAAD(Buffer.from(userId));
      decipher.setAuthTag(data.subarray(-TAG_BYTES));
      return new Uint8Array(Buffer.concat([decipher.update(data.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]));
    } catch {
      return undefined;
    }
  }

  async #openKey(): Promise<Key> {
    const id = await this.#secrets.get(CURRENT);
    const known = id === undefined ? undefined : await this.#key(id);
    if (known !== undefined) return known;
    const bytes = this.#rng.bytes(KEY_BYTES);
    const made = { id: idOf(bytes), bytes };
    await this.#secrets.set(keyName(made.id), Buffer.from(bytes).toString('base64'));
    await this.#secrets.set(CURRENT, made.id);
    this.#keys.set(made.id, made);
    return made;
  }

  async #key(id: string): Promise<Key | undefined> {
    const known = this.#keys.get(id);
    if (known !== undefined) return known;
    const text = await this.#secrets.get(keyName(id));
    const bytes = text === undefined ? undefined : new Uint8Array(Buffer.from(text, 'base64'));
    if (bytes?.length !== KEY_BYTES || idOf(bytes) !== id) return undefined;
    const key = { id, bytes };
    this.#keys.set(id, key);
    return key;
  }
}
