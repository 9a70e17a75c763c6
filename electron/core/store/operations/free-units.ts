import type { SqliteDatabase } from '#shared/platform-node/sqlite/index.ts';
import { identifierKey, searchText } from '#shared/resources/normalise.ts';
import { contains, escapeLike } from '#shared/store/sql.ts';

export interface FreeUnit {
  readonly unitId: string;
  readonly telematicsId: string;
  readonly deviceId: string;
  readonly kind: 'VCU' | 'VTS';
  /** VIN of the product it is in, which `standIns` may fit. */
  readonly vin: string | undefined;
}

interface Cells {
  readonly unitId: string;
  readonly telematicsId: string;
  readonly deviceId: string;
  readonly kind: 'VCU' | 'VTS';
  readonly vin: string | null;
}

/**
 * Registered units that are in no vehicle, or in one whose frame number fits a pattern of stand-ins (`*` anything, `#` a digit; a little
 * wider here, the caller looks again), by Telematics ID; at most `limit`.
 */
export function readFreeUnits(database: SqliteDatabase, options: { readonly search: string; readonly standIns: readonly string[]; readonly limit: number }): readonly FreeUnit[] {
  const needle = contains(searchText(options.search));
  const likes = options.standIns.map((pattern) => escapeLike(identifierKey(pattern)).replaceAll('*', '%').replaceAll('#', '_'));
  const standIn = likes.length === 0 ? '0' : likes.map(() => "p.vin_key LIKE ? ESCAPE '\\'").join(' OR ');
  const rows = database
    .prepare<unknown[], Cells>(
      `SELECT u.id AS unitId, u.telematics_id AS telematicsId, u.device_id AS deviceId, u.kind AS kind, p.vin AS vin
       FROM unit u LEFT JOIN binding b ON b.unit_id = u.id AND b.valid_to IS NULL LEFT JOIN product p ON p.id = b.vehicle_id
       WHERE u.source = 'registered' AND u.telematics_id IS NOT NULL AND (u.telematics_id_norm LIKE ? ESCAPE '\\' OR u.device_id_norm LIKE ? ESCAPE '\\')
         AND (p.id IS NULL OR ${standIn})
       ORDER BY u.telematics_id_norm, u.id LIMIT ?`,
    )
    .all(needle, needle, ...likes, options.limit);
  return rows.map((row) => ({ ...row, vin: row.vin ?? undefined }));
}
