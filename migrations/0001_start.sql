-- The first schema. Sections: control data, organisation data.
-- @clustered becomes WITHOUT ROWID on SQLite and nothing on PostgreSQL.
-- Times are milliseconds since the epoch, money is minor units, enums are the
-- indexes of the name lists in the headers, 0 and '' mean none.

-- control

CREATE TABLE workspace (
  id BIGINT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  created_at BIGINT NOT NULL
);

CREATE TABLE org (
  id BIGINT NOT NULL PRIMARY KEY,
  workspace_id BIGINT NOT NULL,
  slug TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  currency TEXT NOT NULL,
  timezone TEXT NOT NULL,
  status BIGINT NOT NULL,
  tracking_host TEXT NOT NULL,
  payer BIGINT NOT NULL,
  sandbox BIGINT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX org_tracking_host ON org (tracking_host) WHERE tracking_host <> '';

CREATE TABLE app_user (
  id BIGINT NOT NULL PRIMARY KEY,
  email TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  password TEXT NOT NULL,
  disabled BIGINT NOT NULL,
  created_at BIGINT NOT NULL
);

CREATE TABLE session (
  id BIGINT NOT NULL PRIMARY KEY,
  user_id BIGINT NOT NULL,
  token_hash TEXT NOT NULL UNIQUE,
  created_at BIGINT NOT NULL,
  seen_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  user_agent TEXT NOT NULL
);
CREATE INDEX session_of_user ON session (user_id);

CREATE TABLE member (
  org_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  partner_id BIGINT NOT NULL,
  role BIGINT NOT NULL,
  without_money BIGINT NOT NULL,
  without_personal_data BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (org_id, user_id, partner_id)
);
CREATE INDEX member_user ON member (user_id);
CREATE INDEX member_partner ON member (org_id, partner_id);

-- Links that let somebody in once; what is used or withdrawn is not there any more.
CREATE TABLE invitation (
  org_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  email TEXT NOT NULL,
  role BIGINT NOT NULL,
  partner_id BIGINT NOT NULL,
  without_money BIGINT NOT NULL,
  without_personal_data BIGINT NOT NULL,
  token_hash TEXT NOT NULL UNIQUE,
  invited_by BIGINT NOT NULL,
  key_id BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (org_id, id)
);
CREATE UNIQUE INDEX invitation_to ON invitation (org_id, partner_id, email);

-- made_by 0: whoever runs the server.
CREATE TABLE password_reset (
  user_id BIGINT NOT NULL PRIMARY KEY,
  token_hash TEXT NOT NULL UNIQUE,
  made_by BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);

CREATE TABLE workspace_member (
  workspace_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  role BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, user_id)
);
CREATE INDEX workspace_member_user ON workspace_member (user_id);

CREATE TABLE api_key (
  org_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  name TEXT NOT NULL,
  hash TEXT NOT NULL UNIQUE,
  hint TEXT NOT NULL,
  scopes TEXT NOT NULL,
  allowed_ips TEXT NOT NULL, -- networks with commas between; '' is from anywhere
  api_version TEXT NOT NULL,
  created_by BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  last_used_at BIGINT NOT NULL,
  revoked_at BIGINT NOT NULL,
  PRIMARY KEY (org_id, id)
);

-- As idempotency, for requests that change control data; an answer's secret is left out.
CREATE TABLE control_idempotency (
  org_id BIGINT NOT NULL,
  key_id BIGINT NOT NULL,
  idempotency_key TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  status BIGINT NOT NULL,
  body TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (org_id, key_id, idempotency_key)
);

CREATE TABLE control_audit (
  org_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  at BIGINT NOT NULL,
  actor_kind BIGINT NOT NULL,
  actor_id BIGINT NOT NULL,
  actor_name TEXT NOT NULL,
  action TEXT NOT NULL,
  target TEXT NOT NULL,
  change TEXT NOT NULL,
  request_id TEXT NOT NULL,
  PRIMARY KEY (org_id, id)
);

-- Reference rates: units for one euro times 10^8; days since the epoch. The euro itself is in it, with 1, on every day.
CREATE TABLE fx_rate (
  currency TEXT NOT NULL,
  day BIGINT NOT NULL,
  rate BIGINT NOT NULL,
  PRIMARY KEY (currency, day)
) @clustered;

-- organisation

-- One row: changes with every write that is not an event, so that what is kept in memory is known to be true.
CREATE TABLE org_version (
  org_id BIGINT NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL
);

CREATE TABLE audit (
  org_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  at BIGINT NOT NULL,
  actor_kind BIGINT NOT NULL,
  actor_id BIGINT NOT NULL,
  actor_name TEXT NOT NULL,
  action TEXT NOT NULL,
  target TEXT NOT NULL,
  change TEXT NOT NULL,
  request_id TEXT NOT NULL,
  PRIMARY KEY (org_id, id)
) @clustered;
CREATE INDEX audit_target ON audit (org_id, target, id);

