package lint

import (
	"strings"

	"tandem/internal/planfile"
)

// Bounds of a healthy plan, from published practice: of the steps the buyer
// has 30 to 50 %, the seller 25 to 40 %, both together 20 to 35 %; twelve
// milestones at most; more than thirty steps work like no plan. A joint step
// counts half for each side. Above 70 % the buyer does the seller's homework.
const (
	lowBuyerShare  = 0.30
	highBuyerShare = 0.70
	mostSteps      = 30
	mostMilestones = 12
	fewSteps       = 5 // below this a plan is a note, and is not asked for everything
)

// oneSided: a plan in which the buyer does nothing is the seller's to-do list.
func (c *check) oneSided() {
	all := c.planned()
	if all < fewSteps {
		return
	}
	buyer, own := 0.0, 0
	for _, a := range c.plan.Actions {
		switch {
		case a.Status == planfile.Dropped:
		case a.Side == planfile.Buyer:
			buyer++
			own++
		case a.Side == planfile.Joint:
			buyer += 0.5
		}
	}
	f := Finding{Severity: Warning, Field: "actions"}
	switch share := buyer / float64(all); {
	case share < lowBuyerShare:
		f.Message = c.text("message", "Own", own, "All", all, "Organisation", c.organisation(planfile.Buyer))
		f.Suggestion = c.text("suggestion", "Organisation", c.organisation(planfile.Buyer))
	case share > highBuyerShare:
		f.Severity = Advice
		f.Message = c.text("buyer", "Own", own, "All", all, "Organisation", c.organisation(planfile.Buyer))
		f.Suggestion = c.text("buyer.suggestion", "Organisation", c.organisation(planfile.Seller))
	default:
		return
	}
	c.add(f)
}

// noApprover: somebody has to say yes to the money. Who, is asked best before
// the plan is agreed, not in the week of the decision.
func (c *check) noApprover() {
	if c.planned() < fewSteps || len(c.plan.Gates) > 0 {
		return
	}
	for _, h := range c.plan.People {
		if h.Side == planfile.Buyer && (approverRoles.in(titleWords(h.Role)) || approverRoles.in(titleWords(h.Name))) {
			return
		}
	}
	for _, a := range c.plan.Actions {
		if a.Status == planfile.Dropped || a.Side == planfile.Seller {
			continue
		}
		if a.Kind == "approval" || a.Kind == "procurement" || approvalWords.in(titleWords(a.Title)) || approverRoles.in(titleWords(a.Title)) {
			return
		}
	}
	c.add(Finding{
		Severity: Warning, Field: "people",
		Message:    c.text("message", "Organisation", c.organisation(planfile.Buyer)),
		Suggestion: c.text("suggestion"),
	})
}

// noRisk: a plan without risks has not been talked about. Names the risk that
// the plan itself points at.
func (c *check) noRisk() {
	if len(c.plan.Risks) > 0 || c.planned() < fewSteps {
		return
	}
	c.add(Finding{
		Severity: Advice, Field: "risks",
		Message: c.text("message"), Suggestion: c.text("suggestion." + c.likelyRisk()),
	})
}

var (
	securityWords = pattern("sicherheit* *sicherheitsprüfung security pentest* penetrationstest* infosec datenschutz* iso* tisax*")
	legalWords    = pattern("recht* vertrag* *vertrag legal contract* redline* avv dpa terms")
)

// likelyRisk is the common risk that fits the plan best.
func (c *check) likelyRisk() string {
	for _, h := range c.plan.People {
		if len(h.Absences) > 0 {
			return "absence"
		}
	}
	for _, kind := range []struct {
		name  string
		words wordPattern
	}{{"security", securityWords}, {"procurement", approvalWords}, {"legal", legalWords}} {
		for _, a := range c.todo {
			if kind.words.in(titleWords(a.Title)) {
				return kind.name
			}
		}
	}
	return "any"
}

// noGoal: without a goal of the buyer's, every step is for the seller; without
// a criterion nobody knows when it was reached.
func (c *check) noGoal() {
	if c.planned() < fewSteps {
		return
	}
	buyer := false
	for _, g := range c.plan.Goals {
		buyer = buyer || g.Side != planfile.Seller && strings.TrimSpace(g.Text) != ""
	}
	f := Finding{Severity: Advice, Field: "goals"}
	switch {
	case !buyer && len(c.plan.Criteria) == 0:
		f.Message, f.Suggestion = c.text("message"), c.text("suggestion")
	case !buyer:
		f.Message = c.text("buyer", "Organisation", c.organisation(planfile.Buyer))
		f.Suggestion = c.text("buyer.suggestion")
	case len(c.plan.Criteria) == 0:
		f.Field = "criteria"
		f.Message, f.Suggestion = c.text("criteria"), c.text("criteria.suggestion")
	default:
		return
	}
	c.add(f)
}

// tooManySteps: nobody keeps more than thirty steps in view; the small ones
// belong into somebody's own list.
func (c *check) tooManySteps() {
	if n := c.planned(); n > mostSteps {
		c.add(Finding{
			Severity: Warning, Field: "actions",
			Message: c.text("message", "N", n, "Most", mostSteps), Suggestion: c.text("suggestion"),
		})
	}
}

// tooManyMilestones: a milestone is where both look up; who looks up all the
// time gets nowhere.
func (c *check) tooManyMilestones() {
	if n := len(c.plan.Milestones); n > mostMilestones {
		c.add(Finding{
			Severity: Advice, Field: "milestones",
			Message: c.text("message", "N", n, "Most", mostMilestones), Suggestion: c.text("suggestion"),
		})
	}
}

var (
	salesWords   = pattern("deal deals closing upsell* upselling cross-sell* crossselling dealabschluss* abschlussplan*")
	salesPhrases = []string{"close the deal", "close plan", "close date", "get signature", "abschluss erzielen", "kunden gewinnen", "win the customer"}
)

// salesTalk: "close the deal" is the seller's goal, and the buyer reads the
// plan. For the seller's eyes only, before it is shared.
func (c *check) salesTalk() {
	look := func(item, field, text string) {
		if !salesWords.in(titleWords(text)) && !hasPhrase(text, salesPhrases) {
			return
		}
		c.add(Finding{
			Severity: Advice, Item: item, Field: field, Audience: planfile.Seller,
			Message: c.text("message", "Text", quoted(clip(text))), Suggestion: c.text("suggestion"),
		})
	}
	look("", "title", c.plan.Title)
	for _, g := range c.plan.Goals {
		look("", "goals", g.Text)
	}
	for _, m := range c.plan.Milestones {
		look(m.ID, "title", m.Title)
	}
	for _, a := range c.todo {
		look(a.ID, "title", a.Title)
	}
}
