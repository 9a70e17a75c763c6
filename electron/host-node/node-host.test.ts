import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket as NodeSocket } from 'ws';
import { openWebSocketChannel } from '#renderer/app/transport/websocket-channel.ts';
import { CONTRACT_IDENTITY } from '#shared/contract/hash.ts';
import { contract } from '#shared/contract/index.ts';
import { createClient } from '#shared/rpc/client.ts';
import { tinyCores } from '#shared/testing/tiny-core.ts';
import { DEMO_DEFAULTS } from '../core-process/options.ts';
import { startNodeHost, type NodeHost } from './node-host.ts';

let root: string;
let host: NodeHost;
const cores = tinyCores();
const extra: NodeHost[] = [];

const start = (change: { port?: number; dataRoot?: string } = {}) =>
  startNodeHost({
    createCore: cores.createCore,
    dataRoot: join(root, 'data'),
    resourcesFolder: join(import.meta.dirname, '../../resources'),
    webFolder: join(root, 'web'),
    workerEntry: () => new URL('file:///none'),
    version: '1.0.0',
    workspace: 'demo',
    demo: DEMO_DEFAULTS,
    env: {},
    port: 0,
    onFatal: () => undefined,
    ...change,
  });

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'host-'));
  mkdirSync(join(root, 'web'));
  writeFileSync(join(root, 'web/index.html'), '<title>console</title>');
  writeFileSync(join(root, 'secret.txt'), 'secret');
  host = await start();
  await host.started();
});
afterEach(async () => {
  for (const each of extra.splice(0)) await each.stop();
});
afterAll(async () => {
  await host.stop();
  rmSync(root, { recursive: true });
});

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly text: string;
}

