/** DBC files, signal maps and parameters that the installation adds. */
export const CAN_TABLES = `
CREATE TABLE dbc_file (
  id TEXT PRIMARY KEY NOT NULL,
  revision INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  hash TEXT NOT NULL,
  file_name TEXT NOT NULL,
  file_name_norm TEXT NOT NULL,
  content TEXT NOT NULL,
  note TEXT
) STRICT;
CREATE UNIQUE INDEX dbc_file_hash ON dbc_file (hash);

CREATE TABLE signal_map (
  id TEXT PRIMARY KEY NOT NULL,
  revision INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  signals TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX signal_map_name_key ON signal_map (name_key);

CREATE TABLE parameter (
  id TEXT PRIMARY KEY NOT NULL,
  revision INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  number INTEGER NOT NULL,
  key TEXT NOT NULL,
  key_norm TEXT NOT NULL,
  label TEXT NOT NULL,
  label_norm TEXT NOT NULL,
  unit TEXT,
  unit_group TEXT NOT NULL,
  kind TEXT NOT NULL,
  decimals INTEGER NOT NULL,
  min REAL,
  max REAL,
  dead_band REAL NOT NULL,
  storage_period INTEGER NOT NULL,
  choices TEXT,
  vss TEXT
) STRICT;
CREATE UNIQUE INDEX parameter_key ON parameter (key);
`;
