package sqlstore

import (
	"context"

	"tandem/internal/app"
	"tandem/internal/plan"
)

const (
	playbookHead = `SELECT workspace, page, language, version, title, lead, '', author, at FROM playbook `
	lastPlaybook = playbookHead + `p WHERE workspace = $1 AND version =
	(SELECT MAX(version) FROM playbook q WHERE q.workspace = p.workspace AND q.page = p.page AND q.language = p.language)
ORDER BY page, language`
	versionsOfPage = playbookHead + `WHERE workspace = $1 AND page = $2 AND language = $3 ORDER BY version DESC`

	playbookWhole = `SELECT workspace, page, language, version, title, lead, markdown, author, at FROM playbook
WHERE workspace = $1 AND page = $2 AND language = $3 `
	onePlaybook  = playbookWhole + `AND version = $4`
	lastOfPage   = playbookWhole + `ORDER BY version DESC LIMIT 1`
	latestNumber = `SELECT COALESCE(MAX(version), 0) FROM playbook WHERE workspace = $1 AND page = $2 AND language = $3`

	addPlaybook = `INSERT INTO playbook (workspace, page, language, version, title, lead, markdown, author, at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (workspace, page, language, version) DO NOTHING`
	dropPlaybook = `DELETE FROM playbook WHERE workspace = $1 AND page = $2 AND language = $3 AND version <= $4`
)

func scanPlaybook(from row) (app.PlaybookText, error) {
	var t app.PlaybookText
	var at int64
	err := from.Scan(&t.Workspace, &t.Page, &t.Language, &t.Version, &t.Title, &t.Lead, &t.Markdown, &t.Author, &at)
	t.At = moment(at)
	return t, err
}

// Playbook implements app.PlaybookStore.
func (s *Store) Playbook(ctx context.Context, workspace plan.ID) ([]app.PlaybookText, error) {
	return collect(ctx, s.read, scanPlaybook, lastPlaybook, string(workspace))
}

// PlaybookText implements app.PlaybookStore.
func (s *Store) PlaybookText(ctx context.Context, workspace plan.ID, page, language string, version int) (app.PlaybookText, error) {
	if version == 0 {
		return one(ctx, s.read, scanPlaybook, lastOfPage, string(workspace), page, language)
	}
	return one(ctx, s.read, scanPlaybook, onePlaybook, string(workspace), page, language, version)
}

// PlaybookVersions implements app.PlaybookStore.
func (s *Store) PlaybookVersions(ctx context.Context, workspace plan.ID, page, language string) ([]app.PlaybookText, error) {
	return collect(ctx, s.read, scanPlaybook, versionsOfPage, string(workspace), page, language)
}

// SavePlaybook implements app.PlaybookStore.
func (s *Store) SavePlaybook(ctx context.Context, t app.PlaybookText, keep int) error {
	return s.write(ctx, func(ctx context.Context, q Querier) error {
		last, err := one(ctx, q, number, latestNumber, string(t.Workspace), t.Page, t.Language)
		if err != nil {
			return err
		}
		if last+1 != int64(t.Version) {
			return app.ErrStale
		}
		if err := must(ctx, q, addPlaybook, string(t.Workspace), t.Page, t.Language, t.Version, t.Title, t.Lead, t.Markdown,
			string(t.Author), millis(t.At)); err != nil {
			return err
		}
		_, err = q.ExecContext(ctx, dropPlaybook, string(t.Workspace), t.Page, t.Language, t.Version-keep)
		return err
	})
}