CREATE TABLE idempotency (
  org_id BIGINT NOT NULL,
  key_id BIGINT NOT NULL,
  idempotency_key TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  status BIGINT NOT NULL,
  body TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (org_id, key_id, idempotency_key)
) @clustered;

CREATE TABLE campaign (
  org_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  slug TEXT NOT NULL,
  name TEXT NOT NULL,
  currency TEXT NOT NULL,
  url TEXT NOT NULL,
  status BIGINT NOT NULL,
  review BIGINT NOT NULL,
  terms_version BIGINT NOT NULL,
  metadata TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  closed_at BIGINT NOT NULL,
  PRIMARY KEY (org_id, id),
  UNIQUE (org_id, slug)
) @clustered;

CREATE TABLE terms (
  org_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  campaign_id BIGINT NOT NULL,
  version BIGINT NOT NULL,
  effective_at BIGINT NOT NULL,
  document TEXT NOT NULL,
  created_by TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (org_id, id),
  UNIQUE (org_id, campaign_id, version)
) @clustered;

CREATE TABLE partner (
  org_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  email TEXT NOT NULL,
  name TEXT NOT NULL,
  country TEXT NOT NULL,
  external_id TEXT NOT NULL,
  parent_id BIGINT NOT NULL,
  parent_from BIGINT NOT NULL,
  status BIGINT NOT NULL,
  decided_status BIGINT NOT NULL,
  payout_account TEXT NOT NULL,
  metadata TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (org_id, id),
  UNIQUE (org_id, email)
) @clustered;
CREATE INDEX partner_status ON partner (org_id, status, id) WHERE status NOT IN (1);
CREATE INDEX partner_external ON partner (org_id, external_id) WHERE external_id <> '';
CREATE INDEX partner_by_parent ON partner (org_id, parent_id);

-- Decisions who stands above a partner, in the order of their ids; only of partners ever moved.
CREATE TABLE partner_parent (
  org_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  partner_id BIGINT NOT NULL,
  parent_id BIGINT NOT NULL,
  since BIGINT NOT NULL,
  moved_by TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (org_id, partner_id, id),
  FOREIGN KEY (org_id, partner_id) REFERENCES partner (org_id, id)
) @clustered;

-- What the decisions come to: who stands below whom, since <= moment < until (partner/parent.h).
CREATE TABLE partner_place (
  org_id BIGINT NOT NULL,
  partner_id BIGINT NOT NULL,
  parent_id BIGINT NOT NULL,
  since BIGINT NOT NULL,
  until BIGINT NOT NULL,
  PRIMARY KEY (org_id, partner_id, since),
  FOREIGN KEY (org_id, partner_id) REFERENCES partner (org_id, id)
) @clustered;
CREATE INDEX partner_place_below ON partner_place (org_id, parent_id);

CREATE TABLE enrolment (
  org_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  campaign_id BIGINT NOT NULL,
  partner_id BIGINT NOT NULL,
  status BIGINT NOT NULL,
  decided_status BIGINT NOT NULL,
  group_name TEXT NOT NULL,
  override_reward TEXT NOT NULL,
  override_from BIGINT NOT NULL,
  override_until BIGINT NOT NULL,
  override_recurring BIGINT NOT NULL,
  note TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  decided_at BIGINT NOT NULL,
  decided_by TEXT NOT NULL,
  PRIMARY KEY (org_id, id),
  UNIQUE (org_id, campaign_id, partner_id),
  FOREIGN KEY (org_id, campaign_id) REFERENCES campaign (org_id, id),
  FOREIGN KEY (org_id, partner_id) REFERENCES partner (org_id, id)
) @clustered;
CREATE INDEX enrolment_partner ON enrolment (org_id, partner_id);

-- Events of campaigns with retroactive tiers, by the partners credited with them and the month they
-- count for: what a true-up goes through. Kept by the job `true-up`.
CREATE TABLE true_up_item (
  org_id BIGINT NOT NULL,
  campaign_id BIGINT NOT NULL,
  partner_id BIGINT NOT NULL,
  month BIGINT NOT NULL,
  event_id BIGINT NOT NULL,
  PRIMARY KEY (org_id, campaign_id, partner_id, month, event_id)
) @clustered;

-- Periods (months from … to) in which something has happened since they were trued up last.
CREATE TABLE true_up_due (
  org_id BIGINT NOT NULL,
  last_month BIGINT NOT NULL,
  first_month BIGINT NOT NULL,
  campaign_id BIGINT NOT NULL,
  partner_id BIGINT NOT NULL,
  PRIMARY KEY (org_id, last_month, first_month, campaign_id, partner_id)
) @clustered;

