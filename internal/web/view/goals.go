package view

import (
	"math"
	"strconv"

	"github.com/a-h/templ"
)

// thing is where the move of a goal, criterion, milestone or risk posts to.
func (p *Plan) thing(things, id, move string) templ.SafeURL {
	return p.href("/" + things + "/" + id + "/" + move)
}

// of reports whether a side stands behind it.
func (s Seal) of(side Side) bool {
	if side == Seller {
		return s.Seller
	}
	return s.Buyer
}

// threatens reports whether the risk names the step.
func (r *Risk) threatens(item string) bool {
	for _, s := range r.Steps {
		if s.ID == item {
			return true
		}
	}
	return false
}

// impact is what a risk costs when it happens: "3 bis 15 Arbeitstage, meist 9".
func impact(p *Plan, r *Risk) string {
	if r.Low == r.High {
		return p.L.T("plan.risk.days", "N", p.L.Decimal(r.Likely))
	}
	return p.L.T("plan.risk.range", "Low", r.Low, "High", r.High, "Likely", r.Likely)
}

func percent(share float64) string { return strconv.Itoa(int(math.Round(share * 100))) }

func plainNumber(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }
