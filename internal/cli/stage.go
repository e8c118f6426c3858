package cli

import (
	"context"
	"fmt"
	"time"

	"tandem/internal/app"
	"tandem/internal/civil"
	"tandem/internal/plan"
	"tandem/internal/planfile"
)

// director plays the demo's past: every scene goes through the use cases that
// people's clicks go through.
type director struct {
	ctx    context.Context
	s      *app.Service
	clock  *shifting
	t      script
	lang   string
	today  civil.Day
	seller app.Caller // John Martinez, account executive
	main   plan.ID
	chen   plan.ID // Sarah Chen's person in the main plan
	brandt plan.ID // Dr. Ute Brandt's
	mail   bool    // the past has its mails
	plans  []plan.ID
	failed error // of the mails
}

func (d *director) found() error {
	d.today = civil.On(time.Now(), time.UTC)
	d.at(d.today-40, 9)
	w, m, err := d.s.Found(d.ctx, app.Workspace{Name: "Acme Cloud", Language: d.lang, Zone: "Europe/Berlin", Region: "GB-ENG"},
		app.Member{Name: "John Martinez", Email: "john.martinez@acme.example", Language: d.lang, Role: app.RoleAdmin})
	if err != nil {
		return err
	}
	_ = w
	d.seller = app.Caller{Member: &m}
	return nil
}

// at sets the clock back to an hour of a day in the past. If that is later than
// it was, the mails of the days between go out first, each at its time.
func (d *director) at(day civil.Day, hour int) {
	d.goTo(day.Time().Add(time.Duration(hour) * time.Hour))
}

func (d *director) goTo(to time.Time) {
	set := func(t time.Time) { d.clock.back.Store(int64(max(0, time.Since(t)))) }
	from := d.clock.now()
	for day := civil.On(from, time.UTC); d.mail && day <= civil.On(to, time.UTC) && d.failed == nil; day++ {
		for hour := 6; hour < 17; hour++ {
			if t := day.Time().Add(time.Duration(hour) * time.Hour); t.After(from) && t.Before(to) {
				set(t)
				d.failed = d.s.CatchUp(d.ctx, d.plans, hour == 6)
			}
		}
	}
	set(to)
}

// stagePlan is a plan in the making, with its people by their ids in the file.
type stagePlan struct {
	*director
	id     plan.ID
	people map[string]plan.ID
	items  map[string]plan.ID

	series plan.ID   // of its check-ins
	weekly civil.Day // the next of them
	toHold []heldScene
}

// open makes a draft of a file as the seller.
func (d *director) open(f *planfile.Plan) (*stagePlan, error) {
	v, err := d.s.Create(d.ctx, d.seller, app.NewPlan{ID: d.s.NewID(), File: f})
	if err != nil {
		return nil, err
	}
	d.plans = append(d.plans, v.Plan.ID)
	return d.staged(v, f), nil
}

// staged finds the people and steps of a file in the plan made of it.
func (d *director) staged(v app.View, f *planfile.Plan) *stagePlan {
	p := &stagePlan{director: d, id: v.Plan.ID, people: map[string]plan.ID{}, items: map[string]plan.ID{}}
	for _, q := range v.Plan.Everybody() {
		for _, x := range f.People {
			if x.Name == q.Name.Value {
				p.people[x.ID] = q.ID
			}
		}
	}
	for _, it := range v.Plan.Live(plan.KindAction, plan.KindMilestone) {
		for _, a := range f.Actions {
			if a.Title == it.Terms.Title.Value {
				p.items[a.ID] = it.ID
			}
		}
	}
	return p
}

// as is a person of the plan in a browser of their own.
func (p *stagePlan) as(person string) app.Caller {
	if person == "martinez" {
		return p.seller
	}
	return app.Caller{Session: app.Session{Persons: map[plan.ID]plan.ID{p.id: p.people[person]}}}
}

func (p *stagePlan) do(who string, cmd plan.Command) error {
	_, err := p.s.Do(p.ctx, p.as(who), p.id, cmd)
	if err != nil {
		return fmt.Errorf("%s does %T: %w", who, cmd, err)
	}
	return nil
}

func (p *stagePlan) private(who string, cmd plan.PrivateCommand) error {
	_, err := p.s.DoPrivate(p.ctx, p.as(who), p.id, cmd)
	return err
}

// on makes a command against the present version of a step.
func (p *stagePlan) on(who, item string, cmd func(id plan.ID, version int) plan.Command) error {
	v, err := p.s.Open(p.ctx, p.as(who), p.id)
	if err != nil {
		return err
	}
	id := p.items[item]
	if item == "decision" {
		id = plan.DecisionItem
	}
	return p.do(who, cmd(id, v.Plan.Items[id].Version))
}

