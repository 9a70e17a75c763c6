import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { boundYoungGeneration } from '#shared/platform-node/young-generation.ts';
import { parseHostArguments } from '../core-process/options.ts';
import { defaultDataRoot } from '../core-process/platform-folders.ts';
import { startNodeHost, type NodeHost } from './node-host.ts';

const root = join(import.meta.dirname, '../..');

export interface RunningHost extends NodeHost {
  /** Folder of all data, workspaces in folders of their own. */
  readonly dataRoot: string;
}

/** Starts the Node host of this source tree as its command line says. `workerEntry` comes from the entry file. */
export async function runNodeHost(args: readonly string[], workerEntry: Parameters<typeof startNodeHost>[0]['workerEntry'], onFatal: (error: unknown) => void): Promise<RunningHost> {
  const options = parseHostArguments(args);
  boundYoungGeneration();
  const dataRoot = options.dataRoot ?? defaultDataRoot({ platform: process.platform, home: homedir(), env: process.env });
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const host = await startNodeHost({
    // Loaded while the port is opened: the page is on its way before the core is there.
    createCore: async (deps) => (await import('#core/app/create-core.ts')).createCore(deps),
    dataRoot,
    resourcesFolder: join(root, 'resources'),
    webFolder: join(root, 'dist/web'),
    workerEntry,
    version,
    workspace: options.workspace,
    demo: options.demo,
    env: process.env,
    port: options.port,
    onFatal,
  });
  return { ...host, dataRoot };
}
