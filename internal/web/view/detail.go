package view

import "time"

// prefix begins the ids of a move's form and fields; the form's id is the
// prefix itself, by which the script finds the refused form again.
func (d *Detail) prefix(move string) string { return "f-" + d.Item.ID + "-" + move }

// typed is what was typed into a field of a refused move, else nothing.
func (d *Detail) typed(move, field string) string { return d.problem(move).typed(field, "") }

// typedOr is what was typed into a field of a refused move, else its present
// value.
func (d *Detail) typedOr(move, field, present string) string {
	return d.problem(move).typed(field, present)
}

// sendWord is the catalogue key of the button that sends an unfolded move.
func sendWord(move string) string {
	switch move {
	case "edit", "workload":
		return "web.save"
	case "propose", "propose-removal":
		return "plan.move.sendProposal"
	case "report":
		return "plan.move.report"
	case "remove":
		return "plan.move.remove"
	}
	return "plan.move.send"
}

// stamp is an instant for machines.
func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// dueNote says what a date is worth: agreed by both, or not yet.
func dueNote(p *Plan, it *Item) string {
	if it.Seal.Buyer && it.Seal.Seller {
		return p.L.T("plan.detail.agreed")
	}
	return p.L.T("plan.detail.proposed")
}

func stoodText(p *Plan, s *Stood) string {
	return p.L.T("plan.detail.stood", "Name", p.party(s.Side).Short, "By", s.By, "Date", s.On)
}
