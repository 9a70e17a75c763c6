import type { AlertRecord } from '#shared/resources/alert.ts';
import { alert } from '#shared/resources/alert.ts';
import { type Disposable, DisposableStore } from '#shared/kernel/disposable.ts';
import { Emitter } from '#shared/kernel/emitter.ts';
import type { AlertWritten } from '../store/operations/local/alerts.ts';
import type { Operations } from '../store/operations/operations.ts';

/** Changed alerts that are remembered for "N new"; an older list is told to load again. */
const REMEMBERED = 20_000;

/** One alert before and after a commit; `before` is undefined where it was not open, `after` where there never was one after all. */
export interface AlertChange {
  readonly before: AlertRecord | undefined;
  readonly after: AlertRecord | undefined;
  /** It has just been raised. */
  readonly added: boolean;
}

interface Remembered {
  /** When it was added; undefined where that is not remembered. */
  readonly added: number | undefined;
  readonly revision: number;
}

/**
 * The open alerts in memory, as the database has them, and what changed lately. It learns of people's acts from the change feed
 * and of machine writes from whoever stored them; nothing comes here before its commit.
 */
export class AlertBoard implements Disposable {
  readonly open = new Map<string, AlertRecord>();
  readonly #changed = new Emitter<readonly AlertChange[]>();
  readonly #reloaded = new Emitter<void>();
  /** Revision of alerts that have been closed lately. */
  readonly #closed = new Map<string, number>();
  readonly #recent = new Map<string, Remembered>();
  readonly #store = new DisposableStore();
  #revision: number;
  /** Changes up to this revision are not remembered. */
  #floor: number;

  /** `now` gives the first revision: greater than any of the run before. */
  constructor(operations: Pick<Operations, 'onChange'>, open: Iterable<AlertRecord>, now: number) {
    this.#revision = now;
    this.#floor = now;
    for (const row of open) this.open.set(row.id, row);
    this.#store.add(
      operations.onChange(({ changes }) => {
        const rows = changes.filter((change) => change.resource === alert.name && change.row !== undefined).map((change) => change.row as unknown as AlertRecord);
        if (rows.length > 0) this.put({ rows, added: [], removed: [] });
      }),
    );
  }

  /** Grows with every change of any alert. */
  get revision(): number {
    return this.#revision;
  }

  /** Takes rows whose vehicle has changed hands: who sees them has changed, and everything is counted anew. */
  moved(rows: readonly AlertRecord[]): void {
    for (const row of rows) if (this.open.has(row.id)) this.open.set(row.id, row);
    this.#revision++;
    this.#reloaded.emit();
  }

  /** Calls back when everything has to be counted anew. */
  onReload(listener: () => void): Disposable {
    return this.#reloaded.on(listener);
  }

  /** Takes rows as they are in the database now; one that is older than what is known is left out. */
  put({ rows, added, removed }: AlertWritten): void {
    const changes: AlertChange[] = [];
    const fresh = new Set(added);
    for (const after of rows) {
      const before = this.open.get(after.id);
      // Of two writes in one commit the later may be told of first.
      if ((before?.revision ?? this.#closed.get(after.id) ?? 0) >= after.revision) continue;
      if (after.clearedAt === undefined) {
        this.open.set(after.id, after);
        this.#closed.delete(after.id);
      } else {
        this.open.delete(after.id);
        this.#close(after.id, after.revision);
      }
      this.#remember(after.id, fresh.has(after.id));
      changes.push({ before, after, added: fresh.has(after.id) });
    }
    for (const id of removed) {
      const before = this.open.get(id);
      this.open.delete(id);
      this.#close(id, Number.POSITIVE_INFINITY);
      this.#remember(id, false);
      if (before !== undefined) changes.push({ before, after: undefined, added: false });
    }
    if (changes.length > 0) this.#changed.emit(changes);
  }

  /** Alerts that were added or changed after a revision; undefined where that is too long ago to know. */
  since(revision: number): { readonly added: readonly string[]; readonly changed: readonly string[] } | undefined {
    if (revision < this.#floor) return undefined;
    const added: string[] = [];
    const changed: string[] = [];
    for (const [id, entry] of this.#recent) if (entry.revision > revision) (entry.added !== undefined && entry.added > revision ? added : changed).push(id);
    return { added, changed };
  }

  onChange(listener: (changes: readonly AlertChange[]) => void): Disposable {
    return this.#changed.on(listener);
  }

  dispose(): void {
    this.#store.dispose();
  }

  #close(id: string, revision: number): void {
    this.#closed.delete(id);
    this.#closed.set(id, revision);
    if (this.#closed.size <= REMEMBERED) return;
    const [oldest] = this.#closed.keys();
    if (oldest !== undefined) this.#closed.delete(oldest);
  }

  #remember(id: string, added: boolean): void {
    const known = this.#recent.get(id);
    const revision = ++this.#revision;
    this.#recent.delete(id);
    this.#recent.set(id, { added: added ? revision : known?.added, revision });
    if (this.#recent.size <= REMEMBERED) return;
    const [oldest] = this.#recent;
    if (!oldest) return;
    this.#recent.delete(oldest[0]);
    this.#floor = Math.max(this.#floor, oldest[1].revision);
  }
}
