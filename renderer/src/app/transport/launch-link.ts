import { SESSION_KEY } from '../session/session-service.ts';
import { isWallboardToken, isWallboardWindow, keepWallboardToken, WALL_ADDRESS, wallboardToken } from '../wallboard.ts';

const TOKEN = /^#token=(.+)$/;

/**
 * Takes the launcher's link where it is opened in a window that already shows the console: no page is loaded then, so the token is exchanged
 * here as the gate would, and the console starts anew. True when the window was opened with a link that is being taken. The link of a wallboard
 * signs this window in and goes on as its page.
 */
export function takeLaunchLinks(page: Window = window): boolean {
  function take(): boolean {
    const token = TOKEN.exec(page.location.hash)?.[1];
    if (token === undefined) return false;
    if (isWallboardToken(token)) {
      keepWallboardToken(token, page.localStorage);
      page.sessionStorage.setItem(SESSION_KEY, token);
      page.history.replaceState(null, '', WALL_ADDRESS);
      return false;
    }
    const startAnew = (): void => page.location.replace('/');
    void page.fetch('/session', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ token }) }).then(startAnew, startAnew);
    return true;
  }
  const kept = wallboardToken(page.localStorage);
  // A browser that was closed has forgotten the session, not that it is a wallboard.
  if (isWallboardWindow(page) && kept !== undefined && page.sessionStorage.getItem(SESSION_KEY) === null) page.sessionStorage.setItem(SESSION_KEY, kept);
  // Before the router, to which the token would be the address of a page.
  page.addEventListener('popstate', (event) => {
    const wallboard = isWallboardToken(TOKEN.exec(page.location.hash)?.[1] ?? '');
    if (take()) event.stopImmediatePropagation();
    else if (wallboard) page.location.reload();
  });
  return take();
}
