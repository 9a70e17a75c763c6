import { contextBridge, ipcRenderer } from 'electron';
import { BRIDGE_GLOBAL, BRIDGE_PORT, type Bridge } from '#shared/rpc/bridge.ts';
import { IPC_CONNECT } from '../main/channels.ts';

/** Main hands one end of the pipe to the core, the page gets the other; the bridge itself carries no data. */
const bridge: Bridge = {
  connect(id) {
    const { port1, port2 } = new MessageChannel();
    ipcRenderer.postMessage(IPC_CONNECT, undefined, [port1]);
    window.postMessage({ [BRIDGE_PORT]: String(id) }, window.location.origin, [port2]);
  },
};

contextBridge.exposeInMainWorld(BRIDGE_GLOBAL, bridge);
