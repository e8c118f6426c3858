package present

import (
	"slices"
	"strings"

	"tandem/internal/app"
	"tandem/internal/civil"
	"tandem/internal/plan"
	"tandem/internal/web/view"
)

// asks is what waits for the reader, the most urgent first.
func (pr *presenter) asks() []view.Ask {
	var out []view.Ask
	p := pr.p
	switch state(p) {
	case view.Left:
		return []view.Ask{{Kind: view.AskLeft, By: pr.party(p.LeftBy).Name, BySide: view.Side(p.LeftBy), Reason: p.LeftBecause.Value}}
	case view.Decided, view.Archived:
		return []view.Ask{{Kind: view.AskDecided, By: pr.name(p.Outcome.By), Reason: p.Outcome.Reason.Value, Due: p.Outcome.On, MayAct: p.Leads(pr.v.Me.ID) && p.Phase == plan.Decided}}
	case view.Paused:
		out = append(out, view.Ask{Kind: view.AskPaused, By: pr.name(p.Paused.By), BySide: view.Side(p.Paused.Side),
			Reason: p.Paused.Reason.Value, Due: p.Paused.Review, MayAct: p.Leads(pr.v.Me.ID)})
	}
	for _, x := range p.OpenProposals() {
		if x.OpenOn(pr.v.Today) {
			out = append(out, pr.askProposal(x))
		}
	}
	slices.SortStableFunc(out, func(a, b view.Ask) int { return rank(a) - rank(b) })
	out = append(pr.askRunning(), out...)
	out = append(out, pr.askBroken()...)
	out = append(out, pr.askShift()...)
	out = append(out, pr.askSlips()...)
	out = append(out, pr.askMissed()...)
	out = append(out, pr.askWait()...)
	out = append(out, pr.askNewcomers()...)
	out = append(out, pr.askWay()...)
	out = append(out, pr.askCommits()...)
	out = append(out, pr.askAgreement()...)
	// What the reader's own side asked for waits for others: it comes last.
	slices.SortStableFunc(out, func(a, b view.Ask) int { return rank(a)/2 - rank(b)/2 })
	return out
}

// rank puts what the reader can answer before what waits for others.
func rank(a view.Ask) int {
	switch {
	case a.Own:
		return 2
	case a.MayAct:
		return 0
	}
	return 1
}

func (pr *presenter) askProposal(x *plan.Proposal) view.Ask {
	a := view.Ask{Kind: view.AskProposal, ID: string(x.ID), By: pr.name(x.By), BySide: view.Side(x.Side), Reason: x.Reason.Value,
		Expires: x.Expires, Digest: string(x.Digest()), Own: x.Side == pr.v.Side(), MayAct: pr.moves && x.Side != pr.v.Side() && pr.v.Me.MayAgree()}
	if a.Own {
		a.MayAct = pr.moves && (x.By == pr.v.Me.ID || pr.p.Leads(pr.v.Me.ID))
	}
	for _, c := range x.Changes {
		a.Changes = append(a.Changes, pr.changes(c)...)
	}
	if x.Counters != "" {
		a.Note = pr.l.T("state.proposal.counter")
	}
	a.Beyond = pr.beyond(x)
	return a
}

// changes tells one change of a proposal field by field, old and new.
func (pr *presenter) changes(c plan.Change) []view.Change {
	switch {
	case c.Remove:
		out := []view.Change{{Item: pr.title(c.Item), Field: pr.l.T("state.field.removal"), New: pr.l.T("state.field.removed")}}
		for _, id := range c.With {
			out = append(out, view.Change{Item: pr.title(id), New: pr.l.T("state.field.removed")})
		}
		return out
	case c.Add:
		return []view.Change{{Field: pr.l.T("state.field.link"), New: pr.l.T("state.link", "From", pr.title(c.New.From), "To", pr.title(c.New.To))}}
	}
	return pr.differences(pr.title(c.Item), c.Old, c.New)
}

