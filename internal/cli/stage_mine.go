package cli

import (
	"tandem/internal/app"
	"tandem/internal/plan"
	"tandem/internal/planfile"
)

// asksBrandt is what the demo's CFO finds when she opens the link of a mail: a
// step she is asked for, the document to read for it, and a journey of hers in
// the way of its date.
func (p *stagePlan) asksBrandt(f *planfile.Plan) error {
	due := p.today
	for _, a := range f.Actions {
		if a.ID == "a10" {
			due = a.Due
		}
	}
	frau := plan.Frau
	away := []plan.SpanInput{{From: due - 1, To: due + 9, Note: p.t.away}}
	return steps(
		func() error { return p.letIn("brandt", plan.Contributor) },
		func() error {
			return p.do("brandt", plan.EditPerson{Person: p.people["brandt"], Version: p.version("brandt"), Salutation: &frau, Absences: &away})
		},
		func() error {
			p.at(p.today-2, 16)
			return p.do("martinez", plan.AddDocument{ID: p.s.NewID(), Item: p.items["a10"], Title: p.t.document, Link: "https://files.acme.example/nordwerk/business-case.pdf"})
		},
	)
}

// version of a person as they are now.
func (p *stagePlan) version(person string) int {
	v, err := p.s.Open(p.ctx, p.as("chen"), p.id)
	if err != nil {
		return 0
	}
	return v.Plan.People[p.people[person]].Version
}

// mineOf is a link that leads somebody of the main plan to what they are asked
// for, as a mail does.
func (d *director) mineOf(person plan.ID) (string, error) {
	secret, err := d.s.DemoLink(d.ctx, app.Pass{Kind: app.PersonalPass, Plan: d.main, Person: person, Side: plan.Buyer})
	return app.MinePath(app.Letter{Plan: d.main}, secret), err
}
