package app

import (
	"tandem/internal/civil"
	"tandem/internal/plan"
)

// Slips counts how often an agreed date was moved later, by an accepted
// proposal or under rule 7, and tells the day of the first baseline. What moves
// back and forth counts each time it moves later.
func Slips(p *plan.Plan, id plan.ID) (times int, first civil.Day) {
	it := p.Items[id]
	if it == nil || len(p.Baselines) == 0 || p.Baselines[0].Terms[id] == nil {
		return 0, 0
	}
	first = p.Baselines[0].Terms[id].Due
	for _, x := range p.Proposals {
		if x.Status != plan.Accepted {
			continue
		}
		for _, c := range x.Changes {
			if c.Item == id && !c.Remove && !c.Old.Due.IsZero() && c.New.Due > c.Old.Due {
				times++
			}
		}
	}
	for _, d := range it.Deviations {
		if !d.Old.Due.IsZero() && d.New.Due > d.Old.Due {
			times++
		}
	}
	return times, first
}
