-- +goose Up

-- A workspace's own processes, each version for itself: what a plan was made
-- from stays readable. The body holds no person; member is who saved it.
CREATE TABLE process (
	workspace TEXT NOT NULL,
	id        TEXT NOT NULL,
	version   INTEGER NOT NULL,
	body      TEXT NOT NULL,
	origin    TEXT NOT NULL,
	member    TEXT NOT NULL,
	created   INTEGER NOT NULL,
	withdrawn INTEGER NOT NULL,
	PRIMARY KEY (workspace, id, version)
) WITHOUT ROWID;
CREATE INDEX process_member ON process (member);
