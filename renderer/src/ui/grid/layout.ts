import { computed, ref, shallowRef, type ComputedRef, type Ref } from 'vue';
import type { GridColumn, GridLayout, LayoutPort } from './types.ts';

export const MIN_WIDTH = 56;
export const MAX_WIDTH = 640;
export const PAGE_SIZES = [20, 50, 100, 500] as const;

export interface LaidOutColumn<Row> {
  readonly column: GridColumn<Row>;
  readonly width: number;
  readonly hidden: boolean;
}

export interface GridLayoutState<Row> {
  /** Every column in the user's order. */
  readonly columns: ComputedRef<readonly LaidOutColumn<Row>[]>;
  readonly compact: ComputedRef<boolean>;
  readonly pageSize: ComputedRef<number | undefined>;
  /** What the user arranged has been read. */
  readonly known: Readonly<Ref<boolean>>;
  resize(key: string, width: number): void;
  setHidden(key: string, hidden: boolean): void;
  /** Moves a column before or behind another one. */
  move(key: string, target: string): void;
  setCompact(compact: boolean): void;
  setPageSize(size: number | undefined): void;
  reset(): void;
}

/** The layout in a stored preference, whatever it holds; what it does not say is as the page has it. */
export function parseLayout(value: unknown): GridLayout | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const raw = value as Record<string, unknown>;
  const strings = (list: unknown): string[] => (Array.isArray(list) ? list.filter((item) => typeof item === 'string') : []);
  const widths = typeof raw['widths'] === 'object' && raw['widths'] !== null ? Object.fromEntries(Object.entries(raw['widths']).filter((entry): entry is [string, number] => typeof entry[1] === 'number')) : {};
  const pageSize = PAGE_SIZES.find((size) => size === raw['pageSize']);
  return { order: strings(raw['order']), hidden: strings(raw['hidden']), widths, compact: raw['compact'] === true, pageSize };
}

/** Columns as the user arranged them. A column that the stored layout does not know stands where the page has it. */
export function useGridLayout<Row>(columns: () => readonly GridColumn<Row>[], port: LayoutPort | undefined, defaults: { readonly pageSize?: number } = {}): GridLayoutState<Row> {
  const initial = (): GridLayout => ({ order: columns().map((column) => column.key), hidden: columns().filter((column) => column.hidden === true).map((column) => column.key), widths: {}, compact: false, pageSize: defaults.pageSize });
  const layout = shallowRef<GridLayout>();
  const current = (): GridLayout => layout.value ?? initial();
  const known = ref(port === undefined);
  void port?.load().then((stored) => {
    layout.value ??= parseLayout(stored);
    known.value = true;
  });

  const change = (next: Partial<GridLayout>): void => {
    layout.value = { ...current(), ...next };
    port?.save(layout.value);
  };

  const ordered = computed<readonly LaidOutColumn<Row>[]>(() => {
    const { order, hidden, widths } = current();
    const all = columns();
    const placed = new Set(order);
    const keys = [...order];
    all.forEach((column, index) => {
      if (!placed.has(column.key)) keys.splice(index, 0, column.key);
    });
    const byKey = new Map(all.map((column) => [column.key, column]));
    const result: LaidOutColumn<Row>[] = [];
    for (const key of keys) {
      const column = byKey.get(key);
      if (!column) continue;
      const isHidden = column.pinned !== true && (placed.has(key) ? hidden.includes(key) : column.hidden === true);
      result.push({ column, hidden: isHidden, width: Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, widths[key] ?? column.width)) });
    }
    return result.toSorted((a, b) => Number(b.column.pinned === true) - Number(a.column.pinned === true));
  });

  return {
    columns: ordered,
    compact: computed(() => current().compact),
    pageSize: computed(() => current().pageSize),
    known,
    resize: (key, width) => change({ widths: { ...current().widths, [key]: Math.round(Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, width))) } }),
    setHidden(key, hidden) {
      const rest = ordered.value.filter((item) => item.hidden && item.column.key !== key).map((item) => item.column.key);
      change({ order: ordered.value.map((item) => item.column.key), hidden: hidden ? [...rest, key] : rest });
    },
    move(key, target) {
      const order = ordered.value.map((item) => item.column.key);
      const from = order.indexOf(key);
      const to = order.indexOf(target);
      if (from < 0 || to < 0 || from === to) return;
      order.splice(from, 1);
      order.splice(to, 0, key);
      change({ order, hidden: ordered.value.filter((item) => item.hidden).map((item) => item.column.key) });
    },
    setCompact: (compact) => change({ compact }),
    setPageSize: (pageSize) => change({ pageSize }),
    reset() {
      layout.value = undefined;
      port?.save(undefined);
    },
  };
}