-- Runs that apply terms to what has happened (restate/restatement.h). Times are of events: from <= event
-- < to, up to the event through_id. position: the last event that preview or posting has seen.
CREATE TABLE restatement (
  org_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  campaign_id BIGINT NOT NULL,
  version BIGINT NOT NULL,
  terms_id BIGINT NOT NULL,
  document TEXT NOT NULL,
  from_at BIGINT NOT NULL,
  to_at BIGINT NOT NULL,
  first_month BIGINT NOT NULL,
  reason TEXT NOT NULL,
  status BIGINT NOT NULL,
  stands BIGINT NOT NULL,
  counted BIGINT NOT NULL,
  through_id BIGINT NOT NULL,
  position BIGINT NOT NULL,
  created_by TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  approved_by TEXT NOT NULL,
  approved_at BIGINT NOT NULL,
  approved_id BIGINT NOT NULL,
  done_at BIGINT NOT NULL,
  PRIMARY KEY (org_id, id)
) @clustered;
CREATE INDEX restatement_campaign ON restatement (org_id, campaign_id, id);

-- Of runs whose terms look at more than was stored with events (restate/stand.h): what partners had driven and
-- earned by months, on the way (partner 0: all of them), the leads that were paid, and what each event is judged by.
CREATE TABLE restatement_counter (
  org_id BIGINT NOT NULL,
  run_id BIGINT NOT NULL,
  partner_id BIGINT NOT NULL,
  month BIGINT NOT NULL,
  revenue BIGINT NOT NULL,
  sales BIGINT NOT NULL,
  customers BIGINT NOT NULL,
  projects BIGINT NOT NULL,
  earned BIGINT NOT NULL,
  PRIMARY KEY (org_id, run_id, partner_id, month)
) @clustered;

CREATE TABLE restatement_lead (
  org_id BIGINT NOT NULL,
  run_id BIGINT NOT NULL,
  partner_id BIGINT NOT NULL,
  address_key BIGINT NOT NULL,
  event_id BIGINT NOT NULL,
  PRIMARY KEY (org_id, run_id, partner_id, address_key)
) @clustered;
CREATE INDEX restatement_lead_event ON restatement_lead (org_id, event_id);

CREATE TABLE restatement_input (
  org_id BIGINT NOT NULL,
  event_id BIGINT NOT NULL,
  run_id BIGINT NOT NULL,
  inputs TEXT NOT NULL,
  address_key BIGINT NOT NULL,
  PRIMARY KEY (org_id, event_id, run_id)
) @clustered;

-- With caps per customer (restate/spent.h): what was left of each event when it was looked at last, and whether
-- it has to be looked at again; event 0 is all of the customer's.
CREATE TABLE restatement_spent (
  org_id BIGINT NOT NULL,
  run_id BIGINT NOT NULL,
  customer_id BIGINT NOT NULL,
  occurred_at BIGINT NOT NULL,
  event_id BIGINT NOT NULL,
  amount BIGINT NOT NULL,
  stale BIGINT NOT NULL,
  PRIMARY KEY (org_id, run_id, customer_id, occurred_at, event_id)
) @clustered;
CREATE INDEX restatement_spent_stale ON restatement_spent (org_id, run_id, customer_id) WHERE stale = 1;

-- What a run comes to per partner: as previewed (commissions, what they are, what they would be), and posted.
CREATE TABLE restatement_line (
  org_id BIGINT NOT NULL,
  run_id BIGINT NOT NULL,
  partner_id BIGINT NOT NULL,
  currency TEXT NOT NULL,
  raised BIGINT NOT NULL,
  lowered BIGINT NOT NULL,
  unchanged BIGINT NOT NULL,
  was BIGINT NOT NULL,
  becomes BIGINT NOT NULL,
  posted BIGINT NOT NULL,
  adjustments BIGINT NOT NULL,
  PRIMARY KEY (org_id, run_id, partner_id, currency)
) @clustered;

-- From when to when an enrolment has been approved; ended_at 0: it still is.
CREATE TABLE engagement (
  org_id BIGINT NOT NULL,
  enrolment_id BIGINT NOT NULL,
  started_at BIGINT NOT NULL,
  ended_at BIGINT NOT NULL,
  PRIMARY KEY (org_id, enrolment_id, started_at)
) @clustered;
CREATE INDEX engagement_start ON engagement (org_id, started_at);

-- How far the calendar's jobs have come: the period at hand, and in it the campaign and partner.
CREATE TABLE calendar_position (
  org_id BIGINT NOT NULL,
  job TEXT NOT NULL,
  period BIGINT NOT NULL,
  campaign_id BIGINT NOT NULL,
  partner_id BIGINT NOT NULL,
  PRIMARY KEY (org_id, job)
) @clustered;

