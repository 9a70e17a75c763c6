import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocketServer, type WebSocket as ServerSocket } from 'ws';
import { openWebSocketChannel } from '#renderer/app/transport/websocket-channel.ts';
import { systemScheduler } from '#shared/platform-node/system-scheduler.ts';
import { webSocketChannel } from '#shared/platform-node/websocket-channel.ts';
import { channelConformance } from '#shared/testing/channel-conformance.ts';

let server: WebSocketServer;
let url: string;

beforeAll(async () => {
  server = new WebSocketServer({ host: '127.0.0.1', port: 0, maxPayload: 64 * 1024 * 1024 });
  await new Promise((resolve) => server.once('listening', resolve));
  url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

async function accept(): Promise<{ browser: WebSocket; socket: ServerSocket }> {
  const accepted = new Promise<ServerSocket>((resolve) => server.once('connection', resolve));
  const browser = new WebSocket(url);
  return { browser, socket: await accepted };
}

channelConformance('WebSocket', async () => {
  const accepted = new Promise<ServerSocket>((resolve) => server.once('connection', resolve));
  const client = await openWebSocketChannel(new WebSocket(url));
  return { client, server: webSocketChannel(await accepted, { scheduler: systemScheduler }) };
});

describe('WebSocket channel', () => {
  it('closes a connection whose frames cannot be read', async () => {
    const { browser, socket } = await accept();
    const channel = webSocketChannel(socket, { scheduler: systemScheduler });
    const reasons: string[] = [];
    channel.onClose((reason) => void reasons.push(reason));
    await vi.waitFor(() => expect(browser.readyState).toBe(WebSocket.OPEN), { timeout: 30_000 });
    browser.send('not json');
    await vi.waitFor(() => expect(reasons).toEqual(['A message could not be read: not JSON.']), { timeout: 30_000 });
    await vi.waitFor(() => expect(browser.readyState).toBe(WebSocket.CLOSED), { timeout: 30_000 });
  });

  it('drops a peer that answers no ping', async () => {
    const { browser, socket } = await accept();
    const ticks: (() => void)[] = [];
    const scheduler = { ...systemScheduler, every: (_period: number, run: () => void) => (ticks.push(run), { dispose: () => undefined }) };
    socket.ping = () => undefined;
    const reasons: string[] = [];
    webSocketChannel(socket, { scheduler }).onClose((reason) => void reasons.push(reason));
    ticks[0]?.();
    expect(reasons).toEqual([]);
    ticks[0]?.();
    await vi.waitFor(() => expect(reasons).toEqual(['the connection was lost']), { timeout: 30_000 });
    await vi.waitFor(() => expect(browser.readyState).toBe(WebSocket.CLOSED), { timeout: 30_000 });
  });

  it('reports a server that is not there', async () => {
    await expect(openWebSocketChannel(new WebSocket('ws://127.0.0.1:1'))).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('cuts a close reason to what the protocol carries', async () => {
    const { browser, socket } = await accept();
    const closed = new Promise<CloseEvent>((resolve) => browser.addEventListener('close', resolve));
    await vi.waitFor(() => expect(browser.readyState).toBe(WebSocket.OPEN), { timeout: 30_000 });
    webSocketChannel(socket, { scheduler: systemScheduler }).close('ह'.repeat(200));
    expect((await closed).reason).toBe('ह'.repeat(40));
  });

});
