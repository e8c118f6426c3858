-- +goose Up

CREATE TABLE stream (
	name TEXT PRIMARY KEY,
	head BIGINT NOT NULL
);

CREATE TABLE snapshot (
	stream TEXT PRIMARY KEY,
	seq    BIGINT NOT NULL,
	data   BYTEA NOT NULL
);

CREATE TABLE event (
	stream  TEXT NOT NULL,
	seq     BIGINT NOT NULL,
	at      BIGINT NOT NULL,
	actor   TEXT NOT NULL,
	side    TEXT NOT NULL,
	kind    TEXT NOT NULL,
	version BIGINT NOT NULL,
	data    BYTEA NOT NULL,
	hash    TEXT NOT NULL,
	PRIMARY KEY (stream, seq)
);

CREATE TABLE word (
	stream  TEXT NOT NULL,
	seq     BIGINT NOT NULL,
	pos     BIGINT NOT NULL,
	hash    TEXT NOT NULL,
	salt    BYTEA NOT NULL,
	value   TEXT NOT NULL,
	subject TEXT NOT NULL,
	PRIMARY KEY (stream, seq, pos)
);
-- No samples of anybody's words in the planner's statistics.
ALTER TABLE word ALTER COLUMN value SET STATISTICS 0;
ALTER TABLE word ALTER COLUMN salt SET STATISTICS 0;

-- What is still to be done to the files themselves; see Store.Erase.
CREATE TABLE chore (
	name TEXT PRIMARY KEY,
	due  BIGINT NOT NULL,
	done BIGINT NOT NULL
);

CREATE TABLE plan_row (
	plan         TEXT PRIMARY KEY,
	workspace    TEXT NOT NULL,
	home         TEXT NOT NULL,
	title        TEXT NOT NULL,
	buyer        TEXT NOT NULL,
	seller       TEXT NOT NULL,
	phase        TEXT NOT NULL,
	paused       BIGINT NOT NULL,
	has_left     BIGINT NOT NULL,
	decide_by    TEXT NOT NULL,
	revision     BIGINT NOT NULL,
	done_buyer   BIGINT NOT NULL,
	done_seller  BIGINT NOT NULL,
	total_buyer  BIGINT NOT NULL,
	total_seller BIGINT NOT NULL,
	proposals    BIGINT NOT NULL,
	updated      BIGINT NOT NULL,
	last_buyer   BIGINT NOT NULL,
	seq          BIGINT NOT NULL
);
CREATE INDEX plan_row_updated ON plan_row (workspace, updated, plan);

CREATE TABLE job (
	id       BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	kind     TEXT NOT NULL,
	key      TEXT NOT NULL,
	run_at   BIGINT NOT NULL,
	due      BIGINT NOT NULL,
	taken    BIGINT NOT NULL DEFAULT 0,
	attempts BIGINT NOT NULL DEFAULT 0,
	reason   TEXT NOT NULL DEFAULT '',
	data     BYTEA NOT NULL
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
	created  BIGINT NOT NULL
);

CREATE TABLE member (
	id        TEXT PRIMARY KEY,
	workspace TEXT NOT NULL REFERENCES workspace (id),
	name      TEXT NOT NULL,
	email     TEXT NOT NULL,
	address   TEXT NOT NULL,
	language  TEXT NOT NULL,
	admin     BIGINT NOT NULL,
	created   BIGINT NOT NULL
);
CREATE UNIQUE INDEX member_address ON member (workspace, address) WHERE address <> '';
CREATE INDEX member_workspace ON member (workspace, created, id);

CREATE TABLE pass (
	hash     BYTEA PRIMARY KEY,
	kind     TEXT NOT NULL,
	plan     TEXT NOT NULL,
	person   TEXT NOT NULL,
	side     TEXT NOT NULL,
	member   TEXT NOT NULL,
	max_uses BIGINT NOT NULL,
	uses     BIGINT NOT NULL,
	created  BIGINT NOT NULL,
	expires  BIGINT NOT NULL,
	revoked  BIGINT NOT NULL
);
CREATE INDEX pass_plan ON pass (plan, created, hash);

CREATE TABLE session (
	hash     BYTEA PRIMARY KEY,
	member   TEXT NOT NULL,
	language TEXT NOT NULL,
	theme    TEXT NOT NULL,
	created  BIGINT NOT NULL,
	seen     BIGINT NOT NULL,
	expires  BIGINT NOT NULL
);

CREATE TABLE acting (
	session BYTEA NOT NULL REFERENCES session (hash),
	plan    TEXT NOT NULL,
	person  TEXT NOT NULL,
	PRIMARY KEY (session, plan)
);
CREATE INDEX acting_person ON acting (plan, person);
