import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { componentFolder, importedComponents } from './element-plus-styles.ts';

test('finds the components that a file imports, and no types', () => {
  const code = "import { ElButton, ElTableV2 as Table, type Column } from 'element-plus';\nimport { ref } from 'vue';\nimport { ElInput } from \"element-plus\";";
  expect(importedComponents(code)).toEqual(['ElButton', 'ElTableV2', 'ElInput']);
});

test('names the folder of a component as Element Plus does', () => {
  for (const name of ['ElButton', 'ElInputNumber', 'ElTableV2', 'ElSelect']) {
    expect(existsSync(join(import.meta.dirname, '../../node_modules/element-plus/es/components', componentFolder(name), 'style/css.mjs')), name).toBe(true);
  }
});
