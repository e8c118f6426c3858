package present

import (
	"cmp"
	"fmt"

	"tandem/internal/app"
	"tandem/internal/civil"
	"tandem/internal/plan"
	"tandem/internal/web/view"
)

// fillItems shows the steps, the reader's side's internal ones among them.
func (pr *presenter) fillItems(out *view.Plan) {
	for _, it := range pr.p.Live(plan.KindAction) {
		x := pr.item(it)
		pr.count(out, &x)
		if shows(out.Show, &x) {
			out.Items = append(out.Items, x)
		}
	}
	for _, a := range pr.v.Own.Actions {
		x := pr.internal(a)
		pr.count(out, &x)
		if shows(out.Show, &x) {
			out.Items = append(out.Items, x)
		}
	}
}

func (pr *presenter) count(out *view.Plan, x *view.Item) {
	c := &out.Counts
	c.All++
	for _, f := range []struct {
		show view.Show
		n    *int
	}{{view.ShowMine, &c.Mine}, {view.ShowBlocked, &c.Blocked}, {view.ShowWaiting, &c.Waiting}, {view.ShowNew, &c.New}, {view.ShowSets, &c.Sets}} {
		if shows(f.show, x) {
			*f.n++
		}
	}
}

func shows(s view.Show, x *view.Item) bool {
	switch s {
	case view.ShowMine:
		return x.Mine
	case view.ShowBlocked:
		return x.State == view.Blocked
	case view.ShowWaiting:
		return x.Quick == view.QuickCommit || x.Quick == view.QuickStand || x.Quick == view.QuickConfirm
	case view.ShowSets:
		return x.Sets
	case view.ShowNew:
		return x.New
	}
	return true
}

// item is a step's row.
func (pr *presenter) item(it *plan.Item) view.Item {
	t, g := it.Terms, it.Progress
	x := view.Item{ID: string(it.ID), Title: cmp.Or(t.Title.Value, pr.l.T("state.text.erased")), Side: view.Side(t.Party), Owners: pr.owners(it),
		Milestone: string(it.Details.Milestone), Due: t.Due, DateOpen: t.DateOpen, Expected: g.Expected, DoneOn: g.DoneOn,
		State: itemState(g.Status), Seal: seal(it), Version: uint64(it.Version), Digest: string(it.Digest),
		Comments: len(pr.p.Comments[it.ID]), New: len(pr.p.Baselines) > 0 && !it.Bound()}
	for _, o := range x.Owners {
		x.Mine = x.Mine || o.You
	}
	done := g.Status == plan.Done
	x.Late = !done && !t.Due.IsZero() && t.Due < pr.v.Today
	if b := g.Block; b != nil && !done {
		x.Because, x.WaitsFor = b.Because.Value, pr.waitsFor(b)
		x.Next, x.NextBy, x.Blocked = b.Next.Value, b.NextBy, pr.l.Since(app.BlockedDays(pr.p, it, pr.v.Today))
		if q := pr.p.Person(b.Person); q != nil {
			x.Waits = string(q.ID)
		}
	}
	if talk := pr.talks[it.ID]; talk != nil {
		x.InTalks = true
		for _, c := range talk.Changes {
			if c.Item == it.ID && c.New.Due != c.Old.Due && !c.Remove {
				x.Proposed = c.New.Due
			}
		}
	}
	if !done {
		x.Signs = pr.signs(it)
		for _, link := range pr.after[it.ID] {
			if from := pr.p.Items[link.Terms.From]; from != nil && from.Progress.Status != plan.Done && len(x.After) < 2 {
				x.After = append(x.After, pr.titleOf(from))
			}
		}
	}
	pr.timed(it, &x)
	x.Quick = pr.quick(it, x.Mine)
	x.Rev = pr.revision(it)
	return x
}

