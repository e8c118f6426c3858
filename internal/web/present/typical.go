package present

import (
	"tandem/internal/process"
	"tandem/internal/web/view"
)

// mostTypical keeps the offer short: what fits the plan's steps comes first.
const mostTypical = 9

// typical are common risks to pick from, in the plan's language, because that
// is what would be written into it.
func (pr *presenter) typical() []view.TemplateRisk {
	var out []view.TemplateRisk
	for _, r := range pr.v.TypicalRisks() {
		if len(out) == mostTypical {
			break
		}
		out = append(out, view.TemplateRisk{ID: r.ID, Title: r.Title.In(pr.p.Language), Mitigation: r.Mitigation.In(pr.p.Language), Size: riskSize(pr, r)})
	}
	return out
}

func riskSize(pr *presenter, r process.Risk) string {
	return pr.l.T("templates.risk.size", "Percent", int(r.Probability*100+0.5), "Low", int(r.Low), "High", int(r.High))
}
