import type { InjectionKey } from 'vue';
import type { ResourceApi } from './api.ts';

/** The procedures of the resource whose page or form is around. */
export const apiKey: InjectionKey<ResourceApi> = Symbol('resource api');
