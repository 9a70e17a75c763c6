import { onScopeDispose, ref, type Ref } from 'vue';
import { onBeforeRouteLeave, onBeforeRouteUpdate } from 'vue-router';

/** What was entered and not saved: it is given up only when the user says so in the DiscardDialog that shows this. */
export interface Unsaved {
  /** The user is being asked. */
  readonly asking: Readonly<Ref<boolean>>;
  /** Whether it may be left: at once while nothing was entered, else as the user says. Asked twice, both get the one answer. */
  mayLeave(): Promise<boolean>;
  /** The user's answer. */
  decide(leave: boolean): void;
}

/** Asks before what was entered is given up by something within the page. */
export function useDiscard(dirty: () => boolean): Unsaved {
  const asking = ref(false);
  let question: { readonly answer: Promise<boolean>; readonly resolve: (leave: boolean) => void } | undefined;
  function decide(leave: boolean): void {
    asking.value = false;
    question?.resolve(leave);
    question = undefined;
  }
  // Who waits for an answer that cannot come any more does not go on.
  onScopeDispose(() => decide(false));
  return {
    asking,
    decide,
    async mayLeave() {
      if (question === undefined) {
        if (!dirty()) return true;
        asking.value = true;
        let resolve: (leave: boolean) => void = () => undefined;
        question = { answer: new Promise((done) => (resolve = done)), resolve: (leave) => resolve(leave) };
      }
      return question.answer;
    },
  };
}

/**
 * The same for a form that also ends with the page, the window or the page's subject (another path of the same page). `queries` names the
 * values of the address by which the page would close it, as its tab.
 */
export function useUnsaved(dirty: () => boolean, queries: readonly string[] = []): Unsaved {
  const unsaved = useDiscard(dirty);
  onBeforeRouteLeave(() => unsaved.mayLeave());
  onBeforeRouteUpdate((to, from) => (to.path === from.path && queries.every((name) => to.query[name] === from.query[name]) ? true : unsaved.mayLeave()));
  const warn = (event: BeforeUnloadEvent): void => void (dirty() && event.preventDefault());
  window.addEventListener('beforeunload', warn);
  onScopeDispose(() => window.removeEventListener('beforeunload', warn));
  return unsaved;
}
