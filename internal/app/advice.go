package app

import (
	"tandem/internal/lint"
	"tandem/internal/planfile"
)

// Advice is what the check says about a plan to one side: from what both see,
// and without what concerns only the other side's way of working.
func Advice(v View) []lint.Finding {
	findings := lint.Check(*shared(v.Plan), lint.Options{Today: v.Today, Fiscal: v.Plan.Calendar.Seller.Fiscal})
	out := findings[:0]
	for _, f := range findings {
		if f.Audience == "" || f.Audience == planfile.Side(v.Side()) {
			out = append(out, f)
		}
	}
	return out
}
