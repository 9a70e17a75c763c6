import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import type { AttemptGuard } from '#shared/domain/access/attempts.ts';
import { newRecoveryCode, recoveryHash } from '#shared/domain/access/tokens.ts';
import { matchingStep, otpauthUri, SECRET_BYTES, toBase32 } from '#shared/domain/access/totp.ts';
import { AppError } from '#shared/kernel/error.ts';
import type { Clock, Rng } from '#shared/kernel/ports.ts';
import { appendServerAudit } from '../store/audit.ts';
import type { ServerStore } from '../store/server-store.ts';
import { factorOf } from './sessions.ts';

const RECOVERY_CODES = 10;
/** A secret that was shown waits this long for its first code, ms. */
const ENROL_TIME = 15 * 60_000;
/** Setups that may wait at a time; the oldest goes. */
const ENROL_BOUND = 1_000;

interface Owner {
  readonly id: string;
  readonly email: string;
}

export interface ServerFactorsOptions {
  readonly store: ServerStore;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly attempts: AttemptGuard;
  /** Name of this installation in the authenticator app. */
  readonly issuer: string;
}

/** Time-based one-time passwords (RFC 6238) with recovery codes. */
export class ServerFactors {
  readonly #options: ServerFactorsOptions;
  readonly #setups = new Map<string, { readonly secret: Uint8Array; readonly until: number }>();

  constructor(options: ServerFactorsOptions) {
    this.#options = options;
  }

  /** Makes a secret for an authenticator app; it takes effect with `confirm`. */
  begin(owner: Owner): { readonly secret: string; readonly uri: string } {
    const { rng, clock, issuer } = this.#options;
    const secret = rng.bytes(SECRET_BYTES);
    this.#setups.delete(owner.id);
    this.#setups.set(owner.id, { secret, until: clock.now() + ENROL_TIME });
    if (this.#setups.size > ENROL_BOUND) this.#setups.delete(this.#setups.keys().next().value ?? '');
    return { secret: toBase32(secret), uri: otpauthUri(secret, { issuer, account: owner.email }) };
  }

  /** Stores the factor once the app shows the right code; returns the recovery codes, shown this once. Throws AppError refused, second-factor or too-many-attempts. */
  async confirm(owner: Owner, code: string, address: string): Promise<readonly string[]> {
    const { store, clock, rng, attempts } = this.#options;
    const setup = this.#setups.get(owner.id);
    if (setup === undefined || setup.until <= clock.now()) throw new AppError('refused', 'This setup has expired. Begin again.');
    attempts.begin(attemptName(owner), address);
    const step = matchingStep(setup.secret, code, clock.now(), 0);
    if (step === undefined) throw wrongCode();
    const codes = Array.from({ length: RECOVERY_CODES }, () => newRecoveryCode(rng));
    await store.write(async (tx) => {
      if ((await factorOf(tx.sql, owner.id)) !== undefined) throw new AppError('refused', 'This account has a second factor already.');
      await tx.sql.run('INSERT INTO second_factor (user_id, secret, last_step, confirmed_at) VALUES (?, ?, ?, ?)', [owner.id, bytesToHex(setup.secret), step, clock.now()]);
      for (const one of codes) await tx.sql.run('INSERT INTO recovery_code (user_id, hash) VALUES (?, ?)', [owner.id, recoveryHash(owner.id, one)]);
      await appendServerAudit(tx.sql, store.nodeId, { at: clock.now(), kind: 'second-factor-set', userId: owner.id, subject: owner.email, payload: { address } });
    });
    this.#setups.delete(owner.id);
    attempts.succeed(attemptName(owner), address);
    return codes;
  }

  /** Accepts a code of the app or a recovery code, each once. Throws AppError second-factor or too-many-attempts. */
  async verify(owner: Owner, code: string, address: string): Promise<void> {
    const { store, clock, attempts } = this.#options;
    attempts.begin(attemptName(owner), address);
    const accepted = await store.write(async (tx) => {
      const factor = await factorOf(tx.sql, owner.id);
      const step = factor === undefined ? undefined : matchingStep(hexToBytes(factor.secret), code, clock.now(), factor.lastStep);
      const changed =
        step === undefined
          ? await tx.sql.run('UPDATE recovery_code SET used_at = ? WHERE user_id = ? AND hash = ? AND used_at IS NULL', [clock.now(), owner.id, recoveryHash(owner.id, code)])
          : await tx.sql.run('UPDATE second_factor SET last_step = ? WHERE user_id = ? AND last_step < ?', [step, owner.id, step]);
      if (changed !== 1) await appendServerAudit(tx.sql, store.nodeId, { at: clock.now(), kind: 'second-factor-refused', userId: owner.id, subject: owner.email, payload: { address } });
      return changed === 1;
    });
    if (!accepted) throw wrongCode();
    attempts.succeed(attemptName(owner), address);
  }
}

// Not the name of the password's attempts: a known password must not pay for guessing codes.
const attemptName = (owner: Owner): string => `factor:${owner.id}`;

function wrongCode(): AppError {
  return new AppError('second-factor', 'The code is not right, or it was used already. Enter the code that is shown now.');
}
