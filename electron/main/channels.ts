/** Names that main and preload share: the one IPC entry, which hands the renderer its MessagePort to the core. */
export const IPC_CONNECT = 'command-center:connect';
