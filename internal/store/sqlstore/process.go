package sqlstore

import (
	"cmp"
	"context"
	"encoding/json"
	"time"

	"tandem/internal/app"
	"tandem/internal/plan"
	"tandem/internal/process"
)

const (
	processFields = `workspace, id, version, body, origin, member, created, withdrawn`
	processSelect = `SELECT ` + processFields + ` FROM process p `
	lastOfEach    = `version = (SELECT max(version) FROM process q WHERE q.workspace = p.workspace AND q.id = p.id)`
	allProcesses  = processSelect + `WHERE workspace = $1 AND ` + lastOfEach +
		` ORDER BY (SELECT min(created) FROM process q WHERE q.workspace = p.workspace AND q.id = p.id), id LIMIT $2`
	oneProcess      = processSelect + `WHERE workspace = $1 AND id = $2 AND version = $3`
	lastProcess     = processSelect + `WHERE workspace = $1 AND id = $2 ORDER BY version DESC LIMIT 1`
	processVersions = processSelect + `WHERE workspace = $1 AND id = $2 ORDER BY version DESC LIMIT $3`
	lastVersion     = `SELECT coalesce(max(version), 0) FROM process WHERE workspace = $1 AND id = $2`
	addProcess      = `INSERT INTO process (` + processFields + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (workspace, id, version) DO NOTHING`
	withdrawProcess = `UPDATE process SET withdrawn = $3 WHERE workspace = $1 AND id = $2`
)

func scanProcess(from row) (app.OwnProcess, error) {
	var o app.OwnProcess
	var id, body string
	var version int
	var created, withdrawn int64
	if err := from.Scan(&o.Workspace, &id, &version, &body, &o.Origin, &o.Member, &created, &withdrawn); err != nil {
		return o, err
	}
	o.Created, o.Withdrawn = moment(created), moment(withdrawn)
	var p process.Process
	if err := json.Unmarshal([]byte(body), &p); err != nil {
		return o, err
	}
	o.Process = p.As(id, version)
	return o, nil
}

// Processes implements app.ProcessStore.
func (s *Store) Processes(ctx context.Context, workspace plan.ID, limit int) ([]app.OwnProcess, error) {
	return collect(ctx, s.read, scanProcess, allProcesses, string(workspace), limit)
}

// ProcessVersion implements app.ProcessStore.
func (s *Store) ProcessVersion(ctx context.Context, workspace plan.ID, id string, version int) (app.OwnProcess, error) {
	if version == 0 {
		return one(ctx, s.read, scanProcess, lastProcess, string(workspace), id)
	}
	return one(ctx, s.read, scanProcess, oneProcess, string(workspace), id, version)
}

// ProcessVersions implements app.ProcessStore.
func (s *Store) ProcessVersions(ctx context.Context, workspace plan.ID, id string, limit int) ([]app.OwnProcess, error) {
	return collect(ctx, s.read, scanProcess, processVersions, string(workspace), id, limit)
}

// AddProcess implements app.ProcessStore.
func (s *Store) AddProcess(ctx context.Context, o app.OwnProcess) error {
	body, err := json.Marshal(o.Process)
	if err != nil {
		return err
	}
	p := o.Process
	return s.write(ctx, func(ctx context.Context, q Querier) error {
		last, err := one(ctx, q, number, lastVersion, string(o.Workspace), p.ID)
		if err != nil {
			return err
		}
		if p.Version != int(last)+1 {
			return app.ErrStale
		}
		// Two at once have both read the same last version: the key lets one in.
		done, err := q.ExecContext(ctx, addProcess, string(o.Workspace), p.ID, p.Version, string(body), o.Origin, string(o.Member), millis(o.Created), millis(o.Withdrawn))
		if err != nil {
			return err
		}
		if n, err := done.RowsAffected(); err != nil || n == 0 {
			return cmp.Or(err, app.ErrStale)
		}
		return nil
	})
}

// WithdrawProcess implements app.ProcessStore.
func (s *Store) WithdrawProcess(ctx context.Context, workspace plan.ID, id string, at time.Time) error {
	return s.write(ctx, func(ctx context.Context, q Querier) error {
		done, err := q.ExecContext(ctx, withdrawProcess, string(workspace), id, millis(at))
		if err != nil {
			return err
		}
		if n, err := done.RowsAffected(); err != nil || n == 0 {
			return cmp.Or(err, app.ErrNotFound)
		}
		return nil
	})
}
