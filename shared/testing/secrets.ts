import type { SecretStore } from '#core/app/deps.ts';

/** Secrets that outlive what a test stops and starts, as a file or keychain does. */
export function testSecrets(kept = new Map<string, string>()): SecretStore & { readonly kept: Map<string, string> } {
  return {
    kind: 'file',
    kept,
    get: async (name) => kept.get(name),
    async set(name, value) {
      if (value === undefined) kept.delete(name);
      else kept.set(name, value);
    },
  };
}
