import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { Text, Texts, Translate } from '#renderer/ui/messages/catalogue.ts';
import { LOCALE_NAMES, OFFERED_LOCALES, SOURCE_LOCALE } from '#renderer/ui/messages/locale.ts';
import { CATALOGUE, readsOf } from './reads.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const source = join(root, 'renderer/src');
const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard', 'renderer/src'], { cwd: root, encoding: 'utf8' })
  .split('\n')
  .filter((path) => /\.(ts|vue)$/.test(path) && !path.endsWith('.test.ts'));
const reads = new Map(files.map((path) => [join(root, path), readsOf(path, readFileSync(join(root, path), 'utf8'))]));
const resolved = (from: string, specifier: string): string => (specifier.startsWith('#renderer/') ? join(source, specifier.slice('#renderer/'.length)) : resolve(dirname(from), specifier));

interface Catalogue {
  readonly path: string;
  readonly name: string;
  readonly read: Translate<Texts>;
}

const catalogues: Catalogue[] = [];
for (const path of reads.keys()) {
  if (!CATALOGUE.test(path)) continue;
  const module = (await import(pathToFileURL(path).href)) as Record<string, unknown>;
  for (const [name, read] of Object.entries(module)) if (typeof read === 'function' && 'texts' in read) catalogues.push({ path, name, read: read as Translate<Texts> });
}
const titleOf = ({ path, name }: Catalogue): string => `${path.slice(source.length + 1)} ${name}`;
const placeholders = (text: Text): string => [...new Set(typeof text === 'string' ? text.match(/\{\w+\}/g) : [...Object.values(text).flatMap((form) => form.match(/\{\w+\}/g) ?? []), '{count}'])].toSorted().join(' ');

test('the catalogues are found', () => {
  expect(catalogues.length).toBeGreaterThan(10);
});

test.each(catalogues.map((catalogue) => [titleOf(catalogue), catalogue] as const))('every text of %s is read somewhere', (_, { path, read }) => {
  const readers = [...reads].filter(([file, { imports }]) => imports.some(({ from }) => resolved(file, from) === path)).map(([, found]) => found);
  const unused = Object.keys(read.texts.en).filter((key) => !readers.some(({ keys, patterns }) => keys.has(key) || patterns.some((pattern) => pattern.test(key))));
  expect(unused).toEqual([]);
});

test('a text that counts things has a form for one of them', () => {
  const single = catalogues.flatMap((catalogue) => Object.entries(catalogue.read.texts.en).filter(([, text]) => typeof text === 'string' && /\{count\} (?:of its )?[a-z]{3,}s\b/.test(text)).map(([key]) => `${titleOf(catalogue)}: ${key}`));
  expect(single).toEqual([]);
});

test('no text is read once and for all where a module or component is set up', () => {
  expect([...reads].flatMap(([path, { once }]) => once.map((line) => `${path.slice(root.length)}:${line}`))).toEqual([]);
});

describe('texts in other languages', () => {
  const others = (Object.keys(LOCALE_NAMES) as (keyof typeof LOCALE_NAMES)[]).filter((locale) => locale !== SOURCE_LOCALE);
  for (const locale of others) {
    const missing = catalogues.flatMap((catalogue) => Object.keys(catalogue.read.texts.en).filter((key) => catalogue.read.texts[locale]?.[key] === undefined).map((key) => `${titleOf(catalogue)}: ${key}`));

    test.skipIf(!OFFERED_LOCALES.includes(locale))(`no text is missing in ${locale}`, () => {
      expect(missing).toEqual([]);
    });

    test(`the texts in ${locale} name the parameters of the English ones, and no key that English lacks`, () => {
      const differing = catalogues.flatMap((catalogue) => {
        const { en, [locale]: own = {} } = catalogue.read.texts;
        return Object.entries(own).filter(([key, text]) => text !== undefined && (en[key] === undefined || placeholders(text) !== placeholders(en[key]))).map(([key]) => `${titleOf(catalogue)}: ${key}`);
      });
      expect(differing).toEqual([]);
    });
  }
});
