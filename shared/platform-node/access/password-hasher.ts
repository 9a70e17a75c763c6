import { hash, verify } from '@node-rs/argon2';
import { AppError } from '#shared/kernel/error.ts';

export interface HashCost {
  /** Kilobytes of memory of one hash. */
  readonly memory: number;
  readonly passes: number;
}

/** 64 MiB and three passes: above OWASP's first choice (46 MiB, one pass) and some 100 ms on a desktop. */
export const DEFAULT_COST: HashCost = { memory: 65_536, passes: 3 };
/** Hashes at a time; each holds its memory and a thread of the pool that files and databases use too. */
const CONCURRENT = 2;
/** Hashes that may wait; more are refused at once. */
const WAITING = 16;

export interface PasswordHasher {
  /** Argon2id hash in PHC string format, with a salt of its own. */
  hash(password: string): Promise<string>;
  /** Whether the password has this hash. Without a hash (unknown account) it takes as long and gives false. */
  verify(password: string, hash: string | undefined): Promise<boolean>;
}

/** Argon2id, two hashes at a time. Throws AppError unavailable when too many wait. */
export function createPasswordHasher(cost: HashCost = DEFAULT_COST): PasswordHasher {
  const waiting: (() => void)[] = [];
  let running = 0;
  let stranger: Promise<string> | undefined;

  async function turn<T>(work: () => Promise<T>): Promise<T> {
    if (running >= CONCURRENT) {
      if (waiting.length >= WAITING) throw new AppError('unavailable', 'Too many people are signing in at once. Try again in a moment.');
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else {
      running += 1;
    }
    try {
      return await work();
    } finally {
      // The next one takes over the place, so that a newcomer cannot slip in between.
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  }

  const make = (password: string): Promise<string> => turn(() => hash(password, { memoryCost: cost.memory, timeCost: cost.passes, parallelism: 1 }));

  return {
    hash: make,
    async verify(password, known) {
      stranger ??= make('nobody has this password').catch((error: unknown) => {
        stranger = undefined;
        throw error;
      });
      const target = known ?? (await stranger);
      const matches = await turn(() => verify(target, password));
      return known !== undefined && matches;
    },
  };
}
