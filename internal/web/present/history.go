package present

import (
	"cmp"
	"strings"
	"time"

	"tandem/internal/app"
	"tandem/internal/civil"
	"tandem/internal/plan"
	"tandem/internal/web/view"
)

// history tells events as sentences in the reader's language, newest first.
func (pr *presenter) history(entries []app.Entry) []view.Entry {
	var out []view.Entry
	for _, e := range entries {
		s := pr.sentence(e)
		if s.text == "" {
			continue
		}
		x := view.Entry{Seq: uint64(e.Seq), When: e.At, Side: view.Side(e.Side), Text: s.text, Why: s.why, Item: string(s.item)}
		if it := pr.p.Items[s.item]; it != nil && it.Undo != nil && it.Undo.Seq == e.Seq {
			x.Undo = pr.undo(it)
		}
		out = append(out, x)
	}
	return out
}

// told is an event in words.
type told struct {
	text, why string
	item      plan.ID
}

// About is the item an event is about; empty if it is about none.
func About(ev plan.Event) plan.ID {
	switch e := ev.(type) {
	case *plan.ItemAdded:
		return e.Item
	case *plan.ItemEdited:
		return e.Item
	case *plan.ItemDeviated:
		return e.Item
	case *plan.ItemDetailed:
		return e.Item
	case *plan.ItemStood:
		return e.Item
	case *plan.ItemRemoved:
		return e.Item
	case *plan.ItemUndone:
		return e.Item
	case *plan.OwnerAnswered:
		return e.Item
	case *plan.ActionExpected:
		return e.Item
	case *plan.ActionStarted:
		return e.Item
	case *plan.ActionDone:
		return e.Item
	case *plan.ActionConfirmed:
		return e.Item
	case *plan.ActionReopened:
		return e.Item
	case *plan.ActionBlocked:
		return e.Item
	case *plan.ActionUnblocked:
		return e.Item
	case *plan.ActionTackled:
		return e.Item
	case *plan.ActionPassed:
		return e.Item
	case *plan.CheckInNoted:
		return e.Item
	case *plan.CommentAdded:
		return e.Item
	case *plan.DocumentAdded:
		return e.Item
	case *plan.DocumentRemoved:
		return e.Item
	}
	return ""
}

// Touches reports whether an event concerns an item: it is about it, or a
// proposal with it.
func Touches(p *plan.Plan, ev plan.Event, item plan.ID) bool {
	var id plan.ID
	switch e := ev.(type) {
	case *plan.ProposalMade:
		id = e.Proposal
	case *plan.ProposalAccepted:
		id = e.Proposal
	case *plan.ProposalClosed:
		id = e.Proposal
	default:
		return About(ev) == item
	}
	if x := p.Proposals[id]; x != nil {
		for _, c := range x.Changes {
			if c.Item == item {
				return true
			}
		}
	}
	return false
}

func (pr *presenter) sentence(e app.Entry) told {
	who := pr.name(e.Actor)
	say := func(key string, nameValues ...any) string {
		return pr.l.T("history."+key, append([]any{"Who", who}, nameValues...)...)
	}
	if t, ok := pr.planSentence(e, say); ok {
		return t
	}
	if t, ok := pr.personSentence(e, say); ok {
		return t
	}
	if t, ok := pr.proposalSentence(e, say); ok {
		return t
	}
	if t, ok := pr.checkInSentence(e, say); ok {
		return t
	}
	if t, ok := pr.sessionSentence(e, say); ok {
		return t
	}
	t := pr.itemSentence(e, say)
	t.item = About(e.Event)
	return t
}

type sayer func(key string, nameValues ...any) string

func (pr *presenter) planSentence(e app.Entry, say sayer) (told, bool) {
	switch ev := e.Event.(type) {
	case *plan.PlanCreated:
		return told{text: say("created")}, true
	case *plan.PlanShared:
		return told{text: say("shared")}, true
	case *plan.PlanSettingsChanged:
		return told{text: say("settings")}, true
	case *plan.PlanAccepted:
		return told{text: say("accepted", "Side", pr.party(ev.Side).Short)}, true
	case *plan.PlanAgreed:
		return told{text: say("agreed", "Revision", ev.Revision)}, true
	case *plan.ItemsAgreed:
		var titles []string
		for _, id := range ev.Items {
			titles = append(titles, pr.title(id))
		}
		return told{text: say("itemsAgreed", "What", pr.l.List(few(titles, pr)), "Revision", ev.Revision)}, true
	case *plan.PlanPaused:
		return told{text: say("paused", "Review", ev.Review), why: ev.Reason.Value}, true
	case *plan.PlanResumed:
		return told{text: say("resumed")}, true
	case *plan.PlanLeft:
		return told{text: say("left", "Side", pr.party(ev.Side).Name), why: ev.Reason.Value}, true
	case *plan.PlanDecided:
		key := "decided." + string(ev.Outcome)
		if ev.Corrected {
			key = "corrected." + string(ev.Outcome)
		}
		return told{text: say(key), why: ev.Reason.Value}, true
	case *plan.PlanArchived:
		return told{text: say("archived")}, true
	case *plan.ErasureDone:
		return told{text: say("erasure")}, true
	case *plan.PaperShared:
		if ev.Number > 1 {
			return told{text: say("paperSharedAgain", "N", ev.Number)}, true
		}
		return told{text: say("paperShared")}, true
	}
	return told{}, false
}

