package plan

import (
	"maps"
	"slices"
	"time"

	"tandem/internal/civil"
)

// CheckIn is an appointment at which both sides go through the plan, once or
// again and again. It is free: no terms, nobody agrees to it, everybody
// answers for themselves.
type CheckIn struct {
	ID ID `json:"id"`
	Appointment
	// External: it stands in a person's own calendar, which invited the plan's
	// address. That calendar keeps it; UID is its name there.
	External  bool          `json:"external,omitempty"`
	UID       Text          `json:"uid,omitzero"`
	Sequence  int           `json:"sequence"`        // +1 with everything calendars must hear of
	Asked     int           `json:"asked,omitempty"` // sequence of the present time: answers to an earlier one are void
	Side      Side          `json:"side"`            // of who planned it
	By        ID            `json:"by"`              // who planned it, or in whose calendar it stands
	Cancelled bool          `json:"cancelled,omitempty"`
	Answers   map[ID]*Reply `json:"answers,omitempty"`
	Version   int           `json:"version"` // +1 with every change but an answer
	Created   time.Time     `json:"created"`
	Changed   time.Time     `json:"changed"`
}

// Appointment is what a check-in says: what, when, how often, where, who.
// Times are on the wall clock of Zone.
type Appointment struct {
	Title   Text        `json:"title,omitzero"` // none: readers see "Check-in" in their language
	Start   civil.Wall  `json:"start"`
	Zone    string      `json:"zone"` // IANA
	Minutes int         `json:"minutes"`
	Rule    string      `json:"rule,omitempty"`   // RFC 5545 RRULE; none: once
	Except  []civil.Day `json:"except,omitempty"` // days of the rule that are left out
	Moved   []MovedOne  `json:"moved,omitempty"`
	Place   Text        `json:"place,omitzero"`
	Link    Text        `json:"link,omitzero"`    // of the conference, as people gave it
	People  []ID        `json:"people,omitempty"` // invited; none: everybody with access
}

// MovedOne is one appointment of a series at another time.
type MovedOne struct {
	Day     civil.Day  `json:"day"` // on which the rule puts it
	Start   civil.Wall `json:"start"`
	Minutes int        `json:"minutes"`
}

// Reply is a person's own answer.
type Reply struct {
	Answer Coming     `json:"answer,omitempty"` // to the whole; empty: only to single days
	At     time.Time  `json:"at"`
	Days   []DayReply `json:"days,omitempty"`
}

// DayReply is an answer to one appointment of a series.
type DayReply struct {
	Day    civil.Day `json:"day"`
	Answer Coming    `json:"answer"`
}

// Coming is whether somebody comes.
type Coming string

const (
	Comes      Coming = "yes"
	ComesMaybe Coming = "maybe"
	ComesNot   Coming = "no"
)

func (a Coming) valid() bool { return a == Comes || a == ComesMaybe || a == ComesNot }

// Most check-ins a plan holds, and days left out or moved in one.
const (
	maxCheckIns = 200
	maxLink     = 2_000
	maxUID      = 500
	maxMinutes  = 7 * 24 * 60
)

// OpenCheckIns are those that were not cancelled, in order of their start.
func (p *Plan) OpenCheckIns() []*CheckIn {
	var out []*CheckIn
	for _, id := range slices.Sorted(maps.Keys(p.CheckIns)) {
		if c := p.CheckIns[id]; !c.Cancelled {
			out = append(out, c)
		}
	}
	slices.SortStableFunc(out, func(a, b *CheckIn) int {
		switch {
		case a.Start < b.Start:
			return -1
		case a.Start > b.Start:
			return 1
		}
		return 0
	})
	return out
}

// ExternalCheckIn is the one that stands in somebody's calendar under a name;
// nil if there is none.
func (p *Plan) ExternalCheckIn(uid string) *CheckIn {
	if uid == "" {
		return nil
	}
	for _, id := range slices.Sorted(maps.Keys(p.CheckIns)) {
		if c := p.CheckIns[id]; c.External && c.UID.Value == uid {
			return c
		}
	}
	return nil
}

// Invited lists who is to come, by name: those chosen, else everybody with
// access; never the side that does not see the draft.
func (p *Plan) Invited(c *CheckIn) []*Person {
	var out []*Person
	for _, q := range p.Everybody() {
		if p.Phase == Draft && q.Side != p.Home {
			continue
		}
		named := slices.ContainsFunc(c.People, func(id ID) bool { return p.same(id, q.ID) })
		if named || len(c.People) == 0 && q.Access != None {
			out = append(out, q)
		}
	}
	return out
}