// invite names the buyer's lead, who then comes in by a link out of a mail.
func (p *stagePlan) invite(person string) error {
	if _, err := p.s.ShareLink(p.ctx, p.seller, p.id); err != nil {
		return err
	}
	if err := p.do("martinez", plan.LetIn{Person: p.people[person], Access: plan.Lead}); err != nil {
		return err
	}
	secret, err := p.s.DemoLink(p.ctx, app.Pass{Kind: app.PersonalPass, Plan: p.id, Person: p.people[person], Side: plan.Buyer})
	if err != nil {
		return err
	}
	_, _, _, err = p.s.Return(p.ctx, app.Caller{}, secret, "")
	return err
}

func (p *stagePlan) accept(who string) error {
	v, err := p.s.Open(p.ctx, p.as(who), p.id)
	if err != nil {
		return err
	}
	return p.do(who, plan.AcceptPlan{Seen: v.Plan.Shown()})
}

func (p *stagePlan) say(who, item, text string) error {
	return p.do(who, plan.Say{ID: p.s.NewID(), Item: p.items[item], Text: text})
}

// steps runs what happens one after another and stops at the first failure.
func steps(acts ...func() error) error {
	for i, act := range acts {
		if err := act(); err != nil {
			return fmt.Errorf("act %d: %w", i+1, err)
		}
	}
	return nil
}

// fresh is the sample as it was when it was made: nothing done yet.
func fresh(f *planfile.Plan) *planfile.Plan {
	for i := range f.Actions {
		a := &f.Actions[i]
		a.Status, a.StartedOn, a.DoneOn, a.Expected, a.BlockedBecause, a.Remaining = planfile.Open, 0, 0, 0, "", nil
	}
	return f
}

// agreed is the main scene: a plan agreed two weeks ago, half done, with
// something blocked and a proposal to answer.
func (d *director) agreed() error {
	f := fresh(app.Sample(d.lang, d.today))
	late := f.Actions[len(f.Actions)-1] // added after the agreement
	f.Actions = f.Actions[:len(f.Actions)-1]
	for i := len(f.Links) - 1; i >= 0; i-- {
		if f.Links[i].From == late.ID || f.Links[i].To == late.ID {
			f.Links = append(f.Links[:i], f.Links[i+1:]...)
		}
	}
	d.at(f.Start-1, 9)
	p, err := d.open(f)
	if err != nil {
		return err
	}
	d.main, d.chen, d.brandt = p.id, p.people["chen"], p.people["brandt"]
	return steps(p.begin, p.meetings, func() error { return p.past(f) }, func() error { return p.heldUntil(p.today) }, func() error { return p.talks(f) }, func() error { return p.asksBrandt(f) }, p.hands, func() error { return p.present(f, late) })
}

// talks: a proposal that was countered and accepted, and a report to which
// something was missing.
func (p *stagePlan) talks(f *planfile.Plan) error {
	due := map[string]civil.Day{}
	for _, a := range f.Actions {
		due[a.ID] = a.Due
	}
	first, second := p.s.NewID(), p.s.NewID()
	wish := func(version int, day civil.Day) []plan.Wish {
		return []plan.Wish{{Item: p.items["a14"], Version: version, Patch: plan.Patch{Due: &day}}}
	}
	return steps(
		func() error {
			p.at(p.today-4, 9)
			return p.on("natarajan", "a14", func(_ plan.ID, v int) plan.Command {
				return plan.Propose{ID: first, Reason: p.t.rollout, Changes: wish(v, workdays(due["a14"], 3))}
			})
		},
		func() error {
			p.at(p.today-4, 12)
			return p.on("chen", "a14", func(_ plan.ID, v int) plan.Command {
				return plan.Counter{ID: first, With: plan.Propose{ID: second, Reason: p.t.rolloutBack, Changes: wish(v, workdays(due["a14"], 1))}}
			})
		},
		func() error {
			v, err := p.s.Open(p.ctx, p.seller, p.id)
			if err != nil {
				return err
			}
			p.at(p.today-4, 15)
			return p.do("martinez", plan.Accept{ID: second, Digest: v.Plan.Proposals[second].Digest()})
		},
		func() error {
			p.at(p.today-3, 9)
			return p.on("chen", "a6", func(id plan.ID, v int) plan.Command { return plan.Lacks{Item: id, Version: v, Missing: p.t.lacks} })
		},
		func() error {
			p.at(p.today-3, 14)
			return p.on("martinez", "a6", func(id plan.ID, v int) plan.Command {
				return plan.Report{Item: id, Version: v, Result: p.t.supplied}
			})
		},
	)
}