// few keeps a list readable.
func few(titles []string, pr *presenter) []string {
	if len(titles) <= 4 {
		return titles
	}
	return append(titles[:3:3], pr.l.T("history.more", "N", len(titles)-3))
}

func (pr *presenter) personSentence(e app.Entry, say sayer) (told, bool) {
	switch ev := e.Event.(type) {
	case *plan.PersonAdded:
		side := pr.party(ev.Person.Side).Short
		if ev.Person.ID == e.Actor {
			return told{text: say("joined", "Side", side)}, true
		}
		return told{text: say("personAdded", "Name", pr.name(ev.Person.ID), "Side", side), why: ev.Person.Note.Value}, true
	case *plan.PersonEdited:
		return told{text: say("personEdited", "Name", pr.name(ev.Person))}, true
	case *plan.PersonAccess:
		if ev.Access == plan.None {
			return told{text: say("accessNone", "Name", pr.name(ev.Person))}, true
		}
		return told{text: say("access", "Name", pr.name(ev.Person), "Right", pr.l.T("state.right."+string(ev.Access)))}, true
	case *plan.PersonRecognised:
		return told{text: say("recognised", "Name", pr.name(ev.As), "Right", pr.l.T("state.right."+string(ev.Access)))}, true
	case *plan.PersonArrived:
		side := pr.party(e.Side).Short
		if !ev.Proven {
			return told{text: say("arrivedByLink", "Side", side)}, true
		}
		return told{text: say("arrived", "Side", side)}, true
	case *plan.PersonAsked:
		return told{text: say("asked", "Side", pr.party(ev.Person.Side).Short), why: ev.Person.Note.Value}, true
	case *plan.PersonDisowned:
		return told{text: say("disowned", "Name", pr.name(ev.Person))}, true
	case *plan.DomainsAllowed:
		if len(ev.Domains) == 0 {
			return told{text: say("domainsNone", "Side", pr.party(ev.Side).Short)}, true
		}
		return told{text: say("domains", "Side", pr.party(ev.Side).Short, "Domains", pr.l.List(ev.Domains))}, true
	case *plan.PersonLeft:
		return told{text: say("personLeft", "Name", pr.name(ev.Person))}, true
	case *plan.StandInNamed:
		if ev.Person == "" {
			return told{text: say("standInNone")}, true
		}
		return told{text: say("standIn", "Name", pr.name(ev.Person))}, true
	case *plan.LeadClaimed:
		return told{text: say("claimed", "Side", pr.party(ev.Side).Short, "After", ev.After)}, true
	case *plan.LeadClaimEnded:
		if ev.Won {
			return told{text: say("claimWon", "Side", pr.party(ev.Side).Short)}, true
		}
		return told{text: say("claimEnded", "Side", pr.party(ev.Side).Short)}, true
	}
	return told{}, false
}

func (pr *presenter) proposalSentence(e app.Entry, say sayer) (told, bool) {
	switch ev := e.Event.(type) {
	case *plan.ProposalMade:
		var parts []string
		for _, c := range ev.Changes {
			for _, x := range pr.changes(c) {
				parts = append(parts, pr.l.T("history.change", "What", label(x), "Old", x.Old, "New", x.New))
			}
		}
		key := "proposed"
		if ev.Counters != "" {
			key = "countered"
		}
		return told{text: say(key, "Changes", closed(strings.Join(few(parts, pr), "; "))), why: ev.Reason.Value}, true
	case *plan.ProposalAccepted:
		return told{text: say("proposalAccepted", "Name", pr.proposer(ev.Proposal), "After", pr.waited(ev.Waited), "Revision", ev.Revision)}, true
	case *plan.ProposalClosed:
		switch ev.Status {
		case plan.Countered:
			return told{}, true // the counter-proposal tells it
		case plan.Superseded:
			var titles []string
			for _, id := range ev.Because {
				titles = append(titles, pr.title(id))
			}
			return told{text: say("proposal.superseded", "Name", pr.proposer(ev.Proposal), "What", pr.l.List(titles))}, true
		}
		return told{text: say("proposal."+string(ev.Status), "Name", pr.proposer(ev.Proposal)), why: ev.Answer.Value}, true
	}
	return told{}, false
}

func label(c view.Change) string {
	return strings.Join(nonEmpty(c.Item, c.Field), ", ")
}

func nonEmpty(parts ...string) []string {
	var out []string
	for _, p := range parts {
		if p != "" {
			out = append(out, p)
		}
	}
	return out
}

func (pr *presenter) proposer(id plan.ID) string {
	if x := pr.p.Proposals[id]; x != nil {
		return pr.name(x.By)
	}
	return pr.l.T("state.person.system")
}