func (pr *presenter) internal(a *plan.Internal) view.Item {
	x := view.Item{ID: string(a.ID), Title: cmp.Or(a.Title.Value, pr.l.T("state.text.erased")), Side: view.Side(pr.v.Side()), Due: a.Due, DoneOn: a.DoneOn,
		State: itemState(a.Status), Internal: true, Version: uint64(a.Version), Rev: fmt.Sprint(a.Version)}
	if q := pr.person(a.Owner); q.ID != "" {
		x.Owners = []view.Owner{{Person: q, Committed: true}}
		x.Mine = q.You
	}
	x.Late = a.Status != plan.Done && !a.Due.IsZero() && a.Due < pr.v.Today
	for _, id := range a.After {
		if it := pr.p.Items[id]; it != nil && it.Progress.Status != plan.Done {
			x.After = append(x.After, pr.titleOf(it))
		}
	}
	if a.Status != plan.Done && pr.moves {
		x.Quick = view.QuickReport
	}
	return x
}

func itemState(s plan.Status) view.ItemState {
	if s == "" {
		return view.Open
	}
	return view.ItemState(s)
}

func (pr *presenter) owners(it *plan.Item) []view.Owner {
	var out []view.Owner
	for _, s := range []plan.Side{plan.Buyer, plan.Seller} {
		id := it.Terms.Owners.Of(s)
		if !it.Terms.Party.Includes(s) || id == "" {
			continue
		}
		q := pr.p.Person(id)
		out = append(out, view.Owner{Person: pr.person(id), Committed: it.Committed(s), Removed: q == nil || q.Erased() || q.Left})
	}
	return out
}

func (pr *presenter) waitsFor(b *plan.Block) string {
	switch {
	case b.Person != "":
		q := pr.person(b.Person)
		return pr.l.T("state.waits.person", "Name", q.Name, "Side", pr.party(plan.Side(q.Side)).Short)
	case b.Waits != "":
		return pr.party(b.Waits).Short
	}
	return ""
}

// signs are warnings on a row.
func (pr *presenter) signs(it *plan.Item) []string {
	var out []string
	for _, s := range []plan.Side{plan.Buyer, plan.Seller} {
		if !it.Terms.Party.Includes(s) {
			continue
		}
		o := it.Terms.Owners.Of(s)
		if a := it.Owner.Of(s); o != "" && a.Person == o && a.Kind == plan.NotMine && pr.p.OwnerNeeded(it, s) {
			out = append(out, pr.l.T("state.sign.notMine", "Name", pr.name(o)))
		}
		if q := pr.p.Person(o); q != nil && !it.Terms.Due.IsZero() {
			for _, x := range q.Absences {
				if x.From <= it.Terms.Due && it.Terms.Due <= x.To {
					out = append(out, pr.away(x))
				}
			}
		}
	}
	if it.Progress.Missing.Value != "" {
		out = append(out, pr.l.T("state.sign.missing", "What", it.Progress.Missing.Value))
	}
	return out
}

func (pr *presenter) away(x plan.Span) string {
	if x.Note.Value != "" {
		return pr.l.T("state.sign.awayNote", "Span", pr.l.Span(x.From, x.To), "Note", x.Note.Value)
	}
	return pr.l.T("state.sign.away", "Span", pr.l.Span(x.From, x.To))
}

// quick is the one move a row offers: what waits for the reader first.
func (pr *presenter) quick(it *plan.Item, mine bool) view.Quick {
	me, side := pr.v.Me, pr.v.Side()
	switch {
	case !pr.moves:
		return view.NoQuick
	case it.Progress.Status == plan.Done && it.Progress.Confirmed == "" && it.Progress.Reported == side.Other() && pr.answers(it):
		return view.QuickConfirm
	case it.Progress.Status == plan.Done:
		return view.NoQuick
	case mine && it.Terms.Owners.Of(side) == me.ID && it.Asked(side) && pr.p.Phase != plan.Draft:
		return view.QuickCommit
	case !it.StandsBehind(side) && me.MayAgree() && pr.p.Phase != plan.Draft:
		return view.QuickStand
	case mine && pr.p.MayReport(me.ID, it):
		return view.QuickReport
	}
	return view.NoQuick
}

// answers reports whether the reader may confirm or dispute what the other
// side reported.
func (pr *presenter) answers(it *plan.Item) bool {
	me := pr.v.Me
	return me.MayAgree() || me.Verified != "" && it.Terms.Owners.Of(me.Side) == me.ID
}

