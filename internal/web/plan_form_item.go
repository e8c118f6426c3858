package web

import (
	"tandem/internal/plan"
)

// itemMove is the command of POST {Base}/items/{item}/{move}; nil for a move
// there is none of.
func (f *form) itemMove(it *plan.Item, move string) plan.Command {
	id, version := it.ID, f.version()
	answer := func(kind plan.AnswerKind) plan.GiveAnswer {
		return plan.GiveAnswer{Item: id, Version: version, Kind: kind, Reason: f.text("because")}
	}
	switch move {
	case "stand":
		return plan.Stand{Item: id, Version: version, Digest: plan.Digest(f.text("digest"))}
	case "commit":
		return answer(plan.TakesOn)
	case "ask-date":
		a := answer(plan.OtherDate)
		a.Date = f.day("due")
		return a
	case "hand-over":
		a := answer(plan.Handed)
		a.To = plan.ID(f.text("owner"))
		return a
	case "not-mine":
		return answer(plan.NotMine)
	case "edit":
		return plan.Edit{Item: id, Version: version, Patch: f.patch(it.Terms), Milestone: f.milestone(), Reason: f.text("because")}
	case "earlier":
		due := f.day("due")
		return plan.Edit{Item: id, Version: version, Patch: plan.Patch{Due: &due}}
	case "propose":
		return plan.Propose{ID: f.newID(), Reason: f.text("reason"), Expires: f.day("until"),
			Changes: []plan.Wish{{Item: id, Version: version, Patch: f.patch(it.Terms)}}}
	case "propose-removal":
		return plan.Propose{ID: f.newID(), Reason: f.text("reason"), Expires: f.day("until"),
			Changes: []plan.Wish{{Item: id, Version: version, Remove: true}}}
	case "remove":
		return plan.Remove{Item: id, Version: version}
	case "undo":
		return plan.TakeBack{Item: id, Version: version}
	case "link", "unlink":
		return f.link(it, move == "link")
	case "workload":
		return f.workload(it)
	case "document-remove":
		return plan.RemoveDocument{ID: plan.ID(f.text("document")), Item: id}
	case "comment":
		return plan.Say{ID: f.newID(), Item: id, Text: f.text("text")}
	}
	return f.progressMove(id, version, move)
}

func (f *form) progressMove(id plan.ID, version int, move string) plan.Command {
	switch move {
	case "expect":
		return plan.Expect{Item: id, Version: version, Date: f.day("expected"), Because: f.text("because")}
	case "start":
		return plan.Start{Item: id, Version: version}
	case "report":
		return plan.Report{Item: id, Version: version, Result: f.text("result")}
	case "confirm":
		return plan.Confirm{Item: id, Version: version}
	case "dispute":
		return plan.Lacks{Item: id, Version: version, Missing: f.text("missing")}
	case "block":
		c := plan.Hinder{Item: id, Version: version, Because: f.text("because")}
		c.Waits, c.Person = f.waitsFor()
		return c
	case "tackle":
		c := plan.Tackle{Item: id, Version: version, Next: f.text("next"), NextBy: f.day("next_by")}
		if c.Waits, c.Person = f.waitsFor(); c.Waits == "" { // nobody is named: the side stays
			if b := f.v.Plan.Items[id].Progress.Block; b != nil {
				c.Waits = b.Waits
			}
		}
		return c
	case "pass":
		return plan.PassMove{Item: id, Version: version, Because: f.text("because")}
	case "unblock":
		return plan.Unhinder{Item: id, Version: version, Solved: f.text("how")}
	}
	return nil
}

// waitsFor is whose move it is: a side's, or a person's and so their side's.
func (f *form) waitsFor() (plan.Side, plan.ID) {
	w := f.text("waits_for")
	if w == string(plan.Buyer) || w == string(plan.Seller) || w == "" {
		return plan.Side(w), ""
	}
	if q := f.v.Plan.Person(plan.ID(w)); q != nil {
		return q.Side, plan.ID(w)
	}
	return "", plan.ID(w)
}

