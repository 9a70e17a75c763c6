import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue';
import type { Rpc } from '#renderer/app/rpc/rpc.ts';
import type { OutputOf } from '#shared/contract/index.ts';

type Page = OutputOf<'datalog.records'>;

/** One record as the list shows it. */
export interface LogRecord {
  readonly sequence: number;
  /** Event, reception and device time, epoch ms; a device time that was not given is NaN. */
  readonly time: number;
  readonly received: number;
  readonly deviceTime: number;
  readonly boot: number;
  readonly number: number;
  readonly flags: number;
  readonly values: readonly { readonly parameter: number; readonly value: number }[];
  readonly texts: readonly { readonly parameter: number; readonly text: string }[];
}

export interface RecordQuestion {
  readonly vehicleId: string;
  readonly from: number;
  readonly to: number;
  readonly parameters: readonly number[];
}

const PAGE = 200;
/** More are not kept in a window: nobody scrolls through them, and the file has them all. */
export const MOST_RECORDS = 100_000;

/** The columns of a page as records. */
export function recordsOf(page: Page): LogRecord[] {
  return Array.from(page.sequence, (sequence, i) => {
    const begin = i === 0 ? 0 : page.valueEnd[i - 1]!;
    const values = Array.from(page.values.subarray(begin, page.valueEnd[i]), (value, k) => ({ parameter: page.parameters[begin + k]!, value }));
    return {
      sequence, time: page.time[i]!, received: page.received[i]!, deviceTime: page.deviceTime[i]!, boot: page.boot[i]!, number: page.number[i]!, flags: page.flags[i]!, values,
      texts: page.texts.filter(({ row }) => row === i),
    };
  });
}

export interface Records {
  readonly list: Readonly<ShallowRef<readonly LogRecord[]>>;
  /** Everything there is has been read. */
  readonly complete: Readonly<ShallowRef<boolean>>;
  readonly loading: Readonly<ShallowRef<boolean>>;
  readonly failed: Readonly<ShallowRef<unknown>>;
  /** Records that are damaged and left out. */
  readonly damaged: Readonly<ShallowRef<number>>;
  /** Reads the next page. */
  more(): void;
  reload(): void;
}

/** The records of a vehicle, newest first, read page by page as the list is scrolled; another question begins anew. */
export function useRecords(rpc: Rpc, question: () => RecordQuestion | undefined): Records {
  const list = shallowRef<readonly LogRecord[]>([]);
  const complete = shallowRef(false);
  const loading = shallowRef(false);
  const failed = shallowRef<unknown>();
  const damaged = shallowRef(0);
  let next: Page['next'];
  let turn = 0;
  onScopeDispose(() => turn++);

  async function read(mine: number): Promise<void> {
    const asked = question();
    if (!asked || loading.value || complete.value) return;
    loading.value = true;
    failed.value = undefined;
    try {
      const page = await rpc.call('datalog.records', { ...asked, parameters: [...asked.parameters], limit: PAGE, ...(next === undefined ? {} : { after: next }) });
      if (mine !== turn) return;
      list.value = [...list.value, ...recordsOf(page)];
      damaged.value += page.damaged;
      next = page.next;
      complete.value = next === undefined || list.value.length >= MOST_RECORDS;
    } catch (error) {
      if (mine === turn) failed.value = error;
    } finally {
      if (mine === turn) loading.value = false;
    }
  }
  function reload(): void {
    turn++;
    next = undefined;
    list.value = [];
    damaged.value = 0;
    complete.value = false;
    loading.value = false;
    void read(turn);
  }
  watch(() => JSON.stringify(question()), reload, { immediate: true });
  return { list, complete, loading, failed, damaged, more: () => void read(turn), reload };
}
