package view

import (
	"slices"

	"github.com/a-h/templ"
)

// peopleFragments are the buyer's people and the seller's.
func peopleFragments(p *Plan) []Fragment {
	return []Fragment{
		{ID: "people-b", Self: people(p, Buyer)},
		{ID: "people-s", Self: people(p, Seller)},
	}
}

// goalFragments are goals, how both will know, and the milestones.
func goalFragments(p *Plan) []Fragment {
	return []Fragment{
		{ID: "goals", Self: goals(p)},
		{ID: "criteria", Self: criteria(p)},
		{ID: "in-their-words", Self: quotes(p)},
		{ID: "stones", Self: stones(p)},
	}
}

// riskFragments is one fragment: risks are few.
func riskFragments(p *Plan) []Fragment { return []Fragment{{ID: "risks", Self: risks(p)}} }

// historyFragments is one fragment; its sentences come newest first.
func historyFragments(p *Plan) []Fragment { return []Fragment{{ID: "history", Self: history(p)}} }

// person is where a person's move posts to.
func (p *Plan) person(id, move string) templ.SafeURL { return p.href("/people/" + id + "/" + move) }

// rightKey is the catalogue key of a right's name; ".why" explains it.
func rightKey(r Right) string {
	switch r {
	case RightLead:
		return "plan.right.lead"
	case RightEditor:
		return "plan.right.editor"
	case RightContributor:
		return "plan.right.contributor"
	case RightViewer:
		return "plan.right.viewer"
	}
	return "plan.right.none"
}

// label is how a person is called in a list to choose from.
func (m *Member) label() string {
	if m.Role == "" {
		return m.Name
	}
	return m.Name + ", " + m.Role
}

// hasListed: somebody of the side was named and has not come in yet.
func hasListed(p *Plan, side Side) bool {
	return slices.ContainsFunc(p.People, func(m Member) bool { return m.Listed && m.Side == side })
}
