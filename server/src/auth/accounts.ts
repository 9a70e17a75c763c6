import type { AttemptGuard } from '#shared/domain/access/attempts.ts';
import { systemPrincipal, type Principal } from '#shared/domain/access/principal.ts';
import { AppError } from '#shared/kernel/error.ts';
import { uuidv7 } from '#shared/kernel/ids.ts';
import type { Clock, Rng } from '#shared/kernel/ports.ts';
import type { PasswordHasher } from '#shared/platform-node/access/password-hasher.ts';
import { checkNewPassword, type CommonPasswords } from '#shared/platform-node/access/password-rules.ts';
import { emailKey } from '#shared/resources/normalise.ts';
import { user, type UserRow } from '#shared/resources/user.ts';
import type { Authority } from '#shared/sync/replication/authority.ts';
import type { LinkMail } from '../mail/link-mail.ts';
import { appendServerAudit, type ServerAuditEvent } from '../store/audit.ts';
import type { ServerTx } from '../store/authority-tx.ts';
import type { ServerStore } from '../store/server-store.ts';
import { firstRow } from '../store/sql.ts';
import type { ServerFactors } from './factors.ts';
import { findLink, issueLink, LINK_PATH, takeLink, type LinkPurpose } from './links.ts';
import { credentialOf, factorOf, type IssuedTokens, type Place, type ServerSessions } from './sessions.ts';

export interface AccountsOptions {
  readonly store: ServerStore;
  readonly authority: Authority;
  readonly sessions: ServerSessions;
  readonly factors: ServerFactors;
  readonly attempts: AttemptGuard;
  readonly hasher: PasswordHasher;
  readonly commonPasswords: CommonPasswords;
  readonly clock: Clock;
  readonly rng: Rng;
  /** Takes a mail to be sent; returns at once. */
  sendMail(mail: LinkMail): void;
  /** Where people reach the server, without a slash at the end. */
  publicUrl(): string;
}

/** The owner of the link that makes the first Super Admin, and of what strangers try. */
const NOBODY = '';

/** Signing in, first Super Admin, invitations and forgotten passwords. */
export class Accounts {
  readonly #options: AccountsOptions;

  constructor(options: AccountsOptions) {
    this.#options = options;
  }

  /** Throws AppError not-signed-in (one answer for a wrong password, an unknown and a barred user), second-factor or too-many-attempts. */
  async signIn(input: { readonly email: string; readonly password: string; readonly code?: string | undefined }, place: Place): Promise<{ readonly tokens: IssuedTokens; readonly user: UserRow }> {
    const { store, sessions, factors, attempts, hasher, clock } = this.#options;
    const { address, client } = place;
    const account = emailKey(input.email);
    attempts.begin(account, address);
    const { row, hash, hasFactor } = await store.read(async (tx) => {
      const found = await userByEmail(tx, account);
      return { row: found, hash: found && (await credentialOf(tx.sql, found.id)), hasFactor: found !== undefined && (await factorOf(tx.sql, found.id)) !== undefined };
    });
    const right = await hasher.verify(input.password, row?.status === 'active' ? hash : undefined);
    if (!right || row === undefined || hash === undefined) {
      await this.#audit({ kind: 'sign-in-refused', userId: row?.id ?? NOBODY, subject: account, payload: { address, client } });
      throw new AppError('not-signed-in', 'E-mail address or password is wrong.');
    }
    attempts.succeed(account, address);
    if (hasFactor) {
      if (input.code === undefined) throw new AppError('second-factor', 'Enter the code of your authenticator app.');
      await factors.verify(row, input.code, address);
    }
    const tokens = await store.write(async (tx) => {
      const issued = await sessions.open(tx, row, hash, place);
      await appendServerAudit(tx.sql, store.nodeId, { at: clock.now(), kind: 'sign-in', userId: row.id, subject: account, payload: { address, client, secondFactor: hasFactor } });
      return issued;
    });
    return { tokens, user: row };
  }

  /** The one-time link of the first Super Admin; undefined once there is a user. */
  async setupLink(): Promise<string | undefined> {
    const issued = await this.#options.store.write(async (tx) => ((await tx.rows.find(user, {}, 1)).length > 0 ? undefined : issueLink(tx.sql, this.#options, { userId: NOBODY, purpose: 'setup' })));
    return issued === undefined ? undefined : this.#linkTo('setup', issued.token);
  }

