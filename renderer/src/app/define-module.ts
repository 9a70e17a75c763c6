import type { Component } from 'vue';
import type { RouteLocationRaw, RouteRecordRaw } from 'vue-router';
import type { Permission } from '#shared/domain/access/permissions.ts';
import type { Feature } from '#shared/domain/features/features.ts';
import type { IconName } from '#renderer/ui/icons/icons.ts';

/** Where a module stands in the rail; the order is the portal's. */
export const MODULE_ORDER = {
  alerts: 10,
  mis: 20,
  care: 30,
  admin: 40,
  vehicles: 50,
  commissioning: 55,
  devices: 60,
  masterOperation: 70,
  rides: 80,
  ota: 90,
  swapping: 100,
  users: 110,
  can: 890,
  intake: 900,
  settings: 910,
} as const;

/** Where a user's day begins, first of these that the role may see; else the first module of the rail. */
export const START_MODULES: readonly string[] = ['alerts', 'vehicles'];

export interface ModuleTab {
  readonly title: string;
  /** Name of a route of this module. */
  readonly route: string;
  readonly permission?: Permission;
  /** Part of the portal that the installation must have. */
  readonly feature?: Feature;
}

export interface SearchCommand {
  readonly id: string;
  readonly title: string;
  /** Further words by which it is found. */
  readonly keywords?: string;
  readonly icon?: IconName;
  readonly permission?: Permission;
  /** Where it leads. */
  readonly to: RouteLocationRaw;
}

/** The kinds of `search.global` hits. */
export type HitKind = 'vehicle' | 'customer' | 'city';

/** What a feature tells the shell about itself. */
export interface ModuleDefinition {
  /** First part of the module's addresses: `/vehicles/…`. */
  readonly id: string;
  readonly title: string;
  readonly icon: IconName;
  /** Place in the rail, one of MODULE_ORDER; from 900 on at the bottom. Without one the module is not in the rail. */
  readonly order?: number;
  /** Needed for the module and every page of it that names no other (`meta.permission`). */
  readonly permission?: Permission;
  /** Part of the portal that the installation must have for the module and every page of it that names no other (`meta.feature`). */
  readonly feature?: Feature;
  /** Routes with full paths; the first is where the rail leads. */
  readonly routes: readonly RouteRecordRaw[];
  readonly tabs?: readonly ModuleTab[];
  readonly searchCommands?: readonly SearchCommand[];
  /** Stands in the header beside the user's name, for those who may see the module. */
  readonly header?: Component;
  /** Where a search hit of this kind is shown. */
  readonly opens?: Partial<Record<HitKind, (id: string) => RouteLocationRaw>>;
}

/** Declares a module; the type is checked, nothing is registered (app/modules.ts lists the modules). */
export function defineModule<const M extends ModuleDefinition>(module: M): M {
  return module;
}

declare module 'vue-router' {
  interface RouteMeta {
    /** Page title: header, window title, palette. */
    title?: string;
    /** Name of the page one level up, for the breadcrumb. */
    parent?: string;
    permission?: Permission;
    feature?: Feature;
    /** Reachable without signing in; drawn without the frame. */
    public?: boolean;
    /** Drawn alone, without the frame: a screen on a wall. */
    wall?: boolean;
    /** Set by the shell: the module the route belongs to. */
    module?: string;
  }
}
