-- +goose Up

-- A workspace's own processes, each version for itself: what a plan was made
-- from stays readable. The body holds no person; member is who saved it.
CREATE TABLE process (
	workspace TEXT NOT NULL,
	id        TEXT NOT NULL,
	version   BIGINT NOT NULL,
	body      TEXT NOT NULL,
	origin    TEXT NOT NULL,
	member    TEXT NOT NULL,
	created   BIGINT NOT NULL,
	withdrawn BIGINT NOT NULL,
	PRIMARY KEY (workspace, id, version)
);
CREATE INDEX process_member ON process (member);
