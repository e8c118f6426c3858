package schedule

import (
	"slices"
	"strconv"
	"strings"

	"tandem/internal/civil"
	"tandem/internal/fault"
	"tandem/internal/planfile"
)

// WhatIf is what changes of the form "a10.duration=15" would do to a plan as
// of a day. The plan itself stays as it is.
//
// Faults: those of Set, FromPlan, Compile and Run.
func WhatIf(p *planfile.Plan, today civil.Day, sets []string) (*Preview, error) {
	changed := *p
	changed.Actions = slices.Clone(p.Actions)
	changed.Milestones = slices.Clone(p.Milestones)
	for _, set := range sets {
		if err := Set(&changed, set); err != nil {
			return nil, err
		}
	}
	before, err := Compute(p, today)
	if err != nil {
		return nil, err
	}
	net, err := FromPlan(&changed, today)
	if err != nil {
		return nil, err
	}
	g, err := Compile(net)
	if err != nil {
		return nil, err
	}
	return Compare(before, g)
}

// Set changes one field of a plan: "ID.field=value" for a step, "ID.date=…"
// for a milestone, "plan.start=…" or "plan.decideBy=…". Dates are YYYY-MM-DD,
// no value takes a field away.
//
// Faults: schedule.set for what cannot be read; schedule.set.unknown for an ID
// that is not there; schedule.set.field for a field with no effect on dates;
// schedule.set.value.
func Set(p *planfile.Plan, set string) error {
	target, value, ok := strings.Cut(set, "=")
	dot := strings.LastIndex(target, ".")
	if !ok || dot <= 0 {
		return fault.New(fault.Invalid, "schedule.set", "set", set)
	}
	id, field := strings.TrimSpace(target[:dot]), strings.TrimSpace(target[dot+1:])
	put, known := setter(p, id, field)
	switch {
	case !known:
		return fault.New(fault.Invalid, "schedule.set.unknown", "id", id)
	case put == nil:
		return fault.New(fault.Invalid, "schedule.set.field", "id", id, "field", field)
	case !put(strings.TrimSpace(value)):
		return fault.New(fault.Invalid, "schedule.set.value", "id", id, "field", field, "value", value)
	}
	return nil
}

// put sets a field from text; false if the text is no such value.
type put func(text string) bool

// setter finds the field; known tells whether its owner is there.
func setter(p *planfile.Plan, id, field string) (set put, known bool) {
	for i := range p.Actions {
		if p.Actions[i].ID == id {
			return actionSetter(p, &p.Actions[i], field), true
		}
	}
	for i := range p.Milestones {
		if p.Milestones[i].ID == id {
			if field == "date" {
				return day(&p.Milestones[i].Date), true
			}
			return nil, true
		}
	}
	if id != "plan" {
		return nil, false
	}
	switch field {
	case "start":
		return day(&p.Start), true
	case "decideBy":
		return day(&p.DecideBy), true
	}
	return nil, true
}

func actionSetter(p *planfile.Plan, a *planfile.Action, field string) put {
	switch field {
	case "start":
		return day(&a.Start)
	case "due":
		return day(&a.Due)
	case "expected":
		return day(&a.Expected)
	case "notBefore":
		return day(&a.NotBefore)
	case "notAfter":
		return day(&a.NotAfter)
	case "startedOn":
		return day(&a.StartedOn)
	case "doneOn":
		return day(&a.DoneOn)
	case "duration":
		return number(&a.Duration)
	case "remaining":
		return number(&a.Remaining)
	case "elapsed":
		return yesNo(&a.Elapsed)
	case "pinned":
		return yesNo(&a.Pinned)
	case "gate":
		return func(text string) bool { a.Gate = text; return true }
	case "owner":
		return func(text string) bool {
			a.Owner = text
			return text == "" || slices.ContainsFunc(p.People, func(o planfile.Person) bool { return o.ID == text })
		}
	case "status":
		return func(text string) bool {
			a.Status = planfile.Status(text)
			return slices.Contains([]planfile.Status{planfile.Open, planfile.Started, planfile.Blocked, planfile.Done, planfile.Dropped}, a.Status)
		}
	}
	return nil
}

func day(to *civil.Day) put {
	return func(text string) bool {
		if text == "" {
			*to = 0
			return true
		}
		d, err := civil.Parse(text)
		*to = d
		return err == nil
	}
}

func number(to **int) put {
	return func(text string) bool {
		if text == "" {
			*to = nil
			return true
		}
		n, err := strconv.Atoi(text)
		*to = &n
		return err == nil && n >= 0 && n <= MaxDays
	}
}

func yesNo(to *bool) put {
	return func(text string) bool {
		*to = text == "true"
		return text == "true" || text == "false"
	}
}
