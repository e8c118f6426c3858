package plan

import (
	"fmt"
	"testing"

	"tandem/internal/fault"
)

func TestRule06OwnersYes(t *testing.T) {
	t.Parallel()
	w := agreed(t)
	w.is("agreement commits nobody", w.item(buyers).Committed(Buyer), false)
	w.is("asked", w.item(buyers).Asked(Buyer), true)
	yes := func(id ID) GiveAnswer { return GiveAnswer{Item: id, Version: w.v(id), Kind: TakesOn} }
	w.no("fault.right.owner", john, yes(buyers))
	w.no("fault.right.owner", tom, yes(buyers))
	w.no("fault.answer", ute, GiveAnswer{Item: buyers, Version: w.v(buyers), Kind: "maybe"})
	w.do(ute, yes(buyers))
	w.is("committed", w.item(buyers).Committed(Buyer), true)
	w.is("again", len(w.do(ute, yes(buyers))), 0)
	w.do(ute, yes(joint))
	w.is("the other owner of a joint action is not", w.item(joint).Committed(Seller), false)
	w.do(tom, yes(joint))
	w.do(ute, Report{Item: buyers, Version: w.v(buyers)})
	w.no("fault.action.done", ute, yes(buyers))
}

func TestRule06ChangeOfDateAsksAgain(t *testing.T) {
	t.Parallel()
	commit := func(w *world) {
		w.do(ute, GiveAnswer{Item: buyers, Version: w.v(buyers), Kind: TakesOn})
	}
	for name, c := range map[string]struct {
		change func(w *world)
		want   bool
	}{
		"the other side proposed, the lead accepted": {func(w *world) {
			w.do(tom, w.propose("pr", w.wish(buyers, due(today+16))))
			w.do(john, w.accept("pr"))
		}, false},
		"the other side proposed, the owner accepted": {func(w *world) {
			w.do(tom, w.propose("pr", w.wish(buyers, due(today+16))))
			w.do(ute, w.accept("pr"))
		}, true},
		"the owner proposed": {func(w *world) {
			w.do(ute, w.propose("pr", w.wish(buyers, due(today+16))))
			w.do(tom, w.accept("pr"))
		}, true},
		"the lead moved it earlier":  {func(w *world) { w.do(john, w.edit(buyers, due(today+14))) }, false},
		"the owner moved it earlier": {func(w *world) { w.do(ute, w.edit(buyers, due(today+14))) }, true},
		"there and back again": {func(w *world) {
			w.do(john, w.edit(buyers, due(today+14)))
			w.do(john, w.propose("pr", w.wish(buyers, due(today+15))))
			w.do(tom, w.accept("pr"))
		}, false},
		"another owner and back": {func(w *world) {
			w.do(john, w.edit(buyers, Patch{BuyerOwner: ptr(max_)}))
			w.do(john, w.edit(buyers, Patch{BuyerOwner: ptr(ute)}))
		}, false},
		"undone": {func(w *world) {
			w.do(john, w.edit(buyers, due(today+14)))
			w.do(john, w.undo(buyers))
		}, true},
		"expected, started": {func(w *world) {
			w.do(ute, Expect{Item: buyers, Version: w.v(buyers), Date: today + 20})
			w.do(ute, Start{Item: buyers, Version: w.v(buyers)})
		}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := agreed(t)
			commit(w)
			c.change(w)
			w.is("committed", w.item(buyers).Committed(Buyer), c.want)
			w.is("asked", w.item(buyers).Asked(Buyer), !c.want)
		})
	}
}

func TestRule06OwnerOfAJointActionIsNotAskedForTheOthersOwner(t *testing.T) {
	t.Parallel()
	w := agreed(t)
	w.do(ute, GiveAnswer{Item: joint, Version: w.v(joint), Kind: TakesOn})
	w.do(tom, w.edit(joint, Patch{SellerOwner: ptr(cora)}))
	w.is("committed", w.item(joint).Committed(Buyer), true)
	w.is("the new one is asked", w.item(joint).Asked(Seller), true)
}

