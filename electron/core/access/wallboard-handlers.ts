import type { AppContract } from '#shared/contract/index.ts';
import type { Principal } from '#shared/domain/access/principal.ts';
import { AppError } from '#shared/kernel/error.ts';
import { principalOf, type Handlers } from '#shared/rpc/handlers.ts';
import type { Access } from './access.ts';
import { bindWallboard } from './handlers.ts';

type WallboardKey = 'wallboard.tokens' | 'wallboard.create' | 'wallboard.revoke' | 'wallboard.signIn';

/** Handlers of the screens that sign in by themselves. */
export function wallboardHandlers(access: Access): Pick<Handlers<AppContract, Principal>, WallboardKey> {
  return {
    'wallboard.tokens': (_input, context) => ({
      tokens: access.wallboards.list(principalOf(context)).map(({ id, name, createdAt, createdBy, expiresAt, lastSeenAt }) => ({ tokenId: id, name, createdAt, createdBy, expiresAt, ...(lastSeenAt === undefined ? {} : { lastSeenAt }) })),
    }),
    'wallboard.create': async (input, context) => {
      const { id, token } = await access.wallboards.create(principalOf(context), input);
      return { tokenId: id, address: `/?wall=1#token=${token}` };
    },
    'wallboard.revoke': async ({ tokenId }, context) => {
      await access.wallboards.revoke(principalOf(context), tokenId);
      return {};
    },
    'wallboard.signIn': ({ token }, context) => {
      const opened = access.openWallboard(token, context.connection.address);
      if (!opened) throw new AppError('forbidden', 'This wallboard was revoked or has expired. Ask an administrator for a new link.');
      return bindWallboard(opened, context);
    },
  };
}
