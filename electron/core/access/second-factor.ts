import { matchingStep, otpauthUri, SECRET_BYTES, toBase32 } from '#shared/domain/access/totp.ts';
import { AppError } from '#shared/kernel/error.ts';
import type { SecretStore } from '#core/app/deps.ts';
import type { Clock, Log, Rng } from '#shared/kernel/ports.ts';
import type { AuditNote, Operations } from '#core/store/operations/operations.ts';
import { countRecovery, readFactor, readFactorSecrets } from '#core/store/operations/local/access-reads.ts';
import type { AttemptGuard } from '#shared/domain/access/attempts.ts';
import { newRecoveryCode, recoveryHash } from '#shared/domain/access/tokens.ts';
import { FactorVault } from './factor-vault.ts';

/** Recovery codes that are given out together. */
const RECOVERY_CODES = 10;
/** A secret that was shown waits this long for its first code, ms. */
const ENROL_TIME = 15 * 60_000;
/** Enrolments that may wait at a time. */
const ENROL_BOUND = 1_000;

export interface SecondFactorOptions {
  readonly operations: Operations;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly attempts: AttemptGuard;
  /** Keeps the key under which the secrets are stored. */
  readonly secrets: SecretStore;
  readonly log: Log;
  /** Name of this installation in the authenticator app. */
  readonly issuer: string;
}

/** Whose factor it is, and where the request comes from. */
export interface FactorOwner {
  readonly id: string;
  readonly email: string;
}

/** Time-based one-time passwords (RFC 6238) with recovery codes. */
export class SecondFactors {
  readonly #options: SecondFactorOptions;
  readonly #vault: FactorVault;
  readonly #enrolments = new Map<string, { readonly secret: Uint8Array; readonly until: number }>();

  constructor(options: SecondFactorOptions) {
    this.#options = options;
    this.#vault = new FactorVault(options);
  }

  /** Protects the secrets that an earlier version stored plainly; returns how many. */
  async sealStored(): Promise<number> {
    const { operations } = this.#options;
    const plain = readFactorSecrets(operations.read.database).filter(({ secret }) => this.#vault.isPlain(secret));
    for (const { userId, secret } of plain) await operations.local('factor.seal', { userId, plain: secret, sealed: await this.#vault.seal(userId, Buffer.from(secret, 'hex')) });
    return plain.length;
  }

  has(userId: string): boolean {
    return readFactor(this.#options.operations.read.database, userId) !== undefined;
  }

  /** Since when the user has a factor (epoch ms), and how many recovery codes are left. */
  state(userId: string): { readonly since: number | undefined; readonly recoveryLeft: number } {
    const { database } = this.#options.operations.read;
    return { since: readFactor(database, userId)?.confirmedAt, recoveryLeft: countRecovery(database, userId) };
  }

  /** Makes a secret to be put into an authenticator app; it takes effect with `confirm`. */
  begin(owner: FactorOwner): { readonly secret: string; readonly uri: string } {
    const { rng, clock, issuer } = this.#options;
    const secret = rng.bytes(SECRET_BYTES);
    this.#enrolments.delete(owner.id);
    this.#enrolments.set(owner.id, { secret, until: clock.now() + ENROL_TIME });
    if (this.#enrolments.size > ENROL_BOUND) this.#enrolments.delete(this.#enrolments.keys().next().value ?? '');
    return { secret: toBase32(secret), uri: otpauthUri(secret, { issuer, account: owner.email }) };
  }

  /** Stores the factor once the app shows the right code; returns the recovery codes, which are shown this once. Throws AppError refused or too-many-attempts. */
  async confirm(owner: FactorOwner, code: string, address: string): Promise<readonly string[]> {
    const { operations, clock, attempts } = this.#options;
    const enrolment = this.#enrolments.get(owner.id);
    if (enrolment === undefined || enrolment.until <= clock.now()) throw new AppError('refused', 'This setup has expired. Begin again.');
    attempts.begin(attemptName(owner), address);
    const step = matchingStep(enrolment.secret, code, clock.now(), 0);
    if (step === undefined) throw wrongCode('The code is not right. Check that the clock of the phone is set automatically, and enter the code that is shown now.');
    attempts.succeed(attemptName(owner), address);
    this.#enrolments.delete(owner.id);
    const codes = this.#newCodes();
    await operations.local('factor.set', { userId: owner.id, secret: await this.#vault.seal(owner.id, enrolment.secret), step, recovery: codes.map((one) => recoveryHash(owner.id, one)), at: clock.now() }, [note('second-factor-set', owner, address)]);
    return codes;
  }

  /** Accepts a code of the app or a recovery code, each once. Throws AppError second-factor or too-many-attempts. */
  async verify(owner: FactorOwner, code: string, address: string): Promise<void> {
    const { operations, clock, attempts, log } = this.#options;
    const factor = readFactor(operations.read.database, owner.id);
    attempts.begin(attemptName(owner), address);
    const secret = factor === undefined ? undefined : await this.#vault.open(owner.id, factor.secret);
    const step = factor === undefined || secret === undefined ? undefined : matchingStep(secret, code, clock.now(), factor.lastStep);
    const accepted = step === undefined ? await this.#recover(owner, code, address) : await operations.local('factor.use', { userId: owner.id, step });
    if (!accepted) {
      await operations.audit(note('second-factor-refused', owner, address));
      if (factor !== undefined && secret === undefined) {
        log.write('error', 'the key of a second factor is not in the secret store', { userId: owner.id });
        throw wrongCode('Codes of the app cannot be checked: the key for them is not on this computer. Enter a recovery code, or have an administrator reset the second factor.');
      }
      throw wrongCode('The code is not right, or it was used already. Enter the code that is shown now.');
    }
    attempts.succeed(attemptName(owner), address);
  }

  /** New recovery codes; the old ones are dead. */
  async renewRecovery(owner: FactorOwner, address: string): Promise<readonly string[]> {
    const codes = this.#newCodes();
    await this.#options.operations.local('factor.renew-recovery', { userId: owner.id, recovery: codes.map((one) => recoveryHash(owner.id, one)) }, [note('recovery-codes-renewed', owner, address)]);
    return codes;
  }

  /** Removes the factor; `by` is who does. */
  async remove(owner: FactorOwner, by: string, address: string): Promise<void> {
    await this.#options.operations.local('factor.remove', { userId: owner.id }, [{ kind: 'second-factor-removed', userId: by, subject: owner.email, payload: { for: owner.id, address } }]);
  }

  async #recover(owner: FactorOwner, code: string, address: string): Promise<boolean> {
    const { operations, clock } = this.#options;
    const taken = await operations.local('factor.recover', { userId: owner.id, hash: recoveryHash(owner.id, code), at: clock.now() });
    if (taken) await operations.audit(note('recovery-code-used', owner, address));
    return taken;
  }

  #newCodes(): string[] {
    return Array.from({ length: RECOVERY_CODES }, () => newRecoveryCode(this.#options.rng));
  }
}

// Not the name of the password's attempts: a known password must not pay for guessing codes.
const attemptName = (owner: FactorOwner): string => `factor:${owner.id}`;

function note(kind: string, owner: FactorOwner, address: string): AuditNote {
  return { kind, userId: owner.id, subject: owner.email, payload: { address } };
}

function wrongCode(message: string): AppError {
  return new AppError('second-factor', message, { issues: [{ path: 'code', message }] });
}
