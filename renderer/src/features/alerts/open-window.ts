/** Opens an address of the console in a second window, beside the one that works: the session goes with it. */
export function openWindow(address: string): void {
  window.open(`${window.location.pathname}#${address}`, '_blank', 'popup,width=1280,height=860');
}
