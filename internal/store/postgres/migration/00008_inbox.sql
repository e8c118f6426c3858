-- +goose Up

-- Keys of this server, made when first needed.
CREATE TABLE secret (
	name  TEXT PRIMARY KEY,
	value BYTEA NOT NULL
);

-- Mail that was received: one row for each message and address it was sent to.
CREATE TABLE inbox (
	id      TEXT PRIMARY KEY,
	key     TEXT NOT NULL,
	purpose TEXT NOT NULL,
	letter  TEXT NOT NULL,
	plan    TEXT NOT NULL,
	person  TEXT NOT NULL,
	proof   TEXT NOT NULL,
	raw     BYTEA,
	at      BIGINT NOT NULL,
	state   TEXT NOT NULL,
	detail  TEXT NOT NULL,
	seq     BIGINT NOT NULL
);
CREATE UNIQUE INDEX inbox_key ON inbox (key);
CREATE INDEX inbox_person ON inbox (plan, person, at, id);
CREATE INDEX inbox_at ON inbox (at) WHERE raw IS NOT NULL;
-- The planner's samples would be a second place for people's words.
ALTER TABLE inbox ALTER COLUMN raw SET STATISTICS 0;
