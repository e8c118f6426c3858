package lint

import (
	"strings"

	"tandem/internal/calendar"
	"tandem/internal/civil"
	"tandem/internal/planfile"
)

// dated is a date somewhere in the plan, and who has to be at work on it.
type dated struct {
	item, field string
	day         civil.Day
	who         who
	kind        string // of the action, for freezes
	finish      bool   // something is to be finished on it, not begun
}

// dates are all dates of the plan that are still to come: of live actions, of
// milestones, of the decision. For a date that has passed, moving it to a
// Monday helps nobody; past-due tells it. The due date comes before the start
// so that an item with both on a bad day tells the one that was promised.
func (c *check) dates() []dated {
	all := []dated{{field: "decideBy", day: c.plan.DecideBy, who: buyerSide, finish: true}}
	for _, m := range c.plan.Milestones {
		all = append(all, dated{item: m.ID, field: "date", day: m.Date, who: bothSides, finish: true})
	}
	for _, a := range c.todo {
		w := c.who(a)
		all = append(all, dated{a.ID, "due", a.Due, w, a.Kind, true})
		if a.Expected != a.Due {
			all = append(all, dated{a.ID, "expected", a.Expected, w, a.Kind, true})
		}
		if a.Status == planfile.Open {
			all = append(all, dated{a.ID, "start", a.Start, w, a.Kind, false})
		}
	}
	kept := all[:0]
	for _, d := range all {
		if !d.day.IsZero() && d.day >= c.opt.Today {
			kept = append(kept, d)
		}
	}
	return kept
}

// offDays tells the dates that one kind of reason makes impossible. A date
// that falls on several (a holiday on a Saturday) is told once: see off.
func (c *check) offDays(kind calendar.Kind, tell func(d dated, r reason) Finding) {
	for _, d := range c.dates() {
		r := c.off(d.day, d.who)
		if r.kind != kind {
			continue
		}
		f := tell(d, r)
		f.Item, f.Field, f.Severity = d.item, d.field, Warning
		f.Suggestion, f.Fix = c.move(d)
		c.add(f)
	}
}

// move offers the worked days around a date.
func (c *check) move(d dated) (Text, *Fix) {
	before, after := c.last(d.day, d.who), c.next(d.day, d.who)
	switch {
	case after.IsZero() && before.IsZero():
		return Text{}, nil
	case after.IsZero():
		return say("lint.move.before", "Before", before), &Fix{Field: d.field, Day: before}
	case before.IsZero():
		return say("lint.move.after", "After", after), &Fix{Field: d.field, Day: after}
	}
	return say("lint.move.either", "After", after, "Before", before), &Fix{Field: d.field, Day: after}
}

// weekend: a step that is due on a Saturday is due on Friday for one reader
// and on Monday for the other.
func (c *check) weekend() {
	c.offDays(calendar.Weekend, func(d dated, _ reason) Finding {
		return Finding{Message: c.text("message", "Day", d.day, "Weekday", weekday(d.day))}
	})
}

// holiday: two companies live in two calendars, and the other's holidays are
// not in one's own.
func (c *check) holiday() {
	c.offDays(calendar.Public, func(d dated, r reason) Finding {
		return Finding{Message: c.text("message", "Day", d.day, "Weekday", weekday(d.day),
			"Holiday", r.holiday, "Organisation", c.organisation(r.side))}
	})
}

// closedDay: a plant shutdown is known months before and forgotten in the plan.
func (c *check) closedDay() {
	c.offDays(calendar.Closed, func(d dated, r reason) Finding {
		return Finding{Message: c.spanText(r.span,
			"Day", d.day, "Organisation", c.organisation(r.side))}
	})
}

// absence: a date on which its owner is away is the commonest surprise of all,
// and the easiest to see.
func (c *check) absence() {
	c.offDays(calendar.Absence, func(d dated, r reason) Finding {
		return Finding{Message: c.spanText(r.span, "Day", d.day, "Person", r.person.Name)}
	})
}

// spanText is the rule's message about a time, with its note if there is one.
func (c *check) spanText(s planfile.Span, nameValues ...any) Text {
	nameValues = append(nameValues, "From", s.From, "To", s.To)
	if note := strings.TrimSpace(s.Note); note != "" {
		return c.text("noted", append(nameValues, "Note", note)...)
	}
	return c.text("message", nameValues...)
}

// unknownRegion: with a region that nobody knows, holidays go unnoticed, and
// nobody would notice that either.
func (c *check) unknownRegion() {
	for _, s := range bothSides.sides {
		region := c.party(s).Calendar.Region
		if calendar.CheckRegion(region) == nil {
			continue
		}
		c.add(Finding{
			Severity: Warning, Field: "sides." + string(s) + ".calendar.region",
			Message:    c.text("message", "Region", clip(region), "Organisation", c.organisation(s)),
			Suggestion: c.text("suggestion"),
		})
	}
}

