import './guard.ts';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { runConformance } from './conformance/run.ts';

const USAGE = `usage: npm run conformance -- FOLDER

Checks the DBC parser and both decoders against a folder with index.json, dbc/NAME.dbc, frames/NAME.jsonl and
meta/NAME.json. Ends with 0 only when every value, label and absence is right.`;

const folder = process.argv[2];
if (folder === undefined || folder.startsWith('-')) {
  console.error(USAGE);
  process.exit(2);
}
if (!existsSync(join(folder, 'index.json'))) {
  console.error(`${resolve(folder)} has no index.json: not a conformance folder.\n\n${USAGE}`);
  process.exit(2);
}
let [checked, failed] = [0, 0];
for (const result of runConformance(folder)) {
  checked += result.checked;
  failed += result.failed;
  console.log(`${result.failed === 0 ? 'ok  ' : 'FAIL'} ${result.name.padEnd(24)} ${result.checked} checked, ${result.failed} wrong`);
  for (const example of result.examples) console.log(`       ${example}`);
}
console.log(`TOTAL ${checked} checked, ${failed} wrong`);
process.exitCode = failed === 0 && checked > 0 ? 0 : 1;
