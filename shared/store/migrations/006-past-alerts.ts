/** Past alerts of a time are counted and paged without reading their rows, of which there may be a million. */
export const PAST_ALERTS = `
CREATE INDEX alert_past ON alert (raised_at, id, tab, severity, customer_id, rule_id, cleared_at) WHERE cleared_at IS NOT NULL;
`;
