import { computed, onScopeDispose, shallowRef, type ComputedRef } from 'vue';
import type { Rpc } from '#renderer/app/rpc/rpc.ts';
import type { Choice } from './RuleForm.vue';

/** Models and customers a rule can name; empty until they came. */
export function useFleetNames(rpc: Rpc): { readonly models: ComputedRef<readonly Choice[]>; readonly customers: ComputedRef<readonly Choice[]>; readonly byId: ComputedRef<ReadonlyMap<string, string>> } {
  const models = shallowRef<readonly Choice[]>([]);
  const customers = shallowRef<readonly Choice[]>([]);
  let alive = true;
  onScopeDispose(() => (alive = false));
  const byLabel = (a: Choice, b: Choice): number => (a.label < b.label ? -1 : 1);
  void rpc.call('fleet.directory', {}).then(
    (answer) => {
      if (!alive) return;
      models.value = [...new Map(answer.vehicles.flatMap(({ modelId, model }) => (modelId === undefined ? [] : [[modelId, { value: modelId, label: model }]]))).values()].sort(byLabel);
      customers.value = answer.customers.map(({ customerId, name }) => ({ value: customerId, label: name })).sort(byLabel);
    },
    () => undefined,
  );
  return { models: computed(() => models.value), customers: computed(() => customers.value), byId: computed(() => new Map([...models.value, ...customers.value].map(({ value, label }) => [value, label]))) };
}
