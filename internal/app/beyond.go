package app

import (
	"tandem/internal/plan"
	"tandem/internal/schedule"
)

// Beyond lists what else would not hold if a proposal were accepted: items
// that are not in it and whose agreed dates come too soon after its new ones.
// Accepting moves none of them; the answering side should know.
//
// Faults: those of Timetable.
func (v View) Beyond(x *plan.Proposal) ([]plan.ID, error) {
	t, err := v.Timetable()
	if err != nil {
		return nil, err
	}
	present := standing(t)
	before, err := t.schedule.Graph().Repair(present)
	if err != nil {
		return nil, err
	}
	touched := map[int]bool{}
	for _, c := range x.Changes {
		i, ok := t.index[string(c.Item)]
		if !ok || c.Remove || c.New.Due == c.Old.Due {
			continue
		}
		present[i], touched[i] = schedule.Present{Finish: c.New.Due}, true
	}
	after, err := t.schedule.Graph().Repair(present)
	if err != nil {
		return nil, err
	}
	var out []plan.ID
	nodes := after.Network().Nodes
	for i := range nodes {
		n := &nodes[i]
		finish := after.Dates(i).Finish
		if !touched[i] && n.Due != 0 && finish > n.Due && finish > before.Dates(i).Finish {
			out = append(out, plan.ID(n.ID))
		}
	}
	return out, nil
}
