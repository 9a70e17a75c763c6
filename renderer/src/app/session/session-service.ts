import type { InputOf } from '#shared/contract/index.ts';
import type { Session } from '#shared/contract/auth.ts';
import { AppError } from '#shared/kernel/error.ts';
import { clientName } from '../account/client-name.ts';
import type { StepUp } from '../account/step-up.ts';
import type { ChannelRpc, Rpc } from '../rpc/rpc.ts';
import type { useSession } from './session.ts';

export interface SessionService {
  signIn(input: InputOf<'auth.signIn'>): Promise<void>;
  createFirstUser(input: InputOf<'auth.createFirstUser'>): Promise<void>;
  /** Ends the session everywhere. The window forgets it at once; the promise says whether the core was told. */
  signOut(): Promise<void>;
  /** Binds a new connection to the session that this window holds, if it is still alive. */
  resume(client: Pick<ChannelRpc, 'call'>): Promise<void>;
  /** Drops the session of this window without telling anybody. */
  forget(): void;
}

/** Where a window keeps the token of its session. */
export const SESSION_KEY = 'cc.session';

/**
 * Keeps the session token for as long as this window lives, so that a reload stays signed in and a closed window does not. An act that waits
 * for the second factor is given up with the session it was begun in: the next person must not carry it out.
 */
export function createSessionService(rpc: () => Rpc, store: ReturnType<typeof useSession>, storage: Storage, stepUp: Pick<StepUp, 'settle'>): SessionService {
  const hold = (session: Session): void => {
    storage.setItem(SESSION_KEY, session.token);
    store.user = session.user;
  };
  const forget = (): void => {
    storage.removeItem(SESSION_KEY);
    store.user = undefined;
    stepUp.settle(false);
  };
  return {
    signIn: async (input) => hold(await rpc().call('auth.signIn', { client: clientName(navigator.userAgent), ...input })),
    createFirstUser: async (input) => hold(await rpc().call('auth.createFirstUser', { client: clientName(navigator.userAgent), ...input })),
    forget,
    async signOut() {
      const told = rpc().call('auth.signOut', {});
      forget();
      await told;
    },
    async resume(client) {
      const token = storage.getItem(SESSION_KEY);
      if (token === null) return forget();
      try {
        hold(await client.call('auth.resume', { token }));
      } catch (error) {
        if (!(error instanceof AppError) || (error.code !== 'not-signed-in' && error.code !== 'invalid-input')) throw error;
        forget();
      }
    },
  };
}