// link ties an item behind another, or unties it: between agreed items that
// is for both sides to agree.
func (f *form) link(it *plan.Item, tie bool) plan.Command {
	from := plan.ID(f.text("from"))
	before := f.v.Plan.Items[from]
	agreed := it.Bound() && before != nil && before.Bound()
	propose := func(w plan.Wish) plan.Command {
		return plan.Propose{ID: f.newID(), Reason: f.text("because"), Changes: []plan.Wish{w}}
	}
	if tie {
		id, typ, lag := f.newID(), plan.LinkType(f.text("type")), f.number("lag")
		terms := plan.Patch{From: &from, To: &it.ID, Type: &typ, Lag: &lag}
		if counted := f.text("lag_calendar"); counted != "" {
			terms.LagCalendar = &counted
		}
		if agreed {
			return propose(plan.Wish{Item: id, Link: true, Patch: terms})
		}
		return plan.Add{ID: id, Kind: plan.KindLink, Terms: terms}
	}
	for _, l := range f.v.Plan.Live(plan.KindLink) {
		if l.Terms.From == from && l.Terms.To == it.ID {
			if l.Bound() {
				return propose(plan.Wish{Item: l.ID, Version: l.Version, Remove: true})
			}
			return plan.Remove{Item: l.ID, Version: l.Version}
		}
	}
	f.bad("from", "fault.missing")
	return nil
}

// internalMove is the command of a move on one of the side's own internal
// steps.
func (f *form) internalMove(a *plan.Internal, move string) plan.PrivateCommand {
	set := plan.SetInternal{ID: a.ID, Version: f.version(), Title: a.Title.Value, Owner: a.Owner, Due: a.Due, After: a.After, Done: a.Status == plan.Done}
	switch move {
	case "report":
		set.Done = true
	case "edit":
		if f.Has("title") {
			set.Title = f.text("title")
		}
		if f.Has("due") {
			set.Due = f.day("due")
		}
		for _, name := range []string{"owner", "owner_" + string(f.v.Side())} {
			if f.Has(name) {
				set.Owner = plan.ID(f.text(name))
			}
		}
	case "remove":
		return plan.RemoveInternal{ID: a.ID, Version: f.version()}
	default:
		return nil
	}
	return set
}

// newStep is a step from the form for a new one, and the link to what comes
// before it.
func (f *form) newStep() plan.Command {
	id := f.newID()
	add := plan.Add{ID: id, Kind: plan.KindAction, Terms: f.patch(plan.Terms{Party: plan.Party(f.text("side"))})}
	if m := f.milestone(); m != nil {
		add.Details.Milestone = *m
	}
	after := plan.ID(f.text("after"))
	if after == "" {
		return add
	}
	typ := plan.FinishToStart
	return plan.Batch{add, plan.Add{ID: f.newID(), Kind: plan.KindLink, Terms: plan.Patch{From: &after, To: &id, Type: &typ}}}
}

func (f *form) newInternal() plan.PrivateCommand {
	c := plan.SetInternal{ID: f.newID(), Title: f.text("title"), Due: f.day("due")}
	for _, name := range []string{"owner", "owner_" + string(f.v.Side())} {
		if q := f.v.Plan.Person(plan.ID(f.text(name))); q != nil && q.Side == f.v.Side() {
			c.Owner = q.ID
		}
	}
	if after := plan.ID(f.text("after")); after != "" {
		c.After = []plan.ID{after}
	}
	return c
}

// risk reads the fields of a risk; probability is typed in percent.
func (f *form) risk() *plan.RiskInput {
	in := &plan.RiskInput{Title: f.text("title"), Mitigation: f.text("mitigation"), RiskDetails: plan.RiskDetails{
		Probability: f.decimal("probability") / 100, Low: f.decimal("low"), Likely: f.decimal("likely"), High: f.decimal("high"), Owner: plan.ID(f.text("owner"))}}
	for _, id := range f.Values["steps"] {
		if id != "" {
			in.Actions = append(in.Actions, plan.ID(id))
		}
	}
	return in
}
