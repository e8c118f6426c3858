package lint

import "math"

// buffer is what is added to the usual duration: two weeks are planned as
// three, as the method has it.
const buffer = 0.5

// tooShort: a step planned with less than its usual duration plus buffer slips
// when the first small thing goes wrong. Both are in working days of who has to
// be at work.
func (c *check) tooShort() {
	for _, a := range c.todo {
		if a.Estimate == nil || a.Estimate.Likely <= 0 || a.Elapsed || a.Start.IsZero() || a.Due < a.Start {
			continue
		}
		cal := c.calendar(c.who(a))
		if cal == nil {
			continue
		}
		planned, err := cal.Between(a.Start, a.Due+1)
		usual := a.Estimate.Likely
		wanted := int(math.Ceil(usual * (1 + buffer)))
		if err != nil || planned >= wanted {
			continue
		}
		f := Finding{
			Severity: Advice, Item: a.ID, Field: "due",
			Message:    c.text("message", "Planned", planned, "Usual", usual),
			Suggestion: c.text("suggestion", "Wanted", wanted),
		}
		if float64(planned) < usual {
			f.Severity = Warning
		}
		c.add(f)
	}
}
