import type { AppContract } from '#shared/contract/index.ts';
import type { Principal } from '#shared/domain/access/principal.ts';
import { systemPrincipal } from '#shared/domain/access/principal.ts';
import { AlertEngine } from '#shared/domain/alerts/engine.ts';
import type { ParameterCatalogue } from '#shared/domain/telemetry/catalogue/index.ts';
import { type Disposable, DisposableStore } from '#shared/kernel/disposable.ts';
import type { Clock, Log, Scheduler } from '#shared/kernel/ports.ts';
import type { Handlers } from '#shared/rpc/handlers.ts';
import type { DbcLibrary } from '../app/dbc-library.ts';
import type { Exchange } from '../exchange/exchange.ts';
import type { Ingest } from '../ingest/create-ingest.ts';
import type { LiveFleet } from '../live/live-fleet.ts';
import type { PlaceNames } from '../live/places.ts';
import { AlertReader } from '../store/operations/alerts/reader.ts';
import type { FleetDirectory } from '../store/operations/directory/directory.ts';
import type { Operations } from '../store/operations/operations.ts';
import { alertActHandlers } from './act-handlers.ts';
import { AlertBoard } from './board.ts';
import { alertChartHandlers } from './chart-handlers.ts';
import { alertDetailHandlers } from './detail-handlers.ts';
import { alertExportHandlers } from './export-handlers.ts';
import { alertFrameHandlers } from './frame-handlers.ts';
import { alertKpiHandlers } from './kpi-handlers.ts';
import { alertListHandlers } from './list-handlers.ts';
import { RuleBook } from './rule-book.ts';
import { alertRuleHandlers } from './rule-handlers.ts';
import type { AlertServices } from './services.ts';
import { shiftNoteHandlers } from './shift-note-handlers.ts';
import { alertSummaryHandlers } from './summary-handlers.ts';
import { alertTryHandlers } from './try-handlers.ts';
import { UserNames } from './user-names.ts';
import { AlertWatch } from './watch.ts';
import { workshopHandlers } from './workshop-handlers.ts';

export interface AlertsDeps {
  readonly operations: Operations;
  readonly directory: FleetDirectory;
  readonly fleet: LiveFleet;
  readonly catalogue: ParameterCatalogue;
  readonly places: Pick<PlaceNames, 'at'>;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly log: Log;
  /** The engine's state is kept this often, ms; default ten minutes. */
  readonly keepEvery?: number;
}

/** What the handlers need that is opened later. */
export interface HandlerDeps {
  readonly exchange: Exchange;
  readonly ingest: Ingest;
  readonly library: DbcLibrary;
  /** IANA name of the installation's zone. */
  readonly timeZone: string;
}

type AlertKey = Extract<keyof AppContract, `alert${string}`>;

/** The alert module of a workspace: rules, the engine that watches the fleet, open alerts, and the handlers over them. Made before the log is read. */
export class Alerts implements Disposable {
  /** Hears the log and then the pipeline. */
  readonly watch: AlertWatch;
  readonly #services: AlertServices;
  readonly #fleet: LiveFleet;
  readonly #directory: FleetDirectory;
  readonly #store = new DisposableStore();

  constructor(deps: AlertsDeps) {
    const { operations, directory, fleet, catalogue, places, clock, scheduler, log, keepEvery } = deps;
    const reader = new AlertReader(operations.read.database);
    const book = this.#store.add(new RuleBook(operations));
    const board = this.#store.add(new AlertBoard(operations, reader.open(), clock.now()));
    const users = this.#store.add(new UserNames(operations));
    // A vehicle that changes hands takes its alerts along: the rows have followed it in the same commit.
    this.#store.add(
      directory.onChange(({ changed, removed }) => {
        const owners = new Map(changed.map((vehicle) => [vehicle.vehicleId, vehicle.customerId]));
        for (const vehicleId of removed) owners.set(vehicleId, undefined);
        const moved = [...board.open.values()].filter((row) => owners.has(row.vehicleId) && owners.get(row.vehicleId) !== row.customerId);
        if (moved.length > 0) board.moved(reader.byIds(moved.map((row) => row.id)));
      }),
    );
    const engine = new AlertEngine({ catalogue });
    const system = systemPrincipal(operations.nodeId);
    this.watch = this.#store.add(new AlertWatch({ engine, operations, book, directory, state: fleet.state, reader, board, catalogue, places, system, clock, scheduler, log: log.child('alerts'), ...(keepEvery === undefined ? {} : { keepEvery }) }));
    this.#fleet = fleet;
    this.#directory = directory;
    this.#services = { operations, reader, board, book, watch: this.watch, names: { directory, userName: users.name }, catalogue, clock, scheduler };
  }

  handlers({ exchange, ingest, library, timeZone }: HandlerDeps): Pick<Handlers<AppContract, Principal>, AlertKey> {
    const services = this.#services;
    const fleet = this.#fleet;
    const directory = this.#directory;
    const vehicleVisible = (principal: Principal, vehicleId: string): boolean => fleet.find(principal, vehicleId) !== undefined;
    return {
      ...alertSummaryHandlers(services),
      ...alertListHandlers({ ...services, vehicleVisible }),
      ...alertDetailHandlers(services),
      ...alertActHandlers(services),
      ...alertChartHandlers(services),
      ...alertExportHandlers({ ...services, exchange }),
      ...alertRuleHandlers(services),
      ...shiftNoteHandlers(services),
      ...workshopHandlers({ ...services, vehicleVisible }),
      ...alertKpiHandlers(services),
      ...alertFrameHandlers({ ingest, directory, library, vehicleVisible }),
      ...alertTryHandlers({ ingest, directory, fleet, catalogue: services.catalogue, clock: services.clock, timeZone }),
    };
  }

  /** Names of the open alerts of a vehicle. */
  openNames(vehicleId: string): readonly string[] {
    return [...this.#services.board.open.values()].filter((row) => row.vehicleId === vehicleId).map(({ name }) => name);
  }

  dispose(): void {
    this.#store.dispose();
  }
}
