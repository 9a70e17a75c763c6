import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AssetResponse } from './asset-response.ts';
import { consoleAssets, type Download } from './console-assets.ts';
import { safePath } from './safe-path.ts';

let folder: string;
let streetMap: string | undefined;
const downloads = new Map<string, Download>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assets-'));
  for (const path of ['web/assets', 'resources/basemap', 'resources/dbc', 'resources/demo', 'own/basemap']) await mkdir(join(folder, path), { recursive: true });
  const files = { 'secret.txt': 'secret', 'web/index.html': '<title>', 'web/favicon.svg': '<svg/>', 'web/assets/a-1x2y.js': 'a()', 'web/.env': 'hidden', 'web/empty.txt': '', 'resources/basemap/land.geojson': '{}', 'resources/basemap/borders.geojson': '{}', 'own/basemap/borders.geojson': '{"own":1}', 'own/index.html': 'own', 'resources/dbc/x.dbc': 'dbc', 'resources/demo/roads.geojson': '{}', 'resources/demo/signal-map.json': '{}', 'streets.pmtiles': '0123456789' };
  for (const [path, text] of Object.entries(files)) await writeFile(join(folder, path), text);
});
afterAll(() => rm(folder, { recursive: true }));

function ask(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<AssetResponse> {
  const serve = consoleAssets({
    webFolder: join(folder, 'web'),
    resourcesFolder: join(folder, 'resources'),
    ownFolder: () => join(folder, 'own'),
    streetMapFile: () => Promise.resolve(streetMap),
    takeDownload(token) {
      const found = downloads.get(token);
      downloads.delete(token);
      return Promise.resolve(found);
    },
  });
  return serve({ method, path, header: (name) => headers[name] });
}

const status = async (path: string, headers?: Record<string, string>) => (await ask(path, headers)).status;

describe('console assets', () => {
  it('has an icon where browsers look for one by themselves', async () => {
    const { status, headers } = await ask('/favicon.ico');
    expect([status, headers['Content-Type']]).toEqual([200, 'image/svg+xml']);
  });

  it('serves the page at the root, with the security headers', async () => {
    const { status, headers } = await ask('/');
    expect(status).toBe(200);
    expect(headers).toMatchObject({ 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-cache', 'X-Content-Type-Options': 'nosniff', 'Referrer-Policy': 'no-referrer' });
    expect(headers['Content-Security-Policy']).toContain("script-src 'self';");
    expect(headers['Content-Security-Policy']).not.toContain('unsafe-eval');
  });

  it('lets files that are named by their content be kept for ever, and others be asked for again', async () => {
    expect((await ask('/assets/a-1x2y.js')).headers).toMatchObject({ 'Cache-Control': expect.stringContaining('immutable') as string, 'Content-Type': 'text/javascript; charset=utf-8' });
    expect(await status('/demo/roads.geojson')).toBe(200);
    const { headers } = await ask('/basemap/land.geojson');
    expect(headers['Cache-Control']).toBe('no-cache');
    expect(await status('/basemap/land.geojson', { 'if-none-match': headers['ETag'] ?? '' })).toBe(304);
  });

  it.each([
    '/../secret.txt', '/..%2fsecret.txt', '/%2e%2e/secret.txt', '/%2e%2e%2fsecret.txt', '/assets/../../secret.txt', '/..\\secret.txt', '/%5c..%5csecret.txt', '/..%5csecret.txt',
    '/%252e%252e/secret.txt', '/basemap/../dbc/x.dbc', '/basemap/%2e%2e/dbc/x.dbc', '/dbc/x.dbc', '/demo/signal-map.json', '/demo/../demo/signal-map.json', '/.env', '/%00', '/%', '/C:/secret.txt', '//secret.txt', '/basemap', '/assets/', '/nothing.js',
  ])('does not find %s', async (path) => {
    expect(await status(path)).toBe(404);
  });

  it("prefers the installation's own map files, one by one, and nothing else of its folder", async () => {
    expect((await ask('/basemap/borders.geojson')).headers['Content-Length']).toBe('9');
    expect((await ask('/basemap/land.geojson')).headers['Content-Length']).toBe('2');
    expect((await ask('/')).headers['Content-Length']).toBe('7');
  });

  it('keeps a sibling folder with the same beginning apart', () => {
    expect(safePath('/srv/web', '/../web-private/x')).toBeUndefined();
    expect(safePath('/srv/web', '/x')).toBe(join('/srv/web', 'x'));
  });

  it('answers nothing but GET and HEAD', async () => {
    expect((await ask('/', {}, 'POST')).status).toBe(405);
    expect(await ask('/', {}, 'HEAD')).toMatchObject({ status: 200, headers: { 'Content-Length': '7' } });
    expect((await ask('/', {}, 'HEAD')).body).toBeUndefined();
  });

  it('serves an empty file as nothing', async () => {
    expect(await ask('/empty.txt')).toMatchObject({ status: 200, body: '', headers: { 'Content-Length': '0' } });
  });

  it('serves parts of the street map', async () => {
    expect(await status('/streets.pmtiles')).toBe(404);
    streetMap = join(folder, 'streets.pmtiles');
    const part = async (range: string) => {
      const { status, headers, body } = await ask('/streets.pmtiles', { range });
      return [status, headers['Content-Range'], headers['Content-Length'], typeof body === 'object' ? [body.start, body.end] : 'text'];
    };
    expect(await part('bytes=2-4')).toEqual([206, 'bytes 2-4/10', '3', [2, 4]]);
    expect(await part('bytes=7-')).toEqual([206, 'bytes 7-9/10', '3', [7, 9]]);
    expect(await part('bytes=-3')).toEqual([206, 'bytes 7-9/10', '3', [7, 9]]);
    expect(await part('bytes=8-99')).toEqual([206, 'bytes 8-9/10', '2', [8, 9]]);
    expect(await part('bytes=0-1,4-5')).toEqual([200, undefined, '10', [0, 9]]);
    expect(await part('bytes=4-2')).toEqual([416, 'bytes */10', undefined, 'text']);
    expect(await part('bytes=10-')).toEqual([416, 'bytes */10', undefined, 'text']);
  });

  it('sends the whole file when the part belongs to another version of it', async () => {
    streetMap = join(folder, 'streets.pmtiles');
    expect(await status('/streets.pmtiles', { range: 'bytes=0-1', 'if-range': '"other"' })).toBe(200);
  });

  it('hands out a download once, under its own name', async () => {
    downloads.set('tok-1', { path: join(folder, 'secret.txt'), fileName: 'गाड़ियाँ "1".xlsx', contentType: 'application/x-test' });
    expect((await ask('/files/tok-1', {}, 'HEAD')).status).toBe(404);
    const { status: first, headers } = await ask('/files/tok-1');
    expect(first).toBe(200);
    expect(headers).toMatchObject({ 'Content-Type': 'application/x-test', 'Cache-Control': 'no-store' });
    expect(headers['Content-Disposition']).toMatch(/^attachment; filename="[\w. ]+"; filename\*=UTF-8''%E0[%\w.]+$/);
    expect(await status('/files/tok-1')).toBe(404);
  });
});
