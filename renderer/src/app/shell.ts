import { inject, type InjectionKey, type Ref } from 'vue';
import type { WorkspaceKind } from '#shared/contract/app.ts';
import type { OutputOf } from '#shared/contract/index.ts';
import type { ModuleDefinition } from './define-module.ts';
import type { StepUp } from './account/step-up.ts';
import { createPreference, type PreferencePort } from './preferences.ts';
import type { Connection } from './rpc/connection.ts';
import type { Rpc } from './rpc/rpc.ts';
import type { SessionService } from './session/session-service.ts';

export type AppInfo = OutputOf<'app.info'>;

/** What the shell offers to its parts and to features. */
export interface Shell {
  readonly connection: Connection;
  /** Undefined until the first connection. */
  readonly info: Readonly<Ref<AppInfo | undefined>>;
  readonly session: SessionService;
  /** Acts that wait for the second factor to be shown again. */
  readonly stepUp: StepUp;
  readonly modules: readonly ModuleDefinition[];
  /** Asks the core again what it is, as after the first user was made. */
  refreshInfo(): Promise<void>;
  /** Opens another workspace and resolves once this window is connected to it; throws an AppError where it cannot be opened. */
  switchWorkspace(kind: WorkspaceKind): Promise<void>;
}

export const shellKey: InjectionKey<Shell> = Symbol('shell');

/** The shell around the calling component. */
export function useShell(): Shell {
  const shell = inject(shellKey);
  if (!shell) throw new Error('the shell is not provided');
  return shell;
}

/** Calls and streams of the core. */
export function useRpc(): Rpc {
  return useShell().connection;
}

/** A remembered choice of the user under this key. */
export function usePreference(key: string): PreferencePort {
  return createPreference(useRpc(), key);
}