/** A request byte for byte as given: fetch would tidy up paths and refuse to set Host. */
function ask(path: string, headers: Record<string, string> = {}, method = 'GET', body?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port: host.port, path, method, headers: { host: `127.0.0.1:${host.port}`, ...headers } }, (response) => {
      let text = '';
      response.on('data', (chunk) => (text += String(chunk)));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

const origin = () => `http://127.0.0.1:${host.port}`;
const token = () => new URL(host.link).hash.slice('#token='.length);
const exchange = (headers: Record<string, string>, given = token()) => ask('/session', headers, 'POST', JSON.stringify({ token: given }));
async function cookie(): Promise<string> {
  const { headers } = await exchange({ origin: origin() });
  return headers['set-cookie']?.[0]?.split(';')[0] ?? '';
}

describe('Node host: who gets in', () => {
  it('exchanges the token of the link for a cookie that scripts cannot read', async () => {
    const { status, headers } = await exchange({ origin: origin() });
    expect(status).toBe(204);
    expect(headers['set-cookie']?.[0]).toMatch(/^command-center-\d+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
    expect((await ask('/', { cookie: await cookie() })).text).toBe('<title>console</title>');
  });

  it('keeps the token out of everything that is sent or logged', () => {
    expect(new URL(host.link).pathname + new URL(host.link).search).toBe('/');
    expect(token().length).toBe(43);
  });

  it.each([
    ['a wrong token', {}, 'x'.repeat(43)],
    ['no token', {}, undefined],
    ['a page of another site', { origin: 'https://evil.example' }, 'right'],
    ['a page of another port', { origin: 'http://127.0.0.1:1' }, 'right'],
    ['no Origin', { origin: undefined }, 'right'],
  ])('gives no cookie for %s', async (_what, headers, given) => {
    const sent = Object.fromEntries(Object.entries({ origin: origin(), ...headers }).filter(([, value]) => value !== undefined)) as Record<string, string>;
    const body = given === 'right' ? token() : given;
    const answer = await ask('/session', sent, 'POST', JSON.stringify({ token: body }));
    expect([answer.status, answer.headers['set-cookie']]).toEqual([403, undefined]);
  });

  it('takes the token of a one-time link once', async () => {
    const once = new URL(host.oneTimeLink()).hash.slice('#token='.length);
    expect((await exchange({ origin: origin() }, once)).status).toBe(204);
    expect((await exchange({ origin: origin() }, once)).status).toBe(403);
    expect((await exchange({ origin: origin() })).status).toBe(204);
  });

  it('tells a page whether it still has access', async () => {
    expect((await ask('/session')).status).toBe(401);
    expect((await ask('/session', { cookie: await cookie() })).status).toBe(204);
  });

  it('takes no endless or malformed session request', async () => {
    for (const body of ['x'.repeat(100_000), '{', '[]', 'null', '{"token":{}}']) expect((await ask('/session', { origin: origin() }, 'POST', body)).status).toBe(403);
  });

  it('answers no name but its own, whatever it resolves to', async () => {
    const held = await cookie();
    for (const name of ['evil.example', `evil.example:${host.port}`, '127.0.0.1', '127.0.0.1:1', `[::1]:${host.port}`]) {
      expect((await ask('/', { host: name, cookie: held })).status).toBe(421);
      expect((await ask('/session', { host: name, origin: `http://${name}` }, 'POST', JSON.stringify({ token: token() }))).status).toBe(421);
    }
    expect((await ask('/', { host: `localhost:${host.port}`, cookie: held })).status).toBe(200);
  });

  it('shows who has no cookie where the link is, and nothing else', async () => {
    const page = await ask('/');
    expect([page.status, page.headers['cache-control']]).toEqual([200, 'no-store']);
    expect(page.text).toContain('Open the link of the launcher');
    expect((await ask('/~gate.js')).headers['content-type']).toContain('javascript');
    for (const path of ['/index.html', '/files/x', '/basemap/land.geojson', '/streets.pmtiles', '/rpc']) expect((await ask(path)).status).toBe(401);
    expect((await ask('/', { cookie: 'command-center=1; command-center-1=2' })).text).toContain('Open the link');
  });

  it('refuses requests that a browser marks as another site’s', async () => {
    const held = await cookie();
    cores.downloads.set('keep', { path: join(root, 'secret.txt'), fileName: 'a.txt', contentType: 'text/plain' });
    for (const [name, value] of [['origin', 'http://127.0.0.1:1'], ['sec-fetch-site', 'same-site'], ['sec-fetch-site', 'cross-site']] as const) {
      expect((await ask('/files/keep', { cookie: held, [name]: value })).status).toBe(403);
    }
    expect((await ask('/files/keep', { cookie: held, 'sec-fetch-site': 'same-origin' })).text).toBe('secret');
  });
});

describe('Node host: what it serves', () => {
  it('serves files with strict headers and does not leave its folders', async () => {
    const held = await cookie();
    const page = await ask('/', { cookie: held });
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    expect(page.headers['x-content-type-options']).toBe('nosniff');
    expect((await ask('/basemap/land.geojson', { cookie: held })).status).toBe(200);
    for (const path of ['/../secret.txt', '/%2e%2e/secret.txt', '/..%2fsecret.txt', '//secret.txt', 'http://x/../secret.txt', '/basemap/../../package.json']) {
      expect(await ask(path, { cookie: held })).toMatchObject({ status: 404, text: 'Not found.\n' });
    }
  });

  it("prefers the map files of the installation's data folder", async () => {
    const held = await cookie();
    mkdirSync(join(root, 'data/basemap'), { recursive: true });
    writeFileSync(join(root, 'data/basemap/borders.geojson'), '{"own":1}');
    expect((await ask('/basemap/borders.geojson', { cookie: held })).text).toBe('{"own":1}');
  });

  it('serves parts of the street map', async () => {
    cores.streetMap = join(root, 'secret.txt');
    const part = await ask('/streets.pmtiles', { cookie: await cookie(), range: 'bytes=1-3' });
    expect([part.status, part.text, part.headers['content-range']]).toEqual([206, 'ecr', 'bytes 1-3/6']);
  });
});

describe('Node host: RPC', () => {
  const socket = (headers: Record<string, string>, path = '/rpc') => new NodeSocket(`ws://127.0.0.1:${host.port}${path}`, { headers });
  const refusal = (headers: Record<string, string>, path?: string) =>
    new Promise((resolve) => {
      socket(headers, path)
        .on('unexpected-response', (sent, response) => {
          sent.destroy();
          resolve(response.statusCode);
        })
        .on('open', () => resolve('open'))
        .on('error', () => undefined);
    });

  it('answers calls over a WebSocket with cookie and Origin', async () => {
    const channel = await openWebSocketChannel(socket({ cookie: await cookie(), origin: origin() }) as unknown as WebSocket);
    const client = createClient(contract, channel, CONTRACT_IDENTITY);
    expect(await client.call('app.info', {})).toMatchObject({ product: 'tiny', workspace: 'demo', version: '1.0.0' });
    client.close();
  });

  it('refuses a WebSocket without cookie, without or with a foreign Origin, to another name or path', async () => {
    const held = await cookie();
    expect(await refusal({ origin: origin() })).toBe(401);
    expect(await refusal({ cookie: held })).toBe(403);
    expect(await refusal({ cookie: held, origin: 'https://evil.example' })).toBe(403);
    expect(await refusal({ cookie: held, origin: 'http://evil.example', host: `evil.example:${host.port}` })).toBe(421);
    expect(await refusal({ cookie: held, origin: origin() }, '/other')).toBe(404);
    expect(await refusal({ cookie: held, origin: origin() })).toBe('open');
  });

  it('closes a connection that sends more than any window would', async () => {
    const open = socket({ cookie: await cookie(), origin: origin() });
    await new Promise((resolve) => open.once('open', resolve));
    const closed = new Promise<number>((resolve) => open.once('close', resolve));
    open.on('error', () => undefined);
    open.send(Buffer.alloc(9 * 1024 * 1024));
    expect(await closed).toBe(1009);
  });

  it('keeps the address while another workspace is opened', async () => {
    const connect = async () => createClient(contract, await openWebSocketChannel(socket({ cookie: await cookie(), origin: origin() }) as unknown as WebSocket), CONTRACT_IDENTITY);
    await (await connect()).call('workspace.open', { kind: 'local' });
    await vi.waitFor(async () => expect((await (await connect()).call('app.info', {})).workspace).toBe('local'), { timeout: 30_000 });
    await (await connect()).call('workspace.open', { kind: 'demo' });
    await vi.waitFor(async () => expect((await (await connect()).call('app.info', {})).workspace).toBe('demo'), { timeout: 30_000 });
  });
});

describe('Node host: starting and stopping', () => {
  it('says which port is taken, and frees what it had opened', async () => {
    await expect(start({ port: host.port, dataRoot: join(root, 'other') })).rejects.toMatchObject({ code: 'port-in-use', details: { port: host.port } });
    extra.push(await start({ dataRoot: join(root, 'other') }));
  });

  it('does not open the same folder twice', async () => {
    await expect(start()).rejects.toMatchObject({ code: 'store-locked' });
  });

  it('ends connections when it stops', async () => {
    const other = await start({ dataRoot: join(root, 'third') });
    const page = `http://127.0.0.1:${other.port}`;
    const answer = await fetch(`${page}/session`, { method: 'POST', headers: { origin: page }, body: JSON.stringify({ token: new URL(other.link).hash.slice(7) }) });
    const held = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
    const open = new NodeSocket(`ws://127.0.0.1:${other.port}/rpc`, { headers: { cookie: held, origin: page } });
    await new Promise((resolve) => open.once('open', resolve));
    const closed = new Promise((resolve) => open.once('close', resolve));
    await other.stop();
    await closed;
    await expect(fetch(page)).rejects.toThrow();
  });
});