// differences are the fields in which terms differ, ready to read.
func (pr *presenter) differences(item string, old, now plan.Terms) []view.Change {
	var out []view.Change
	for _, f := range old.Differ(now) {
		ch := view.Change{Item: item}
		switch f {
		case plan.FieldDue:
			ch.Old, ch.New = pr.due(old), pr.due(now)
		case plan.FieldTitle:
			ch.Field, ch.Old, ch.New = pr.l.T("state.field.title"), old.Title.Value, now.Title.Value
		case plan.FieldDoneWhen:
			ch.Field, ch.Old, ch.New = pr.l.T("state.field.doneWhen"), old.DoneWhen.Value, now.DoneWhen.Value
		case plan.FieldParty:
			ch.Field, ch.Old, ch.New = pr.l.T("state.field.side"), pr.sideName(old.Party), pr.sideName(now.Party)
		case plan.FieldBuyerOwner:
			ch.Field, ch.Old, ch.New = pr.l.T("state.field.owner"), pr.ownerName(old.Owners.Buyer), pr.ownerName(now.Owners.Buyer)
		case plan.FieldSellerOwner:
			ch.Field, ch.Old, ch.New = pr.l.T("state.field.owner"), pr.ownerName(old.Owners.Seller), pr.ownerName(now.Owners.Seller)
		case plan.FieldLink:
			ch.Field = pr.l.T("state.field.link")
			ch.Old, ch.New = pr.l.T("state.link", "From", pr.title(old.From), "To", pr.title(old.To)), pr.l.T("state.link", "From", pr.title(now.From), "To", pr.title(now.To))
		}
		out = append(out, ch)
	}
	return out
}

func (pr *presenter) due(t plan.Terms) string {
	if t.Due.IsZero() {
		return pr.l.T("state.date.open")
	}
	return pr.l.Date(t.Due)
}

func (pr *presenter) ownerName(id plan.ID) string {
	if id == "" {
		return pr.l.T("state.owner.open")
	}
	return pr.name(id)
}

func (pr *presenter) sideName(party plan.Party) string {
	if party == plan.Joint {
		return pr.l.T("plan.both")
	}
	return pr.party(plan.Side(party)).Short
}

// askWait tells a reader who only typed a name at the link that they may read,
// and who lets them in: their own side's lead, else the lead of the plan's home.
func (pr *presenter) askWait() []view.Ask {
	me := pr.v.Me
	if !waits(me) {
		return nil
	}
	leads := pr.p.LeadsOf(me.Side)
	if len(leads) == 0 {
		leads = pr.p.LeadsOf(pr.p.Home)
	}
	a := view.Ask{Kind: view.AskWait, By: pr.party(pr.p.Home).Name}
	if len(leads) > 0 {
		a.By = pr.name(leads[0].ID)
	}
	return []view.Ask{a}
}

// askNewcomers: who came in through the link and is known to nobody yet.
func (pr *presenter) askNewcomers() []view.Ask {
	var out []view.Ask
	for _, q := range pr.p.Everybody() {
		if waits(q) && q.ID != pr.v.Me.ID && pr.mayLetIn(q) {
			note := pr.newcomer(q)
			out = append(out, view.Ask{Kind: view.AskNewcomer, ID: string(q.ID), Title: q.Name.Value, BySide: view.Side(q.Side),
				Note: note, Reason: q.Note.Value, MayAct: true, Version: uint64(q.Version)})
		}
	}
	return out
}

// mayLetIn: the lead of the person's side; for the first lead of the other
// side, the lead of the plan's home.
func (pr *presenter) mayLetIn(q *plan.Person) bool {
	me := pr.v.Me
	if !pr.moves || !pr.p.Leads(me.ID) {
		return false
	}
	return q.Side == me.Side || me.Side == pr.p.Home && len(pr.p.LeadsOf(q.Side)) == 0
}

// askCommits: steps the reader is proposed for and has not answered.
func (pr *presenter) askCommits() []view.Ask {
	if !pr.moves || pr.p.Phase == plan.Draft {
		return nil
	}
	var out []view.Ask
	for _, it := range pr.p.Live(plan.KindAction) {
		if it.Terms.Owners.Of(pr.v.Side()) == pr.v.Me.ID && it.Asked(pr.v.Side()) && len(out) < 3 {
			out = append(out, view.Ask{Kind: view.AskCommit, ID: string(it.ID), Title: pr.titleOf(it), By: pr.name(it.ChangedBy), Due: it.Terms.Due,
				Version: uint64(it.Version), Digest: string(it.Digest), MayAct: true})
		}
	}
	return out
}

// askAgreement: the plan to accept, or new steps to stand behind.
func (pr *presenter) askAgreement() []view.Ask {
	p, side := pr.p, pr.v.Side()
	if !pr.moves || (p.Phase != plan.Shared && p.Phase != plan.Agreed) {
		return nil
	}
	if p.Phase == plan.Agreed {
		var seen []string
		var named []view.Missing
		for _, it := range p.Live() {
			if it.Kind.HasTerms() && !it.StandsBehind(side) {
				seen = append(seen, string(it.ID)+"="+string(it.Digest))
				named = append(named, view.Missing{Text: pr.acceptedTitle(it), Who: pr.acceptedTerms(it), Href: pr.hrefOf(it)})
			}
		}
		if len(named) > mostAtOnce {
			named = nil
		}
		if len(seen) == 0 || !pr.v.Me.MayAgree() {
			return nil
		}
		return []view.Ask{{Kind: view.AskNew, Count: len(seen), Seen: seen, Missing: named, MayAct: true}}
	}
	if !pr.canAccept() || !p.Leads(pr.v.Me.ID) {
		return nil
	}
	a := view.Ask{Kind: view.AskAccept, Missing: pr.missing(), MayAct: true, Version: uint64(p.Items[plan.DecisionItem].Version)}
	if x := p.Accepted.Of(side.Other()); x.Digest == p.Digest() {
		a.Accepted = pr.l.T("state.accepted.by", "Name", pr.name(x.By), "Date", civil.On(x.At, pr.v.Zone))
	}
	return []view.Ask{a}
}

