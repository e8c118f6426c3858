package app

import (
	"context"
	"time"

	"tandem/internal/plan"
)

// PlaybookText is a version of a page of the playbook in one language, as a
// workspace wrote it. A version without words says that the product's own text
// stands again (or, of a page the product does not have, that it is gone).
type PlaybookText struct {
	Workspace plan.ID
	Page      string // as in its address: "check-in"
	Language  string
	Version   int // counts from 1 per page and language; 0: nothing was ever written
	Title     string
	Lead      string // the answer in a sentence; may be empty
	Markdown  string
	Author    plan.ID // a member; empty once they were erased
	At        time.Time
}

// Returned reports that this version gives the page back to the product.
func (t PlaybookText) Returned() bool { return t.Title == "" && t.Markdown == "" }

// PlaybookStore keeps what workspaces wrote into their playbooks.
type PlaybookStore interface {
	// Playbook lists the last version of every page and language of a
	// workspace, by page and language, without Markdown.
	Playbook(ctx context.Context, workspace plan.ID) ([]PlaybookText, error)
	// PlaybookText reads a version; the last one if version is 0. ErrNotFound.
	PlaybookText(ctx context.Context, workspace plan.ID, page, language string, version int) (PlaybookText, error)
	// PlaybookVersions lists the versions of a page, the last one first,
	// without Markdown.
	PlaybookVersions(ctx context.Context, workspace plan.ID, page, language string) ([]PlaybookText, error)
	// SavePlaybook adds a version, which has to be the one after the last, and
	// forgets all but the last keep ones. ErrStale if it is not.
	SavePlaybook(ctx context.Context, t PlaybookText, keep int) error
}
