package cli

import (
	"fmt"
	"time"

	"tandem/internal/app"
	"tandem/internal/civil"
	"tandem/internal/plan"
	"tandem/internal/planfile"
)

// small is one of the other deals of the team, in a few steps: enough for the
// portfolio to have something to answer.
type small struct {
	buyer, lead, second string
	stage               [2]string // German, English
	segment             string
	amount              int64 // euro
	ends                int   // days from today to the decision
	shared              int   // days ago
	agreed              int   // days after it was shared; -1: not yet
	done                int   // steps that are done
	quiet               int   // days since the buyer last did something
	gap                 int   // days from the plan's decision to the CRM's date
	block               plan.Side
	proposal            plan.Side // whose proposal is open
	slips               int       // times the decision was moved by a week
	paused              bool
	remark              [2]string
}

var smalls = []small{
	{buyer: "Werkstatt Nord GmbH", lead: "Anke Sievers", second: "Jan Ott", stage: [2]string{"Angebot", "Proposal"}, segment: "Mittelstand", amount: 48_000, ends: 21, shared: 26, agreed: 4, done: 2, quiet: 13},
	{buyer: "Kranz & Partner", lead: "Miriam Kranz", second: "Felix Baum", stage: [2]string{"Verhandlung", "Negotiation"}, segment: "Mittelstand", amount: 76_500, ends: 25, shared: 30, agreed: 6, done: 3, quiet: 1, gap: -12,
		remark: [2]string{"Der CRM-Termin ist unser Quartalsende, nicht deren Termin. Bitte anpassen.", "The CRM date is our quarter-end, not theirs. Please correct it."}},
	{buyer: "Donau Energie AG", lead: "Paul Hofer", second: "Lena Gruber", stage: [2]string{"Prüfung", "Evaluation"}, segment: "Enterprise", amount: 310_000, ends: 55, shared: 34, agreed: 9, done: 2, quiet: 2, block: plan.Seller},
	{buyer: "Elbe Klinikum", lead: "Dr. Sabine Roth", second: "Timo Falk", stage: [2]string{"Prüfung", "Evaluation"}, segment: "Enterprise", amount: 185_000, ends: 40, shared: 28, agreed: 5, done: 2, quiet: 3, proposal: plan.Buyer},
	{buyer: "Falkenberg Möbel", lead: "Ines Falkenberg", stage: [2]string{"Erstgespräch", "Discovery"}, segment: "Mittelstand", amount: 22_000, ends: 32, shared: 9, agreed: -1, done: 0, quiet: 2},
	{buyer: "Hafenlogistik Bremen", lead: "Ole Petersen", second: "Maike Harms", stage: [2]string{"Angebot", "Proposal"}, segment: "Mittelstand", amount: 64_000, ends: 30, shared: 35, agreed: 5, done: 3, quiet: 1, slips: 2},
	{buyer: "Alpenmilch Genossenschaft", lead: "Korbinian Huber", second: "Vroni Maier", stage: [2]string{"Verhandlung", "Negotiation"}, segment: "Mittelstand", amount: 91_000, ends: 18, shared: 32, agreed: 3, done: 4, quiet: 1, gap: 3},
	{buyer: "Rothe Versicherung", lead: "Carla Rothe", second: "Nils Brandt", stage: [2]string{"Prüfung", "Evaluation"}, segment: "Enterprise", amount: 240_000, ends: 70, shared: 20, agreed: 6, done: 1, quiet: 1},
	{buyer: "Mühlenbau Krüger", lead: "Heiner Krüger", stage: [2]string{"Angebot", "Proposal"}, segment: "Mittelstand", amount: 37_500, ends: 45, shared: 24, agreed: 8, done: 1, quiet: 4, paused: true},
}

// team are the other deals: their past is short and goes without mails.
func (d *director) team() error {
	words := portfolioWords[d.lang]
	for i := range smalls {
		if err := d.smallPlan(&smalls[i], words); err != nil {
			return fmt.Errorf("%s: %w", smalls[i].buyer, err)
		}
	}
	return nil
}

// back sets the clock without sending what would have been sent meanwhile.
func (d *director) back(days, hour int) {
	at := (d.today - civil.Day(days)).Time().Add(time.Duration(hour) * time.Hour)
	d.clock.back.Store(int64(max(0, time.Since(at))))
}

