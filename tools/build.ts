import './guard.ts';
import { BUILDS, buildNamed, ensureBuilt } from './builds.ts';

/** `npm run build [-- web|bundles …] [--force]`: builds what is missing or older than its sources. */
const names = process.argv.slice(2).filter((argument) => argument !== '--force');
const force = process.argv.includes('--force');

for (const build of names.length === 0 ? BUILDS : names.map(buildNamed)) {
  if (!(await ensureBuilt(build, console.log, force))) {
    process.exitCode = 1;
    break;
  }
}
