import type { Core, CoreDeps, DownloadFile } from '#core/app/deps.ts';
import { contract, type AppContract } from '../contract/index.ts';
import { CONTRACT_IDENTITY } from '../contract/hash.ts';
import type { Principal } from '../domain/access/principal.ts';
import { createDispatcher } from '../rpc/dispatcher.ts';
import type { Handlers } from '../rpc/handlers.ts';
import { AppError } from '../kernel/error.ts';

/** What a test sees of the cores that were made. */
export interface TinyCores {
  createCore(deps: CoreDeps): Promise<Core>;
  readonly made: CoreDeps[];
  readonly stopped: string[];
  readonly downloads: Map<string, DownloadFile>;
  /** Pieces of files that clients sent. */
  readonly pieces: Uint8Array[];
  streetMap: string | undefined;
  /** Thrown by the next creation of a core for this workspace. */
  readonly failing: Map<string, unknown>;
}

/** Cores that answer `app.info` and the workspace procedures and nothing else: enough for a host. */
export function tinyCores(): TinyCores {
  const cores: TinyCores = {
    made: [],
    stopped: [],
    downloads: new Map(),
    pieces: [],
    streetMap: undefined,
    failing: new Map(),
    async createCore(deps) {
      const failure = cores.failing.get(deps.workspace);
      cores.failing.delete(deps.workspace);
      if (failure !== undefined) throw failure;
      cores.made.push(deps);
      const missing = () => {
        throw new AppError('unavailable', 'This core is tiny.');
      };
      const handlers = {
        ...Object.fromEntries(Object.keys(contract).map((name) => [name, missing])),
        'app.info': () => ({ product: 'tiny', version: deps.version, workspace: deps.workspace, brand: deps.brand, needsFirstUser: false, map: { basemapUrl: '/basemap/' }, timeZone: deps.timeZone, features: { subscription: false, customerCare: false, sharedRides: false, riderApp: false } }),
        'uploads.append': ({ offset, bytes }: { offset: number; bytes: Uint8Array }) => {
          cores.pieces.push(bytes);
          return { received: offset + bytes.length };
        },
        'workspace.open': async ({ kind }: { kind: CoreDeps['workspace'] }) => {
          await deps.openWorkspace?.(kind);
          return {};
        },
      } as unknown as Handlers<AppContract, Principal>;
      const dispatcher = createDispatcher<AppContract, Principal>({ contract, handlers, authorise: () => undefined, log: deps.log, newErrorId: () => '1', identity: CONTRACT_IDENTITY, validateOutput: true });
      return {
        connect: (channel, client) => dispatcher.serve(channel, client),
        takeDownload(token) {
          const found = cores.downloads.get(token);
          cores.downloads.delete(token);
          return found;
        },
        knowsWallboard: (token) => token === 'wb_tiny',
        streetMapFile: () => cores.streetMap,
        async stop() {
          dispatcher.dispose();
          cores.stopped.push(deps.workspace);
        },
      };
    },
  };
  return cores;
}
