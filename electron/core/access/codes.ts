import type { Principal } from '#shared/domain/access/principal.ts';
import { systemPrincipal } from '#shared/domain/access/principal.ts';
import { AppError } from '#shared/kernel/error.ts';
import { uuidv7 } from '#shared/kernel/ids.ts';
import type { Clock, Rng } from '#shared/kernel/ports.ts';
import { emailKey } from '#shared/resources/normalise.ts';
import { user, type UserRow } from '#shared/resources/user.ts';
import { localStep, type Operations } from '#core/store/operations/operations.ts';
import type { AttemptGuard } from '#shared/domain/access/attempts.ts';
import { NOBODY, PUBLISHED } from './constants.ts';
import { withinScope } from './identity.ts';
import type { PasswordHasher } from '#shared/platform-node/access/password-hasher.ts';
import { checkNewPassword, type CommonPasswords } from '#shared/platform-node/access/password-rules.ts';
import type { Sessions } from './sessions.ts';
import { codeHash, newCode } from '#shared/domain/access/tokens.ts';

/** How long a one-time code is good, ms: for one who forgot the password, and for one who was invited. */
export const RESET_LIFE = 30 * 60_000;
export const ACTIVATION_LIFE = 72 * 3_600_000;

export interface OneTimeCodesOptions {
  readonly operations: Operations;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly hasher: PasswordHasher;
  readonly commonPasswords: CommonPasswords;
  readonly attempts: AttemptGuard;
  readonly sessions: Sessions;
  readonly publishedEmail?: string;
}

export interface IssuedCode {
  readonly code: string;
  /** Epoch ms. */
  readonly validUntil: number;
  readonly purpose: 'activation' | 'reset';
}

/** Invitation and reset without a server: a code that an administrator shows, good for one password. */
export class OneTimeCodes {
  readonly #options: OneTimeCodesOptions;

  constructor(options: OneTimeCodesOptions) {
    this.#options = options;
  }

  /** A one-time code for a user who cannot sign in: shown once, stored as a hash. Throws AppError not-found or refused. */
  async issue(principal: Principal, email: string): Promise<IssuedCode> {
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
    const purpose = row.status === 'invited' ? 'activation' : 'reset';
    const args = { id: uuidv7(clock, rng), userId: row.id, hash: codeHash(row.id, code), issuedBy: principal.userId, at: now, expiresAt: now + (purpose === 'activation' ? ACTIVATION_LIFE : RESET_LIFE) };
    await operations.local('code.issue', args, [{ kind: `${purpose}-code-issued`, userId: principal.userId, subject: row.email, payload: { for: row.id } }]);
    return { code, validUntil: args.expiresAt, purpose };
  }

  /**
   * Sets a password by a one-time code and activates an invited user. Throws AppError refused (one answer for an unknown address and a wrong
   * code), invalid-input for a password that breaks the rules, or too-many-attempts.
   */
  async redeem(input: { readonly email: string; readonly code: string; readonly password: string }, address: string): Promise<void> {
    const { operations, hasher, clock, commonPasswords, attempts, sessions } = this.#options;
    const account = emailKey(input.email);
    checkNewPassword(input.password, { field: 'password', email: account, name: '', common: commonPasswords });
    attempts.begin(`code:${account}`, address);
    const row = operations.read.findUnique(user, 'email', account);
    // Hashed for strangers too: the answer takes as long as for a user.
    const credentialHash = await hasher.hash(input.password);
    const userId = row === undefined || row.status === 'disabled' || row.status === 'locked' ? NOBODY : row.id;
    const at = clock.now();
    const hash = codeHash(userId, input.code);
    if (!(await operations.local('code.check', { userId, hash, at })) || row === undefined) {
      await operations.audit({ kind: 'password-reset-refused', userId, subject: account, payload: { address } });
      throw new AppError('refused', 'Address or code is wrong, or the code has expired. Ask an administrator for a new one.');
    }
    const activate = row.status === 'invited';
    const { local } = await operations.commit({
      principal: systemPrincipal(operations.nodeId),
      mutations: activate ? [{ name: 'user.update', args: { id: row.id, edit: { set: { status: 'active' } } } }] : [],
      local: [localStep('code.redeem', { userId, hash, credentialHash, at })],
      audit: [{ kind: activate ? 'user-activated' : 'password-reset', userId: row.id, subject: account, payload: { address } }],
    });
    sessions.closed(local[0] as string[]);
    attempts.succeed(`code:${account}`, address);
    attempts.succeed(account, address);
  }
}

function refusedCode(principal: Principal, target: UserRow): string | undefined {
  if (target.role === 'super-admin' && principal.role !== 'super-admin') return 'Only a Super Admin may issue a code for a Super Admin.';
  if (target.status === 'disabled' || target.status === 'locked') return `This user is ${target.status}. Make the user active first.`;
  return undefined;
}