// revision changes whenever anything in a step's detail changes.
func (pr *presenter) revision(it *plan.Item) string {
	notes := 0
	for _, n := range pr.v.Own.NotesOn(it.ID) {
		notes += 1 + n.Version
	}
	talk := ""
	if x := pr.talks[it.ID]; x != nil {
		talk = string(x.ID)
	}
	var docs []plan.ID
	for _, x := range pr.p.DocumentsOf(it.ID) {
		docs = append(docs, x.ID)
	}
	for _, x := range pr.v.Own.DocumentsOf(it.ID) {
		docs = append(docs, x.ID)
	}
	return fmt.Sprint(it.Version, "-", len(pr.p.Comments[it.ID]), docs, "-", notes, "-", len(pr.after[it.ID]), "-", len(pr.then[it.ID]), talk, pr.mark(it.ID))
}

// detail is a step in full; nil if there is none such.
func (pr *presenter) detail(out *view.Plan, id plan.ID) *view.Detail {
	if a := pr.v.Own.Actions[id]; a != nil {
		x := pr.internal(a)
		return &view.Detail{Item: &x, Notes: pr.notes(id), Problem: pr.o.Problem, Reads: pr.documents(id), Add: pr.adding(id, true),
			May: view.ItemMoves{Edit: pr.moves, Report: pr.moves && a.Status != plan.Done, Remove: pr.moves, Note: pr.moves}}
	}
	it := pr.p.Items[id]
	if it == nil || it.Kind != plan.KindAction || it.Removed != 0 {
		return nil
	}
	x := pr.item(it)
	d := &view.Detail{Item: &x, DoneWhen: it.Terms.DoneWhen.Value, Result: it.Progress.Result.Value, Expects: it.Progress.Because.Value,
		Stood: pr.stood(it), Comments: pr.comments(id), Notes: pr.notes(id), Reads: pr.documents(id), Add: pr.adding(id, false), History: pr.history(pr.o.History),
		Advice: pr.o.Advice[id], May: pr.itemMoves(it), Problem: pr.o.Problem}
	for _, link := range pr.after[id] {
		d.Before = append(d.Before, pr.ref(link.Terms.From, link))
	}
	for _, link := range pr.then[id] {
		d.Then = append(d.Then, pr.ref(link.Terms.To, link))
	}
	if talk := pr.talks[id]; talk != nil {
		a := pr.askProposal(talk)
		a.Inside = true
		d.Proposal = &a
	}
	d.Undo = pr.undo(it)
	d.Timing = pr.timing(it)
	return d
}

func (pr *presenter) undo(it *plan.Item) *view.Undo {
	if it == nil || it.Undo == nil || it.Undo.By != pr.v.Me.ID || !pr.moves {
		return nil
	}
	return &view.Undo{Action: pr.o.Base + "/items/" + string(it.ID) + "/undo", Version: uint64(it.Version)}
}

func (pr *presenter) stood(it *plan.Item) []view.Stood {
	var out []view.Stood
	for _, s := range []plan.Side{plan.Buyer, plan.Seller} {
		if it.StandsBehind(s) {
			st := it.Stance.Of(s)
			out = append(out, view.Stood{Side: view.Side(s), By: pr.name(st.By), On: civil.On(st.At, pr.v.Zone)})
		}
	}
	return out
}

func (pr *presenter) ref(id plan.ID, link *plan.Item) view.Ref {
	it := pr.p.Items[id]
	r := view.Ref{ID: string(id), Title: pr.title(id), Done: it != nil && it.Progress.Status == plan.Done}
	key := "state.link." + string(link.Terms.Type)
	switch lag := link.Terms.Lag; {
	case lag > 0:
		r.Note = pr.l.T(key) + ", " + pr.l.T("state.link.lag", "N", lag)
	case lag < 0:
		r.Note = pr.l.T(key) + ", " + pr.l.T("state.link.lead", "N", -lag)
	case link.Terms.Type != plan.FinishToStart:
		r.Note = pr.l.T(key)
	}
	return r
}

