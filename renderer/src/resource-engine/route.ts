import { defineComponent, h } from 'vue';
import type { RouteRecordRaw } from 'vue-router';
import type { Resource } from '#shared/resources/define-resource.ts';
import type { ModuleTab } from '#renderer/app/define-module.ts';
import { inWords } from './labels.ts';

/** The route of a resource's page, where the page needs no slots; open to those who may read the resource. */
export function resourceRoute(path: string, name: string, resource: Resource): RouteRecordRaw {
  return {
    path,
    name,
    // A component of its own, so that going from one resource to the next does not keep the page.
    component: async () => {
      const { default: ResourcePage } = await import('./ResourcePage.vue');
      return defineComponent({ name, setup: () => () => h(ResourcePage, { resource }) });
    },
    meta: resourceMeta(resource),
  };
}

/** What the route of a resource's page tells the shell; for pages with slots. */
export function resourceMeta(resource: Resource): { readonly title: string; readonly permission: Resource['permissions']['read'] } {
  return {
    get title() {
      return inWords(resource.label.many);
    },
    permission: resource.permissions.read,
  };
}

/** The tab of a resource's page. */
export function resourceTab(route: string, resource: Resource): ModuleTab {
  return {
    get title() {
      return inWords(resource.label.many);
    },
    route,
    permission: resource.permissions.read,
  };
}
