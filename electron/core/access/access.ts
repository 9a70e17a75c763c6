import type { SecretStore } from '#core/app/deps.ts';
import { inScope, systemPrincipal, type Principal } from '#shared/domain/access/principal.ts';
import { needsSecondFactor, STEP_UP_PERMISSIONS } from '#shared/domain/access/permissions.ts';
import { verdict, type Rule } from '#shared/domain/access/policy.ts';
import { AppError } from '#shared/kernel/error.ts';
import { DisposableStore, type Disposable } from '#shared/kernel/disposable.ts';
import { uuidv7 } from '#shared/kernel/ids.ts';
import type { Clock, Log, Rng, Scheduler } from '#shared/kernel/ports.ts';
import { customer } from '#shared/resources/customer.ts';
import { emailKey } from '#shared/resources/normalise.ts';
import { user, type UserRow } from '#shared/resources/user.ts';
import { readSignInStates } from '#core/store/operations/local/access-reads.ts';
import { localStep, type Operations } from '#core/store/operations/operations.ts';
import { AttemptGuard } from '#shared/domain/access/attempts.ts';
import { OneTimeCodes } from './codes.ts';
import { NOBODY, PUBLISHED } from './constants.ts';
import { withinScope } from './identity.ts';
import type { PasswordHasher } from '#shared/platform-node/access/password-hasher.ts';
import { checkNewPassword, type CommonPasswords } from '#shared/platform-node/access/password-rules.ts';
import { RefusalAudit } from './refusals.ts';
import { SecondFactors } from './second-factor.ts';
import { Sessions, type OpenedSession, type Place, type SessionEnd } from './sessions.ts';
import { listedRow, type ListedUser } from './user-list.ts';
import { Wallboards, wallboardHash, type OpenedWallboard } from './wallboards.ts';

export interface AccessOptions {
  readonly operations: Operations;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly scheduler: Scheduler;
  readonly log: Log;
  readonly secrets: SecretStore;
  readonly hasher: PasswordHasher;
  readonly commonPasswords: CommonPasswords;
  /** Whether the first person may make himself the administrator: in a local workspace without users. */
  readonly allowFirstUser: boolean;
  /** Address of a user whose password stands on the login page (the demo's); it must stay what the page says. */
  readonly publishedEmail?: string;
  /** Whether administrators must sign in with a second factor: everywhere but in the demo. */
  readonly secondFactor: 'mandatory' | 'voluntary';
  /** Name of this installation in authenticator apps. */
  readonly issuer: string;
}

/** Who may sign in and what he may then do: local users of one workspace. */
export class Access implements Disposable {
  readonly sessions: Sessions;
  readonly wallboards: Wallboards;
  readonly #options: AccessOptions;
  readonly #attempts: AttemptGuard;
  readonly #refusals: RefusalAudit;
  readonly #system: Principal;
  readonly factors: SecondFactors;
  readonly codes: OneTimeCodes;

