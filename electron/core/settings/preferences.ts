import type { Operations } from '#core/store/operations/operations.ts';
import type { AppContract } from '#shared/contract/index.ts';
import type { Principal } from '#shared/domain/access/principal.ts';
import { AppError } from '#shared/kernel/error.ts';
import { preference } from '#shared/resources/preference.ts';
import { principalOf, type Handlers } from '#shared/rpc/handlers.ts';
import { PREFERENCE_LIMIT, preferenceId } from '#shared/sync/mutators/setting.ts';
import { z } from 'zod';

export type PreferenceHandlers = Pick<Handlers<AppContract, Principal>, 'preferences.get' | 'preferences.set'>;

const json = z.json();

/** Handlers of a user's own choices. */
export function preferenceHandlers(operations: Operations): PreferenceHandlers {
  return {
    'preferences.get': ({ key }, context) => {
      const row = operations.read.get(preference, preferenceId(principalOf(context).userId, key));
      return row === undefined ? {} : { value: row.value };
    },
    'preferences.set': async ({ key, value }, context) => {
      const parsed = value === undefined || value === null ? undefined : json.parse(value);
      if (parsed !== undefined && JSON.stringify(parsed).length > PREFERENCE_LIMIT) throw new AppError('too-large', 'This choice is too large to be remembered.', { limit: PREFERENCE_LIMIT });
      // A wallboard looks and writes nothing.
      if (principalOf(context).role === 'wallboard') return {};
      await operations.mutate(principalOf(context), 'preference.set', parsed === undefined ? { key } : { key, value: parsed });
      return {};
    },
  };
}
