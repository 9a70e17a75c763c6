import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

interface Configuration {
  readonly npmRebuild: boolean;
  readonly asar: boolean;
  readonly asarUnpack: readonly string[];
  readonly electronFuses: Readonly<Record<string, boolean>>;
  readonly [key: string]: unknown;
}

// electron-builder reads the very file; its own modules are the only ones that know the schema.
const require = createRequire(import.meta.url);
const { getConfig, validateConfiguration } = require('app-builder-lib/out/util/config/config') as {
  getConfig(folder: string, file: string, options: null): Promise<Configuration>;
  validateConfiguration(configuration: object, log: object): Promise<void>;
};
const { DebugLogger } = require('builder-util') as { DebugLogger: new (enabled: boolean) => object };

const root = join(import.meta.dirname, '../..');
const read = () => getConfig(root, join(root, 'electron-builder.yml'), null);
const validate = (configuration: object) => validateConfiguration(configuration, new DebugLogger(false));

describe('electron-builder.yml', () => {
  it('is valid by electron-builder’s own schema', async () => {
    await validate(await read());
  });

  it('would not pass with a mistake in it', async () => {
    await expect(validate({ ...(await read()), asarUnpacked: ['x'] })).rejects.toThrow('asarUnpacked');
  });

  it('sets every fuse of the security list, and compiles nothing', async () => {
    const { electronFuses, npmRebuild, asar, asarUnpack } = await read();
    expect(electronFuses).toEqual({
      runAsNode: false,
      enableCookieEncryption: true,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      loadBrowserProcessSpecificV8Snapshot: false,
      grantFileProtocolExtraPrivileges: false,
    });
    expect([npmRebuild, asar, asarUnpack]).toEqual([false, true, ['**/*.node']]);
  });
});
