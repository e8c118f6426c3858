package lint

import (
	"slices"

	"tandem/internal/calendar"
	"tandem/internal/planfile"
)

// mostGates is how many committees are looked at: nobody has more, and each has
// to be expanded day by day.
const mostGates = 200

// gateDay: what a committee approves cannot be approved between its meetings.
// Also tells of a committee whose rule gives no day.
func (c *check) gateDay() {
	rules := map[string]*calendar.Gate{}
	for _, g := range c.plan.Gates[:min(len(c.plan.Gates), mostGates)] {
		days, err := c.gate(g)
		if err != nil {
			c.add(Finding{
				Severity: Warning, Item: g.ID, Field: "rule",
				Message:    c.text("unclear", "Gate", g.Title, "Rule", clip(g.Rule)),
				Suggestion: c.text("unclear.suggestion"),
			})
			continue
		}
		if _, twice := rules[g.ID]; !twice && days != nil {
			rules[g.ID] = days
		}
	}
	for _, a := range c.todo {
		days, known := rules[a.Gate]
		if !known || a.Due.IsZero() || a.Due < c.opt.Today || slices.Contains(days.Days(), a.Due) {
			continue
		}
		f := Finding{
			Severity: Warning, Item: a.ID, Field: "due",
			Message: c.text("message", "Gate", c.gateTitle(a.Gate), "Due", a.Due),
		}
		after, ok := days.First(a.Due)
		before, _, okBefore := days.LastBy(a.Due)
		switch {
		case ok && okBefore:
			f.Suggestion = c.text("between", "Before", before, "After", after)
		case ok:
			f.Suggestion = c.text("after", "After", after)
		}
		if ok {
			f.Fix = &Fix{Field: "due", Day: after}
		}
		c.add(f)
	}
}

// gate expands a committee's days in the buyer's calendar: it is the buyer who
// has committees. Both results are nil if the plan has no calendar to do it in.
func (c *check) gate(g planfile.Gate) (*calendar.Gate, error) {
	cal := c.calendar(buyerSide)
	if cal == nil {
		return nil, nil
	}
	return cal.Gate(calendar.Rule{
		Text: g.Rule, Anchor: g.Anchor, Except: g.Except,
		LeadDays: g.LeadDays, OnHoliday: calendar.OnHoliday(g.OnHoliday),
	})
}

func (c *check) gateTitle(id string) string {
	for _, g := range c.plan.Gates {
		if g.ID == id {
			return g.Title
		}
	}
	return ""
}
