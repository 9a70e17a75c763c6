import { mount } from '@vue/test-utils';
import { afterEach, describe, expect, test } from 'vitest';
import type { NumberAnswer } from '#shared/contract/commissioning.ts';
import { createFakeRpc } from '#renderer/test-support/fake-rpc.ts';
import { mountWithShell, settle, USER, type Mounted } from '#renderer/test-support/mount-with-shell.ts';
import { coreText } from '#renderer/ui/messages/core-texts.ts';
import { currentLocale } from '#renderer/ui/messages/locale.ts';
import { answerText } from './answer-words.ts';
import BenchStep from './components/BenchStep.vue';
import NumberStep from './components/NumberStep.vue';
import ReviewStep from './components/ReviewStep.vue';
import { emptyDraft, type Setup } from './draft.ts';

let mounted: Mounted | undefined;
afterEach(() => {
  mounted?.wrapper.unmount();
  currentLocale.value = 'en';
  document.body.innerHTML = '';
});
const SETUP = { models: [], customers: [], cities: [], today: '2026-11-24' } as unknown as Setup;

describe('the question for a number', () => {
  test('takes no answer for a number that another scan has replaced', async () => {
    const answers = new Map<string, () => void>();
    const rpc = createFakeRpc({ 'commission.check': ({ typed }) => new Promise<NumberAnswer>((resolve) => answers.set(typed, () => resolve({ number: typed.toUpperCase(), state: 'free', available: true }))) });
    mounted = await mountWithShell(NumberStep, { rpc, user: USER, props: { kind: 'motor', known: undefined } });
    const { wrapper } = mounted;
    const scan = async (text: string): Promise<void> => {
      await wrapper.get('input').setValue(text);
      await wrapper.get('form').trigger('submit');
    };
    await scan('m1');
    await scan('m2');
    answers.get('m1')?.();
    await settle();
    expect([wrapper.get('input').element.value, wrapper.emitted('accept')]).toEqual(['m2', undefined]);
    answers.get('m2')?.();
    await settle();
    expect(wrapper.emitted('accept')?.map(([answer]) => (answer as NumberAnswer).number)).toEqual(['M2']);
  });

  test('says in the language of the window why a number is none', () => {
    const problem = 'At most 60 characters.';
    currentLocale.value = 'hi';
    expect(answerText('motor', { number: 'x', state: 'invalid', available: false, problem })).toBe(coreText(problem, 'hi'));
  });
});

describe('the bench step', () => {
  const subject = { deviceId: 'tcu-1', modelId: 'm', bmsId: 'b' };
  const item = (verdict: 'passed' | 'failed') => ({ benchId: 'bench', verdict, at: 2, since: 1, results: [] });
  const button = (name: string) => mounted!.wrapper.findAll('button').find((one) => one.text() === name);
  test('lets one think better of a skip, and asks no reason of a vehicle that passes after all', async () => {
    const rpc = createFakeRpc();
    mounted = await mountWithShell(BenchStep, { rpc, user: USER, props: { subject } });
    rpc.push('commission.bench', item('failed') as never);
    await settle();
    await button('Skip the check')?.trigger('click');
    expect(mounted.wrapper.find('input').exists()).toBe(true);
    await button('Cancel')?.trigger('click');
    expect(mounted.wrapper.find('input').exists()).toBe(false);
    await button('Accept in spite of failures')?.trigger('click');
    rpc.push('commission.bench', item('passed') as never);
    await settle();
    await mounted.wrapper.get('form').trigger('submit');
    expect(mounted.wrapper.emitted('accept')).toEqual([[{ result: 'passed', benchId: 'bench' }]]);
  });
});

test('the review shows the address and dates as they are read, and choices in the language of the window', () => {
  const draft = emptyDraft();
  Object.assign(draft.form, { address1: '12 MG Road', address3: 'Near the lake', purchaseDate: '2026-11-24', productStatus: 'In Stock' });
  currentLocale.value = 'hi';
  const wrapper = mount(ReviewStep, { props: { draft, setup: SETUP } });
  const cells = wrapper.findAll('td strong').map((cell) => cell.text());
  expect(cells).toContain('12 MG Road');
  expect(cells).toContain('Near the lake');
  expect(cells).toContain('24-Nov-2026');
  expect(cells).toContain(coreText('In Stock', 'hi'));
});
