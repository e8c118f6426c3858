package plan

import (
	"strconv"
	"strings"
	"testing"
)

func TestDocumentsAreFreeAndLogged(t *testing.T) {
	t.Parallel()
	w := agreed(t)
	digest, version := w.plan.Digest(), w.v(buyers)
	add := AddDocument{ID: "case", Item: buyers, Title: " Business case,\n4 pages ", Link: " https://files.example/case.pdf "}
	w.do(tom, add)
	w.is("sent twice", len(w.do(tom, add)), 0)
	w.do(max_, AddDocument{ID: "answer", Item: buyers, Link: "https://files.example/answer", Delivered: true})
	w.is("terms", w.plan.Digest(), digest)
	w.is("version", w.v(buyers), version)
	all := w.plan.DocumentsOf(buyers)
	w.is("how many", len(all), 2)
	w.is("title on one line", all[0].Title.Value, "Business case, 4 pages")
	w.is("link", all[0].Link.Value, "https://files.example/case.pdf")
	w.is("whose", string(all[0].By)+" "+string(all[0].Side), "tom seller")
	w.is("delivered", all[1].Delivered, true)
	w.do(max_, RemoveDocument{ID: "answer", Item: buyers})
	w.do(sarah, RemoveDocument{ID: "case", Item: buyers}) // an editor of the side it came from
	w.is("none left", len(w.plan.DocumentsOf(buyers)), 0)
}

func TestDocumentsWhoMayWhat(t *testing.T) {
	t.Parallel()
	w := agreed(t)
	add := AddDocument{ID: "case", Item: buyers, Link: "https://files.example/case.pdf"}
	w.no("fault.right.viewer", vic, add)
	w.no("fault.missing", "ghost", add)
	w.no("fault.missing", tom, AddDocument{ID: "x", Item: "nothing", Link: add.Link})
	w.no("fault.missing", tom, AddDocument{ID: "x", Item: goal, Link: add.Link})
	w.no("fault.id", tom, AddDocument{ID: "a b", Item: buyers, Link: add.Link})
	w.do(tom, add)
	remove := RemoveDocument{ID: "case", Item: buyers}
	w.no("fault.right.document", ute, remove) // the other side's editor
	w.no("fault.right.document", cora, remove)
	w.no("fault.right.viewer", vic, remove)
	w.no("fault.missing", tom, RemoveDocument{ID: "other", Item: buyers})
	w.do(john, Conclude{Outcome: DecidedYes})
	w.do(cora, AddDocument{ID: "late", Item: buyers, Link: add.Link}) // as a comment
	w.do(john, Leave{})
	w.no("fault.plan.left", tom, remove)
	w.no("fault.plan.left", tom, AddDocument{ID: "more", Item: buyers, Link: add.Link})
}

func TestDocumentsOfARemovedStep(t *testing.T) {
	t.Parallel()
	w := shared(t)
	w.do(tom, Remove{Item: lone, Version: w.v(lone)})
	w.no("fault.item.removed", tom, AddDocument{ID: "x", Item: lone, Link: "https://files.example/"})
}

func TestDocumentsHaveLimits(t *testing.T) {
	t.Parallel()
	w := agreed(t)
	for i := range maxDocuments {
		w.do(tom, AddDocument{ID: ID("d" + strconv.Itoa(i)), Item: buyers, Link: "https://files.example/"})
	}
	w.no("fault.document.many", tom, AddDocument{ID: "more", Item: buyers, Link: "https://files.example/"})
	w.no("fault.text.long", tom, AddDocument{ID: "t", Item: sellers, Link: "https://files.example/", Title: strings.Repeat("x", maxLine+1)})
}

