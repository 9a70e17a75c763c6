import { beforeEach, expect, test, vi } from 'vitest';
import { reloadOnce } from './reload-once.ts';

beforeEach(() => window.sessionStorage.clear());

test('a page that stays refused after it was loaded anew is not loaded again and again', () => {
  const load = vi.fn();
  // Every load of the page starts with a new instance.
  for (let loads = 0; loads < 3; loads++) reloadOnce(window.sessionStorage, load).reload();
  expect(load).toHaveBeenCalledTimes(1);
});

test('a page that was accepted is loaded anew at the next change of version', () => {
  const load = vi.fn();
  reloadOnce(window.sessionStorage, load).reload();
  reloadOnce(window.sessionStorage, load).settled();
  reloadOnce(window.sessionStorage, load).reload();
  expect(load).toHaveBeenCalledTimes(2);
});
