import { ref, watch, type Ref } from 'vue';
import { useShortcut } from '../keyboard/shortcuts.ts';
import { tu } from '../messages/en.ts';

export interface GridCursor {
  /** Index of the current row, -1 while there is none. */
  readonly cursor: Ref<number>;
  onKey(event: KeyboardEvent): void;
}

/** The current row, moved by J/K from anywhere on the page and by arrows, Page, Home and End while the grid has the focus. */
export function useGridCursor(options: { selectable?: boolean; focus?: () => void; count: () => number; pageRows: () => number; open: (index: number) => void; toggle: (index: number) => void; reveal: (index: number) => void }): GridCursor {
  const cursor = ref(-1);
  const go = (index: number): void => {
    const count = options.count();
    if (count === 0) return;
    cursor.value = Math.max(0, Math.min(count - 1, index));
    options.reveal(cursor.value);
  };
  watch(options.count, (count) => {
    if (cursor.value >= count) cursor.value = count - 1;
  });

  /** From anywhere on the page; the grid takes the focus, so that Enter opens the row and does not press what was clicked last. */
  function step(by: number): void {
    options.focus?.();
    go(cursor.value + by);
  }

  const group = tu('grid.shortcuts');
  useShortcut({ keys: 'j', description: tu('grid.shortcut.down'), group, run: () => step(1) });
  useShortcut({ keys: 'k', description: tu('grid.shortcut.up'), group, run: () => step(-1) });

  if (options.selectable === true) useShortcut({ keys: 'x', description: tu('grid.shortcut.select'), group, run: () => (cursor.value < 0 ? false : options.toggle(cursor.value)) });

  function onKey(event: KeyboardEvent): void {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: cursor.value + 1,
      ArrowUp: cursor.value - 1,
      PageDown: cursor.value + options.pageRows(),
      PageUp: cursor.value - options.pageRows(),
      Home: 0,
      End: options.count() - 1,
    };
    const target = moves[event.key];
    if (target !== undefined) go(target);
    else if (event.key === 'Enter' && cursor.value >= 0) options.open(cursor.value);
    else if (event.key === ' ' && cursor.value >= 0) options.toggle(cursor.value);
    else return;
    event.preventDefault();
  }
  useShortcut({ keys: 'Enter', description: tu('grid.shortcut.open'), group, run: (event) => (event.target === document.body && cursor.value >= 0 ? options.open(cursor.value) : false) });

  return { cursor, onKey };
}
