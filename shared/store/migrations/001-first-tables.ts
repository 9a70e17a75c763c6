/**
 * The first tables. `*_key` columns hold unique values in their normal form, `*_norm` columns what is searched and sorted
 * (shared/resources/normalise.ts).
 */
export const FIRST_TABLES = `
CREATE TABLE location (
  id TEXT PRIMARY KEY NOT NULL,
  revision INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  city TEXT NOT NULL,
  city_norm TEXT NOT NULL,
  district TEXT NOT NULL,
  district_norm TEXT NOT NULL,
  state TEXT NOT NULL,
  state_norm TEXT NOT NULL,
  country TEXT NOT NULL,
  country_norm TEXT NOT NULL,
  zone TEXT NOT NULL,
  zone_norm TEXT NOT NULL,
  latitude REAL NOT NULL,
  longitude REAL NOT NULL,
  place_key TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX location_place_key ON location (place_key);

CREATE TABLE customer (
  id TEXT PRIMARY KEY NOT NULL,
  revision INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  name_norm TEXT NOT NULL,
  address TEXT NOT NULL,
  address_norm TEXT NOT NULL,
  location_id TEXT NOT NULL,
  pin_code TEXT NOT NULL,
  pin_code_norm TEXT NOT NULL,
  phone TEXT NOT NULL,
  phone_norm TEXT NOT NULL,
  email TEXT NOT NULL,
  email_norm TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX customer_name_key ON customer (name_key);
CREATE INDEX customer_location_id ON customer (location_id);

CREATE TABLE vehicle_model (
  id TEXT PRIMARY KEY NOT NULL,
  revision INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  name_norm TEXT NOT NULL,
  wheels TEXT NOT NULL,
  battery_models TEXT NOT NULL,
  dbc TEXT NOT NULL,
  firmware_line TEXT,
  firmware_line_norm TEXT
) STRICT;
CREATE UNIQUE INDEX vehicle_model_name_key ON vehicle_model (name_key);

CREATE TABLE product (
  id TEXT PRIMARY KEY NOT NULL,
  revision INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  telematics_id TEXT NOT NULL,
  telematics_id_key TEXT NOT NULL,
  telematics_id_norm TEXT NOT NULL,
  device_id TEXT NOT NULL,
  device_id_key TEXT NOT NULL,
  device_id_norm TEXT NOT NULL,
  vin TEXT NOT NULL,
  vin_key TEXT NOT NULL,
  vin_norm TEXT NOT NULL,
  motor_id TEXT NOT NULL,
  motor_id_key TEXT NOT NULL,
  motor_id_norm TEXT NOT NULL,
  bms_id TEXT NOT NULL,
  bms_id_key TEXT NOT NULL,
  bms_id_norm TEXT NOT NULL,
  registration TEXT,
  registration_norm TEXT,
  sim_number TEXT,
  sim_number_norm TEXT,
  model_id TEXT NOT NULL,
  battery_model TEXT NOT NULL,
  battery_model_norm TEXT NOT NULL,
  communication_type TEXT NOT NULL,
  lease_type TEXT
) STRICT;
CREATE UNIQUE INDEX product_telematics_id_key ON product (telematics_id_key);
CREATE UNIQUE INDEX product_device_id_key ON product (device_id_key);
CREATE UNIQUE INDEX product_vin_key ON product (vin_key);
CREATE UNIQUE INDEX product_motor_id_key ON product (motor_id_key);
CREATE UNIQUE INDEX product_bms_id_key ON product (bms_id_key);
CREATE INDEX product_model_id ON product (model_id);
CREATE INDEX product_vin_norm ON product (vin_norm, id);

CREATE TABLE sale (
  id TEXT PRIMARY KEY NOT NULL,
  revision INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  product_id TEXT NOT NULL,
  customer_id TEXT,
  location_id TEXT,
  user_name TEXT,
  user_name_norm TEXT,
  phone TEXT,
  phone_key TEXT,
  phone_norm TEXT,
  address1 TEXT,
  address2 TEXT,
  address3 TEXT,
  purchase_date TEXT,
  warranty_end TEXT,
  service_date TEXT,
  manufacturing_date TEXT,
  product_status TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX sale_product_id ON sale (product_id);
CREATE UNIQUE INDEX sale_phone_key ON sale (phone_key);
CREATE INDEX sale_customer_id ON sale (customer_id);
CREATE INDEX sale_location_id ON sale (location_id);

CREATE TABLE unit (
  id TEXT PRIMARY KEY NOT NULL,
  revision INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  device_id TEXT NOT NULL,
  device_id_norm TEXT NOT NULL,
  telematics_id TEXT,
  telematics_id_key TEXT,
  telematics_id_norm TEXT,
  kind TEXT NOT NULL,
  source TEXT NOT NULL,
  first_seen_at INTEGER
) STRICT;
CREATE UNIQUE INDEX unit_device_id ON unit (device_id);
CREATE UNIQUE INDEX unit_telematics_id_key ON unit (telematics_id_key);

CREATE TABLE binding (
  id TEXT PRIMARY KEY NOT NULL,
  revision INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  unit_id TEXT NOT NULL,
  vehicle_id TEXT NOT NULL,
  valid_from INTEGER NOT NULL,
  valid_to INTEGER
) STRICT;
CREATE INDEX binding_unit_id ON binding (unit_id, valid_from);
CREATE INDEX binding_vehicle_id ON binding (vehicle_id, valid_from);

CREATE TABLE app_user (
  id TEXT PRIMARY KEY NOT NULL,
  revision INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  email TEXT NOT NULL,
  email_key TEXT NOT NULL,
  email_norm TEXT NOT NULL,
  name TEXT NOT NULL,
  name_norm TEXT NOT NULL,
  mis_role TEXT NOT NULL,
  role TEXT NOT NULL,
  account TEXT NOT NULL,
  account_norm TEXT NOT NULL,
  customers TEXT NOT NULL,
  status TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX app_user_email_key ON app_user (email_key);

CREATE TABLE setting (
  id TEXT PRIMARY KEY NOT NULL,
  revision INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  key TEXT NOT NULL,
  value TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX setting_key ON setting (key);

CREATE TABLE preference (
  id TEXT PRIMARY KEY NOT NULL,
  revision INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  user_id TEXT NOT NULL,
  key TEXT NOT NULL,
  value TEXT NOT NULL
) STRICT;
CREATE INDEX preference_user_id ON preference (user_id);

-- Every write that was applied here, in order: what makes it idempotent, and what a server is sent when this node joins one.
CREATE TABLE mutation (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  args TEXT NOT NULL,
  user_id TEXT NOT NULL,
  node_id TEXT NOT NULL,
  at INTEGER NOT NULL,
  based_on TEXT NOT NULL,
  result TEXT NOT NULL
) STRICT;

CREATE TABLE change_log (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  mutation_id TEXT NOT NULL,
  resource TEXT NOT NULL,
  row_id TEXT NOT NULL,
  operation TEXT NOT NULL,
  revision INTEGER NOT NULL,
  fields TEXT NOT NULL,
  user_id TEXT NOT NULL,
  node_id TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX change_log_row ON change_log (resource, row_id, revision);
CREATE INDEX change_log_mutation ON change_log (mutation_id);

CREATE TABLE audit (
  node_id TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  at INTEGER NOT NULL,
  kind TEXT NOT NULL,
  user_id TEXT NOT NULL,
  subject TEXT NOT NULL,
  reference TEXT NOT NULL,
  payload TEXT,
  digest TEXT NOT NULL,
  previous TEXT NOT NULL,
  hash TEXT NOT NULL,
  PRIMARY KEY (node_id, sequence)
) STRICT, WITHOUT ROWID;

-- How far each consumer of the telemetry log has come; written in the transaction of its effects.
CREATE TABLE applied_through (
  consumer TEXT PRIMARY KEY NOT NULL,
  epoch TEXT NOT NULL,
  sequence INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE credential (
  user_id TEXT PRIMARY KEY NOT NULL,
  hash TEXT NOT NULL,
  changed_at INTEGER NOT NULL,
  last_sign_in_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE session (
  id TEXT PRIMARY KEY NOT NULL,
  token_hash TEXT NOT NULL UNIQUE,
  user_id TEXT NOT NULL,
  address TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  used_at INTEGER NOT NULL,
  ended_at INTEGER,
  end_reason TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX session_user_id ON session (user_id);

CREATE TABLE reset_code (
  id TEXT PRIMARY KEY NOT NULL,
  user_id TEXT NOT NULL,
  hash TEXT NOT NULL,
  issued_by TEXT NOT NULL,
  issued_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  ended_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX reset_code_user_id ON reset_code (user_id);
`;
