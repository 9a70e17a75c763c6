import { disposable } from '#shared/kernel/disposable.ts';
import type { Scheduler } from '#shared/kernel/ports.ts';
import type { SecretStore } from '#core/app/deps.ts';

/** One entry of the system's keychain; the part of @napi-rs/keyring's AsyncEntry that is used. */
export interface KeychainEntry {
  getPassword(): Promise<string | null | undefined>;
  setPassword(value: string): Promise<void>;
  deletePassword(): Promise<unknown>;
}

export type OpenEntry = (service: string, user: string) => KeychainEntry;

const SERVICE = 'Command Center';
const PROBE = 'probe';

/** Keychain entries of this system. On Linux only the Secret Service: the kernel's keyring forgets at log-out without saying so. */
export async function systemKeychain(): Promise<OpenEntry> {
  const { AsyncEntry } = await import('@napi-rs/keyring');
  return (service, user) => new AsyncEntry(service, user, { linux: { store: 'secret-service' } });
}

/** Secrets in the keychain, under `account` (node and workspace). A name that is only in `older` is still found there, and moves when it is set. */
export function keychainSecrets(open: OpenEntry, account: string, older: SecretStore): SecretStore {
  const entry = (name: string) => open(SERVICE, `${account}/${name}`);
  return {
    kind: 'keychain',
    get: async (name) => (await entry(name).getPassword()) ?? (await older.get(name)),
    async set(name, value) {
      if (value === undefined) await entry(name).deletePassword();
      else await entry(name).setPassword(value);
      if ((await older.get(name)) !== undefined) await older.set(name, undefined);
    },
  };
}

/**
 * Whether the keychain keeps what it is given, found out by writing and reading: without a secret service it answers nothing, without an
 * error. A keychain that is silent for `patience` ms (a dialogue that nobody sees) counts as absent.
 */
export async function keychainWorks(open: OpenEntry, account: string, scheduler: Scheduler, patience = 2_000): Promise<boolean> {
  let giveUp = disposable(() => undefined);
  const tooSlow = new Promise<boolean>((resolve) => (giveUp = scheduler.after(patience, () => resolve(false))));
  const probe = async (): Promise<boolean> => {
    const entry = open(SERVICE, `${account}/${PROBE}`);
    const value = `probe ${account}`;
    await entry.setPassword(value);
    const kept = (await entry.getPassword()) === value;
    await entry.deletePassword();
    return kept;
  };
  try {
    return await Promise.race([probe(), tooSlow]);
  } catch {
    return false;
  } finally {
    giveUp.dispose();
  }
}
