package app

import (
	"cmp"
	"context"
	"strings"

	"tandem/internal/fault"
	"tandem/internal/plan"
	"tandem/internal/planfile"
)

// AddRows adds the steps of a file to a plan that is already there: people who
// are not on it yet, steps and the links between them, all or none; notes stay
// with the caller's side. Editors. Nobody is recognised by their address, only
// by the same name on the same side.
func (s *Service) AddRows(ctx context.Context, c Caller, planID plan.ID, f *planfile.Plan) error {
	if len(f.Actions) == 0 {
		return fault.New(fault.Invalid, "fault.rows.none")
	}
	return s.changing(ctx, planID, func() error {
		v, err := s.Open(ctx, c, planID)
		if err != nil {
			return err
		}
		im := &importer{s: s, file: f, home: v.Side(), ids: map[string]plan.ID{}, people: map[string]plan.ID{}}
		var batch plan.Batch
		for _, q := range f.People {
			if known := byName(v.Plan, plan.Side(q.Side), q.Name); known != "" {
				im.people[q.ID] = known
				continue
			}
			id := s.NewID()
			im.people[q.ID] = id
			batch = append(batch, plan.AddPerson{NewPerson: plan.NewPerson{ID: id, Side: plan.Side(cmp.Or(q.Side, planfile.Side(v.Side()))), Name: q.Name, Role: q.Role, Email: q.Email}})
		}
		var items plan.Create
		im.addItems(&items)
		for _, it := range items.Items {
			batch = append(batch, plan.AddInState{NewItem: it})
		}
		env := s.env(v.Me.ID, v.Zone)
		d, err := plan.Decide(v.Plan, batch, env)
		if err != nil {
			return err
		}
		var notes *plan.PrivateDecision
		if len(im.notes) > 0 {
			pd, err := plan.DecidePrivate(d.State, v.Own, plan.SetNotes(im.notes), env)
			if err != nil {
				return err
			}
			notes = &pd
		}
		return s.commit(ctx, &d, notes)
	})
}

// byName is the person of a side with a name.
func byName(p *plan.Plan, side plan.Side, name string) plan.ID {
	for _, q := range p.Everybody() {
		if q.Side == side && strings.EqualFold(q.Name.Value, strings.TrimSpace(name)) {
			return q.ID
		}
	}
	return ""
}
