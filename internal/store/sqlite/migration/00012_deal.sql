-- +goose Up

-- The opportunities of a workspace, as its CRM knows them. Close_date is
-- YYYY-MM-DD or empty, amount in minor units of the currency.
CREATE TABLE deal (
	id         TEXT PRIMARY KEY,
	workspace  TEXT NOT NULL,
	plan       TEXT NOT NULL,
	crm_id     TEXT NOT NULL,
	crm_url    TEXT NOT NULL,
	name       TEXT NOT NULL,
	account    TEXT NOT NULL,
	amount     INTEGER NOT NULL,
	currency   TEXT NOT NULL,
	stage      TEXT NOT NULL,
	ended      TEXT NOT NULL,
	close_date TEXT NOT NULL,
	segment    TEXT NOT NULL,
	owner      TEXT NOT NULL,
	owner_name TEXT NOT NULL,
	advice     TEXT NOT NULL,
	gone       INTEGER NOT NULL,
	created    INTEGER NOT NULL,
	updated    INTEGER NOT NULL,
	version    INTEGER NOT NULL,
	sought     TEXT NOT NULL,
	by_close   TEXT NOT NULL,
	by_account TEXT NOT NULL
) WITHOUT ROWID;
CREATE UNIQUE INDEX deal_crm ON deal (workspace, crm_id) WHERE crm_id <> '';
CREATE UNIQUE INDEX deal_plan ON deal (plan) WHERE plan <> '';
CREATE INDEX deal_by_close ON deal (workspace, by_close, id);
CREATE INDEX deal_by_account ON deal (workspace, by_account, id);
CREATE INDEX deal_by_amount ON deal (workspace, amount, id);
CREATE INDEX deal_by_change ON deal (workspace, updated, id);
CREATE INDEX deal_open ON deal (workspace, ended, plan);
CREATE INDEX deal_owner ON deal (owner);

CREATE TABLE deal_change (
	deal   TEXT NOT NULL,
	at     INTEGER NOT NULL,
	field  TEXT NOT NULL,
	was    TEXT NOT NULL,
	became TEXT NOT NULL,
	member TEXT NOT NULL,
	listed INTEGER NOT NULL,
	PRIMARY KEY (deal, at, field)
) WITHOUT ROWID;

-- How a workspace reads a list with certain headers.
CREATE TABLE deal_mapping (
	workspace TEXT NOT NULL,
	headers   TEXT NOT NULL,
	settings  TEXT NOT NULL,
	used      INTEGER NOT NULL,
	PRIMARY KEY (workspace, headers)
) WITHOUT ROWID;

-- Answers to "is it time for a plan?".
CREATE TABLE readiness (
	id        TEXT PRIMARY KEY,
	workspace TEXT NOT NULL,
	deal      TEXT NOT NULL,
	at        INTEGER NOT NULL,
	member    TEXT NOT NULL,
	answers   TEXT NOT NULL,
	advice    TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX readiness_deal ON readiness (deal, at, id);
CREATE INDEX readiness_member ON readiness (member);

-- How the buyer took the idea of a plan.
CREATE TABLE resistance (
	id        TEXT PRIMARY KEY,
	workspace TEXT NOT NULL,
	deal      TEXT NOT NULL,
	plan      TEXT NOT NULL,
	at        INTEGER NOT NULL,
	member    TEXT NOT NULL,
	moment    TEXT NOT NULL,
	objection TEXT NOT NULL,
	move      TEXT NOT NULL,
	outcome   TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX resistance_deal ON resistance (workspace, deal, at, id);
CREATE INDEX resistance_plan ON resistance (workspace, plan, at, id);
CREATE INDEX resistance_at ON resistance (workspace, at, id);
CREATE INDEX resistance_member ON resistance (member);
