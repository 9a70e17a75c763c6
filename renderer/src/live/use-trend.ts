import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue';
import type { OutputOf } from '#shared/contract/index.ts';
import type { Rpc } from '#renderer/app/rpc/rpc.ts';

export type TrendSeries = OutputOf<'vehicle.trend'>['series'][number];

export interface TrendQuestion {
  readonly vehicleId: string;
  readonly parameters: readonly number[];
  /** Epoch ms. */
  readonly from: number;
  readonly to: number;
  /** Rows wanted per parameter. */
  readonly points: number;
}

export interface TrendAnswer {
  readonly question: TrendQuestion;
  readonly series: readonly TrendSeries[];
  readonly truncated: boolean;
  /** Stored rows and hours that are damaged and left out. */
  readonly damaged: number;
}

/**
 * Readings for a chart, asked for again whenever the question changes; the former answer stays until the next is there. A failure
 * leaves it, too, and is told.
 */
export function useTrend(rpc: Rpc, question: () => TrendQuestion | undefined): { readonly answer: Readonly<ShallowRef<TrendAnswer | undefined>>; readonly failed: Readonly<ShallowRef<unknown>>; readonly loading: Readonly<ShallowRef<boolean>>; reload(): void } {
  const answer = shallowRef<TrendAnswer>();
  const failed = shallowRef<unknown>();
  const loading = shallowRef(false);
  let turn = 0;
  onScopeDispose(() => turn++);

  async function load(asked: TrendQuestion | undefined): Promise<void> {
    const mine = ++turn;
    failed.value = undefined;
    loading.value = asked !== undefined && asked.parameters.length > 0;
    if (asked === undefined || asked.parameters.length === 0) return void (answer.value = undefined);
    if (answer.value?.question.vehicleId !== asked.vehicleId) answer.value = undefined;
    try {
      const { series, truncated, damaged } = await rpc.call('vehicle.trend', { ...asked, parameters: [...asked.parameters] });
      if (mine === turn) answer.value = { question: asked, series, truncated, damaged };
    } catch (error) {
      if (mine === turn) failed.value = error;
    } finally {
      if (mine === turn) loading.value = false;
    }
  }

  watch(question, (asked, before) => {
    if (JSON.stringify(asked) !== JSON.stringify(before)) void load(asked);
  }, { immediate: true });
  return { answer, failed, loading, reload: () => void load(question()) };
}
