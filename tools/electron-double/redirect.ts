import { createRequire, registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';

const KEY = Symbol.for('command-center.electron-double');
let generation = 0;
let hooked = false;

/** Vitest would load the package through its own module graph. */
const { nativeImport } = createRequire(import.meta.url)('./native-import.cjs') as { nativeImport(url: string): Promise<Record<string, unknown>> };

/**
 * Loads a package anew in which `import 'electron'` means this double. For packages that Node loads by itself (electron-store); importing
 * the real `electron` in Node would try to download it.
 */
export function importOverDouble(packageFile: string, electron: object): Promise<Record<string, unknown>> {
  generation++;
  (globalThis as Record<symbol, unknown>)[KEY] = electron;
  if (!hooked) {
    registerHooks({
      resolve(specifier, context, next) {
        if (specifier !== 'electron') return next(specifier, context);
        const source = `/* ${generation} */ export default globalThis[Symbol.for('command-center.electron-double')];`;
        return { url: `data:text/javascript,${encodeURIComponent(source)}`, format: 'module', shortCircuit: true };
      },
    });
    hooked = true;
  }
  return nativeImport(`${pathToFileURL(packageFile).href}?double=${generation}`);
}
