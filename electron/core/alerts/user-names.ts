import { type Disposable } from '#shared/kernel/disposable.ts';
import { user, type UserRow } from '#shared/resources/user.ts';
import type { Operations } from '../store/operations/operations.ts';

/** Names of users by id, kept by the change feed. */
export class UserNames implements Disposable {
  readonly #names: Map<string, string>;
  readonly #subscription: Disposable;

  constructor(operations: Pick<Operations, 'read' | 'onChange'>) {
    this.#names = new Map(operations.read.all(user).map((row) => [row.id, row.name]));
    this.#subscription = operations.onChange(({ changes }) => {
      // A deleted user's name stays for what he did while this runs.
      for (const { resource, rowId, row } of changes) if (resource === user.name && row !== undefined) this.#names.set(rowId, (row as unknown as UserRow).name);
    });
  }

  readonly name = (userId: string): string | undefined => (userId === 'system' ? 'System' : this.#names.get(userId));

  dispose(): void {
    this.#subscription.dispose();
  }
}
