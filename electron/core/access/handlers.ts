import { WALLBOARD_TOKEN_PREFIX } from '#shared/contract/alerts.ts';
import type { authContract, Session } from '#shared/contract/auth.ts';
import type { Principal } from '#shared/domain/access/principal.ts';
import { AppError } from '#shared/kernel/error.ts';
import { principalOf, type CallContext, type Handlers } from '#shared/rpc/handlers.ts';
import type { Access } from './access.ts';
import { describeUser } from './identity.ts';
import { accountHandlers } from './own-account.ts';
import type { OpenedSession } from './sessions.ts';
import type { OpenedWallboard } from './wallboards.ts';

function bind(opened: OpenedSession, context: CallContext<Principal>): Session {
  context.connection.bindPrincipal(opened.principal, opened.principal.sessionId);
  return { token: opened.token, user: describeUser(opened.user, opened.mustEnrol), idleUntil: opened.idleUntil, absoluteUntil: opened.absoluteUntil };
}

/** Binds a connection to a wallboard. It has no idle end. */
export function bindWallboard({ token, principal, expiresAt }: OpenedWallboard, context: CallContext<Principal>): Session {
  context.connection.bindPrincipal(principal, principal.sessionId);
  const { userId, email, name, role, permissions, scope } = principal;
  return { token, user: { userId, email, name, role, roleLabel: 'Wallboard', permissions: [...permissions], scope: scope === 'all' ? 'all' : [...scope] }, idleUntil: expiresAt, absoluteUntil: expiresAt };
}

/** Handlers of every `auth.*` procedure. */
export function accessHandlers(access: Access): Handlers<typeof authContract, Principal> {
  return {
    'auth.signIn': async (input, context) => bind(await access.signIn(input, { address: context.connection.address, client: input.client }), context),
    'auth.resume': async (input, context) => {
      if (!input.token.startsWith(WALLBOARD_TOKEN_PREFIX)) return bind(await access.resume(input.token), context);
      const opened = access.openWallboard(input.token, context.connection.address);
      if (!opened) throw new AppError('not-signed-in', 'This wallboard was revoked or has expired. Ask an administrator for a new link.');
      return bindWallboard(opened, context);
    },
    'auth.signOut': async (_input, context) => {
      await access.signOut(principalOf(context));
      context.connection.clearPrincipal();
      return {};
    },
    'auth.changePassword': async (input, context) => {
      await access.changePassword(principalOf(context), input, context.connection.address);
      return {};
    },
    'auth.createFirstUser': async (input, context) => bind(await access.createFirstUser(input, { address: context.connection.address, client: input.client }), context),
    'auth.issueResetCode': (input, context) => access.codes.issue(principalOf(context), input.email),
    'auth.resetPassword': async (input, context) => {
      await access.codes.redeem(input, context.connection.address);
      return {};
    },
    ...accountHandlers(access),
  };
}
