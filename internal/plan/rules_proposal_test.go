package plan

import (
	"fmt"
	"testing"
	"time"

	"tandem/internal/civil"
	"tandem/internal/fault"
)

func TestRule04AgreedTermsChangeByAcceptedProposal(t *testing.T) {
	t.Parallel()
	w := agreed(t)
	w.no("fault.item.agreed", tom, w.edit(sellers, due(today+11)))
	w.do(tom, w.propose("pr", w.wish(sellers, due(today+11))))
	w.terms(sellers, today+10, true) // until then the agreed terms stand
	w.no("fault.proposal.own", sarah, w.accept("pr"))
	w.no("fault.right.agree", max_, w.accept("pr"))
	w.no("fault.right.viewer", vic, w.accept("pr"))
	w.no("fault.item.changed", ute, Accept{ID: "pr", Digest: "of something else"})
	w.no("fault.missing", ute, Accept{ID: "none"})
	w.now = w.now.Add(3 * time.Hour)
	events := w.do(ute, w.accept("pr"))
	w.is("waited", events[0].(*ProposalAccepted).Waited, 3*time.Hour)
	w.terms(sellers, today+11, true)
	w.is("revision", w.plan.Revision, 2)
	w.is("status", w.status("pr"), Accepted)
	w.no("fault.proposal.accepted", ute, w.accept("pr"))
	w.is("baseline stays", w.plan.Baselines[0].Terms[sellers].Due, today+10)
	w.no("fault.undo.none", ute, w.undo(sellers))
}

func TestRule04WhatAProposalNeeds(t *testing.T) {
	t.Parallel()
	s := shared(t)
	s.no("fault.propose.before-agreement", tom, s.propose("pr", s.wish(sellers, due(today+11))))
	w := agreed(t)
	good := w.wish(sellers, due(today+11))
	w.no("fault.propose.empty", tom, w.propose("pr"))
	w.no("fault.reason.empty", tom, Propose{ID: "pr", Changes: []Wish{good}, Expires: today + 3, Reason: " \n"})
	w.no("fault.propose.expiry", tom, Propose{ID: "pr", Changes: []Wish{good}, Expires: today - 1, Reason: "x"})
	w.no("fault.propose.expiry", tom, Propose{ID: "pr", Changes: []Wish{good}, Expires: today + 400, Reason: "x"})
	w.no("fault.propose.same", tom, w.propose("pr", w.wish(sellers, due(today+10))))
	w.no("fault.propose.twice", tom, w.propose("pr", good, w.wish(sellers, title("x"))))
	w.no("fault.id", tom, w.propose("p r", good))
	w.no("fault.propose.many", tom, w.propose("pr", make([]Wish, maxChanges+1)...))
	w.no("fault.item.changed", tom, w.propose("pr", Wish{Item: sellers, Version: 77, Patch: due(today + 11)}))
	w.no("fault.decision.stays", tom, w.propose("pr", Wish{Item: DecisionItem, Version: w.v(DecisionItem), Remove: true}))
	w.no("fault.owner.side", tom, w.propose("pr", w.wish(sellers, Patch{SellerOwner: ptr(ute)})))
	w.no("fault.right.agree", cora, w.propose("pr", good))
	w.no("fault.id", tom, w.propose("pr", Wish{Item: sellers, Link: true}))
	w.do(tom, w.propose("pr", good))
	w.no("fault.id", tom, w.propose("pr", good))
	w.do(sarah, AddPerson{NewPerson: NewPerson{ID: "gone", Side: Seller, Name: "Gone Soon"}})
	w.do(sarah, Depart{Person: "gone"})
	w.no("fault.owner.left", tom, w.propose("p2", w.wish(sellers, Patch{SellerOwner: ptr(ID("gone"))})))
	w.no("fault.propose.not-agreed", tom, w.propose("p2", func() Wish {
		w.do(tom, Add{ID: "new", Kind: KindMilestone, Terms: title("New")})
		return w.wish("new", title("Newer"))
	}()))
}

