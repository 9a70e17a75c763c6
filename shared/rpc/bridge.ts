/** Names that Electron's preload and the renderer share. */

/** Global of the page that the preload puts there; absent in a browser. */
export const BRIDGE_GLOBAL = 'commandCenter';

/** The window message that carries a port to the core has the asked-for id under this key. */
export const BRIDGE_PORT = 'command-center:port';

/** All that the page can ask of Electron. */
export interface Bridge {
  /** Asks for a new connection to the core; its port comes as a window message with this id. */
  connect(id: string): void;
}
