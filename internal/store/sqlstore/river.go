package sqlstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/pressly/goose/v3"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/rivermigrate"

	"tandem/internal/app"
)

// riverStart is the version of this program's tables that brings river's, and
// riverFirst the version of river's tables it brings. A later release of river
// that needs more gets a migration of its own; a test says when.
const (
	riverStart = 3
	riverFirst = 8
)

// inOne makes river's steps fit into one transaction, so that there is no
// database with half of them. PostgreSQL does not let a value be used in the
// transaction that adds it to a type, so "pending" is there from the start;
// the step that adds it finds it there. Where a schema could be named, it is
// the connection's.
var inOne = strings.NewReplacer("/* TEMPLATE: schema */", "", "'discarded',\n  'retryable',", "'discarded',\n  'pending',\n  'retryable',")

// RiverTables is the migration to jobs that river keeps: its tables are made,
// the jobs that wait are taken over, and the table they were in is dropped.
// InsertJob writes one with the kind, the arguments as JSON, and the time as
// "2006-01-02 15:04:05.000" in UTC.
func RiverTables[TTx any](driver riverdriver.Driver[TTx], insertJob string) (goose.ProviderOption, error) {
	migrator, err := rivermigrate.New(driver, nil)
	if err != nil {
		return nil, fmt.Errorf("tables of jobs: %w", err)
	}
	return goose.WithGoMigrations(goose.NewGoMigration(riverStart, &goose.GoFunc{RunTx: func(ctx context.Context, tx *sql.Tx) error {
		for _, v := range migrator.AllVersions() {
			if v.Version > riverFirst {
				break
			}
			if _, err := tx.ExecContext(ctx, inOne.Replace(v.SQLUp)); err != nil {
				return fmt.Errorf("tables of jobs, version %d: %w", v.Version, err)
			}
		}
		for v := range riverFirst {
			if _, err := tx.ExecContext(ctx, `INSERT INTO river_migration (line, version) VALUES ('main', $1)`, v+1); err != nil {
				return fmt.Errorf("tables of jobs: %w", err)
			}
		}
		return takeOver(ctx, tx, insertJob)
	}}, nil)), nil
}

// takeOver moves the jobs of the table that this program kept itself before.
// What is in somebody's hands is moved too: it is done at least once.
func takeOver(ctx context.Context, tx *sql.Tx, insertJob string) error {
	jobs, err := collect(ctx, tx, scanOldJob, `SELECT kind, key, run_at, data FROM job ORDER BY id`)
	if err != nil {
		return fmt.Errorf("read the jobs that wait: %w", err)
	}
	for _, j := range jobs {
		args, err := json.Marshal(jobArgs{Job: j})
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, insertJob, j.Kind, string(args), j.RunAt.UTC().Format("2006-01-02 15:04:05.000")); err != nil {
			return fmt.Errorf("move a job that waits: %w", err)
		}
	}
	if _, err := tx.ExecContext(ctx, `DROP TABLE job`); err != nil {
		return fmt.Errorf("drop the old table of jobs: %w", err)
	}
	return nil
}

func scanOldJob(from row) (app.Job, error) {
	var j app.Job
	var runAt int64
	err := from.Scan(&j.Kind, &j.Key, &runAt, &j.Data)
	j.RunAt = time.UnixMilli(runAt).UTC()
	return j, err
}
