/** Opens an address of the console in a second window, beside the one that works: the session goes with it. False where that is not allowed. */
export function openWindow(address: string): boolean {
  return window.open(`${window.location.pathname}#${address}`, '_blank', 'popup,width=1280,height=860') !== null;
}