// begin: shared, talked over, agreed.
func (p *stagePlan) begin() error {
	day := p.today - 19
	return steps(
		func() error { return p.invite("chen") },
		func() error { p.at(day, 10); return p.say("chen", "a11", p.t.legalQuestion) },
		func() error { p.at(day, 11); return p.say("martinez", "a11", p.t.legalAnswer) },
		func() error {
			return p.private("martinez", plan.SetNote{ID: p.s.NewID(), Item: p.items["a10"], Text: p.t.sellerNote})
		},
		func() error {
			return p.private("chen", plan.SetNote{ID: p.s.NewID(), Item: p.items["a8"], Text: p.t.buyerNote})
		},
		func() error {
			return p.private("martinez", plan.SetInternal{ID: p.s.NewID(), Title: p.t.internal, Owner: p.people["martinez"], Due: p.today})
		},
		func() error { return p.letIn("klein", plan.Editor) },
		func() error { return p.letIn("reuter", plan.Contributor) },
		func() error { return p.letIn("natarajan", plan.Editor) },
		func() error { p.at(day, 14); return p.accept("chen") },
		func() error { p.at(day, 15); return p.accept("martinez") },
	)
}

// letIn gives a listed person access to the plan, by the lead of their side.
func (p *stagePlan) letIn(person string, access plan.Access) error {
	lead := "chen"
	if person == "natarajan" || person == "vogt" {
		lead = "martinez"
	}
	return p.do(lead, plan.LetIn{Person: p.people[person], Access: access})
}

// past: what was due is done, mostly, and confirmed in part.
func (p *stagePlan) past(f *planfile.Plan) error {
	for _, a := range f.Actions {
		who := a.Owner
		if a.Side == planfile.Joint {
			who = a.Owners.Buyer
		}
		if a.Due >= p.today || a.ID == "a7" {
			continue
		}
		if err := p.heldUntil(a.Due); err != nil {
			return err
		}
		if _, known := map[string]bool{"chen": true, "klein": true, "natarajan": true, "martinez": true}[who]; !known {
			continue
		}
		p.at(a.Due, 9)
		if err := p.on(who, a.ID, func(id plan.ID, v int) plan.Command {
			return plan.GiveAnswer{Item: id, Version: v, Kind: plan.TakesOn}
		}); err != nil {
			return err
		}
		p.at(a.Due, 13)
		if err := p.on(who, a.ID, func(id plan.ID, v int) plan.Command {
			return plan.Report{Item: id, Version: v, On: a.Due, Result: p.t.results[a.ID]}
		}); err != nil {
			return err
		}
		confirm := "chen"
		if a.Side != planfile.Seller {
			confirm = "martinez"
		}
		if a.Side == planfile.Joint || a.ID == "a3" || a.ID == "a4" || a.ID == "a5" {
			p.at(a.Due, 15)
			if err := p.on(confirm, a.ID, func(id plan.ID, v int) plan.Command { return plan.Confirm{Item: id, Version: v} }); err != nil {
				return err
			}
		}
	}
	return nil
}

// present: what is going on this week.
func (p *stagePlan) present(f *planfile.Plan, late planfile.Action) error {
	due := map[string]civil.Day{}
	for _, a := range f.Actions {
		due[a.ID] = a.Due
	}
	yesterday := p.today - 1
	return steps(
		func() error {
			p.at(yesterday-2, 9)
			return p.on("klein", "a7", func(id plan.ID, v int) plan.Command {
				return plan.GiveAnswer{Item: id, Version: v, Kind: plan.TakesOn}
			})
		},
		func() error {
			p.at(yesterday-1, 10)
			return p.on("klein", "a7", func(id plan.ID, v int) plan.Command {
				return plan.Hinder{Item: id, Version: v, Because: p.t.blocked, Waits: plan.Seller, Person: p.people["natarajan"], Since: due["a7"] - 1}
			})
		},
		func() error {
			p.at(yesterday-1, 11)
			return p.on("klein", "a7", func(id plan.ID, v int) plan.Command {
				return plan.Expect{Item: id, Version: v, Date: workdays(due["a7"], 3), Because: p.t.expected}
			})
		},
		func() error { p.at(yesterday-1, 15); return p.say("natarajan", "a7", p.t.pentest) },
		p.tackles,
		func() error {
			p.at(yesterday, 9)
			return p.on("martinez", "a8", func(id plan.ID, v int) plan.Command {
				return plan.GiveAnswer{Item: id, Version: v, Kind: plan.TakesOn}
			})
		},
		func() error {
			return p.on("martinez", "a8", func(id plan.ID, v int) plan.Command { return plan.Start{Item: id, Version: v} })
		},
		func() error { return p.addLate(late) },
		func() error { return p.propose(due) },
		func() error { return p.newcomer() },
	)
}