func TestRule06AnotherDate(t *testing.T) {
	t.Parallel()
	w := agreed(t)
	other := func(id ID, day int) GiveAnswer {
		return GiveAnswer{Item: id, Version: w.v(id), Kind: OtherDate, Date: today + 20, Reason: "Holiday.", ProposalID: ID(fmt.Sprint("pr", day)), Expires: today + 5}
	}
	w.no("fault.date.needed", ute, GiveAnswer{Item: buyers, Version: w.v(buyers), Kind: OtherDate})
	w.no("fault.date.same", ute, GiveAnswer{Item: buyers, Version: w.v(buyers), Kind: OtherDate, Date: today + 15})
	w.do(tom, other(lone, 1)) // free
	w.terms(lone, today+20, false)
	w.is("committed", w.item(lone).Committed(Seller), true)
	w.do(tom, other(sellers, 2)) // the milestone depends on it
	w.terms(sellers, today+10, true)
	w.is("answered", w.item(sellers).Asked(Seller), false)
	w.is("in the owner's name", w.plan.Proposals["pr2"].By, tom)
	w.do(ute, w.accept("pr2"))
	w.terms(sellers, today+20, true)
	w.is("not asked again", w.item(sellers).Committed(Seller), true)
}

func TestRule06SomebodyElse(t *testing.T) {
	t.Parallel()
	w := agreed(t)
	hand := func(to ID) GiveAnswer {
		return GiveAnswer{Item: lone, Version: w.v(lone), Kind: Handed, To: to, Reason: "Cora knows."}
	}
	w.no("fault.owner.other", tom, hand(tom))
	w.no("fault.owner.other", tom, hand(""))
	w.no("fault.owner.side", tom, hand(ute))
	before := *w.item(lone)
	events := w.do(tom, hand(cora))
	w.is("events", kindsOf(events), "[owner.answered item.deviated]")
	w.is("owner", w.item(lone).Terms.Owners.Seller, cora)
	w.is("asked", w.item(lone).Asked(Seller), true)
	w.do(tom, w.undo(lone))
	w.is("undone as one", stateJSON(w.item(lone).Owner), stateJSON(before.Owner))
	w.is("owner", w.item(lone).Terms.Owners.Seller, tom)
	w.is("asked", w.item(lone).Asked(Seller), true)
	w.terms(lone, today+9, true)
}

func TestRule08Leads(t *testing.T) {
	t.Parallel()
	w := agreed(t)
	w.no("fault.standin", john, NameStandIn{Person: john})
	w.no("fault.standin", john, NameStandIn{Person: max_})
	w.no("fault.standin", john, NameStandIn{Person: tom})
	w.no("fault.right.lead", ute, NameStandIn{Person: john})
	w.is("nobody to recall", len(w.do(john, NameStandIn{})), 0)
	w.do(john, NameStandIn{Person: ute})
	w.is("leads", w.plan.Leads(ute), true)
	w.no("fault.right.lead", ute, Depart{Person: john, Successor: ute}) // no coup
	w.do(ute, Suspend{Reason: "Summer", Review: today + 10})
	w.do(john, NameStandIn{})
	w.is("no more", w.plan.Leads(ute), false)
	w.no("fault.right.lead", ute, Resume{})
	w.do(john, NameStandIn{Person: ute})
	w.do(john, LetIn{Person: ute, Access: Contributor})
	w.is("a contributor does not stand in", w.plan.Leads(ute), false)
}

func TestRule08Succession(t *testing.T) {
	t.Parallel()
	w := agreed(t)
	w.no("fault.lead.successor", john, Depart{Person: john})
	w.no("fault.lead.successor", john, Depart{Person: john, Successor: tom})
	w.no("fault.lead.successor", john, Depart{Person: john, Successor: nina})
	w.no("fault.lead.successor", john, Depart{Person: john, Successor: paul})
	w.no("fault.lead.last", john, LetIn{Person: john, Access: Editor})
	w.no("fault.right.lead", ute, Depart{Person: max_})
	w.no("fault.missing", sarah, Depart{Person: max_}) // not the other side's
	w.do(john, Depart{Person: john, Successor: ute})
	w.is("leads", w.plan.Leads(ute), true)
	w.no("fault.missing", john, Say{ID: "c", Text: "Still here"})
	w.do(vic, Depart{Person: vic}) // also who only reads
	w.no("fault.right.letin", sarah, LetIn{Person: max_, Access: Lead})
}