CREATE TABLE link (
  org_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  partner_id BIGINT NOT NULL,
  campaign_id BIGINT NOT NULL,
  slug TEXT NOT NULL,
  url TEXT NOT NULL,
  utm_source TEXT NOT NULL,
  utm_medium TEXT NOT NULL,
  utm_campaign TEXT NOT NULL,
  reward TEXT NOT NULL,
  status BIGINT NOT NULL,
  metadata TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (org_id, id),
  UNIQUE (org_id, slug),
  FOREIGN KEY (org_id, campaign_id) REFERENCES campaign (org_id, id),
  FOREIGN KEY (org_id, partner_id) REFERENCES partner (org_id, id)
) @clustered;
CREATE INDEX link_partner ON link (org_id, partner_id);
CREATE INDEX link_utm ON link (org_id, lower(utm_source), lower(utm_medium), lower(utm_campaign)) WHERE utm_source <> '';

CREATE TABLE code (
  org_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  code TEXT NOT NULL,
  partner_id BIGINT NOT NULL,
  campaign_id BIGINT NOT NULL,
  link_id BIGINT NOT NULL, -- the link it stands for, with its own reward; or 0
  status BIGINT NOT NULL,
  metadata TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (org_id, id),
  UNIQUE (org_id, code)
) @clustered;

CREATE TABLE click (
  org_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  link_id BIGINT NOT NULL,
  partner_id BIGINT NOT NULL,
  campaign_id BIGINT NOT NULL,
  at BIGINT NOT NULL,
  device TEXT NOT NULL,
  referrer TEXT NOT NULL,
  utm TEXT NOT NULL,
  country TEXT NOT NULL,
  sub TEXT NOT NULL,
  flags BIGINT NOT NULL,
  PRIMARY KEY (org_id, id)
) @clustered;

CREATE TABLE drain_position (
  org_id BIGINT NOT NULL,
  journal BIGINT NOT NULL,
  position BIGINT NOT NULL,
  PRIMARY KEY (org_id, journal)
) @clustered;

-- Per link and day, for charts; kept by the drain. link_id 0: clicks told by a code; partner_id 0: all of the day.
CREATE TABLE click_daily (
  org_id BIGINT NOT NULL,
  day BIGINT NOT NULL,
  link_id BIGINT NOT NULL,
  partner_id BIGINT NOT NULL,
  campaign_id BIGINT NOT NULL,
  clicks BIGINT NOT NULL,
  bots BIGINT NOT NULL,
  PRIMARY KEY (org_id, day, partner_id, link_id, campaign_id)
) @clustered;

-- Clicks by the UTC hour in which they happened and the one in which their ids were made (since the
-- epoch; the same for all but reported ones): how many have arrived, kept by the drain, and how many
-- of them the job `clicks` has looked at. While it looks: aim is what had arrived when it began,
-- reached the last id it has seen.
CREATE TABLE click_hour (
  org_id BIGINT NOT NULL,
  hour BIGINT NOT NULL,
  made BIGINT NOT NULL,
  arrived BIGINT NOT NULL,
  counted BIGINT NOT NULL,
  aim BIGINT NOT NULL,
  reached BIGINT NOT NULL,
  PRIMARY KEY (org_id, hour, made)
) @clustered;
CREATE INDEX click_hour_open ON click_hour (org_id, hour) WHERE arrived <> counted;

-- Clicks that are paid for: one per partner, device and UTC day. event_id 0: its event is not made yet.
-- link_id: a link with a reward of its own, else 0.
CREATE TABLE click_paid (
  org_id BIGINT NOT NULL,
  partner_id BIGINT NOT NULL,
  day BIGINT NOT NULL,
  device TEXT NOT NULL,
  campaign_id BIGINT NOT NULL,
  link_id BIGINT NOT NULL,
  hour BIGINT NOT NULL,
  click_id BIGINT NOT NULL,
  event_id BIGINT NOT NULL,
  PRIMARY KEY (org_id, partner_id, day, device)
) @clustered;
CREATE INDEX click_paid_event ON click_paid (org_id, event_id);

-- Devices with which a partner's people were in the portal on a day (UTC), as in click.device.
CREATE TABLE partner_device (
  org_id BIGINT NOT NULL,
  partner_id BIGINT NOT NULL,
  day BIGINT NOT NULL,
  device TEXT NOT NULL,
  PRIMARY KEY (org_id, partner_id, day, device)
) @clustered;
CREATE INDEX partner_device_day ON partner_device (org_id, day);

