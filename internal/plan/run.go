package plan

import (
	"slices"
	"time"

	"tandem/internal/civil"
)

// Run is a check-in that is being held or was: both sides went through the
// plan on one page. What was done meanwhile are the plan's own events; a run
// only says from where to where they belong to it, who was there, and what was
// noted beside them.
type Run struct {
	ID ID `json:"id"`
	// CheckIn and Day are the appointment it was held for: the day on which the
	// series puts it. Without an appointment CheckIn is empty and Day is the day
	// on which it was held.
	CheckIn  ID         `json:"checkIn,omitempty"`
	Day      civil.Day  `json:"day"`
	Since    int64      `json:"since,omitempty"` // last event the run before it covers; 0: there was none
	Opened   time.Time  `json:"opened"`
	OpenedAt int64      `json:"openedAt"` // sequence of its opening
	OpenedBy ID         `json:"openedBy"`
	Notes    []*RunNote `json:"notes,omitempty"`
	Closed   time.Time  `json:"closed,omitzero"`
	ClosedBy ID         `json:"closedBy,omitempty"` // empty: nobody closed it, it ended by itself
	Until    int64      `json:"until,omitempty"`    // sequence of its closing: the minutes say what was true there
	Present  []ID       `json:"present,omitempty"`
	Next     *NextOne   `json:"next,omitempty"`
}

// RunNote is a sentence somebody noted while a check-in was held: under an
// item, or freely.
type RunNote struct {
	ID   ID        `json:"id"`
	Item ID        `json:"item,omitempty"`
	By   ID        `json:"by"`
	Side Side      `json:"side"`
	At   time.Time `json:"at"`
	Text Text      `json:"text"`
}

// NextOne is the appointment after a run, as it stood when it was closed.
type NextOne struct {
	CheckIn ID         `json:"checkIn"`
	Day     civil.Day  `json:"day"` // on which the series puts it
	Start   civil.Wall `json:"start"`
	Zone    string     `json:"zone"` // IANA
	Minutes int        `json:"minutes"`
}

// Most runs a plan holds, notes in one, and how long one may stay open before
// it ends by itself.
const (
	maxRuns  = 1_000
	maxNotes = 300
	RunEnds  = 8 * time.Hour
)

// IsOpen reports that the check-in is being held now.
func (r *Run) IsOpen() bool { return r != nil && r.Closed.IsZero() }

// OpenRun is the check-in that is being held now; nil if none is.
func (p *Plan) OpenRun() *Run {
	if n := len(p.Runs); n > 0 && p.Runs[n-1].IsOpen() {
		return p.Runs[n-1]
	}
	return nil
}

// LastRun is the last check-in that was held and closed; nil if there is none.
func (p *Plan) LastRun() *Run {
	for i := len(p.Runs) - 1; i >= 0; i-- {
		if !p.Runs[i].IsOpen() {
			return p.Runs[i]
		}
	}
	return nil
}

// Run is the run of an id; nil if there is none.
func (p *Plan) Run(id ID) *Run {
	for _, r := range p.Runs {
		if r.ID == id {
			return r
		}
	}
	return nil
}

// RunOf is the run of an appointment; nil if it was not held.
func (p *Plan) RunOf(checkIn ID, day civil.Day) *Run {
	for _, r := range p.Runs {
		if checkIn != "" && r.CheckIn == checkIn && r.Day == day {
			return r
		}
	}
	return nil
}

// note of a run; nil if there is none.
func (r *Run) note(id ID) *RunNote {
	for _, n := range r.Notes {
		if n.ID == id {
			return n
		}
	}
	return nil
}

// MayHoldCheckIn reports whether a person may open and close check-ins: editors
// and leads of either side, while the plan is worked on and both see it.
func (p *Plan) MayHoldCheckIn(id ID) bool {
	q := p.who(id)
	return q != nil && q.mayEdit() && p.Phase != Draft && p.Phase != Decided && !p.ReadOnly()
}

func (p *Plan) applyRun(ev Event, m Meta) bool {
	change := func(id ID, f func(*Run)) {
		p.Runs = slices.Clone(p.Runs)
		for i, r := range p.Runs {
			if r.ID == id {
				x := *r
				f(&x)
				p.Runs[i] = &x
			}
		}
	}
	switch e := ev.(type) {
	case *CheckInOpened:
		p.Runs = append(slices.Clip(p.Runs), &Run{ID: e.Run, CheckIn: e.CheckIn, Day: e.Day, Since: e.Since,
			Opened: m.At, OpenedAt: m.Seq, OpenedBy: m.Actor})
	case *CheckInNoted:
		change(e.Run, func(r *Run) {
			at := slices.IndexFunc(r.Notes, func(n *RunNote) bool { return n.ID == e.Note })
			switch r.Notes = slices.Clone(r.Notes); {
			case at < 0:
				r.Notes = append(r.Notes, &RunNote{ID: e.Note, Item: e.Item, By: m.Actor, Side: m.Side, At: m.At, Text: e.Text})
			case e.Removed:
				r.Notes = slices.Delete(r.Notes, at, at+1)
			default:
				n := *r.Notes[at]
				n.Text = e.Text
				r.Notes[at] = &n
			}
		})
	case *CheckInClosed:
		change(e.Run, func(r *Run) {
			r.Closed, r.ClosedBy, r.Until, r.Present, r.Next = m.At, m.Actor, m.Seq, e.Present, e.Next
		})
	default:
		return false
	}
	return true
}