  constructor(options: AccessOptions) {
    this.#options = options;
    this.#attempts = new AttemptGuard(options.clock);
    this.factors = new SecondFactors({ ...options, attempts: this.#attempts });
    this.sessions = new Sessions({ ...options, mustEnrol: (row) => this.mustHaveFactor(row) && !this.factors.has(row.id) });
    this.wallboards = new Wallboards(options);
    this.codes = new OneTimeCodes({ ...options, attempts: this.#attempts, sessions: this.sessions });
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
    return principal !== undefined && typeof rule === 'object' && STEP_UP_PERMISSIONS.has(rule.permission) ? this.#missingProof(principal) : undefined;
  }

  get operations(): Operations {
    return this.#options.operations;
  }

  /** Whether this user may not do without a second factor. */
  mustHaveFactor(row: Pick<UserRow, 'role'>): boolean {
    return this.#options.secondFactor === 'mandatory' && needsSecondFactor(row.role);
  }

  get needsFirstUser(): boolean {
    return this.#options.allowFirstUser && this.#options.operations.read.count(user) === 0;
  }

  /**
   * Throws AppError not-signed-in (one answer for a wrong password, an unknown and a disabled user), second-factor (the password is right and a
   * code is wanted, or the code is wrong) or too-many-attempts.
   */
  async signIn(input: { readonly email: string; readonly password: string; readonly code?: string | undefined }, place: Place): Promise<OpenedSession> {
    const { operations, hasher } = this.#options;
    const { address } = place;
    const account = emailKey(input.email);
    this.#attempts.begin(account, address);
    const row = operations.read.findUnique(user, 'email', account);
    const credential = row?.status === 'active' ? operations.read.credential(row.id)?.hash : undefined;
    const right = await hasher.verify(input.password, credential);
    if (!right || row === undefined || credential === undefined) {
      await operations.audit({ kind: 'sign-in-refused', userId: row?.id ?? NOBODY, subject: account, payload: { address, client: place.client } });
      throw new AppError('not-signed-in', 'E-mail address or password is wrong.');
    }
    this.#attempts.succeed(account, address);
    const proved = this.factors.has(row.id);
    if (proved) {
      if (input.code === undefined) throw new AppError('second-factor', 'Enter the code of your authenticator app.');
      await this.factors.verify(row, input.code, address);
    }
    const session = this.sessions.prepare(row, credential, place, proved);
    await operations.commit({ principal: this.#system, local: [session.step], audit: [{ kind: 'sign-in', userId: row.id, subject: account, payload: { address, client: place.client, secondFactor: proved } }] });
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
    const row = this.ownUser(principal);
    if (this.isPublished(row)) throw new AppError('refused', PUBLISHED);
    await this.checkPassword(row, input.current, 'current', address);
    checkNewPassword(input.next, { field: 'next', email: row.email, name: row.name, common: commonPasswords });
    const hash = await hasher.hash(input.next);
    await operations.local('credential.set', { userId: row.id, hash, at: clock.now() }, [{ kind: 'password-changed', userId: row.id, subject: row.email, payload: { address } }]);
    await this.sessions.end({ userId: row.id, except: principal.sessionId, reason: 'password changed' });
  }

  /** Makes the first Super Admin and signs him in. Throws AppError refused once a user exists. */
  async createFirstUser(input: { readonly email: string; readonly name: string; readonly password: string }, place: Place): Promise<OpenedSession> {
    const { operations, hasher, clock, rng, commonPasswords } = this.#options;
    if (!this.needsFirstUser) throw new AppError('refused', 'This workspace has users already. Sign in, or ask an administrator for a code.');
    checkNewPassword(input.password, { field: 'password', ...input, common: commonPasswords });
    const hash = await hasher.hash(input.password);
    const now = clock.now();
    const row: UserRow = { id: uuidv7(clock, rng), revision: 1, createdAt: now, updatedAt: now, email: emailKey(input.email), name: input.name, role: 'super-admin', misRole: 'ADMIN', account: 'Command Centre', customers: 'all', status: 'active' };
    const session = this.sessions.prepare(row, hash, place);
    await operations.commit({
      principal: this.#system,
      mutations: [{ name: 'user.create-first', args: { id: row.id, email: row.email, name: row.name }, options: { at: now } }],
      local: [localStep('credential.set', { userId: row.id, hash, at: now }), session.step],
      audit: [{ kind: 'sign-in', userId: row.id, subject: row.email, payload: { address: place.address, client: place.client } }],
    });
    return session.opened();
  }

  /** The users a principal may see, and how they stand with signing in. */
  users(principal: Principal): readonly ListedUser[] {
    const states = this.#signInStates();
    const names = this.customerNames(principal);
    return this.#options.operations.read.all(user).filter((row) => withinScope(principal, row)).map((row) => listedRow(row, states.get(row.id), names));
  }

  /** One of them; throws AppError not-found. */
  listedUser(principal: Principal, userId: string): ListedUser {
    return listedRow(this.userInScope(principal, userId), this.#signInStates().get(userId), this.customerNames(principal));
  }

  #signInStates(): ReturnType<typeof readSignInStates> {
    return readSignInStates(this.#options.operations.read.database, this.#options.clock.now(), this.sessions.aliveSince());
  }

  /** Names of the customers in a principal's scope, by id. */
  customerNames(principal: Principal): ReadonlyMap<string, string> {
    return new Map(this.customers(principal).map(({ customerId, name }) => [customerId, name]));
  }

  /** The customers a principal may give to users, by name. */
  customers({ scope }: Principal): readonly { readonly customerId: string; readonly name: string }[] {
    const rows = this.#options.operations.read.all(customer).filter(({ id }) => inScope(scope, id));
    return rows.map(({ id, name }) => ({ customerId: id, name })).sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** A user whom the principal may see; throws AppError not-found, with one answer for users out of scope and missing ones. */
  userInScope(principal: Principal, userId: string): UserRow {
    const row = this.#options.operations.read.get(user, userId);
    if (row === undefined || !withinScope(principal, row)) throw new AppError('not-found', 'This user does not exist any more. Refresh the list.');
    return row;
  }

  /** A user whom the principal may manage: not-found, or refused for a Super Admin by anybody but a Super Admin. */
  managedUser(principal: Principal, userId: string): UserRow {
    const row = this.userInScope(principal, userId);
    if (row.role === 'super-admin' && principal.role !== 'super-admin') throw new AppError('refused', 'Only a Super Admin may manage a Super Admin.');
    return row;
  }

  /** The row of a principal who is a person. Throws AppError not-signed-in for one who is gone or a wallboard. */
  ownUser(principal: Principal): UserRow {
    const row = this.#options.operations.read.get(user, principal.userId);
    if (row === undefined) throw new AppError('not-signed-in', 'This user does not exist any more. Sign in as another.');
    return row;
  }

  /** Checks the own password. Throws AppError refused or too-many-attempts. */
  async checkPassword(row: UserRow, password: string, field: string, address: string): Promise<void> {
    const { operations, hasher } = this.#options;
    this.#attempts.begin(row.email, address);
    if (await hasher.verify(password, operations.read.credential(row.id)?.hash)) return this.#attempts.succeed(row.email, address);
    await operations.audit({ kind: 'password-refused', userId: row.id, subject: row.email, payload: { address } });
    throw new AppError('refused', 'The current password is wrong.', { issues: [{ path: field, message: 'The current password is wrong.' }] });
  }

  /** Whether the address's password stands on the login page. */
  isPublished(row: Pick<UserRow, 'email'>): boolean {
    return row.email === this.#options.publishedEmail;
  }

  #missingProof(principal: Principal): AppError | undefined {
    if (this.sessions.isProved(principal.sessionId) || !this.factors.has(principal.userId)) return undefined;
    return new AppError('second-factor', 'Enter the code of your authenticator app to go on.', { stepUp: true });
  }
}
