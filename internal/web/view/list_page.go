package view

import (
	"net/url"
	"strconv"
	"time"

	"tandem/internal/civil"
	"tandem/internal/locale"
)

// List is a list of plans.
type List struct {
	Workspace string
	NewID     string // of the sample plan, should they want it
	All       int    // plans there are
	Found     int    // that match the query
	Query     string
	Sort      string // title, buyer, phase, decide, progress, proposals, buyerlast or updated
	Desc      bool
	Page      int
	Pages     int
	Rows      []ListRow
	Guest     []ListRow // plans of other workspaces in which the reader takes part
}

// ListRow is a plan in a list.
type ListRow struct {
	ID, Title, Buyer, Seller string
	State                    PlanState
	Revision                 int
	DecideBy                 civil.Day
	BuyerDone, BuyerTotal    int
	SellerDone, SellerTotal  int
	Proposals                int
	Updated, LastBuyer       time.Time
}

// listColumn is a column one can sort by.
type listColumn struct{ by, label string }

func listColumns(l *locale.Locale) []listColumn {
	return []listColumn{
		{"title", l.T("pages.list.col.title")},
		{"buyer", l.T("pages.list.col.buyer")},
		{"phase", l.T("pages.list.col.phase")},
		{"decide", l.T("pages.list.col.decide")},
		{"progress", l.T("pages.list.col.progress")},
		{"proposals", l.T("pages.list.col.proposals")},
		{"updated", l.T("pages.list.col.updated")},
		{"buyerlast", l.T("pages.list.col.buyerlast")},
	}
}

// newestFirst are the columns whose first order is downward: the newest, the
// most.
var newestFirst = map[string]bool{"updated": true, "buyerlast": true, "progress": true, "proposals": true}

// sorted is "ascending", "descending" or "none": for aria-sort.
func (f *List) sorted(by string) string {
	switch {
	case f.Sort != by:
		return "none"
	case f.Desc != newestFirst[by]:
		return "descending"
	}
	return "ascending"
}

func (f *List) sortSign(by string) string {
	return map[string]string{"ascending": " ↑", "descending": " ↓", "none": ""}[f.sorted(by)]
}

// href is the address of this list in another order or page.
func (f *List) href(sort string, desc bool, page int) string {
	q := url.Values{}
	if f.Query != "" {
		q.Set("q", f.Query)
	}
	if sort != "updated" {
		q.Set("sort", sort)
	}
	if desc {
		q.Set("desc", "1")
	}
	if page > 1 {
		q.Set("page", strconv.Itoa(page))
	}
	if len(q) == 0 {
		return "/"
	}
	return "/?" + q.Encode()
}

// resort is where a column's heading leads: the same column turns round.
func (f *List) resort(by string) string {
	return f.href(by, f.Sort == by && !f.Desc, 1)
}

// state says where in its life a plan is.
func (r *ListRow) state(l *locale.Locale) string {
	switch r.State {
	case Agreed:
		return l.T("pages.list.agreed", "N", r.Revision)
	case Shared:
		return l.T("plan.state.shared")
	case Paused:
		return l.T("plan.state.paused")
	case Decided:
		return l.T("plan.state.decided")
	case Left:
		return l.T("plan.state.left")
	case Archived:
		return l.T("plan.state.archived")
	}
	return l.T("pages.list.draft")
}

func (r *ListRow) decide(l *locale.Locale) string {
	if r.DecideBy.IsZero() {
		return l.T("pages.list.open")
	}
	return l.Date(r.DecideBy)
}

func ago(l *locale.Locale, t time.Time) string {
	if t.IsZero() {
		return l.T("pages.list.never")
	}
	return l.Ago(t)
}
