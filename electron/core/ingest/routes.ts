import { createTopicParser, type TopicRefusal, type TopicSuffix } from '#shared/domain/telemetry/adapters/index.ts';
import type { IngestUnit, UnitRegistry } from './unit-registry.ts';

/** Where a topic leads. */
export interface Route {
  readonly unit: IngestUnit;
  readonly suffix: TopicSuffix;
  readonly detail: string;
}

export type RouteRefusal = TopicRefusal | 'too-many-units';

/** Topics remembered; a fleet of 50,000 units has some 250,000. Beyond it the memory is begun anew. */
const ROUTE_LIMIT = 300_000;

/** Finds the unit and the kind of a message by its topic, mostly with one look into a map. */
export class Routes {
  readonly #prefix: string;
  readonly #parse: ReturnType<typeof createTopicParser>;
  readonly #registry: UnitRegistry;
  readonly #known = new Map<string, Route>();

  constructor(prefix: string, registry: UnitRegistry) {
    this.#prefix = prefix;
    this.#parse = createTopicParser(prefix);
    this.#registry = registry;
  }

  find(topic: string, now: number): Route | RouteRefusal {
    return this.#known.get(topic) ?? this.#resolve(topic, now);
  }

  #resolve(topic: string, now: number): Route | RouteRefusal {
    const parsed = this.#parse(topic);
    if (typeof parsed === 'string') return parsed;
    const unit = this.#registry.ensure(parsed.device, now);
    if (!unit) return 'too-many-units';
    if (parsed.fleet !== '' && topic.startsWith(this.#prefix)) unit.topicRoot = `${this.#prefix}/${parsed.fleet}/${parsed.device}`;
    const route: Route = { unit, suffix: parsed.suffix, detail: parsed.detail };
    // Command ids and job names never come again.
    if (parsed.suffix === 'ack' || parsed.suffix === 'cmd' || parsed.suffix === 'aws') return route;
    if (this.#known.size >= ROUTE_LIMIT) this.#known.clear();
    this.#known.set(topic, route);
    return route;
  }
}
