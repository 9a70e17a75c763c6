import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const installed = (name: string) => (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, name)));
const missing = ['dbus-run-session', 'gnome-keyring-daemon'].filter((name) => !installed(name));
const here = (file: string) => JSON.stringify(join(import.meta.dirname, file));

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'keychain-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Opens the secrets in a process of its own on a session bus of its own, sets or reads one, and returns what it saw. */
async function inSession(withService: boolean, act: string): Promise<unknown> {
  const script = `
    import { openSecrets } from ${here('secrets.ts')};
    import { systemScheduler } from ${here('../../shared/platform-node/system-scheduler.ts')};
    const log = { write: () => undefined, child: () => log };
    const secrets = await openSecrets({ folder: ${JSON.stringify(folder)}, account: 'node/demo', scheduler: systemScheduler, log, env: process.env });
    ${act}
    console.log(JSON.stringify({ kind: secrets.kind, value: await secrets.get('broker') }));
    process.exit(0);`;
  const unlock = withService ? `printf 'pw\\n' | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1;` : '';
  const command = `${unlock} exec "$NODE" --input-type=module-typescript -e "$SCRIPT"`;
  // The bus starts no service by itself: what was not unlocked here is not there.
  const env = { ...process.env, HOME: folder, XDG_RUNTIME_DIR: folder, XDG_DATA_HOME: join(folder, 'share'), XDG_DATA_DIRS: folder, NODE: process.execPath, SCRIPT: script };
  const { stdout } = await promisify(execFile)('dbus-run-session', ['--', 'sh', '-c', command], { env, timeout: 30_000, cwd: join(import.meta.dirname, '../..') });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
}

if (missing.length > 0) it(`the keychain of the system is not tried here: ${missing.join(' and ')} missing`, (context) => context.skip());

describe.runIf(missing.length === 0)('the keychain of the system', () => {
  it('keeps a secret from one start to the next, and none of it in a file', async () => {
    expect(await inSession(true, `await secrets.set('broker', 'geheim ✓');`)).toEqual({ kind: 'keychain', value: 'geheim ✓' });
    expect(await inSession(true, '')).toEqual({ kind: 'keychain', value: 'geheim ✓' });
    expect(existsSync(join(folder, 'secrets.json'))).toBe(false);
  });

  it('is not trusted where no secret service answers', async () => {
    expect(await inSession(false, `await secrets.set('broker', 'geheim');`)).toEqual({ kind: 'file', value: 'geheim' });
  });
});