func TestRule08Claim(t *testing.T) {
	t.Parallel()
	w := agreed(t)
	w.no("fault.claim.none", ute, TakeLead{})
	w.no("fault.claim.none", john, ObjectToClaim{})
	w.no("fault.right.claim", max_, ClaimLead{After: today + 10})
	w.no("fault.right.claim", john, ClaimLead{After: today + 10})
	w.no("fault.claim.notice", ute, ClaimLead{After: today + 4})
	w.do(ute, ClaimLead{After: today + 10})
	w.no("fault.claim.already", ute, ClaimLead{After: today + 11})
	w.no("fault.claim.early", ute, TakeLead{})
	w.no("fault.right.lead", ute, ObjectToClaim{})
	w.no("fault.claim.none", tom, TakeLead{}) // the other side's own affair
	w.do(john, ObjectToClaim{})
	w.do(ute, ClaimLead{After: today + 10})
	w.later(10)
	w.no("fault.claim.early", ute, TakeLead{})
	w.later(1)
	w.do(ute, TakeLead{})
	w.is("leads", w.plan.Leads(ute), true)
	w.is("claims", w.plan.Claims.Buyer == nil, true)
}

func TestRule08ClaimOfSomebodyGoneBlocksNobody(t *testing.T) {
	t.Parallel()
	w := agreed(t)
	w.do(john, LetIn{Person: max_, Access: Editor})
	w.do(ute, ClaimLead{After: today + 10})
	w.do(ute, Depart{Person: ute})
	w.do(max_, ClaimLead{After: today + 10})
}

func TestRule12Newcomers(t *testing.T) {
	t.Parallel()
	d := draft(t)
	d.no("fault.missing", "", Join{NewPerson{ID: "x", Side: Buyer, Name: "X"}})
	w := shared(t)
	n := w.plan.People[nina]
	w.is("unverified", n.Verified, "")
	w.is("a contributor", n.Access, Contributor)
	w.do("", Join{NewPerson{ID: "nina2", Side: Buyer, Name: "Nina Kraus", Email: "nina@elsewhere.example"}})
	w.is("never merged by address", w.plan.Person("nina2").ID, ID("nina2"))
	w.do(nina, Say{ID: "c", Text: "Hello"})
	w.no("fault.right.edit", nina, w.edit(goal, title("x")))
	w.no("fault.right.agree", nina, w.stand(goal))
	w.no("fault.right.letin", ute, LetIn{Person: nina, Access: Editor})
	w.no("fault.right.letin", sarah, LetIn{Person: nina, Access: Editor})
	w.no("fault.access", john, LetIn{Person: nina, Access: "king"})
	w.no("fault.missing", john, LetIn{Person: "ghost", Access: Editor})
	w.do(john, LetIn{Person: nina, Access: Editor})
	w.is("verified", w.plan.People[nina].Verified, VouchedFor)
	w.is("again", len(w.do(john, LetIn{Person: nina, Access: Editor})), 0)
	w.do(nina, w.stand(goal))
	w.do(john, LetIn{Person: nina})
	w.no("fault.missing", nina, Say{ID: "c2", Text: "Hello"})
}

func TestRule12TheHomeSideNamesTheFirstLeadOnly(t *testing.T) {
	t.Parallel()
	w := draft(t)
	w.no("fault.right.letin", sarah, LetIn{Person: ute, Access: Editor})
	w.no("fault.right.letin", tom, LetIn{Person: john, Access: Lead})
	w.do(sarah, LetIn{Person: john, Access: Lead})
	w.no("fault.right.letin", sarah, LetIn{Person: ute, Access: Lead})
	w.do(sarah, Share{})
	w.erase(john)
	w.is("nobody leads", len(w.plan.LeadsOf(Buyer)), 0)
	w.no("fault.right.letin", sarah, LetIn{Person: ute, Access: Lead}) // never the other side
}

