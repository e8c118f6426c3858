package view

import "github.com/a-h/templ"

func (a *Ask) elementID() string {
	if a.ID == "" {
		return "ask-" + string(a.Kind)
	}
	return "ask-" + string(a.Kind) + "-" + a.ID
}

// decline is the id of the form to decline with: it may stand at the top and
// in an open step at once.
func (a *Ask) decline() string {
	if a.Inside {
		return "decline-in-" + a.ID
	}
	return "decline-" + a.ID
}

// askFragments are what waits for the reader: the first in full, the others
// folded under it, so that today stays in sight.
func askFragments(p *Plan) []Fragment {
	fs := make([]Fragment, 0, len(p.Asks)+1)
	for i := range p.Asks {
		fs = append(fs, Fragment{ID: p.Asks[i].elementID(), Self: ask(p, &p.Asks[i])})
	}
	if len(fs) < 3 {
		return fs
	}
	head := Fragment{ID: "asks-more-head", Self: asksMore(p, len(fs)-1)}
	return []Fragment{fs[0], {ID: "asks-more", Self: asksFold(), Box: true, Kids: append([]Fragment{head}, fs[1:]...)}}
}

// proposal is where a proposal's move posts to.
func (p *Plan) proposal(id, move string) templ.SafeURL {
	return p.href("/proposals/" + id + "/" + move)
}

// other is the other side.
func other(s Side) Side {
	if s == Buyer {
		return Seller
	}
	return Buyer
}

// problem is what is wrong with a move of the open step, if it is that one.
func (d *Detail) problem(move string) *Problem {
	if d.Problem != nil && d.Problem.Move == move {
		return d.Problem
	}
	return nil
}

// typed is what somebody typed into a field of a refused form, else the
// field's present value.
func (pr *Problem) typed(field, present string) string {
	if pr == nil {
		return present
	}
	if v, ok := pr.Typed[field]; ok {
		return v
	}
	return present
}

// wrong reports whether the field is the one that is wrong.
func (pr *Problem) wrong(field string) bool { return pr != nil && pr.Field == field }

// ownerOf is the id of the owner on a side.
func ownerOf(it *Item, side Side) string {
	for i := range it.Owners {
		if it.Owners[i].Side == side {
			return it.Owners[i].ID
		}
	}
	return ""
}

// ownerOfOne is the id of the owner of a step of one side.
func ownerOfOne(it *Item) string {
	if it.Side == Joint {
		return ""
	}
	return ownerOf(it, it.Side)
}

// label is what a change is about: "Rechtsprüfung", "Rechtsprüfung, Titel".
func (c *Change) label() string {
	switch {
	case c.Field == "":
		return c.Item
	case c.Item == "":
		return c.Field
	}
	return c.Item + ", " + c.Field
}
