-- +goose Up

-- Mails to be sent and what became of them: ids only, no names, no addresses,
-- no words. See app.Letter.
CREATE TABLE letter (
	id         TEXT PRIMARY KEY,
	kind       TEXT NOT NULL,
	plan       TEXT NOT NULL,
	person     TEXT NOT NULL,
	member     TEXT NOT NULL,
	ref        TEXT NOT NULL,
	item       TEXT NOT NULL,
	key        TEXT NOT NULL,
	not_before BIGINT NOT NULL,
	created    BIGINT NOT NULL,
	state      TEXT NOT NULL DEFAULT 'queued',
	attempts   BIGINT NOT NULL DEFAULT 0,
	settled    BIGINT NOT NULL DEFAULT 0,
	reason     TEXT NOT NULL DEFAULT ''
);
-- Of letters with one key to one reader there is only the first.
CREATE UNIQUE INDEX letter_once ON letter (plan, person, member, ref, key) WHERE key <> '';
CREATE INDEX letter_age ON letter (state, created);
CREATE INDEX letter_to ON letter (plan, person, member, created, id);
CREATE INDEX letter_bounced ON letter (plan, person) WHERE state = 'bounced';

-- Kinds of mail a reader (a person of a plan, or a member) wants no more of.
CREATE TABLE mail_off (
	reader TEXT NOT NULL,
	kind   TEXT NOT NULL,
	at     BIGINT NOT NULL,
	PRIMARY KEY (reader, kind)
);

-- The secrets of links to a reader's mail settings, one a mail.
CREATE TABLE mail_token (
	hash    BYTEA PRIMARY KEY,
	letter  TEXT NOT NULL,
	reader  TEXT NOT NULL,
	plan    TEXT NOT NULL,
	kind    TEXT NOT NULL,
	created BIGINT NOT NULL
);
CREATE INDEX mail_token_age ON mail_token (created);

-- Addresses that mail could not be delivered to, by the hash of the address.
CREATE TABLE mail_bounce (
	address BYTEA PRIMARY KEY,
	letter  TEXT NOT NULL,
	at      BIGINT NOT NULL,
	reason  TEXT NOT NULL
);
