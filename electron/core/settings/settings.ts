import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import type { SecretStore } from '#core/app/deps.ts';
import { brokerSettings, embeddedSettings, features, type BrokerSettings, type brokerSecrets } from '#shared/contract/settings.ts';
import { retentionSettings, type RetentionSettings } from '#shared/contract/storage.ts';
import type { Operations } from '#core/store/operations/operations.ts';
import type { Principal } from '#shared/domain/access/principal.ts';
import type { Features } from '#shared/domain/features/features.ts';
import { AppError } from '#shared/kernel/error.ts';
import { setting } from '#shared/resources/setting.ts';
import { settingId } from '#shared/sync/mutators/setting.ts';
import { z } from 'zod';

export type EmbeddedSettings = z.output<typeof embeddedSettings>;
export type BrokerSecrets = z.output<typeof brokerSecrets>;

const SECRET = { password: 'broker.password', keyPem: 'broker.key', keyPassphrase: 'broker.key-passphrase', units: 'embedded.units' } as const;

/** Raw payloads for two weeks, values for 400 days, hourly figures for five years. */
const RETENTION: RetentionSettings = { rawDays: 14, pointDays: 400, rollupDays: 1830 };

/** First bytes of a PMTiles archive of version 3 (PMTiles specification, 3.1). */
const PMTILES_MAGIC = 'PMTiles';

const streetMap = z.object({ file: z.string() });

/** What holds before anybody has chosen. */
export interface SettingsDefaults {
  readonly broker: BrokerSettings;
  readonly embedded: EmbeddedSettings;
  readonly features: Features;
}

/** Typed settings of this installation; secrets go to the secret store and are never read back by a client. */
export class Settings {
  readonly #operations: Operations;
  readonly #secrets: SecretStore;
  readonly #defaults: SettingsDefaults;

  constructor(operations: Operations, secrets: SecretStore, defaults: SettingsDefaults) {
    this.#operations = operations;
    this.#secrets = secrets;
    this.#defaults = defaults;
  }

  get secretStore(): SecretStore['kind'] {
    return this.#secrets.kind;
  }

  broker(): BrokerSettings {
    return this.#read('broker', brokerSettings) ?? this.#defaults.broker;
  }

  embedded(): EmbeddedSettings {
    return this.#read('embedded', embeddedSettings) ?? this.#defaults.embedded;
  }

  /** How long telemetry is kept. */
  retention(): RetentionSettings {
    return this.#read('retention', retentionSettings) ?? RETENTION;
  }

  /** Throws AppError `refused` where figures would be kept for less time than the values they sum up. */
  async setRetention(principal: Principal, retention: RetentionSettings): Promise<void> {
    if (retention.rollupDays < retention.pointDays) throw new AppError('refused', 'Keep the hourly figures at least as long as the values.', { field: 'rollupDays' });
    await this.#operations.mutate(principal, 'setting.set', { key: 'retention', value: retention });
  }

