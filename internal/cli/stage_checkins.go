package cli

import (
	"tandem/internal/app"
	"tandem/internal/civil"
	"tandem/internal/plan"
)

// meetings: since they agreed, both sides meet every week; some have answered.
func (p *stagePlan) meetings() error {
	p.weekly = workdays(p.today, 1)
	day := p.weekly - 14
	id := p.s.NewID()
	p.series, p.toHold = id, p.heldScenes()
	answer := func(who string, a plan.Coming) func() error {
		return func() error { return p.do(who, plan.AnswerCheckIn{CheckIn: id, Answer: a}) }
	}
	return steps(
		p.tongues,
		func() error {
			p.at(p.today-19, 16)
			return p.do("martinez", plan.ScheduleCheckIn{ID: id, CheckInInput: plan.CheckInInput{Start: civil.WallOf(day, 10, 0), Zone: "Europe/Berlin",
				Minutes: 30, Rule: app.Weekly, Link: "https://meet.acme.example/nordwerk"}})
		},
		answer("chen", plan.Comes),
		answer("natarajan", plan.Comes),
		answer("klein", plan.ComesMaybe),
	)
}
