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
	phase_rank    BIGINT NOT NULL,
	paused        BIGINT NOT NULL,
	has_left      BIGINT NOT NULL,
	title         TEXT NOT NULL,
	title_key     TEXT COLLATE "C" NOT NULL,
	buyer         TEXT NOT NULL,
	seller        TEXT NOT NULL,
	words         TEXT NOT NULL,
	decide        BIGINT NOT NULL,
	ready         BIGINT NOT NULL,
	dated         BIGINT NOT NULL,
	next_item     TEXT NOT NULL,
	next_title    TEXT NOT NULL,
	next_party    TEXT NOT NULL,
	next_name     TEXT NOT NULL,
	next_due      BIGINT NOT NULL,
	done_buyer    BIGINT NOT NULL,
	done_seller   BIGINT NOT NULL,
	total_buyer   BIGINT NOT NULL,
	total_seller  BIGINT NOT NULL,
	joint         BIGINT NOT NULL,
	progress      BIGINT NOT NULL,
	last_buyer    BIGINT NOT NULL,
	quiet         BIGINT NOT NULL,
	blocks        BIGINT NOT NULL,
	block_since   BIGINT NOT NULL,
	block_waits   TEXT NOT NULL,
	asks_buyer    BIGINT NOT NULL,
	asks_seller   BIGINT NOT NULL,
	asked_buyer   BIGINT NOT NULL,
	asked_seller  BIGINT NOT NULL,
	asked         BIGINT NOT NULL,
	slips         BIGINT NOT NULL,
	moved         BIGINT NOT NULL,
	overdue       BIGINT NOT NULL,
	overdue_since BIGINT NOT NULL,
	missed        BIGINT NOT NULL,
	deal          TEXT NOT NULL,
	account       TEXT NOT NULL,
	stage         TEXT NOT NULL,
	stage_key     TEXT COLLATE "C" NOT NULL,
	segment       TEXT COLLATE "C" NOT NULL,
	currency      TEXT NOT NULL,
	amount        BIGINT NOT NULL,
	close_date    BIGINT NOT NULL,
	owner         TEXT NOT NULL,
	owner_name    TEXT NOT NULL,
	owner_key     TEXT COLLATE "C" NOT NULL,
	shared        BIGINT NOT NULL,
	agreed        BIGINT NOT NULL,
	active        BIGINT NOT NULL,
	need          BIGINT NOT NULL,
	as_of         BIGINT NOT NULL,
	updated       BIGINT NOT NULL,
	seq           BIGINT NOT NULL
);
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
);

-- The portfolio as somebody wants to see it again: filter and order as they
-- stand in its address. Shared ones are for the whole workspace.
CREATE TABLE view (
	id        TEXT PRIMARY KEY,
	workspace TEXT NOT NULL,
	member    TEXT NOT NULL,
	name      TEXT NOT NULL,
	query     TEXT NOT NULL,
	shared    BIGINT NOT NULL,
	created   BIGINT NOT NULL
);
CREATE INDEX view_member ON view (workspace, member, created, id);
CREATE INDEX view_shared ON view (workspace, shared, created, id);

-- What a manager remarked on a plan: for the workspace alone, never for the
-- other side.
CREATE TABLE remark (
	plan      TEXT PRIMARY KEY,
	workspace TEXT NOT NULL,
	member    TEXT NOT NULL,
	text      TEXT NOT NULL,
	at        BIGINT NOT NULL
);
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
