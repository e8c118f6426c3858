package plan

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"tandem/internal/civil"
	"tandem/internal/fault"
)

func TestRule09DoneAndConfirmed(t *testing.T) {
	t.Parallel()
	w := agreed(t)
	report := func(id ID) Report { return Report{Item: id, Version: w.v(id), Result: "Signed."} }
	confirm := func(id ID) Confirm { return Confirm{Item: id, Version: w.v(id)} }
	lacks := func(id ID) Lacks { return Lacks{Item: id, Version: w.v(id), Missing: "The annex."} }
	w.no("fault.right.report", ute, report(sellers))
	w.no("fault.right.report", cora, report(sellers))
	w.no("fault.date.future", tom, Report{Item: sellers, Version: w.v(sellers), On: today + 1})
	w.no("fault.action.not-done", ute, confirm(sellers))
	w.do(tom, report(sellers))
	w.is("done", w.item(sellers).IsDone(), true)
	w.is("stances stay", w.item(sellers).IsAgreed(), true)
	w.no("fault.action.done", tom, report(sellers))
	w.no("fault.action.own-report", sarah, confirm(sellers))
	w.no("fault.right.agree", nina, confirm(sellers))
	w.no("fault.right.report", max_, confirm(sellers))
	w.no("fault.missing.empty", ute, Lacks{Item: sellers, Version: w.v(sellers)})
	w.do(ute, lacks(sellers))
	w.is("open again", w.item(sellers).Progress.Status, Open)
	w.is("missing", w.item(sellers).Progress.Missing.Value, "The annex.")
	w.do(tom, report(sellers))
	w.do(ute, confirm(sellers))
	w.is("confirmed", w.item(sellers).Progress.Confirmed, ute)
	w.no("fault.action.confirmed", ute, lacks(sellers)) // no more dispute
	w.no("fault.action.done", tom, Expect{Item: sellers, Version: w.v(sellers), Date: today})
	w.no("fault.action.done", tom, Start{Item: sellers, Version: w.v(sellers)})
	w.no("fault.action.done", tom, Hinder{Item: sellers, Version: w.v(sellers), Because: "x"})
}

func TestRule09JointActionCountsWhenConfirmed(t *testing.T) {
	t.Parallel()
	w := agreed(t)
	w.do(ute, Report{Item: joint, Version: w.v(joint)})
	w.is("reported is not done", w.item(joint).IsDone(), false)
	w.do(tom, Confirm{Item: joint, Version: w.v(joint)})
	w.is("done", w.item(joint).IsDone(), true)
}

func TestRule09Milestone(t *testing.T) {
	t.Parallel()
	w := agreed(t)
	w.no("fault.right.report", max_, Report{Item: mile, Version: w.v(mile)})
	w.do(tom, Report{Item: mile, Version: w.v(mile)})
	w.do(ute, Confirm{Item: mile, Version: w.v(mile)})
	w.no("fault.missing", tom, Start{Item: mile, Version: w.v(mile)})
}

func TestRule07BlockedWithReason(t *testing.T) {
	t.Parallel()
	w := agreed(t)
	hinder := func(because string, waits Side, who ID) Hinder {
		return Hinder{Item: sellers, Version: w.v(sellers), Because: because, Waits: waits, Person: who}
	}
	unhinder := func() Unhinder { return Unhinder{Item: sellers, Version: w.v(sellers), Solved: "Arrived."} }
	w.no("fault.action.not-blocked", tom, unhinder())
	w.no("fault.reason.empty", tom, hinder("", Buyer, ute))
	w.no("fault.party", tom, hinder("x", "nobody", ""))
	w.no("fault.owner.side", tom, hinder("x", Seller, ute))
	w.no("fault.duration", tom, Start{Item: sellers, Version: w.v(sellers), Remaining: ptr(-1)})
	w.do(tom, hinder("Waiting for the form", Buyer, ute))
	w.do(tom, Start{Item: sellers, Version: w.v(sellers), Remaining: ptr(2)})
	w.is("still blocked", w.item(sellers).Progress.Status, Blocked)
	w.is("remaining", *w.item(sellers).Progress.Remaining, 2)
	w.do(tom, unhinder())
	w.is("started", w.item(sellers).Progress.Status, Started)
	w.is("no block", w.item(sellers).Progress.Block == nil, true)
	w.do(tom, hinder("Again", "", ""))
	w.do(tom, Report{Item: sellers, Version: w.v(sellers)})
	w.is("done ends it", w.item(sellers).Progress.Block == nil, true)
}

