const KEY = 'cc.reloaded';

/**
 * For a page that the core refuses because it is of another version: `reload` loads the page anew, once; where that has not helped, nothing
 * happens and the page says so. `settled` forgets it, when the core has accepted the page.
 */
export function reloadOnce(storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>, load: () => void): { reload(): void; settled(): void } {
  return {
    reload() {
      if (storage.getItem(KEY) !== null) return;
      storage.setItem(KEY, 'yes');
      load();
    },
    settled: () => storage.removeItem(KEY),
  };
}
