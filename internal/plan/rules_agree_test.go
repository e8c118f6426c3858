package plan

import (
	"fmt"
	"reflect"
	"testing"

	"tandem/internal/civil"
	"tandem/internal/fault"
)

func TestRule01WhoWritesStandsBehindIt(t *testing.T) {
	t.Parallel()
	w := shared(t)
	for _, it := range w.plan.Live() {
		w.is(string(it.ID)+" seller stands", it.StandsBehind(Seller), true)
		w.is(string(it.ID)+" buyer stands", it.StandsBehind(Buyer), false)
	}
	w.do(ute, w.stand(sellers))
	w.is("both", w.item(sellers).IsAgreed(), true)
	w.is("nothing is agreed before the plan is", w.item(sellers).Bound(), false)
	w.no("fault.right.agree", max_, w.stand(goal))
	w.no("fault.right.agree", nina, w.stand(goal))
	w.no("fault.right.viewer", vic, w.stand(goal))
	w.is("standing twice", len(w.do(john, w.stand(sellers))), 0)
}

func TestRule01EditTakesOtherSidesYesOffThatItemOnly(t *testing.T) {
	t.Parallel()
	w := shared(t)
	w.do(ute, w.stand(sellers))
	w.do(ute, w.stand(buyers))
	w.do(tom, w.edit(sellers, due(today+11)))
	w.is("seller stands", w.item(sellers).StandsBehind(Seller), true)
	w.is("buyer's yes is off", w.item(sellers).StandsBehind(Buyer), false)
	w.is("the other item", w.item(buyers).IsAgreed(), true)
	w.do(ute, w.edit(sellers, due(today+12)))
	w.is("now it is the buyer's", w.item(sellers).StandsBehind(Buyer), true)
	w.is("and not the seller's", w.item(sellers).StandsBehind(Seller), false)
}

func TestRule01YesTakenOffDoesNotComeBackByItself(t *testing.T) {
	t.Parallel()
	w := shared(t)
	w.do(ute, w.stand(sellers))
	w.do(tom, w.edit(sellers, due(today+11)))
	w.do(tom, w.edit(sellers, due(today+10)))
	w.is("buyer stands", w.item(sellers).StandsBehind(Buyer), false)
}

func TestRule01ContributorsEditDoesNotBindTheSide(t *testing.T) {
	t.Parallel()
	w := shared(t)
	w.do(ute, w.edit(buyers, Patch{BuyerOwner: ptr(max_)}))
	w.do(max_, w.edit(buyers, due(today+16)))
	w.is("buyer stands", w.item(buyers).StandsBehind(Buyer), false)
	w.no("fault.right.edit", max_, w.edit(buyers, title("Something else")))
	w.no("fault.right.edit", max_, w.edit(sellers, due(today+16)))
}

func TestRule01StandAllOrNone(t *testing.T) {
	t.Parallel()
	w := shared(t)
	seen := []ItemDigest{{goal, w.item(goal).Digest}, {mile, w.item(mile).Digest}}
	w.do(tom, w.edit(mile, due(today+21)))
	w.no("fault.item.changed", ute, StandAll{Items: seen})
	w.is("none", w.item(goal).StandsBehind(Buyer), false)
	w.no("fault.missing", ute, StandAll{Items: []ItemDigest{{"nothing", ""}}})
	seen[1].Digest = w.item(mile).Digest
	w.do(ute, StandAll{Items: seen})
	w.is("all", w.item(goal).IsAgreed() && w.item(mile).IsAgreed(), true)
	w.do(tom, Remove{Item: goal, Version: w.v(goal)})
	w.no("fault.item.changed", ute, StandAll{Items: seen})
}

func TestRule02AcceptingIsTheLeadsAndExactlyAsSeen(t *testing.T) {
	t.Parallel()
	w := shared(t)
	seen := w.plan.Shown()
	for _, who := range []ID{ute, max_, nina} {
		w.no("fault.right.lead", who, AcceptPlan{Seen: seen})
	}
	w.do(tom, w.edit(sellers, due(today+11)))
	f := w.no("fault.accept.changed", john, AcceptPlan{Seen: seen})
	w.is("what changed", fmt.Sprint(f.Args["items"]), "[sellers]")
	w.is("kind", f.Kind, fault.Conflict)
	w.no("fault.accept.changed", john, AcceptPlan{Seen: w.plan.Shown()[1:]})
	w.no("fault.accept.changed", john, AcceptPlan{Seen: append(w.plan.Shown(), ItemDigest{"ghost", "x"})})
	w.do(john, AcceptPlan{Seen: w.plan.Shown()})
	for _, it := range w.plan.Live() {
		w.is(string(it.ID), it.StandsBehind(Buyer), true)
	}
	w.is("accepting twice", len(w.do(john, AcceptPlan{Seen: w.plan.Shown()})), 0)
	w.is("one side does not agree a plan", w.plan.Phase, Shared)
	d := draft(t)
	d.no("fault.accept.phase", sarah, AcceptPlan{Seen: d.plan.Shown()})
}

