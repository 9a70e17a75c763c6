import { chmodSync, statSync } from 'node:fs';
import { z } from 'zod';
import type { SecretStore } from '#core/app/deps.ts';
import { readText, writeText } from './small-files.ts';

const secrets = z.record(z.string(), z.string());

/** Secrets in a JSON file that only this user may read. A file that others could read is closed to them before it is read. */
export function fileSecrets(path: string): SecretStore {
  function load(): Record<string, string> {
    const text = readText(path);
    if (text === undefined) return {};
    if (process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0) chmodSync(path, 0o600);
    return secrets.parse(JSON.parse(text));
  }

  return {
    kind: 'file',
    get: async (name) => Object.entries(load()).find(([key]) => key === name)?.[1],
    async set(name, value) {
      const next = new Map(Object.entries(load()));
      if (value === undefined) next.delete(name);
      else next.set(name, value);
      writeText(path, `${JSON.stringify(Object.fromEntries(next), undefined, 2)}\n`);
    },
  };
}

/** Secrets for as long as the process lives. */
export function memorySecrets(): SecretStore {
  const kept = new Map<string, string>();
  return {
    kind: 'memory',
    get: async (name) => kept.get(name),
    async set(name, value) {
      if (value === undefined) kept.delete(name);
      else kept.set(name, value);
    },
  };
}
