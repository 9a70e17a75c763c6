import { expect, test } from 'vitest';
import { clientName } from './client-name.ts';
import { createStepUp } from './step-up.ts';

test.each([
  ['Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36', 'Chrome on Windows'],
  ['Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) command-center/0.1.0 Chrome/140.0 Electron/45.4.1 Safari/537.36', 'Desktop app on Linux'],
  ['Mozilla/5.0 (Macintosh; Intel Mac OS X 14_0) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15', 'Safari on macOS'],
  ['curl/8.0', ''],
])('%s is called %j', (agent, name) => expect(clientName(agent)).toBe(name));

test('acts that wait for the second factor go on, or are given up, together', async () => {
  const stepUp = createStepUp();
  const both = [stepUp.ask(), stepUp.ask()];
  expect(stepUp.asking.value).toBe(true);
  stepUp.settle(true);
  expect(await Promise.all(both)).toEqual([true, true]);
  const third = stepUp.ask();
  stepUp.settle(false);
  expect([await third, stepUp.asking.value]).toEqual([false, false]);
});
