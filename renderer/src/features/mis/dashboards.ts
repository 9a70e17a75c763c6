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
  { title: t('log.title'), text: t('log.text'), icon: 'database', route: 'mis-log' },
  { title: t('live.title'), text: t('live.text'), icon: 'intake', route: 'mis-live' },
];