func TestRule04ContributorAsksForTheDateOfTheirOwnAction(t *testing.T) {
	t.Parallel()
	w := shared(t)
	w.do(ute, w.edit(buyers, Patch{BuyerOwner: ptr(max_)}))
	w.do(ute, w.edit(joint, Patch{BuyerOwner: ptr(nina)}))
	w.do(ute, Add{ID: "l", Kind: KindLink, Terms: Patch{From: ptr(buyers), To: ptr(joint)}})
	w.do(john, AcceptPlan{Seen: w.plan.Shown()})
	w.do(sarah, AcceptPlan{Seen: w.plan.Shown()})
	w.no("fault.right.agree", max_, w.propose("pr", w.wish(buyers, title("x"))))
	w.do(max_, w.propose("pr", w.wish(buyers, due(today+25))))
	w.do(tom, w.accept("pr"))
	w.terms(buyers, today+25, true)
	w.is("max made it", w.item(buyers).Committed(Buyer), true)
	w.no("fault.right.agree", nina, w.propose("p2", w.wish(joint, due(today+25)))) // nobody verified her
}

func TestRule04DeclinedAndWithdrawn(t *testing.T) {
	t.Parallel()
	w := agreed(t)
	w.do(tom, w.propose("p1", w.wish(sellers, due(today+11))))
	w.do(tom, w.propose("p2", w.wish(sellers, title("x"))))
	w.do(tom, w.propose("p3", w.wish(lone, title("x"))))
	w.do(ute, Decline{ID: "p1", Reason: "Too late."})
	w.is("declined", w.status("p1"), Declined)
	w.is("answer", w.plan.Proposals["p1"].Answer.Value, "Too late.")
	w.no("fault.proposal.declined", ute, w.accept("p1"))
	w.do(sarah, LetIn{Person: cora, Access: Editor})
	w.no("fault.right.withdraw", cora, Withdraw{ID: "p2"})
	w.no("fault.right.withdraw", ute, Withdraw{ID: "p2"})
	w.do(tom, Withdraw{ID: "p2"})
	w.do(sarah, Withdraw{ID: "p3"}) // the lead may too
	w.is("withdrawn", w.status("p2"), Withdrawn)
	w.no("fault.proposal.withdrawn", ute, w.accept("p2"))
	w.no("fault.proposal.withdrawn", tom, Withdraw{ID: "p2"})
	w.terms(sellers, today+10, true)
	w.is("revision", w.plan.Revision, 1)
}

func TestRule04Countered(t *testing.T) {
	t.Parallel()
	w := agreed(t)
	w.do(tom, w.propose("p1", w.wish(sellers, due(today+15))))
	w.no("fault.propose.same", ute, Counter{ID: "p1", With: w.propose("p2", w.wish(sellers, due(today+10)))})
	w.is("a failed counter closes nothing", w.status("p1"), Pending)
	w.do(ute, Counter{ID: "p1", With: w.propose("p2", w.wish(sellers, due(today+12)))})
	w.is("first", w.status("p1"), Countered)
	w.is("by", w.plan.Proposals["p1"].CounteredBy, ID("p2"))
	w.is("counters", w.plan.Proposals["p2"].Counters, ID("p1"))
	w.no("fault.proposal.countered", ute, w.accept("p1"))
	w.do(tom, w.accept("p2"))
	w.terms(sellers, today+12, true)
}

func TestRule04Superseded(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		by   func(w *world)
		want ProposalStatus
	}{
		"touched field changed under rule 7": {func(w *world) { w.do(tom, w.edit(lone, due(today+5))) }, Superseded},
		"done":                               {func(w *world) { w.do(tom, Report{Item: lone, Version: w.v(lone)}) }, Superseded},
		"removed": {func(w *world) {
			w.do(ute, w.propose("rm", Wish{Item: lone, Version: w.v(lone), Remove: true}))
			w.do(tom, w.accept("rm"))
		}, Superseded},
		"changed by another proposal": {func(w *world) {
			w.do(ute, w.propose("other", w.wish(lone, due(today+14))))
			w.do(tom, w.accept("other"))
		}, Superseded},
		"another field changed under rule 7": {func(w *world) { w.do(tom, w.edit(lone, Patch{SellerOwner: ptr(cora)})) }, Pending},
		"another field by another proposal": {func(w *world) {
			w.do(ute, w.propose("other", w.wish(lone, title("Write it up"))))
			w.do(tom, w.accept("other"))
		}, Pending},
		"started, expected, blocked, commented": {func(w *world) {
			w.do(tom, Start{Item: lone, Version: w.v(lone)})
			w.do(tom, Expect{Item: lone, Version: w.v(lone), Date: today + 12, Because: "x"})
			w.do(tom, Hinder{Item: lone, Version: w.v(lone), Because: "waiting", Waits: Buyer})
			w.do(ute, Say{ID: "c", Item: lone, Text: "Why?"})
			w.do(tom, Detail{Item: lone, Version: w.v(lone), Details: Details{Duration: ptr(3)}})
		}, Pending},
		"another item changed": {func(w *world) { w.do(tom, w.edit(sellers, due(today+5))) }, Pending},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := agreed(t)
			w.do(tom, w.propose("pr", w.wish(lone, due(today+13))))
			c.by(w)
			w.is("status", w.status("pr"), c.want)
			if c.want == Superseded {
				w.is("told why", fmt.Sprint(w.plan.Proposals["pr"].Because), "[lone]")
				w.no("fault.proposal.superseded", ute, w.accept("pr"))
				return
			}
			before := w.item(lone).Terms
			w.do(ute, w.accept("pr"))
			before.Due = today + 13
			w.is("writes exactly the values shown", stateJSON(w.item(lone).Terms), stateJSON(before))
		})
	}
}