func TestRule11DraftIsInvisibleToTheOtherSide(t *testing.T) {
	t.Parallel()
	w := draft(t)
	w.do(sarah, LetIn{Person: john, Access: Lead})
	for _, c := range []Command{Say{ID: "c", Text: "x"}, w.stand(goal), AcceptPlan{}, Share{}, Leave{}, Settle{}, Depart{Person: john},
		Edit{Item: "nothing"}} {
		theirs := w.no("fault.missing", john, c)
		nobodys := w.no("fault.missing", "ghost", c)
		w.is("the same answer", theirs.Error(), nobodys.Error())
	}
	w.noPrivate("fault.missing", Buyer, john, SetNote{ID: "n", Item: goal, Text: "x"})
	w.no("fault.leave.draft", sarah, Leave{})
	w.no("fault.conclude.draft", sarah, Conclude{Outcome: DecidedNo})
	w.no("fault.right.lead", tom, Share{})
	w.do(sarah, Share{})
	w.is("again", len(w.do(sarah, Share{})), 0)
	w.doPrivate(Buyer, john, SetNote{ID: "n", Item: goal, Text: "x"})
}

func TestRule11PrivateSpaces(t *testing.T) {
	t.Parallel()
	w := agreed(t)
	set := SetInternal{ID: "i1", Title: "Ask the board", Owner: ute, Due: today + 3, After: []ID{sellers}}
	w.noPrivate("fault.missing", Buyer, tom, set)
	w.noPrivate("fault.missing", Buyer, nina, set) // typed a name, nothing more
	w.noPrivate("fault.right.private", Buyer, vic, set)
	w.doPrivate(Buyer, ute, set)
	w.noPrivate("fault.item.changed", Buyer, ute, set)
	again := set
	again.Version, again.Done = 1, true
	w.doPrivate(Buyer, max_, again)
	a := w.private.Buyer.Actions["i1"]
	w.is("done on", a.DoneOn, today)
	again.Version = 2
	w.later(1)
	w.doPrivate(Buyer, max_, again)
	w.is("stays", w.private.Buyer.Actions["i1"].DoneOn, today)
	for key, c := range map[string]SetInternal{
		"fault.owner.side":  {ID: "i2", Title: "x", Owner: tom},
		"fault.link.end":    {ID: "i2", Title: "x", After: []ID{"nothing"}},
		"fault.title.empty": {ID: "i2"},
		"fault.date.range":  {ID: "i2", Title: "x", Due: civil.Latest + 1},
		"fault.id":          {ID: goal, Title: "x"},
		"fault.missing":     {ID: "i2", Title: "x", Version: 4},
		"fault.text.long":   {ID: "i2", Title: strings.Repeat("x", maxLine+1)},
	} {
		w.noPrivate(key, Buyer, ute, c)
	}
	w.doPrivate(Buyer, ute, SetNote{ID: "n1", Item: "i1", Text: "They are late."})
	w.noPrivate("fault.missing", Seller, tom, SetNote{ID: "n1", Item: "i1", Text: "x"}) // not even that it is there
	w.noPrivate("fault.missing", Seller, tom, SetNote{ID: "n1", Item: "i9", Text: "x"})
	w.noPrivate("fault.text.empty", Buyer, ute, SetNote{ID: "n2", Text: " "})
	w.noPrivate("fault.item.changed", Buyer, ute, SetNote{ID: "n1", Version: 3, Item: "i1", Text: "x"})
	w.doPrivate(Buyer, max_, SetNote{ID: "n1", Version: 1, Item: "i1", Text: "They are late."})
	w.is("still hers", w.private.Buyer.Notes["n1"].By, ute)
	w.is("notes", len(w.private.Buyer.NotesOn("i1")), 1)
	w.is("the other side has none", len(w.private.Seller.Notes)+len(w.private.Seller.Actions), 0)
	w.noPrivate("fault.item.changed", Buyer, ute, RemoveNote{ID: "n1", Version: 9})
	w.doPrivate(Buyer, ute, RemoveNote{ID: "n1", Version: 1})
	w.noPrivate("fault.missing", Buyer, ute, RemoveNote{ID: "n1", Version: 1})
	w.noPrivate("fault.item.changed", Buyer, ute, RemoveInternal{ID: "i1", Version: 9})
	w.doPrivate(Buyer, ute, RemoveInternal{ID: "i1", Version: 3})
	w.noPrivate("fault.missing", Buyer, ute, RemoveInternal{ID: "i1", Version: 3})
	side, ok := w.plan.SeesPrivate(vic)
	w.is("a viewer reads", ok && side == Buyer, true)
	_, ok = w.plan.SeesPrivate(nina)
	w.is("a newcomer does not", ok, false)
}

