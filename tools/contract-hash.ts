import './guard.ts';
import { readFileSync, writeFileSync } from 'node:fs';
import { CONTRACT_VERSION, contract } from '#shared/contract/index.ts';
import { contractFingerprint } from '#shared/contract/fingerprint.ts';
import { CONTRACT_IDENTITY } from '#shared/contract/hash.ts';

/**
 * Says whether the contract still is the recorded one. With `--write` a changed contract is recorded: CONTRACT_VERSION is raised (unless it
 * was already) and the new fingerprint goes to shared/contract/hash.ts.
 */
const HASH_FILE = new URL('../shared/contract/hash.ts', import.meta.url);
const INDEX_FILE = new URL('../shared/contract/index.ts', import.meta.url);

function replaceIn(file: URL, pattern: RegExp, replacement: string): void {
  const text = readFileSync(file, 'utf8');
  if (!pattern.test(text)) throw new Error(`${file.pathname} does not hold ${pattern.source}`);
  writeFileSync(file, text.replace(pattern, replacement));
}

const hash = contractFingerprint(contract);
const same = hash === CONTRACT_IDENTITY.hash && CONTRACT_VERSION === CONTRACT_IDENTITY.version;

if (same) {
  console.log(`The contract is version ${CONTRACT_VERSION} (${hash}), as recorded.`);
} else if (process.argv.includes('--write')) {
  const version = hash === CONTRACT_IDENTITY.hash ? CONTRACT_VERSION : Math.max(CONTRACT_VERSION, CONTRACT_IDENTITY.version + 1);
  replaceIn(INDEX_FILE, /CONTRACT_VERSION = \d+;/, `CONTRACT_VERSION = ${version};`);
  replaceIn(HASH_FILE, /\{ version: \d+, hash: '\w*' \}/, `{ version: ${version}, hash: '${hash}' }`);
  console.log(`Recorded version ${version} (${hash}).`);
} else {
  console.error(`The contract has changed (${hash}; recorded is version ${CONTRACT_IDENTITY.version}, ${CONTRACT_IDENTITY.hash}). Run: npx node tools/contract-hash.ts --write`);
  process.exitCode = 1;
}