-- external_key: 63 bits of a hash of external_id, so that the index stays small; unique (see the end).
CREATE TABLE customer (
  org_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  external_key BIGINT NOT NULL,
  external_id TEXT NOT NULL,
  email TEXT NOT NULL,
  name TEXT NOT NULL,
  country TEXT NOT NULL,
  partner_id BIGINT NOT NULL,
  campaign_id BIGINT NOT NULL,
  link_id BIGINT NOT NULL,
  signal BIGINT NOT NULL,
  referred_at BIGINT NOT NULL,
  invoices BIGINT NOT NULL,
  churned_at BIGINT NOT NULL,
  owner_count BIGINT NOT NULL,
  metadata TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (org_id, id)
) @clustered;
CREATE INDEX customer_partner ON customer (org_id, partner_id);

-- Who owns a customer that several own; number 0 is the one in customer.partner_id.
CREATE TABLE customer_owner (
  org_id BIGINT NOT NULL,
  customer_id BIGINT NOT NULL,
  number BIGINT NOT NULL,
  partner_id BIGINT NOT NULL,
  link_id BIGINT NOT NULL,
  share_ppm BIGINT NOT NULL,
  PRIMARY KEY (org_id, customer_id, number)
) @clustered;
CREATE INDEX customer_owner_partner ON customer_owner (org_id, partner_id, customer_id);

CREATE TABLE touch (
  org_id BIGINT NOT NULL,
  customer_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  signal BIGINT NOT NULL,
  named BIGINT NOT NULL,
  partner_id BIGINT NOT NULL,
  campaign_id BIGINT NOT NULL,
  link_id BIGINT NOT NULL,
  click_id BIGINT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (org_id, customer_id, id)
) @clustered;

-- Customers by the digests of their mailbox and their company's host, up to the customer of the position
-- (customer/account.h).
CREATE TABLE customer_account (
  org_id BIGINT NOT NULL,
  key BIGINT NOT NULL,
  customer_id BIGINT NOT NULL,
  PRIMARY KEY (org_id, key, customer_id)
) @clustered;

CREATE TABLE customer_account_position (
  org_id BIGINT NOT NULL PRIMARY KEY,
  customer_id BIGINT NOT NULL
);

-- Deals that partners have registered (deal/deal.h). stage: 0 registered, 1 in review, …
CREATE TABLE deal (
  org_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  campaign_id BIGINT NOT NULL,
  partner_id BIGINT NOT NULL,
  company TEXT NOT NULL,
  domain TEXT NOT NULL,
  email TEXT NOT NULL,
  customer TEXT NOT NULL,
  amount BIGINT NOT NULL,
  currency TEXT NOT NULL,
  note TEXT NOT NULL,
  stage BIGINT NOT NULL,
  conflict BIGINT NOT NULL,
  conflict_id BIGINT NOT NULL,
  reason TEXT NOT NULL,
  registered_at BIGINT NOT NULL,
  protected_until BIGINT NOT NULL,
  event_id BIGINT NOT NULL,
  partner_count BIGINT NOT NULL,
  created_by TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, campaign_id) REFERENCES campaign (org_id, id),
  FOREIGN KEY (org_id, partner_id) REFERENCES partner (org_id, id)
) @clustered;
CREATE INDEX deal_partner ON deal (org_id, partner_id, id);
CREATE INDEX deal_waiting ON deal (org_id, id) WHERE stage = 1;

-- Never changed. Whose a joint deal is, in millionths; number 0 is deal.partner_id (deal/deal_share.h).
CREATE TABLE deal_share (
  org_id BIGINT NOT NULL,
  deal_id BIGINT NOT NULL,
  number BIGINT NOT NULL,
  partner_id BIGINT NOT NULL,
  share_ppm BIGINT NOT NULL,
  PRIMARY KEY (org_id, deal_id, number),
  FOREIGN KEY (org_id, partner_id) REFERENCES partner (org_id, id)
) @clustered;
CREATE INDEX deal_share_partner ON deal_share (org_id, partner_id, deal_id, number);

-- What a deal is found by: the digests of its customer's mailbox, host and id (customer/account.h).
CREATE TABLE deal_key (
  org_id BIGINT NOT NULL,
  key BIGINT NOT NULL,
  deal_id BIGINT NOT NULL,
  PRIMARY KEY (org_id, key, deal_id)
) @clustered;
CREATE INDEX deal_key_deal ON deal_key (org_id, deal_id);

-- Never changed. What each step has made of a deal, in the order of their ids (deal/deal_history.h).
CREATE TABLE deal_history (
  org_id BIGINT NOT NULL,
  deal_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  stage BIGINT NOT NULL,
  conflict BIGINT NOT NULL,
  registered_at BIGINT NOT NULL,
  protected_until BIGINT NOT NULL,
  reason TEXT NOT NULL,
  made_by TEXT NOT NULL,
  made_at BIGINT NOT NULL,
  PRIMARY KEY (org_id, deal_id, id)
) @clustered;

