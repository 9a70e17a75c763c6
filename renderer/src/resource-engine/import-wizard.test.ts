import { afterEach, describe, expect, test } from 'vitest';
import { AppError } from '#shared/kernel/error.ts';
import { createFakeRpc, type FakeRpc } from '#renderer/test-support/fake-rpc.ts';
import { mountWithShell, settle, USER, type Mounted } from '#renderer/test-support/mount-with-shell.ts';
import ImportWizard from './ImportWizard.vue';

const COUNTS = { rows: 3, add: 0, change: 2, same: 0, failed: 1, samples: 0 };
const UPLOAD = 'a'.repeat(32);
const IMPORT = 'b'.repeat(32);
let mounted: Mounted | undefined;
afterEach(() => mounted?.wrapper.unmount());

function rpcWith(answers: Parameters<FakeRpc['answer']>[0] = {}): FakeRpc {
  return createFakeRpc({
    'imports.upload': () => ({ uploadId: UPLOAD, pieceBytes: 4 }),
    'uploads.append': ({ offset, bytes }) => ({ received: offset + bytes.length }),
    'uploads.cancel': () => ({}),
    'imports.discard': () => ({}),
    'imports.rows': () => ({ total: 0, rows: [] }),
    ...answers,
  });
}

async function open(rpc: FakeRpc): Promise<Mounted> {
  mounted = await mountWithShell(ImportWizard, { rpc, props: { template: 'sales-data-update' }, user: { ...USER, permissions: ['admin.write'] } });
  return mounted;
}

async function choose({ wrapper }: Mounted, text = 'VIN No,VCU'): Promise<void> {
  const input = wrapper.get('input[type="file"]');
  Object.defineProperty(input.element, 'files', { value: [new File([text], 'sales.csv')], configurable: true });
  await input.trigger('change');
}
const press = async ({ wrapper }: Mounted, name: string): Promise<void> => {
  const button = wrapper.findAll('button').find((one) => one.text().includes(name));
  if (!button) throw new Error(`no button ${name} among ${wrapper.findAll('button').map((one) => one.text()).join(', ')}`);
  await button.trigger('click');
  await settle();
};
const named = (rpc: FakeRpc, name: string): unknown[] => rpc.calls.filter((call) => call.name === name).map(({ input }) => input);

describe('the import wizard', () => {
  test('sends a file piece by piece, and shows the preview that the core makes of it', async () => {
    const rpc = rpcWith();
    const page = await open(rpc);
    await choose(page);
    await press(page, 'Upload');
    expect(named(rpc, 'imports.upload')).toEqual([{ template: 'sales-data-update', fileName: 'sales.csv', size: 10 }]);
    expect(named(rpc, 'uploads.append').map((input) => (input as { offset: number }).offset)).toEqual([0, 4, 8]);
    expect(rpc.openStreams).toEqual(['imports.preview']);
    rpc.push('imports.preview', { state: 'ready', done: 3, total: 3, importId: IMPORT, fileName: 'sales.csv', counts: COUNTS });
    await settle();
    expect(page.wrapper.text()).toContain('What sales.csv will do');
    expect(page.wrapper.text()).toContain('Apply 2 records');
    expect(named(rpc, 'imports.discard')).toEqual([]);
  });

  test('says why a file is refused, keeps the choice, and tries again', async () => {
    const rpc = rpcWith({
      'imports.upload': () => {
        throw new AppError('too-large', 'The file is larger than 10 MB.');
      },
    });
    const page = await open(rpc);
    await choose(page);
    await press(page, 'Upload');
    expect(page.wrapper.get('[role="alert"]').text()).toContain('larger than 10 MB');
    expect(page.wrapper.text()).toContain('sales.csv');
    rpc.answer({ 'imports.upload': () => ({ uploadId: UPLOAD, pieceBytes: 64 }) });
    await press(page, 'Upload');
    expect(rpc.openStreams).toEqual(['imports.preview']);
  });

  test('gives an upload up when it is cancelled', async () => {
    let arrive: () => void = () => undefined;
    const rpc = rpcWith({ 'uploads.append': () => new Promise((resolve) => (arrive = () => resolve({ received: 4 }))) });
    const page = await open(rpc);
    await choose(page);
    await press(page, 'Upload');
    await settle();
    await press(page, 'Cancel');
    arrive();
    await settle();
    expect(named(rpc, 'uploads.cancel')).toEqual([{ uploadId: UPLOAD }]);
    expect(named(rpc, 'uploads.append')).toHaveLength(1);
    expect(rpc.openStreams).toEqual([]);
  });

  test('forgets its preview with the page, but never stops what is being applied', async () => {
    const rpc = rpcWith();
    const page = await open(rpc);
    await choose(page);
    await press(page, 'Upload');
    rpc.push('imports.preview', { state: 'ready', done: 3, total: 3, importId: IMPORT, fileName: 'sales.csv', counts: COUNTS });
    await settle();
    page.wrapper.unmount();
    mounted = undefined;
    expect(named(rpc, 'imports.discard')).toEqual([{ importId: IMPORT }]);
    expect(rpc.openStreams).toEqual([]);
  });
});