func (d *director) smallPlan(x *small, w portfolioScript) error {
	german := 1
	if d.lang == "de" {
		german = 0
	}
	p, f, err := d.smallDraft(x, w)
	if err != nil {
		return err
	}
	segment := x.segment
	if d.lang == "en" && segment == "Mittelstand" {
		segment = "Mid-market"
	}
	deal := app.Deal{ID: d.s.NewID(), Name: w.title, Account: x.buyer, Amount: x.amount * 100, Currency: "EUR",
		Stage: x.stage[german], Segment: segment, Close: f.DecideBy + civil.Day(x.gap), Owner: d.seller.Member.ID}
	if _, err := d.s.SaveDeal(d.ctx, d.seller, deal); err != nil {
		return err
	}
	if err := d.s.LinkDeal(d.ctx, d.seller, deal.ID, p.id); err != nil {
		return err
	}
	if err := p.smallLife(x, f, w); err != nil {
		return err
	}
	if x.remark[german] == "" {
		return nil
	}
	d.back(1, 8)
	return d.s.Remark(d.ctx, d.seller, p.id, x.remark[german])
}

// smallDraft is its file: six steps of both sides up to a decision.
func (d *director) smallDraft(x *small, w portfolioScript) (*stagePlan, *planfile.Plan, error) {
	ends := workdays(d.today+civil.Day(x.ends)-1, 1)
	begin := workdays(d.today-civil.Day(x.shared), 1)
	f := &planfile.Plan{Format: planfile.Format, Title: fmt.Sprintf(w.titleOf, x.buyer), Language: d.lang, Start: begin, DecideBy: ends,
		People: []planfile.Person{{ID: "chen", Side: planfile.Buyer, Name: x.lead}, {ID: "martinez", Side: planfile.Seller, Name: d.seller.Member.Name, Email: d.seller.Member.Email}}}
	f.Sides.Buyer = planfile.Party{Organisation: x.buyer, Calendar: planfile.Calendar{Region: "DE-NI"}}
	if x.second != "" {
		f.People = append(f.People, planfile.Person{ID: "klein", Side: planfile.Buyer, Name: x.second})
	}
	for i, title := range w.steps {
		a := planfile.Action{ID: fmt.Sprint("a", i+1), Title: title, Status: planfile.Open, Side: []planfile.Side{planfile.Joint, planfile.Seller, planfile.Buyer}[i%3]}
		// What is done lies behind us, the rest between today and the decision.
		if i < x.done {
			a.Due = workdays(begin, 1+i*max(1, x.shared/8))
		} else {
			left := len(w.steps) - x.done
			a.Due = workdays(d.today+civil.Day((i-x.done)*(x.ends-4)/left), 2)
		}
		days := max(1, (x.ends*5/7)/(len(w.steps)-x.done+1))
		a.Duration = &days
		if i >= x.done && i > 0 {
			f.Links = append(f.Links, planfile.Link{From: fmt.Sprint("a", i), To: a.ID, Type: "FS"})
		}
		owner := "chen"
		if x.second != "" && i == 2 {
			owner = "klein"
		}
		switch a.Side {
		case planfile.Joint:
			a.Owners = planfile.Owners{Buyer: "chen", Seller: "martinez"}
		case planfile.Seller:
			a.Owner = "martinez"
		default:
			a.Owner = owner
		}
		f.Actions = append(f.Actions, a)
	}
	d.back(x.shared+1, 10)
	v, err := d.s.Create(d.ctx, d.seller, app.NewPlan{ID: d.s.NewID(), File: f})
	if err != nil {
		return nil, nil, err
	}
	return d.staged(v, f), f, nil
}