-- Accounts (a host or a mailbox) of which a person decides who may register deals on them.
CREATE TABLE protected_account (
  org_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  account TEXT NOT NULL,
  note TEXT NOT NULL,
  created_by TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (org_id, id),
  UNIQUE (org_id, account)
) @clustered;

-- Never changed. external_key: 63 bits of a hash of type and external_id; unique (see the end).
-- related_id: the sale of a refund or dispute (0 while it is not known). outcome: what it took back, as answered.
CREATE TABLE event (
  org_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  external_key BIGINT NOT NULL,
  external_id TEXT NOT NULL,
  type BIGINT NOT NULL,
  fingerprint TEXT NOT NULL,
  customer_id BIGINT NOT NULL,
  campaign_id BIGINT NOT NULL,
  partner_id BIGINT NOT NULL,
  link_id BIGINT NOT NULL,
  click_id BIGINT NOT NULL,
  related_id BIGINT NOT NULL,
  amount BIGINT NOT NULL,
  tax BIGINT NOT NULL,
  currency TEXT NOT NULL,
  invoice_index BIGINT NOT NULL,
  occurred_at BIGINT NOT NULL,
  received_at BIGINT NOT NULL,
  source TEXT NOT NULL,
  facts TEXT NOT NULL,
  inputs TEXT NOT NULL,
  outcome TEXT NOT NULL,
  attribution TEXT NOT NULL,
  PRIMARY KEY (org_id, id)
) @clustered;
CREATE INDEX event_customer ON event (org_id, customer_id, id);
CREATE INDEX event_type ON event (org_id, type, id) WHERE type NOT IN (2);
CREATE INDEX event_restated ON event (org_id, related_id, id) WHERE type = 12;
CREATE INDEX event_churn ON event (org_id, customer_id, occurred_at) WHERE type = 4;

-- Whom an event concerns beside those who have a commission of their own from it (event/concern.h).
CREATE TABLE event_partner (
  org_id BIGINT NOT NULL,
  partner_id BIGINT NOT NULL,
  event_id BIGINT NOT NULL,
  PRIMARY KEY (org_id, partner_id, event_id)
) @clustered;

-- Refunds and disputes that came before their sale; sale_key as event.external_key of the sale.
CREATE TABLE parked (
  org_id BIGINT NOT NULL,
  sale_key BIGINT NOT NULL,
  event_id BIGINT NOT NULL,
  sale_external_id TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  applied_at BIGINT NOT NULL,
  PRIMARY KEY (org_id, sale_key, event_id)
) @clustered;
CREATE INDEX parked_waiting ON parked (org_id, sale_key) WHERE applied_at = 0;

-- The refunds of a sale that have been applied, in the sale's currency.
CREATE TABLE sale_refund (
  org_id BIGINT NOT NULL,
  sale_id BIGINT NOT NULL,
  event_id BIGINT NOT NULL,
  amount BIGINT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (org_id, sale_id, event_id)
) @clustered;

-- What is known of a sale's disputes: each dispute is opened, won or lost; an amount of 0 is all of the sale.
CREATE TABLE sale_dispute (
  org_id BIGINT NOT NULL,
  sale_id BIGINT NOT NULL,
  event_id BIGINT NOT NULL,
  dispute TEXT NOT NULL,
  state BIGINT NOT NULL,
  amount BIGINT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (org_id, sale_id, event_id)
) @clustered;

-- Leads that have been paid: one per partner and address (its digest), for ever, in a campaign.
CREATE TABLE lead_paid (
  org_id BIGINT NOT NULL,
  campaign_id BIGINT NOT NULL,
  partner_id BIGINT NOT NULL,
  address_key BIGINT NOT NULL,
  event_id BIGINT NOT NULL,
  PRIMARY KEY (org_id, campaign_id, partner_id, address_key)
) @clustered;

-- What a partner has driven in a campaign, month by month in the organisation's time zone (yyyymm).
CREATE TABLE standing (
  org_id BIGINT NOT NULL,
  partner_id BIGINT NOT NULL,
  campaign_id BIGINT NOT NULL,
  month BIGINT NOT NULL,
  revenue BIGINT NOT NULL,
  sales BIGINT NOT NULL,
  customers BIGINT NOT NULL,
  projects BIGINT NOT NULL,
  earned BIGINT NOT NULL,
  PRIMARY KEY (org_id, partner_id, campaign_id, month)
) @clustered;

