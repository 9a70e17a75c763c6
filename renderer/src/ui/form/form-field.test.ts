import { mount } from '@vue/test-utils';
import { ElSwitch } from 'element-plus';
import { expect, test } from 'vitest';
import { defineComponent, nextTick } from 'vue';
import FormField from './FormField.vue';

test('what is wrong with a switch is said of the switch itself', async () => {
  const Field = defineComponent({
    components: { ElSwitch, FormField },
    props: { error: { type: String, required: false } },
    template: '<FormField v-slot="{ id }" label="Enabled" :error="error" required><ElSwitch :id="id" :model-value="false" /></FormField>',
  });
  const wrapper = mount(Field, { attachTo: document.body });
  await nextTick();
  const control = wrapper.get('[role="switch"]');
  expect([control.attributes('aria-required'), control.attributes('aria-invalid'), control.attributes('aria-describedby')]).toEqual(['true', undefined, undefined]);
  await wrapper.setProps({ error: 'Switch it on.' });
  expect(control.attributes('aria-invalid')).toBe('true');
  expect(document.getElementById(control.attributes('aria-describedby') ?? '')?.textContent).toBe('Switch it on.');
  await wrapper.setProps({ error: undefined });
  expect(control.attributes('aria-invalid')).toBeUndefined();
  wrapper.unmount();
});
