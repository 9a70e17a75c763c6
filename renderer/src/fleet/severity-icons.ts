import type { IconName } from '#renderer/ui/icons/icons.ts';
import type { AlertSeverity } from '#shared/domain/alerts/rule.ts';

/** The shape of each severity; its colour is the token of the same name. */
export const SEVERITY_ICONS = { critical: 'octagon', high: 'triangle', low: 'diamond' } as const satisfies Record<AlertSeverity, IconName>;
