/** The history of bulk uploads, and on this node the rows of them that failed. */
export const BULK_UPLOADS = `
CREATE TABLE bulk_upload (
  id TEXT PRIMARY KEY NOT NULL,
  revision INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  template TEXT NOT NULL,
  title TEXT NOT NULL,
  file_name TEXT NOT NULL,
  rows INTEGER NOT NULL,
  passed INTEGER NOT NULL,
  failed INTEGER NOT NULL,
  status TEXT NOT NULL,
  note TEXT,
  user_id TEXT NOT NULL,
  updated_by TEXT NOT NULL
) STRICT;
CREATE INDEX bulk_upload_created ON bulk_upload (created_at);

CREATE TABLE bulk_upload_failure (
  upload_id TEXT NOT NULL,
  line INTEGER NOT NULL,
  cells TEXT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (upload_id, line)
) STRICT, WITHOUT ROWID;
`;
