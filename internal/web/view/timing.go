package view

import (
	"github.com/a-h/templ"

	"tandem/internal/civil"
)

// Timing is what the schedule says of an open step: it writes no date.
type Timing struct {
	First, Last civil.Day // the computed days of the work
	Slack       string    // "3 Arbeitstage Puffer"
	Own         string    // what of it is the step's alone
	Why         []Reason  // nearest first
	Conflicts   []Conflict
	MayAsk      bool // may try what would happen
	MaySet      bool // may say how long it takes and when it cannot be
	Set         Workload
}

// Reason is why something is when it is.
type Reason struct {
	ID, Title string // of the step; empty for the open one
	Day       civil.Day
	Text      []string
}

// Conflict is what cannot hold, and single ways out of it. A way leads to a
// preview; nothing changes before somebody sends it.
type Conflict struct {
	Text string
	Ways []Link
}

// Workload is what is free to say about a step's work.
type Workload struct {
	Days      string // typed; empty: not said
	Elapsed   bool   // days count through, also weekends
	NotBefore civil.Day
	NotAfter  civil.Day
	Pinned    bool
	Gate      string
	Gates     []Option
	Approval  bool // somebody approves something
}

// WhatIf is the sheet that previews a change: what moves, before anybody else
// sees it.
type WhatIf struct {
	Title    string // of the step; empty: of the plan
	Item     string
	Asked    bool
	Back     bool   // dates are laid out backwards from the decision
	Days     string // what was supposed
	Until    string
	Owner    string
	Due      string
	After    string
	Lag      string
	Decide   string
	Spare    string
	Side     Side
	Shifts   []NewDate
	Within   []string // what moves without touching an agreed date
	Before   civil.Day
	Ready    civil.Day
	Decision civil.Day
	Others   []Link // what could be done instead
	Note     string
	Agreed   bool // something agreed is in it: it takes a proposal with a reason
	MaySend  bool
	Problem  *Problem
}

// NewDate is an agreed date that would move.
type NewDate struct {
	ID, Title string
	Version   uint64
	Old, New  civil.Day
	Why       string
}

func (w *WhatIf) typed(field, present string) string { return w.Problem.typed(field, present) }

// path is where the sheet asks and sends.
func (w *WhatIf) path(p *Plan) templ.SafeURL {
	if w.Back {
		return p.href("/backwards")
	}
	return p.href("/what-if")
}

func whatIf(p *Plan, item string) templ.SafeURL { return p.href("/what-if?item=" + item) }

// hold says whether the date of the decision holds.
func (w *WhatIf) hold(p *Plan) string {
	switch {
	case w.Ready.IsZero():
		return ""
	case w.Ready == w.Before:
		return p.L.T("timetable.ready.same", "Date", p.L.Day(w.Ready))
	}
	return p.L.T("timetable.ready.moves", "Date", p.L.Day(w.Ready), "Before", p.L.Day(w.Before))
}
