import { join } from 'node:path';
import type { Log, Scheduler } from '#shared/kernel/ports.ts';
import type { SecretStore } from '#core/app/deps.ts';
import { fileSecrets } from './secrets-file.ts';
import { keychainSecrets, keychainWorks, systemKeychain, type OpenEntry } from './secrets-keychain.ts';

export interface OpenSecretsOptions {
  /** Folder of the workspace, for the file that stands in for a keychain. */
  readonly folder: string;
  /** Tells the secrets of installations and workspaces apart in one keychain. */
  readonly account: string;
  readonly scheduler: Scheduler;
  readonly log: Log;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly keychain?: () => Promise<OpenEntry>;
}

/** The best place for secrets that this machine has: its keychain, else a file that only this user may read. */
export async function openSecrets({ folder, account, scheduler, log, env, keychain = systemKeychain }: OpenSecretsOptions): Promise<SecretStore> {
  const file = fileSecrets(join(folder, 'secrets.json'));
  // Without a session bus there is no secret service to ask.
  const possible = env['COMMAND_CENTER_KEYCHAIN'] !== 'off' && (process.platform !== 'linux' || Boolean(env['DBUS_SESSION_BUS_ADDRESS']));
  if (!possible) return file;
  try {
    const open = await keychain();
    if (await keychainWorks(open, account, scheduler)) return keychainSecrets(open, account, file);
  } catch (error) {
    log.write('warn', 'the keychain cannot be used', { error });
  }
  log.write('info', 'secrets are kept in a file that only this user may read', { folder });
  return file;
}
