import { join, sep } from 'node:path';

/**
 * The file below `folder` that a URL's path names (`path` still percent-encoded, without query), or undefined when it would leave the
 * folder or names something hidden. Purely lexical: links inside the folder are the installer's own business.
 */
export function safePath(folder: string, path: string): string | undefined {
  let decoded: string;
  try {
    decoded = decodeURIComponent(path);
  } catch {
    return undefined;
  }
  // A second decoding anywhere further down must not find a way up either.
  if (/[\0\\%:]/.test(decoded)) return undefined;
  const steps = decoded.split('/').filter((step) => step !== '');
  if (steps.some((step) => step.startsWith('.'))) return undefined;
  const file = join(folder, ...steps);
  const root = folder.endsWith(sep) ? folder : folder + sep;
  return file.startsWith(root) ? file : undefined;
}
