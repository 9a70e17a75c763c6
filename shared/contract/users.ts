import { z } from 'zod';
import { listedUser, newUser } from '../resources/user.ts';
import { procedure } from '../rpc/definition.ts';
import { resourceContract } from './resource.ts';

/** The users of a workspace, asked and changed like any resource; who may reach whom is judged by the access service. */
export const usersContract = {
  ...resourceContract('user', listedUser, ['update', 'delete']),
  'user.create': procedure({
    input: z.object({ values: newUser, requestId: z.uuid().optional() }),
    output: z.object({ id: z.string() }),
    access: { permission: 'users.manage' },
    errors: ['not-unique', 'refused', 'store-full'],
    doc: 'Adds an invited user, who becomes active by an activation code.',
  }),
};