// mostAtOnce is how many new items are named in the question, so that one yes
// may cover them: nobody stands behind what the page did not show them.
const mostAtOnce = 12

func (pr *presenter) hrefOf(it *plan.Item) string {
	if it.Kind == plan.KindAction {
		return pr.o.Base + "/items/" + string(it.ID)
	}
	return pr.o.Base + "/goals"
}

func (pr *presenter) missing() []view.Missing {
	var out []view.Missing
	for _, m := range pr.p.Missing() {
		x := view.Missing{Text: pr.l.T("state.missing."+m.What, "What", pr.title(m.Item)), Href: pr.o.Base + "/items/" + string(m.Item)}
		if m.Item == plan.DecisionItem {
			x.Href = pr.o.Base + "/title"
		} else if it := pr.p.Items[m.Item]; it.Kind != plan.KindAction {
			x.Href = pr.o.Base + "/goals#m-" + string(m.Item)
		}
		if m.Side != "" {
			x.Who = pr.party(m.Side).Short
		}
		out = append(out, x)
	}
	return out
}

// Acceptance is everything a lead stands behind by accepting, as it is shown
// and sent, and what is missing before the plan can be agreed.
func Acceptance(v app.View, language, base string) ([]view.OpenItem, []view.Missing) {
	pr := newPresenter(v, Options{Language: language, Base: base})
	var out []view.OpenItem
	for _, it := range v.Plan.Live() {
		if it.Kind.HasTerms() {
			out = append(out, view.OpenItem{ID: string(it.ID), Digest: string(it.Digest), Title: pr.acceptedTitle(it), Terms: pr.acceptedTerms(it), Seal: seal(it)})
		}
	}
	return out, pr.missing()
}

func (pr *presenter) acceptedTitle(it *plan.Item) string {
	if it.ID == plan.DecisionItem {
		return pr.l.T("state.decision") + ": " + it.Terms.Title.Value
	}
	return pr.titleOf(it)
}

// acceptedTerms is who does it by when.
func (pr *presenter) acceptedTerms(it *plan.Item) string {
	var parts []string
	for _, s := range []plan.Side{plan.Buyer, plan.Seller} {
		if it.Kind == plan.KindAction && it.Terms.Party.Includes(s) {
			parts = append(parts, pr.ownerName(it.Terms.Owners.Of(s)))
		}
	}
	switch {
	case !it.Terms.Due.IsZero():
		parts = append(parts, pr.l.T("state.until", "Day", pr.l.Day(it.Terms.Due)))
	case it.Kind == plan.KindAction || it.Kind == plan.KindMilestone || it.Kind == plan.KindDecision:
		parts = append(parts, pr.l.T("state.date.open"))
	}
	if it.Terms.DoneWhen.Value != "" {
		parts = append(parts, it.Terms.DoneWhen.Value)
	}
	return strings.Join(parts, ", ")
}

// askRunning: a check-in is being held.
func (pr *presenter) askRunning() []view.Ask {
	r := pr.p.OpenRun()
	if r == nil {
		return nil
	}
	return []view.Ask{{Kind: view.AskRunning, Note: pr.l.T("run.ask.running", "Name", pr.name(r.OpenedBy)), Title: PathOfRun(pr.o.Base, r), MayAct: true}}
}

// askMissed tells the home side that a check-in did not take place. The other
// side reads it where check-ins are planned, as a plain line.
func (pr *presenter) askMissed() []view.Ask {
	if pr.v.Side() != pr.p.Home || pr.v.Me.Verified == "" {
		return nil
	}
	m, missed := app.LastMissed(pr.p, pr.v.Now, pr.v.Zone)
	if !missed {
		return nil
	}
	n := len(app.MissedCheckIns(pr.p, pr.v.Now, pr.v.Zone))
	return []view.Ask{{Kind: view.AskMissed, Note: pr.l.T("run.ask.missed", "Day", pr.l.Day(civil.On(m.Start, pr.v.Zone))), Reason: pr.l.T("run.ask.missed.why", "N", n)}}
}
