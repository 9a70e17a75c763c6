/** What one shift leaves to the next. */
export const SHIFT_NOTES = `
CREATE TABLE shift_note (
  id TEXT PRIMARY KEY NOT NULL,
  revision INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  author TEXT NOT NULL,
  text TEXT NOT NULL
) STRICT;
CREATE INDEX shift_note_created ON shift_note (created_at);
`;
