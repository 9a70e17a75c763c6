import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, expect, test } from 'vitest';
import { AppError } from '#shared/kernel/error.ts';
import { createStepUp } from '../account/step-up.ts';
import { createFakeRpc } from '#renderer/test-support/fake-rpc.ts';
import { USER } from '#renderer/test-support/mount-with-shell.ts';
import { createSessionService } from './session-service.ts';
import { useSession } from './session.ts';

const session = { token: 't'.repeat(32), user: USER, idleUntil: 1, absoluteUntil: 2 };

beforeEach(() => {
  setActivePinia(createPinia());
  window.sessionStorage.clear();
});

function fixture() {
  const rpc = createFakeRpc({ 'auth.signIn': () => session, 'auth.resume': () => session, 'auth.signOut': () => ({}) });
  const store = useSession();
  const stepUp = createStepUp();
  return { rpc, store, stepUp, service: createSessionService(() => rpc, store, window.sessionStorage, stepUp) };
}

test('a reload of the window stays signed in', async () => {
  const before = fixture();
  await before.service.signIn({ email: USER.email, password: 'secret' });
  setActivePinia(createPinia());
  const after = fixture();
  await after.service.resume(after.rpc);
  expect(after.store.user?.name).toBe('Asha Rao');
  expect(after.rpc.calls[0]).toEqual({ name: 'auth.resume', input: { token: session.token } });
});

test('a session that has ended is forgotten', async () => {
  const { rpc, store, service } = fixture();
  await service.signIn({ email: USER.email, password: 'secret' });
  rpc.answer({ 'auth.resume': () => { throw new AppError('not-signed-in', 'over'); } });
  await service.resume(rpc);
  expect(store.user).toBeUndefined();
  await service.resume(rpc);
  expect(rpc.calls.filter((call) => call.name === 'auth.resume')).toHaveLength(1);
});

test('a session is kept when the core fails for another reason', async () => {
  const { rpc, store, service } = fixture();
  await service.signIn({ email: USER.email, password: 'secret' });
  rpc.answer({ 'auth.resume': () => { throw new AppError('unavailable', 'busy'); } });
  await expect(service.resume(rpc)).rejects.toThrow('busy');
  expect(store.user).toBeDefined();
});

test('signing out forgets the session even where the core cannot be told', async () => {
  const { rpc, store, service } = fixture();
  await service.signIn({ email: USER.email, password: 'secret' });
  rpc.answer({ 'auth.signOut': () => { throw new AppError('unavailable', 'gone'); } });
  await expect(service.signOut()).rejects.toThrow('gone');
  expect([store.user, window.sessionStorage.length]).toEqual([undefined, 0]);
});

test.each(['signs out', 'is signed out by the core'])('an act that waits for the second factor is given up when its person %s', async (how) => {
  const { rpc, service, stepUp } = fixture();
  await service.signIn({ email: USER.email, password: 'secret' });
  const act = stepUp.ask();
  if (how === 'signs out') await service.signOut();
  else {
    rpc.answer({ 'auth.resume': () => { throw new AppError('not-signed-in', 'over'); } });
    await service.resume(rpc);
  }
  expect([await act, stepUp.asking.value]).toEqual([false, false]);
});
