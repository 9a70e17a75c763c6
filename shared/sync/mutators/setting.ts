import { z } from 'zod';
import { uuidv5 } from '../../kernel/ids.ts';
import { AppError } from '../../kernel/error.ts';
import { preference } from '../../resources/preference.ts';
import { setting } from '../../resources/setting.ts';
import { defineMutator } from '../mutator.ts';

/** Largest preference, characters of JSON, and how many a user may have. */
export const PREFERENCE_LIMIT = 16_384;
export const PREFERENCE_COUNT = 200;

/** Id of a setting; equal on every node, so that two nodes which set it first do not clash. */
export const settingId = (key: string): string => uuidv5(`setting:${key}`);
export const preferenceId = (userId: string, key: string): string => uuidv5(`preference:${userId}:${key}`);

export const setSetting = defineMutator({
  name: 'setting.set',
  args: z.strictObject({ key: setting.fields.key.schema, value: z.json().optional() }),
  access: 'settings.manage',
  label: 'Changed a setting',
  async run(tx, { key, value }) {
    const id = settingId(key);
    const known = await tx.get(setting, id);
    if (value === undefined) {
      if (known !== undefined) await tx.delete(setting, id);
    } else if (known === undefined) {
      await tx.insert(setting, id, { key, value });
    } else {
      await tx.update(setting, id, { value });
    }
    return { id };
  },
});

/** One of the author's own preferences; a missing value removes it. */
export const setPreference = defineMutator({
  name: 'preference.set',
  args: z.strictObject({ key: preference.fields.key.schema, value: z.json().optional() }),
  access: 'signed-in',
  label: 'Changed a preference',
  audited: false,
  async run(tx, { key, value }, { principal }) {
    const id = preferenceId(principal.userId, key);
    const known = await tx.get(preference, id);
    if (value !== undefined && JSON.stringify(value).length > PREFERENCE_LIMIT) throw new AppError('too-large', 'This choice is too large to be remembered.', { limit: PREFERENCE_LIMIT });
    if (value === undefined) {
      if (known !== undefined) await tx.delete(preference, id);
    } else if (known === undefined) {
      const others = await tx.find(preference, { userId: principal.userId }, { limit: PREFERENCE_COUNT });
      if (others.length === PREFERENCE_COUNT) throw new AppError('too-large', 'Too many choices are remembered already.', { limit: PREFERENCE_COUNT });
      await tx.insert(preference, id, { userId: principal.userId, key, value });
    } else {
      await tx.update(preference, id, { value });
    }
    return { id };
  },
});
