import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ESLint } from 'eslint';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const here = fileURLToPath(new URL('.', import.meta.url));
const rules = (createRequire(import.meta.url)('./dependency-cruiser.cjs') as { forbidden: { name: string }[] }).forbidden.map((rule) => rule.name);

/** Files that the planted ones import, so that every import resolves. */
const TARGETS: Record<string, string> = {
  'shared/contract/vehicles.ts': 'export const Vehicle = 1;',
  'shared/rpc/channel.ts': 'export interface Channel { send(): void }',
  'shared/domain/alerts/engine.ts': 'export const step = 1;',
  'shared/testing/builders.ts': 'export const aVehicle = 1;',
  'electron/core/alerts/service.ts': 'export const run = 1;',
  'electron/core/store/repo.ts': 'export const repo = 1;',
  'electron/host-node/index.ts': 'export {};',
  'renderer/src/features/alerts/index.ts': 'export const alerts = 1;',
  'renderer/src/features/vehicles/store.ts': 'export const store = 1;',
};

interface Violation {
  readonly rule: { readonly name: string };
  readonly from: string;
}

let folder: string;
let fired: Map<string, string[]>;

function cruise(): Violation[] {
  const output = execFileSync(join(root, 'node_modules/.bin/depcruise'), ['--config', 'dependency-cruiser.cjs', '--output-type', 'json', 'shared', 'electron', 'renderer', 'server'], {
    cwd: folder,
    maxBuffer: 64 << 20,
    encoding: 'utf8',
    env: { ...process.env, PATH: `${join(root, 'node_modules/.bin')}:${process.env['PATH'] ?? ''}` },
  });
  return (JSON.parse(output) as { summary: { violations: Violation[] } }).summary.violations;
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'layer-rules-'));
  cpSync(join(here, 'planted'), folder, { recursive: true });
  for (const [path, text] of Object.entries(TARGETS)) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  cpSync(join(here, 'dependency-cruiser.cjs'), join(folder, 'dependency-cruiser.cjs'));
  writeFileSync(join(folder, 'tsconfig.json'), readFileSync(join(root, 'tsconfig.base.json')));
  writeFileSync(join(folder, 'package.json'), '{"name":"planted","type":"module"}');
  for (const name of ['electron', 'better-sqlite3', 'mqtt']) {
    mkdirSync(join(folder, 'node_modules', name), { recursive: true });
    writeFileSync(join(folder, 'node_modules', name, 'package.json'), JSON.stringify({ name, version: '1.0.0', main: 'index.js' }));
    writeFileSync(join(folder, 'node_modules', name, 'index.js'), 'module.exports = {};');
  }
  fired = new Map();
  for (const violation of cruise()) fired.set(violation.rule.name, [...(fired.get(violation.rule.name) ?? []), violation.from]);
}, 180_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('layer rules', () => {
  it.each(rules)('%s fires on its planted violation', (rule) => {
    expect(fired.get(rule) ?? []).not.toEqual([]);
  });

  it('fires on nothing but the planted files', () => {
    const elsewhere = [...fired.values()].flat().filter((path) => !/(^|\/)(bad[^/]*\.ts|Bad\.vue)$/.test(path));
    expect(elsewhere).toEqual([]);
  });

  // In a single run (CI=true) typescript-eslint lints what is on the disk instead of the text it is given.
  it('keeps the clock and randomness out of pure code by lint', async () => {
    const eslint = new ESLint({ cwd: root, overrideConfig: { files: ['**/*.ts'], languageOptions: { parserOptions: { disallowAutomaticSingleRunInference: true } } } });
    const [result] = await eslint.lintText('export const t = Date.now() + Math.random() + new Date().getTime();\n', { filePath: join(root, 'shared/kernel/ids.ts') });
    expect(result?.messages.map((message) => message.ruleId).sort()).toEqual(['no-restricted-properties', 'no-restricted-properties', 'no-restricted-syntax']);
  });

  it('keeps Node and DOM out of pure code by its tsconfig', () => {
    const bad = join(folder, 'env.ts');
    cpSync(join(here, 'planted/shared/domain/alerts/bad-env.ts'), bad);
    writeFileSync(join(folder, 'tsconfig.env.json'), JSON.stringify({ extends: './tsconfig.json', files: ['env.ts'] }));
    const output = (() => {
      try {
        execFileSync(join(root, 'node_modules/.bin/tsc'), ['-p', join(folder, 'tsconfig.env.json')], { encoding: 'utf8' });
        return '';
      } catch (error) {
        return (error as { stdout: string }).stdout;
      }
    })();
    for (const name of ['setTimeout', 'document', 'process']) expect(output).toContain(`'${name}'`);
  });
});
