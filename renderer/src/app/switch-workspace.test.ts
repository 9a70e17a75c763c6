import { expect, it } from 'vitest';
import type { WorkspaceKind } from '#shared/contract/app.ts';
import { AppError } from '#shared/kernel/error.ts';
import type { Connection } from './rpc/connection.ts';
import type { AppInfo } from './shell.ts';
import { switchWorkspace } from './switch-workspace.ts';

/** A host that answers `workspace.open` at once and is in `after` when the window is connected again. */
function host(after: WorkspaceKind, failure?: AppError) {
  const said: string[] = [];
  let asked = 0;
  const options = {
    connection: {
      async call(name: string) {
        said.push(name);
        if (++asked > 1 && failure) throw failure;
        return {};
      },
      reconnect: () => void said.push('reconnect'),
    } as unknown as Connection,
    forget: () => void said.push('forget'),
    refreshInfo: () => Promise.resolve({ workspace: after } as AppInfo),
  };
  return { said, options };
}

it('signs out and connects to the workspace that was opened', async () => {
  const { said, options } = host('local');
  await switchWorkspace('local', options);
  expect(said).toEqual(['workspace.open', 'forget', 'reconnect']);
});

it('says why the other workspace could not be opened when the former one is open again', async () => {
  const { options } = host('demo', new AppError('store-corrupt', 'The database is damaged.'));
  await expect(switchWorkspace('local', options)).rejects.toMatchObject({ code: 'store-corrupt' });
});
