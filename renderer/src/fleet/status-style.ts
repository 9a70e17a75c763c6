import { STATUS_LABELS } from '#shared/domain/fleet/columns.ts';
import type { PinStyle } from '#renderer/ui/map/pin-shapes.ts';
import { coreText } from '#renderer/ui/messages/core-texts.ts';

/** Shape, colour and word of each status, by its wire value; the same on pins, chips and legends. */
export const STATUS_STYLES: readonly PinStyle[] = [
  { shape: 'arrow', colour: '--cc-status-moving', get label() { return coreText(STATUS_LABELS[0]); }, withoutHeading: 'arrow' },
  { shape: 'square', colour: '--cc-status-stopped', get label() { return coreText(STATUS_LABELS[1]); } },
  { shape: 'circle', colour: '--cc-status-ignition-off', get label() { return coreText(STATUS_LABELS[2]); } },
  { shape: 'bolt', colour: '--cc-status-charging', get label() { return coreText(STATUS_LABELS[3]); } },
  { shape: 'ring', colour: '--cc-status-offline', get label() { return coreText(STATUS_LABELS[4]); } },
  { shape: 'cross', colour: '--cc-status-not-communicating', get label() { return coreText(STATUS_LABELS[5]); } },
];
