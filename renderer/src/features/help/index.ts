import { defineModule } from '#renderer/app/define-module.ts';
import { t } from './messages.ts';

/** What the marks and words of the console mean. Reached from the user menu and the palette, not from the rail. */
export const helpModule = defineModule({
  id: 'help',
  get title() { return t('title'); },
  icon: 'help',
  routes: [{ path: '/help', name: 'help', component: () => import('./pages/HelpPage.vue'), meta: { get title() { return t('title'); } } }],
  searchCommands: [{ id: 'help', get title() { return t('command'); }, keywords: 'help legend status colours meaning guide', icon: 'help', to: { name: 'help' } }],
});
