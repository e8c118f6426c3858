// Package schedule computes when the steps of a plan can happen: early and
// late dates, slack, what drives each date, what cannot hold, and what would
// move if something changed. It is a pure function of a Network: no clock, no
// random source, days in and days out.
//
// Inside, a date is a boundary between days, named by the day that begins at
// it: work of three days from Monday has the start Monday and the finish
// Thursday. People see the last worked day, Wednesday; everything exported
// speaks of first and last worked days unless it says boundary.
package schedule

import (
	"tandem/internal/calendar"
	"tandem/internal/civil"
)

// Network is what a schedule is computed from. Nodes and links refer to each
// other by index. All calendars share one horizon.
type Network struct {
	Start    civil.Day // nothing that has not begun starts before Start or Today
	Today    civil.Day
	DecideBy civil.Day // the agreed decision; zero: none
	Nodes    []Node
	Links    []Link
}

// State is how far a step is.
type State uint8

const (
	Open State = iota
	Started
	Done
)

// Node is a step or a milestone.
type Node struct {
	ID        string
	Title     string
	Owner     string // names of who does it, for sentences
	Milestone bool   // a point both sides steer by: it waits, but does no work

	// Duration is in working days of Calendar, 0 to MaxDays; 0 is a point in
	// time at the end of its day. Assumed says that nobody gave it.
	Duration int
	Assumed  bool
	Calendar *calendar.Calendar

	// Starts and Finishes are the days of Calendar on which it may begin and
	// end; nil is any. Gate, if there is one, is the days on which it may end.
	Starts, Finishes *calendar.Calendar
	Gate             *calendar.Gate
	GateID           string
	GateTitle        string

	// StandIn is the calendar somebody would have who stands in for an absent
	// owner, and StandInGate the meetings they can come to; nil if that would
	// change nothing.
	StandIn     *calendar.Calendar
	StandInGate *calendar.Gate
	Away        string // names of the absent owners, for sentences

	NotBefore civil.Day // raises early dates
	Expected  civil.Day // the owner's own belief: it does not end earlier
	NotAfter  civil.Day // lowers late dates
	Due       civil.Day // agreed: lowers late dates
	Pinned    civil.Day // a booked appointment: the last day, whatever the links say

	State     State
	StartedOn civil.Day
	DoneOn    civil.Day
	Remaining int // working days left from today, of a started step
}

// LinkType says which end of one step bounds which end of another.
type LinkType uint8

const (
	FinishStart LinkType = iota
	StartStart
	FinishFinish
	StartFinish
)

// Link is a lower bound with a lag: To does not start (or finish) until Lag
// working days of Calendar after From finished (or started). A negative lag is
// a lead.
type Link struct {
	From, To int
	Type     LinkType
	Lag      int // -MaxDays to MaxDays
	Calendar *calendar.Calendar
	Elapsed  bool // Calendar counts all days; for sentences
}

// MaxDays bounds durations and lags: forty years.
const MaxDays = 10_000

// Boundaries that bound nothing.
const (
	always civil.Day = -1 << 30
	never  civil.Day = 1 << 30
)

// fromStart and toStart tell the ends that a type of link joins.
func (t LinkType) fromStart() bool { return t == StartStart || t == StartFinish }
func (t LinkType) toStart() bool   { return t == FinishStart || t == StartStart }

// forward is the earliest boundary that the link allows after a boundary: the
// first b with at least Lag working days between from and b.
func (l *Link) forward(from civil.Day) civil.Day {
	if l.Lag == 0 {
		return from
	}
	rank := l.Calendar.Rank(from) + l.Lag
	if rank <= 0 {
		return always
	}
	d, ok := l.Calendar.At(rank - 1)
	if !ok {
		return never
	}
	return d + 1
}

// backward is the latest boundary from which forward does not lead past a
// boundary.
func (l *Link) backward(to civil.Day) civil.Day {
	if l.Lag == 0 || to >= never || to <= always {
		return to
	}
	rank := l.Calendar.Rank(to) - l.Lag
	if rank < 0 {
		return always
	}
	d, ok := l.Calendar.At(rank)
	if !ok {
		return never
	}
	return d
}
