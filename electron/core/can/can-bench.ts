import type { DbcLibrary } from '#core/app/dbc-library.ts';
import type { Intake } from '#core/app/intake.ts';
import type { Exchange } from '#core/exchange/exchange.ts';
import type { FleetDirectory } from '#core/store/operations/directory/directory.ts';
import type { Operations } from '#core/store/operations/operations.ts';
import type { ParameterCatalogue } from '#shared/domain/telemetry/catalogue/index.ts';
import { DisposableStore, type Disposable } from '#shared/kernel/disposable.ts';
import type { Clock, Rng, Scheduler } from '#shared/kernel/ports.ts';
import { inflateRaw } from '#shared/platform-node/inflate.ts';
import { canHandlers } from './can-handlers.ts';
import { dbcHandlers } from './dbc-handlers.ts';
import { FrameTaps } from './frame-taps.ts';
import { parameterHandlers } from './parameter-handlers.ts';

/** Changes of these bind buses anew. */
const BINDING_RESOURCES: ReadonlySet<string> = new Set(['dbc-file', 'signal-map', 'vehicle-model']);
/** An assignment begins or ends with the time; looked at this often, ms. */
const VALIDITY_PERIOD = 15_000;

export interface CanBenchOptions {
  readonly intake: Intake;
  readonly directory: FleetDirectory;
  readonly library: DbcLibrary;
  readonly operations: Operations;
  readonly catalogue: ParameterCatalogue;
  readonly exchange: Exchange;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly scheduler: Scheduler;
  readonly timeZone: string;
}

/** The workshop's side of the core: frames as they come, DBC files and what they decode. Buses are bound anew when that changes. */
export function startCanBench(options: CanBenchOptions): Disposable & { /** Gives the frames of a unit as they arrive. */ readonly taps: FrameTaps; readonly handlers: ReturnType<typeof canHandlers> & ReturnType<typeof dbcHandlers> & ReturnType<typeof parameterHandlers> } {
  const { intake, directory, library, operations, catalogue, clock, scheduler } = options;
  const { registry } = intake;
  const store = new DisposableStore();
  const taps = new FrameTaps(inflateRaw);
  intake.tap((unit, suffix, payload, receivedAt) => taps.active && taps.message(unit, suffix, payload, receivedAt));
  store.add(
    operations.onChange(({ changes }) => {
      if (!changes.some((change) => BINDING_RESOURCES.has(change.resource))) return;
      library.refresh();
      registry.forgetBindings();
    }),
  );
  let looked = clock.now();
  store.add(
    scheduler.every(VALIDITY_PERIOD, () => {
      const now = clock.now();
      const passed = (at: number | undefined): boolean => at !== undefined && at > looked && at <= now;
      if (directory.models().some((model) => model.dbc.some((entry) => passed(entry.validFrom) || passed(entry.validTo)))) registry.forgetBindings();
      looked = now;
    }),
  );
  return {
    taps,
    handlers: { ...canHandlers({ ...options, registry, taps }), ...dbcHandlers({ library, operations, directory, catalogue }), ...parameterHandlers(operations, catalogue) },
    dispose: () => store.dispose(),
  };
}
