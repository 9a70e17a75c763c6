import { z } from 'zod';
import { decodingRun, decodingRuns, DECODING_RUNS } from '../../domain/history/decoding-run.ts';
import { setting } from '../../resources/setting.ts';
import { defineMutator } from '../mutator.ts';
import { requireFullScope } from './rules.ts';
import { settingId } from './setting.ts';

/** Runs remembered; the audit trail has all of them. */
const REMEMBERED = 200;

/** Notes that stored values were decoded again: at the beginning, and once more with the result. */
export const noteDecodingRun = defineMutator({
  name: 'decoding.note',
  args: z.strictObject({ run: decodingRun }),
  access: 'admin.write',
  label: 'Decoded stored values again',
  async run(tx, { run }, { principal }) {
    requireFullScope(principal);
    const id = settingId(DECODING_RUNS);
    const known = await tx.get(setting, id);
    const before = known === undefined ? [] : (decodingRuns.safeParse(known.value).data ?? []);
    const value = [...before.filter((one) => one.id !== run.id), run].slice(-REMEMBERED);
    if (known === undefined) await tx.insert(setting, id, { key: DECODING_RUNS, value });
    else await tx.update(setting, id, { value });
    return { id };
  },
});
