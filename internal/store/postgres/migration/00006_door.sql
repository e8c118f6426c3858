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
	address  BYTEA NOT NULL,
	words    TEXT NOT NULL,
	language TEXT NOT NULL,
	browser  BYTEA NOT NULL,
	code     BYTEA NOT NULL,
	tries    BIGINT NOT NULL DEFAULT 0,
	created  BIGINT NOT NULL,
	expires  BIGINT NOT NULL,
	used     BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX asked_browser ON asked (browser, plan, created);
CREATE INDEX asked_plan ON asked (plan, kind, created);
CREATE INDEX asked_address ON asked (address, created);
CREATE INDEX asked_age ON asked (created);

-- Addresses, by their hash, that want no mail of a plan: "that is not me".
CREATE TABLE refused_address (
	plan    TEXT NOT NULL,
	address BYTEA NOT NULL,
	at      BIGINT NOT NULL,
	PRIMARY KEY (plan, address)
);

-- To which address a link was mailed (its hash; empty: it was handed over), for
-- which browser that asked for it, and for which request.
ALTER TABLE pass ADD COLUMN address BYTEA NOT NULL DEFAULT '';
ALTER TABLE pass ADD COLUMN browser BYTEA NOT NULL DEFAULT '';
ALTER TABLE pass ADD COLUMN asked TEXT NOT NULL DEFAULT '';

-- How fresh a proof of the address must be before the plan is accepted.
ALTER TABLE workspace ADD COLUMN proof TEXT NOT NULL DEFAULT '';
