import type { AlertNamesOf } from './bench-facts.ts';
import type { FrameTaps } from '#core/can/frame-taps.ts';
import type { DbcLibrary } from '#core/app/dbc-library.ts';
import type { UnitRegistry } from '#core/ingest/unit-registry.ts';
import type { FleetDirectory } from '#core/store/operations/directory/directory.ts';
import type { Operations } from '#core/store/operations/operations.ts';
import type { ParameterCatalogue } from '#shared/domain/telemetry/catalogue/index.ts';
import type { FleetState } from '#shared/domain/telemetry/state/index.ts';
import type { Clock, Rng, Scheduler } from '#shared/kernel/ports.ts';
import { COMMISSIONING_SETTING, readCommissioningSettings, type CommissioningSettings } from '#shared/resources/commissioning-settings.ts';
import { setting } from '#shared/resources/setting.ts';
import { settingId } from '#shared/sync/mutators/setting.ts';

/** What commissioning, swapping and logbooks need of the core. */
export interface WorkServices {
  readonly operations: Operations;
  readonly directory: FleetDirectory;
  readonly registry: UnitRegistry;
  readonly library: DbcLibrary;
  readonly taps: FrameTaps;
  readonly state: FleetState;
  readonly catalogue: ParameterCatalogue;
  /** Names of the open alerts of a vehicle. */
  readonly openAlerts: AlertNamesOf;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly scheduler: Scheduler;
  readonly timeZone: string;
}

/** The installation's settings for commissioning. */
export function settingsOf(operations: Pick<Operations, 'read'>): CommissioningSettings {
  return readCommissioningSettings(operations.read.get(setting, settingId(COMMISSIONING_SETTING))?.value);
}
