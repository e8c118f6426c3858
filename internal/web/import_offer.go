package web

import (
	"strings"
	"time"

	"tandem/internal/civil"
	"tandem/internal/fault"
	"tandem/internal/planfile"
	"tandem/internal/sheet"
)

// offer is something a note says that a person may want in the plan, and what
// they said about it.
type offer struct {
	sheet.Suggestion
	key      string
	taken    bool
	from, to civil.Day
	rule     string
	anchor   civil.Day
	broken   bool // a day somebody typed is none
}

// offersOf reads the notes; nothing is taken without a person's yes.
func offersOf(v *visit, p *planfile.Plan, today civil.Day, again bool) []offer {
	var all []offer
	used := map[string]int{}
	for _, s := range sheet.Suggest(*p) {
		key := s.Kind + "." + s.Action
		if used[key]++; used[key] > 1 {
			key += "." + string(rune('a'+used[key]%26))
		}
		o := offer{Suggestion: s, key: key, from: s.From, to: s.To}
		if len(s.Rules) > 0 {
			o.rule, o.anchor = s.Rules[0], firstMeeting(s, p, today)
		}
		if again {
			o.answered(v)
		}
		all = append(all, o)
	}
	return all
}

// answered takes over what the form says about an offer.
func (o *offer) answered(v *visit) {
	o.taken = v.PostFormValue("offer."+o.key) != ""
	set := func(to *civil.Day, field string) {
		if _, shown := v.PostForm[field]; shown {
			d, err := day(v.field(field))
			*to, o.broken = d, o.broken || err != nil
		}
	}
	set(&o.from, "from."+o.key)
	set(&o.to, "to."+o.key)
	set(&o.anchor, "anchor."+o.key)
	for _, r := range o.Rules {
		if r == v.PostFormValue("rule."+o.key) {
			o.rule = r
		}
	}
}

var weekdays = map[string]time.Weekday{"MO": time.Monday, "TU": time.Tuesday, "WE": time.Wednesday, "TH": time.Thursday, "FR": time.Friday}

// firstMeeting is a day on which a committee could meet: its weekday on or
// before the step's date. Which week is right, only a person knows.
func firstMeeting(s sheet.Suggestion, p *planfile.Plan, today civil.Day) civil.Day {
	at := today
	for _, a := range p.Actions {
		if a.ID == s.Action && !a.Due.IsZero() {
			at = a.Due
		}
	}
	for code, day := range weekdays {
		if strings.HasSuffix(s.Rules[0], code) {
			for at.Weekday() != day {
				at--
			}
		}
	}
	return at
}

// take puts an offer into the plan.
func (o *offer) take(p *planfile.Plan) error {
	switch o.Kind {
	case "absence":
		return o.takeAbsence(p)
	case "gate":
		if o.broken || o.anchor.IsZero() {
			return fault.New(fault.Invalid, "pages.fault.offer.anchor", "Text", o.Text)
		}
		id := "gate-" + o.Action
		p.Gates = append(p.Gates, planfile.Gate{ID: id, Title: o.Title, Rule: o.rule, Anchor: o.anchor})
		o.onAction(p, func(a *planfile.Action) { a.Gate = id })
	case "milestone":
		id := "milestone-" + o.Action
		p.Milestones = append(p.Milestones, planfile.Milestone{ID: id, Title: o.Title, Date: o.Date})
		o.onAction(p, func(a *planfile.Action) { a.Milestone = id })
	case "open":
		o.onAction(p, func(a *planfile.Action) { a.DateOpen = a.Due.IsZero() })
	}
	return nil
}

func (o *offer) takeAbsence(p *planfile.Plan) error {
	if o.broken || o.from.IsZero() || o.to.IsZero() || o.to < o.from {
		return fault.New(fault.Invalid, "pages.fault.offer.days", "Text", o.Text)
	}
	for i := range p.People {
		if p.People[i].ID == o.Person {
			p.People[i].Absences = append(p.People[i].Absences, planfile.Span{From: o.from, To: o.to})
		}
	}
	return nil
}

func (o *offer) onAction(p *planfile.Plan, change func(*planfile.Action)) {
	for i := range p.Actions {
		if p.Actions[i].ID == o.Action {
			change(&p.Actions[i])
		}
	}
}
