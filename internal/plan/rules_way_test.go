package plan

import (
	"testing"

	"tandem/internal/civil"
)

func TestOneSideLeavesEveryDateToTheOther(t *testing.T) {
	t.Parallel()
	w := shared(t)
	was := map[ID]bool{}
	for _, it := range w.plan.Live(KindAction, KindMilestone, KindDecision) {
		was[it.ID] = !it.Terms.Due.IsZero()
	}
	day := w.plan.Items[buyers].Terms.Due
	w.no("fault.way", tom, Ease{Way: "by magic"})
	w.no("fault.right.viewer", vic, Ease{Way: TheirDates})
	w.no("fault.right.edit", max_, Ease{Way: TheirDates})
	events := w.do(tom, Ease{Way: TheirDates})
	w.is("it is told", has(events, "plan.way"), true)
	w.is("and every date is an edit of its own", has(events, "item.edited"), true)
	for _, it := range w.plan.Live(KindAction, KindMilestone, KindDecision) {
		if it.Progress.Status == Done {
			continue
		}
		w.is("the date of "+string(it.ID)+" is gone", it.Terms.Due.IsZero(), true)
		if was[it.ID] {
			w.is(string(it.ID)+" is to be decided", it.Terms.DateOpen, true)
			w.is("what stood at "+string(it.ID)+" is a suggestion", w.plan.Suggested(it.ID).IsZero(), false)
		}
	}
	w.is("for the other side", w.plan.On(Buyer), TheirDates)
	w.is("not for one's own", w.plan.On(Seller), Together)
	w.is("the suggestion", w.plan.Suggested(buyers), day)
	w.is("again changes nothing", len(w.do(tom, Ease{Way: TheirDates})), 0)

	w.do(ute, w.edit(buyers, due(day+3)))
	w.is("the other side's date", w.plan.Items[buyers].Terms.Due, day+3)
	w.is("no suggestion beside a date", w.plan.Suggested(buyers), civil.Day(0))
	w.do(tom, Ease{Way: TheirDates})
	w.is("asked again, that date is the suggestion", w.plan.Suggested(buyers), day+3)
	w.is("and the others are still there", w.plan.Suggested(sellers).IsZero(), false)
	w.do(tom, Ease{Way: Together})
	w.is("back", w.plan.On(Buyer), Together)
	w.is("back twice changes nothing", len(w.do(tom, Ease{Way: Together})), 0)
}

func TestTheWayEndsWithTheAgreement(t *testing.T) {
	t.Parallel()
	w := shared(t)
	w.do(tom, Ease{Way: JustAgree})
	w.is("confirming changes no terms", w.plan.Items[buyers].Terms.DateOpen, false)
	w.is("for the other side", w.plan.On(Buyer), JustAgree)
	a := agreed(t)
	before := a.plan.Items[buyers].Digest
	a.no("fault.way.agreed", tom, Ease{Way: TheirDates})
	a.is("no agreed date moved", a.plan.Items[buyers].Digest, before)
}
