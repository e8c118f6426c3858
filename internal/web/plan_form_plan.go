package web

import (
	"strings"

	"tandem/internal/plan"
)

// planMove is the command of POST {Base}/{move}; nil for a move there is none
// of, or one that is no single command.
func (f *form) planMove(move string) plan.Command {
	title, date := f.text("title"), f.day("date")
	switch move {
	case "accept":
		return f.accept()
	case "propose":
		return f.propose()
	case "stand-all":
		return plan.StandAll{Items: f.accept().Seen}
	case "pause":
		return plan.Suspend{Reason: f.text("reason"), Review: f.day("review")}
	case "resume":
		return plan.Resume{}
	case "leave":
		if !f.on("sure") {
			f.bad("sure", "moves.form.sure")
		}
		return plan.Leave{Reason: f.text("reason")}
	case "decide":
		return plan.Conclude{Outcome: plan.Outcome(f.text("outcome")), Reason: f.text("reason"), On: f.day("on")}
	case "archive":
		return plan.Archive{}
	case "title":
		due := f.day("decide_by")
		return plan.Edit{Item: plan.DecisionItem, Version: f.version(), Patch: plan.Patch{Title: &title, Due: &due}}
	case "items":
		return f.newStep()
	case "people":
		return plan.AddPerson{NewPerson: plan.NewPerson{ID: f.newID(), Side: plan.Side(f.text("side")), Name: f.text("name"), Role: f.text("role"), Email: f.text("email"),
			Language: f.text("language"), Salutation: f.text("salutation")}, Access: plan.Access(f.text("right")), Why: f.text("why")}
	case "goals":
		return plan.Add{ID: f.newID(), Kind: plan.KindGoal, Terms: f.goal()}
	case "criteria":
		return plan.Add{ID: f.newID(), Kind: plan.KindCriterion, Terms: f.criterion()}
	case "milestones":
		return plan.Add{ID: f.newID(), Kind: plan.KindMilestone, Terms: plan.Patch{Title: &title, Due: &date}}
	case "risks":
		return plan.Add{ID: f.newID(), Kind: plan.KindRisk, Risk: f.risk()}
	}
	return nil
}

func (f *form) goal() plan.Patch {
	text, party := f.text("text"), plan.Party(f.text("side"))
	if party == "" {
		party = plan.Joint
	}
	return plan.Patch{Title: &text, Party: &party}
}

func (f *form) criterion() plan.Patch {
	text, by := f.text("text"), f.day("by")
	return plan.Patch{Title: &text, Due: &by}
}

// accept carries exactly what the page showed.
func (f *form) accept() plan.AcceptPlan {
	var c plan.AcceptPlan
	for _, s := range f.Values["seen"] {
		id, digest, _ := strings.Cut(s, "=")
		c.Seen = append(c.Seen, plan.ItemDigest{Item: plan.ID(id), Digest: plan.Digest(digest)})
	}
	return c
}

// propose is one proposal for several steps: of each, what differs from now.
func (f *form) propose() plan.Propose {
	c := plan.Propose{ID: f.newID(), Reason: f.text("reason"), Expires: f.day("until")}
	for _, it := range f.v.Plan.Live(plan.KindAction, plan.KindMilestone) {
		id := string(it.ID)
		if !f.Has("version." + id) {
			continue
		}
		w := plan.Wish{Item: it.ID, Version: f.number("version." + id), Remove: f.on("remove." + id), Patch: f.wish(it)}
		if w.Remove || w.Patch != (plan.Patch{}) {
			c.Changes = append(c.Changes, w)
		}
	}
	decision := f.v.Plan.Items[plan.DecisionItem]
	if due := f.day("decide_by"); f.Has("decide_by") && due != decision.Terms.Due && !due.IsZero() {
		c.Changes = append(c.Changes, plan.Wish{Item: decision.ID, Version: decision.Version, Patch: plan.Patch{Due: &due}})
	}
	return c
}

func (f *form) wish(it *plan.Item) plan.Patch {
	var p plan.Patch
	id := string(it.ID)
	if due := f.day("due." + id); f.Has("due."+id) && due != it.Terms.Due && !due.IsZero() {
		p.Due = &due
	}
	if q := f.v.Plan.Person(plan.ID(f.text("owner." + id))); q != nil && it.Terms.Party.Includes(q.Side) && it.Terms.Owners.Of(q.Side) != q.ID {
		owner := q.ID
		if q.Side == plan.Buyer {
			p.BuyerOwner = &owner
		} else {
			p.SellerOwner = &owner
		}
	}
	if t := f.text("title." + id); t != "" && t != it.Terms.Title.Value {
		p.Title = &t
	}
	if t := f.text("done_when." + id); f.Has("done_when."+id) && t != it.Terms.DoneWhen.Value {
		p.DoneWhen = &t
	}
	return p
}

