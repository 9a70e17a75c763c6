import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { ROOT, run } from './checks.ts';

/** Something that is built from sources, and what it is built from. */
export interface Build {
  readonly name: 'web' | 'bundles';
  readonly title: string;
  readonly inputs: readonly string[];
  /** A file that exists once it is built. */
  readonly result: string;
  readonly command: string;
  readonly args: readonly string[];
}

export const BUILDS: readonly Build[] = [
  {
    name: 'web',
    title: 'the console’s pages',
    inputs: ['renderer', 'shared', 'build/vite', 'vite.web.config.ts', 'package-lock.json'],
    result: 'dist/web/index.html',
    command: 'vite',
    args: ['build', '--config', 'vite.web.config.ts', '--logLevel', 'warn'],
  },
  {
    name: 'bundles',
    title: 'Electron’s bundles',
    inputs: ['electron', 'shared', 'electron.vite.config.ts', 'package-lock.json'],
    result: 'out/main/index.js',
    command: 'electron-vite',
    args: ['build', '--logLevel', 'warn'],
  },
];

/** Tests and planted violations are in no build. */
const LEFT_OUT = /\.test\.ts$|^planted$|^testing$|^node_modules$/;

function* filesBelow(path: string): Generator<string> {
  const entries = readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    if (LEFT_OUT.test(entry.name)) continue;
    const child = join(path, entry.name);
    if (entry.isDirectory()) yield* filesBelow(child);
    else yield child;
  }
}

/** A digest over names and contents of everything that is built from; changes whenever the result could. */
export function fingerprint(inputs: readonly string[], root = ROOT): string {
  const hash = createHash('sha256');
  for (const input of inputs) {
    const path = join(root, input);
    const files = !existsSync(path) ? [] : /\.\w+$/.test(input) ? [path] : filesBelow(path);
    for (const file of files) hash.update(`${relative(root, file)}\0`).update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

const stampFile = (build: Build): string => join(ROOT, '.cache', `built-${build.name}`);

/** Whether the result is there and made from the present sources. */
export function isFresh(build: Build): boolean {
  if (!existsSync(join(ROOT, build.result)) || !existsSync(stampFile(build))) return false;
  return readFileSync(stampFile(build), 'utf8') === fingerprint(build.inputs);
}

/** Builds unless the result is fresh; says one line before and one after. Resolves with whether the result can be used. */
export async function ensureBuilt(build: Build, say: (line: string) => void, force = false): Promise<boolean> {
  if (!force && isFresh(build)) return true;
  const stamp = fingerprint(build.inputs);
  say(`Building ${build.title} …`);
  const { ok, output, milliseconds } = await run(build.command, build.args);
  if (!ok) {
    say(`${output.trim()}\nBuilding ${build.title} failed.`);
    return false;
  }
  mkdirSync(dirname(stampFile(build)), { recursive: true });
  writeFileSync(stampFile(build), stamp);
  say(`Built ${build.title} in ${(milliseconds / 1000).toFixed(1)} s.`);
  return true;
}

/** The build of this name; throws where there is none. */
export function buildNamed(name: string): Build {
  const build = BUILDS.find((candidate) => candidate.name === name);
  if (build === undefined) throw new Error(`There is no build ${name}; there are ${BUILDS.map((each) => each.name).join(', ')}.`);
  return build;
}
