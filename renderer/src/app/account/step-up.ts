import { ref, type Ref } from 'vue';

/** Where an act waits for the second factor to be shown again. */
export interface StepUp {
  readonly asking: Readonly<Ref<boolean>>;
  /** Resolves once the person has shown it, or with false when the act was given up; acts that wait together are answered together. */
  ask(): Promise<boolean>;
  settle(shown: boolean): void;
}

export function createStepUp(): StepUp {
  const asking = ref(false);
  const waiting = new Set<(shown: boolean) => void>();
  return {
    asking,
    ask() {
      asking.value = true;
      return new Promise((resolve) => waiting.add(resolve));
    },
    settle(shown) {
      asking.value = false;
      for (const resolve of [...waiting]) resolve(shown);
      waiting.clear();
    },
  };
}
