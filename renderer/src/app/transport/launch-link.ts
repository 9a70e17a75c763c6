const TOKEN = /^#token=(.+)$/;

/**
 * Takes the launcher's link where it is opened in a window that already shows the console: no page is loaded then, so the token is exchanged
 * here as the gate would, and the console starts anew. True when the window was opened with a link that is being taken.
 */
export function takeLaunchLinks(page: Window = window): boolean {
  function take(): boolean {
    const token = TOKEN.exec(page.location.hash)?.[1];
    if (token === undefined) return false;
    const startAnew = (): void => page.location.replace('/');
    void page.fetch('/session', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ token }) }).then(startAnew, startAnew);
    return true;
  }
  // Before the router, to which the token would be the address of a page.
  page.addEventListener('popstate', (event) => {
    if (take()) event.stopImmediatePropagation();
  });
  return take();
}
