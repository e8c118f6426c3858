package schedule

import (
	"slices"

	"tandem/internal/calendar"
	"tandem/internal/civil"
)

// Cause is one reason why a step has its dates, as data: the kernel keeps no
// sentences. Phrase is the sentence's key and arguments.
type Cause struct {
	Kind string // see the constants
	Ref  string // the step, milestone or gate that causes it
	Phrase
}

// Kinds of causes.
const (
	CauseDone      = "done"      // it happened
	CauseStarted   = "started"   // it is going on
	CausePinned    = "pinned"    // a booked appointment
	CauseLink      = "link"      // Ref comes first
	CauseStart     = "start"     // the plan's start
	CauseToday     = "today"     // nothing begins in the past
	CauseNotBefore = "notBefore" // its own bound
	CauseExpected  = "expected"  // what its owner believes
	CauseCalendar  = "calendar"  // days between on which nobody works, or a freeze
	CauseGate      = "gate"      // Ref meets only on certain days
	CausePause     = "pause"     // days off while it goes on
	CauseAssumed   = "assumed"   // its duration was not given
	CausePresent   = "present"   // where it was before: a repair pulls nothing forward
)

// Phrase is a sentence of the message catalogue, to be spoken by a Voice, with
// alternating names and values. A value may itself be a Phrase or a list of
// calendar.Reason.
type Phrase struct {
	Key  string
	Args []any
}

func phrase(key string, nameValues ...any) Phrase { return Phrase{key, nameValues} }

// Because walks one step back from a node's dates: what drives them, and what
// its calendar made of that. To go on, ask again about each Ref.
func (s *Schedule) Because(i int) []Cause {
	n := &s.graph.net.Nodes[i]
	out := make([]Cause, 0, 4)
	add := func(kind, ref string, p Phrase) { out = append(out, Cause{kind, ref, p}) }
	switch _, _, _, fixed := n.fixed(); {
	case n.State == Done:
		add(CauseDone, "", phrase("schedule.because.done", "day", n.DoneOn))
		return out
	case fixed:
		add(CausePinned, "", phrase("schedule.because.pinned", "day", n.Pinned))
		return out
	case n.State == Started:
		add(CauseStarted, "", phrase("schedule.because.started", "day", n.StartedOn, "N", max(n.Remaining, 1)))
	}
	for _, li := range s.graph.in[i] {
		if s.drive[li] {
			l := &s.graph.net.Links[li]
			add(CauseLink, s.graph.net.Nodes[l.From].ID, s.linkPhrase(l))
		}
	}
	out = append(out, s.own(i)...)
	if len(out) == 0 {
		add(CausePresent, "", phrase("schedule.because.present"))
	}
	out = append(out, s.snapped(i)...)
	if n.Assumed && n.State == Open {
		add(CauseAssumed, "", phrase("schedule.because.assumed", "N", n.Duration))
	}
	return out
}

// own are the bounds of the node itself that alone hold it where it is.
func (s *Schedule) own(i int) []Cause {
	g := s.graph
	n := &g.net.Nodes[i]
	var out []Cause
	is := func(kind string, b bounds, day civil.Day) {
		if s.alone(int32(i), b) {
			out = append(out, Cause{kind, "", phrase("schedule.because."+kind, "day", day)})
		}
	}
	all := n.bounds(g.base())
	if n.State == Open {
		kind := CauseStart
		if g.net.Today > g.net.Start {
			kind = CauseToday
		}
		is(kind, bounds{all.waits, unbounded.floor}, g.base())
	}
	if n.NotBefore != 0 && n.State == Open {
		is(CauseNotBefore, bounds{unbounded.waits, interval{all.floor.start, always}}, n.NotBefore)
	}
	if n.Expected != 0 {
		is(CauseExpected, bounds{unbounded.waits, interval{always, all.floor.finish}}, n.Expected)
	}
	return out
}

// linkKeys are the sentences of the types of links, without and with a lag.
var linkKeys = [...][2]string{
	FinishStart:  {"schedule.because.link.FS", "schedule.because.link.FS.lag"},
	StartStart:   {"schedule.because.link.SS", "schedule.because.link.SS.lag"},
	FinishFinish: {"schedule.because.link.FF", "schedule.because.link.FF.lag"},
	StartFinish:  {"schedule.because.link.SF", "schedule.because.link.SF.lag"},
}

// linkPhrase says what a predecessor does when, and the lag after it.
func (s *Schedule) linkPhrase(l *Link) Phrase {
	from := s.Dates(l.From)
	day := from.Finish
	if l.Type.fromStart() {
		day = from.Start
	}
	n := &s.graph.net.Nodes[l.From]
	if l.Lag == 0 {
		return phrase(linkKeys[l.Type][0], "title", n.Title, "who", n.who(), "day", day)
	}
	lag, count := "schedule.lag.plus", l.Lag
	if count < 0 {
		lag, count = "schedule.lag.minus", -count
	}
	if !l.Elapsed {
		lag += ".working"
	}
	return phrase(linkKeys[l.Type][1], "title", n.Title, "who", n.who(), "day", day, "lag", phrase(lag, "N", count))
}

// who is the owner's name in brackets, to follow a title; empty for nobody.
func (n *Node) who() string {
	if n.Owner == "" {
		return ""
	}
	return " (" + n.Owner + ")"
}

