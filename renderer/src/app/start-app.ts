import { createPinia } from 'pinia';
import { createApp, shallowRef } from 'vue';
import { createWebHashHistory } from 'vue-router';
import { CONTRACT_IDENTITY } from '#shared/contract/hash.ts';
import type { SignedInUser } from '#shared/contract/auth.ts';
import { contract } from '#shared/contract/index.ts';
import type { Channel } from '#shared/rpc/channel.ts';
import { createClient } from '#shared/rpc/client.ts';
import { createShortcuts, shortcutsKey } from '#renderer/ui/keyboard/shortcuts.ts';
import { createToasts, toastsKey } from '#renderer/ui/toast/toasts.ts';
import App from './App.vue';
import type { ModuleDefinition } from './define-module.ts';
import { createStepUp } from './account/step-up.ts';
import { useLocale } from './locale/locale.ts';
import { t } from './messages/en.ts';
import { browserClock, browserScheduler } from './platform.ts';
import { reloadOnce } from './reload-once.ts';
import { createAppRouter } from './router.ts';
import { createConnection, type Connection } from './rpc/connection.ts';
import { createSessionService } from './session/session-service.ts';
import { useSession } from './session/session.ts';
import { shellKey, type AppInfo, type Shell } from './shell.ts';
import { switchWorkspace } from './switch-workspace.ts';
import { isWallboardWindow, keepWallboardToken } from './wallboard.ts';
import { applyBrand } from './theme/brand.ts';
import { useTheme } from './theme/theme.ts';

export interface StartOptions {
  readonly target: string;
  readonly modules: readonly ModuleDefinition[];
  connect(): Promise<Channel>;
}

/** What a user may do and see, to tell whether it changed. */
const rightsOf = ({ role, permissions, scope, mustEnrol }: SignedInUser): string => JSON.stringify([role, permissions, scope, mustEnrol]);

/** Puts the application together and mounts it. */
export function startApp({ target, modules, connect }: StartOptions): void {
  const app = createApp(App).use(createPinia());
  useTheme();
  useLocale();
  const session = useSession();
  const toasts = createToasts((run, delay) => browserScheduler.after(delay, run));
  const info = shallowRef<AppInfo>();
  let announce: (info: AppInfo) => void = () => undefined;
  const ready = new Promise<AppInfo>((resolve) => (announce = resolve));

  /** The same in the time zone of the person at the screen: the host may stand elsewhere. */
  const here = (answer: AppInfo): AppInfo => ({ ...answer, timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone });
  const learn = (found: AppInfo): AppInfo => {
    info.value = found;
    session.features = found.features;
    return found;
  };
  const stepUp = createStepUp();
  const outdated = reloadOnce(window.sessionStorage, () => window.location.reload());
  const connection: Connection = createConnection({
    connect,
    createClient: (channel) => createClient(contract, channel, CONTRACT_IDENTITY),
    async prepare(client) {
      const answer = await client.call('app.info', {});
      const before = session.user;
      await service.resume(client);
      applyBrand(answer.brand, document.documentElement);
      learn(here(answer));
      outdated.settled();
      announce(here(answer));
      if (before !== undefined && session.user === undefined) signedOut();
      // The page that is open may not be allowed any more, or may be at last.
      else if (before !== undefined && session.user !== undefined && rightsOf(before) !== rightsOf(session.user)) lookAgain();
    },
    onSignedOut: () => signedOut(),
    onStepUp: () => stepUp.ask(),
    onOutdated: () => outdated.reload(),
    clock: browserClock,
    scheduler: browserScheduler,
  });
  const service = createSessionService(() => connection, session, window.sessionStorage, stepUp);
  // Read at every navigation: a first user was made, another workspace was opened.
  const router = createAppRouter({ modules, history: createWebHashHistory(), session, ready: async () => info.value ?? (await ready) });

  /** Has the router judge the page that is open by the rights of now. */
  function lookAgain(): void {
    const { path, query, hash } = router.currentRoute.value;
    void router.replace({ path, query, hash, force: true });
  }

  function signedOut(): void {
    if (session.user === undefined && router.currentRoute.value.meta.public === true) return;
    service.forget();
    // A wallboard whose token opens nothing any more must not try it for ever.
    if (isWallboardWindow()) keepWallboardToken(undefined);
    toasts.show({ kind: 'info', text: t('session.ended') });
    void router.push({ name: 'login', query: { next: router.currentRoute.value.fullPath } });
  }

  // A call waits for the connection, and so for a workspace that is being opened.
  const refreshInfo = async (): Promise<AppInfo> => learn(here(await connection.call('app.info', {})));

  const shell: Shell = {
    connection,
    info,
    session: service,
    stepUp,
    modules,
    refreshInfo: async () => void (await refreshInfo()),
    switchWorkspace: (kind) => switchWorkspace(kind, { connection, forget: () => service.forget(), refreshInfo }),
  };
  app.provide(shellKey, shell).provide(toastsKey, toasts).provide(shortcutsKey, createShortcuts(window)).use(router);
  connection.start();
  app.mount(target);
}