func TestRule11InternalActionSurvivesTheRemovalOfWhatItWaitsFor(t *testing.T) {
	t.Parallel()
	w := shared(t)
	w.doPrivate(Buyer, ute, SetInternal{ID: "i1", Title: "x", After: []ID{goal}})
	w.do(tom, Remove{Item: goal, Version: w.v(goal)})
	w.doPrivate(Buyer, ute, SetInternal{ID: "i1", Version: 1, Title: "y", After: []ID{goal}})
}

func TestRule14Undo(t *testing.T) {
	t.Parallel()
	w := shared(t)
	w.no("fault.undo.none", ute, func() TakeBack { w.do(john, AcceptPlan{Seen: w.plan.Shown()}); return w.undo(sellers) }())
	w.do(tom, w.edit(sellers, due(today+11)))
	w.is("yes off", w.item(sellers).StandsBehind(Buyer), false)
	w.no("fault.undo.other", sarah, w.undo(sellers))
	w.no("fault.item.changed", tom, TakeBack{Item: sellers, Version: 1})
	w.no("fault.missing", tom, TakeBack{Item: "nothing"})
	w.do(tom, w.undo(sellers))
	w.is("yes restored", w.item(sellers).IsAgreed(), true)
	w.no("fault.undo.none", tom, w.undo(sellers)) // one step only
	w.do(tom, w.edit(sellers, due(today+11)))
	w.do(ute, w.stand(sellers))
	w.no("fault.undo.other", tom, w.undo(sellers)) // somebody built on it
}

func TestRule14UndoOfAnAddition(t *testing.T) {
	t.Parallel()
	w := shared(t)
	w.do(tom, Add{ID: "m", Kind: KindMilestone, Terms: title("M")})
	w.do(ute, Detail{Item: buyers, Version: w.v(buyers), Details: Details{Milestone: "m"}})
	w.no("fault.undo.built-on", tom, w.undo("m"))
	w.do(ute, w.undo(buyers))
	w.do(tom, w.undo("m"))
	w.is("gone", w.plan.gone("m"), true)
	w.no("fault.undo.none", tom, w.undo("m"))
	w.do(tom, Add{ID: "a", Kind: KindMilestone, Terms: title("A")})
	w.do(ute, Add{ID: "l", Kind: KindLink, Terms: Patch{From: ptr(lone), To: ptr(ID("a"))}})
	w.no("fault.undo.built-on", tom, w.undo("a"))
}

func TestRule14UndoOfARemovalBringsTheLinksBack(t *testing.T) {
	t.Parallel()
	w := shared(t)
	before := w.item(tie).Terms
	w.do(ute, Remove{Item: buyers, Version: w.v(buyers)})
	w.is("gone", w.plan.gone(tie), true)
	w.do(ute, w.undo(buyers))
	w.is("back", w.plan.gone(buyers) || w.plan.gone(tie), false)
	w.is("as it was", stateJSON(w.item(tie).Terms), stateJSON(before))

	w.do(ute, Remove{Item: buyers, Version: w.v(buyers)})
	w.do(tom, Remove{Item: sellers, Version: w.v(sellers)})
	w.no("fault.undo.built-on", ute, w.undo(buyers)) // the other end of the link is gone
	w.do(tom, w.undo(sellers))
	w.do(ute, w.undo(buyers))
}

