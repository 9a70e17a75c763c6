import type { AppContract } from '#shared/contract/index.ts';
import type { Principal } from '#shared/domain/access/principal.ts';
import { AppError } from '#shared/kernel/error.ts';
import type { Features } from '#shared/domain/features/features.ts';
import { principalOf, type Handlers } from '#shared/rpc/handlers.ts';
import type { CoreDeps } from './deps.ts';
import type { NoticeBoard } from './notices.ts';
import type { StatusService } from './status.ts';

export type AppHandlers = Pick<Handlers<AppContract, Principal>, 'app.info' | 'app.status' | 'app.dismissNotice' | 'workspace.list' | 'workspace.open'>;

export interface AppHandlerOptions {
  readonly deps: Pick<CoreDeps, 'version' | 'workspace' | 'brand' | 'dataFolder' | 'timeZone' | 'openWorkspace'>;
  readonly status: StatusService;
  readonly notices: NoticeBoard;
  readonly demoSignIn: { readonly email: string; readonly password: string } | undefined;
  needsFirstUser(): boolean;
  streetMapFile(): string | undefined;
  features(): Features;
}

const WORKSPACES = {
  demo: { title: 'Demo fleet', description: 'A simulated fleet to try everything on. Nothing here is real, nothing leaves this computer.' },
  local: { title: 'Local workspace', description: 'Your own vehicles on this computer, with the embedded broker or one of your own.' },
} as const;

/** Whether a principal is told what is said about the installation and its units. */
const readsIntake = ({ permissions, scope }: Principal): boolean => permissions.has('intake.read') && scope === 'all';

/** Handlers of the application itself: what it is, how it is, and which workspace is open. */
export function appHandlers({ deps, status, notices, demoSignIn, needsFirstUser, streetMapFile, features }: AppHandlerOptions): AppHandlers {
  return {
    'app.info': () => ({
      product: deps.brand.name,
      version: deps.version,
      workspace: deps.workspace,
      brand: deps.brand,
      ...(demoSignIn === undefined ? {} : { demoSignIn: { ...demoSignIn } }),
      needsFirstUser: needsFirstUser(),
      map: { basemapUrl: '/basemap/', ...(streetMapFile() === undefined ? {} : { streetMapUrl: '/streets.pmtiles' }) },
      timeZone: deps.timeZone,
      features: features(),
    }),
    'app.status': (_input, context, sink) => {
      // What is said about the installation and its units is for those who read its intake.
      const mayRead = readsIntake(principalOf(context));
      const tell = (): void => {
        const current = status.current();
        sink.push(mayRead ? current : { ...current, broker: { ...current.broker, address: '' }, notices: [] });
      };
      tell();
      return status.onChange(tell);
    },
    'app.dismissNotice': ({ id }, context) => {
      // A notice that was not shown is not hidden from others.
      if (readsIntake(principalOf(context))) notices.dismiss(id);
      return {};
    },
    'workspace.list': () => ({
      current: deps.workspace,
      workspaces: (['demo', 'local'] as const).map((kind) => ({ kind, ...WORKSPACES[kind], folder: kind === deps.workspace ? deps.dataFolder : '' })),
    }),
    'workspace.open': async ({ kind }) => {
      if (!deps.openWorkspace) throw new AppError('refused', 'This host serves one workspace only.');
      if (kind !== deps.workspace) await deps.openWorkspace(kind);
      return {};
    },
  };
}
