package web

import (
	"net/url"
	"strconv"
	"strings"

	"tandem/internal/app"
	"tandem/internal/civil"
	"tandem/internal/fault"
	"tandem/internal/plan"
	"tandem/internal/web/view"
)

// form reads the fields of a move; the names are those of view.ItemMoveFields
// and its neighbours. The first field that cannot be read is kept in err.
type form struct {
	url.Values
	v     app.View
	newID func() plan.ID
	err   error
	wrong string // name of the field that cannot be read
}

func (f *form) text(name string) string { return strings.TrimSpace(f.Get(name)) }

func (f *form) bad(field, key string, nameValues ...any) {
	if f.err == nil {
		f.err, f.wrong = fault.New(fault.Invalid, key, nameValues...), field
	}
}

func (f *form) day(name string) civil.Day {
	s := f.text(name)
	if s == "" {
		return 0
	}
	d, err := civil.Parse(s)
	if err != nil {
		f.bad(name, "moves.form.date", "Value", s)
	}
	return d
}

func (f *form) number(name string) int {
	s := f.text(name)
	if s == "" {
		return 0
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		f.bad(name, "moves.form.number", "Value", s)
	}
	return n
}

// decimal takes a comma as well as a point.
func (f *form) decimal(name string) float64 {
	s := strings.Replace(f.text(name), ",", ".", 1)
	if s == "" {
		return 0
	}
	x, err := strconv.ParseFloat(s, 64)
	if err != nil {
		f.bad(name, "moves.form.number", "Value", f.text(name))
	}
	return x
}

func (f *form) version() int { return f.number("version") }

// on reports a ticked box; a form sends "off" before it, so that a box that is
// not ticked is told from one that was not there.
func (f *form) on(name string) bool {
	values := f.Values[name]
	return len(values) > 0 && values[len(values)-1] != "" && values[len(values)-1] != "off"
}

// patch is what a step's form changes; fields that were not sent stay.
func (f *form) patch(now plan.Terms) plan.Patch {
	var p plan.Patch
	party := now.Party
	text := func(name string, to **string) {
		if f.Has(name) {
			s := f.Get(name)
			*to = &s
		}
	}
	text("title", &p.Title)
	text("done_when", &p.DoneWhen)
	if f.Has("side") {
		party = plan.Party(f.Get("side"))
		p.Party = &party
	}
	person := func(name string, to **plan.ID) {
		if f.Has(name) {
			id := plan.ID(f.Get(name))
			*to = &id
		}
	}
	switch party {
	case plan.ByBuyer:
		person("owner", &p.BuyerOwner)
	case plan.BySeller:
		person("owner", &p.SellerOwner)
	case plan.Joint:
		person("owner_buyer", &p.BuyerOwner)
		person("owner_seller", &p.SellerOwner)
	}
	f.owners(&p, party)
	f.date(&p, now)
	return p
}

// date reads a date and the box that leaves it open: what was changed last
// counts where a form says both.
func (f *form) date(p *plan.Patch, now plan.Terms) {
	due, open := f.day("due"), f.on("date_open")
	if f.Has("due") {
		p.Due = &due
	}
	if !f.Has("date_open") {
		return
	}
	p.DateOpen = &open
	if open && !due.IsZero() && now.DateOpen {
		p.DateOpen = nil // a date was typed into a step whose date was open
	}
}

// owners drops a person of the other side: a select that lists everybody, or
// a side that was changed without choosing again.
func (f *form) owners(p *plan.Patch, party plan.Party) {
	none := plan.ID("")
	for _, x := range []struct {
		side plan.Side
		id   **plan.ID
	}{{plan.Buyer, &p.BuyerOwner}, {plan.Seller, &p.SellerOwner}} {
		if id := *x.id; id != nil && *id != "" {
			if q := f.v.Plan.Person(*id); q != nil && q.Side != x.side {
				*x.id = &none
			}
		}
		if p.Party != nil && !party.Includes(x.side) {
			*x.id = &none
		}
	}
}

func (f *form) milestone() *plan.ID {
	if !f.Has("milestone") {
		return nil
	}
	m := plan.ID(f.Get("milestone"))
	return &m
}

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
		switch w := f.text("waits_for"); {
		case w == string(plan.Buyer) || w == string(plan.Seller):
			c.Waits = plan.Side(w)
		case w != "":
			c.Person = plan.ID(w)
			if q := f.v.Plan.Person(c.Person); q != nil {
				c.Waits = q.Side
			}
		}
		return c
	case "unblock":
		return plan.Unhinder{Item: id, Version: version, Solved: f.text("how")}
	}
	return nil
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
		return plan.AddPerson{NewPerson: plan.NewPerson{ID: f.newID(), Side: plan.Side(f.text("side")), Name: f.text("name"), Role: f.text("role"), Email: f.text("email")}}
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

// typed is what a refused form keeps.
func (f *form) typed() map[string]string {
	out := map[string]string{}
	for name, values := range f.Values {
		if len(values) > 0 {
			out[name] = values[0]
		}
	}
	return out
}

// problem shows a refused move in its form, with what was typed.
func (f *form) problem(v *visit, move string, err error) *view.Problem {
	p := &view.Problem{Move: move, Field: f.wrong, Typed: f.typed()}
	x, ok := fault.As(err)
	if !ok {
		return nil
	}
	p.Text = v.l.Text(x.Key, x.Args)
	for _, fix := range x.Fixes {
		p.Fixes = append(p.Fixes, v.l.Text(fix, x.Args))
	}
	return p
}
