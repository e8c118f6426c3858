package cli

import (
	"time"

	"tandem/internal/app"
	"tandem/internal/civil"
	"tandem/internal/plan"
	"tandem/internal/planfile"
)

// sessionScript is what is said in the demo's planning session.
type sessionScript struct {
	title                                 string
	goal, criterion, trial, pilotSites    string
	said                                  [6]string // goals twice, activities twice, people, approval
	privacy, lightTitle                   string
	lightStones                           [3]string
	lightSteps                            [5]string
	lightWho                              [5]string
	lightSide                             [5]planfile.Side
	rolePurchase, roleOwner, roleSecurity string
}

var sessionScripts = map[string]sessionScript{
	"de": {
		title: "Entscheiden, ob Acme Cloud die Fernwartung bei Vossler trägt", roleOwner: "Geschäftsführung", rolePurchase: "Leiter Service", roleSecurity: "IT-Sicherheit",
		goal:       "Fernwartung, die auch ohne Netz beim Kunden funktioniert",
		criterion:  "Neun von zehn Störungen ohne Anfahrt gefunden",
		trial:      "Fernwartung an drei Anlagen erproben, eine davon im Bestand",
		privacy:    "Freigabe der Datenschutzbeauftragten zu den Anlagendaten erteilen",
		pilotSites: "Drei Anlagen für die Erprobung benennen",
		said: [6]string{
			"Wir müssen wissen, ob das auch funktioniert, wenn beim Kunden im Keller kein Netz ist. Da stehen unsere Anlagen nämlich.",
			"Wenn wir im Herbst immer noch Monteure für Routinefahrten losschicken, haben wir nichts gewonnen.",
			"Bevor ich etwas unterschreibe, will ich es an drei Anlagen laufen sehen. Eine davon im Bestand, nicht nur an neuen.",
			"Die Datenschutzbeauftragte muss draufschauen, und die ist nur dienstags im Haus.",
			"Frau Aydin aus der IT sollte früh dabei sein, sonst kommt ihr Einwand am Schluss.",
			"Alles über 50.000 Euro geht durch die Gesellschafterrunde, und die trifft sich am ersten Donnerstag im Monat.",
		},
		lightTitle:  "Entscheiden, ob Kübler Druck umsteigt",
		lightStones: [3]string{"Anforderungen geklärt", "Probelauf ausgewertet", "Angebot geprüft"},
		lightSteps: [5]string{"Liste der Druckmaschinen mit Baujahr senden", "Zugang für den Probelauf einrichten", "Zwei Wochen Probelauf an Maschine 4 auswerten",
			"Angebot mit Preis je Maschine senden", "Angebot mit dem Steuerberater durchgehen"},
		lightWho:  [5]string{"Stefan Kübler", "Priya Natarajan", "Stefan Kübler", "John Martinez", "Stefan Kübler"},
		lightSide: [5]planfile.Side{planfile.Buyer, planfile.Seller, planfile.Buyer, planfile.Seller, planfile.Buyer},
	},
	"en": {
		title: "Decide whether Acme Cloud can carry Vossler's remote service", roleOwner: "Managing director", rolePurchase: "Head of service", roleSecurity: "IT security",
		goal:       "Remote service that works without a network at the customer's",
		criterion:  "Nine out of ten faults found without a visit",
		trial:      "Try remote service on three units, one of them an old one",
		privacy:    "Approve the use of unit data as data protection officer",
		pilotSites: "Name three units for the trial",
		said: [6]string{
			"We need to know whether it works when there is no network in the customer's basement. That is where our units are.",
			"If we are still sending people out for routine visits this autumn, we have gained nothing.",
			"Before I sign anything I want to see it run on three units. One of them an old one, not just new ones.",
			"Our data protection officer has to look at it, and she is only in on Tuesdays.",
			"Ms Aydin from IT should be in this early, or her objection will come at the very end.",
			"Anything above 50,000 euros goes to the shareholders' round, and that meets on the first Thursday of the month.",
		},
		lightTitle:  "Decide whether Kübler Print moves over",
		lightStones: [3]string{"Requirements clear", "Trial run evaluated", "Offer reviewed"},
		lightSteps: [5]string{"Send the list of presses with year of make", "Set up access for the trial run", "Evaluate two weeks of trial on press 4",
			"Send the offer with a price per press", "Go through the offer with the tax adviser"},
		lightWho:  [5]string{"Stefan Kübler", "Priya Natarajan", "Stefan Kübler", "John Martinez", "Stefan Kübler"},
		lightSide: [5]planfile.Side{planfile.Buyer, planfile.Seller, planfile.Buyer, planfile.Seller, planfile.Buyer},
	},
}