func (pr *presenter) comments(id plan.ID) []view.Comment {
	var out []view.Comment
	for _, c := range pr.p.Comments[id] {
		out = append(out, view.Comment{ID: string(c.ID), By: pr.person(c.By), When: c.At, Text: cmp.Or(c.Text.Value, pr.l.T("state.text.erased"))})
	}
	return out
}

func (pr *presenter) notes(id plan.ID) []view.Comment {
	var out []view.Comment
	for _, n := range pr.v.Own.NotesOn(id) {
		out = append(out, view.Comment{ID: string(n.ID), By: pr.person(n.By), When: n.At, Text: cmp.Or(n.Text.Value, pr.l.T("state.text.erased")), Version: uint64(n.Version)})
	}
	return out
}

// itemMoves are what the reader may do with a step now.
func (pr *presenter) itemMoves(it *plan.Item) view.ItemMoves {
	if !pr.moves {
		return view.ItemMoves{}
	}
	me, side, p := pr.v.Me, pr.v.Side(), pr.p
	edits := me.Access == plan.Editor || me.Access == plan.Lead
	done := it.Progress.Status == plan.Done
	owner := it.Terms.Owners.Of(side) == me.ID && it.Terms.Party.Includes(side)
	reports := p.MayReport(me.ID, it) && !done
	tackles := !done && it.Progress.Status == plan.Blocked && p.MayTackle(me.ID, it)
	answers := done && it.Progress.Confirmed == "" && it.Progress.Reported == side.Other() && pr.answers(it)
	shared := p.Phase != plan.Draft
	return view.ItemMoves{
		Stand:  shared && !it.StandsBehind(side) && me.MayAgree(),
		Commit: shared && owner && !done && !it.Committed(side), AskDate: shared && owner && !done, HandOver: shared && owner && !done,
		NotMine: shared && owner && !done,
		Edit:    !it.Bound() && (edits || owner) && !done, Propose: it.Bound() && !done && (me.MayAgree() || owner),
		Expect: reports, Earlier: it.Bound() && reports && it.Terms.Party == plan.Party(side) && !it.Terms.Due.IsZero(),
		Start: reports && it.Progress.Status == plan.Open, Report: reports, Confirm: answers, Dispute: answers,
		Block: reports && it.Progress.Status != plan.Blocked, Unblock: tackles, Tackle: tackles,
		Pass:   tackles && p.Person(it.Progress.Block.Person) == me,
		Remove: !it.Bound() && edits, ProposeRemoval: it.Bound() && !done && me.MayAgree(), Link: edits,
		Comment: true, Note: true,
	}
}

// Theirs tells how an item is now where that differs from what was typed in a
// form made against an older version of it.
func Theirs(v app.View, language string, it *plan.Item, typed map[string]string) []view.Change {
	pr := newPresenter(v, Options{Language: language})
	var out []view.Change
	add := func(key, mine, now string) {
		if mine != now {
			out = append(out, view.Change{Field: pr.l.T("state.field." + key), Old: mine, New: now})
		}
	}
	if mine, ok := typed["title"]; ok {
		add("title", mine, it.Terms.Title.Value)
	}
	if mine, ok := typed["done_when"]; ok {
		add("doneWhen", mine, it.Terms.DoneWhen.Value)
	}
	if mine, ok := typed["due"]; ok {
		day, err := civil.Parse(mine)
		if err == nil {
			mine = pr.l.Date(day)
		}
		add("due", mine, pr.due(it.Terms))
	}
	for _, f := range []struct {
		name string
		now  plan.ID
	}{{"owner", it.Terms.Owners.Of(plan.Side(it.Terms.Party))}, {"owner_buyer", it.Terms.Owners.Buyer}, {"owner_seller", it.Terms.Owners.Seller}} {
		if mine, ok := typed[f.name]; ok && (f.name != "owner" || it.Terms.Party != plan.Joint) {
			add("owner", pr.ownerName(plan.ID(mine)), pr.ownerName(f.now))
		}
	}
	return out
}
