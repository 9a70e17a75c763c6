import type { Access } from './access.ts';
import { PUBLISHED } from './constants.ts';
import type { ListedSession as Listed } from '#core/store/operations/local/access-reads.ts';
import type { ListedSession } from '#shared/contract/auth.ts';
import type { Principal } from '#shared/domain/access/principal.ts';
import { AppError } from '#shared/kernel/error.ts';
import type { AppContract } from '#shared/contract/index.ts';
import { principalOf, type Handlers } from '#shared/rpc/handlers.ts';

type AccountKey =
  | 'auth.sessions' | 'auth.endSession' | 'auth.endOtherSessions' | 'auth.userSessions' | 'auth.endUserSessions'
  | 'auth.secondFactor' | 'auth.beginSecondFactor' | 'auth.confirmSecondFactor' | 'auth.renewRecoveryCodes' | 'auth.removeSecondFactor' | 'auth.resetSecondFactor' | 'auth.prove';

const NO_SESSION = 'This session has ended already.';
const NO_FACTOR = 'There is no second factor to ask for. Set one up under Settings › Security.';

/** Handlers of sessions and second factors, the own and those of others. */
export function accountHandlers(access: Access): Pick<Handlers<AppContract, Principal>, AccountKey> {
  const { sessions, factors } = access;

  const listed = (rows: readonly Listed[], principal: Principal): ListedSession[] =>
    rows.map(({ id, client, address, createdAt, usedAt }) => ({ sessionId: id, client, address, startedAt: createdAt, usedAt, current: id === principal.sessionId }));

  /** Ends one of a user's sessions or all; `by` is who does it. */
  async function end(userId: string, by: Principal, which: { readonly sessionId?: string | undefined; readonly except?: string }): Promise<number> {
    const wanted = sessions.list(userId).filter(({ id }) => id !== which.except && (which.sessionId === undefined || id === which.sessionId));
    if (which.sessionId !== undefined && wanted.length === 0) throw new AppError('not-found', NO_SESSION);
    const note = { kind: 'session-ended', userId: by.userId, subject: userId, payload: { sessions: wanted.map(({ id, address, client }) => ({ id, address, client })) } };
    const reason = by.userId === userId ? 'ended by the user' : 'ended by an administrator';
    if (which.sessionId !== undefined) await sessions.end({ id: which.sessionId, reason }, [note]);
    else if (wanted.length > 0) await sessions.end({ userId, reason, ...(which.except === undefined ? {} : { except: which.except }) }, [note]);
    return wanted.length;
  }

  return {
    'auth.sessions': (_input, context) => {
      const principal = principalOf(context);
      return { sessions: listed(sessions.list(principal.userId), principal) };
    },
    'auth.endSession': async ({ sessionId }, context) => {
      const principal = principalOf(context);
      await end(principal.userId, principal, { sessionId });
      return {};
    },
    'auth.endOtherSessions': async (_input, context) => {
      const principal = principalOf(context);
      return { ended: await end(principal.userId, principal, { except: principal.sessionId }) };
    },
    'auth.userSessions': ({ userId }, context) => {
      const principal = principalOf(context);
      return { sessions: listed(sessions.list(access.userInScope(principal, userId).id), principal) };
    },
    'auth.endUserSessions': async ({ userId, sessionId }, context) => {
      const principal = principalOf(context);
      return { ended: await end(access.managedUser(principal, userId).id, principal, { sessionId }) };
    },

    'auth.secondFactor': (_input, context) => {
      const principal = principalOf(context);
      const { since, recoveryLeft } = factors.state(principal.userId);
      return { ...(since === undefined ? {} : { since }), recoveryLeft, mandatory: access.mustHaveFactor(access.ownUser(principal)) };
    },
    'auth.beginSecondFactor': async ({ password }, context) => {
      const row = access.ownUser(principalOf(context));
      if (access.isPublished(row)) throw new AppError('refused', PUBLISHED);
      if (factors.has(row.id)) throw new AppError('refused', 'You have a second factor already. Remove it first.');
      if (!access.mustHaveFactor(row)) await access.checkPassword(row, password ?? '', 'password', context.connection.address);
      return factors.begin(row);
    },
    'auth.confirmSecondFactor': async ({ code }, context) => {
      const principal = principalOf(context);
      const recoveryCodes = await factors.confirm(access.ownUser(principal), code, context.connection.address);
      // Who had to set it up first has the rights of the role from the next `auth.resume` on.
      sessions.prove(principal.sessionId);
      return { recoveryCodes: [...recoveryCodes] };
    },
    'auth.renewRecoveryCodes': async ({ code }, context) => {
      const row = access.ownUser(principalOf(context));
      if (!factors.has(row.id)) throw new AppError('refused', NO_FACTOR);
      await factors.verify(row, code, context.connection.address);
      return { recoveryCodes: [...(await factors.renewRecovery(row, context.connection.address))] };
    },
    'auth.removeSecondFactor': async ({ code }, context) => {
      const row = access.ownUser(principalOf(context));
      if (access.mustHaveFactor(row)) throw new AppError('refused', 'Your role asks for a second factor, so it stays.');
      if (!factors.has(row.id)) throw new AppError('refused', NO_FACTOR);
      await factors.verify(row, code, context.connection.address);
      await factors.remove(row, row.id, context.connection.address);
      return {};
    },
    'auth.resetSecondFactor': async ({ userId }, context) => {
      const principal = principalOf(context);
      const row = access.managedUser(principal, userId);
      if (row.id === principal.userId) throw new AppError('refused', 'Another administrator resets yours.');
      if (!factors.has(row.id)) throw new AppError('refused', 'This user has no second factor.');
      await factors.remove(row, principal.userId, context.connection.address);
      await sessions.end({ userId: row.id, reason: 'second factor reset' });
      return {};
    },
    'auth.prove': async ({ code }, context) => {
      const principal = principalOf(context);
      const row = access.ownUser(principal);
      if (!factors.has(row.id)) throw new AppError('refused', NO_FACTOR);
      await factors.verify(row, code, context.connection.address);
      return { until: sessions.prove(principal.sessionId) };
    },
  };
}
