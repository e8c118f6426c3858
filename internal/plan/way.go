package plan

import (
	"slices"

	"tandem/internal/civil"
)

// Way is how one side makes it easy for the other to come into a plan, as long
// as it is not agreed.
type Way string

const (
	Together   Way = ""        // both write and date
	TheirDates Way = "dates"   // the other side sets every date
	JustAgree  Way = "confirm" // one side writes, the other only confirms
)

// Eased is the way a plan is on, and what it left open.
type Eased struct {
	Way   Way        `json:"way,omitempty"`
	For   Side       `json:"for,omitempty"`
	Dates []ItemDate `json:"dates,omitempty"` // what stood there; only suggestions now
}

// ItemDate is a day of an item.
type ItemDate struct {
	Item ID        `json:"item"`
	Day  civil.Day `json:"day"`
}

// Ease puts a plan on a way, for the side that the actor is not on. Editors,
// before the plan is agreed. With TheirDates every date of an action or
// milestone that is not done, and that of the decision, becomes "to be
// decided": an edit of a person, as any before an agreement. What stood there
// stays as a suggestion.
type Ease struct{ Way Way }

// WayChosen says that a plan is on another way. The dates that it left open are
// edits of their own before it.
type WayChosen struct {
	Old Eased `json:"old,omitzero"`
	New Eased `json:"new"`
}

func (*WayChosen) Kind() string { return "plan.way" }

func (c Ease) decide(d *decider) error {
	if err := d.edits(); err != nil {
		return err
	}
	switch {
	case c.Way != Together && c.Way != TheirDates && c.Way != JustAgree:
		return invalid("fault.way")
	case d.st.Phase != Draft && d.st.Phase != Shared:
		return refuse("fault.way.agreed")
	}
	next := Eased{Way: c.Way, For: d.me.Side.Other()}
	if c.Way == TheirDates {
		next.Dates = d.openDates()
	}
	old := Eased{}
	if d.st.Eased != nil {
		old = *d.st.Eased
	}
	if old.Way == next.Way && old.For == next.For && slices.Equal(old.Dates, next.Dates) || old.Way == Together && next.Way == Together {
		return nil
	}
	d.emit(&WayChosen{Old: old, New: next})
	return nil
}

// openDates takes the dates out of the plan and returns what stood there, with
// what was suggested before and is still open.
func (d *decider) openDates() []ItemDate {
	before := map[ID]civil.Day{}
	if d.st.Eased != nil {
		for _, x := range d.st.Eased.Dates {
			before[x.Item] = x.Day
		}
	}
	var out []ItemDate
	for _, it := range d.st.Live(KindAction, KindMilestone, KindDecision) {
		switch t := it.Terms; {
		case it.Progress.Status == Done || it.Bound():
		case !t.Due.IsZero():
			out = append(out, ItemDate{it.ID, t.Due})
			next := t
			next.Due, next.DateOpen = 0, true
			d.emit(&ItemEdited{Item: it.ID, Old: t, New: next, Stand: d.me.MayAgree()})
		case !before[it.ID].IsZero():
			out = append(out, ItemDate{it.ID, before[it.ID]})
		}
	}
	return out
}

// Suggested is the day that stood at an item before its side was asked for one;
// zero: none, or it has a date again.
func (p *Plan) Suggested(id ID) civil.Day {
	it := p.Items[id]
	if p.Eased == nil || it == nil || it.Removed != 0 || !it.Terms.Due.IsZero() {
		return 0
	}
	for _, x := range p.Eased.Dates {
		if x.Item == id {
			return x.Day
		}
	}
	return 0
}

// On is the way a plan is on for a side, while it is not agreed.
func (p *Plan) On(s Side) Way {
	if p.Eased == nil || p.Eased.For != s || p.Phase != Draft && p.Phase != Shared {
		return Together
	}
	return p.Eased.Way
}
