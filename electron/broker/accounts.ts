import { createHash, timingSafeEqual } from 'node:crypto';
import { TOPIC_LEVEL_PATTERN } from '#shared/domain/telemetry/adapters/topic.ts';
import { BROKER_LIMITS } from './limits.ts';
import type { Account } from './topic-rules.ts';

/** User names that no Device ID can be. */
export const CORE_USER = '$core';
export const SIMULATOR_USER = '$simulator';

export interface AccountSecrets {
  /** Random, made at every start. */
  readonly core: string;
  /** Only in the demo. */
  readonly simulator?: string;
  /** What every unit signs in with; undefined: units need none, which is for loopback only. */
  readonly units?: string;
}

export type SignIn = { readonly account: Account } | { readonly refused: 'credentials' | 'client-id' | 'full' };

/** Decides who a connecting client is. Passwords are compared by digest in constant time. */
export class Accounts {
  readonly #core: Buffer;
  readonly #simulator: Buffer | undefined;
  readonly #units: Buffer | undefined;
  readonly #devices = new Set<string>();

  constructor(secrets: AccountSecrets) {
    this.#core = digest(secrets.core);
    this.#simulator = secrets.simulator === undefined ? undefined : digest(secrets.simulator);
    this.#units = secrets.units === undefined ? undefined : digest(secrets.units);
  }

  /** Device IDs that have signed in since the start. */
  get devices(): number {
    return this.#devices.size;
  }

  signIn(clientId: string, user: string | undefined, password: Uint8Array | undefined): SignIn {
    const given = digest(password ?? '');
    if (user === CORE_USER) return timingSafeEqual(given, this.#core) ? { account: { kind: 'core' } } : { refused: 'credentials' };
    if (user === SIMULATOR_USER) {
      return this.#simulator && timingSafeEqual(given, this.#simulator) ? { account: { kind: 'simulator' } } : { refused: 'credentials' };
    }
    if (user === undefined || !TOPIC_LEVEL_PATTERN.test(user)) return { refused: 'credentials' };
    if (this.#units && !timingSafeEqual(given, this.#units)) return { refused: 'credentials' };
    // With another unit's client id it could close that unit's connection.
    if (clientId !== user) return { refused: 'client-id' };
    if (!this.#devices.has(user) && this.#devices.size >= BROKER_LIMITS.devices) return { refused: 'full' };
    this.#devices.add(user);
    return { account: { kind: 'unit', device: user } };
  }
}

function digest(secret: string | Uint8Array): Buffer {
  return createHash('sha256').update(secret).digest();
}
