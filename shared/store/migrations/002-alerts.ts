/** Alert rules, alerts with what was done about them, and what the alert service and wallboards keep on this node. */
export const ALERT_TABLES = `
CREATE TABLE alert_rule (
  id TEXT PRIMARY KEY NOT NULL,
  revision INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  name_norm TEXT NOT NULL,
  version INTEGER NOT NULL,
  rule TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX alert_rule_name_key ON alert_rule (name_key);
CREATE TABLE alert_rule_version (
  id TEXT PRIMARY KEY NOT NULL,
  revision INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  rule_id TEXT NOT NULL,
  version INTEGER NOT NULL,
  rule TEXT NOT NULL,
  changed_by TEXT NOT NULL
) STRICT;

CREATE TABLE alert (
  id TEXT PRIMARY KEY NOT NULL,
  revision INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  rule_id TEXT NOT NULL,
  rule_version INTEGER NOT NULL,
  name TEXT NOT NULL,
  name_norm TEXT NOT NULL,
  tab TEXT NOT NULL,
  severity TEXT NOT NULL,
  vehicle_id TEXT NOT NULL,
  vin TEXT NOT NULL,
  vin_norm TEXT NOT NULL,
  model_id TEXT,
  customer_id TEXT,
  city_id TEXT,
  place TEXT,
  latitude REAL,
  longitude REAL,
  raised_at INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  last_occurrence_at INTEGER NOT NULL,
  occurrences INTEGER NOT NULL,
  returned_at INTEGER,
  muted_by TEXT,
  value REAL,
  graph_parameter INTEGER,
  insights TEXT NOT NULL,
  acknowledged_at INTEGER,
  acknowledged_by TEXT,
  cleared_at INTEGER,
  cleared_by TEXT,
  clear_comment TEXT,
  forced INTEGER,
  shelved_until INTEGER,
  shelved_by TEXT,
  shelf_reason TEXT,
  owner_id TEXT,
  comments INTEGER NOT NULL
) STRICT;

CREATE TABLE alert_comment (
  id TEXT PRIMARY KEY NOT NULL,
  revision INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  alert_id TEXT NOT NULL,
  author TEXT NOT NULL,
  text TEXT NOT NULL
) STRICT;

CREATE TABLE alert_shelf (
  id TEXT PRIMARY KEY NOT NULL,
  revision INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  vehicle_id TEXT NOT NULL,
  rule_id TEXT NOT NULL,
  until INTEGER NOT NULL,
  reason TEXT NOT NULL,
  shelved_by TEXT NOT NULL
) STRICT;

CREATE TABLE alert_tabs (
  id TEXT PRIMARY KEY NOT NULL,
  revision INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  customer_id TEXT NOT NULL,
  hidden TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX alert_tabs_customer_id ON alert_tabs (customer_id);

CREATE UNIQUE INDEX alert_rule_version_of ON alert_rule_version (rule_id, version);

-- One open alert of a rule on a vehicle.
CREATE UNIQUE INDEX alert_one_open ON alert (vehicle_id, rule_id) WHERE cleared_at IS NULL;
CREATE INDEX alert_open ON alert (raised_at, id) WHERE cleared_at IS NULL;
CREATE INDEX alert_raised ON alert (raised_at, id);
CREATE INDEX alert_vehicle_rule ON alert (vehicle_id, rule_id, raised_at);
CREATE INDEX alert_customer ON alert (customer_id, raised_at);
CREATE INDEX alert_rule_raised ON alert (rule_id, raised_at);
CREATE INDEX alert_created ON alert (created_at);
CREATE INDEX alert_comment_of ON alert_comment (alert_id, created_at);
CREATE INDEX alert_shelf_until ON alert_shelf (until);

-- Whose vehicle it is decides who sees its alerts: the columns follow in the transaction that changes the vehicle.
CREATE TRIGGER alert_follows_sale AFTER UPDATE OF customer_id, location_id ON sale BEGIN
  UPDATE alert SET customer_id = NEW.customer_id, city_id = NEW.location_id WHERE vehicle_id = NEW.product_id;
END;
CREATE TRIGGER alert_loses_sale AFTER DELETE ON sale BEGIN
  UPDATE alert SET customer_id = NULL, city_id = NULL WHERE vehicle_id = OLD.product_id;
END;
CREATE TRIGGER alert_follows_product AFTER UPDATE OF vin, model_id ON product BEGIN
  UPDATE alert SET vin = NEW.vin, vin_norm = NEW.vin_norm, model_id = NEW.model_id WHERE vehicle_id = NEW.id;
END;

-- What the vehicle did, as telemetry tells it; what people did is in the change log.
CREATE TABLE alert_event (
  alert_id TEXT NOT NULL,
  at INTEGER NOT NULL,
  kind TEXT NOT NULL,
  text TEXT,
  PRIMARY KEY (alert_id, at, kind)
) STRICT, WITHOUT ROWID;

-- Ids under which an alert was derived as well: another node's, or from an interval that later data has moved.
CREATE TABLE alert_alias (
  alias TEXT PRIMARY KEY NOT NULL,
  alert_id TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Until when a session has seen what was raised.
CREATE TABLE alert_viewed (
  session_id TEXT PRIMARY KEY NOT NULL,
  user_id TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What the alert engine knew at a place of the telemetry log.
CREATE TABLE alert_engine (
  name TEXT PRIMARY KEY NOT NULL,
  epoch TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  at INTEGER NOT NULL,
  data BLOB NOT NULL
) STRICT;

CREATE TABLE wallboard_token (
  id TEXT PRIMARY KEY NOT NULL,
  name TEXT NOT NULL,
  token_hash TEXT NOT NULL UNIQUE,
  scope TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  last_seen_at INTEGER,
  revoked_at INTEGER
) STRICT, WITHOUT ROWID;
`;
