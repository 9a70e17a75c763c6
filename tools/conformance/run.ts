import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkFrames } from './frames.ts';
import { checkMeta } from './meta.ts';
import { Tally } from './tally.ts';

export interface DbcResult {
  readonly name: string;
  readonly checked: number;
  readonly failed: number;
  readonly examples: readonly string[];
}

/**
 * Checks a folder of the conformance format: index.json names the sets; dbc/NAME.dbc, frames/NAME.jsonl and, where it
 * exists, meta/NAME.json belong to each. Frames are decoded by the compiled decoder and by the interpreter.
 */
export function* runConformance(folder: string): Generator<DbcResult> {
  const index = JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8')) as readonly { readonly name: string }[];
  for (const { name } of index) {
    const tally = new Tally();
    const dbc = readFileSync(join(folder, 'dbc', `${name}.dbc`));
    const frames = readFileSync(join(folder, 'frames', `${name}.jsonl`), 'utf8');
    for (const mode of ['compiled', 'interpreted'] as const) checkFrames(dbc, frames, mode, tally);
    const meta = join(folder, 'meta', `${name}.json`);
    if (existsSync(meta)) checkMeta(dbc, readFileSync(meta, 'utf8'), tally);
    yield { name, checked: tally.checked, failed: tally.failed, examples: tally.examples };
  }
}
