import type { RouteLocationRaw } from 'vue-router';
import type { Permission } from '#shared/domain/access/permissions.ts';
import type { Feature } from '#shared/domain/features/features.ts';
import { START_MODULES, type ModuleDefinition, type ModuleTab } from './define-module.ts';

type May = (permission: Permission | undefined, feature?: Feature) => boolean;

/** Modules from here on stand at the bottom of the rail. */
const BOTTOM = 900;

function inOrder(modules: readonly ModuleDefinition[], may: May): readonly ModuleDefinition[] {
  return modules.filter((module) => module.order !== undefined && may(module.permission, module.feature)).toSorted((a, b) => (a.order ?? 0) - (b.order ?? 0));
}

/** The modules of the rail that the user may see, upper and lower part. */
export function railModules(modules: readonly ModuleDefinition[], may: May): { top: readonly ModuleDefinition[]; bottom: readonly ModuleDefinition[] } {
  const visible = inOrder(modules, may);
  return { top: visible.filter((module) => (module.order ?? 0) < BOTTOM), bottom: visible.filter((module) => (module.order ?? 0) >= BOTTOM) };
}

/** The tabs of a module that the user may see; none where there is only one. */
export function moduleTabs(module: ModuleDefinition | undefined, may: May): readonly ModuleTab[] {
  const tabs = module?.tabs?.filter((tab) => may(tab.permission ?? module.permission, tab.feature ?? module.feature)) ?? [];
  return tabs.length > 1 ? tabs : [];
}

/** Where a module's rail entry leads: its first tab that the user may see, else its first route. */
export function moduleHome(module: ModuleDefinition, may: May): RouteLocationRaw {
  const tab = module.tabs?.find((candidate) => may(candidate.permission ?? module.permission, candidate.feature ?? module.feature));
  const name = tab?.route ?? module.routes[0]?.name;
  return name === undefined ? `/${module.id}` : { name };
}

/** The start page of the user: alerts or vehicles where the role may see them, else the first module of the rail. */
export function startPage(modules: readonly ModuleDefinition[], may: May): RouteLocationRaw | undefined {
  const visible = inOrder(modules, may);
  const first = START_MODULES.map((id) => visible.find((module) => module.id === id)).find((module) => module !== undefined) ?? visible[0];
  return first && moduleHome(first, may);
}
