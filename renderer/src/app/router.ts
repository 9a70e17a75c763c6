import { createRouter, type Router, type RouterHistory, type RouteRecordRaw } from 'vue-router';
import type { ModuleDefinition } from './define-module.ts';
import { startPage } from './navigation.ts';
import type { useSession } from './session/session.ts';
import type { AppInfo } from './shell.ts';
import { WALLBOARD_ROLE } from './wallboard.ts';

export interface RouterOptions {
  readonly modules: readonly ModuleDefinition[];
  readonly history: RouterHistory;
  readonly session: ReturnType<typeof useSession>;
  /** Resolves once the core has said what it is and a session was resumed, if there was one. */
  readonly ready: () => Promise<AppInfo>;
}

/** Marks every route of a module with the module and the permission it needs. */
function routesOf(module: ModuleDefinition): RouteRecordRaw[] {
  return module.routes.map((route) => ({ ...route, meta: { permission: module.permission, ...route.meta, module: module.id } }) as RouteRecordRaw);
}

/**
 * The router over all modules. Hash addresses, because the page is served from app:// and from any folder alike. Who is
 * not signed in is sent to the login page and, after it, where they wanted to go; a page beyond the role says so.
 */
export function createAppRouter({ modules, history, session, ready }: RouterOptions): Router {
  const router = createRouter({
    history,
    routes: [
      ...modules.flatMap(routesOf),
      { path: '/', name: 'start', component: () => import('./pages/StartPage.vue') },
      { path: '/forbidden', name: 'forbidden', component: () => import('./pages/ForbiddenPage.vue'), meta: { title: 'Not allowed' } },
      { path: '/:path(.*)*', name: 'missing', component: () => import('./pages/MissingPage.vue'), meta: { title: 'Not found' } },
    ],
  });

  router.beforeEach(async (to) => {
    const info = await ready();
    const signedIn = session.user !== undefined;
    if (session.user?.role === WALLBOARD_ROLE && router.hasRoute('wall')) return to.name === 'wall' ? true : { name: 'wall' };
    if (to.meta.public === true) {
      if (signedIn) return startPage(modules, session.may) ?? { name: 'forbidden' };
      if (info.needsFirstUser && to.name !== 'first-user') return { name: 'first-user' };
      if (!info.needsFirstUser && to.name === 'first-user') return { name: 'login' };
      return true;
    }
    if (!signedIn) return { name: info.needsFirstUser ? 'first-user' : 'login', query: to.fullPath === '/' ? {} : { next: to.fullPath } };
    if (to.name === 'start') return startPage(modules, session.may) ?? { name: 'forbidden' };
    if (to.meta.permission !== undefined && !session.may(to.meta.permission)) return { name: 'forbidden', query: { from: to.fullPath } };
    return true;
  });

  return router;
}
