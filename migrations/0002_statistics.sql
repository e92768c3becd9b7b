-- What a large organisation looks like, so that SQLite chooses indexes well from
-- the first row on: without statistics it takes a walk through a whole table by id
-- to be as good as an index on (org_id, partner_id). Rows of the table, then how
-- many rows share the first column of the index, the first two, …
-- A table without ROWID is named again for its primary key.

-- organisation

-- sqlite
ANALYZE;
DELETE FROM sqlite_stat1;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
  ('terms', 'terms', '10000 10000 1'),
  ('terms', 'sqlite_autoindex_terms_2', '10000 10000 10 1'),
  ('partner', 'partner', '100000 100000 1'),
  ('partner', 'sqlite_autoindex_partner_2', '100000 100000 1'),
  ('partner', 'partner_parent', '100000 100000 20'),
  ('enrolment', 'enrolment', '150000 150000 1'),
  ('enrolment', 'sqlite_autoindex_enrolment_2', '150000 150000 30000 1'),
  ('enrolment', 'enrolment_partner', '150000 150000 2'),
  ('link', 'link', '1000000 1000000 1'),
  ('link', 'sqlite_autoindex_link_2', '1000000 1000000 1'),
  ('link', 'link_partner', '1000000 1000000 10'),
  ('customer', 'customer', '1000000 1000000 1'),
  ('customer', 'sqlite_autoindex_customer_2', '1000000 1000000 1'),
  ('customer', 'customer_partner', '1000000 1000000 100'),
  ('event', 'event', '3000000 3000000 1'),
  ('event', 'sqlite_autoindex_event_2', '3000000 3000000 1'),
  ('event', 'event_customer', '3000000 3000000 3 1'),
  ('commission', 'commission', '3000000 3000000 1'),
  ('commission', 'commission_event', '3000000 3000000 2'),
  ('commission', 'commission_partner', '3000000 3000000 300 1'),
  ('commission', 'commission_maturing', '300000 300000 1'),
  ('commission', 'commission_held', '3000 3000 3'),
  ('commission', 'commission_open', '300000 300000 100000 30'),
  ('ledger_entry', 'ledger_entry', '6000000 6000000 1'),
  ('ledger_entry', 'ledger_entry_once', '6000000 6000000 2 2 1 1'),
  ('payout', 'payout', '300000 300000 1'),
  ('payout', 'payout_run_payouts', '300000 300000 10000'),
  ('payout', 'payout_partner', '300000 300000 10 1'),
  ('payout_item', 'payout_item', '3000000 3000000 10 1'),
  ('payout_item', 'payout_item_commission', '3000000 3000000 1'),
  ('hook', 'hook', '1000000 1000000 1'),
  ('hook', 'sqlite_autoindex_hook_2', '1000000 1000000 300000 1'),
  ('hook', 'hook_waiting', '100 100 1');
ANALYZE sqlite_schema;
