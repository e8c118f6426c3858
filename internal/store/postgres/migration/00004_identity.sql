-- +goose Up

-- Members have a role instead of a yes or no, may be switched off, and may be
-- known to a directory by a name of its own.
ALTER TABLE member ADD COLUMN role TEXT NOT NULL DEFAULT 'seller';
ALTER TABLE member ADD COLUMN disabled BIGINT NOT NULL DEFAULT 0;
ALTER TABLE member ADD COLUMN disabled_by TEXT NOT NULL DEFAULT '';
ALTER TABLE member ADD COLUMN external TEXT NOT NULL DEFAULT '';
UPDATE member SET role = 'admin' WHERE admin <> 0;
ALTER TABLE member DROP COLUMN admin;
CREATE INDEX member_everywhere ON member (address, created, id) WHERE address <> '';
CREATE UNIQUE INDEX member_external ON member (workspace, external) WHERE external <> '';

-- A session knows its browser, and when and how its member was proved.
ALTER TABLE session ADD COLUMN agent TEXT NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN proved BIGINT NOT NULL DEFAULT 0;
ALTER TABLE session ADD COLUMN way TEXT NOT NULL DEFAULT '';
ALTER TABLE acting ADD COLUMN proved BIGINT NOT NULL DEFAULT 0;
CREATE INDEX session_member ON session (member) WHERE member <> '';
CREATE INDEX acting_anywhere ON acting (person);
CREATE INDEX pass_person ON pass (person) WHERE person <> '';
CREATE INDEX pass_member ON pass (member) WHERE member <> '';

-- Somebody asked for a mailed link and code. Both are hashes, and empty until
-- the letter is written; browser is the hash of what the asking browser keeps.
-- Link and code are good until one time, the request is over at another that
-- does not depend on whether there was a letter.
CREATE TABLE sign_in (
	id       TEXT PRIMARY KEY,
	browser  BYTEA NOT NULL,
	address  TEXT NOT NULL,
	agent    TEXT NOT NULL,
	language TEXT NOT NULL,
	secret   BYTEA NOT NULL,
	code     BYTEA NOT NULL,
	created  BIGINT NOT NULL,
	until    BIGINT NOT NULL,
	expires  BIGINT NOT NULL,
	tries    BIGINT NOT NULL,
	used     BIGINT NOT NULL
);
CREATE UNIQUE INDEX sign_in_browser ON sign_in (browser);
CREATE INDEX sign_in_secret ON sign_in (secret);
CREATE INDEX sign_in_expires ON sign_in (expires);

-- What a browser is in the middle of: a passkey's challenge, a visit to an
-- identity provider. Taken once.
CREATE TABLE ceremony (
	hash    BYTEA PRIMARY KEY,
	kind    TEXT NOT NULL,
	data    TEXT NOT NULL,
	expires BIGINT NOT NULL
);
CREATE INDEX ceremony_expires ON ceremony (expires);

CREATE TABLE passkey (
	id         BYTEA PRIMARY KEY,
	member     TEXT NOT NULL REFERENCES member (id),
	name       TEXT NOT NULL,
	public_key BYTEA NOT NULL,
	sign_count BIGINT NOT NULL,
	flags      BIGINT NOT NULL,
	transports TEXT NOT NULL,
	created    BIGINT NOT NULL,
	used       BIGINT NOT NULL
);
CREATE INDEX passkey_member ON passkey (member, created, id);

-- Who somebody at an identity provider is here.
CREATE TABLE login (
	issuer    TEXT NOT NULL,
	subject   TEXT NOT NULL,
	workspace TEXT NOT NULL REFERENCES workspace (id),
	member    TEXT NOT NULL REFERENCES member (id),
	created   BIGINT NOT NULL,
	used      BIGINT NOT NULL,
	PRIMARY KEY (issuer, subject, workspace)
);
CREATE INDEX login_member ON login (member, created);

-- Which provider a workspace believes, for the addresses of which domains
-- (one a line), and whether it makes accounts for who has none.
CREATE TABLE trust (
	workspace TEXT NOT NULL REFERENCES workspace (id),
	issuer    TEXT NOT NULL,
	domains   TEXT NOT NULL,
	creates   BIGINT NOT NULL,
	PRIMARY KEY (workspace, issuer)
);
CREATE INDEX trust_issuer ON trust (issuer, workspace);
