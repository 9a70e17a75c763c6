import { homedir } from 'node:os';
import { assertNever } from '#shared/kernel/assert-never.ts';
import { portChannel } from '#shared/rpc/message-port.ts';
import { electronPort, type ElectronParentPort, type ElectronPort } from './electron-port.ts';
import type { CoreProcessArguments, FromCore, ToCore } from './messages.ts';
import { openInstallation, type Installation, type InstallationOptions } from './open-installation.ts';
import { parseHostArguments } from './options.ts';
import { defaultDataRoot } from './platform-folders.ts';

export interface CoreProcessOptions extends Pick<InstallationOptions, 'createCore' | 'workerEntry'> {
  readonly parent: ElectronParentPort;
  readonly started: CoreProcessArguments;
  readonly env: InstallationOptions['env'];
  exit(code: number): void;
}

/** Lets the message before it leave the process, ms. */
const LAST_WORDS = 200;

/** Runs a core for Electron's main: windows' ports come in through `parent`, files are looked up for the app:// protocol. */
export function runCoreProcess({ parent, started, env, exit, createCore, workerEntry }: CoreProcessOptions): void {
  const tell = (message: FromCore): void => parent.postMessage(message);

  function fail(error: unknown): void {
    tell({ kind: 'fatal', message: error instanceof Error ? error.message : String(error) });
    setTimeout(() => exit(1), LAST_WORDS);
  }

  let installation: Installation;
  try {
    const { workspace, dataRoot: named, demo } = parseHostArguments(started.args);
    const dataRoot = named ?? defaultDataRoot({ platform: process.platform, home: homedir(), env });
    tell({ kind: 'data-root', folder: dataRoot });
    installation = openInstallation({
      createCore,
      workerEntry,
      resourcesFolder: started.resourcesFolder,
      version: started.version,
      workspace,
      demo,
      dataRoot,
      env,
      onFatal: fail,
    });
  } catch (error) {
    return fail(error);
  }
  const { workspaces, log } = installation;
  workspaces.started().catch(fail);

  const answer = (id: number, value: Promise<(FromCore & { kind: 'answer' })['value']>): void => {
    value.then(
      (found) => tell({ kind: 'answer', id, value: found }),
      () => tell({ kind: 'answer', id, value: undefined }),
    );
  };

  function take(message: ToCore, ports: readonly ElectronPort[]): void {
    switch (message.kind) {
      case 'connect':
        for (const port of ports) workspaces.connect(portChannel(electronPort(port)), { address: 'this machine' });
        return;
      case 'take-download':
        return answer(message.id, workspaces.takeDownload(message.token));
      case 'street-map':
        return answer(message.id, workspaces.streetMapFile());
      case 'stop':
        workspaces.stop().then(
          () => exit(0),
          (error: unknown) => {
            log.write('error', 'the core did not stop', { error });
            exit(1);
          },
        );
        return;
      default:
        assertNever(message);
    }
  }

  parent.on('message', ({ data, ports }) => take(data as ToCore, ports));
}
