package view

import (
	"strconv"

	"github.com/a-h/templ"
)

// Sheet is a form on a page of its own, or in a dialog over the plan. It is
// frozen: nothing in it moves while it is open.
type Sheet struct {
	// Kind is the move as in PlanMoveFields: accept, propose, pause, resume,
	// leave, decide, share, title, items, rows, people, goals, criteria,
	// milestones, risks; or "counter" for a proposal.
	Kind    string
	Problem *Problem
	Open    []OpenItem // accept: everything one stands behind by accepting
	Missing []Missing  // accept: what is missing before the plan is agreed
	Items   []Item     // propose, counter: the steps it is about
	ID      string     // counter: of the proposal
	Version uint64     // counter: of the proposal
	Link    string     // share: the address, once it was made
	Text    string     // share: what to write with it
	Mailto  string     // share: the same for a mail program
	Note    string     // accept: what happened since it was shown
	Email   string     // proof: where the code went; empty: none was sent yet
	Seen    []string   // proof: what was shown to be accepted
	SignIn  bool       // proof: the reader may sign in once more instead
	Then    string     // proof: what comes after it, "accept" or "people"
}

// OpenItem is an item that the acceptance will stand behind.
type OpenItem struct {
	ID, Digest string
	Title      string
	Terms      string // ready: "Mara Klein, bis Mi, 10. Mai"
	Seal       Seal
}

// action is where the sheet posts to.
func (s *Sheet) action(p *Plan) templ.SafeURL {
	if s.Kind == "counter" {
		return p.proposal(s.ID, "counter")
	}
	return p.href("/" + s.Kind)
}

func (s *Sheet) title(p *Plan) string {
	if s.Kind == "propose" || s.Kind == "counter" {
		return p.L.T("plan.sheet.propose")
	}
	if s.Kind == "proof" {
		return p.L.T("door.proof.title")
	}
	return p.L.T("plan.sheet." + s.Kind)
}

func (s *Sheet) typed(field string) string { return s.Problem.typed(field, "") }

func (s *Sheet) typedOr(field, present string) string { return s.Problem.typed(field, present) }

// newItem is the empty step of the form for a new one: the reader's own side.
func (s *Sheet) newItem(p *Plan) *Item {
	side := p.Reader.Side
	if v := s.typed("side"); v != "" {
		side = Side(v)
	}
	return &Item{Side: side}
}

// dueProposed is the date an open proposal would give the step, else its own.
func dueProposed(it *Item) string {
	if !it.Proposed.IsZero() {
		return it.Proposed.String()
	}
	return it.Due.String()
}

func versionText(v uint64) string { return strconv.FormatUint(v, 10) }
