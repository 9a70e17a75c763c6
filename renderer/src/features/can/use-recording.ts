import { onScopeDispose, ref, shallowRef, watch, type Ref } from 'vue';
import type { ItemOf } from '#shared/contract/index.ts';
import type { Disposable } from '#shared/kernel/disposable.ts';
import { messageOf } from '#renderer/app/errors.ts';
import type { Rpc } from '#renderer/app/rpc/rpc.ts';
import { saveLink } from '#renderer/ui/save-link.ts';
import type { Toasts } from '#renderer/ui/toast/toasts.ts';
import { t } from './messages.ts';

export type RecordingFormat = 'candump' | 'asc' | 'crtd';

/** One recording of a unit at a time, in a log file that is downloaded when it ends. Leaving the page gives it up. */
export function useRecording(rpc: Rpc, deviceId: Readonly<Ref<string>>, toasts: Toasts) {
  const current = shallowRef<ItemOf<'can.record'>>();
  const stopping = ref(false);
  let stream: Disposable | undefined;

  function end(): void {
    stream?.dispose();
    stream = undefined;
    current.value = undefined;
    stopping.value = false;
  }

  function start(format: RecordingFormat): void {
    if (stream) return;
    stream = rpc.open('can.record', { deviceId: deviceId.value, format }, {
      onItem: (item) => {
        current.value = item;
        if (item.state !== 'ready' || item.url === undefined) return;
        saveLink(item.url, item.fileName ?? '');
        toasts.done(t('bench.recorded', { name: item.fileName ?? '' }));
        end();
      },
      onError: (error) => {
        toasts.failed(t('bench.recordFailed', { reason: messageOf(error) }));
        end();
      },
    });
  }

  async function stop(): Promise<void> {
    const recording = current.value;
    if (!recording) return;
    stopping.value = true;
    await rpc.call('can.stopRecording', { recordingId: recording.recordingId }).catch((error: unknown) => {
      toasts.failed(t('bench.recordFailed', { reason: messageOf(error) }));
      end();
    });
  }

  watch(deviceId, end);
  onScopeDispose(end);
  return { current, stopping, start, stop };
}
