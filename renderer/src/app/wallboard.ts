import { WALLBOARD_TOKEN_PREFIX } from '#shared/contract/alerts.ts';

/** Where a screen on the wall keeps its token; the host's gate page reads it there, too. */
const STORAGE_KEY = 'wallboard-token';
/** Address of the page of a wallboard. */
export const WALL_ADDRESS = '/?wall=1#/wall';
/** Role of who signs in by such a token. */
export const WALLBOARD_ROLE = 'wallboard';

type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

export function isWallboardToken(token: string): boolean {
  return token.startsWith(WALLBOARD_TOKEN_PREFIX);
}

/** The token this screen was opened with, undefined for every other window. */
export function wallboardToken(storage: Store = window.localStorage): string | undefined {
  return storage.getItem(STORAGE_KEY) ?? undefined;
}

/** Whether this window was opened as a wallboard. */
export function isWallboardWindow(page: Pick<Window, 'location'> = window): boolean {
  return new URLSearchParams(page.location.search).get('wall') === '1';
}

/** Keeps the token over restarts of host and browser, or forgets it once it opens nothing any more. */
export function keepWallboardToken(token: string | undefined, storage: Store = window.localStorage): void {
  if (token === undefined) storage.removeItem(STORAGE_KEY);
  else storage.setItem(STORAGE_KEY, token);
}
