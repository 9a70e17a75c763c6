import { PARAMETER } from '../catalogue/index.ts';
import type { BusStatisticsContent, MetaContent } from '../envelope/messages.ts';
import type { SignalBatch } from '../adapters/signal-batch.ts';

const BUS_STATE_CODES = { active: 0, warning: 1, passive: 2, off: 3 } as const;

/** Bus statistics as parameters: of several buses the worst. */
export function addStatisticsValues(signals: SignalBatch, buses: readonly BusStatisticsContent[]): void {
  signals.begin();
  if (buses.length === 0) return;
  signals.add(0, PARAMETER.canLoad, Math.min(100, Math.max(...buses.map((bus) => bus.load))));
  signals.add(0, PARAMETER.canErrors, buses.reduce((sum, bus) => sum + bus.errors, 0));
  signals.add(0, PARAMETER.canLost, buses.reduce((sum, bus) => sum + bus.lost, 0));
  signals.add(0, PARAMETER.unitQueue, Math.max(...buses.map((bus) => bus.queue)));
  signals.add(0, PARAMETER.canState, Math.max(...buses.map((bus) => BUS_STATE_CODES[bus.state])));
}

/** What `meta` says about the unit as parameters. */
export function addMetaValues(signals: SignalBatch, meta: MetaContent): void {
  signals.begin();
  if (meta.firmware !== undefined) signals.texts.push({ parameter: PARAMETER.firmwareVersion, text: meta.firmware });
}
