import { mount } from '@vue/test-utils';
import { afterEach, expect, test } from 'vitest';
import { nextTick } from 'vue';
import FilterChips from '../filter/FilterChips.vue';

afterEach(() => (document.body.innerHTML = ''));

test('arrows, Home and End choose among chips, around the ends', async () => {
  const chosen: string[] = [];
  const wrapper = mount(FilterChips, {
    attachTo: document.body,
    props: { label: 'Kind', modelValue: 'a', options: ['a', 'b', 'c'].map((value) => ({ value, label: value })), 'onUpdate:modelValue': (value: string) => void (chosen.push(value), wrapper.setProps({ modelValue: value })) },
  });
  const press = async (key: string): Promise<void> => {
    document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
    await nextTick();
  };
  wrapper.findAll('button')[0]!.element.focus();
  for (const key of ['ArrowRight', 'ArrowLeft', 'ArrowLeft', 'ArrowDown', 'End', 'Home', 'x']) await press(key);
  expect(chosen).toEqual(['b', 'a', 'c', 'a', 'c', 'a']);
  expect(wrapper.findAll('button').map((button) => button.attributes('tabindex'))).toEqual(['0', '-1', '-1']);
  expect(document.activeElement?.textContent?.trim()).toBe('a');
});