func TestRule12Recognised(t *testing.T) {
	t.Parallel()
	w := shared(t)
	w.do(ute, w.edit(joint, Patch{BuyerOwner: ptr(nina)}))
	w.do(ute, w.edit(buyers, Patch{BuyerOwner: ptr(paul)}))
	w.do(nina, Expect{Item: joint, Version: w.v(joint), Date: today + 13})
	w.no("fault.person.recognise", john, LetIn{Person: nina, As: tom, Access: Editor})
	w.no("fault.person.recognise", john, LetIn{Person: nina, As: nina, Access: Editor})
	w.no("fault.person.recognise", john, LetIn{Person: nina, As: paul})
	w.do(john, LetIn{Person: nina, As: paul, Access: Contributor})
	w.no("fault.missing", john, LetIn{Person: nina, Access: Editor})
	w.is("one person", w.plan.Person(nina).ID, paul)
	w.do(nina, w.undo(joint)) // her session still says nina
	w.do(nina, GiveAnswer{Item: joint, Version: w.v(joint), Kind: TakesOn})
	w.is("as the owner she was", w.item(joint).Committed(Buyer), true)
	w.do(paul, GiveAnswer{Item: buyers, Version: w.v(buyers), Kind: TakesOn})
	w.is("and as the one listed", w.item(buyers).Committed(Buyer), true)
	w.is("all that is hers", fmt.Sprint(w.plan.Subjects(nina)), "[nina paul]")
	w.do(john, LetIn{Person: paul, Access: Viewer})
	w.do("", Join{NewPerson{ID: "again", Side: Buyer, Name: "Paul Ott"}})
	w.no("fault.person.recognise", john, LetIn{Person: "again", As: paul, Access: Editor})
}

func TestRule12EditingPeople(t *testing.T) {
	t.Parallel()
	w := shared(t)
	edit := func(id ID, name string) EditPerson {
		return EditPerson{Person: id, Version: w.plan.People[id].Version, Name: &name}
	}
	w.do(tom, edit(paul, "Paul Otto")) // only named so far
	w.no("fault.right.person", tom, edit(ute, "Ute"))
	w.no("fault.right.person", max_, edit(ute, "Ute"))
	w.do(vic, edit(vic, "Viktoria Holm"))
	w.no("fault.right.person", vic, edit(ute, "Ute"))
	w.no("fault.name.empty", ute, edit(ute, " "))
	w.no("fault.right.email", ute, EditPerson{Person: john, Version: w.plan.People[john].Version, Email: ptr("ute@nordwerk.example")})
	w.no("fault.email", ute, EditPerson{Person: ute, Version: w.plan.People[ute].Version, Email: ptr("not an address")})
	w.is("unchanged", len(w.do(ute, edit(ute, "Dr. Ute Brandt"))), 0)
	absence := []SpanInput{{From: today + 3, To: today + 9, Note: "Lisbon"}}
	w.do(ute, EditPerson{Person: ute, Version: w.plan.People[ute].Version, Absences: &absence})
	note := w.plan.People[ute].Absences[0].Note
	absence[0].To++
	w.do(ute, EditPerson{Person: ute, Version: w.plan.People[ute].Version, Absences: &absence})
	w.is("unchanged words keep their seal", w.plan.People[ute].Absences[0].Note.Hash, note.Hash)
	w.no("fault.span", ute, EditPerson{Person: ute, Version: w.plan.People[ute].Version, Absences: &[]SpanInput{{From: today, To: today - 1}}})
	w.no("fault.missing", ute, EditPerson{Person: "ghost"})
	a := agreed(t)
	a.no("fault.right.person", tom, EditPerson{Person: paul, Version: a.plan.People[paul].Version, Name: ptr("P")})
}