func TestRule14UndoClosesNoRing(t *testing.T) {
	t.Parallel()
	w := shared(t)
	link := func(id, from, to ID) Add { return Add{ID: id, Kind: KindLink, Terms: Patch{From: &from, To: &to}} }
	w.do(tom, link("l1", lone, joint)) // sellers → buyers, lone → joint
	w.do(tom, link("l2", joint, sellers))
	w.do(ute, Remove{Item: joint, Version: w.v(joint)})
	w.do(tom, link("l3", buyers, lone))
	w.no("fault.undo.built-on", ute, w.undo(joint))
	w.do(tom, w.undo("l3"))
	w.do(ute, w.undo(joint))

	w.do(tom, Remove{Item: "l1", Version: w.v("l1")})
	w.do(ute, link("l4", lone, joint))
	w.no("fault.undo.built-on", tom, w.undo("l1")) // the same link is there
}

func TestRule14CompletedAgreementIsNotUndone(t *testing.T) {
	t.Parallel()
	w := agreed(t)
	w.do(tom, Add{ID: "g", Kind: KindGoal, Terms: title("G")}.as(Joint))
	w.do(ute, w.stand("g"))
	w.no("fault.undo.none", ute, w.undo("g"))
	w.do(tom, w.edit(lone, due(today+5)))
	w.do(tom, w.edit(lone, due(today+9))) // back where it was agreed
	w.do(ute, w.stand(lone))
	w.no("fault.undo.none", ute, w.undo(lone))
}

func TestRule14UndoOfADeviation(t *testing.T) {
	t.Parallel()
	w := agreed(t)
	w.do(tom, w.edit(lone, due(today+5)))
	w.do(tom, w.undo(lone))
	w.terms(lone, today+9, true)
	w.is("no deviation", len(w.item(lone).Deviations), 0)
	w.is("revision", w.plan.Revision, 1)
}

func TestLifePausing(t *testing.T) {
	t.Parallel()
	d := draft(t)
	d.no("fault.pause.phase", sarah, Suspend{Reason: "x", Review: today + 9})
	w := agreed(t)
	w.no("fault.resume", john, Resume{})
	w.no("fault.pause.review", john, Suspend{Reason: "x", Review: today})
	w.no("fault.reason.empty", john, Suspend{Review: today + 9})
	w.no("fault.right.lead", ute, Suspend{Reason: "x", Review: today + 9})
	w.do(john, Suspend{Reason: "Summer", Review: today + 9})
	w.no("fault.pause.already", sarah, Suspend{Reason: "x", Review: today + 9})
	w.do(sarah, Resume{})
	w.is("resumed", w.plan.Paused == nil, true)
	w.do(sarah, Suspend{Reason: "Again", Review: today + 9})
	w.do(john, Conclude{Outcome: DecidedYes})
	w.is("a decided plan is not paused", w.plan.Paused == nil, true)
}

func TestLifeDecidingCorrectingArchiving(t *testing.T) {
	t.Parallel()
	w := agreed(t)
	w.no("fault.archive.phase", john, Archive{})
	w.no("fault.outcome", john, Conclude{Outcome: "perhaps"})
	w.no("fault.right.lead", ute, Conclude{Outcome: DecidedNo})
	w.do(john, Conclude{Outcome: DecidedNo, Reason: "Budget"})
	w.is("the same again", len(w.do(sarah, Conclude{Outcome: DecidedNo, Reason: "Budget"})), 0)
	w.do(sarah, Conclude{Outcome: NoDecision, Reason: "Postponed"})
	w.is("outcome", w.plan.Outcome.Outcome, NoDecision)
	w.no("fault.plan.decided", tom, w.edit(lone, due(today+1)))
	w.do(tom, Say{ID: "c", Text: "Pity."})
	w.do(ute, Depart{Person: ute}) // people may always go
	w.do(sarah, Archive{})
	w.no("fault.plan.archived", tom, Say{ID: "c2", Text: "x"})
	w.no("fault.plan.archived", sarah, Archive{})
	w.no("fault.plan.archived", sarah, NameStandIn{Person: tom})
}

