-- +goose Up

CREATE TABLE stream (
	name TEXT PRIMARY KEY,
	head INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE snapshot (
	stream TEXT PRIMARY KEY,
	seq    INTEGER NOT NULL,
	data   BLOB NOT NULL
);

CREATE TABLE event (
	stream  TEXT NOT NULL,
	seq     INTEGER NOT NULL,
	at      INTEGER NOT NULL,
	actor   TEXT NOT NULL,
	side    TEXT NOT NULL,
	kind    TEXT NOT NULL,
	version INTEGER NOT NULL,
	data    BLOB NOT NULL,
	hash    TEXT NOT NULL,
	PRIMARY KEY (stream, seq)
) WITHOUT ROWID;

CREATE TABLE word (
	stream  TEXT NOT NULL,
	seq     INTEGER NOT NULL,
	pos     INTEGER NOT NULL,
	hash    TEXT NOT NULL,
	salt    BLOB NOT NULL,
	value   TEXT NOT NULL,
	subject TEXT NOT NULL,
	PRIMARY KEY (stream, seq, pos)
) WITHOUT ROWID;

-- What is still to be done to the files themselves; see Store.Erase.
CREATE TABLE chore (
	name TEXT PRIMARY KEY,
	due  INTEGER NOT NULL,
	done INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE plan_row (
	plan         TEXT PRIMARY KEY,
	workspace    TEXT NOT NULL,
	home         TEXT NOT NULL,
	title        TEXT NOT NULL,
	buyer        TEXT NOT NULL,
	seller       TEXT NOT NULL,
	phase        TEXT NOT NULL,
	paused       INTEGER NOT NULL,
	has_left     INTEGER NOT NULL,
	decide_by    TEXT NOT NULL,
	revision     INTEGER NOT NULL,
	done_buyer   INTEGER NOT NULL,
	done_seller  INTEGER NOT NULL,
	total_buyer  INTEGER NOT NULL,
	total_seller INTEGER NOT NULL,
	proposals    INTEGER NOT NULL,
	updated      INTEGER NOT NULL,
	last_buyer   INTEGER NOT NULL,
	seq          INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX plan_row_updated ON plan_row (workspace, updated, plan);

CREATE TABLE job (
	id       INTEGER PRIMARY KEY AUTOINCREMENT,
	kind     TEXT NOT NULL,
	key      TEXT NOT NULL,
	run_at   INTEGER NOT NULL,
	due      INTEGER NOT NULL,
	taken    INTEGER NOT NULL DEFAULT 0,
	attempts INTEGER NOT NULL DEFAULT 0,
	reason   TEXT NOT NULL DEFAULT '',
	data     BLOB NOT NULL
);
CREATE INDEX job_due ON job (due, id);
CREATE UNIQUE INDEX job_waiting ON job (key) WHERE taken = 0 AND key <> '';

CREATE TABLE workspace (
	id       TEXT PRIMARY KEY,
	name     TEXT NOT NULL,
	language TEXT NOT NULL,
	zone     TEXT NOT NULL,
	region   TEXT NOT NULL,
	notice   TEXT NOT NULL,
	created  INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE member (
	id        TEXT PRIMARY KEY,
	workspace TEXT NOT NULL REFERENCES workspace (id),
	name      TEXT NOT NULL,
	email     TEXT NOT NULL,
	address   TEXT NOT NULL,
	language  TEXT NOT NULL,
	admin     INTEGER NOT NULL,
	created   INTEGER NOT NULL
) WITHOUT ROWID;
CREATE UNIQUE INDEX member_address ON member (workspace, address) WHERE address <> '';
CREATE INDEX member_workspace ON member (workspace, created, id);

CREATE TABLE pass (
	hash     BLOB PRIMARY KEY,
	kind     TEXT NOT NULL,
	plan     TEXT NOT NULL,
	person   TEXT NOT NULL,
	side     TEXT NOT NULL,
	member   TEXT NOT NULL,
	max_uses INTEGER NOT NULL,
	uses     INTEGER NOT NULL,
	created  INTEGER NOT NULL,
	expires  INTEGER NOT NULL,
	revoked  INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX pass_plan ON pass (plan, created, hash);

CREATE TABLE session (
	hash     BLOB PRIMARY KEY,
	member   TEXT NOT NULL,
	language TEXT NOT NULL,
	theme    TEXT NOT NULL,
	created  INTEGER NOT NULL,
	seen     INTEGER NOT NULL,
	expires  INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE acting (
	session BLOB NOT NULL REFERENCES session (hash),
	plan    TEXT NOT NULL,
	person  TEXT NOT NULL,
	PRIMARY KEY (session, plan)
) WITHOUT ROWID;
CREATE INDEX acting_person ON acting (plan, person);
