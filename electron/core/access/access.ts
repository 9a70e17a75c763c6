import type { SignedInUser } from '#shared/contract/auth.ts';
import type { Principal } from '#shared/domain/access/principal.ts';
import { verdict, type Rule } from '#shared/domain/access/policy.ts';
import { systemPrincipal } from '#shared/domain/access/principal.ts';
import { AppError } from '#shared/kernel/error.ts';
import { DisposableStore, type Disposable } from '#shared/kernel/disposable.ts';
import { uuidv7 } from '#shared/kernel/ids.ts';
import type { Clock, Log, Rng, Scheduler } from '#shared/kernel/ports.ts';
import { emailKey } from '#shared/resources/normalise.ts';
import { user, type UserRow } from '#shared/resources/user.ts';
import { localStep, type Operations } from '#core/store/operations/operations.ts';
import { AttemptGuard } from './attempts.ts';
import { describeUser, withinScope } from './identity.ts';
import type { PasswordHasher } from './password-hasher.ts';
import { checkNewPassword, type CommonPasswords } from './password-rules.ts';
import { RefusalAudit } from './refusals.ts';
import { Sessions, type OpenedSession, type SessionEnd } from './sessions.ts';
import { codeHash, newCode } from './tokens.ts';
import { Wallboards, wallboardHash, type OpenedWallboard } from './wallboards.ts';

/** A one-time code is good for this long, ms. */
export const CODE_LIFE = 30 * 60_000;
/** Whom a refused sign-in is booked to in the audit log: the name that was typed may be no user's. */
const NOBODY = '';
const PUBLISHED = 'The password of this user stands on the login page, so it cannot be changed. Sign in as another user to try it.';

export interface AccessOptions {
  readonly operations: Operations;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly scheduler: Scheduler;
  readonly log: Log;
  readonly hasher: PasswordHasher;
  readonly commonPasswords: CommonPasswords;
  /** Whether the first person may make himself the administrator: in a local workspace without users. */
  readonly allowFirstUser: boolean;
  /** Address of a user whose password stands on the login page (the demo's); it must stay what the page says. */
  readonly publishedEmail?: string;
}

export interface UserListEntry {
  readonly user: SignedInUser;
  readonly lastSignIn: number | undefined;
}

/** Who may sign in and what he may then do: local users of one workspace. */
export class Access implements Disposable {
  readonly sessions: Sessions;
  readonly wallboards: Wallboards;
  readonly #options: AccessOptions;
  readonly #attempts: AttemptGuard;
  readonly #refusals: RefusalAudit;
  readonly #system: Principal;

  constructor(options: AccessOptions) {
    this.#options = options;
    this.sessions = new Sessions(options);
    this.wallboards = new Wallboards(options);
    this.#attempts = new AttemptGuard(options.clock);
    this.#refusals = new RefusalAudit(options);
    this.#system = systemPrincipal(options.operations.nodeId);
  }

  dispose(): void {
    this.sessions.dispose();
    this.#refusals.dispose();
    this.wallboards.dispose();
  }

  /** Calls back at once when the connections of a session must be signed out. */
  onSessionEnded(listener: (end: SessionEnd) => void): Disposable {
    const store = new DisposableStore();
    store.add(this.sessions.onEnd(listener));
    store.add(this.wallboards.onEnd(({ sessionId }) => listener({ sessionId, reason: 'ended' })));
    return store;
  }

  /** For the dispatcher: undefined, or the error with which a call under this rule is answered. Counts as use of the session. */
  authorise(rule: Rule, principal: Principal | undefined): AppError | undefined {
    const result = verdict(rule, principal);
    if (result === 'forbidden') {
      if (principal !== undefined && typeof rule === 'object') this.#refusals.note(principal, rule.permission);
      return new AppError('forbidden', 'Your role does not allow this. Ask an administrator.', typeof rule === 'object' ? { permission: rule.permission } : undefined);
    }
    const alive = principal === undefined || this.sessions.use(principal.sessionId) || this.wallboards.use(principal.sessionId);
    if (result === 'not-signed-in' || (rule !== 'public' && !alive)) return new AppError('not-signed-in', 'Sign in first.');
    return undefined;
  }