-- open: matured and amount - reversed differs from allocated (what payouts hold of it).
-- holds: the bits of enum hold.
CREATE TABLE commission (
  org_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  event_id BIGINT NOT NULL,
  partner_id BIGINT NOT NULL,
  campaign_id BIGINT NOT NULL,
  customer_id BIGINT NOT NULL,
  terms_id BIGINT NOT NULL,
  kind BIGINT NOT NULL,
  status BIGINT NOT NULL,
  first_status BIGINT NOT NULL,
  holds BIGINT NOT NULL,
  held_by BIGINT NOT NULL,
  currency TEXT NOT NULL,
  amount BIGINT NOT NULL,
  base BIGINT NOT NULL,
  reversed BIGINT NOT NULL,
  allocated BIGINT NOT NULL,
  open BIGINT NOT NULL,
  payout_id BIGINT NOT NULL,
  occurred_at BIGINT NOT NULL,
  matures_at BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  explanation TEXT NOT NULL,
  PRIMARY KEY (org_id, id)
) @clustered;
CREATE INDEX commission_event ON commission (org_id, event_id);
CREATE INDEX commission_partner ON commission (org_id, partner_id, id, event_id, kind);
CREATE INDEX commission_status ON commission (org_id, status, id);
CREATE INDEX commission_reversed ON commission (org_id, event_id) WHERE reversed > 0;
CREATE INDEX commission_maturing ON commission (org_id, matures_at) WHERE status <= 0;
CREATE INDEX commission_held ON commission (org_id, partner_id) WHERE status = 3;
CREATE INDEX commission_open ON commission (org_id, currency, partner_id) WHERE open = 1;

-- Never changed. The hash covers the entry, its legs and the hash before it (see ledger.h).
CREATE TABLE ledger_entry (
  org_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  number BIGINT NOT NULL,
  kind BIGINT NOT NULL,
  commission_id BIGINT NOT NULL,
  payout_id BIGINT NOT NULL,
  cause_id BIGINT NOT NULL,
  corrects_id BIGINT NOT NULL,
  at BIGINT NOT NULL,
  posted_at BIGINT NOT NULL,
  previous_hash TEXT NOT NULL,
  hash TEXT NOT NULL,
  PRIMARY KEY (org_id, id)
) @clustered;
CREATE INDEX ledger_entry_kind ON ledger_entry (org_id, kind, id) WHERE kind NOT IN (0);
CREATE UNIQUE INDEX ledger_entry_once ON ledger_entry (org_id, commission_id, payout_id, kind, cause_id);

-- Never changed. Exactly one of debit and credit is positive, the other is 0.
CREATE TABLE ledger_leg (
  org_id BIGINT NOT NULL,
  entry_id BIGINT NOT NULL,
  number BIGINT NOT NULL,
  account BIGINT NOT NULL,
  partner_id BIGINT NOT NULL,
  currency TEXT NOT NULL,
  debit BIGINT NOT NULL,
  credit BIGINT NOT NULL,
  PRIMARY KEY (org_id, entry_id, number)
) @clustered;

-- Never changed. What the ledger was at the end of a day, signed (see checkpoint.h).
CREATE TABLE ledger_checkpoint (
  org_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  day TEXT NOT NULL,
  entry_id BIGINT NOT NULL,
  number BIGINT NOT NULL,
  hash TEXT NOT NULL,
  sums TEXT NOT NULL,
  made_at BIGINT NOT NULL,
  public_key TEXT NOT NULL,
  signature TEXT NOT NULL,
  PRIMARY KEY (org_id, id)
) @clustered;
CREATE UNIQUE INDEX ledger_checkpoint_day ON ledger_checkpoint (org_id, day);

-- Sums of legs per partner and currency, kept with every posting.
CREATE TABLE balance (
  org_id BIGINT NOT NULL,
  partner_id BIGINT NOT NULL,
  currency TEXT NOT NULL,
  pending BIGINT NOT NULL,
  payable BIGINT NOT NULL,
  in_payout BIGINT NOT NULL,
  paid BIGINT NOT NULL,
  PRIMARY KEY (org_id, partner_id, currency)
) @clustered;

CREATE TABLE payout_run (
  org_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  currency TEXT NOT NULL,
  method TEXT NOT NULL,
  cutoff BIGINT NOT NULL,
  status BIGINT NOT NULL,
  created_by TEXT NOT NULL,
  approved_by TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  approved_at BIGINT NOT NULL,
  PRIMARY KEY (org_id, id)
) @clustered;

CREATE TABLE payout (
  org_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  run_id BIGINT NOT NULL,
  partner_id BIGINT NOT NULL,
  currency TEXT NOT NULL,
  amount BIGINT NOT NULL,
  status BIGINT NOT NULL,
  recipient TEXT NOT NULL,
  reference TEXT NOT NULL,
  reason TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  finished_at BIGINT NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, run_id) REFERENCES payout_run (org_id, id)
) @clustered;
CREATE INDEX payout_run_payouts ON payout (org_id, run_id, status, amount);
CREATE INDEX payout_partner ON payout (org_id, partner_id, id);

