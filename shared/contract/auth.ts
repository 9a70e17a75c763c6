import { z } from 'zod';
import { procedure } from '../rpc/definition.ts';

export const email = z.string().trim().toLowerCase().max(254).pipe(z.email());
export const newPassword = z.string().min(8).max(200);

export const signedInUser = z.object({
  userId: z.string(),
  email: z.string(),
  name: z.string(),
  role: z.string(),
  roleLabel: z.string(),
  permissions: z.array(z.string()),
  scope: z.union([z.literal('all'), z.array(z.string())]),
});
export type SignedInUser = z.infer<typeof signedInUser>;

export const session = z.object({
  /** Secret that resumes the session after a reconnect; 128 random bits, only its hash is stored. */
  token: z.string(),
  user: signedInUser,
  /** Epoch ms: idle end, renewed by use, and absolute end. */
  idleUntil: z.number(),
  absoluteUntil: z.number(),
});
export type Session = z.infer<typeof session>;

export const authContract = {
  'auth.signIn': procedure({
    input: z.object({ email, password: z.string().min(1).max(200) }),
    output: session,
    access: 'public',
    errors: ['not-signed-in', 'too-many-attempts'],
    doc: 'Binds this connection to the user. Wrong credentials: one message for both; `too-many-attempts` carries details.retryAfter (ms).',
  }),
  'auth.resume': procedure({
    input: z.object({ token: z.string().min(16).max(200) }),
    output: session,
    access: 'public',
    errors: ['not-signed-in'],
    doc: 'Binds a new connection to a session that is still alive.',
  }),
  'auth.signOut': procedure({ input: z.object({}), output: z.object({}), access: 'signed-in', doc: 'Ends the session everywhere it is held.' }),
  'auth.changePassword': procedure({
    input: z.object({ current: z.string().max(200), next: newPassword }),
    output: z.object({}),
    access: 'signed-in',
    errors: ['refused', 'too-many-attempts'],
    doc: 'Changes the own password and ends the other sessions of the user.',
  }),
  'auth.createFirstUser': procedure({
    input: z.object({ email, name: z.string().trim().min(1).max(100), password: newPassword }),
    output: session,
    access: 'public',
    errors: ['refused'],
    doc: 'Makes the first Super Admin of a local workspace; refused once a user exists.',
  }),
  'auth.issueResetCode': procedure({
    input: z.object({ email }),
    output: z.object({ code: z.string(), validUntil: z.number() }),
    access: { permission: 'users.manage' },
    errors: ['not-found', 'refused'],
    doc: 'A one-time code for a user who forgot the password, to be read out or shown; 30 min, newest revokes older. Only a Super Admin may issue one for a Super Admin.',
  }),
  'auth.resetPassword': procedure({
    input: z.object({ email, code: z.string().trim().min(4).max(40), password: newPassword }),
    output: z.object({}),
    access: 'public',
    errors: ['refused', 'too-many-attempts'],
    doc: 'Sets a new password by a one-time code and ends all sessions of the user; same answer for unknown addresses and wrong codes.',
  }),
  'auth.users': procedure({
    input: z.object({}),
    output: z.object({ users: z.array(z.object({ userId: z.string(), email: z.string(), name: z.string(), roleLabel: z.string(), lastSignIn: z.number().optional() })) }),
    access: { permission: 'users.read' },
    doc: 'The local users of this workspace.',
  }),
};