  /** Makes the first Super Admin. Throws AppError refused for a link that is not good, invalid-input for a password that breaks the rules. */
  async setUp(input: { readonly token: string; readonly email: string; readonly name: string; readonly password: string }, address: string): Promise<void> {
    const { store, hasher, clock, rng, commonPasswords, attempts } = this.#options;
    attempts.begin('setup', address);
    const link = await store.read((tx) => findLink(tx.sql, input.token, clock.now()));
    if (link?.purpose !== 'setup') throw deadLink();
    checkNewPassword(input.password, { field: 'password', email: input.email, name: input.name, common: commonPasswords });
    const hash = await hasher.hash(input.password);
    const id = uuidv7(clock, rng);
    // The password first: a crash in between leaves a server without users, which prints a new link.
    await store.write(async (tx) => {
      if (!(await takeLink(tx.sql, input.token, clock.now()))) throw deadLink();
      await setCredential(tx, id, hash, clock.now());
    });
    await this.#mutate('user.create-first', { id, email: emailKey(input.email), name: input.name });
    attempts.succeed('setup', address);
  }

  /** Counts a request for a reset link, known address or not. Throws AppError too-many-attempts. */
  countForgot(email: string, address: string): void {
    this.#options.attempts.begin(`forgot:${emailKey(email)}`, address);
  }

  /** Sends a link where a user with this address may have one. The caller answers before this has ended, and the same to all. */
  async forgot(email: string): Promise<void> {
    const account = emailKey(email);
    const row = await this.#options.store.read((tx) => userByEmail(tx, account));
    if (row === undefined || row.status === 'disabled' || row.status === 'locked') return this.#audit({ kind: 'reset-refused', userId: NOBODY, subject: account, payload: {} });
    await this.#send(row, row.status === 'invited' ? 'activation' : 'reset', NOBODY);
  }