func TestLifeLeaving(t *testing.T) {
	t.Parallel()
	w := agreed(t)
	w.do(john, Leave{Reason: "Taken over."})
	w.is("left by", w.plan.LeftBy, Buyer)
	w.is("read-only", w.plan.ReadOnly(), true)
	for _, c := range []Command{Leave{}, AcceptPlan{}, Conclude{Outcome: DecidedNo}, Resume{}} {
		w.no("fault.plan.left", sarah, c)
	}
	for _, c := range []Command{Say{ID: "c", Text: "x"}, w.edit(lone, due(today+1)), w.undo(lone), AddPerson{}, Settle{}} {
		w.no("fault.plan.left", tom, c)
	}
	w.no("fault.plan.left", "", Join{NewPerson{ID: "x", Side: Buyer, Name: "X"}})
}

func TestSettings(t *testing.T) {
	t.Parallel()
	w := shared(t)
	w.do(ute, Settle{Organisation: Sides[*string]{Buyer: ptr("Nordwerk SE")}, Calendar: Sides[*CalendarInput]{Buyer: &CalendarInput{Region: "DE-BY"}}})
	w.is("again", len(w.do(ute, Settle{Organisation: Sides[*string]{Buyer: ptr("Nordwerk SE")}})), 0)
	w.no("fault.right.side", ute, Settle{Organisation: Sides[*string]{Seller: ptr("Acme")}})
	w.no("fault.right.side", tom, Settle{Calendar: Sides[*CalendarInput]{Buyer: &CalendarInput{}}})
	w.no("fault.right.lead", john, Settle{Notice: ptr("binding!")})
	w.no("fault.right.lead", tom, Settle{Notice: ptr("binding!")})
	w.do(sarah, Settle{Notice: ptr("No obligation."), Language: ptr("de"), Start: ptr(today + 1)})
	w.no("fault.language", tom, Settle{Language: ptr("fr")})
	w.no("fault.right.edit", max_, Settle{Language: ptr("de")})
	w.no("fault.organisation.empty", tom, Settle{Organisation: Sides[*string]{Seller: ptr(" ")}})
	w.no("fault.week", tom, Settle{Calendar: Sides[*CalendarInput]{Seller: &CalendarInput{Week: []string{"someday"}}}})
	w.no("fault.region", tom, Settle{Calendar: Sides[*CalendarInput]{Seller: &CalendarInput{Region: "a b"}}})
	w.no("fault.date.range", tom, Settle{Start: ptr(civil.Latest + 1)})
}

func TestDetailsAreCheckedAndReplayable(t *testing.T) {
	t.Parallel()
	w := shared(t)
	nan := 0.0
	nan /= nan
	detail := func(x Details) Detail { return Detail{Item: lone, Version: w.v(lone), Details: x} }
	for key, cs := range map[string][]Details{
		"fault.duration":   {{Duration: ptr(-1)}, {Duration: ptr(maxDays + 1)}},
		"fault.milestone":  {{Milestone: goal}, {Milestone: "nothing"}},
		"fault.gate":       {{Gate: mile}},
		"fault.date.range": {{Start: civil.Earliest - 1}, {NotBefore: civil.Earliest - 1}, {NotAfter: civil.Latest + 1}},
		"fault.estimate": {{Estimate: &Estimate{Low: 3, Likely: 2, High: 5}}, {Estimate: &Estimate{Low: nan}}, {Estimate: &Estimate{Shape: "round"}},
			{Estimate: &Estimate{Values: [][2]float64{{nan, 1}}}}, {Estimate: &Estimate{Values: [][2]float64{{1, 2}}}}, {Estimate: &Estimate{Low: 1, Values: [][2]float64{{1, 1}}}}},
		"fault.name.word": {{Category: "a\xff"}, {Category: strings.Repeat("x", 501)}},
	} {
		for _, x := range cs {
			w.no(key, tom, detail(x))
		}
	}
	w.no("fault.right.edit", max_, detail(Details{Duration: ptr(3)}))
	w.do(tom, detail(Details{Duration: ptr(3), Category: "legal-review", Milestone: mile, Estimate: &Estimate{Low: 1, Likely: 2, High: 5, Shape: "pert"}}))
	w.is("the same", len(w.do(tom, detail(w.item(lone).Details))), 0)
	w.do(tom, Remove{Item: mile, Version: w.v(mile)})
	w.do(tom, detail(Details{Duration: ptr(4), Milestone: mile})) // gone since, and kept
	w.is("replay", stateJSON(w.replayed(w.logs[SharedStream(planID)], w.words)), stateJSON(w.plan))
}

