package plan

import (
	"fmt"
	"testing"
)

func TestRule12Arriving(t *testing.T) {
	t.Parallel()
	w := shared(t)
	w.do(tom, AddPerson{NewPerson: NewPerson{ID: "zoe", Side: Buyer, Name: "Zoe Lang", Email: "zoe@nordwerk.example"}})
	w.do(ute, AddPerson{NewPerson: NewPerson{ID: "eve", Side: Buyer, Name: "Eve Rau", Email: "eve@nordwerk.example"}})
	w.do(john, AddPerson{NewPerson: NewPerson{ID: "ida", Side: Buyer, Name: "Ida Fuchs", Email: "ida@nordwerk.example"}, Access: Viewer})
	person := func(id ID) string {
		q := w.plan.Person(id)
		return fmt.Sprintf("%s %q joined=%t proven=%t", q.Access, q.Verified, q.Joined, q.Proven)
	}
	w.no("fault.missing", "", Arrive{Person: "ghost", Email: "x@y.example"})
	w.no("fault.missing", "", Arrive{Person: "zoe", Email: "eve@nordwerk.example"}) // not her address
	w.no("fault.missing", "", Arrive{Person: "zoe"})                                // nobody gave her a link
	w.no("fault.missing", john, Arrive{Person: "zoe", Email: "zoe@nordwerk.example"}.by(john))
	w.do("", Arrive{Person: "zoe", Email: " ZOE@Nordwerk.example"})
	w.is("named by the other side alone", person("zoe"), `contributor "" joined=true proven=true`)
	_, sees := w.plan.SeesPrivate("zoe")
	w.is("sees nothing internal", sees, false)
	w.is("no mail", w.plan.Mailable(w.plan.Person("zoe")), false)
	w.do("", Arrive{Person: "eve", Email: "eve@nordwerk.example"})
	w.is("named by a colleague", person("eve"), `contributor "mail" joined=true proven=true`)
	w.do("", Arrive{Person: "ida"})
	w.is("by a link handed over", person("ida"), `viewer "vouched" joined=true proven=false`)
	w.do("", Arrive{Person: "ida", Email: "ida@nordwerk.example"})
	w.is("what the lead gave stays", person("ida"), `viewer "vouched" joined=true proven=true`)
	w.is("again", len(w.do("", Arrive{Person: "ida", Email: "ida@nordwerk.example"})), 0)
	w.do(john, LetIn{Person: "ida"})
	w.no("fault.missing", "", Arrive{Person: "ida", Email: "ida@nordwerk.example"}) // it was taken away
	w.is("and not found by her address", w.plan.Known(Buyer, "ida@nordwerk.example") == nil, true)
	w.do(sarah, Leave{})
	w.is("comes and reads", len(w.do("", Arrive{Person: "eve", Email: "eve@nordwerk.example"})), 0)
	w.no("fault.plan.left", "", Arrive{Person: paul, Email: "paul@buyer.example"})
	w.do("", Disown{Person: "eve"}) // may always be said
}

// by is a system's command as a person tries it, in a batch.
func (c Arrive) by(ID) Command { return Batch{c} }

func TestRule12ADraftIsNobodysDoor(t *testing.T) {
	t.Parallel()
	w := draft(t)
	in := NewPerson{ID: "x", Side: Buyer, Name: "X", Email: "x@nordwerk.example"}
	w.no("fault.missing", "", Arrive{Person: john, Email: "john@buyer.example"})
	w.no("fault.missing", "", Ask{NewPerson: in})
	w.no("fault.missing", "", Enter{in})
	w.no("fault.missing", john, AllowDomains{Domains: []string{"nordwerk.example"}})
	w.do(sarah, AddPerson{NewPerson: NewPerson{ID: "hal", Side: Seller, Name: "Hal", Email: "hal@partner.example"}, Access: Viewer})
	w.do("", Arrive{Person: "hal", Email: "hal@partner.example"}) // their own side's draft
}

