-- +goose Up

-- Members have a role instead of a yes or no, may be switched off, and may be
-- known to a directory by a name of its own.
ALTER TABLE member ADD COLUMN role TEXT NOT NULL DEFAULT 'seller';
ALTER TABLE member ADD COLUMN disabled INTEGER NOT NULL DEFAULT 0;
ALTER TABLE member ADD COLUMN disabled_by TEXT NOT NULL DEFAULT '';
ALTER TABLE member ADD COLUMN external TEXT NOT NULL DEFAULT '';
UPDATE member SET role = 'admin' WHERE admin <> 0;
ALTER TABLE member DROP COLUMN admin;
CREATE INDEX member_everywhere ON member (address, created, id) WHERE address <> '';
CREATE UNIQUE INDEX member_external ON member (workspace, external) WHERE external <> '';

-- A session knows its browser, and when and how its member was proved.
ALTER TABLE session ADD COLUMN agent TEXT NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN proved INTEGER NOT NULL DEFAULT 0;
ALTER TABLE session ADD COLUMN way TEXT NOT NULL DEFAULT '';
ALTER TABLE acting ADD COLUMN proved INTEGER NOT NULL DEFAULT 0;
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
	browser  BLOB NOT NULL,
	address  TEXT NOT NULL,
	agent    TEXT NOT NULL,
	language TEXT NOT NULL,
	secret   BLOB NOT NULL,
	code     BLOB NOT NULL,
	created  INTEGER NOT NULL,
	until    INTEGER NOT NULL,
	expires  INTEGER NOT NULL,
	tries    INTEGER NOT NULL,
	used     INTEGER NOT NULL
) WITHOUT ROWID;
CREATE UNIQUE INDEX sign_in_browser ON sign_in (browser);
CREATE INDEX sign_in_secret ON sign_in (secret);
CREATE INDEX sign_in_expires ON sign_in (expires);

-- What a browser is in the middle of: a passkey's challenge, a visit to an
-- identity provider. Taken once.
CREATE TABLE ceremony (
	hash    BLOB PRIMARY KEY,
	kind    TEXT NOT NULL,
	data    TEXT NOT NULL,
	expires INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX ceremony_expires ON ceremony (expires);

CREATE TABLE passkey (
	id         BLOB PRIMARY KEY,
	member     TEXT NOT NULL REFERENCES member (id),
	name       TEXT NOT NULL,
	public_key BLOB NOT NULL,
	sign_count INTEGER NOT NULL,
	flags      INTEGER NOT NULL,
	transports TEXT NOT NULL,
	created    INTEGER NOT NULL,
	used       INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX passkey_member ON passkey (member, created, id);

-- Who somebody at an identity provider is here.
CREATE TABLE login (
	issuer    TEXT NOT NULL,
	subject   TEXT NOT NULL,
	workspace TEXT NOT NULL REFERENCES workspace (id),
	member    TEXT NOT NULL REFERENCES member (id),
	created   INTEGER NOT NULL,
	used      INTEGER NOT NULL,
	PRIMARY KEY (issuer, subject, workspace)
) WITHOUT ROWID;
CREATE INDEX login_member ON login (member, created);

-- Which provider a workspace believes, for the addresses of which domains
-- (one a line), and whether it makes accounts for who has none.
CREATE TABLE trust (
	workspace TEXT NOT NULL REFERENCES workspace (id),
	issuer    TEXT NOT NULL,
	domains   TEXT NOT NULL,
	creates   INTEGER NOT NULL,
	PRIMARY KEY (workspace, issuer)
) WITHOUT ROWID;
CREATE INDEX trust_issuer ON trust (issuer, workspace);
