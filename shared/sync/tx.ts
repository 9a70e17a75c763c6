import type { Fields, PatchOf, Resource, RowOf, ValuesOf } from '../resources/define-resource.ts';

export interface FindOptions {
  readonly limit?: number;
}

/** Values to find rows by, all of which must be equal; a member that is present and `undefined` finds rows where it is empty. */
export type WhereOf<F extends Fields> = { readonly [K in keyof F]?: PatchOf<F>[K] };

/**
 * What a mutator may do to the store, and all it may await. Reads see the mutation's own writes. Writes keep revision, change
 * log and uniqueness; they throw AppError not-found, not-unique or stale.
 */
export interface Tx {
  get<F extends Fields>(resource: Resource<F>, id: string): Promise<RowOf<F> | undefined>;
  /** The row, or AppError not-found. */
  need<F extends Fields>(resource: Resource<F>, id: string): Promise<RowOf<F>>;
  /** Rows with these values, oldest id first. */
  find<F extends Fields>(resource: Resource<F>, where: WhereOf<F>, options?: FindOptions): Promise<readonly RowOf<F>[]>;
  /** How many rows have these values. */
  count<F extends Fields>(resource: Resource<F>, where: WhereOf<F>): Promise<number>;
  /** The row that has this unique value, compared in its normal form. */
  findUnique<F extends Fields>(resource: Resource<F>, key: keyof F & string, value: string): Promise<RowOf<F> | undefined>;
  insert<F extends Fields>(resource: Resource<F>, id: string, values: ValuesOf<F>): Promise<RowOf<F>>;
  /** Changes what differs; a patch that changes nothing leaves the revision. */
  update<F extends Fields>(resource: Resource<F>, id: string, patch: PatchOf<F>): Promise<RowOf<F>>;
  delete<F extends Fields>(resource: Resource<F>, id: string): Promise<void>;
}

/**
 * The store underneath: rows as they are, without rules. One implementation per database. `where` and results are rows of the
 * resource; key columns are the derived ones of shared/resources/columns.ts.
 */
export interface RowStore {
  get<F extends Fields>(resource: Resource<F>, id: string): Promise<RowOf<F> | undefined>;
  find<F extends Fields>(resource: Resource<F>, where: WhereOf<F>, limit: number): Promise<readonly RowOf<F>[]>;
  count<F extends Fields>(resource: Resource<F>, where: WhereOf<F>): Promise<number>;
  findByColumn<F extends Fields>(resource: Resource<F>, column: string, value: string): Promise<RowOf<F> | undefined>;
  insert<F extends Fields>(resource: Resource<F>, row: RowOf<F>): Promise<void>;
  /** Writes `keys`, revision and updatedAt of the row. */
  update<F extends Fields>(resource: Resource<F>, row: RowOf<F>, keys: readonly string[]): Promise<void>;
  delete(resource: Resource, id: string): Promise<void>;
  /** Fields that changes after `revision` touched, from the change log. */
  fieldsChangedSince(resource: Resource, id: string, revision: number): Promise<readonly string[]>;
}
