import './guard.ts';
import { CHECKS, runCheck } from './checks.ts';

/** `npm run check [-- types|layers|lint]`: every static rule of the project; exit code 1 where one is broken. */
const wanted = process.argv.slice(2);
const checks = CHECKS.filter((check) => wanted.length === 0 || wanted.includes(check.group));
if (checks.length === 0) {
  console.error(`No such check. There are: ${[...new Set(CHECKS.map((check) => check.group))].join(', ')}.`);
  process.exit(2);
}
let failed = 0;
for (const check of checks) {
  const result = await runCheck(check);
  console.log(`${result.ok ? 'ok  ' : 'FAIL'} ${check.group}: ${check.title} (${(result.milliseconds / 1000).toFixed(1)} s)`);
  if (!result.ok) {
    failed++;
    console.log(result.output);
  }
}
process.exit(failed === 0 ? 0 : 1);