// smallLife plays it up to today.
func (p *stagePlan) smallLife(x *small, f *planfile.Plan, w portfolioScript) error {
	p.back(x.shared, 9)
	if err := p.invite("chen"); err != nil {
		return err
	}
	if x.second != "" {
		if err := p.letIn("klein", plan.Editor); err != nil {
			return err
		}
	}
	if x.agreed < 0 {
		p.back(x.quiet, 11)
		return p.say("chen", "a1", w.question)
	}
	p.back(x.shared-x.agreed, 10)
	if err := steps(func() error { return p.accept("chen") }, func() error { return p.accept("martinez") }); err != nil {
		return err
	}
	for i := range x.done {
		if err := p.smallDone(x, &f.Actions[i]); err != nil {
			return err
		}
	}
	for range x.slips {
		if err := p.smallSlip(x, w); err != nil {
			return err
		}
	}
	next := f.Actions[x.done].ID
	p.back(x.quiet, 13)
	switch {
	case x.block != "":
		return p.on("chen", next, func(id plan.ID, v int) plan.Command {
			return plan.Hinder{Item: id, Version: v, Because: w.blocked, Waits: x.block, Since: p.today - civil.Day(x.quiet)}
		})
	case x.proposal == plan.Buyer:
		return p.on("chen", "a6", func(id plan.ID, v int) plan.Command {
			day := workdays(f.Actions[5].Due, 3)
			return plan.Propose{ID: p.s.NewID(), Reason: w.reason, Expires: workdays(p.today, 6), Changes: []plan.Wish{{Item: id, Version: v, Patch: plan.Patch{Due: &day}}}}
		})
	case x.paused:
		return p.do("chen", plan.Suspend{Reason: w.paused, Review: workdays(p.today, 20)})
	}
	return p.say("chen", next, w.question)
}

// smallDone reports a step on its day, by whoever does it; a joint one is
// confirmed.
func (p *stagePlan) smallDone(x *small, a *planfile.Action) error {
	who, other := "chen", "martinez"
	if a.Side == planfile.Seller {
		who, other = other, who
	}
	if a.Owner == "klein" {
		who = "klein"
	}
	on := min(a.Due, p.today-civil.Day(x.quiet))
	p.back(int(p.today-on), 12)
	if err := p.on(who, a.ID, func(id plan.ID, v int) plan.Command { return plan.Report{Item: id, Version: v, On: on} }); err != nil || a.Side != planfile.Joint {
		return err
	}
	return p.on(other, a.ID, func(id plan.ID, v int) plan.Command { return plan.Confirm{Item: id, Version: v} })
}

// smallSlip moves the decision by a week, as both agreed.
func (p *stagePlan) smallSlip(x *small, w portfolioScript) error {
	id := p.s.NewID()
	p.back(x.quiet+2, 10)
	v, err := p.s.Open(p.ctx, p.seller, p.id)
	if err != nil {
		return err
	}
	it := v.Plan.Items[plan.DecisionItem]
	day := workdays(it.Terms.Due, 5)
	if err := p.do("chen", plan.Propose{ID: id, Reason: w.reason, Changes: []plan.Wish{{Item: it.ID, Version: it.Version, Patch: plan.Patch{Due: &day}}}}); err != nil {
		return err
	}
	if v, err = p.s.Open(p.ctx, p.seller, p.id); err != nil {
		return err
	}
	return p.do("martinez", plan.Accept{ID: id, Digest: v.Plan.Proposals[id].Digest()})
}

// portfolioScript are its words.
type portfolioScript struct {
	title, titleOf, question, blocked, reason, paused string
	steps                                             []string
}

var portfolioWords = map[string]portfolioScript{
	"de": {title: "Einführung Acme Cloud", titleOf: "Bis zur Entscheidung: Acme Cloud für %s", question: "Reicht Ihnen das so, oder fehlt noch etwas?",
		blocked: "Uns fehlt der Zugang zur Testumgebung.", reason: "Unsere Rechtsabteilung braucht länger als gedacht.", paused: "Wir warten auf unseren Haushalt.",
		steps: []string{"Anforderungen gemeinsam festhalten", "Testzugang für die Fachabteilung einrichten", "Mit echten Daten prüfen", "Ergebnis gemeinsam auswerten", "Vertragsentwurf mit Preisen senden", "Vertrag rechtlich prüfen"}},
	"en": {title: "Acme Cloud rollout", titleOf: "Ready to decide: Acme Cloud for %s", question: "Is this enough for you, or is something missing?",
		blocked: "We are missing access to the test environment.", reason: "Our legal team needs longer than we thought.", paused: "We are waiting for our budget.",
		steps: []string{"Write the requirements down together", "Set up test access for the department", "Test with real data", "Go through the results together", "Send draft contract with prices", "Review the contract"}},
}
