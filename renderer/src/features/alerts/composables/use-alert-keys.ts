import { ref, shallowRef, type Ref, type ShallowRef } from 'vue';
import { messageOf } from '#renderer/app/errors.ts';
import type { Rpc } from '#renderer/app/rpc/rpc.ts';
import { useShortcut } from '#renderer/ui/keyboard/shortcuts.ts';
import { useToasts } from '#renderer/ui/toast/toasts.ts';
import { coreText } from '#renderer/ui/messages/core-texts.ts';
import type { AlertLine } from '../alert-grid.ts';
import { t } from '../messages.ts';
import type { AlertActs } from './use-alert-acts.ts';
import type { AlertFilterState } from './use-alert-filter.ts';
import type { AlertList } from './use-alert-list.ts';

export interface AlertKeys {
  /** Dialogs that are open, and what they are about. */
  readonly clearing: Ref<boolean>;
  readonly shelving: Ref<boolean>;
  readonly ids: Readonly<ShallowRef<readonly string[]>>;
  readonly what: Readonly<ShallowRef<string | undefined>>;
  acknowledge(): Promise<void>;
  clear(what?: string): Promise<void>;
  shelve(what?: string): Promise<void>;
  assign(owner: { userId: string; name: string } | undefined): Promise<void>;
  /** A dialog did its work. */
  done(): void;
}

/** At most this many alerts of a group are acted on at once. */
const GROUP_PAGE = 500;
const GROUP_PAGES = 20;

/**
 * A acknowledges, C clears, S shelves: what is ticked; else, with the details open, the alert they show; else the current row. A group stands for
 * its alerts.
 */
export function useAlertKeys(options: { rpc: Rpc; acts: AlertActs; mayWork: Readonly<Ref<boolean>>; filter: AlertFilterState; list: AlertList; selected: Ref<ReadonlySet<string>>; cursor: () => AlertLine | undefined }): AlertKeys {
  const { rpc, acts, filter, list, selected } = options;
  const toasts = useToasts();
  const clearing = ref(false);
  const shelving = ref(false);
  const ids = shallowRef<readonly string[]>([]);
  const what = shallowRef<string>();

  async function membersOf(line: AlertLine): Promise<string[]> {
    const found: string[] = [];
    for (let page = 0; page < GROUP_PAGES; page++) {
      const answer = await rpc.call('alerts.list', { filter: { ...filter.filter.value, ruleId: line.alert.ruleId }, offset: page * GROUP_PAGE, limit: GROUP_PAGE });
      found.push(...answer.rows.filter(({ city }) => city === line.group?.city).map(({ alertId }) => alertId));
      if ((page + 1) * GROUP_PAGE >= answer.total) break;
    }
    return found;
  }
  async function targets(): Promise<readonly string[]> {
    const keys = selected.value.size > 0 ? [...selected.value] : filter.selected.value !== '' ? [filter.selected.value] : [options.cursor()?.key].filter((key) => key !== undefined);
    const all: string[] = [];
    try {
      for (const key of keys) {
        const group = list.groups.value.get(key);
        if (group) all.push(...(await membersOf(group)));
        else all.push(key);
      }
    } catch (error) {
      toasts.failed(messageOf(error));
      return [];
    }
    return all;
  }
  async function ask(dialog: Ref<boolean>, about: string | undefined): Promise<void> {
    const wanted = about !== undefined ? [filter.selected.value] : await targets();
    if (wanted.length === 0) return;
    ids.value = wanted;
    const row = options.cursor();
    what.value = about ?? (wanted.length === 1 && row?.key === wanted[0] ? `${coreText(row!.alert.name)} · ${row!.alert.vin}` : undefined);
    dialog.value = true;
  }
  function done(): void {
    selected.value = new Set();
  }
  async function acknowledge(): Promise<void> {
    const wanted = await targets();
    done();
    await acts.acknowledge(wanted);
  }
  const keys: AlertKeys = {
    clearing, shelving, ids, what, acknowledge, done,
    clear: (about) => ask(clearing, about),
    shelve: (about) => ask(shelving, about),
    async assign(owner) {
      const wanted = await targets();
      done();
      await acts.assign(wanted, owner);
    },
  };

  const group = t('keys.group');
  const act = (run: () => Promise<void>) => (): boolean => {
    if (!options.mayWork.value || clearing.value || shelving.value) return false;
    void run();
    return true;
  };
  useShortcut({ keys: 'a', description: t('keys.acknowledge'), group, run: act(acknowledge) });
  useShortcut({ keys: 'c', description: t('keys.clear'), group, run: act(() => keys.clear()) });
  useShortcut({ keys: 's', description: t('keys.shelve'), group, run: act(() => keys.shelve()) });
  return keys;
}
