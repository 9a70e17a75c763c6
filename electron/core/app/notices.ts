import type { Notice } from '#shared/contract/app.ts';
import type { Disposable } from '#shared/kernel/disposable.ts';
import { Emitter } from '#shared/kernel/emitter.ts';
import type { Clock } from '#shared/kernel/ports.ts';

export type NoticeSeverity = Notice['severity'];

/** At most this many notices are kept; beyond it the oldest of the lowest severity goes. */
const BOUND = 50;
const ORDER: readonly NoticeSeverity[] = ['critical', 'high', 'low', 'info'];

/**
 * What a person should know about the installation itself. A notice has an id of its cause: raising it again updates its
 * text and count, clearing it ends it, dismissing hides it until its severity changes or it is raised anew after a clear.
 */
export class NoticeBoard {
  readonly #clock: Clock;
  readonly #notices = new Map<string, Notice & { dismissed: boolean }>();
  readonly #changed = new Emitter<void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Calls `listener` after every visible change. */
  onChange(listener: () => void): Disposable {
    return this.#changed.on(listener);
  }

  raise(id: string, severity: NoticeSeverity, text: string, count?: number): void {
    const known = this.#notices.get(id);
    if (known && known.severity === severity && known.text === text && known.count === count) return;
    const dismissed = known !== undefined && known.dismissed && known.severity === severity;
    this.#notices.set(id, { id, severity, text, since: known?.since ?? this.#clock.now(), ...(count === undefined ? {} : { count }), dismissed });
    if (this.#notices.size > BOUND) this.#dropOne();
    this.#changed.emit();
  }

  clear(id: string): void {
    if (this.#notices.delete(id)) this.#changed.emit();
  }

  dismiss(id: string): void {
    const known = this.#notices.get(id);
    if (!known || known.dismissed) return;
    known.dismissed = true;
    this.#changed.emit();
  }

  /** Notices that are not dismissed: most severe first, then newest. */
  list(): Notice[] {
    return [...this.#notices.values()]
      .filter((entry) => !entry.dismissed)
      .sort((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity) || b.since - a.since)
      .map(({ dismissed: _, ...entry }) => entry);
  }

  #dropOne(): void {
    const [last] = [...this.#notices.values()].sort((a, b) => ORDER.indexOf(b.severity) - ORDER.indexOf(a.severity) || a.since - b.since);
    if (last) this.#notices.delete(last.id);
  }
}
