-- +goose Up

-- What a workspace wrote into its playbook: every version of a page in a
-- language. One without words says that the product's text stands again.
CREATE TABLE playbook (
	workspace TEXT NOT NULL REFERENCES workspace (id),
	page      TEXT NOT NULL,
	language  TEXT NOT NULL,
	version   INTEGER NOT NULL,
	title     TEXT NOT NULL,
	lead      TEXT NOT NULL,
	markdown  TEXT NOT NULL,
	author    TEXT NOT NULL,
	at        INTEGER NOT NULL,
	PRIMARY KEY (workspace, page, language, version)
) WITHOUT ROWID;
CREATE INDEX playbook_author ON playbook (author);