func TestRule12WhoseAddressItIs(t *testing.T) {
	t.Parallel()
	w := shared(t)
	known := func(what, email string, want ID) {
		t.Helper()
		got := ID("")
		if q := w.plan.Known(Buyer, email); q != nil {
			got = q.ID
		}
		w.is(what, got, want)
	}
	known("listed", "UTE@buyer.example ", ute)
	known("of the other side", "tom@seller.example", "")
	known("nobody", "x@y.example", "")
	known("none", "", "")
	known("who typed it themselves", "nina@elsewhere.example", "")
	w.do(ute, EditPerson{Person: ute, Version: w.plan.People[ute].Version, Email: ptr("victim@buyer.example")})
	known("claimed by somebody", "victim@buyer.example", "")
	w.is("nor written to", w.plan.Mailable(w.plan.Person(ute)), false)
	w.do(john, EditPerson{Person: ute, Version: w.plan.People[ute].Version, Email: ptr("ute.brandt@buyer.example")})
	known("given by the lead", "ute.brandt@buyer.example", ute)
	w.do("", Arrive{Person: ute, Email: "ute.brandt@buyer.example"})
	w.is("proven", w.plan.Person(ute).Proven, true)
	w.do(john, AddPerson{NewPerson: NewPerson{ID: "ute2", Side: Buyer, Name: "U. Brandt", Email: "Ute.Brandt@buyer.example"}})
	known("of two", "ute.brandt@buyer.example", "")
	w.do(john, Depart{Person: "ute2"})
	known("the other one is gone", "ute.brandt@buyer.example", ute)
	w.do(john, EditPerson{Person: ute, Version: w.plan.People[ute].Version, Email: ptr("new@buyer.example")})
	w.is("a new address is not proven", w.plan.Person(ute).Proven, false)
}

func TestRule12Asking(t *testing.T) {
	t.Parallel()
	w := shared(t)
	ask := func(id ID, email string) Ask {
		return Ask{NewPerson: NewPerson{ID: id, Side: Buyer, Name: "Somebody", Email: email}, Words: "Please."}
	}
	w.do("", ask("a1", "a1@x.example"))
	q := w.plan.Person("a1")
	w.is("waits", fmt.Sprintf("%q %q %t %t %s", q.Access, q.Verified, q.Joined, q.Asking, q.Note.Value), `"" "" false true Please.`)
	w.no("fault.missing", "a1", Say{ID: "c", Text: "Hello"})
	w.is("no mail", w.plan.Mailable(q), false)
	w.is("the same address again", len(w.do("", ask("a2", "A1@x.example"))), 0)
	w.no("fault.missing", "", Arrive{Person: "a1", Email: "a1@x.example"})
	w.no("fault.right.letin", sarah, LetIn{Person: "a1", Access: Editor})
	w.no("fault.name.empty", "", Ask{NewPerson: NewPerson{ID: "a9", Side: Buyer, Email: "a9@x.example"}})
	w.do(john, Depart{Person: "a1"})
	w.is("who was sent away", len(w.do("", ask("a3", "a1@x.example"))), 0)

	w.do("", ask("b1", "b1@x.example"))
	w.do(john, LetIn{Person: "b1", Access: Contributor})
	q = w.plan.Person("b1")
	w.is("let in", fmt.Sprintf("%s %s %t", q.Access, q.Verified, q.Asking), "contributor vouched false")
	w.is("and written to", w.plan.Mailable(q), true)

	w.do(john, AddPerson{NewPerson: NewPerson{ID: "named", Side: Buyer, Name: "Tina Ast"}})
	w.do("", ask("c1", "tina@x.example"))
	w.do(john, LetIn{Person: "c1", As: "named", Access: Editor})
	q = w.plan.Person("c1")
	w.is("who is listed gets the address", fmt.Sprintf("%s %s %s %t", q.ID, q.Email.Value, q.Access, q.Joined), "named tina@x.example editor false")
	w.do("", Arrive{Person: "named", Email: "tina@x.example"})

	for i := range maxAsking + 5 {
		w.do("", ask(ID(fmt.Sprintf("many%d", i)), fmt.Sprintf("many%d@x.example", i)))
	}
	w.is("no more than so many wait", len(w.plan.Asking(Buyer)), maxAsking)
}

