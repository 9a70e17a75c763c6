import { onScopeDispose, ref, shallowRef, type Ref, type ShallowRef } from 'vue';
import type { ItemOf } from '#shared/contract/index.ts';
import type { Disposable } from '#shared/kernel/disposable.ts';
import { messageOf } from '#renderer/app/errors.ts';
import type { Rpc } from '#renderer/app/rpc/rpc.ts';

export type ImportStep = 'choose' | 'uploading' | 'reading' | 'checking' | 'ready' | 'applying' | 'done';

/** A file that was read: what it will do, and by which name it is applied. */
export interface ImportPreview {
  readonly importId: string;
  readonly fileName: string;
  readonly counts: NonNullable<ItemOf<'imports.preview'>['counts']>;
}

export type ImportResult = Pick<ItemOf<'imports.apply'>, 'state' | 'passed' | 'failed' | 'bulkUploadId'>;

export interface ImportRun {
  readonly step: Readonly<Ref<ImportStep>>;
  /** Bytes, rows or records, whatever the step counts. */
  readonly progress: Readonly<ShallowRef<{ readonly done: number; readonly total: number }>>;
  /** Why the last attempt failed, in words. */
  readonly problem: Readonly<Ref<string | undefined>>;
  readonly preview: Readonly<ShallowRef<ImportPreview | undefined>>;
  readonly result: Readonly<ShallowRef<ImportResult | undefined>>;
  readonly stopping: Readonly<Ref<boolean>>;
  upload(file: File): Promise<void>;
  apply(): void;
  /** Gives up what is under way; an application stops after the records it has begun. */
  cancel(): void;
}

/** The way of one file of a template: uploaded, read, looked at, applied. Leaving the page gives a preview up, never what is being applied. */
export function useImport(rpc: Rpc, template: () => string, lost: () => string): ImportRun {
  const step = ref<ImportStep>('choose');
  const progress = shallowRef({ done: 0, total: 0 });
  const problem = ref<string>();
  const preview = shallowRef<ImportPreview>();
  const result = shallowRef<ImportResult>();
  const stopping = ref(false);
  let stream: Disposable | undefined;
  let uploadId: string | undefined;
  /** Grows with every file: answers of an earlier one are not for this. */
  let attempt = 0;

  function fail(error: unknown): void {
    problem.value = messageOf(error);
    step.value = 'choose';
  }

  async function send(file: File, mine: number): Promise<string | undefined> {
    const { uploadId: id, pieceBytes } = await rpc.call('imports.upload', { template: template(), fileName: file.name.slice(-255), size: file.size });
    if (mine !== attempt) return void rpc.call('uploads.cancel', { uploadId: id }).catch(() => undefined);
    uploadId = id;
    for (let at = 0; at < file.size; at += pieceBytes) {
      const bytes = new Uint8Array(await file.slice(at, at + pieceBytes).arrayBuffer());
      if (mine !== attempt) return undefined;
      await rpc.call('uploads.append', { uploadId: id, offset: at, bytes });
      if (mine !== attempt) return undefined;
      progress.value = { done: at + bytes.length, total: file.size };
    }
    uploadId = undefined;
    return id;
  }

  function read(id: string): void {
    step.value = 'reading';
    progress.value = { done: 0, total: 0 };
    stream = rpc.open('imports.preview', { uploadId: id, template: template() }, {
      onItem(item) {
        progress.value = { done: item.done, total: item.total };
        if (item.state !== 'ready') {
          step.value = item.state;
          return;
        }
        if (item.importId === undefined || item.counts === undefined) return;
        preview.value = { importId: item.importId, fileName: item.fileName ?? '', counts: item.counts };
        step.value = 'ready';
      },
      onError: fail,
    });
  }

  function reset(): void {
    attempt += 1;
    stream?.dispose();
    stream = undefined;
    problem.value = undefined;
    result.value = undefined;
    stopping.value = false;
    if (uploadId !== undefined) rpc.call('uploads.cancel', { uploadId }).catch(() => undefined);
    uploadId = undefined;
    const { importId } = preview.value ?? {};
    preview.value = undefined;
    if (importId !== undefined) rpc.call('imports.discard', { importId }).catch(() => undefined);
    step.value = 'choose';
  }

  // What is being applied goes on without the page.
  onScopeDispose(() => (step.value === 'applying' ? stream?.dispose() : reset()));

  return {
    step, progress, problem, preview, result, stopping,
    async upload(file) {
      reset();
      const mine = attempt;
      step.value = 'uploading';
      progress.value = { done: 0, total: file.size };
      try {
        const id = await send(file, mine);
        if (id !== undefined) read(id);
      } catch (error) {
        if (mine === attempt) fail(error);
      }
    },
    apply() {
      const { importId } = preview.value ?? {};
      if (importId === undefined) return;
      step.value = 'applying';
      progress.value = { done: 0, total: 0 };
      stream = rpc.open('imports.apply', { importId }, {
        onItem(item) {
          progress.value = { done: item.done, total: item.total };
          if (item.state === 'running') return;
          result.value = item;
          preview.value = undefined;
          step.value = 'done';
        },
        onError(error) {
          preview.value = undefined;
          problem.value = `${messageOf(error)} ${lost()}`;
          step.value = 'choose';
        },
      });
    },
    cancel() {
      const { importId } = preview.value ?? {};
      if (step.value !== 'applying' || importId === undefined) return reset();
      stopping.value = true;
      rpc.call('imports.discard', { importId }).catch((error: unknown) => (problem.value = messageOf(error)));
    },
  };
}
