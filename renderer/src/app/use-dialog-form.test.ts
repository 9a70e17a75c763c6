import { expect, test } from 'vitest';
import { effectScope, nextTick, ref } from 'vue';
import { AppError } from '#shared/kernel/error.ts';
import { useDialogForm, type DialogForm } from './use-dialog-form.ts';

test('a form in a dialog is carried out only while valid, says what failed, and begins anew when it opens again', async () => {
  const visible = ref(false);
  const text = ref('');
  const outcomes: (() => Promise<string | undefined>)[] = [async () => 'One was refused.', () => Promise.reject(new AppError('unavailable', 'No connection.')), async () => void (visible.value = false)];
  let runs = 0;
  const form = effectScope().run(() => useDialogForm(visible, { reset: () => (text.value = ''), valid: () => text.value !== '', run: () => outcomes[runs++]!() })) as DialogForm;
  visible.value = true;
  await nextTick();
  await form.submit();
  expect([form.tried.value, runs]).toEqual([true, 0]);
  text.value = 'because';
  await form.submit();
  expect(form.problem.value).toBe('One was refused.');
  await form.submit();
  expect([form.problem.value, text.value]).toEqual(['No connection.', 'because']);
  await form.submit();
  expect([form.problem.value, visible.value, form.busy.value]).toEqual([undefined, false, false]);
  await nextTick();
  visible.value = true;
  await nextTick();
  await nextTick();
  expect([text.value, form.tried.value]).toEqual(['', false]);
});
