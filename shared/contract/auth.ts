import { z } from 'zod';
import { procedure } from '../rpc/definition.ts';

export const email = z.string().trim().toLowerCase().max(254).pipe(z.email());
export const newPassword = z.string().min(8).max(200);
/** A code of an authenticator app, or a recovery code. */
const factorCode = z.string().trim().min(6).max(40);
/** Browser and machine in words, for the list of sessions. */
const client = z.string().trim().max(100).optional();

export const signedInUser = z.object({
  userId: z.string(),
  email: z.string(),
  name: z.string(),
  role: z.string(),
  roleLabel: z.string(),
  permissions: z.array(z.string()),
  scope: z.union([z.literal('all'), z.array(z.string())]),
  /** The role asks for a second factor, which is to be set up before anything else. */
  mustEnrol: z.boolean().optional(),
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

/** A session as it is listed; instants are epoch ms. */
export const listedSession = z.object({
  sessionId: z.string(),
  client: z.string(),
  address: z.string(),
  startedAt: z.number(),
  usedAt: z.number(),
  /** The one that asks. */
  current: z.boolean(),
});
export type ListedSession = z.infer<typeof listedSession>;

const manage = { permission: 'users.manage' } as const;
const recoveryCodes = z.object({ recoveryCodes: z.array(z.string()) });

export const authContract = {
  'auth.signIn': procedure({
    input: z.object({ email, password: z.string().min(1).max(200), code: factorCode.optional(), client }),
    output: session,
    access: 'public',
    errors: ['not-signed-in', 'too-many-attempts', 'second-factor'],
    doc: 'Binds this connection to the user. Wrong credentials: one message for both; `second-factor`: the password is right, ask for the code and send all again; `too-many-attempts` carries details.retryAfter (ms).',
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
    input: z.object({ email, name: z.string().trim().min(1).max(100), password: newPassword, client }),
    output: session,
    access: 'public',
    errors: ['refused'],
    doc: 'Makes the first Super Admin of a local workspace; refused once a user exists.',
  }),
  'auth.issueResetCode': procedure({
    input: z.object({ email }),
    output: z.object({ code: z.string(), validUntil: z.number(), purpose: z.enum(['activation', 'reset']) }),
    access: manage,
    errors: ['not-found', 'refused'],
    doc: 'A one-time code to be shown or read out: for an invited user to activate the account (72 h), for another who forgot the password (30 min); newest revokes older. Only a Super Admin may issue one for a Super Admin.',
  }),
  'auth.resetPassword': procedure({
    input: z.object({ email, code: z.string().trim().min(4).max(60), password: newPassword }),
    output: z.object({}),
    access: 'public',
    errors: ['refused', 'too-many-attempts'],
    doc: 'Sets a new password by a one-time code, activates an invited user and ends all sessions of the user; same answer for unknown addresses and wrong codes.',
  }),
  'auth.sessions': procedure({ input: z.object({}), output: z.object({ sessions: z.array(listedSession) }), access: 'signed-in', doc: 'The own sessions that live, last used first.' }),
  'auth.endSession': procedure({ input: z.object({ sessionId: z.string().max(100) }), output: z.object({}), access: 'signed-in', errors: ['not-found'], doc: 'Ends one of the own sessions.' }),
  'auth.endOtherSessions': procedure({ input: z.object({}), output: z.object({ ended: z.number().int() }), access: 'signed-in', doc: 'Ends the own sessions but the one that asks.' }),
  'auth.userSessions': procedure({ input: z.object({ userId: z.string().max(100) }), output: z.object({ sessions: z.array(listedSession) }), access: { permission: 'users.read' }, errors: ['not-found'], doc: 'The sessions of another user.' }),
  'auth.endUserSessions': procedure({
    input: z.object({ userId: z.string().max(100), /** Absent: all of them. */ sessionId: z.string().max(100).optional() }),
    output: z.object({ ended: z.number().int() }),
    access: manage,
    errors: ['not-found', 'refused'],
    doc: 'Ends a session of another user, or all of them.',
  }),
  'auth.secondFactor': procedure({
    input: z.object({}),
    output: z.object({ /** Since when there is one, epoch ms. */ since: z.number().optional(), recoveryLeft: z.number().int(), mandatory: z.boolean() }),
    access: 'signed-in',
    doc: 'Whether the caller signs in with a second factor.',
  }),
  'auth.beginSecondFactor': procedure({
    input: z.object({ /** Not needed where the second factor has to be set up before anything else. */ password: z.string().max(200).optional() }),
    output: z.object({ /** Base 32, to be typed where no camera is at hand. */ secret: z.string(), uri: z.string() }),
    access: 'signed-in',
    errors: ['refused', 'too-many-attempts'],
    doc: 'Makes a secret for an authenticator app; it takes effect with the first code.',
  }),
  'auth.confirmSecondFactor': procedure({ input: z.object({ code: factorCode }), output: recoveryCodes, access: 'signed-in', errors: ['refused', 'too-many-attempts'], doc: 'Takes the first code of the app and gives out the recovery codes, once.' }),
  'auth.renewRecoveryCodes': procedure({ input: z.object({ code: factorCode }), output: recoveryCodes, access: 'signed-in', errors: ['refused', 'too-many-attempts'], doc: 'New recovery codes for a code of the app; the old ones are dead.' }),
  'auth.removeSecondFactor': procedure({ input: z.object({ code: factorCode }), output: z.object({}), access: 'signed-in', errors: ['refused', 'too-many-attempts'], doc: 'Removes the own second factor; refused where the role asks for one.' }),
  'auth.resetSecondFactor': procedure({ input: z.object({ userId: z.string().max(100) }), output: z.object({}), access: manage, errors: ['not-found', 'refused'], doc: 'Removes the second factor of a user who lost it, and ends the sessions of the user.' }),
  'auth.prove': procedure({ input: z.object({ code: factorCode }), output: z.object({ /** Epoch ms. */ until: z.number() }), access: 'signed-in', errors: ['refused', 'too-many-attempts'], doc: 'Shows the second factor again, as what is answered with `second-factor` asks for; counts for some minutes of this session.' }),
};
