import { storeToRefs } from 'pinia';
import { onScopeDispose, shallowRef, type Ref, type ShallowRef } from 'vue';
import type { Rpc } from '#renderer/app/rpc/rpc.ts';
import { useSession } from '#renderer/app/session/session.ts';
import type { Resource } from '#shared/resources/define-resource.ts';
import { resourceNamed } from '#shared/resources/registry.ts';
import { useRealTime } from './real-time.ts';

export interface ResourceChanges {
  /** Rows follow changes by themselves: on for the session once switched on. */
  readonly realTime: Readonly<Ref<boolean>>;
  startRealTime(): void;
  /** Rows of this list have changed since it was loaded. */
  readonly waiting: Readonly<ShallowRef<boolean>>;
  /** The list has been loaded again. */
  seen(): void;
}

export interface ChangeListener {
  /** The list shall be loaded again: real time is on. */
  reload(): void;
  /** Rows of the resource itself changed; undefined: many. */
  changed(ids: ReadonlySet<string> | undefined): void;
}

/** Follows the changes of a resource and of what its columns join. */
export function useResourceChanges(rpc: Rpc, resource: Resource, listener: ChangeListener): ResourceChanges {
  const session = useSession();
  const { on: realTime } = storeToRefs(useRealTime());
  const waiting = shallowRef(false);
  const names = new Set([resource.name, ...Object.values(resource.joined).map((joined) => joined.resource)]);
  const resources = [...names].filter((name) => session.may(resourceNamed(name).permissions.read));
  const stream = rpc.open('resources.changes', { resources }, {
    onItem({ changes }) {
      if (realTime.value) listener.reload();
      else waiting.value = true;
      const own = changes.find((change) => change.resource === resource.name);
      if (own) listener.changed(own.more ? undefined : new Set(own.ids));
    },
    // Without the feed the list is as it was loaded, and can be refreshed by hand.
    onError: () => undefined,
  });
  onScopeDispose(() => stream.dispose());
  return {
    realTime,
    startRealTime() {
      realTime.value = true;
      listener.reload();
    },
    waiting,
    seen: () => (waiting.value = false),
  };
}
