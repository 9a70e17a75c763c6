import { createRouter, type RouteLocationNormalized, type Router, type RouteLocationNormalizedLoaded, type RouteMeta, type RouterHistory, type RouteRecordRaw } from 'vue-router';
import type { ModuleDefinition } from './define-module.ts';
import { t } from './messages/en.ts';
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

/** The title of the page a route leads to, in the language of the moment; `route.meta` has that of when it was opened. */
export function titleOf(route: RouteLocationNormalizedLoaded): string | undefined {
  return route.matched.at(-1)?.meta.title;
}

/** Keeps a title that is read by a getter one: it follows the language. */
function metaOf(module: ModuleDefinition, route: RouteRecordRaw): RouteMeta {
  const meta = { permission: module.permission, ...(module.feature === undefined ? {} : { feature: module.feature }) } as RouteMeta;
  return Object.defineProperties(meta, { ...Object.getOwnPropertyDescriptors(route.meta ?? {}), module: { value: module.id, enumerable: true } });
}

/** Marks every route of a module with the module and the permission it needs. */
function routesOf(module: ModuleDefinition): RouteRecordRaw[] {
  return module.routes.map((route) => ({ ...route, meta: metaOf(module, route) }) as RouteRecordRaw);
}

/** Where the person was going before a page without sign-in came between. */
function wanted(to: RouteLocationNormalized): string | undefined {
  const next = to.query['next'];
  return typeof next === 'string' && next.startsWith('/') ? next : undefined;
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
      { path: '/forbidden', name: 'forbidden', component: () => import('./pages/ForbiddenPage.vue'), meta: { get title() { return t('forbidden.title'); } } },
      { path: '/:path(.*)*', name: 'missing', component: () => import('./pages/MissingPage.vue'), meta: { get title() { return t('missing.title'); } } },
    ],
  });

  router.beforeEach(async (to) => {
    const info = await ready();
    const signedIn = session.user !== undefined;
    if (session.user?.role === WALLBOARD_ROLE && router.hasRoute('wall')) return to.name === 'wall' ? true : { name: 'wall' };
    // Before anything else a second factor is set up, where the role asks for one.
    if (session.user?.mustEnrol === true && router.hasRoute('enrol')) return to.name === 'enrol' ? true : { name: 'enrol', query: to.fullPath === '/' || to.meta.public === true ? {} : { next: to.fullPath } };
    if (to.meta.public === true) {
      if (signedIn) return wanted(to) ?? startPage(modules, session.may) ?? { name: 'forbidden' };
      if (info.needsFirstUser && to.name !== 'first-user') return { name: 'first-user' };
      if (!info.needsFirstUser && to.name === 'first-user') return { name: 'login' };
      return true;
    }
    if (!signedIn) return { name: info.needsFirstUser ? 'first-user' : 'login', query: to.fullPath === '/' ? {} : { next: to.fullPath } };
    if (to.name === 'start') return startPage(modules, session.may) ?? { name: 'forbidden' };
    // What the installation does not have is no page of it.
    if (!session.has(to.meta.feature)) return { name: 'missing', params: { path: to.path.slice(1).split('/') } };
    if (to.meta.permission !== undefined && !session.may(to.meta.permission)) return { name: 'forbidden', query: { from: to.fullPath } };
    return true;
  });

  return router;
}