func TestRule04AcceptanceCoversOnlyWhatTheSidesKnew(t *testing.T) {
	t.Parallel()
	w := agreed(t)
	w.do(ute, w.propose("pr", w.wish(lone, title("Write it up"))))
	w.do(tom, w.edit(lone, due(today+5))) // rule 7, after the proposal was made
	w.do(tom, w.accept("pr"))
	it := w.item(lone)
	w.is("title", it.Terms.Title.Value, "Write it up")
	w.is("seller knew all", it.StandsBehind(Seller), true)
	w.is("buyer never stood behind the new date", it.StandsBehind(Buyer), false)
	w.is("agreed title", it.Agreed.Title.Value, "Write it up")
	w.is("agreed date", it.Agreed.Due, today+9)
	w.do(ute, w.stand(lone))
	w.is("agreed date", w.item(lone).Agreed.Due, today+5)
	w.is("revision", w.plan.Revision, 3)
}

func TestRule04Expired(t *testing.T) {
	t.Parallel()
	w := agreed(t)
	w.do(tom, w.propose("p1", w.wish(sellers, due(today+15))))
	w.do(tom, w.propose("p2", w.wish(lone, due(today+15))))
	w.later(14)
	w.do("", ExpireProposals{})
	w.do(ute, w.accept("p2")) // the last day
	w.later(1)
	w.no("fault.proposal.expired", ute, w.accept("p1")) // checked at acceptance, whoever swept
	w.is("nobody swept yet", w.status("p1"), Pending)
	w.do("", ExpireProposals{})
	w.is("expired", w.status("p1"), Expired)
	w.no("fault.proposal.expired", ute, w.accept("p1"))
	w.terms(sellers, today+10, true)
	w.is("again", len(w.do("", ExpireProposals{})), 0)
}

func TestRule04OwnerWhoLeftCannotBeAccepted(t *testing.T) {
	t.Parallel()
	w := agreed(t)
	w.do(tom, w.propose("pr", w.wish(joint, Patch{BuyerOwner: ptr(max_)})))
	w.do(john, Depart{Person: max_})
	w.no("fault.owner.left", ute, w.accept("pr"))
}

func TestRule10RemovalShowsAndTakesTheLinks(t *testing.T) {
	t.Parallel()
	w := agreed(t)
	w.do(tom, w.propose("pr", Wish{Item: sellers, Version: w.v(sellers), Remove: true}))
	w.is("shows", fmt.Sprint(w.plan.Proposals["pr"].Changes[0].With), "[tie]")
	w.do(ute, w.accept("pr"))
	w.is("removed", w.plan.gone(sellers) && w.plan.gone(tie), true)
	w.is("in the baseline", w.plan.Baselines[0].Terms[sellers] != nil, true)
	w.is("in the history", w.item(sellers).Terms.Title.Value, "Security review")
	w.is("revision", w.plan.Revision, 2)
	w.no("fault.item.removed", tom, w.edit(sellers, title("x")))
	w.do(ute, Say{ID: "c", Item: sellers, Text: "Good."})
}

func TestRule10RemovalIsSupersededByAnotherLink(t *testing.T) {
	t.Parallel()
	w := agreed(t)
	w.do(tom, w.propose("pr", Wish{Item: lone, Version: w.v(lone), Remove: true}))
	w.do(tom, Add{ID: "extra", Kind: KindMilestone, Terms: title("Kick-off")})
	w.do(tom, Add{ID: "l1", Kind: KindLink, Terms: Patch{From: ptr(lone), To: ptr(ID("extra"))}})
	w.is("the proposal did not show this link", w.status("pr"), Superseded)
}

