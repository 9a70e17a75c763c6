/** What was stored of an alert when somebody changed it: an act has its place behind that, however late the engine hears of it. */
export const ALERT_SEEN = `
-- By their place in the change log.
CREATE TABLE alert_seen (
  sequence INTEGER PRIMARY KEY NOT NULL,
  last_occurrence_at INTEGER NOT NULL,
  returned_at INTEGER
) STRICT;

CREATE TRIGGER alert_seen_then AFTER INSERT ON change_log WHEN NEW.resource = 'alert' BEGIN
  INSERT INTO alert_seen SELECT NEW.sequence, last_occurrence_at, returned_at FROM alert WHERE id = NEW.row_id;
END;
`;
