import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';

const NAMED_IMPORT = /import\s*\{([^}]+)\}\s*from\s*['"]element-plus['"]/g;

/** `ElTableV2` → `table-v2`: the folder of a component inside element-plus. */
export function componentFolder(name: string): string {
  return name
    .replace(/^El/, '')
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase();
}

/** The Element Plus names that a source file imports from the package root, types left out. */
export function importedComponents(code: string): string[] {
  const names: string[] = [];
  for (const match of code.matchAll(NAMED_IMPORT)) {
    for (const part of (match[1] ?? '').split(',')) {
      const name = part.trim().split(/\s+as\s+/)[0] ?? '';
      if (/^El[A-Z]/.test(name)) names.push(name);
    }
  }
  return names;
}

/** Adds each imported Element Plus component's own style sheet, so that only styles of used components are bundled. */
export function elementPlusStyles(root: string): Plugin {
  return {
    name: 'element-plus-styles',
    enforce: 'post',
    transform(code, id) {
      if (id.includes('node_modules') || !/\.(vue|ts)(\?|$)/.test(id) || id.includes('type=style')) return undefined;
      const folders = importedComponents(code)
        .map(componentFolder)
        .filter((folder) => existsSync(join(root, 'node_modules/element-plus/es/components', folder, 'style/css.mjs')));
      if (folders.length === 0) return undefined;
      const imports = folders.map((folder) => `import 'element-plus/es/components/${folder}/style/css';`).join('');
      return { code: `${imports}${code}`, map: null };
    },
  };
}