CREATE TABLE payout_item (
  org_id BIGINT NOT NULL,
  payout_id BIGINT NOT NULL,
  commission_id BIGINT NOT NULL,
  amount BIGINT NOT NULL,
  PRIMARY KEY (org_id, payout_id, commission_id)
) @clustered;
CREATE INDEX payout_item_commission ON payout_item (org_id, commission_id);

-- A provider the organisation has connected; secrets are sealed with the server's key.
CREATE TABLE provider (
  org_id BIGINT NOT NULL,
  name TEXT NOT NULL,
  secret TEXT NOT NULL,
  secret_before TEXT NOT NULL,
  hint TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (org_id, name)
) @clustered;

-- What providers sent, as it came: kept before anything is done with it.
CREATE TABLE hook (
  org_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  provider TEXT NOT NULL,
  external_id TEXT NOT NULL,
  type TEXT NOT NULL,
  body TEXT NOT NULL,
  status BIGINT NOT NULL,
  note TEXT NOT NULL,
  received_at BIGINT NOT NULL,
  done_at BIGINT NOT NULL,
  PRIMARY KEY (org_id, id),
  UNIQUE (org_id, provider, external_id)
) @clustered;
CREATE INDEX hook_waiting ON hook (org_id, id) WHERE status = 0;

-- Which sale a provider's object (payment intent, charge, invoice) belongs to.
CREATE TABLE payment_ref (
  org_id BIGINT NOT NULL,
  ref TEXT NOT NULL,
  sale_id TEXT NOT NULL,
  PRIMARY KEY (org_id, ref)
) @clustered;

-- The newest number of a message (outbox/outbox.h).
CREATE TABLE message_head (
  org_id BIGINT NOT NULL PRIMARY KEY,
  sequence BIGINT NOT NULL
);

-- What the world is told, byte for byte. sequence: without gaps; 0: a test.
CREATE TABLE message (
  org_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  sequence BIGINT NOT NULL,
  type BIGINT NOT NULL,
  body TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (org_id, id)
) @clustered;
CREATE INDEX message_time ON message (org_id, created_at, id);

-- Where webhooks go. types: names with commas between, '' for all. Secrets are sealed with the server's
-- key. status: 0 enabled, 1 disabled; failing_since: nothing has arrived since; not_before: it asked to wait.
CREATE TABLE webhook_endpoint (
  org_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  url TEXT NOT NULL,
  description TEXT NOT NULL,
  types TEXT NOT NULL,
  status BIGINT NOT NULL,
  reason TEXT NOT NULL,
  secret TEXT NOT NULL,
  secret_before TEXT NOT NULL,
  before_until BIGINT NOT NULL,
  failing_since BIGINT NOT NULL,
  not_before BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (org_id, id)
) @clustered;

-- A message on its way to an endpoint. status: 0 waiting, 1 delivered, 2 failed.
CREATE TABLE webhook_delivery (
  org_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  endpoint_id BIGINT NOT NULL,
  message_id BIGINT NOT NULL,
  type BIGINT NOT NULL,
  sequence BIGINT NOT NULL,
  status BIGINT NOT NULL,
  attempts BIGINT NOT NULL,
  next_at BIGINT NOT NULL,
  answered BIGINT NOT NULL,
  answer TEXT NOT NULL,
  error TEXT NOT NULL,
  duration_ms BIGINT NOT NULL,
  attempted_at BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, endpoint_id) REFERENCES webhook_endpoint (org_id, id),
  UNIQUE (org_id, message_id, endpoint_id)
) @clustered;
CREATE INDEX webhook_delivery_endpoint ON webhook_delivery (org_id, endpoint_id, id);
CREATE INDEX webhook_delivery_due ON webhook_delivery (org_id, endpoint_id, next_at) WHERE status = 0;
CREATE INDEX webhook_delivery_status ON webhook_delivery (org_id, status, id) WHERE status NOT IN (1);

-- Where events (kind 0) and customers (1) are by their external_key.
-- sqlite
-- key_new: keys in order of arrival, not yet in the two others (db/sqlite_keys.h). The file is the organisation's.
CREATE TABLE event_key (
  key INTEGER PRIMARY KEY,
  id BIGINT NOT NULL
);
CREATE TABLE customer_key (
  key INTEGER PRIMARY KEY,
  id BIGINT NOT NULL
);
CREATE TABLE key_new (
  number INTEGER PRIMARY KEY,
  kind BIGINT NOT NULL,
  key BIGINT NOT NULL,
  id BIGINT NOT NULL
);
-- postgres
CREATE UNIQUE INDEX event_by_key ON event (org_id, external_key);
CREATE UNIQUE INDEX customer_by_key ON customer (org_id, external_key);
-- any