func TestRule12TheFirstLeadMayBeOneWhoAsked(t *testing.T) {
	t.Parallel()
	w := draft(t)
	w.do(sarah, Share{})
	w.do("", Ask{NewPerson: NewPerson{ID: "a1", Side: Buyer, Name: "Ada", Email: "ada@nordwerk.example"}})
	w.no("fault.right.letin", sarah, LetIn{Person: "a1", Access: Contributor})
	w.do(sarah, LetIn{Person: "a1", Access: Lead})
	w.is("no mail of the product's own", w.plan.Mailable(w.plan.Person("a1")), false)
	w.do("", Arrive{Person: "a1", Email: "ada@nordwerk.example"})
	w.is("until she came", w.plan.Mailable(w.plan.Person("a1")), true)
	w.do("", Ask{NewPerson: NewPerson{ID: "a2", Side: Buyer, Name: "Bob", Email: "bob@nordwerk.example"}})
	w.no("fault.missing", sarah, Depart{Person: "a2"})
	w.do("a1", Depart{Person: "a2"})
}

func TestRule12Domains(t *testing.T) {
	t.Parallel()
	w := shared(t)
	in := func(id ID, email string) Enter {
		return Enter{NewPerson{ID: id, Side: Buyer, Name: "Somebody", Email: email}}
	}
	w.no("fault.missing", "", in("x", "x@nordwerk.example"))
	w.no("fault.right.lead", ute, AllowDomains{Domains: []string{"nordwerk.example"}})
	for _, bad := range []string{"no domain", "localhost", "-a.example", "a..example", "a@b.example"} {
		w.no("fault.domain", john, AllowDomains{Domains: []string{bad}})
	}
	for _, public := range []string{"gmail.com", "GMX.de", "@t-online.de", "outlook.com", "web.de"} {
		w.no("fault.domain.public", john, AllowDomains{Domains: []string{"nordwerk.example", public}})
	}
	var many []string
	for i := range maxDomains + 1 {
		many = append(many, fmt.Sprintf("d%d.example", i))
	}
	w.no("fault.domain.many", john, AllowDomains{Domains: many})
	w.do(john, AllowDomains{Domains: []string{" @Nordwerk.example ", "", "nordwerk.example", "müller.example"}})
	w.is("of the one side", fmt.Sprint(w.plan.Domains), "{[müller.example nordwerk.example] []}")
	w.is("again", len(w.do(john, AllowDomains{Domains: []string{"müller.example", "nordwerk.example"}})), 0)
	w.no("fault.missing", "", in("x", "x@evil-nordwerk.example"))
	w.no("fault.missing", "", in("x", "x@sub.nordwerk.example"))
	w.no("fault.missing", "", Enter{NewPerson{ID: "x", Side: Seller, Name: "X", Email: "x@nordwerk.example"}})
	w.do("", in("x", "X@Nordwerk.example"))
	q := w.plan.Person("x")
	w.is("in", fmt.Sprintf("%s %s %t %t", q.Access, q.Verified, q.Joined, q.Proven), "contributor mail true true")
	w.is("written to", w.plan.Mailable(q), true)
	w.no("fault.missing", "", in("y", "x@nordwerk.example")) // she is in already
	w.do(john, Depart{Person: "x"})
	w.no("fault.missing", "", in("y", "x@nordwerk.example")) // and does not come back by herself
	w.do(john, AllowDomains{})
	w.no("fault.missing", "", in("z", "z@nordwerk.example"))
	w.do(john, Conclude{Outcome: DecidedYes})
	w.no("fault.plan.decided", "", Ask{NewPerson: NewPerson{ID: "late", Side: Buyer, Name: "L", Email: "l@x.example"}})
}

func TestRule12NotMe(t *testing.T) {
	t.Parallel()
	w := shared(t)
	w.do("", Disown{Person: ute})
	q := w.plan.Person(ute)
	w.is("the address is out", fmt.Sprintf("%q %t %t", q.Email.Value, q.Disowned, q.Proven), `"" true false`)
	w.is("the right stays", q.Access, Editor)
	w.is("again", len(w.do("", Disown{Person: ute})), 0)
	w.no("fault.missing", "", Disown{Person: "ghost"})
	w.do(john, EditPerson{Person: ute, Version: q.Version, Email: ptr("right@buyer.example")})
	w.is("mended", w.plan.Person(ute).Disowned, false)
}
