package present

import (
	"tandem/internal/plan"
	"tandem/internal/web/view"
)

// askWay is what the other side made easy for the reader's: everything on one
// page to confirm, or every date theirs to set.
func (pr *presenter) askWay() []view.Ask {
	me := pr.v.Me
	if !pr.moves || me.Access == plan.Viewer || me.Access == plan.None {
		return nil
	}
	on := pr.p.On(me.Side)
	if on == plan.Together || on == plan.TheirDates && !pr.undated() || on == plan.JustAgree && pr.p.Accepted.Of(me.Side).Digest == pr.p.Digest() {
		return nil
	}
	path := "/confirm"
	if on == plan.TheirDates {
		path = "/dates"
	}
	key := "ease.ask." + string(on)
	return []view.Ask{{Kind: view.AskWay, Note: pr.l.T(key, "From", pr.party(me.Side.Other()).Name), Reason: pr.l.T(key + ".why"),
		By: pr.l.T(key + ".go"), Title: pr.o.Base + path, MayAct: true}}
}

// undated reports that a date is still asked for.
func (pr *presenter) undated() bool {
	for _, it := range pr.p.Live(plan.KindAction, plan.KindMilestone, plan.KindDecision) {
		if it.Terms.Due.IsZero() && it.Progress.Status != plan.Done {
			return true
		}
	}
	return false
}