func TestDocumentLinks(t *testing.T) {
	t.Parallel()
	for link, want := range map[string]bool{
		"https://files.example/case.pdf?v=2#page=3":           true,
		"https://acme.sharepoint.com/:b:/s/x/EaB?e=1":         true,
		"https://files.example:8443/":                         true,
		"https://[2001:db8::1]/x":                             true,
		"https://xn--mller-kva.example/":                      true,
		"http://files.example/":                               false,
		"HTTPS://files.example/":                              true, // what a browser makes https of
		"javascript:alert(1)":                                 false,
		"data:text/html,x":                                    false,
		"//files.example/":                                    false,
		"files.example/case.pdf":                              false,
		"https://":                                            false,
		"https:///case.pdf":                                   false,
		"https://:443/":                                       false,
		"https://acme.example@evil.example/":                  false,
		"https://müller.example/":                             false, // could look like another host
		"https://files.example/a b":                           false,
		"https://files.example/\"onclick=\"x":                 false,
		"https://files.example/\\evil":                        false,
		"https://files.example/" + strings.Repeat("x", 2_000): false,
		"": false,
	} {
		if got := IsDocumentLink(link); got != want {
			t.Errorf("IsDocumentLink(%.60q) = %v, want %v", link, got, want)
		}
	}
}

func FuzzDocumentLink(f *testing.F) {
	f.Add("https://files.example/case.pdf")
	f.Add("javascript://x/%0aalert(1)")
	f.Fuzz(func(t *testing.T, s string) {
		if IsDocumentLink(s) && !strings.EqualFold(s[:min(8, len(s))], "https://") {
			t.Errorf("%q passes for a link", s)
		}
	})
}

// An owner hands a step to somebody who is not on the plan yet: that names
// them, on the owner's own side, and gives no access.
func TestRule06HandingToSomebodyNew(t *testing.T) {
	t.Parallel()
	w := agreed(t)
	w.do(john, w.edit(buyers, Patch{BuyerOwner: ptr(max_)}))
	hand := func(q NewPerson) GiveAnswer {
		return GiveAnswer{Item: buyers, Version: w.v(buyers), Kind: Handed, New: &q}
	}
	w.no("fault.name.empty", max_, hand(NewPerson{ID: "ada"}))
	w.no("fault.email", max_, hand(NewPerson{ID: "ada", Name: "Ada Holm", Email: "nonsense"}))
	w.no("fault.id", max_, hand(NewPerson{ID: john, Name: "John"}))
	w.do(max_, hand(NewPerson{ID: "ada", Side: Seller, Name: "Ada Holm", Email: "ada@nordwerk.example"}))
	ada := w.plan.Person("ada")
	w.is("owner", w.item(buyers).Terms.Owners.Buyer, ID("ada"))
	w.is("her side, whatever was sent", ada.Side, Buyer)
	w.is("no access", ada.Access, None)
	w.is("may be written to", w.plan.Mailable(ada), true)
	w.is("asked herself", w.item(buyers).Asked(Buyer), true)
	w.do(max_, w.undo(buyers))
	w.is("undone", w.item(buyers).Terms.Owners.Buyer, ID(max_))

	// Somebody who only typed a name brings nobody in.
	w = shared(t)
	w.do(john, w.edit(buyers, Patch{BuyerOwner: ptr(nina)}))
	w.no("fault.right.agree", nina, GiveAnswer{Item: buyers, Version: w.v(buyers), Kind: Handed, New: &NewPerson{ID: "ada", Name: "Ada Holm"}})
}

func TestMovesFreely(t *testing.T) {
	t.Parallel()
	w := shared(t)
	w.is("before the agreement", w.plan.MovesFreely(w.item(buyers), Buyer, today+30), true)
	w = agreed(t)
	at := w.item(buyers).Terms.Due
	w.is("earlier", w.plan.MovesFreely(w.item(buyers), Buyer, at-1), true)
	w.is("the other side's", w.plan.MovesFreely(w.item(buyers), Seller, at-1), false)
	w.is("a joint one", w.plan.MovesFreely(w.item(joint), Buyer, w.item(joint).Terms.Due-1), false)
	w.is("later, and a milestone waits", w.plan.MovesFreely(w.item(sellers), Seller, w.item(sellers).Terms.Due+1), false)
	w.is("later, and nobody waits", w.plan.MovesFreely(w.item(lone), Seller, w.item(lone).Terms.Due+1), true)
}