func TestRule10BothEndsOfALink(t *testing.T) {
	t.Parallel()
	w := agreed(t)
	rm := func(id ID) Wish { return Wish{Item: id, Version: w.v(id), Remove: true} }
	w.do(tom, w.propose("pr", rm(sellers), rm(buyers)))
	w.do(ute, w.accept("pr"))
	w.is("link removed once", w.item(tie).Version, 3)
}

// Rule 7: each clause and each near miss of it.
func TestRule07WithoutConsent(t *testing.T) {
	t.Parallel()
	free := func(id ID, c Patch, rule FreeRule) func(w *world) {
		return func(w *world) {
			w.t.Helper()
			old := w.item(id).Terms
			events := w.do(tom, w.edit(id, c))
			d := w.item(id).Deviations
			w.is("logged", len(d), 1)
			w.is("rule", d[0].Rule, rule)
			w.is("event", kindsOf(events), "[item.deviated]")
			w.is("from", stateJSON(d[0].Old), stateJSON(old))
			w.is("to", stateJSON(d[0].New), stateJSON(w.item(id).Terms))
			w.is("agreed stays as it was", stateJSON(*w.item(id).Agreed), stateJSON(old))
			w.is("revision", w.plan.Revision, 1)
			w.is("seller stands", w.item(id).StandsBehind(Seller), true)
			w.is("buyer does not", w.item(id).StandsBehind(Buyer), false)
		}
	}
	refused := func(who, id ID, c Patch) func(w *world) {
		return func(w *world) {
			w.t.Helper()
			f := w.no("fault.item.agreed", who, w.edit(id, c))
			w.is("advice", fmt.Sprint(f.Fixes), "[fix.propose]")
		}
	}
	after := func(setup, then func(w *world)) func(w *world) { return func(w *world) { setup(w); then(w) } }
	link := func(from, to ID) func(w *world) {
		return func(w *world) {
			w.do(ute, w.propose("link", Wish{Item: "extra-link", Link: true, Patch: Patch{From: &from, To: &to}}))
			w.do(tom, w.accept("link"))
		}
	}
	sellersOwn := func(w *world) { // another action of the seller's, nothing depends on it
		w.do(tom, Add{ID: "own", Kind: KindAction, Terms: Patch{Title: ptr("Own"), Party: ptr(BySeller), SellerOwner: ptr(tom), Due: ptr(today + 20)}})
		w.do(ute, w.stand("own"))
		w.plan.Revision = 1
	}
	for name, f := range map[string]func(w *world){
		"earlier":                    free(sellers, due(today+8), FreeEarlier),
		"later, a milestone depends": refused(tom, sellers, due(today+11)),
		"later, taken out of the milestone before": after(func(w *world) {
			w.do(tom, Detail{Item: sellers, Version: w.v(sellers)})
			w.do(ute, w.propose("rm", Wish{Item: tie, Version: w.v(tie), Remove: true}))
			w.do(tom, w.accept("rm"))
		}, refused(tom, sellers, due(today+11))),
		"later, nothing depends":                    free(lone, due(today+30), FreeIndependent),
		"later, the other side depends":             after(link(lone, buyers), refused(tom, lone, due(today+30))),
		"later, a joint action depends":             after(link(lone, joint), refused(tom, lone, due(today+30))),
		"later, a milestone depends by link":        after(link(lone, mile), refused(tom, lone, due(today+30))),
		"later, the decision depends":               after(link(lone, DecisionItem), refused(tom, lone, due(today+30))),
		"later, the milestone of what depends":      after(link(lone, sellers), refused(tom, lone, due(today+30))),
		"earlier all the same":                      after(link(lone, buyers), func(w *world) { w.do(tom, w.edit(lone, due(today+8))) }),
		"to be decided":                             refused(tom, lone, Patch{DateOpen: ptr(true)}),
		"the other side's, earlier":                 refused(ute, lone, due(today+8)),
		"the other side's, later":                   refused(tom, buyers, due(today+20)),
		"joint, earlier":                            refused(tom, joint, due(today+8)),
		"another owner on one's own side":           free(lone, Patch{SellerOwner: ptr(cora)}, FreeOwner),
		"another owner of a joint action, own side": free(joint, Patch{SellerOwner: ptr(cora)}, FreeOwner),
		"nobody as owner":                           refused(tom, lone, Patch{SellerOwner: ptr(ID(""))}),
		"another owner on the other side":           refused(tom, joint, Patch{BuyerOwner: ptr(max_)}),
		"owner of the other side's action":          refused(tom, buyers, Patch{BuyerOwner: ptr(max_)}),
		"to the other side":                         refused(tom, lone, Patch{Party: ptr(ByBuyer)}),
		"scope":                                     refused(tom, lone, title("Less")),
		"what counts as done":                       refused(tom, lone, Patch{DoneWhen: ptr("Less")}),
		"owner and date at once":                    refused(tom, lone, Patch{SellerOwner: ptr(cora), Due: ptr(today + 8)}),
		"a milestone, earlier":                      refused(tom, mile, due(today+8)),
		"the decision, earlier":                     refused(tom, DecisionItem, due(today+8)),
		"a link":                                    refused(tom, tie, Patch{Lag: ptr(2)}),
		"a criterion":                               refused(tom, criterion, due(today+8)),
		"goal":                                      refused(ute, goal, title("More")),
		"own chain only": after(sellersOwn, after(link(lone, "own"), func(w *world) {
			w.do(tom, w.edit(lone, due(today+30)))
			w.is("rule", w.item(lone).Deviations[0].Rule, FreeIndependent)
		})),
		"own chain with the other side at its end": after(sellersOwn, after(link(lone, "own"), func(w *world) {
			w.do(ute, w.propose("l2", Wish{Item: "l2", Link: true, Patch: Patch{From: ptr(ID("own")), To: ptr(buyers)}}))
			w.do(tom, w.accept("l2"))
			refused(tom, lone, due(today+30))(w)
		})),
		"done": func(w *world) {
			w.do(tom, Report{Item: lone, Version: w.v(lone)})
			refused(tom, lone, due(today+8))(w)
		},
		"the same twice": func(w *world) {
			w.do(tom, w.edit(lone, due(today+8)))
			w.do(tom, w.edit(lone, due(today+7)))
			w.is("logged", len(w.item(lone).Deviations), 2)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f(agreed(t))
		})
	}
}

