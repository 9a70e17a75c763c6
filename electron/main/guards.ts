import { BrowserWindow, app, session, shell, type BrowserWindowConstructorOptions, type WebContents } from 'electron';
import { APP_ORIGIN } from './channels.ts';

/** Pages that the console links to: sources of its map data. Everything else stays closed. */
const EXTERNAL_HOSTS: readonly string[] = ['www.openstreetmap.org', 'www.geonames.org', 'www.naturalearthdata.com', 'maplibre.org', 'protomaps.com'];

/** What the console's own page uses: copying a VIN, the map over the whole screen, telling of a Critical alert. */
const ALLOWED_PERMISSIONS: readonly string[] = ['clipboard-sanitized-write', 'fullscreen', 'notifications'];

/** Whether this address may be opened in the person's browser. */
export function mayOpenOutside(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname, username, port } = new URL(address);
  return protocol === 'https:' && username === '' && port === '' && EXTERNAL_HOSTS.includes(hostname);
}

/** Whether this address is a page of the console; an opaque or foreign origin is not. */
export function isOwnPage(address: string): boolean {
  return address === APP_ORIGIN || address.startsWith(`${APP_ORIGIN}/`);
}

/** Windows at once; a page that opens one after the other must not fill the screen. */
const MAX_WINDOWS = 8;

/** Whether this is a view of the console that may have a window of its own: its one page, with a route in the fragment. */
function isView(address: string): boolean {
  return address.startsWith(`${APP_ORIGIN}/#/`);
}

function guardContents(contents: WebContents, ownWindow: () => BrowserWindowConstructorOptions): void {
  // The console is one page; its routes are fragments, which are no navigation.
  for (const event of ['will-navigate', 'will-frame-navigate', 'will-redirect', 'will-attach-webview'] as const) {
    contents.on(event as 'will-navigate', (details) => details.preventDefault());
  }
  contents.setWindowOpenHandler(({ url }) => {
    // Allowed and not opened by hand: the session of the page goes with it.
    if (isView(url)) return BrowserWindow.getAllWindows().length < MAX_WINDOWS ? { action: 'allow', overrideBrowserWindowOptions: ownWindow() } : { action: 'deny' };
    if (mayOpenOutside(url)) void shell.openExternal(url).catch(() => undefined);
    return { action: 'deny' };
  });
}

/** Whether a file of this address may be saved: exports of the console and pictures that its page made. */
export function mayDownload(address: string): boolean {
  return isOwnPage(address) || address.startsWith(`blob:${APP_ORIGIN}/`) || address.startsWith('data:');
}

/** Denies what a page could ask for beyond its own origin, for every window there will be; a window that a page opens is made by `ownWindow`. */
export function guardEverything(ownWindow: () => BrowserWindowConstructorOptions): void {
  app.on('web-contents-created', (_event, contents) => guardContents(contents, ownWindow));
  session.defaultSession.setPermissionRequestHandler((_contents, permission, decide, details) => decide(ALLOWED_PERMISSIONS.includes(permission) && isOwnPage(details.requestingUrl)));
  session.defaultSession.setPermissionCheckHandler((_contents, permission, origin) => ALLOWED_PERMISSIONS.includes(permission) && isOwnPage(origin));
  session.defaultSession.setDevicePermissionHandler(() => false);
  session.defaultSession.setDisplayMediaRequestHandler((_request, decide) => decide({}));
  session.defaultSession.on('will-download', (event, item) => {
    if (!mayDownload(item.getURL())) event.preventDefault();
  });
}