func TestRule12NobodyIsWrittenToUnasked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.do(sarah, create())
	mailable := func(what string, id ID, want bool) {
		t.Helper()
		w.is(what, w.plan.Mailable(w.plan.Person(id)), want)
	}
	w.do(sarah, LetIn{Person: john, Access: Lead})
	mailable("a draft is nobody else's", john, false)
	mailable("one's own side", tom, true)
	w.do(sarah, Share{})
	mailable("the lead whom the home side named", john, false)
	w.do("", Arrive{Person: john, Email: "john@buyer.example"})
	mailable("once he came by himself", john, true)
	mailable("named by the other side", ute, false)
	w.do(john, LetIn{Person: ute, Access: Viewer})
	mailable("released by their own lead", ute, true)
	person := NewPerson{ID: "new", Side: Buyer, Name: "Nele Petersen", Email: "nele@nordwerk.example", Language: "de", Salutation: Frau, Zone: "Europe/Berlin"}
	w.do(john, AddPerson{NewPerson: person})
	mailable("named by somebody of their own side", "new", true)
	w.is("salutation", w.plan.Person("new").Salutation.Value, Frau)
	w.do("", Join{NewPerson{ID: nina, Side: Buyer, Name: "Nina Kraus", Email: "nina@nordwerk.example"}})
	mailable("who only typed a name", nina, false)
	w.do(john, Depart{Person: "new"})
	mailable("who left", "new", false)
	mailable("nobody", "ghost", false)
}

func TestRule12HowOneIsWrittenTo(t *testing.T) {
	t.Parallel()
	w := shared(t)
	edit := func(c EditPerson) EditPerson {
		c.Person, c.Version = ute, w.plan.People[ute].Version
		return c
	}
	w.do(ute, edit(EditPerson{Language: ptr("de"), Salutation: ptr(Frau), Zone: ptr("Europe/Berlin")}))
	w.do(ute, edit(EditPerson{Name: ptr("Dr. Ute Brandt-Maier")}))
	q := w.plan.Person(ute)
	w.is("kept", q.Language+" "+q.Salutation.Value+" "+q.Zone, "de frau Europe/Berlin")
	w.do(ute, edit(EditPerson{Salutation: ptr("")}))
	w.is("none", w.plan.Person(ute).Salutation.Value, "")
	w.no("fault.language", ute, edit(EditPerson{Language: ptr("tlh")}))
	w.no("fault.salutation", ute, edit(EditPerson{Salutation: ptr("mx")}))
	w.no("fault.zone", ute, edit(EditPerson{Zone: ptr("no zone")}))
}

func TestRule12AddingPeople(t *testing.T) {
	t.Parallel()
	w := shared(t)
	p := func(id ID, s Side) NewPerson { return NewPerson{ID: id, Side: s, Name: "Somebody"} }
	w.do(tom, AddPerson{NewPerson: p("b1", Buyer)})
	w.no("fault.missing", "b1", Say{ID: "c", Text: "naming gives no access"})
	w.no("fault.right.lead", ute, AddPerson{NewPerson: p("b2", Buyer), Access: Editor})
	w.no("fault.right.lead", sarah, AddPerson{NewPerson: p("b2", Buyer), Access: Editor})
	w.no("fault.access", john, AddPerson{NewPerson: p("b2", Buyer), Access: "king"})
	w.no("fault.access", john, AddPerson{NewPerson: p("b2", Buyer), Access: Editor, How: "trust me"})
	w.do(john, AddPerson{NewPerson: p("b2", Buyer), Access: Editor, How: ByMail})
	w.do("b2", w.stand(goal))
	w.no("fault.right.edit", max_, AddPerson{NewPerson: p("b3", Buyer)})
	w.no("fault.id", tom, AddPerson{NewPerson: p("b1", Buyer)})
	w.no("fault.party", tom, AddPerson{NewPerson: p("b3", "both")})
	w.no("fault.name.empty", tom, AddPerson{NewPerson: NewPerson{ID: "b3", Side: Buyer}})
	w.no("fault.right.add", max_, Add{ID: "x", Kind: KindGoal, Terms: title("x")}.as(ByBuyer))
	w.no("fault.right.add", max_, Add{ID: "x", Kind: KindAction, Terms: Patch{Title: ptr("x"), Party: ptr(BySeller), BuyerOwner: ptr(max_)}})
	w.do(max_, Add{ID: "x", Kind: KindAction, Terms: Patch{Title: ptr("x"), Party: ptr(ByBuyer), BuyerOwner: ptr(max_)}})
	w.is("his own yes", w.item("x").Committed(Buyer), true)
	w.is("does not bind the side", w.item("x").StandsBehind(Buyer), false)
	w.do(nina, Add{ID: "y", Kind: KindAction, Terms: Patch{Title: ptr("y"), Party: ptr(ByBuyer), BuyerOwner: ptr(nina)}})
	w.is("nobody verified her", w.item("y").Committed(Buyer), false)
}

