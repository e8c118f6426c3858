-- +goose Up

-- Who is on which plan, by a hash of their address: to find everything about a
-- person, and the plans of somebody who proved an address. It names nobody.
CREATE TABLE person_row (
	plan      TEXT NOT NULL,
	person    TEXT NOT NULL,
	workspace TEXT NOT NULL,
	side      TEXT NOT NULL,
	address   TEXT NOT NULL,
	PRIMARY KEY (plan, person)
) WITHOUT ROWID;
CREATE INDEX person_row_address ON person_row (workspace, address, plan, person);

-- How long an answer to a proposal took, for the two medians the product shows.
CREATE TABLE answer (
	plan      TEXT NOT NULL,
	proposal  TEXT NOT NULL,
	workspace TEXT NOT NULL,
	member    TEXT NOT NULL,
	asked     INTEGER NOT NULL,
	answered  INTEGER NOT NULL,
	PRIMARY KEY (plan, proposal)
) WITHOUT ROWID;
CREATE INDEX answer_workspace ON answer (workspace, answered);

-- What a workspace keeps, how long, and whether answers are shown per seller.
CREATE TABLE privacy (
	workspace TEXT PRIMARY KEY REFERENCES workspace (id),
	keep      INTEGER NOT NULL,
	mails     INTEGER NOT NULL,
	per_person INTEGER NOT NULL,
	agreement TEXT NOT NULL,
	least     INTEGER NOT NULL
) WITHOUT ROWID;

CREATE INDEX plan_row_ended ON plan_row (workspace, phase, updated, plan);
