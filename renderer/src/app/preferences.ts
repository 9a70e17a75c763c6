import type { Rpc } from './rpc/rpc.ts';

/** One remembered choice of the signed-in user. */
export interface PreferencePort {
  /** The stored value, undefined where there is none or it cannot be read. */
  load(): Promise<unknown>;
  /** Stores the value in the background; a choice that cannot be stored is kept for this window only. */
  save(value: unknown): void;
}

/** Writes to one key follow each other at least this far apart: dragging a column edge is one write. */
const SETTLE = 600;

/** The preference `key` of the signed-in user. A choice made just before the window closes or reloads is stored all the same. */
export function createPreference(rpc: Rpc, key: string): PreferencePort {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let pending: (() => void) | undefined;

  function write(): void {
    clearTimeout(timer);
    window.removeEventListener('pagehide', write);
    pending?.();
    pending = undefined;
  }

  return {
    load: () => rpc.call('preferences.get', { key }).then((answer) => answer.value, () => undefined),
    save(value) {
      clearTimeout(timer);
      pending = () => void rpc.call('preferences.set', { key, value }).catch(() => undefined);
      window.addEventListener('pagehide', write);
      timer = setTimeout(write, SETTLE);
    },
  };
}