  /** The parts of the portal that are switched on. */
  features(): Features {
    return { ...this.#defaults.features, ...this.#read('features', features.partial()) };
  }

  async setFeatures(principal: Principal, wanted: Features): Promise<void> {
    await this.#operations.mutate(principal, 'setting.set', { key: 'features', value: wanted });
  }

  streetMapFile(): string | undefined {
    return this.#read('street-map', streetMap)?.file;
  }

  /** The broker's secrets, those that are stored. */
  async brokerSecrets(): Promise<BrokerSecrets> {
    const [password, keyPem, keyPassphrase] = await Promise.all([this.#secrets.get(SECRET.password), this.#secrets.get(SECRET.keyPem), this.#secrets.get(SECRET.keyPassphrase)]);
    return { ...(password === undefined ? {} : { password }), ...(keyPem === undefined ? {} : { keyPem }), ...(keyPassphrase === undefined ? {} : { keyPassphrase }) };
  }

  /** The password units sign in with on the embedded broker, where one is set. */
  unitPassword(): Promise<string | undefined> {
    return this.#secrets.get(SECRET.units);
  }

  /** What is stored joined with what was typed: a missing secret keeps the stored one, an empty one removes it. */
  async withStored(typed: BrokerSecrets): Promise<BrokerSecrets> {
    const stored = await this.brokerSecrets();
    const joined = { ...stored, ...typed };
    return Object.fromEntries(Object.entries(joined).filter(([, value]) => value !== undefined && value !== '')) as BrokerSecrets;
  }

  /** Stores the broker. Throws AppError `refused` for an external one without an address MQTT can use. */
  async setBroker(principal: Principal, broker: BrokerSettings, secrets: BrokerSecrets): Promise<void> {
    if (broker.kind === 'external') checkAddress(broker.url);
    await this.#operations.mutate(principal, 'setting.set', { key: 'broker', value: broker as z.core.util.JSONType });
    for (const key of ['password', 'keyPem', 'keyPassphrase'] as const) {
      const value = secrets[key];
      if (value !== undefined) await this.#setSecret(principal, SECRET[key], value);
    }
  }

  /** Stores how the embedded broker listens. Throws AppError `refused` where the network may reach it and units need no password. */
  async setEmbedded(principal: Principal, embedded: EmbeddedSettings, password: string | undefined): Promise<void> {
    const kept = password ?? (await this.unitPassword()) ?? '';
    if (embedded.lan && kept.length < 8) throw new AppError('refused', 'Set a password of at least 8 characters for the units before the network may reach the broker.');
    if (password !== undefined) await this.#setSecret(principal, SECRET.units, password);
    await this.#operations.mutate(principal, 'setting.set', { key: 'embedded', value: embedded });
  }

  /** Sets or removes the street map. Throws AppError `not-found` or `refused`, in words. */
  async setStreetMap(principal: Principal, file: string | undefined): Promise<void> {
    if (file !== undefined) checkStreetMap(file);
    await this.#operations.mutate(principal, 'setting.set', file === undefined ? { key: 'street-map' } : { key: 'street-map', value: { file } });
  }

  /** Stores or, empty, removes a secret; the audit log says that it changed and never what it is. */
  async #setSecret(principal: Principal, name: string, value: string): Promise<void> {
    await this.#secrets.set(name, value === '' ? undefined : value);
    await this.#operations.audit({ kind: value === '' ? 'secret-removed' : 'secret-set', userId: principal.userId, subject: name, payload: {} });
  }

  #read<T>(key: string, schema: z.ZodType<T>): T | undefined {
    const row = this.#operations.read.get(setting, settingId(key));
    const parsed = schema.safeParse(row?.value);
    return parsed.success ? parsed.data : undefined;
  }
}

/** Throws AppError `refused` unless `url` is an address that MQTT can use. */
export function checkAddress(url: string | undefined): asserts url is string {
  const parsed = url === undefined ? undefined : URL.parse(url);
  if (!parsed || !['mqtt:', 'mqtts:', 'ws:', 'wss:'].includes(parsed.protocol) || parsed.hostname === '')
    throw new AppError('refused', 'Enter the address of the broker as mqtt://host:1883, mqtts://host:8883, ws://host/path or wss://host/path.', { field: 'url' });
  if (parsed.username !== '' || parsed.password !== '') throw new AppError('refused', 'Leave user name and password out of the address and enter them in their own fields.', { field: 'url' });
}

function checkStreetMap(file: string): void {
  if (!isAbsolute(file)) throw new AppError('refused', 'Enter the full path of the PMTiles file.', { field: 'file' });
  try {
    if (!statSync(file).isFile()) throw new AppError('refused', 'This is a folder; choose a PMTiles file.', { field: 'file' });
    const head = Buffer.alloc(PMTILES_MAGIC.length);
    const handle = openSync(file, 'r');
    try {
      readSync(handle, head, 0, head.length, 0);
    } finally {
      closeSync(handle);
    }
    if (head.toString('latin1') !== PMTILES_MAGIC) throw new AppError('refused', 'This is not a PMTiles archive. Choose a file that ends in .pmtiles.', { field: 'file' });
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError('not-found', 'There is no such file, or it cannot be read. Check the path.', { field: 'file' });
  }
}
