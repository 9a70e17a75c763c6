import { computed, ref, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef, type WritableComputedRef } from 'vue';
import { useRoute, useRouter } from 'vue-router';
import { useQueryValue } from '#renderer/app/use-query-value.ts';
import type { AlertFilter } from '#shared/contract/alerts.ts';
import { ALERT_TABS, type AlertTab } from '#shared/domain/alerts/rule.ts';

const HOUR = 3_600_000;
/** Time frames by which alerts are looked for, ms back from now; undefined: since ever. */
export const FRAMES = { '1h': HOUR, '24h': 24 * HOUR, '7d': 7 * 24 * HOUR, '30d': 30 * 24 * HOUR, all: undefined } as const;
export type Frame = keyof typeof FRAMES;
export const DEFAULT_FRAME: Frame = '7d';

export const SHOWS = ['open', 'unacknowledged', 'shelved', 'suppressed', 'stale', 'cleared'] as const;
export type Show = (typeof SHOWS)[number];

/** What the filter row holds before and after Apply. */
export interface FilterValues {
  readonly models: readonly string[];
  readonly cities: readonly string[];
  readonly frame: Frame;
  readonly search: string;
}

export interface AlertFilterState {
  /** `new`: those raised since the bell was last clicked, of every tab. */
  readonly tab: WritableComputedRef<AlertTab | 'new'>;
  readonly show: WritableComputedRef<Show>;
  readonly selected: WritableComputedRef<string>;
  /** Since when `new` counts, epoch ms; 0 where it is not asked for. */
  readonly since: ComputedRef<number>;
  /** What is typed and chosen; nothing is asked before `apply`. */
  readonly draft: Readonly<ShallowRef<FilterValues>>;
  edit(change: Partial<FilterValues>): void;
  readonly dirty: ComputedRef<boolean>;
  /** A filter beyond tab and show is on. */
  readonly active: ComputedRef<boolean>;
  readonly applied: ComputedRef<FilterValues>;
  /** One rule of one city, as a group of the flood list leads to. */
  readonly rule: WritableComputedRef<string>;
  readonly filter: ComputedRef<AlertFilter>;
  /** Instant the time frame counts back from, epoch ms. */
  readonly asOf: Readonly<Ref<number>>;
  apply(values?: FilterValues): void;
  clear(): void;
}

const list = (text: string): string[] => (text === '' ? [] : text.split(','));
const EMPTY: FilterValues = { models: [], cities: [], frame: DEFAULT_FRAME, search: '' };

/** The filter of the alert page. It lives in the address: a link or a reload brings the same list. */
export function useAlertFilter(): AlertFilterState {
  const route = useRoute();
  const router = useRouter();
  const tabText = useQueryValue('tab');
  const showText = useQueryValue('show');
  const models = useQueryValue('model');
  const cities = useQueryValue('city');
  const frameText = useQueryValue('time');
  const search = useQueryValue('search');
  const sinceText = useQueryValue('since');
  const rule = useQueryValue('rule');
  const selected = useQueryValue('alert');
  const asOf = ref(Date.now());
  const since = computed(() => Math.max(0, Number(sinceText.value) || 0));
  const tab = computed<AlertTab | 'new'>({
    get: () => (tabText.value === 'new' && since.value > 0 ? 'new' : (ALERT_TABS.find((candidate) => candidate === tabText.value) ?? 'smart')),
    set: (value) => {
      tabText.value = value === 'smart' ? '' : value;
      rule.value = '';
    },
  });
  const show = computed<Show>({ get: () => SHOWS.find((candidate) => candidate === showText.value) ?? 'open', set: (value) => (showText.value = value === 'open' ? '' : value) });
  const frame = computed<Frame>(() => ((frameText.value in FRAMES ? frameText.value : DEFAULT_FRAME) as Frame));
  const applied = computed<FilterValues>(() => ({ models: list(models.value), cities: list(cities.value), frame: frame.value, search: search.value }));
  const draft = shallowRef<FilterValues>(applied.value);
  watch(applied, (values) => (draft.value = values));
  const same = (a: FilterValues, b: FilterValues): boolean => JSON.stringify(a) === JSON.stringify(b);

  const filter = computed<AlertFilter>(() => {
    const span = FRAMES[frame.value];
    const bell = tab.value === 'new';
    return {
      ...(bell ? { sinceBell: since.value } : { tab: tab.value as AlertTab }),
      show: bell ? 'all' : show.value,
      ...(bell || span === undefined ? {} : { from: asOf.value - span }),
      ...(models.value === '' ? {} : { modelIds: list(models.value) }),
      ...(cities.value === '' ? {} : { cityIds: list(cities.value) }),
      ...(rule.value === '' ? {} : { ruleId: rule.value }),
      ...(search.value === '' ? {} : { search: search.value.slice(0, 200) }),
    };
  });

  function go(values: FilterValues, more: Readonly<Record<string, string>> = {}): void {
    asOf.value = Date.now();
    const query = { ...route.query, ...more, model: values.models.join(','), city: values.cities.join(','), time: values.frame === DEFAULT_FRAME ? '' : values.frame, search: values.search.trim() };
    void router.replace({ query: Object.fromEntries(Object.entries(query).filter(([, text]) => text !== '')) });
  }

  return {
    tab, show, selected, since, draft, applied, filter, asOf, rule,
    edit: (change) => void (draft.value = { ...draft.value, ...change }),
    apply: (values = draft.value) => go(values),
    dirty: computed(() => !same(draft.value, applied.value)),
    active: computed(() => rule.value !== '' || !same(applied.value, EMPTY)),
    clear: () => go(EMPTY, { rule: '' }),
  };
}
