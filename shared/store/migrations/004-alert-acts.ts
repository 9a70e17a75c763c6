/** What the alert engine has to be told again after a restart: acts of people with their place in event time. */
export const ALERT_ACTS = `
DROP TABLE alert_shelf;

-- How many acts the engine has to have heard of before it may write what people set.
ALTER TABLE alert ADD COLUMN acts INTEGER NOT NULL DEFAULT 0;

-- By their place in the change log; those that the engine's snapshot knows are dropped.
CREATE TABLE alert_act (
  sequence INTEGER PRIMARY KEY NOT NULL,
  vehicle_id TEXT NOT NULL,
  rule_id TEXT NOT NULL,
  act TEXT NOT NULL
) STRICT;

ALTER TABLE alert_engine ADD COLUMN act_sequence INTEGER NOT NULL DEFAULT 0;
`;
