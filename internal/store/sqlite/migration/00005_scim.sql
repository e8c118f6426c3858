-- +goose Up

-- What an identity provider knows of a member. Who was removed by it keeps a
-- row without names, so that they are not taken for made by hand.
CREATE TABLE account (
	member    TEXT PRIMARY KEY REFERENCES member (id),
	workspace TEXT NOT NULL REFERENCES workspace (id),
	user_name TEXT NOT NULL,
	user_key  TEXT NOT NULL,
	given     TEXT NOT NULL,
	family    TEXT NOT NULL,
	formatted TEXT NOT NULL,
	language  TEXT NOT NULL,
	by_hand   INTEGER NOT NULL,
	base      TEXT NOT NULL,
	updated   INTEGER NOT NULL,
	version   INTEGER NOT NULL,
	removed   INTEGER NOT NULL
) WITHOUT ROWID;
CREATE UNIQUE INDEX account_user ON account (workspace, user_key) WHERE removed = 0;

CREATE TABLE directory_group (
	id        TEXT PRIMARY KEY,
	workspace TEXT NOT NULL REFERENCES workspace (id),
	name      TEXT NOT NULL,
	name_key  TEXT NOT NULL,
	external  TEXT NOT NULL,
	created   INTEGER NOT NULL,
	updated   INTEGER NOT NULL,
	version   INTEGER NOT NULL
) WITHOUT ROWID;
CREATE UNIQUE INDEX directory_group_name ON directory_group (workspace, name_key);

CREATE TABLE in_group (
	group_id TEXT NOT NULL REFERENCES directory_group (id),
	member   TEXT NOT NULL REFERENCES member (id),
	PRIMARY KEY (group_id, member)
) WITHOUT ROWID;
CREATE INDEX in_group_member ON in_group (member);

-- Which role a group has; the one without a name is for everybody else.
CREATE TABLE role_of_group (
	workspace TEXT NOT NULL REFERENCES workspace (id),
	group_key TEXT NOT NULL,
	name      TEXT NOT NULL,
	role      TEXT NOT NULL,
	PRIMARY KEY (workspace, group_key)
) WITHOUT ROWID;

CREATE TABLE directory_token (
	hash      BLOB PRIMARY KEY,
	id        TEXT NOT NULL,
	workspace TEXT NOT NULL REFERENCES workspace (id),
	by_member TEXT NOT NULL,
	created   INTEGER NOT NULL,
	expires   INTEGER NOT NULL,
	used      INTEGER NOT NULL,
	revoked   INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX directory_token_workspace ON directory_token (workspace, created, id);
