-- Figures by day, folded from events and ledger by the job `report`; see report/report.h.
-- @clustered as in 0001. partner_id 0 is the sum of all.

-- organisation

CREATE TABLE report_day (
  org_id BIGINT NOT NULL,
  partner_id BIGINT NOT NULL,
  day BIGINT NOT NULL,
  currency TEXT NOT NULL,
  revenue BIGINT NOT NULL,
  sales BIGINT NOT NULL,
  commission BIGINT NOT NULL,
  PRIMARY KEY (org_id, partner_id, day, currency)
) @clustered;
CREATE INDEX report_day_day ON report_day (org_id, day);

-- Up to where everything is folded: the last event and ledger entry, the last day of report_recent; and how many
-- partners earned in its 30 days and in the 30 before.
CREATE TABLE report_position (
  org_id BIGINT NOT NULL PRIMARY KEY,
  event_id BIGINT NOT NULL,
  entry_id BIGINT NOT NULL,
  recent_day BIGINT NOT NULL,
  partners_now BIGINT NOT NULL,
  partners_before BIGINT NOT NULL
);

-- What each partner brought in the 30 days up to report_position.recent_day, and earned in the 30 before.
CREATE TABLE report_recent (
  org_id BIGINT NOT NULL,
  partner_id BIGINT NOT NULL,
  currency TEXT NOT NULL,
  revenue BIGINT NOT NULL,
  sales BIGINT NOT NULL,
  commission BIGINT NOT NULL,
  commission_before BIGINT NOT NULL,
  PRIMARY KEY (org_id, partner_id, currency)
) @clustered;
CREATE INDEX report_recent_best ON report_recent (org_id, currency, commission);

-- What waits for a person is counted on every overview.
CREATE INDEX enrolment_waiting ON enrolment (org_id, id) WHERE status = 0;
CREATE INDEX hook_failed ON hook (org_id, id) WHERE status = 3;
