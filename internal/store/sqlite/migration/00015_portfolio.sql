-- +goose Up

-- What the portfolio shows of a plan, one row each, made from the shared stream
-- and the deal it carries. Days are days since 1970-01-01; 1073741824 is no day
-- and 4611686018427387904 no time, so that what has none stands last. The columns
-- *_key are what words are sorted by, words what is searched. See
-- docs/decisions/portfolio.md for why it is not part of plan_row.
CREATE TABLE portfolio (
	plan          TEXT PRIMARY KEY,
	workspace     TEXT NOT NULL,
	home          TEXT NOT NULL,
	phase         TEXT NOT NULL,
	phase_rank    INTEGER NOT NULL,
	paused        INTEGER NOT NULL,
	has_left      INTEGER NOT NULL,
	title         TEXT NOT NULL,
	title_key     TEXT NOT NULL,
	buyer         TEXT NOT NULL,
	seller        TEXT NOT NULL,
	words         TEXT NOT NULL,
	decide        INTEGER NOT NULL,
	ready         INTEGER NOT NULL,
	dated         INTEGER NOT NULL,
	next_item     TEXT NOT NULL,
	next_title    TEXT NOT NULL,
	next_party    TEXT NOT NULL,
	next_name     TEXT NOT NULL,
	next_due      INTEGER NOT NULL,
	done_buyer    INTEGER NOT NULL,
	done_seller   INTEGER NOT NULL,
	total_buyer   INTEGER NOT NULL,
	total_seller  INTEGER NOT NULL,
	joint         INTEGER NOT NULL,
	progress      INTEGER NOT NULL,
	last_buyer    INTEGER NOT NULL,
	quiet         INTEGER NOT NULL,
	blocks        INTEGER NOT NULL,
	block_since   INTEGER NOT NULL,
	block_waits   TEXT NOT NULL,
	asks_buyer    INTEGER NOT NULL,
	asks_seller   INTEGER NOT NULL,
	asked_buyer   INTEGER NOT NULL,
	asked_seller  INTEGER NOT NULL,
	asked         INTEGER NOT NULL,
	slips         INTEGER NOT NULL,
	moved         INTEGER NOT NULL,
	overdue       INTEGER NOT NULL,
	overdue_since INTEGER NOT NULL,
	missed        INTEGER NOT NULL,
	deal          TEXT NOT NULL,
	account       TEXT NOT NULL,
	stage         TEXT NOT NULL,
	stage_key     TEXT NOT NULL,
	segment       TEXT NOT NULL,
	currency      TEXT NOT NULL,
	amount        INTEGER NOT NULL,
	close_date    INTEGER NOT NULL,
	owner         TEXT NOT NULL,
	owner_name    TEXT NOT NULL,
	owner_key     TEXT NOT NULL,
	shared        INTEGER NOT NULL,
	agreed        INTEGER NOT NULL,
	active        INTEGER NOT NULL,
	need          INTEGER NOT NULL,
	as_of         INTEGER NOT NULL,
	updated       INTEGER NOT NULL,
	seq           INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX portfolio_need ON portfolio (workspace, need, plan);
CREATE INDEX portfolio_title ON portfolio (workspace, title_key, plan);
CREATE INDEX portfolio_next ON portfolio (workspace, next_due, plan);
CREATE INDEX portfolio_decide ON portfolio (workspace, decide, plan);
CREATE INDEX portfolio_ready ON portfolio (workspace, ready, plan);
CREATE INDEX portfolio_close ON portfolio (workspace, close_date, plan);
CREATE INDEX portfolio_amount ON portfolio (workspace, amount, plan);
CREATE INDEX portfolio_stage ON portfolio (workspace, stage_key, plan);
CREATE INDEX portfolio_owner ON portfolio (workspace, owner_key, plan);
CREATE INDEX portfolio_progress ON portfolio (workspace, progress, plan);
CREATE INDEX portfolio_buyer ON portfolio (workspace, last_buyer, plan);
CREATE INDEX portfolio_obstacle ON portfolio (workspace, block_since, plan);
CREATE INDEX portfolio_proposal ON portfolio (workspace, asked, plan);
CREATE INDEX portfolio_slips ON portfolio (workspace, slips, plan);
CREATE INDEX portfolio_missed ON portfolio (workspace, missed, plan);
CREATE INDEX portfolio_phase ON portfolio (workspace, phase_rank, plan);
CREATE INDEX portfolio_segment ON portfolio (workspace, segment);
CREATE INDEX portfolio_shared ON portfolio (workspace, shared, plan);
CREATE INDEX portfolio_as_of ON portfolio (workspace, as_of, plan);

-- Who of the buyer has done something in a plan: ids, to count them.
CREATE TABLE buyer_active (
	plan   TEXT NOT NULL,
	person TEXT NOT NULL,
	PRIMARY KEY (plan, person)
) WITHOUT ROWID;

-- The portfolio as somebody wants to see it again: filter and order as they
-- stand in its address. Shared ones are for the whole workspace.
CREATE TABLE view (
	id        TEXT PRIMARY KEY,
	workspace TEXT NOT NULL,
	member    TEXT NOT NULL,
	name      TEXT NOT NULL,
	query     TEXT NOT NULL,
	shared    INTEGER NOT NULL,
	created   INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX view_member ON view (workspace, member, created, id);
CREATE INDEX view_shared ON view (workspace, shared, created, id);

-- What a manager remarked on a plan: for the workspace alone, never for the
-- other side.
CREATE TABLE remark (
	plan      TEXT PRIMARY KEY,
	workspace TEXT NOT NULL,
	member    TEXT NOT NULL,
	text      TEXT NOT NULL,
	at        INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX remark_member ON remark (member);

-- What plans there are; a job fills in the rest (as_of 0: not yet).
INSERT INTO portfolio (plan, workspace, home, phase, phase_rank, paused, has_left, title, title_key, buyer, seller, words, decide, ready,
	dated, next_item, next_title, next_party, next_name, next_due, done_buyer, done_seller, total_buyer, total_seller,
	joint, progress, last_buyer, quiet, blocks, block_since, block_waits, asks_buyer, asks_seller, asked_buyer,
	asked_seller, asked, slips, moved, overdue, overdue_since, missed, deal, account, stage, stage_key, segment,
	currency, amount, close_date, owner, owner_name, owner_key, shared, agreed, active, need, as_of, updated, seq)
SELECT plan, workspace, home, phase, 0, paused, has_left, title, lower(buyer || ' ' || title), buyer, seller, lower(title || ' ' || buyer ||
	' ' || seller), 1073741824, 1073741824, 0, '', '', '', '', 1073741824, done_buyer, done_seller, total_buyer,
	total_seller, 0, 0, last_buyer, 0, 0, 1073741824, '', 0, 0, 0, 0, 4611686018427387904, 0, 0, 0, 1073741824, 0, '',
	'', '', '', '', '', -1, 1073741824, '', '', '', 0, 0, 0, 0, 0, updated, seq
FROM plan_row;
