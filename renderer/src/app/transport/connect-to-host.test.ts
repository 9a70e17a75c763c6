import { describe, expect, it } from 'vitest';
import { BRIDGE_PORT } from '#shared/rpc/bridge.ts';
import { portChannel } from '#shared/rpc/message-port.ts';
import { browserPort } from './browser-port.ts';
import { connectToHost, type Page } from './connect-to-host.ts';

function page(change: Partial<Page>): Page {
  return {
    location: { href: 'http://127.0.0.1:4710/#/fleet' },
    bridge: undefined,
    addMessageListener: () => () => undefined,
    fetch: () => Promise.resolve({ status: 204 }),
    openWebSocket: () => {
      throw new Error('no socket expected');
    },
    newId: () => 'id-1',
    ...change,
  };
}

describe('connecting to the host', () => {
  it('takes the port that the bridge sends for its own request, and no other', async () => {
    const listeners = new Set<(event: MessageEvent<unknown>) => void>();
    const { port1, port2 } = new MessageChannel();
    const stranger = new MessageChannel();
    const asked: string[] = [];
    const tell = (data: unknown, ports: MessagePort[]) => listeners.forEach((listener) => listener({ data, ports } as unknown as MessageEvent<unknown>));
    const connecting = connectToHost(
      page({
        addMessageListener: (listener) => {
          listeners.add(listener);
          return () => void listeners.delete(listener);
        },
        bridge: {
          connect(id) {
            asked.push(id);
            tell('text', [stranger.port1]);
            tell({ [BRIDGE_PORT]: 'other' }, [stranger.port1]);
            tell({ [BRIDGE_PORT]: id }, []);
            tell({ [BRIDGE_PORT]: id }, [port1]);
          },
        },
      }),
    );
    const channel = await connecting;
    const core = portChannel(browserPort(port2));
    const arrived = new Promise((resolve) => void core.onMessage(resolve));
    channel.send({ hello: 1 });
    expect(await arrived).toEqual({ hello: 1 });
    expect([asked, listeners.size]).toEqual([['id-1'], 0]);
    channel.close();
    for (const port of [stranger.port1, stranger.port2]) port.close();
  });

  it('opens a WebSocket at the address of the page', async () => {
    const urls: string[] = [];
    const socket = { addEventListener: (type: string, listener: () => void) => type === 'open' && listener() } as unknown as WebSocket;
    await connectToHost(page({ openWebSocket: (url) => (urls.push(url.href), socket) }));
    await connectToHost(page({ location: { href: 'https://node.example/console/?x#/a' }, openWebSocket: (url) => (urls.push(url.href), socket) }));
    expect(urls).toEqual(['ws://127.0.0.1:4710/rpc', 'wss://node.example/console/rpc']);
  });

  it.each([401, 403])('says that the window has no access when the host answers %i', async (status) => {
    await expect(connectToHost(page({ fetch: () => Promise.resolve({ status }) }))).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('says that the console does not answer when nobody is there', async () => {
    await expect(connectToHost(page({ fetch: () => Promise.reject(new TypeError('failed')) }))).rejects.toMatchObject({ code: 'unavailable' });
  });
});
