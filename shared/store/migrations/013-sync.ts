/** What a console keeps of its server: how far it came, what it waits to send, the rows below, what was rejected. */
export const SYNC_TABLES = `
CREATE TABLE sync_state (
  key TEXT PRIMARY KEY NOT NULL,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Mutations that the feed has not confirmed; the mutation itself is in the table of mutations.
CREATE TABLE outbox (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  mutation_id TEXT NOT NULL UNIQUE,
  state TEXT NOT NULL,
  sequence INTEGER,
  touched TEXT NOT NULL,
  error TEXT,
  based_on TEXT NOT NULL
) STRICT;

-- Rows that these mutations changed, as the server last gave them; no row: there was none.
CREATE TABLE sync_base (
  resource TEXT NOT NULL,
  row_id TEXT NOT NULL,
  row TEXT,
  PRIMARY KEY (resource, row_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE needs_attention (
  mutation_id TEXT PRIMARY KEY NOT NULL,
  at INTEGER NOT NULL,
  user_id TEXT NOT NULL,
  error TEXT NOT NULL,
  mine TEXT NOT NULL,
  theirs TEXT NOT NULL,
  decided TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX needs_attention_user ON needs_attention (user_id, at);
`;