// freeze: in a freeze nothing gets finished, however much everybody tries.
func (c *check) freeze() {
	for _, d := range c.dates() {
		for _, f := range c.plan.Freezes {
			if d.item == "" || c.nodes[d.item].action == nil || !freezes(f, d) {
				continue
			}
			free := c.next(f.To+1, d.who)
			message := c.text("message", "Day", d.day, "From", f.From, "To", f.To)
			if f.Title != "" {
				message = c.text("titled", "Day", d.day, "From", f.From, "To", f.To, "Title", f.Title)
			}
			found := Finding{Severity: Warning, Item: d.item, Field: d.field, Message: message}
			if !free.IsZero() {
				found.Suggestion = c.text("suggestion", "After", free)
				found.Fix = &Fix{Field: d.field, Day: free}
			}
			c.add(found)
		}
	}
}

// freezes says whether a freeze forbids what a date plans.
func freezes(f planfile.Freeze, d dated) bool {
	if d.day < f.From || d.day > f.To {
		return false
	}
	if f.Blocks == "start" && d.finish || f.Blocks == "finish" && !d.finish {
		return false
	}
	return anyOf(d.who.sides, f.Side) && (len(f.Kinds) == 0 || contains(f.Kinds, d.kind))
}

func anyOf(sides []planfile.Side, s planfile.Side) bool {
	if s == "" || s == planfile.Joint {
		return true
	}
	for _, one := range sides {
		if one == s {
			return true
		}
	}
	return false
}

func contains(list []string, s string) bool {
	for _, one := range list {
		if one == s {
			return true
		}
	}
	return false
}

// missingDate: a step without a date happens last. "To be decided" is an
// answer too, but somebody has to give it.
func (c *check) missingDate() {
	for _, a := range c.todo {
		if !a.Due.IsZero() || a.DateOpen {
			continue
		}
		f := Finding{
			Severity: Warning, Item: a.ID, Field: "due",
			Message: c.text("message"), Suggestion: c.text("suggestion"),
		}
		if !a.Start.IsZero() {
			f.Message = c.text("started", "Start", a.Start)
		}
		c.add(f)
	}
}

// milestoneDate: people steer by milestones; one without a date steers nobody.
func (c *check) milestoneDate() {
	for _, m := range c.plan.Milestones {
		if !m.Date.IsZero() {
			continue
		}
		f := Finding{Severity: Warning, Item: m.ID, Field: "date", Message: c.text("message")}
		if last := c.lastStep(m.ID); !last.IsZero() {
			f.Suggestion = c.text("suggestion", "Day", last)
			f.Fix = &Fix{Field: "date", Day: last}
		}
		c.add(f)
	}
}

// lastStep is the latest due date of a milestone's own steps.
func (c *check) lastStep(milestone string) civil.Day {
	var last civil.Day
	for _, a := range c.plan.Actions {
		if a.Milestone == milestone && a.Status != planfile.Dropped {
			last = max(last, a.Due)
		}
	}
	return last
}

// dueBeforeStart: nearly always two dates that changed places, or a typing
// mistake in the month.
func (c *check) dueBeforeStart() {
	for _, a := range c.todo {
		if a.Start.IsZero() || a.Due.IsZero() || a.Due >= a.Start {
			continue
		}
		c.add(Finding{
			Severity: Error, Item: a.ID, Field: "due",
			Message:    c.text("message", "Start", a.Start, "Due", a.Due),
			Suggestion: c.text("suggestion"),
		})
	}
}

// expectedLate: the owner already says that the date will not hold, but nobody
// has asked the other side. An expectation that has itself passed is past-due's.
func (c *check) expectedLate() {
	for _, a := range c.todo {
		if a.Due.IsZero() || a.Expected <= a.Due || a.Expected < c.opt.Today {
			continue
		}
		f := Finding{
			Severity: Warning, Item: a.ID, Field: "expected",
			Message:    c.text("message", "Due", a.Due, "Expected", a.Expected),
			Suggestion: c.text("suggestion", "Expected", a.Expected),
		}
		f.Fix = &Fix{Field: "due", Day: a.Expected}
		c.add(f)
	}
}

// pastDue: a date that has gone by without a word makes every later one doubtful.
// A later expected date is a word; expected-late tells that.
func (c *check) pastDue() {
	today := c.opt.Today
	if today.IsZero() {
		return
	}
	for _, a := range c.todo {
		if a.Due.IsZero() || a.Due >= today || a.Expected > a.Due && a.Expected >= today {
			continue
		}
		c.add(Finding{
			Severity: Warning, Item: a.ID, Field: "due",
			Message: c.text("message", "Due", a.Due), Suggestion: c.text("suggestion"),
		})
	}
}

// blockedWithoutReason: nobody can clear an obstacle that has no name.
func (c *check) blockedWithoutReason() {
	for _, a := range c.todo {
		if a.Status != planfile.Blocked || strings.TrimSpace(a.BlockedBecause) != "" {
			continue
		}
		c.add(Finding{
			Severity: Warning, Item: a.ID, Field: "blockedBecause",
			Message: c.text("message"), Suggestion: c.text("suggestion"),
		})
	}
}

// weekday is the name of a day of the week.
func weekday(d civil.Day) Text {
	return say("lint.weekday." + strings.ToLower(d.Weekday().String()[:3]))
}

// organisation is a side's name for people.
func (c *check) organisation(s planfile.Side) any {
	if name := strings.TrimSpace(c.party(s).Organisation); name != "" {
		return name
	}
	return say("lint.side." + string(s))
}

// clip keeps a foreign word from filling the page.
func clip(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}