func TestRule07DependsLooksAtSharedLinksOnly(t *testing.T) {
	t.Parallel()
	w := agreed(t)
	w.doPrivate(Buyer, ute, SetInternal{ID: "secret", Title: "Ask the board", After: []ID{lone}})
	w.do(tom, w.edit(lone, due(today+30)))
}

func TestRule07UnverifiedOwnerMovesNothingAgreed(t *testing.T) {
	t.Parallel()
	w := shared(t)
	w.do(ute, w.edit(buyers, Patch{BuyerOwner: ptr(nina)}))
	w.do(john, AcceptPlan{Seen: w.plan.Shown()})
	w.do(sarah, AcceptPlan{Seen: w.plan.Shown()})
	w.no("fault.right.agree", nina, w.edit(buyers, due(today+8)))
	w.no("fault.right.agree", nina, GiveAnswer{Item: buyers, Version: w.v(buyers), Kind: TakesOn})
	w.do(nina, GiveAnswer{Item: buyers, Version: w.v(buyers), Kind: NotMine})
	w.do(nina, Expect{Item: buyers, Version: w.v(buyers), Date: today + 18})
}

func TestRule07ExpectedDateMovesNoAgreedDate(t *testing.T) {
	t.Parallel()
	w := agreed(t)
	w.do(tom, Expect{Item: sellers, Version: w.v(sellers), Date: today + 25, Because: "travelling"})
	w.terms(sellers, today+10, true)
	w.is("expected", w.item(sellers).Progress.Expected, today+25)
	w.no("fault.right.report", ute, Expect{Item: sellers, Version: w.v(sellers), Date: today + 25})
	w.no("fault.date.range", tom, Expect{Item: sellers, Version: w.v(sellers), Date: civil.Latest + 1})
	w.do(tom, Expect{Item: sellers, Version: w.v(sellers)})
	w.is("taken back", w.item(sellers).Progress.Expected, civil.Day(0))
}

func TestDecidingVoidsProposals(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]Command{"decided": Conclude{Outcome: DecidedNo, Reason: "Budget."}, "left": Leave{Reason: "Goodbye."}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := agreed(t)
			w.do(tom, w.propose("pr", w.wish(sellers, due(today+11))))
			w.do(john, end)
			w.is("void", w.status("pr"), Void)
			w.no("fault.plan."+name, ute, w.accept("pr"))
			w.no("fault.plan."+name, tom, w.edit(lone, due(today+1)))
		})
	}
}

func TestProposalFaultIsAConflict(t *testing.T) {
	t.Parallel()
	w := agreed(t)
	w.do(tom, w.propose("pr", w.wish(sellers, due(today+11))))
	w.is("kind", w.no("fault.item.changed", ute, Accept{ID: "pr"}).Kind, fault.Conflict)
}