// waited is how long an answer took, as people say it.
func (pr *presenter) waited(d time.Duration) string {
	switch {
	case d < 2*time.Minute:
		return pr.l.T("history.after.moment")
	case d < 90*time.Minute:
		return pr.l.T("history.after.minutes", "N", int(d.Minutes()))
	case d < 36*time.Hour:
		return pr.l.T("history.after.hours", "N", int(d.Hours()+0.5))
	}
	return pr.l.T("history.after.days", "N", int(d.Hours()/24+0.5))
}

func (pr *presenter) itemSentence(e app.Entry, say sayer) told {
	id := About(e.Event)
	what := pr.title(id)
	switch ev := e.Event.(type) {
	case *plan.ItemAdded:
		if ev.Item == plan.DecisionItem {
			return told{}
		}
		return told{text: say("added."+string(ev.ItemKind), "What", what)}
	case *plan.ItemEdited:
		return told{text: say("edited", "What", what, "Changes", pr.told(ev.Old, ev.New))}
	case *plan.ItemDeviated:
		return told{text: say("deviated."+string(ev.Rule), "What", what, "Changes", pr.told(ev.Old, ev.New)), why: ev.Reason.Value}
	case *plan.ItemDetailed:
		return told{text: pr.detailed(say, what, ev)}
	case *plan.ItemStood:
		return told{text: say("stood", "What", what, "Side", pr.party(e.Side).Short)}
	case *plan.ItemRemoved:
		return told{text: say("removed", "What", what)}
	case *plan.ItemUndone:
		return told{text: say("undone", "What", what)}
	case *plan.OwnerAnswered:
		return told{text: say("answered."+string(ev.Answer), "What", what, "Date", ev.Date, "To", pr.name(ev.To)), why: ev.Reason.Value}
	case *plan.CommentAdded:
		if ev.Item == "" {
			return told{text: say("commentedPlan"), why: ev.Text.Value}
		}
		return told{text: say("commented", "What", what), why: ev.Text.Value}
	case *plan.DocumentAdded:
		key := "documentAdded"
		switch {
		case ev.Delivered:
			key = "documentDelivered"
		case ev.Replaces != "":
			key = "documentReplaced"
		}
		return told{text: say(key, "What", what, "Title", closed(pr.addedTitle(ev)))}
	case *plan.DocumentRemoved:
		return told{text: say("documentRemoved", "What", what)}
	}
	return pr.progressSentence(e, say, what)
}

func (pr *presenter) progressSentence(e app.Entry, say sayer, what string) told {
	switch ev := e.Event.(type) {
	case *plan.ActionExpected:
		if ev.Date.IsZero() {
			return told{text: say("expectedNone", "What", what)}
		}
		return told{text: say("expected", "What", what, "Date", ev.Date), why: ev.Because.Value}
	case *plan.ActionStarted:
		return told{text: say("started", "What", what)}
	case *plan.ActionDone:
		if pr.v.Today == ev.On || ev.On == civil.On(e.At, pr.v.Zone) {
			return told{text: say("done", "What", what), why: ev.Result.Value}
		}
		return told{text: say("doneOn", "What", what, "Date", ev.On), why: ev.Result.Value}
	case *plan.ActionConfirmed:
		return told{text: say("confirmed", "What", what)}
	case *plan.ActionReopened:
		return told{text: say("reopened", "What", what), why: ev.Missing.Value}
	case *plan.ActionBlocked:
		return told{text: say("blocked", "What", what, "Waits", cmp.Or(pr.waitsFor(&ev.Block), pr.l.T("history.nobody"))), why: ev.Block.Because.Value}
	case *plan.ActionUnblocked:
		return told{text: say("unblocked", "What", what), why: ev.Solved.Value}
	case *plan.ActionTackled:
		if ev.NextBy.IsZero() {
			return told{text: say("tackled", "What", what), why: ev.Next.Value}
		}
		return told{text: say("tackledBy", "What", what, "Date", ev.NextBy), why: ev.Next.Value}
	case *plan.ActionPassed:
		return told{text: say("passed", "What", what), why: ev.Because.Value}
	}
	return told{}
}

// told lists what an edit changed.
func (pr *presenter) told(old, now plan.Terms) string {
	var parts []string
	for _, x := range pr.differences("", old, now) {
		parts = append(parts, pr.l.T("history.change", "What", cmp.Or(x.Field, pr.l.T("state.field.due")), "Old", cmp.Or(x.Old, "–"), "New", cmp.Or(x.New, "–")))
	}
	return closed(strings.Join(parts, "; "))
}

// closed leaves out the full stop of an abbreviation ("8. Dez.") where the
// sentence around it ends with one.
func closed(s string) string { return strings.TrimSuffix(s, ".") }

// Told says one event in a reader's language: for the live page's "who did it".
func Told(v app.View, language string, e app.Entry) (text string, item plan.ID) {
	pr := newPresenter(v, Options{Language: language})
	t := pr.sentence(e)
	return t.text, t.item
}
