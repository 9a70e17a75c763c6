import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { brand, workspaceKind, type Brand, type WorkspaceKind } from '#shared/contract/app.ts';
import { UUID_PATTERN, uuidv7 } from '#shared/kernel/ids.ts';
import type { Clock, Log, Rng } from '#shared/kernel/ports.ts';
import { contentType } from '#shared/platform-node/web/content-type.ts';
import { makeFolder, readText, writeText } from './small-files.ts';

/** The id of this installation, made once; a file that does not hold one is replaced, which the log says. */
export function nodeIdOf(dataRoot: string, { clock, rng, log }: { readonly clock: Clock; readonly rng: Rng; readonly log: Log }): string {
  makeFolder(dataRoot);
  const path = join(dataRoot, 'node-id');
  const stored = readText(path)?.trim();
  if (stored !== undefined && UUID_PATTERN.test(stored)) return stored;
  const made = uuidv7(clock, rng);
  writeText(path, `${made}\n`);
  if (stored !== undefined) log.write('warn', 'the node id was unreadable and was made anew', { path });
  return made;
}

/** The workspace that was open last, if any. */
export function lastWorkspace(dataRoot: string): WorkspaceKind | undefined {
  return workspaceKind.safeParse(readText(join(dataRoot, 'workspace'))?.trim()).data;
}

export function rememberWorkspace(dataRoot: string, kind: WorkspaceKind): void {
  writeText(join(dataRoot, 'workspace'), `${kind}\n`);
}

const brandFile = brand.omit({ logoUrl: true }).extend({
  /** Name of a picture beside the file. */
  logo: z.string().regex(/^[\w-]+\.(svg|png|webp)$/).optional(),
});

/** A larger picture would make every start slower. */
const MAX_LOGO_BYTES = 256 * 1024;

/**
 * The product's brand, overlaid by `branding/brand.json` in the data folder where an installation has its own. Logos are inlined, so that
 * no window has to ask for them. Throws when the product's own file is not valid.
 */
export function loadBrand(resourcesFolder: string, dataRoot: string, log: Log): Brand {
  const product = join(resourcesFolder, 'branding');
  const standard = withLogo(product, brandFile.parse(JSON.parse(readText(join(product, 'brand.json')) ?? '{}')));
  const own = join(dataRoot, 'branding');
  try {
    const text = readText(join(own, 'brand.json'));
    return text === undefined ? standard : { ...standard, ...withLogo(own, brandFile.partial().parse(JSON.parse(text))) };
  } catch (error) {
    log.write('warn', 'the brand of this installation is not valid; the standard one is used', { folder: own, error });
    return standard;
  }
}

function withLogo<T extends { readonly logo?: string | undefined }>(folder: string, { logo, ...rest }: T): Omit<T, 'logo'> & { logoUrl?: string } {
  if (logo === undefined) return rest;
  const bytes = readFileSync(join(folder, logo));
  if (bytes.length > MAX_LOGO_BYTES) throw new Error(`${logo} is larger than ${MAX_LOGO_BYTES / 1024} kB`);
  return { ...rest, logoUrl: `data:${contentType(logo)};base64,${bytes.toString('base64')}` };
}
