import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { lockFolder } from '#shared/platform-node/sqlite/lock.ts';
import { createPasswordHasher } from '#shared/platform-node/access/password-hasher.ts';
import { readCommonPasswords } from '#shared/platform-node/access/password-rules.ts';
import { systemClock } from '#shared/platform-node/system-clock.ts';
import { systemRng } from '#shared/platform-node/system-rng.ts';
import { systemScheduler } from '#shared/platform-node/system-scheduler.ts';
import { textLog } from '#shared/platform-node/text-log.ts';
import { createServer } from './server.ts';
import { backupSqlite, restoreSqlite } from './store/backup.ts';
import { openSqliteStore } from './store/sqlite-store.ts';

const USAGE = `Usage: npm run server -- [--data FOLDER] [--host ADDRESS] [--port N] [--public-url URL] [--tls-cert FILE --tls-key FILE] [--mail-from ADDRESS] [--behind-proxy]
       npm run server -- [--data FOLDER] backup FILE
       npm run server -- [--data FOLDER] restore FILE
The mail server comes from the environment: COMMAND_CENTER_SMTP=smtp://user:password@host:587`;

const RESOURCES = join(import.meta.dirname, '../../resources');
const say = (text: string): void => void process.stderr.write(`${text}\n`);

/** The central server as a process: listens until it is told to stop. */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      data: { type: 'string', default: 'server-data' }, host: { type: 'string', default: '127.0.0.1' }, port: { type: 'string', default: '8440' }, 'public-url': { type: 'string' },
      'tls-cert': { type: 'string' }, 'tls-key': { type: 'string' }, 'mail-from': { type: 'string', default: 'Command Center <no-reply@localhost>' }, 'behind-proxy': { type: 'boolean', default: false }, help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return say(USAGE);
  const { 'tls-cert': cert, 'tls-key': key } = values;
  if ((cert === undefined) !== (key === undefined)) throw new Error('--tls-cert and --tls-key belong together.');
  const brand = JSON.parse(readFileSync(join(RESOURCES, 'branding/brand.json'), 'utf8')) as { name: string; accentLight: string; supportText: string };
  mkdirSync(values.data, { recursive: true, mode: 0o700 });
  const path = join(values.data, 'server.db');
  const [command, file] = positionals;
  if (command === 'backup' && file !== undefined) return backupSqlite(path, file);
  const lock = lockFolder(values.data);
  if (command === 'restore' && file !== undefined) {
    const aside = await restoreSqlite(file, path, { clock: systemClock, rng: systemRng });
    say(aside === undefined ? 'Restored.' : `Restored. What was there is in ${aside}.`);
    return lock.dispose();
  }
  if (command !== undefined) throw new Error(USAGE);
  const log = textLog({ clock: systemClock, level: 'info', write: say });
  const store = await openSqliteStore(path, { clock: systemClock, rng: systemRng });
  const server = await createServer({
    store, log, clock: systemClock, rng: systemRng, scheduler: systemScheduler, hasher: createPasswordHasher(), commonPasswords: readCommonPasswords(RESOURCES),
    brand: { name: brand.name, accent: brand.accentLight, supportText: brand.supportText }, host: values.host, port: Number(values.port), publicUrl: values['public-url']?.replace(/\/$/, ''),
    tls: cert === undefined || key === undefined ? undefined : { cert: readFileSync(cert), key: readFileSync(key) }, trustProxy: values['behind-proxy'], smtp: process.env['COMMAND_CENTER_SMTP'], mailFrom: values['mail-from'],
  });
  if (server.setupLink !== undefined) say(`Make the first Super Admin with this link; it works once, within 24 h:\n${server.setupLink}`);
  const stop = (): void => {
    server.close().then(
      () => {
        lock.dispose();
        process.exit(0);
      },
      () => process.exit(1),
    );
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

main().catch((error: unknown) => {
  say(error instanceof Error ? error.message : String(error));
  process.exit(1);
});