// Answer is what a person said to one day of a check-in, or to the whole where
// day is zero; empty if nothing.
func (p *Plan) Answer(c *CheckIn, person ID, day civil.Day) Coming {
	for _, id := range slices.Sorted(maps.Keys(c.Answers)) {
		if !p.same(id, person) {
			continue
		}
		r := c.Answers[id]
		for _, x := range r.Days {
			if x.Day == day && !day.IsZero() {
				return x.Answer
			}
		}
		if r.Answer != "" {
			return r.Answer
		}
	}
	return ""
}

// MayChangeCheckIn reports whether a person may change or cancel a check-in:
// the editor who planned it, or a lead of that side.
func (p *Plan) MayChangeCheckIn(id ID, c *CheckIn) bool {
	q := p.who(id)
	if q == nil {
		return false
	}
	if p.same(c.By, q.ID) {
		return c.External && q.Access != None && q.Access != Viewer || q.mayEdit()
	}
	return q.Side == c.Side && p.Leads(q.ID)
}

// sameTime reports that two appointments take place at the same times: who
// answered to one has answered to the other.
func (a Appointment) sameTime(b Appointment) bool {
	return a.Start == b.Start && a.Zone == b.Zone && a.Minutes == b.Minutes && a.Rule == b.Rule
}

// equal compares everything; texts by their hashes.
func (a Appointment) equal(b Appointment) bool { return sum("same", a) == sum("same", b) }

func (p *Plan) applyCheckIn(ev Event, m Meta) bool {
	change := func(id ID, f func(*CheckIn)) {
		c := *p.CheckIns[id]
		c.Version++
		c.Changed = m.At
		f(&c)
		p.CheckIns[id] = &c
	}
	switch e := ev.(type) {
	case *CheckInScheduled:
		if p.CheckIns == nil {
			p.CheckIns = map[ID]*CheckIn{}
		}
		p.CheckIns[e.CheckIn] = &CheckIn{ID: e.CheckIn, Appointment: e.New, External: e.External, UID: e.UID, Sequence: e.Sequence, Asked: e.Sequence,
			Side: m.Side, By: m.Actor, Version: 1, Created: m.At, Changed: m.At}
	case *CheckInChanged:
		change(e.CheckIn, func(c *CheckIn) {
			c.Appointment, c.Sequence, c.Cancelled = e.New, e.Sequence, false
			if !e.New.sameTime(e.Old) {
				c.Asked, c.Answers = e.Sequence, nil
			}
		})
	case *CheckInMoved:
		change(e.CheckIn, func(c *CheckIn) {
			others := slices.DeleteFunc(slices.Clone(c.Moved), func(x MovedOne) bool { return x.Day == e.To.Day })
			c.Moved, c.Sequence = append(others, e.To), e.Sequence
			c.Answers = c.withoutDay(e.To.Day)
		})
	case *CheckInCancelled:
		change(e.CheckIn, func(c *CheckIn) {
			c.Sequence = e.Sequence
			if e.Day.IsZero() {
				c.Cancelled = true
				return
			}
			c.Except = append(slices.Clip(c.Except), e.Day)
			c.Moved = slices.DeleteFunc(slices.Clone(c.Moved), func(x MovedOne) bool { return x.Day == e.Day })
		})
	case *CheckInAnswered:
		c := *p.CheckIns[e.CheckIn]
		c.Answers = maps.Clone(c.Answers)
		if c.Answers == nil {
			c.Answers = map[ID]*Reply{}
		}
		c.Answers[m.Actor] = c.Answers[m.Actor].with(e, m)
		p.CheckIns[e.CheckIn] = &c
	default:
		return false
	}
	return true
}

// with is the reply after one more answer; an answer to the whole takes the
// place of those to single days.
func (r *Reply) with(e *CheckInAnswered, m Meta) *Reply {
	out := &Reply{At: m.At, Answer: e.Answer}
	if e.Day.IsZero() {
		return out
	}
	out.Answer = ""
	if r != nil {
		out.Answer = r.Answer
		out.Days = slices.DeleteFunc(slices.Clone(r.Days), func(x DayReply) bool { return x.Day == e.Day })
	}
	out.Days = append(out.Days, DayReply{Day: e.Day, Answer: e.Answer})
	return out
}

// withoutDay are the answers but those to one day.
func (c *CheckIn) withoutDay(day civil.Day) map[ID]*Reply {
	out := maps.Clone(c.Answers)
	for id, r := range out {
		x := *r
		x.Days = slices.DeleteFunc(slices.Clone(r.Days), func(x DayReply) bool { return x.Day == day })
		out[id] = &x
	}
	return out
}
