import type { IconName } from '#renderer/ui/icons/icons.ts';
import { t } from './messages.ts';

/** A dashboard of the listing page. */
export interface Dashboard {
  readonly title: string;
  readonly text: string;
  readonly icon: IconName;
  readonly route: string;
}

export const DASHBOARDS: readonly Dashboard[] = [
  { get title() { return t('log.title'); }, get text() { return t('log.text'); }, icon: 'database', route: 'mis-log' },
  { get title() { return t('live.title'); }, get text() { return t('live.text'); }, icon: 'intake', route: 'mis-live' },
];