func TestRule03AgreedWhenBothAcceptedAndNothingIsMissing(t *testing.T) {
	t.Parallel()
	w := shared(t)
	w.do(sarah, w.edit(sellers, Patch{SellerOwner: ptr(ID(""))}))
	w.do(sarah, w.edit(joint, Patch{BuyerOwner: ptr(ID(""))}))
	w.do(sarah, w.edit(lone, Patch{Due: ptr(civil.Day(0))}))
	w.do(sarah, w.edit(mile, Patch{Due: ptr(civil.Day(0))}))
	w.no("fault.accept.missing", john, AcceptPlan{Seen: w.plan.Shown()})
	got := fmt.Sprint(w.plan.Missing())
	w.is("missing", got, "[{mile date } {sellers owner seller} {joint owner buyer} {lone date seller}]")

	w.do(sarah, w.edit(sellers, Patch{SellerOwner: ptr(cora)}))
	w.do(sarah, w.edit(joint, Patch{BuyerOwner: ptr(ute)}))
	w.do(sarah, w.edit(lone, Patch{DateOpen: ptr(true)}))
	w.do(sarah, w.edit(mile, Patch{DateOpen: ptr(true)}))
	w.do(sarah, AcceptPlan{Seen: w.plan.Shown()})
	events := w.do(john, AcceptPlan{Seen: w.plan.Shown()})
	w.is("events", kindsOf(events), "[plan.accepted plan.agreed]")
	w.is("phase", w.plan.Phase, Agreed)
	w.is("revision", w.plan.Revision, 1)
	w.is("baselines", len(w.plan.Baselines), 1)
	w.is("baseline", w.plan.Baselines[0].Terms[sellers].Due, today+10)
}

func TestRule03OwnerWhoSaysNotMineIsMissing(t *testing.T) {
	t.Parallel()
	w := shared(t)
	w.do(tom, GiveAnswer{Item: lone, Version: w.v(lone), Kind: NotMine})
	w.is("missing", fmt.Sprint(w.plan.Missing()), "[{lone owner seller}]")
	w.do(tom, GiveAnswer{Item: lone, Version: w.v(lone), Kind: TakesOn})
	w.is("nothing missing", len(w.plan.Missing()), 0)
	w.do(john, Depart{Person: ute})
	w.is("missing", fmt.Sprint(w.plan.Missing()), "[{buyers owner buyer} {joint owner buyer}]")
}

func TestRule03AcceptanceWithdrawnByAnEditDoesNotCount(t *testing.T) {
	t.Parallel()
	w := shared(t)
	w.do(john, AcceptPlan{Seen: w.plan.Shown()})
	w.do(ute, w.edit(sellers, due(today+11))) // the buyer thought otherwise
	w.do(tom, w.edit(sellers, due(today+10))) // the seller goes back to it
	w.do(sarah, AcceptPlan{Seen: w.plan.Shown()})
	w.is("phase", w.plan.Phase, Shared)
	w.do(john, AcceptPlan{Seen: w.plan.Shown()})
	w.is("phase", w.plan.Phase, Agreed)
}

func TestRule03YesTakenBackAfterAcceptingDoesNotCount(t *testing.T) {
	t.Parallel()
	w := shared(t)
	w.do(ute, w.stand(goal))
	w.do(john, AcceptPlan{Seen: w.plan.Shown()})
	w.do(ute, w.undo(goal))
	w.do(sarah, AcceptPlan{Seen: w.plan.Shown()})
	w.is("phase", w.plan.Phase, Shared)
	w.do(john, AcceptPlan{Seen: w.plan.Shown()})
	w.is("phase", w.plan.Phase, Agreed)
}

func TestRule03SecondBaseline(t *testing.T) {
	t.Parallel()
	w := agreed(t)
	w.do(ute, Add{ID: "new", Kind: KindGoal, Terms: Patch{Title: ptr("Save money"), Party: ptr(Joint)}})
	w.do(john, AcceptPlan{Seen: w.plan.Shown()})
	w.is("one side", len(w.plan.Baselines), 1)
	events := w.do(sarah, AcceptPlan{Seen: w.plan.Shown()})
	w.is("events", kindsOf(events), "[plan.accepted items.agreed plan.agreed]")
	w.is("baselines", len(w.plan.Baselines), 2)
	w.is("revision", w.plan.Revision, 2)
	w.is("again", len(w.do(sarah, AcceptPlan{Seen: w.plan.Shown()})), 0)
}

