import { afterEach, expect, test } from 'vitest';
import { createFakeRpc } from '#renderer/test-support/fake-rpc.ts';
import { mountWithShell, settle, USER } from '#renderer/test-support/mount-with-shell.ts';
import { provideAlerts } from '#renderer/live/use-alerts.ts';
import { defineComponent, h } from 'vue';
import AlertSide from './components/AlertSide.vue';

afterEach(() => (document.body.innerHTML = ''));

test('bars of cities lead to their alerts; vehicles without a city and the rest are shown and lead nowhere', async () => {
  const byLocation = [...Array.from({ length: 9 }, (_, i) => ({ cityId: `c${i}`, city: `City ${i}`, count: 20 - i })), { city: '', count: 2 }];
  const rpc = createFakeRpc({ 'alerts.charts': () => ({ perDay: [], top: [], byLocation, otherLocations: 7 }) });
  const picked: string[] = [];
  const Host = defineComponent({ setup: () => (provideAlerts(rpc, false), () => h(AlertSide, { filter: {}, onLocation: (cityId: string) => picked.push(cityId) })) });
  const { wrapper } = await mountWithShell(Host, { rpc, user: USER });
  await settle();
  const lines = wrapper.findAll('.count-bars .line');
  expect(lines).toHaveLength(11);
  expect(lines.slice(-2).map((line) => [line.element.tagName, line.text()])).toEqual([['DIV', 'No city2'], ['DIV', 'Others7']]);
  await lines[0]!.trigger('click');
  expect(picked).toEqual(['c0']);
});