func (c Add) as(p Party) Add { c.Terms.Party = &p; return c }

func TestRule12Viewer(t *testing.T) {
	t.Parallel()
	w := agreed(t)
	for _, c := range []Command{Say{ID: "c", Text: "x"}, w.edit(goal, title("x")), w.stand(goal), Leave{}, Settle{}} {
		w.no("fault.right.viewer", vic, c)
	}
}

// erase does what the store and the use case do for an erasure.
func (w *world) erase(person ID) {
	w.do("", RecordErasure{})
	subjects := map[ID]bool{}
	for _, id := range w.plan.Subjects(person) {
		subjects[id] = true
	}
	for hash, s := range w.words {
		if subjects[s.Subject] {
			delete(w.words, hash)
		}
	}
	for stream, records := range w.logs {
		kept := make([]Record, len(records))
		for i, r := range records {
			r.Texts = keep(r.Texts, func(s Sealed) bool { return !subjects[s.Subject] })
			kept[i] = r
		}
		w.logs[stream] = kept
	}
	w.plan = w.replayed(w.logs[SharedStream(planID)], w.words)
	for _, s := range []Side{Buyer, Seller} {
		pv, err := ReplayPrivate(NewPrivate(planID, s), w.logs[PrivateStream(planID, s)], w.words)
		if err != nil {
			w.t.Fatalf("replay: %v", err)
		}
		w.private.Set(s, pv)
	}
}

func keep[T any](all []T, ok func(T) bool) []T {
	var out []T
	for _, x := range all {
		if ok(x) {
			out = append(out, x)
		}
	}
	return out
}

func TestRule16Erasing(t *testing.T) {
	t.Parallel()
	w := agreed(t)
	w.do(ute, Say{ID: "c", Item: buyers, Text: "My words."})
	head, due := w.plan.Head, w.item(buyers).Terms.Due
	w.erase(ute)
	w.is("name", w.plan.People[ute].Name.Value, "")
	w.is("erased", w.plan.People[ute].Erased(), true)
	w.is("comment", w.plan.Comments[buyers][0].Text.Gone, true)
	w.is("owner needed", w.plan.OwnerNeeded(w.item(buyers), Buyer), true)
	w.terms(buyers, due, true)
	w.is("an event says so", w.plan.Erasures, 1)
	w.no("fault.missing", ute, Say{ID: "c2", Text: "x"})
	if _, err := verifyRecords(w.logs[SharedStream(planID)], &head); err != nil {
		t.Fatalf("the chain still verifies, also against an old receipt: %v", err)
	}
	w.do(john, w.edit(buyers, Patch{BuyerOwner: ptr(max_)}))
	w.is("owner named", w.plan.OwnerNeeded(w.item(buyers), Buyer), false)
	w.no("fault.missing", john, EditPerson{Person: ute, Version: 1, Name: ptr("Back again")})
}

func TestRule16RedactedTitleIsMissing(t *testing.T) {
	t.Parallel()
	w := shared(t)
	hash := w.item(goal).Terms.Title.Hash
	delete(w.words, hash)
	w.plan = w.replayed(w.logs[SharedStream(planID)], w.words)
	w.is("missing", fmt.Sprint(w.plan.Missing()), "[{goal text }]")
	w.do(tom, w.edit(goal, title("Fewer outages")))
	w.is("mended", len(w.plan.Missing()), 0)
}

func TestFaultsTellKindAndKey(t *testing.T) {
	t.Parallel()
	w := shared(t)
	w.is("missing", w.no("fault.missing", "ghost", Share{}).Kind, fault.Missing)
	w.is("forbidden", w.no("fault.right.lead", tom, Share{}).Kind, fault.Forbidden)
}
