import { onMounted, onScopeDispose, shallowRef, type Ref, type ShallowRef } from 'vue';

/** The inner size of an element in whole px, followed as it changes; 0 × 0 before it is on screen. */
export function useElementSize(element: Readonly<Ref<HTMLElement | null>>): Readonly<ShallowRef<{ width: number; height: number }>> {
  const size = shallowRef({ width: 0, height: 0 });
  let observer: ResizeObserver | undefined;
  const measure = (): void => {
    if (!element.value) return;
    const width = element.value.clientWidth;
    const height = element.value.clientHeight;
    if (width !== size.value.width || height !== size.value.height) size.value = { width, height };
  };
  onMounted(() => {
    measure();
    if (!element.value) return;
    observer = new ResizeObserver(measure);
    observer.observe(element.value);
  });
  onScopeDispose(() => observer?.disconnect());
  return size;
}
