import { inject, provide, shallowRef, type InjectionKey, type ShallowRef } from 'vue';

/** Cursors by group id; charts and maps of one page that name the same group point at the same instant. */
export interface CursorGroups {
  /** The group's cursor, epoch ms; undefined when nothing is pointed at. */
  of(group: string): ShallowRef<number | undefined>;
}

const KEY: InjectionKey<CursorGroups> = Symbol('chart cursors');

/** Cursors for everything below the calling component. */
export function provideCursorGroups(): CursorGroups {
  const cursors = new Map<string, ShallowRef<number | undefined>>();
  const groups: CursorGroups = {
    of(group) {
      const known = cursors.get(group);
      if (known !== undefined) return known;
      const cursor = shallowRef<number>();
      cursors.set(group, cursor);
      return cursor;
    },
  };
  provide(KEY, groups);
  return groups;
}

/** The cursor of a group, or one of its own where no ancestor provides groups or no group is named. */
export function useCursor(group: string | undefined): ShallowRef<number | undefined> {
  const groups = inject(KEY, undefined);
  return group === undefined || groups === undefined ? shallowRef<number>() : groups.of(group);
}