func TestRule05NewItemsAreNotAgreedUntilBothStandBehindThem(t *testing.T) {
	t.Parallel()
	w := agreed(t)
	w.do(tom, Add{ID: "extra", Kind: KindAction, Terms: Patch{Title: ptr("Reference call"), Party: ptr(ByBuyer), Due: ptr(today + 8), BuyerOwner: ptr(ute)}})
	w.is("agreed", w.item("extra").Bound(), false)
	w.is("nobody committed", w.item("extra").Committed(Buyer), false)
	w.is("asked", w.item("extra").Asked(Buyer), true)
	w.do(ute, w.edit("extra", due(today+9))) // free for both
	w.do(tom, w.edit("extra", due(today+8)))
	events := w.do(ute, w.stand("extra"))
	w.is("events", kindsOf(events), "[item.stood items.agreed]")
	w.is("revision", w.plan.Revision, 2)
	w.no("fault.item.agreed", tom, w.edit("extra", due(today+9)))
	w.no("fault.undo.none", ute, w.undo("extra"))
}

func TestRule05RemovingNewItems(t *testing.T) {
	t.Parallel()
	w := agreed(t)
	w.do(tom, Add{ID: "extra", Kind: KindMilestone, Terms: title("Kick-off")})
	w.do(tom, Add{ID: "l1", Kind: KindLink, Terms: Patch{From: ptr(lone), To: ptr(ID("extra"))}})
	w.do(ute, Remove{Item: "extra", Version: w.v("extra")})
	w.is("the link goes with it", w.item("l1").Removed, w.item("extra").Removed)
	w.no("fault.item.removed", ute, w.edit("extra", title("x")))
	w.no("fault.right.edit", max_, Remove{Item: goal, Version: w.v(goal)})
	w.no("fault.decision.stays", ute, Remove{Item: DecisionItem, Version: w.v(DecisionItem)})
	w.no("fault.item.agreed", ute, Remove{Item: goal, Version: w.v(goal)})
}

func TestRule04AgreedLinkDoesNotGoWithANewItem(t *testing.T) {
	t.Parallel()
	w := agreed(t)
	w.do(tom, Add{ID: "extra", Kind: KindMilestone, Terms: title("Kick-off")})
	w.do(tom, Add{ID: "l1", Kind: KindLink, Terms: Patch{From: ptr(lone), To: ptr(ID("extra"))}})
	w.do(ute, w.stand("l1"))
	w.is("agreed link", w.item("l1").Bound(), true)
	w.no("fault.remove.agreed-link", tom, Remove{Item: "extra", Version: w.v("extra")})
	w.do(tom, w.propose("pr", Wish{Item: "extra", Version: w.v("extra"), Remove: true}))
	w.do(ute, w.accept("pr"))
	w.is("gone", w.plan.gone("extra") && w.plan.gone("l1"), true)
}

func TestRule04LinksBetweenAgreedItemsNeedAProposal(t *testing.T) {
	t.Parallel()
	w := agreed(t)
	link := Patch{From: ptr(lone), To: ptr(joint)}
	w.no("fault.link.agreed", tom, Add{ID: "l1", Kind: KindLink, Terms: link})
	w.do(tom, Add{ID: "extra", Kind: KindMilestone, Terms: title("Kick-off")})
	w.do(tom, Add{ID: "l1", Kind: KindLink, Terms: Patch{From: ptr(lone), To: ptr(ID("extra"))}})
	w.no("fault.link.agreed", tom, w.edit("l1", Patch{To: ptr(joint)}))
	w.no("fault.propose.not-agreed", tom, w.propose("pr", Wish{Item: "l2", Link: true, Patch: Patch{From: ptr(joint), To: ptr(ID("extra"))}}))
	w.do(tom, w.propose("pr", Wish{Item: "l2", Link: true, Patch: link}))
	w.do(john, w.accept("pr"))
	w.is("agreed", w.item("l2").IsAgreed() && w.item("l2").Bound(), true)
}