// thingMove is the command of POST {Base}/{things}/{id}/{move}.
func (f *form) thingMove(things string, id plan.ID, move string) plan.Command {
	version := f.version()
	switch things {
	case "proposals":
		return f.proposalMove(id, move)
	case "people":
		return f.personMove(id, move)
	}
	it := f.v.Plan.Items[id]
	if it == nil {
		return nil
	}
	switch move {
	case "stand":
		return plan.Stand{Item: id, Version: version, Digest: plan.Digest(f.text("digest"))}
	case "remove":
		return plan.Remove{Item: id, Version: version}
	case "undo":
		return plan.TakeBack{Item: id, Version: version}
	case "report":
		return plan.Report{Item: id, Version: version}
	case "confirm":
		return plan.Confirm{Item: id, Version: version}
	case "propose-removal":
		return plan.Propose{ID: f.newID(), Reason: f.text("reason"), Expires: f.day("until"), Changes: []plan.Wish{{Item: id, Version: version, Remove: true}}}
	case "edit", "propose":
		return f.editThing(it, version, move == "propose")
	}
	return nil
}

func (f *form) editThing(it *plan.Item, version int, propose bool) plan.Command {
	var p plan.Patch
	switch it.Kind {
	case plan.KindRisk:
		return plan.Detail{Item: it.ID, Version: version, Details: it.Details, Risk: f.risk()}
	case plan.KindGoal:
		p = f.goal()
		if !f.Has("side") {
			p.Party = nil
		}
	case plan.KindCriterion:
		p = f.criterion()
	case plan.KindMilestone:
		title, date := f.text("title"), f.day("date")
		p = plan.Patch{Title: &title, Due: &date}
	default:
		return nil
	}
	if propose {
		return plan.Propose{ID: f.newID(), Reason: f.text("reason"), Expires: f.day("until"), Changes: []plan.Wish{{Item: it.ID, Version: version, Patch: p}}}
	}
	return plan.Edit{Item: it.ID, Version: version, Patch: p}
}

func (f *form) proposalMove(id plan.ID, move string) plan.Command {
	switch move {
	case "accept":
		return plan.Accept{ID: id, Digest: plan.Digest(f.text("digest"))}
	case "decline":
		return plan.Decline{ID: id, Reason: f.text("reason")}
	case "withdraw":
		return plan.Withdraw{ID: id}
	case "counter":
		return plan.Counter{ID: id, With: f.propose()}
	}
	return nil
}

func (f *form) personMove(id plan.ID, move string) plan.Command {
	q := f.v.Plan.Person(id)
	if q == nil {
		return nil
	}
	edit := plan.EditPerson{Person: id, Version: f.version()}
	switch move {
	case "edit":
		name, role, email := f.text("name"), f.text("role"), f.text("email")
		edit.Name, edit.Role, edit.Email = &name, &role, &email
		if f.Has("language") {
			language, salutation := f.text("language"), f.text("salutation")
			edit.Language, edit.Salutation = &language, &salutation
		}
	case "absence":
		to := f.day("to")
		if to.IsZero() {
			to = f.day("from")
		}
		edit.Absences = absences(q, -1, plan.SpanInput{From: f.day("from"), To: to, Note: f.text("note")})
	case "back":
		edit.Absences = absences(q, f.number("absence"))
	case "right":
		return plan.LetIn{Person: id, Access: plan.Access(f.text("right"))}
	case "admit":
		return plan.LetIn{Person: id, As: plan.ID(f.text("as")), Access: f.admission(q)}
	case "refuse":
		return plan.Depart{Person: id}
	case "name-lead":
		return plan.LetIn{Person: id, Access: plan.Lead}
	case "end":
		return plan.LetIn{Person: id, Access: plan.None}
	case "remove":
		return plan.Depart{Person: id, Successor: plan.ID(f.text("successor"))}
	case "stand-in":
		return plan.NameStandIn{Person: plan.ID(f.text("to"))}
	case "claim":
		return plan.ClaimLead{}
	case "object":
		return plan.ObjectToClaim{}
	case "take-lead":
		return plan.TakeLead{}
	default:
		return nil
	}
	return edit
}

// admission is what a newcomer may do who is let in: the first of a side leads
// it, whoever comes later edits, unless the form says otherwise.
func (f *form) admission(q *plan.Person) plan.Access {
	if r := plan.Access(f.text("right")); r != plan.None {
		return r
	}
	if len(f.v.Plan.LeadsOf(q.Side)) == 0 {
		return plan.Lead
	}
	return plan.Editor
}

// absences are a person's without the one at an index, and with new ones.
func absences(q *plan.Person, without int, more ...plan.SpanInput) *[]plan.SpanInput {
	out := []plan.SpanInput{}
	for i, x := range q.Absences {
		if i != without {
			out = append(out, plan.SpanInput{From: x.From, To: x.To, Note: x.Note.Value})
		}
	}
	out = append(out, more...)
	return &out
}
