/** Names that main and preload share: the one IPC entry, which takes the renderer's end of a new connection to the core. */
export const IPC_CONNECT = 'command-center:connect';

/** The console's own origin; nothing else is ever loaded into a window. */
export const APP_SCHEME = 'app';
export const APP_HOST = 'console';
export const APP_ORIGIN = `${APP_SCHEME}://${APP_HOST}`;
