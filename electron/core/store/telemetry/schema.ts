import type { Migration } from '#shared/platform-node/sqlite/index.ts';

/** Marks a telemetry database in SQLite's header ("CCtl"). */
export const TELEMETRY_APPLICATION = 0x4343746c;

/** Key in log_state: the last sequence that may have a checksum of the first kind. */
export const EARLY_CHECKSUMS = 'early_checksums';

/**
 * Bookkeeping of the log. The messages themselves are in one pair of tables per segment (an hour of reception), made when the
 * segment opens: `log_N` and `raw_N`, see `segmentTables`.
 */
export const TELEMETRY_MIGRATIONS: readonly Migration[] = [
  {
    number: 1,
    name: 'append log',
    up: `
      CREATE TABLE log_state (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
      CREATE TABLE unit (
        number INTEGER PRIMARY KEY,
        device_id TEXT NOT NULL UNIQUE,
        first_seen INTEGER NOT NULL,
        -- Last sequence of the unit in closed segments, 0: none.
        tail INTEGER NOT NULL DEFAULT 0
      ) STRICT;
      CREATE TABLE segment (
        id INTEGER PRIMARY KEY,
        -- Hour of reception: epoch ms / 3,600,000.
        hour INTEGER NOT NULL,
        closed INTEGER NOT NULL DEFAULT 0,
        first_sequence INTEGER NOT NULL,
        last_sequence INTEGER NOT NULL,
        received_from INTEGER NOT NULL,
        received_to INTEGER NOT NULL,
        -- Range of event times, epoch ms.
        time_from INTEGER NOT NULL,
        time_to INTEGER NOT NULL,
        has_raw INTEGER NOT NULL DEFAULT 1,
        -- Per-unit figures of the open segment up to checkpoint_sequence, so that a restart scans only what follows.
        checkpoint_sequence INTEGER NOT NULL DEFAULT 0,
        checkpoint BLOB
      ) STRICT;
      CREATE TABLE segment_unit (
        unit INTEGER NOT NULL,
        segment INTEGER NOT NULL,
        last_sequence INTEGER NOT NULL,
        messages INTEGER NOT NULL,
        time_from INTEGER NOT NULL,
        time_to INTEGER NOT NULL,
        PRIMARY KEY (unit, segment)
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE snapshot (
        name TEXT PRIMARY KEY,
        sequence INTEGER NOT NULL,
        taken INTEGER NOT NULL,
        checksum INTEGER NOT NULL,
        data BLOB NOT NULL
      ) STRICT;
    `,
  },
  {
    number: 2,
    name: 'sealed chunks',
    up: `
      -- 1: every row of it is in chunks, or late; an entry in segment_unit says that a unit's rows are not.
      ALTER TABLE segment ADD COLUMN sealed INTEGER NOT NULL DEFAULT 0;
      -- 1: log_N can be read, 2: it is being removed, 0: it is gone; has_raw likewise. The row goes with the last of both.
      ALTER TABLE segment ADD COLUMN has_log INTEGER NOT NULL DEFAULT 1;
      CREATE INDEX segment_unit_by_segment ON segment_unit (segment, unit);
      CREATE TABLE chunk (
        id INTEGER PRIMARY KEY,
        unit INTEGER NOT NULL,
        -- Hour of event time: epoch ms / 3,600,000.
        hour INTEGER NOT NULL,
        rows INTEGER NOT NULL,
        -- Before the data, so that a scan of heads does not read it.
        head BLOB NOT NULL,
        -- NULL: dropped by retention; the head stays as the hour's roll-up.
        data BLOB
      ) STRICT;
      CREATE INDEX chunk_by_unit ON chunk (unit, hour);
      CREATE INDEX chunk_kept ON chunk (hour) WHERE data IS NOT NULL;
      CREATE INDEX chunk_rolled ON chunk (hour) WHERE data IS NULL;
      -- One-minute roll-ups of hours with many rows (minute-rollups.ts).
      CREATE TABLE minute (
        id INTEGER PRIMARY KEY,
        unit INTEGER NOT NULL,
        hour INTEGER NOT NULL,
        checksum INTEGER NOT NULL,
        data BLOB NOT NULL
      ) STRICT;
      CREATE INDEX minute_by_unit ON minute (unit, hour);
      CREATE INDEX minute_by_hour ON minute (hour);
      -- Rows that came after their hour was sealed, as in the log, until it is sealed again.
      CREATE TABLE late (
        sequence INTEGER PRIMARY KEY,
        unit INTEGER NOT NULL,
        time INTEGER NOT NULL,
        device_offset INTEGER,
        received_offset INTEGER NOT NULL,
        boot INTEGER NOT NULL,
        number INTEGER NOT NULL,
        flags INTEGER NOT NULL,
        back INTEGER NOT NULL,
        checksum INTEGER NOT NULL,
        record BLOB NOT NULL
      ) STRICT;
      CREATE INDEX late_by_unit ON late (unit, time);
      -- Chunks that were found damaged, set aside.
      CREATE TABLE quarantine (
        id INTEGER PRIMARY KEY,
        unit INTEGER NOT NULL,
        hour INTEGER NOT NULL,
        rows INTEGER NOT NULL,
        found_at INTEGER NOT NULL,
        reason TEXT NOT NULL,
        head BLOB NOT NULL,
        data BLOB
      ) STRICT;
    `,
  },
  {
    number: 3,
    name: 'early checksums, late rows by time',
    up: `
      -- Rows up to this sequence may have a checksum that covers fewer columns (row-checksum.ts); a store that is made new has none.
      INSERT INTO log_state (key, value)
        SELECT '${EARLY_CHECKSUMS}', CAST(max(last_sequence) AS TEXT) FROM segment HAVING max(last_sequence) > 0;
      CREATE INDEX late_by_time ON late (time, unit);
    `,
  },
];

/** Tables of one segment. Rows come in the order of `sequence`, so both are appended to and have no other index. */
export function segmentTables(id: number): string {
  return `
    CREATE TABLE log_${id} (
      sequence INTEGER PRIMARY KEY,
      unit INTEGER NOT NULL,
      -- Event time, epoch ms; the two offsets are added to it.
      time INTEGER NOT NULL,
      device_offset INTEGER,
      received_offset INTEGER NOT NULL,
      boot INTEGER NOT NULL,
      number INTEGER NOT NULL,
      flags INTEGER NOT NULL,
      -- Distance to the unit's message before, 0: none. Following it reads one unit without an index.
      back INTEGER NOT NULL,
      checksum INTEGER NOT NULL,
      record BLOB NOT NULL
    ) STRICT;
    CREATE TABLE raw_${id} (
      first_sequence INTEGER PRIMARY KEY,
      last_sequence INTEGER NOT NULL,
      -- 0 as received, 1 raw-deflated; + 2: with a CRC-32 at the end.
      coding INTEGER NOT NULL,
      size INTEGER NOT NULL,
      data BLOB NOT NULL
    ) STRICT;
  `;
}
