import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from './checks.ts';

interface Page {
  readonly path: string;
  readonly text: string;
}

function pagesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return pagesBelow(path);
    return entry.name.endsWith('.md') ? [path] : [];
  });
}

const pages: Page[] = [join(ROOT, 'README.md'), ...pagesBelow(join(ROOT, 'docs'))].map((path) => ({ path, text: readFileSync(path, 'utf8') }));
const withoutCode = (text: string): string => text.replace(/^```[\s\S]*?^```/gm, '').replace(/`[^`\n]*`/g, '');

/** Targets of the links and pictures of a page that lead into the project. */
function localLinks(text: string): string[] {
  const links = [...withoutCode(text).matchAll(/\[[^\]]*\]\(([^()\s]+)\)/g)].map((match) => match[1] ?? '');
  return links.filter((link) => !/^[a-z]+:/.test(link));
}

/** The fragment that GitHub and others give to a heading. */
function fragmentOf(heading: string): string {
  return heading.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, '').trim().replace(/\s/g, '-');
}

function problemOf(page: Page, link: string): string | undefined {
  const [file = '', fragment] = link.split('#', 2);
  const path = file === '' ? page.path : join(dirname(page.path), decodeURIComponent(file));
  if (!existsSync(path)) return `${link}: no such file`;
  if (fragment === undefined || !path.endsWith('.md')) return undefined;
  const headings = [...readFileSync(path, 'utf8').matchAll(/^#+ (.+)$/gm)].map((match) => fragmentOf(match[1] ?? ''));
  return headings.includes(fragment) ? undefined : `${link}: no such heading`;
}

/** Names after `npm run`, and `npm start`, `npm test`. */
function namedScripts(text: string): string[] {
  return [...text.matchAll(/\bnpm (?:run ([\w:-]+)|(start|test)\b)/g)].map((match) => match[1] ?? match[2] ?? '');
}

const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: Record<string, string> };

describe.each(pages.map((page) => [relative(ROOT, page.path), page] as const))('%s', (_name, page) => {
  it('links to files and headings that exist', () => {
    expect(localLinks(page.text).map((link) => problemOf(page, link)).filter((problem) => problem !== undefined)).toEqual([]);
  });

  it('names commands that package.json has', () => {
    expect(namedScripts(page.text).filter((name) => scripts[name] === undefined)).toEqual([]);
  });
});

describe('the reading of documents', () => {
  it('finds links and pictures, not addresses and code', () => {
    expect(localLinks('[a](b.md#c) ![p](x/y.png) [w](https://example.org) `[no](n.md)`\n```\n[no](m.md)\n```\n')).toEqual(['b.md#c', 'x/y.png']);
  });

  it('finds what is missing', () => {
    const page = { path: join(ROOT, 'docs/adr/README.md'), text: '' };
    expect(problemOf(page, '../nowhere.md')).toContain('no such file');
    expect(problemOf(page, 'README.md#nothing-like-this')).toContain('no such heading');
    expect(problemOf(page, 'README.md#decision-records')).toBeUndefined();
  });

  it('finds commands', () => {
    expect(namedScripts('npm run build, npm start -- --help, npm ci, npm run check -- types')).toEqual(['build', 'start', 'check']);
  });
});