// snapped tells the days between what the bounds asked for and what came out,
// and the days off in between.
func (s *Schedule) snapped(i int) []Cause {
	n := &s.graph.net.Nodes[i]
	if n.Milestone {
		return nil
	}
	start, finish := s.asked(i)
	start = max(start-n.point(), n.Calendar.Horizon().First)
	first, last := s.firstWorked(i), s.early.finish[i]-1
	var out []Cause
	if gap := s.gap(i, start, trim(n, start, first)); gap.Key != "" {
		out = append(out, Cause{CauseCalendar, "", gap})
	}
	if n.Finishes != nil && finish <= last {
		if reasons := why(max(finish-1, start), last, false, []*calendar.Calendar{n.Finishes}); len(reasons) > 0 && n.Gate == nil {
			out = append(out, Cause{CauseCalendar, "", phrase("schedule.because.finish", "reasons", reasons)})
		}
	}
	if n.Gate != nil {
		out = append(out, Cause{CauseGate, n.GateID, n.gatePhrase(last)})
	}
	if reasons := why(first, last, true, []*calendar.Calendar{n.Calendar}); len(reasons) > 0 {
		out = append(out, Cause{CausePause, "", phrase("schedule.because.pause", "reasons", reasons)})
	}
	return out
}

// gap tells the days off between what a step waits for, lags included, and the
// first day on which it could begin. Plain weekends in a long lag go without
// saying.
func (s *Schedule) gap(i int, asked, to civil.Day) Phrase {
	n := &s.graph.net.Nodes[i]
	from, calendars := asked, []*calendar.Calendar{n.Calendar, n.Starts}
	for _, li := range s.graph.in[i] {
		l := &s.graph.net.Links[li]
		if !s.drive[li] || l.Lag <= 0 || !l.Type.toStart() {
			continue
		}
		after := s.early.finish[l.From]
		if l.Type.fromStart() {
			after = s.early.start[l.From]
		}
		if after < from {
			from = after
		}
		calendars = append(calendars, l.Calendar)
	}
	first, last, together := civil.Day(0), civil.Day(0), true
	for d := from; d < to; d++ {
		off := false
		for k, c := range calendars {
			if c != nil && !c.Works(d) && (k > 1 || d >= asked) {
				off = true
			}
		}
		if !off {
			continue
		}
		if first == 0 {
			first = d
		}
		together = together && (last == 0 || d == last+1)
		last = d
	}
	if first == 0 {
		return Phrase{}
	}
	reasons := why(first, last+1, !together, calendars)
	switch {
	case len(reasons) == 0:
		return Phrase{}
	case together:
		return phrase("schedule.because.calendar", "span", days(first, last), "reasons", reasons)
	}
	return phrase("schedule.because.pause", "reasons", reasons)
}

// trim ends a gap at the first day from its start on which work could begin:
// what comes after it is the gate's or the freeze's doing, told elsewhere.
func trim(n *Node, from, to civil.Day) civil.Day {
	day, ok := n.Calendar.At(n.Calendar.Rank(from))
	if ok && n.startBound() {
		day, ok = n.Starts.At(n.Starts.Rank(day))
	}
	if !ok {
		return to
	}
	return min(day, to)
}

func (n *Node) gatePhrase(last civil.Day) Phrase {
	_, papers, ok := n.Gate.LastBy(last)
	if ok && papers < last {
		return phrase("schedule.because.gate.papers", "gate", n.GateTitle, "day", last, "papers", papers)
	}
	return phrase("schedule.because.gate", "gate", n.GateTitle, "day", last)
}

// asked are the boundaries that all bounds together asked for, before the
// calendar, freezes and gate.
func (s *Schedule) asked(i int) (start, finish civil.Day) {
	n := &s.graph.net.Nodes[i]
	own := n.bounds(s.graph.base())
	start, finish = max(own.waits.start, own.floor.start), max(own.waits.finish, own.floor.finish)
	for _, li := range s.graph.in[i] {
		b, toStart := s.graph.bound(li, &s.early)
		if !toStart {
			finish = max(finish, b)
		} else if n.State != Started {
			start = max(start, b)
		}
	}
	return start, finish
}

// firstWorked is the first day of the work (of the rest of it, if it began).
func (s *Schedule) firstWorked(i int) civil.Day {
	d, _ := s.graph.net.Nodes[i].Calendar.At(int(s.early.rank[i]))
	return d
}

// maxReasons keeps a sentence a sentence.
const maxReasons = 4

// why collects the reasons of the days from one up to, not including, another,
// each once; special leaves plain weekends out.
func why(from, to civil.Day, special bool, calendars []*calendar.Calendar) []calendar.Reason {
	var out []calendar.Reason
	for d := from; d < to && len(out) < maxReasons; d++ {
		for _, c := range calendars {
			if c == nil || c.Works(d) {
				continue
			}
			for _, r := range c.Why(d) {
				weekend := r.Kind == calendar.Weekend
				known := slices.ContainsFunc(out, func(o calendar.Reason) bool {
					return o.Kind == r.Kind && (weekend || o.Who == r.Who && o.Name("en") == r.Name("en"))
				})
				if !known && !(special && weekend) && len(out) < maxReasons {
					out = append(out, r)
				}
			}
		}
	}
	return out
}

// days is a span for a sentence.
func days(from, to civil.Day) Phrase {
	if from >= to {
		return phrase("schedule.day", "day", from)
	}
	return phrase("schedule.days", "from", from, "to", to)
}