// talking is a plan that both sides are writing together at this moment: the
// session is at its fourth question.
func (d *director) talking() error {
	t := sessionScripts[d.lang]
	f := app.Blank(d.lang, t.title, "Vossler Kältetechnik GmbH", "Acme Cloud", workdays(d.today, 45))
	f.Start = d.today
	f.People = []planfile.Person{
		{ID: "vossler", Side: planfile.Buyer, Name: "Anja Vossler", Role: t.roleOwner, Email: "anja.vossler@vossler.example"},
		{ID: "kratz", Side: planfile.Buyer, Name: "Bernd Kratz", Role: t.rolePurchase, Email: "bernd.kratz@vossler.example"},
	}
	d.at(d.today-1, 14)
	p, err := d.open(f)
	if err != nil {
		return err
	}
	if err := p.invite("vossler"); err != nil {
		return err
	}
	clock := time.Now().Add(-19 * time.Minute)
	later := func(minutes int) { clock = clock.Add(time.Duration(minutes) * time.Minute); d.goTo(clock) }
	quotes := [6]plan.ID{}
	say := func(i int, who string, topic plan.Topic) func() error {
		return func() error {
			later(2)
			quotes[i] = p.s.NewID()
			return p.do("martinez", plan.KeepQuote{ID: quotes[i], Topic: topic, Said: p.people[who], Text: t.said[i]})
		}
	}
	step := func(move plan.Command) func() error { return func() error { later(1); return p.do("martinez", move) } }
	return steps(
		step(plan.StartSession{ID: p.s.NewID()}),
		say(0, "kratz", plan.TopicGoals),
		say(1, "vossler", plan.TopicGoals),
		func() error { return p.sessionGoals(t, quotes[0], quotes[1]) },
		step(plan.StepSession{To: plan.TopicActivities}),
		say(2, "vossler", plan.TopicActivities),
		say(3, "kratz", plan.TopicActivities),
		func() error { return p.sessionSteps(t, quotes[2], quotes[3]) },
		step(plan.StepSession{To: plan.TopicPeople}),
		say(4, "kratz", plan.TopicPeople),
		func() error {
			id := p.s.NewID()
			return p.do("martinez", plan.Batch{plan.AddPerson{NewPerson: plan.NewPerson{ID: id, Side: plan.Buyer, Name: "Elif Aydin", Role: t.roleSecurity,
				Absences: []plan.SpanInput{{From: workdays(d.today, 12), To: workdays(d.today, 21)}}}}, plan.UseQuote{Quote: quotes[4], Item: id}})
		},
		step(plan.StepSession{To: plan.TopicApproval}),
		say(5, "vossler", plan.TopicApproval),
	)
}

// sessionGoals: what was said becomes what both steer by.
func (p *stagePlan) sessionGoals(t sessionScript, first, second plan.ID) error {
	party, goal, criterion := plan.ByBuyer, p.s.NewID(), p.s.NewID()
	by := workdays(p.today, 30)
	return p.do("martinez", plan.Batch{
		plan.Add{ID: goal, Kind: plan.KindGoal, Terms: plan.Patch{Title: &t.goal, Party: &party}}, plan.UseQuote{Quote: first, Item: goal},
		plan.Add{ID: criterion, Kind: plan.KindCriterion, Terms: plan.Patch{Title: &t.criterion, Due: &by}}, plan.UseQuote{Quote: second, Item: criterion},
	})
}

