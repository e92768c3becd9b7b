-- A small schema for the tests of the database layer.

-- control

CREATE TABLE account (
  id BIGINT NOT NULL PRIMARY KEY,
  org_id BIGINT NOT NULL,
  name TEXT NOT NULL UNIQUE
);

CREATE TABLE control_audit (
  org_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (org_id, id)
);

-- organisation

CREATE TABLE thing (
  org_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  slug TEXT NOT NULL,
  name TEXT NOT NULL,
  currency TEXT NOT NULL,
  url TEXT,
  status BIGINT NOT NULL,
  review BIGINT NOT NULL,
  created_at BIGINT,
  PRIMARY KEY (org_id, id),
  UNIQUE (org_id, slug)
) @clustered;

-- Never changed: in the list of append-only tables.
CREATE TABLE ledger_entry (
  org_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  kind BIGINT NOT NULL,
  PRIMARY KEY (org_id, id)
) @clustered;

CREATE TABLE ledger_leg (
  org_id BIGINT NOT NULL,
  entry_id BIGINT NOT NULL,
  number BIGINT NOT NULL,
  currency TEXT NOT NULL,
  amount BIGINT NOT NULL,
  PRIMARY KEY (org_id, entry_id, number),
  FOREIGN KEY (org_id, entry_id) REFERENCES ledger_entry (org_id, id)
) @clustered;

-- sqlite
CREATE TABLE only_here (org_id BIGINT NOT NULL, note TEXT NOT NULL);
-- postgres
CREATE TABLE only_here (org_id BIGINT NOT NULL, note TEXT NOT NULL, more TEXT NOT NULL DEFAULT '');
-- any
CREATE INDEX only_here_note ON only_here (org_id, note);