func TestRisksGatesFreezes(t *testing.T) {
	t.Parallel()
	w := shared(t)
	risk := func(r RiskInput) Add { return Add{ID: "r", Kind: KindRisk, Risk: &r} }
	gate := func(g GateInput) Add { return Add{ID: "g", Kind: KindGate, Gate: &g} }
	freeze := func(f FreezeInput) Add { return Add{ID: "f", Kind: KindFreeze, Freeze: &f} }
	good := GateDetails{Rule: "FREQ=WEEKLY;BYDAY=TU", Anchor: today}
	bad := func(f func(*GateDetails)) GateInput {
		g := good
		f(&g)
		return GateInput{Title: "Board", GateDetails: g}
	}
	for key, cs := range map[string][]Add{
		"fault.title.empty":   {{ID: "r", Kind: KindRisk}, {ID: "g", Kind: KindGate}, {ID: "f", Kind: KindFreeze}, risk(RiskInput{}), gate(GateInput{})},
		"fault.probability":   {risk(RiskInput{Title: "x", RiskDetails: RiskDetails{Probability: 1.5}})},
		"fault.impact":        {risk(RiskInput{Title: "x", RiskDetails: RiskDetails{Low: 3, High: 1}})},
		"fault.risk.owner":    {risk(RiskInput{Title: "x", RiskDetails: RiskDetails{Owner: "ghost"}})},
		"fault.risk.action":   {risk(RiskInput{Title: "x", RiskDetails: RiskDetails{Actions: []ID{goal}}})},
		"fault.gate.rule":     {gate(bad(func(g *GateDetails) { g.Rule = "" })), gate(bad(func(g *GateDetails) { g.Rule = "a\x00" })), gate(bad(func(g *GateDetails) { g.OnHoliday = "dance" })), gate(bad(func(g *GateDetails) { g.LeadDays = -1 }))},
		"fault.party":         {gate(bad(func(g *GateDetails) { g.Side = "us" })), freeze(FreezeInput{Title: "x", FreezeDetails: FreezeDetails{From: today, To: today, Blocks: "work", Side: "us"}})},
		"fault.date.range":    {gate(bad(func(g *GateDetails) { g.Except = []civil.Day{civil.Latest + 1} })), gate(bad(func(g *GateDetails) { g.Anchor = civil.Latest + 1 }))},
		"fault.span":          {freeze(FreezeInput{Title: "x", FreezeDetails: FreezeDetails{From: today, To: today - 1, Blocks: "work"}})},
		"fault.freeze":        {freeze(FreezeInput{Title: "x", FreezeDetails: FreezeDetails{From: today, To: today, Blocks: "fun"}})},
		"fault.name.word":     {freeze(FreezeInput{Title: "x", FreezeDetails: FreezeDetails{From: today, To: today, Blocks: "work", Kinds: []string{"\n"}}})},
		"fault.kind":          {{ID: "k", Kind: "wish", Terms: title("x")}},
		"fault.item.exists":   {{ID: goal, Kind: KindGoal, Terms: title("x")}},
		"fault.id":            {{ID: "", Kind: KindGoal}, {ID: "second", Kind: KindDecision, Terms: title("x")}},
		"fault.text.long":     {risk(RiskInput{Title: strings.Repeat("x", maxLine+1)})},
		"fault.text.encoding": {risk(RiskInput{Title: "\xff"})},
	} {
		for _, c := range cs {
			w.no(key, tom, c)
		}
	}
	w.do(tom, risk(RiskInput{Title: "CFO away", Mitigation: "Deputy", RiskDetails: RiskDetails{Probability: .6, Low: 3, Likely: 9, High: 15, Owner: ute, Actions: []ID{lone}}}))
	w.do(tom, gate(GateInput{Title: "Board", GateDetails: good}))
	w.do(tom, freeze(FreezeInput{Title: "Quarter end", FreezeDetails: FreezeDetails{From: today, To: today + 3, Blocks: "finish", Side: Buyer, Kinds: []string{"payment"}}}))
	w.no("fault.missing", tom, w.edit("r", title("x"))) // no terms
	w.no("fault.missing", tom, Stand{Item: "r", Version: w.v("r")})
	hash := w.item("r").Details.Risk.Title.Hash
	w.do(ute, Detail{Item: "r", Version: w.v("r"), Risk: &RiskInput{Title: "CFO away", Mitigation: "Two deputies"}})
	w.is("unchanged words keep their seal", w.item("r").Details.Risk.Title.Hash, hash)
	w.is("replay", stateJSON(w.replayed(w.logs[SharedStream(planID)], w.words)), stateJSON(w.plan))
}

