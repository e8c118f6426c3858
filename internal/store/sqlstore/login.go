package sqlstore

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"tandem/internal/app"
	"tandem/internal/plan"
)

const (
	passkeyColumns = `SELECT id, member, name, public_key, sign_count, flags, transports, created, used FROM passkey `
	onePasskey     = passkeyColumns + `WHERE id = $1`
	passkeysOf     = passkeyColumns + `WHERE member = $1 ORDER BY created, id`
	savePasskey    = `INSERT INTO passkey (id, member, name, public_key, sign_count, flags, transports, created, used)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (id) DO NOTHING`
	usePasskey    = `UPDATE passkey SET sign_count = $3, used = $4 WHERE id = $1 AND sign_count = $2`
	renamePasskey = `UPDATE passkey SET name = $3 WHERE id = $1 AND member = $2`
	deletePasskey = `DELETE FROM passkey WHERE id = $1 AND member = $2`

	loginColumns = `SELECT issuer, subject, workspace, member, created, used FROM login `
	loginsIn     = loginColumns + `WHERE issuer = $1 AND subject = $2`
	loginsOf     = loginColumns + `WHERE member = $1 ORDER BY created`
	saveLogin    = `INSERT INTO login (issuer, subject, workspace, member, created, used) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (issuer, subject, workspace) DO NOTHING`
	useLogin    = `UPDATE login SET used = $4 WHERE issuer = $1 AND subject = $2 AND workspace = $3`
	deleteLogin = `DELETE FROM login WHERE member = $1 AND issuer = $2`

	trustColumns = `SELECT workspace, issuer, domains, creates FROM trust `
	trustsOf     = trustColumns + `WHERE workspace = $1 ORDER BY issuer`
	trustsIn     = trustColumns + `WHERE issuer = $1 ORDER BY workspace`
	saveTrust    = `INSERT INTO trust (workspace, issuer, domains, creates) VALUES ($1, $2, $3, $4)
ON CONFLICT (workspace, issuer) DO UPDATE SET domains = excluded.domains, creates = excluded.creates`
	deleteTrust = `DELETE FROM trust WHERE workspace = $1 AND issuer = $2`

	leaveAs = `DELETE FROM acting WHERE session = $1 AND person = $2`
)

func scanPasskey(from row) (app.Passkey, error) {
	var p app.Passkey
	var created, used int64
	err := from.Scan(&p.ID, &p.Member, &p.Name, &p.PublicKey, &p.Count, &p.Flags, &p.Transports, &created, &used)
	p.Created, p.Used = moment(created), moment(used)
	return p, err
}

// SavePasskey implements app.IdentityStore.
func (s *Store) SavePasskey(ctx context.Context, p app.Passkey) error {
	err := s.changes(ctx, savePasskey, p.ID, string(p.Member), p.Name, p.PublicKey, int64(p.Count), int64(p.Flags), p.Transports, millis(p.Created), millis(p.Used))
	if isMissing(err) {
		return app.ErrTaken
	}
	return err
}

// Passkey implements app.IdentityStore.
func (s *Store) Passkey(ctx context.Context, id []byte) (app.Passkey, error) {
	return one(ctx, s.read, scanPasskey, onePasskey, id)
}

// Passkeys implements app.IdentityStore.
func (s *Store) Passkeys(ctx context.Context, member plan.ID) ([]app.Passkey, error) {
	return collect(ctx, s.read, scanPasskey, passkeysOf, string(member))
}

// UsePasskey implements app.IdentityStore.
func (s *Store) UsePasskey(ctx context.Context, id []byte, was, count uint32, at time.Time) error {
	err := s.changes(ctx, usePasskey, id, int64(was), int64(count), at.UnixMilli())
	if isMissing(err) {
		return app.ErrStale
	}
	return err
}

// RenamePasskey implements app.IdentityStore.
func (s *Store) RenamePasskey(ctx context.Context, member plan.ID, id []byte, name string) error {
	return s.changes(ctx, renamePasskey, id, string(member), name)
}

// DeletePasskey implements app.IdentityStore.
func (s *Store) DeletePasskey(ctx context.Context, member plan.ID, id []byte) error {
	return s.changes(ctx, deletePasskey, id, string(member))
}

func scanLogin(from row) (app.Login, error) {
	var l app.Login
	var created, used int64
	err := from.Scan(&l.Issuer, &l.Subject, &l.Workspace, &l.Member, &created, &used)
	l.Created, l.Used = moment(created), moment(used)
	return l, err
}

// SaveLogin implements app.IdentityStore.
func (s *Store) SaveLogin(ctx context.Context, l app.Login) error {
	err := s.changes(ctx, saveLogin, l.Issuer, l.Subject, string(l.Workspace), string(l.Member), millis(l.Created), millis(l.Used))
	if isMissing(err) {
		return app.ErrTaken
	}
	return err
}

// UseLogin implements app.IdentityStore.
func (s *Store) UseLogin(ctx context.Context, l app.Login, at time.Time) error {
	return s.changes(ctx, useLogin, l.Issuer, l.Subject, string(l.Workspace), at.UnixMilli())
}

// Logins implements app.IdentityStore.
func (s *Store) Logins(ctx context.Context, issuer, subject string) ([]app.Login, error) {
	out, err := collect(ctx, s.read, scanLogin, loginsIn, issuer, subject)
	slices.SortFunc(out, func(a, b app.Login) int {
		return cmp.Or(b.Used.Compare(a.Used), cmp.Compare(a.Workspace, b.Workspace))
	})
	return out, err
}

// LoginsOf implements app.IdentityStore.
func (s *Store) LoginsOf(ctx context.Context, member plan.ID) ([]app.Login, error) {
	return collect(ctx, s.read, scanLogin, loginsOf, string(member))
}

// DeleteLogin implements app.IdentityStore.
func (s *Store) DeleteLogin(ctx context.Context, member plan.ID, issuer string) error {
	return s.changes(ctx, deleteLogin, string(member), issuer)
}

func scanTrust(from row) (app.Trust, error) {
	var t app.Trust
	var domains string
	var creates int64
	err := from.Scan(&t.Workspace, &t.Issuer, &domains, &creates)
	t.Domains, t.Creates = strings.Fields(domains), creates != 0
	return t, err
}

// SaveTrust implements app.IdentityStore.
func (s *Store) SaveTrust(ctx context.Context, t app.Trust) error {
	return s.exec(ctx, saveTrust, string(t.Workspace), t.Issuer, strings.Join(t.Domains, "\n"), flag(t.Creates))
}

// DeleteTrust implements app.IdentityStore.
func (s *Store) DeleteTrust(ctx context.Context, workspace plan.ID, issuer string) error {
	return s.exec(ctx, deleteTrust, string(workspace), issuer)
}

// Trusts implements app.IdentityStore.
func (s *Store) Trusts(ctx context.Context, workspace plan.ID) ([]app.Trust, error) {
	return collect(ctx, s.read, scanTrust, trustsOf, string(workspace))
}

// TrustsIn implements app.IdentityStore.
func (s *Store) TrustsIn(ctx context.Context, issuer string) ([]app.Trust, error) {
	return collect(ctx, s.read, scanTrust, trustsIn, issuer)
}

// LeaveAs implements app.IdentityStore.
func (s *Store) LeaveAs(ctx context.Context, hash []byte, persons []plan.ID) error {
	return s.write(ctx, func(ctx context.Context, q Querier) error {
		for _, p := range persons {
			if _, err := q.ExecContext(ctx, leaveAs, hash, string(p)); err != nil {
				return err
			}
		}
		return nil
	})
}
