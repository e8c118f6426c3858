-- +goose Up

-- What is asked at front doors and answered by mail: kept for a day.
CREATE TABLE asked (
	id       TEXT PRIMARY KEY,
	kind     TEXT NOT NULL,
	plan     TEXT NOT NULL,
	side     TEXT NOT NULL,
	person   TEXT NOT NULL,
	member   TEXT NOT NULL,
	name     TEXT NOT NULL,
	email    TEXT NOT NULL,
	address  BLOB NOT NULL,
	words    TEXT NOT NULL,
	language TEXT NOT NULL,
	browser  BLOB NOT NULL,
	code     BLOB NOT NULL,
	tries    INTEGER NOT NULL DEFAULT 0,
	created  INTEGER NOT NULL,
	expires  INTEGER NOT NULL,
	used     INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX asked_browser ON asked (browser, plan, created);
CREATE INDEX asked_plan ON asked (plan, kind, created);
CREATE INDEX asked_address ON asked (address, created);
CREATE INDEX asked_age ON asked (created);

-- Addresses, by their hash, that want no mail of a plan: "that is not me".
CREATE TABLE refused_address (
	plan    TEXT NOT NULL,
	address BLOB NOT NULL,
	at      INTEGER NOT NULL,
	PRIMARY KEY (plan, address)
) WITHOUT ROWID;

-- To which address a link was mailed (its hash; empty: it was handed over), for
-- which browser that asked for it, and for which request.
ALTER TABLE pass ADD COLUMN address BLOB NOT NULL DEFAULT x'';
ALTER TABLE pass ADD COLUMN browser BLOB NOT NULL DEFAULT x'';
ALTER TABLE pass ADD COLUMN asked TEXT NOT NULL DEFAULT '';

-- How fresh a proof of the address must be before the plan is accepted.
ALTER TABLE workspace ADD COLUMN proof TEXT NOT NULL DEFAULT '';