func TestTextsAreCleaned(t *testing.T) {
	t.Parallel()
	w := shared(t)
	w.do(tom, w.edit(goal, title("  Fewer\u0000\n outages \t today ")))
	w.is("one line", w.item(goal).Terms.Title.Value, "Fewer outages today")
	w.do(tom, Say{ID: "c", Text: "a\r\nb\x07\n"})
	w.is("lines stay", w.plan.Comments[""][0].Text.Value, "a\nb")
	f := w.no("fault.text.long", tom, Say{ID: "c2", Text: strings.Repeat("ä", maxWords)})
	w.is("told how long", f.Args["length"], 2*maxWords)
	w.no("fault.text.encoding", tom, Say{ID: "c2", Text: "\xc3"})
	w.no("fault.text.empty", tom, Say{ID: "c2", Text: " \n"})
	w.no("fault.title.empty", tom, w.edit(goal, title(" ")))
	hash := w.item(goal).Terms.Title.Hash
	w.is("the same words", len(w.do(tom, w.edit(goal, title("Fewer outages today")))), 0)
	w.is("keep their seal", w.item(goal).Terms.Title.Hash, hash)
}

func TestCreate(t *testing.T) {
	t.Parallel()
	for key, f := range map[string]func(*Create){
		"fault.id":                 func(c *Create) { c.Workspace = "" },
		"fault.language":           func(c *Create) { c.Language = "fr" },
		"fault.organisation.empty": func(c *Create) { c.Organisation.Buyer = " " },
		"fault.date.range":         func(c *Create) { c.Start = civil.Latest + 1 },
		"fault.title.empty":        func(c *Create) { c.Title = "" },
		"fault.name.empty":         func(c *Create) { c.People[0].Name = "" },
		"fault.status":             func(c *Create) { c.Items[3].Progress.Status = "dropped" },
		"fault.duration":           func(c *Create) { c.Items[3].Progress.Remaining = ptr(-2) },
		"fault.link.end":           func(c *Create) { c.Items = c.Items[7:] },
		"fault.item.exists":        func(c *Create) { c.Items = append(c.Items, c.Items[0]) },
		"fault.week": func(c *Create) {
			c.Calendar.Seller.Week = []string{"mon", "mon", "mon", "mon", "mon", "mon", "mon", "mon"}
		},
	} {
		w, c := newWorld(t), create()
		f(&c)
		if _, err := w.try(sarah, c); err == nil || !strings.Contains(err.Error(), key) {
			t.Errorf("got %v, want %s", err, key)
		}
		w.is("nothing", w.plan.Phase, Phase(""))
	}
	w, c := newWorld(t), create()
	for _, ref := range []string{"mid-market", "mid-market@0", "mid-market@01", "@1", "mid market@1", "a@1@2"} {
		c.Process = ref
		w.no("fault.id", sarah, c)
	}
	c.Predecessor, c.Process = "old-plan", "mid-market@1"
	c.Items[3].Progress = ProgressInput{Status: Done, DoneOn: today - 3}
	c.Items[4].Progress = ProgressInput{Status: Blocked, BlockedBecause: "Waiting"}
	c.Items[5].Progress = ProgressInput{Status: Started, StartedOn: today - 1, Remaining: ptr(2), Expected: today + 30}
	c.Items[0].Progress = ProgressInput{Status: Done} // a goal has no progress
	w.do(sarah, c)
	w.is("process", w.plan.Process, "mid-market@1")
	w.is("goal", w.item(goal).Progress.Status, Status(""))
	w.no("fault.missing", sarah, c) // there is a plan already
	w.is("replay", stateJSON(w.replayed(w.logs[SharedStream(planID)], w.words)), stateJSON(w.plan))
	if _, err := Decide(New(), Share{}, Env{Actor: sarah}); !fault.Is(err, fault.Missing) {
		t.Errorf("a command on no plan: %v", err)
	}
}