  get needsFirstUser(): boolean {
    return this.#options.allowFirstUser && this.#options.operations.read.count(user) === 0;
  }

  /** Throws AppError not-signed-in (one answer for a wrong password, an unknown and a disabled user) or too-many-attempts. */
  async signIn(input: { readonly email: string; readonly password: string }, address: string): Promise<OpenedSession> {
    const { operations, hasher } = this.#options;
    const account = emailKey(input.email);
    this.#attempts.begin(account, address);
    const row = operations.read.findUnique(user, 'email', account);
    const credential = row?.status === 'active' ? operations.read.credential(row.id)?.hash : undefined;
    const right = await hasher.verify(input.password, credential);
    if (!right || row === undefined || credential === undefined) {
      await operations.audit({ kind: 'sign-in-refused', userId: row?.id ?? NOBODY, subject: account, payload: { address } });
      throw new AppError('not-signed-in', 'E-mail address or password is wrong.');
    }
    const session = this.sessions.prepare(row, credential, address);
    await operations.commit({ principal: this.#system, local: [session.step], audit: [{ kind: 'sign-in', userId: row.id, subject: account, payload: { address } }] });
    this.#attempts.succeed(account, address);
    return session.opened();
  }

  resume(token: string): Promise<OpenedSession> {
    return this.sessions.resume(token);
  }

  /** The wallboard of a token; undefined where there is none that lives. Throws AppError too-many-attempts. */
  openWallboard(token: string, address: string): OpenedWallboard | undefined {
    const account = `wallboard:${wallboardHash(token)}`;
    this.#attempts.begin(account, address);
    const opened = this.wallboards.open(token);
    if (opened) this.#attempts.succeed(account, address);
    return opened;
  }

  async signOut(principal: Principal): Promise<void> {
    await this.sessions.end({ id: principal.sessionId, reason: 'sign-out' }, [{ kind: 'sign-out', userId: principal.userId, subject: principal.email, payload: {} }]);
  }

  /** Throws AppError refused for a wrong current password, invalid-input for a new one that breaks the rules. */
  async changePassword(principal: Principal, input: { readonly current: string; readonly next: string }, address: string): Promise<void> {
    const { operations, hasher, clock, commonPasswords } = this.#options;
    const row = this.#ownUser(principal);
    if (row.email === this.#options.publishedEmail) throw new AppError('refused', PUBLISHED);
    this.#attempts.begin(row.email, address);
    if (!(await hasher.verify(input.current, operations.read.credential(row.id)?.hash))) {
      await operations.audit({ kind: 'password-change-refused', userId: row.id, subject: row.email, payload: { address } });
      throw new AppError('refused', 'The current password is wrong.', { issues: [{ path: 'current', message: 'The current password is wrong.' }] });
    }
    this.#attempts.succeed(row.email, address);
    checkNewPassword(input.next, { field: 'next', email: row.email, name: row.name, common: commonPasswords });
    const hash = await hasher.hash(input.next);
    await operations.local('credential.set', { userId: row.id, hash, at: clock.now() }, [{ kind: 'password-changed', userId: row.id, subject: row.email, payload: { address } }]);
    await this.sessions.end({ userId: row.id, except: principal.sessionId, reason: 'password changed' });
  }

  /** Makes the first Super Admin and signs him in. Throws AppError refused once a user exists. */
  async createFirstUser(input: { readonly email: string; readonly name: string; readonly password: string }, address: string): Promise<OpenedSession> {
    const { operations, hasher, clock, rng, commonPasswords } = this.#options;
    if (!this.needsFirstUser) throw new AppError('refused', 'This workspace has users already. Sign in, or ask an administrator for a code.');
    checkNewPassword(input.password, { field: 'password', ...input, common: commonPasswords });
    const hash = await hasher.hash(input.password);
    const now = clock.now();
    const row: UserRow = { id: uuidv7(clock, rng), revision: 1, createdAt: now, updatedAt: now, email: emailKey(input.email), name: input.name, role: 'super-admin', misRole: 'ADMIN', account: 'Command Centre', customers: 'all', status: 'active' };
    const session = this.sessions.prepare(row, hash, address);
    await operations.commit({
      principal: this.#system,
      mutations: [{ name: 'user.create-first', args: { id: row.id, email: row.email, name: row.name }, options: { at: now } }],
      local: [localStep('credential.set', { userId: row.id, hash, at: now }), session.step],
      audit: [{ kind: 'sign-in', userId: row.id, subject: row.email, payload: { address } }],
    });
    return session.opened();
  }

  /** A one-time code for a user who cannot sign in: shown once, stored as a hash. Throws AppError not-found or refused. */
  async issueResetCode(principal: Principal, email: string): Promise<{ readonly code: string; readonly validUntil: number }> {
    const { operations, clock, rng } = this.#options;
    const row = operations.read.findUnique(user, 'email', email);
    if (row === undefined || !withinScope(principal, row)) throw new AppError('not-found', 'No user has this e-mail address.');
    const refusal = row.email === this.#options.publishedEmail ? PUBLISHED : refusedCode(principal, row);
    if (refusal !== undefined) {
      await operations.audit({ kind: 'reset-code-refused', userId: principal.userId, subject: row.email, payload: {} });
      throw new AppError('refused', refusal);
    }
    const now = clock.now();
    const code = newCode(rng);
    const args = { id: uuidv7(clock, rng), userId: row.id, hash: codeHash(row.id, code), issuedBy: principal.userId, at: now, expiresAt: now + CODE_LIFE };
    await operations.local('code.issue', args, [{ kind: 'reset-code-issued', userId: principal.userId, subject: row.email, payload: { for: row.id } }]);
    return { code, validUntil: args.expiresAt };
  }

  /** Sets a password by a one-time code. Throws AppError refused (one answer for unknown address and wrong code) or too-many-attempts. */
  async resetPassword(input: { readonly email: string; readonly code: string; readonly password: string }, address: string): Promise<void> {
    const { operations, hasher, clock, commonPasswords } = this.#options;
    const account = emailKey(input.email);
    checkNewPassword(input.password, { field: 'password', email: account, name: '', common: commonPasswords });
    this.#attempts.begin(`code:${account}`, address);
    const row = operations.read.findUnique(user, 'email', account);
    // Hashed for strangers too: the answer takes as long as for a user.
    const credentialHash = await hasher.hash(input.password);
    const userId = row === undefined || row.status === 'disabled' || row.status === 'locked' ? NOBODY : row.id;
    const ended = await operations.local('code.redeem', { userId, hash: codeHash(userId, input.code), credentialHash, at: clock.now() });
    if (ended === undefined || row === undefined) {
      await operations.audit({ kind: 'password-reset-refused', userId, subject: account, payload: { address } });
      throw new AppError('refused', 'Address or code is wrong, or the code has expired. Ask an administrator for a new one.');
    }
    this.sessions.closed(ended);
    this.#attempts.succeed(`code:${account}`, address);
    this.#attempts.succeed(account, address);
    const activate = row.status === 'invited' ? [{ name: 'user.update' as const, args: { id: row.id, edit: { set: { status: 'active' as const } } } }] : [];
    await operations.commit({ principal: this.#system, mutations: activate, audit: [{ kind: 'password-reset', userId: row.id, subject: account, payload: { address } }] });
  }

  /** The users a principal may see, by address. */
  users(principal: Principal): readonly UserListEntry[] {
    const { read } = this.#options.operations;
    return read
      .all(user)
      .filter((row) => withinScope(principal, row))
      .sort((a, b) => (a.email < b.email ? -1 : 1))
      .map((row) => ({ user: describeUser(row), lastSignIn: read.credential(row.id)?.lastSignInAt }));
  }

  #ownUser(principal: Principal): UserRow {
    const row = this.#options.operations.read.get(user, principal.userId);
    if (row === undefined) throw new AppError('not-signed-in', 'This user does not exist any more. Sign in as another.');
    return row;
  }
}

function refusedCode(principal: Principal, target: UserRow): string | undefined {
  if (target.role === 'super-admin' && principal.role !== 'super-admin') return 'Only a Super Admin may issue a code for a Super Admin.';
  if (target.status === 'disabled' || target.status === 'locked') return `This user is ${target.status}. Make the user active first.`;
  return undefined;
}