func TestCycleIsRefusedWithItsRing(t *testing.T) {
	t.Parallel()
	w := shared(t)
	w.do(tom, Add{ID: "l1", Kind: KindLink, Terms: Patch{From: ptr(buyers), To: ptr(joint)}})
	f := w.no("fault.link.cycle", tom, Add{ID: "l2", Kind: KindLink, Terms: Patch{From: ptr(joint), To: ptr(sellers)}})
	w.is("ring", fmt.Sprint(f.Args["items"]), "[sellers buyers joint sellers]")
	w.no("fault.link.cycle", tom, w.edit("l1", Patch{To: ptr(sellers)}))
	w.no("fault.link.self", tom, Add{ID: "l2", Kind: KindLink, Terms: Patch{From: ptr(joint), To: ptr(joint)}})
	w.no("fault.link.end", tom, Add{ID: "l2", Kind: KindLink, Terms: Patch{From: ptr(joint), To: ptr(goal)}})
	w.no("fault.link.decision", tom, Add{ID: "l2", Kind: KindLink, Terms: Patch{From: ptr(DecisionItem), To: ptr(joint)}})
	w.no("fault.link.exists", tom, Add{ID: "l2", Kind: KindLink, Terms: Patch{From: ptr(sellers), To: ptr(buyers)}})
	w.no("fault.link.type", tom, Add{ID: "l2", Kind: KindLink, Terms: Patch{From: ptr(lone), To: ptr(buyers), Type: ptr(LinkType("XX"))}})
	w.no("fault.link.calendar", tom, Add{ID: "l2", Kind: KindLink, Terms: Patch{From: ptr(lone), To: ptr(buyers), LagCalendar: ptr("moon")}})
	w.no("fault.link.lag", tom, Add{ID: "l2", Kind: KindLink, Terms: Patch{From: ptr(lone), To: ptr(buyers), Lag: ptr(5000)}})
}

func TestCycleOfTwoProposedLinksIsRefused(t *testing.T) {
	t.Parallel()
	w := agreed(t)
	link := func(id, from, to ID) Wish { return Wish{Item: id, Link: true, Patch: Patch{From: &from, To: &to}} }
	f := w.no("fault.link.cycle", tom, w.propose("pr", link("l1", lone, joint), link("l2", joint, lone)))
	w.is("ring", fmt.Sprint(f.Args["items"]) == "[joint lone joint]" || fmt.Sprint(f.Args["items"]) == "[lone joint lone]", true)
	w.do(tom, w.propose("p1", link("l1", lone, joint)))
	w.do(tom, w.propose("p2", link("l2", joint, lone)))
	w.do(ute, w.accept("p1"))
	w.no("fault.link.cycle", ute, w.accept("p2"))
	w.no("fault.link.end", tom, w.propose("p3", link("l3", lone, buyers), Wish{Item: buyers, Version: w.v(buyers), Remove: true}))
	w.no("fault.link.exists", tom, w.propose("p4", link("l4", lone, buyers), link("l5", lone, buyers)))
}

func TestRule13CommandAgainstAnOldVersionIsRefused(t *testing.T) {
	t.Parallel()
	w := shared(t)
	old := w.edit(sellers, due(today+5))
	w.do(ute, w.edit(sellers, title("Security and privacy review")))
	f := w.no("fault.item.changed", tom, old)
	w.is("against", f.Args["against"], 1)
	w.is("now", f.Args["now"], 2)
	w.do(tom, w.edit(buyers, due(today+17))) // other items never collide
	person := w.plan.People[ute].Version
	w.do(ute, EditPerson{Person: ute, Version: person, Role: ptr("CFO")})
	w.no("fault.item.changed", ute, EditPerson{Person: ute, Version: person, Role: ptr("CTO")})
}

// Every field of the terms is in their digest: a new one must be put there.
func TestDigestCoversEveryField(t *testing.T) {
	t.Parallel()
	var cover func(v reflect.Value)
	seen := map[Digest]string{Terms{}.digest(KindAction): "nothing"}
	var terms Terms
	cover = func(v reflect.Value) {
		if v.Type() == textType {
			v.Set(reflect.ValueOf(Text{Hash: "hash"}))
		} else if v.Kind() == reflect.Struct {
			for i := range v.NumField() {
				cover(v.Field(i))
			}
			return
		} else {
			switch v.Kind() {
			case reflect.String:
				v.SetString("x")
			case reflect.Bool:
				v.SetBool(true)
			default:
				v.SetInt(7)
			}
		}
		d := terms.digest(KindAction)
		if other, ok := seen[d]; ok {
			t.Errorf("%+v has the digest of %s", terms, other)
		}
		seen[d] = fmt.Sprintf("%+v", terms)
		v.SetZero()
	}
	cover(reflect.ValueOf(&terms).Elem())
	if len(seen) != 13 {
		t.Errorf("terms have %d fields", len(seen)-1)
	}
}

func TestSentTwiceAddsOnce(t *testing.T) {
	t.Parallel()
	w := shared(t)
	add := Add{ID: "once", Kind: KindMilestone, Terms: title("Once")}
	w.do(tom, add)
	w.no("fault.item.exists", tom, add)
	say := Say{ID: "c-once", Item: "once", Text: "Fine."}
	w.do(ute, say)
	w.is("again", len(w.do(ute, say)), 0)
	w.is("comments", len(w.plan.Comments["once"]), 1)
}