func TestTimeNeverRunsBackwards(t *testing.T) {
	t.Parallel()
	w := shared(t)
	at := w.plan.Head.At
	w.now = w.now.Add(-48 * time.Hour)
	w.do(tom, Say{ID: "c", Text: "x"})
	w.is("time", w.plan.Head.At, at)
}

func TestChainWithTimeRunningBackwardsIsRefused(t *testing.T) {
	t.Parallel()
	w := shared(t)
	records := w.logs[SharedStream(planID)]
	last := &records[len(records)-1]
	last.At--
	last.Hash = chain(records[len(records)-2].Hash, *last)
	_, err := verifyRecords(records, nil)
	w.is("reason", reason(err), "verify.time")
}

func TestBatchAllOrNone(t *testing.T) {
	t.Parallel()
	w := agreed(t)
	w.do(ute, w.propose("pr", w.wish(lone, due(today+14))))
	w.no("fault.proposal.superseded", tom, Batch{w.edit(lone, due(today+5)), w.accept("pr")}) // as one by one
	w.no("fault.missing", tom, Batch{Join{}})
	w.no("fault.missing", tom, Batch{Batch{RecordErasure{}}})
	w.no("fault.right.viewer", vic, Batch{})
	w.no("fault.missing", tom, Batch{Depart{Person: tom}, Say{ID: "c", Text: "x"}})
	w.is("nothing to do", len(w.do(tom, Batch{})), 0)
	w.do(tom, Batch{w.edit(lone, due(today+5)), Say{ID: "c", Item: lone, Text: "Sooner."}})
	w.terms(lone, today+5, false)
}

func TestEditNamesTheMilestoneToo(t *testing.T) {
	t.Parallel()
	w := shared(t)
	edit := func(id ID, c Patch, m ID) Edit {
		return Edit{Item: id, Version: w.v(id), Patch: c, Milestone: &m}
	}
	w.no("fault.milestone", tom, edit(goal, Patch{}, mile))
	w.no("fault.milestone", tom, edit(lone, Patch{}, goal))
	w.do(ute, w.edit(buyers, Patch{BuyerOwner: ptr(max_)}))
	w.no("fault.right.edit", max_, edit(buyers, due(today+16), mile))
	w.is("alone", kindsOf(w.do(tom, edit(lone, Patch{}, mile))), "[item.detailed]")
	before := essence(w.item(lone))
	w.is("with terms", kindsOf(w.do(tom, edit(lone, due(today+3), ""))), "[item.edited]")
	w.is("out of it", w.item(lone).Details.Milestone, ID(""))
	w.do(tom, w.undo(lone))
	w.is("undone as one", essence(w.item(lone)), before)
}

func TestSealTwiceIsTheSame(t *testing.T) {
	t.Parallel()
	w := shared(t)
	d, err := Decide(w.plan, Say{ID: "c", Text: "x"}, w.env(tom))
	if err != nil {
		t.Fatal(err)
	}
	one, err1 := d.Seal()
	two, err2 := d.Seal()
	w.is("same", stateJSON(one), stateJSON(two))
	w.is("errors", fmt.Sprint(errors.Join(err1, err2)), "<nil>")
}