  /** Sends an invited user an activation link; `by` is who invites. Throws AppError not-found or refused. */
  async invite(userId: string, by: string): Promise<void> {
    const row = (await this.#options.store.read((tx) => tx.rows.get(user, userId))) as UserRow | undefined;
    if (row === undefined) throw new AppError('not-found', 'This user does not exist any more. Refresh the list.');
    if (row.status !== 'invited') throw new AppError('refused', 'This user is not waiting for an invitation.');
    await this.#send(row, 'activation', by);
  }

  /** The same for a user whom the principal may manage; others do not exist for him. */
  async inviteBy(principal: Principal, userId: string): Promise<void> {
    const row = (await this.#options.store.read((tx) => tx.rows.get(user, userId))) as UserRow | undefined;
    const { scope } = principal;
    const reached = row !== undefined && (scope === 'all' || (row.customers !== 'all' && row.customers.every((id) => scope.has(id))));
    if (!reached) throw new AppError('not-found', 'This user does not exist any more. Refresh the list.');
    if (row.role === 'super-admin' && principal.role !== 'super-admin') throw new AppError('refused', 'Only a Super Admin may manage a Super Admin.');
    await this.invite(userId, principal.userId);
  }

  /** Invites users who wait for their first link. */
  async inviteNew(by: string): Promise<void> {
    const rows = await this.#options.store.read((tx) =>
      tx.sql.all<{ id: string }>("SELECT id FROM app_user u WHERE status = 'invited' AND NOT EXISTS (SELECT 1 FROM server_link l WHERE l.user_id = u.id) AND NOT EXISTS (SELECT 1 FROM audit a WHERE a.kind = 'activation-link-sent' AND a.subject = u.email) ORDER BY id LIMIT 500"),
    );
    for (const { id } of rows) await this.invite(id, by);
  }

  /** What a link is for, and for whom. Looking does not use it up. Throws AppError refused or too-many-attempts. */
  async describeLink(token: string, address: string): Promise<{ readonly purpose: LinkPurpose; readonly email: string }> {
    const { store, clock, attempts } = this.#options;
    attempts.begin(`link:${address}`, address);
    const found = await store.read(async (tx) => {
      const link = await findLink(tx.sql, token, clock.now());
      return link && { purpose: link.purpose, email: link.userId === NOBODY ? '' : ((await tx.rows.get(user, link.userId))?.email ?? '') };
    });
    if (found === undefined) throw deadLink();
    attempts.succeed(`link:${address}`, address);
    return found;
  }

  /** Sets a password by an activation or reset link, activates an invited user and ends the user's sessions. Throws AppError refused or invalid-input. */
  async redeemLink(token: string, password: string, address: string): Promise<{ readonly purpose: LinkPurpose }> {
    const { store, hasher, clock, sessions, commonPasswords, attempts } = this.#options;
    const { purpose } = await this.describeLink(token, address);
    const row = await store.read(async (tx) => {
      const link = await findLink(tx.sql, token, clock.now());
      return link && ((await tx.rows.get(user, link.userId)) as UserRow | undefined);
    });
    if (purpose === 'setup' || row === undefined || row.status === 'disabled' || row.status === 'locked') throw deadLink();
    checkNewPassword(password, { field: 'password', email: row.email, name: row.name, common: commonPasswords });
    const hash = await hasher.hash(password);
    // Before the link is used up: a crash in between leaves a link that still works.
    if (row.status === 'invited') await this.#mutate('user.update', { id: row.id, edit: { set: { status: 'active' } } });
    const ended = await store.write(async (tx) => {
      if (!(await takeLink(tx.sql, token, clock.now()))) throw deadLink();
      await setCredential(tx, row.id, hash, clock.now());
      await appendServerAudit(tx.sql, store.nodeId, { at: clock.now(), kind: purpose === 'activation' ? 'user-activated' : 'password-reset', userId: row.id, subject: row.email, payload: { address } });
      return sessions.endIn(tx, { userId: row.id, reason: 'password set by link' });
    });
    sessions.announce(ended);
    attempts.succeed(row.email, address);
    return { purpose };
  }

  /** When the server first saw a node, epoch ms. */
  async nodeSeenAt(nodeId: string): Promise<number> {
    const row = await this.#options.store.read((tx) => firstRow<{ at: number }>(tx.sql, 'SELECT first_seen_at AS at FROM sync_node WHERE id = ?', [nodeId]));
    return row?.at ?? this.#options.clock.now();
  }

  async #send(row: UserRow, purpose: 'activation' | 'reset', by: string): Promise<void> {
    const { store, clock } = this.#options;
    const { token, validUntil } = await store.write(async (tx) => {
      await appendServerAudit(tx.sql, store.nodeId, { at: clock.now(), kind: `${purpose}-link-sent`, userId: by, subject: row.email, payload: { for: row.id } });
      return issueLink(tx.sql, this.#options, { userId: row.id, purpose });
    });
    this.#options.sendMail({ purpose, to: row.email, name: row.name, link: this.#linkTo(purpose, token), validUntil });
  }

  #linkTo(purpose: LinkPurpose, token: string): string {
    return `${this.#options.publicUrl()}${LINK_PATH[purpose]}#${token}`;
  }

  async #mutate(name: string, args: unknown): Promise<void> {
    const { clock, rng, store, authority } = this.#options;
    await authority.mutate(systemPrincipal(store.nodeId), { id: uuidv7(clock, rng), name, args, userId: 'system', nodeId: store.nodeId, at: clock.now(), basedOn: {} });
  }

  async #audit(event: Omit<ServerAuditEvent, 'at'>): Promise<void> {
    const { store, clock } = this.#options;
    await store.write((tx) => appendServerAudit(tx.sql, store.nodeId, { at: clock.now(), ...event }));
  }
}

async function userByEmail(tx: ServerTx, email: string): Promise<UserRow | undefined> {
  return (await tx.rows.findByColumn(user, 'email_key', email)) as UserRow | undefined;
}

async function setCredential(tx: ServerTx, userId: string, hash: string, at: number): Promise<void> {
  await tx.sql.run('INSERT INTO credential (user_id, hash, changed_at) VALUES (?, ?, ?) ON CONFLICT (user_id) DO UPDATE SET hash = excluded.hash, changed_at = excluded.changed_at', [userId, hash, at]);
}

function deadLink(): AppError {
  return new AppError('refused', 'This link was used, replaced by a newer one, or is too old. Ask for a new one.');
}
