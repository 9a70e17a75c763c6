import { expect, test } from 'vitest';
import { AppError } from '#shared/kernel/error.ts';
import { sendOnce, type WriteHolder } from './send-once.ts';

test('a write whose answer was lost is sent again under its id; a refused, an answered or a changed one is another write', async () => {
  const holder: WriteHolder = {};
  const ids: string[] = [];
  const send = (vin: string, failure?: AppError): Promise<unknown> =>
    sendOnce(holder, { vin }, async (_args, requestId) => {
      ids.push(requestId);
      if (failure) throw failure;
    }).catch(() => undefined);
  const lost = new AppError('unavailable', 'The connection was lost.');
  await send('A', lost);
  await send('A', new AppError('conflict', 'A is bound.'));
  await send('A', lost);
  await send('B', lost);
  await send('B');
  await send('B');
  const [lostOnce, again, afterRefusal, changed, changedAgain, next] = ids;
  expect([again === lostOnce, afterRefusal === again, changed === afterRefusal, changedAgain === changed, next === changed]).toEqual([true, false, false, true, false]);
});
