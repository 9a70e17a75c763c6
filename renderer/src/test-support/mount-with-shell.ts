import { mount, type VueWrapper } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { ref, shallowRef, type Component } from 'vue';
import { createMemoryHistory, createRouter, type Router, type RouteRecordRaw } from 'vue-router';
import type { SignedInUser } from '#shared/contract/auth.ts';
import { createStepUp } from '#renderer/app/account/step-up.ts';
import type { ModuleDefinition } from '#renderer/app/define-module.ts';
import type { ConnectionState } from '#renderer/app/rpc/connection.ts';
import { createSessionService } from '#renderer/app/session/session-service.ts';
import { useSession } from '#renderer/app/session/session.ts';
import { shellKey, type AppInfo, type Shell } from '#renderer/app/shell.ts';
import { createShortcuts, shortcutsKey } from '#renderer/ui/keyboard/shortcuts.ts';
import { createToasts, toastsKey, type Toasts } from '#renderer/ui/toast/toasts.ts';
import type { FakeRpc } from './fake-rpc.ts';

export const INFO: AppInfo = {
  product: 'Command Center',
  version: '0.1.0',
  workspace: 'demo',
  brand: { name: 'Command Center', shortName: 'Command Center', accentLight: '#0F62C9', accentDark: '#5AA2FF' },
  needsFirstUser: false,
  map: { basemapUrl: './basemap' },
  timeZone: 'Asia/Kolkata',
  features: { subscription: true, customerCare: true, sharedRides: true, riderApp: true },
};

export const USER: SignedInUser = { userId: 'u1', email: 'asha@example.com', name: 'Asha Rao', role: 'super-admin', roleLabel: 'Super Admin', permissions: ['fleet.read', 'settings.read', 'settings.manage', 'users.read', 'users.manage', 'intake.read'], scope: 'all' };

export interface Mounted {
  readonly wrapper: VueWrapper;
  readonly router: Router;
  readonly toasts: Toasts;
  readonly shell: Shell;
  readonly connectionState: { value: ConnectionState };
}

export interface MountOptions {
  readonly rpc: FakeRpc;
  readonly props?: Record<string, unknown>;
  readonly info?: Partial<AppInfo>;
  readonly user?: SignedInUser | undefined;
  readonly modules?: readonly ModuleDefinition[];
  readonly routes?: readonly RouteRecordRaw[];
  readonly path?: string;
}

const blank = { template: '<div />' };

/** Mounts a component inside a shell over a fake core, attached to the document so that focus and keys work. */
export async function mountWithShell(component: Component, options: MountOptions): Promise<Mounted> {
  const pinia = createPinia();
  setActivePinia(pinia);
  window.localStorage.clear();
  window.sessionStorage.clear();
  useSession().user = options.user;
  useSession().features = { ...INFO, ...options.info }.features;
  const named = ['start', 'login', 'forgot', 'activate', 'first-user', 'forbidden'].map((name) => ({ path: `/${name}`, name, component: blank }));
  const router = createRouter({ history: createMemoryHistory(), routes: [...(options.routes ?? []), ...named, { path: '/:rest(.*)*', component: blank }] });
  await router.push(options.path ?? '/');
  const toasts = createToasts(() => undefined);
  const state = ref<ConnectionState>('live');
  const { rpc } = options;
  const info = shallowRef<AppInfo>({ ...INFO, ...options.info });
  const stepUp = createStepUp();
  const shell: Shell = {
    connection: { call: rpc.call, open: rpc.open, state, since: ref(0), failure: shallowRef(undefined), start: () => undefined, retry: () => undefined, reconnect: () => undefined, dispose: () => undefined },
    info,
    session: createSessionService(() => rpc, useSession(), window.sessionStorage, stepUp),
    stepUp,
    modules: options.modules ?? [],
    refreshInfo: async () => void (info.value = await rpc.call('app.info', {})),
    switchWorkspace: async (kind) => void (await rpc.call('workspace.open', { kind })),
  };
  const wrapper = mount(component, {
    attachTo: document.body,
    props: options.props ?? {},
    global: { plugins: [pinia, router], provide: { [shellKey as symbol]: shell, [toastsKey as symbol]: toasts, [shortcutsKey as symbol]: createShortcuts(window) } },
  });
  return { wrapper, router, toasts, shell, connectionState: state };
}

/** Lets promises, renders and the given milliseconds of debounce pass. */
export async function settle(milliseconds = 0): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  await new Promise((resolve) => setTimeout(resolve));
}
