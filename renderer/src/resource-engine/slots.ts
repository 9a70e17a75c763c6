import type { ResourceRow } from '#shared/contract/resource.ts';
import type { Draft } from './draft.ts';

/** What a slot for the control of one field gets; `set` writes the input of any field. */
export interface FieldSlot {
  readonly mode: 'add' | 'edit';
  /** The row as it is now; undefined while one is added. */
  readonly row: ResourceRow | undefined;
  readonly draft: Draft;
  set(key: string, value: unknown): void;
  readonly id: string;
  readonly aria: Readonly<Record<string, string | undefined>>;
  readonly label: string;
}

export interface FormSlot {
  readonly mode: 'add' | 'edit';
  readonly draft: Draft;
  set(key: string, value: unknown): void;
}

export interface RowSlot {
  readonly row: ResourceRow;
}
