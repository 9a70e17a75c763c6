/** The console's own options; everything else on the command line is for Chromium. The core's process checks their values. */
const WITH_VALUE: readonly string[] = ['--workspace', '--data', '--vehicles', '--seed'];
const WITHOUT_VALUE: readonly string[] = ['--no-simulator'];

/** The console's options among an application's arguments, in their order. */
export function consoleArguments(argv: readonly string[]): string[] {
  const found: string[] = [];
  for (let i = 0; i < argv.length; i++) {
    const [name = '', value] = (argv[i] ?? '').split(/=(.*)/s, 2);
    if (WITHOUT_VALUE.includes(name)) found.push(name);
    else if (WITH_VALUE.includes(name)) found.push(`${name}=${value ?? argv[++i] ?? ''}`);
  }
  return found;
}
