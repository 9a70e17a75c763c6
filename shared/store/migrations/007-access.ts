/** Second factors, where sessions and changes came from, and an audit log that can only grow. */
export const ACCESS_TABLES = `
ALTER TABLE session ADD COLUMN client TEXT NOT NULL DEFAULT '';
ALTER TABLE mutation ADD COLUMN session_id TEXT;

CREATE TABLE second_factor (
  user_id TEXT PRIMARY KEY NOT NULL,
  secret TEXT NOT NULL,
  last_step INTEGER NOT NULL,
  confirmed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE recovery_code (
  user_id TEXT NOT NULL,
  hash TEXT NOT NULL,
  used_at INTEGER,
  PRIMARY KEY (user_id, hash)
) STRICT, WITHOUT ROWID;

-- What a user signs in with goes with the user.
CREATE TRIGGER user_is_forgotten AFTER DELETE ON app_user
BEGIN
  DELETE FROM credential WHERE user_id = OLD.id;
  DELETE FROM reset_code WHERE user_id = OLD.id;
  DELETE FROM second_factor WHERE user_id = OLD.id;
  DELETE FROM recovery_code WHERE user_id = OLD.id;
END;

CREATE INDEX audit_at ON audit (node_id, at, sequence);

CREATE TRIGGER audit_is_appended BEFORE INSERT ON audit
WHEN NEW.sequence <= (SELECT coalesce(max(sequence), 0) FROM audit WHERE node_id = NEW.node_id)
BEGIN
  SELECT RAISE(ABORT, 'the audit log only grows at its end');
END;
-- A payload may be purged: the chain goes over its digest.
CREATE TRIGGER audit_is_kept BEFORE UPDATE ON audit
WHEN NOT (NEW.payload IS NULL AND NEW.node_id IS OLD.node_id AND NEW.sequence IS OLD.sequence AND NEW.at IS OLD.at AND NEW.kind IS OLD.kind AND NEW.user_id IS OLD.user_id
  AND NEW.subject IS OLD.subject AND NEW.reference IS OLD.reference AND NEW.digest IS OLD.digest AND NEW.previous IS OLD.previous AND NEW.hash IS OLD.hash)
BEGIN
  SELECT RAISE(ABORT, 'an audit entry is never changed');
END;
CREATE TRIGGER audit_is_never_deleted BEFORE DELETE ON audit
BEGIN
  SELECT RAISE(ABORT, 'an audit entry is never deleted');
END;
-- Rows of the change log are the payloads of the changes in the audit log: purged, never changed.
CREATE TRIGGER change_log_is_kept BEFORE UPDATE ON change_log
BEGIN
  SELECT RAISE(ABORT, 'the change log is never changed');
END;
`;