// addLate: a step that came up after the agreement waits for the other's yes.
func (p *stagePlan) addLate(a planfile.Action) error {
	party, buyer, seller := plan.Joint, p.people["chen"], p.people["natarajan"]
	due := a.Due
	id := p.s.NewID()
	p.items[a.ID] = id
	return p.do("martinez", plan.Add{ID: id, Kind: plan.KindAction, Terms: plan.Patch{Title: &a.Title, Party: &party, BuyerOwner: &buyer, SellerOwner: &seller, Due: &due}})
}

// propose: legal needs longer, so what hangs on it moves along, as one
// proposal.
func (p *stagePlan) propose(due map[string]civil.Day) error {
	v, err := p.s.Open(p.ctx, p.as("chen"), p.id)
	if err != nil {
		return err
	}
	wish := func(item string, day civil.Day) plan.Wish {
		it := v.Plan.Items[p.items[item]]
		return plan.Wish{Item: it.ID, Version: it.Version, Patch: plan.Patch{Due: &day}}
	}
	p.at(p.today-1, 14)
	return p.do("chen", plan.Propose{ID: p.s.NewID(), Reason: p.t.reason, Expires: workdays(p.today, 5), Changes: []plan.Wish{
		wish("a11", workdays(due["a11"], 2)), wish("a13", workdays(due["a13"], 2)),
		wish("a15", workdays(due["a15"], 2))}})
}

// newcomer: a stranger knocked at the front door and waits to be let in.
func (p *stagePlan) newcomer() error {
	p.clock.back.Store(int64(20 * time.Minute))
	return p.s.DemoAsk(p.ctx, p.id, plan.Buyer, app.AtDoor{Name: "Jana Roth", Email: "jana.roth@nordwerk.example", Words: p.t.newcomer})
}

// workdays is so many Mondays to Fridays after a day.
func workdays(d civil.Day, n int) civil.Day {
	for n > 0 {
		d++
		if w := d.Weekday(); w != time.Saturday && w != time.Sunday {
			n--
		}
	}
	return d
}

// shared is a plan both are still writing: somebody has no owner yet.
func (d *director) shared() error {
	f := fresh(app.Sample(d.lang, d.today+14))
	rename(f, "Hansa Logistik GmbH", d.t.sharedTitle)
	f.People[0].Name, f.People[0].Email = "Nele Petersen", "nele.petersen@hansa.example"
	f.Actions[10].Owner, f.Actions[10].Due, f.Actions[10].DateOpen = "", 0, true
	d.at(d.today-6, 9)
	p, err := d.open(f)
	if err != nil {
		return err
	}
	return steps(
		func() error { return p.invite("chen") },
		func() error {
			d.at(d.today-3, 11)
			return p.on("chen", "a8", func(id plan.ID, v int) plan.Command {
				due := workdays(f.Actions[7].Due, 3)
				return plan.Edit{Item: id, Version: v, Patch: plan.Patch{Due: &due}}
			})
		},
	)
}

// draft is one the buyer does not see yet.
func (d *director) draft() error {
	f := fresh(app.Sample(d.lang, d.today+21))
	rename(f, "Südstahl SE", d.t.draftTitle)
	d.at(d.today-2, 16)
	_, err := d.open(f)
	return err
}

// decided is one that came to its end.
func (d *director) decided() error {
	f := fresh(app.Sample(d.lang, d.today-28))
	rename(f, "Rheinwerk AG", d.t.decidedTitle)
	f.People[0].Name, f.People[0].Email = "Martin Vogel", "martin.vogel@rheinwerk.example"
	d.at(d.today-39, 9)
	p, err := d.open(f)
	if err != nil {
		return err
	}
	return steps(
		func() error { return p.invite("chen") },
		func() error { d.at(d.today-38, 10); return p.accept("chen") },
		func() error { d.at(d.today-38, 13); return p.accept("martinez") },
		func() error { return p.finish(f) },
		func() error {
			d.at(d.today-7, 16)
			return p.do("chen", plan.Conclude{Outcome: plan.DecidedYes, Reason: d.t.decided})
		},
	)
}

// finish reports every step done by a lead of a side that does it, and lets
// the other side confirm joint ones.
func (p *stagePlan) finish(f *planfile.Plan) error {
	for _, a := range f.Actions {
		who, other := "chen", "martinez"
		if a.Side == planfile.Seller {
			who, other = other, who
		}
		on := min(a.Due, p.today-8)
		p.at(on, 14)
		if err := p.on(who, a.ID, func(id plan.ID, v int) plan.Command { return plan.Report{Item: id, Version: v, On: on} }); err != nil {
			return err
		}
		if a.Side != planfile.Joint {
			continue
		}
		if err := p.on(other, a.ID, func(id plan.ID, v int) plan.Command { return plan.Confirm{Item: id, Version: v} }); err != nil {
			return err
		}
	}
	return nil
}

func rename(f *planfile.Plan, buyer, title string) {
	f.Title, f.Sides.Buyer.Organisation = title, buyer
}