// sessionSteps: two steps out of two sentences, and what has to come first.
func (p *stagePlan) sessionSteps(t sessionScript, trialSaid, privacySaid plan.ID) error {
	joint, buyer, days, review := plan.Joint, plan.ByBuyer, 15, 6
	kratz, me := p.people["kratz"], p.seller.Member.ID
	trial, sites, privacy := p.s.NewID(), p.s.NewID(), p.s.NewID()
	from, due := workdays(p.today, 5), workdays(p.today, 24)
	typ := plan.FinishToStart
	return p.do("martinez", plan.Batch{
		plan.Add{ID: sites, Kind: plan.KindAction, Terms: plan.Patch{Title: &t.pilotSites, Party: &buyer, BuyerOwner: &kratz, Due: &from}},
		plan.Add{ID: trial, Kind: plan.KindAction, Terms: plan.Patch{Title: &t.trial, Party: &joint, BuyerOwner: &kratz, SellerOwner: &me, Due: &due}, Details: plan.Details{Duration: &days}},
		plan.Add{ID: p.s.NewID(), Kind: plan.KindLink, Terms: plan.Patch{From: &sites, To: &trial, Type: &typ}},
		plan.Add{ID: privacy, Kind: plan.KindAction, Terms: plan.Patch{Title: &t.privacy, Party: &buyer}, Details: plan.Details{Duration: &review}},
		plan.UseQuote{Quote: trialSaid, Item: trial}, plan.UseQuote{Quote: privacySaid, Item: privacy},
	})
}

// onePage is a light plan: three milestones, five steps.
func (d *director) onePage() error {
	t := sessionScripts[d.lang]
	f := app.Blank(d.lang, t.lightTitle, "Kübler Druck GmbH", "Acme Cloud", workdays(d.today, 34))
	f.Start = d.today - 4
	f.People = []planfile.Person{
		{ID: "kuebler", Side: planfile.Buyer, Name: "Stefan Kübler", Email: "stefan.kuebler@kuebler.example"},
		{ID: "natarajan", Side: planfile.Seller, Name: "Priya Natarajan"},
		{ID: "martinez", Side: planfile.Seller, Name: "John Martinez", Email: d.seller.Member.Email},
	}
	person := map[string]string{"Stefan Kübler": "kuebler", "Priya Natarajan": "natarajan", "John Martinez": "martinez"}
	stones := [3]civil.Day{workdays(d.today, 6), workdays(d.today, 20), workdays(d.today, 30)}
	for i, title := range t.lightStones {
		f.Milestones = append(f.Milestones, planfile.Milestone{ID: "m" + string(rune('1'+i)), Title: title, Date: stones[i]})
	}
	for i, x := range []struct {
		due   int
		stone string
	}{{4, "m1"}, {6, "m1"}, {20, "m2"}, {24, "m3"}, {30, "m3"}} {
		f.Actions = append(f.Actions, planfile.Action{ID: "s" + string(rune('1'+i)), Title: t.lightSteps[i], Side: t.lightSide[i], Status: planfile.Open, Owner: person[t.lightWho[i]],
			Due: workdays(d.today, x.due), Milestone: x.stone})
	}
	d.at(d.today-2, 10)
	v, err := d.s.Create(d.ctx, d.seller, app.NewPlan{ID: d.s.NewID(), File: f, Light: true})
	if err != nil {
		return err
	}
	d.plans = append(d.plans, v.Plan.ID)
	p := &stagePlan{director: d, id: v.Plan.ID, people: map[string]plan.ID{}, items: map[string]plan.ID{}}
	for _, q := range v.Plan.Everybody() {
		if q.Side == plan.Buyer {
			p.people["kuebler"] = q.ID
		}
	}
	return p.invite("kuebler")
}
