import type { RouteLocationRaw } from 'vue-router';
import type { Permission } from '#shared/domain/access/permissions.ts';
import type { Feature } from '#shared/domain/features/features.ts';
import type { IconName } from '#renderer/ui/icons/icons.ts';
import type { ModuleDefinition } from '../define-module.ts';
import { moduleHome } from '../navigation.ts';

export interface PaletteEntry {
  readonly id: string;
  readonly group: 'hits' | 'pages' | 'commands';
  readonly title: string;
  readonly subtitle?: string;
  readonly icon: IconName;
  readonly keywords?: string;
  readonly run: () => void;
}

type Go = (to: RouteLocationRaw) => void;

/** Every page and command of the modules that the user may use. */
export function moduleEntries(modules: readonly ModuleDefinition[], may: (permission: Permission | undefined, feature?: Feature) => boolean, go: Go): PaletteEntry[] {
  const entries: PaletteEntry[] = [];
  for (const module of modules.filter((candidate) => may(candidate.permission, candidate.feature))) {
    const tabs = (module.tabs ?? []).filter((tab) => may(tab.permission ?? module.permission, tab.feature ?? module.feature));
    if (tabs.length === 0 && module.order !== undefined) entries.push({ id: `page:${module.id}`, group: 'pages', title: module.title, icon: module.icon, run: () => go(moduleHome(module, may)) });
    for (const tab of tabs) {
      const own = tab.title === module.title;
      entries.push({ id: `page:${tab.route}`, group: 'pages', title: tab.title, ...(own ? {} : { subtitle: module.title }), icon: module.icon, run: () => go({ name: tab.route }) });
    }
    for (const command of module.searchCommands ?? []) {
      if (!may(command.permission ?? module.permission, module.feature)) continue;
      entries.push({ id: `command:${command.id}`, group: 'commands', title: command.title, icon: command.icon ?? 'arrow-right', ...(command.keywords === undefined ? {} : { keywords: command.keywords }), run: () => go(command.to) });
    }
  }
  return entries;
}

/**
 * The entries that match every word of `text`, best first: title begins with it, a word of the title begins with it,
 * anywhere in title, module or keywords. An empty text matches all, in their own order.
 */
export function matchEntries(entries: readonly PaletteEntry[], text: string): PaletteEntry[] {
  const words = text.toLowerCase().split(/\s+/).filter((word) => word !== '');
  if (words.length === 0) return [...entries];
  const ranked: { entry: PaletteEntry; rank: number }[] = [];
  for (const entry of entries) {
    const title = entry.title.toLowerCase();
    const all = `${title} ${entry.subtitle ?? ''} ${entry.keywords ?? ''}`.toLowerCase();
    if (!words.every((word) => all.includes(word))) continue;
    const first = words[0] ?? '';
    const rank = title.startsWith(first) ? 0 : title.split(/\s+/).some((part) => part.startsWith(first)) ? 1 : 2;
    ranked.push({ entry, rank });
  }
  return ranked.toSorted((a, b) => a.rank - b.rank).map(({ entry }) => entry);
}
