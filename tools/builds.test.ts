import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BUILDS, buildNamed, fingerprint } from './builds.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'builds-'));
  mkdirSync(join(folder, 'src/planted'), { recursive: true });
  writeFileSync(join(folder, 'src/a.ts'), 'a');
  writeFileSync(join(folder, 'config.ts'), 'c');
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('builds', () => {
  const digest = () => fingerprint(['src', 'config.ts', 'missing'], folder);

  it('are stale when a source changes, comes, goes or is renamed', () => {
    const seen = new Set([digest()]);
    const change = (run: () => void): void => {
      run();
      const next = digest();
      expect(seen.has(next)).toBe(false);
      seen.add(next);
    };
    change(() => writeFileSync(join(folder, 'src/a.ts'), 'b'));
    change(() => writeFileSync(join(folder, 'src/b.ts'), ''));
    change(() => {
      rmSync(join(folder, 'src/b.ts'));
      writeFileSync(join(folder, 'src/c.ts'), '');
    });
    change(() => writeFileSync(join(folder, 'config.ts'), 'd'));
    change(() => rmSync(join(folder, 'src/a.ts')));
  });

  it('do not depend on tests', () => {
    const before = digest();
    writeFileSync(join(folder, 'src/a.test.ts'), 'x');
    writeFileSync(join(folder, 'src/planted/bad.ts'), 'x');
    expect(digest()).toBe(before);
  });

  it('are found by name', () => {
    expect(BUILDS.map(({ name }) => buildNamed(name))).toEqual(BUILDS);
    expect(() => buildNamed('app')).toThrow('there are web, bundles');
  });
});
