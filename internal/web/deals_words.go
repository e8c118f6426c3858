package web

import (
	"cmp"
	"strings"

	"tandem/internal/app"
	"tandem/internal/civil"
	"tandem/internal/locale"
	"tandem/internal/plan"
	"tandem/internal/web/view"
)

// dealAnswer says in sentences how a deal stands: whether it has a plan, and
// whether the plan and the CRM mean the same day.
func dealAnswer(l *locale.Locale, d app.DealView) []string {
	var out []string
	add := func(key string, nameValues ...any) { out = append(out, l.T(key, nameValues...)) }
	switch r := d.Row; {
	case r == nil && d.Ended != app.DealOpen:
		add("deal.answer.ended")
	case r == nil && d.Advice != "":
		add("deal.answer.advice." + d.Advice)
	case r == nil:
		add("deal.answer.none")
	case r.Phase == plan.Draft:
		add("deal.answer.draft", "Title", r.Title)
	case r.Phase == plan.Shared:
		add("deal.answer.shared", "Title", r.Title, "Buyer", r.Buyer)
	case r.Phase == plan.Agreed:
		add("deal.answer.agreed", "Title", r.Title, "Buyer", r.Buyer)
	default:
		add("deal.answer.over", "Title", r.Title)
	}
	if d.Row != nil && d.Ended == app.DealOpen {
		decide, _ := civil.Parse(d.Row.DecideBy) // no day if there is none
		switch agreed := d.Row.Phase == plan.Agreed; {
		case decide.IsZero() || d.Close.IsZero():
		case decide == d.Close:
			add("deal.answer.same", "Day", decide)
		case decide > d.Close && agreed:
			add("deal.answer.later", "Close", d.Close, "Day", decide)
		case agreed:
			add("deal.answer.earlier", "Close", d.Close, "Day", decide)
		default:
			add("deal.answer.differ", "Close", d.Close, "Day", decide)
		}
	}
	if times, days := d.Slips(); times > 0 && days > 0 {
		out = append(out, l.T("deal.answer.slips", "N", times)+" "+l.T("deal.answer.slips.days", "N", days))
	}
	return out
}

// changeStories are the changes of a deal in sentences.
func changeStories(l *locale.Locale, d app.DealView) []view.DealStory {
	var out []view.DealStory
	for _, x := range d.Changes {
		was, now := dealValue(l, x.Field, x.Was), dealValue(l, x.Field, x.Now)
		key := "deal.change." + x.Field
		switch {
		case was == "":
			key += ".set"
		case now == "":
			key += ".gone"
		case x.Field == app.ChangedClose && x.Now > x.Was:
			key += ".later"
		case x.Field == app.ChangedClose:
			key += ".earlier"
		}
		by := d.Names[x.Member]
		if x.Listed {
			by = l.T("deal.change.listed", "Name", by)
		}
		out = append(out, view.DealStory{When: x.At, By: by, Text: l.T(key, "Was", was, "Now", now), Mark: x.Field})
	}
	return out
}

func dealValue(l *locale.Locale, field, text string) string {
	switch field {
	case app.ChangedClose:
		day, err := civil.Parse(text)
		if err != nil {
			return ""
		}
		return l.Date(day)
	case app.ChangedAmount:
		minor, code := app.ChangedMoney(text)
		return money(l, minor, code)
	}
	return text
}

// summaryOf are the lines a seller pastes into the CRM, in their language.
func summaryOf(l *locale.Locale, s app.DealSummary, link string) *view.DealSum {
	var lines []string
	add := func(key string, nameValues ...any) { lines = append(lines, l.T(key, nameValues...)) }
	p := s.Plan
	add("deal.sum.head", "Title", p.Items[plan.DecisionItem].Terms.Title.Value, "Day", s.Today, "State", l.T("deal.phase."+string(p.Phase)))
	if it := s.Next; it != nil {
		add("deal.sum.next", "Step", it.Terms.Title.Value, "Who", ownersOf(l, p, it), "When", dueOf(l, it))
	}
	due := p.Items[plan.DecisionItem].Terms.Due
	switch {
	case due.IsZero() && s.Ready.IsZero():
		add("deal.sum.decide.open")
	case due.IsZero():
		add("deal.sum.decide.ready", "Ready", s.Ready)
	case s.Ready.IsZero():
		add("deal.sum.decide", "Day", due)
	case s.Late:
		add("deal.sum.decide.late", "Day", due, "Ready", s.Ready)
	default:
		add("deal.sum.decide.both", "Day", due, "Ready", s.Ready)
	}
	for _, side := range []plan.Side{plan.Buyer, plan.Seller} {
		done, total := app.Progress(p, side)
		add("deal.sum.progress", "Name", p.Organisation.Of(side).Value, "Done", done, "Total", total)
	}
	for _, it := range s.Blocked {
		b := it.Progress.Block
		add("deal.sum.blocked", "Step", it.Terms.Title.Value, "What", b.Because.Value, "Since", b.Since)
	}
	for _, x := range s.Proposals {
		key := "deal.sum.proposal.theirs"
		if x.Side == p.Home {
			key = "deal.sum.proposal.ours"
		}
		add(key, "Name", p.Organisation.Of(x.Side.Other()).Value, "Day", x.Expires)
	}
	if s.LastBuyer.IsZero() {
		add("deal.sum.buyer.never", "Name", p.Organisation.Buyer.Value)
	} else {
		add("deal.sum.buyer", "Name", p.Organisation.Buyer.Value, "When", civil.On(s.LastBuyer, s.Zone))
	}
	lines = append(lines, link)
	return &view.DealSum{Text: strings.Join(lines, "\n"), Lines: len(lines)}
}

// ownersOf names who does a step, with their organisations.
func ownersOf(l *locale.Locale, p *plan.Plan, it *plan.Item) string {
	var names []string
	for _, side := range []plan.Side{plan.Buyer, plan.Seller} {
		if !it.Terms.Party.Includes(side) {
			continue
		}
		org := p.Organisation.Of(side).Value
		if q := p.Person(it.Terms.Owners.Of(side)); q != nil && !q.Erased() {
			names = append(names, q.Name.Value+" ("+org+")")
		} else {
			names = append(names, org)
		}
	}
	return l.List(names)
}

func dueOf(l *locale.Locale, it *plan.Item) string {
	due, expected := it.Terms.Due, it.Progress.Expected
	switch {
	case due.IsZero() && expected.IsZero():
		return l.T("deal.sum.date.open")
	case due.IsZero():
		return l.T("deal.sum.date.expected", "Day", expected)
	case !expected.IsZero() && expected != due:
		return l.T("deal.sum.date.both", "Day", due, "Expected", cmp.Or(expected, due))
	case it.Agreed != nil:
		return l.T("deal.sum.date.agreed", "Day", due)
	}
	return l.T("deal.sum.date.planned", "Day", due)
}
