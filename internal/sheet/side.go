package sheet

import (
	"slices"
	"strings"

	"tandem/internal/planfile"
)

// group is all rows of one company, or of one mail domain.
type group struct {
	text         string
	rows         int
	roles, steps []string
	side         planfile.Side
	by           Evidence
}

// decideSides says whose each company of the side column is; without such a
// column, whose each mail domain is. Names given or found above the header
// decide first, then words, then what is left over, then roles and the
// wording of the steps.
func decideSides(g Grid, rec *Recognition) {
	groups := collectGroups(g, rec)
	for _, x := range groups {
		x.side, x.by = rec.sideOfText(x.text)
		if x.side == "" && strings.HasPrefix(x.text, "@") {
			x.side, x.by = rec.sideOfDomain(x.text)
		}
	}
	leftOver(groups)
	for _, x := range groups {
		rec.Sides = append(rec.Sides, SideGroup{Text: x.text, Side: x.side, By: x.by, Rows: x.rows})
		if strings.HasPrefix(x.text, "@") || sideWord(fold(x.text)) != "" {
			continue // says no name
		}
		switch {
		case x.side == planfile.Buyer && rec.Buyer == "":
			rec.Buyer = x.text
		case x.side == planfile.Seller && rec.Seller == "":
			rec.Seller = x.text
		}
	}
}

// collectGroups gathers the rows of each company, in the order of the table.
func collectGroups(g Grid, rec *Recognition) []*group {
	var groups []*group
	known := map[string]*group{}
	column, mail := rec.column(SideOf), rec.column(Email)
	for _, r := range g.Rows[min(rec.First, len(g.Rows)):] {
		text := r.at(column).Text
		if column < 0 {
			text = domain(r.at(mail).Text)
		}
		if n, _ := r.filled(); text == "" || n < 2 || column >= 0 && text == rec.Columns[column].Header {
			continue // the last is a header that is repeated
		}
		key := fold(text)
		if known[key] == nil {
			known[key] = &group{text: text}
			groups = append(groups, known[key])
		}
		x := known[key]
		x.rows++
		x.roles = append(x.roles, r.at(rec.column(Role)).Text)
		x.steps = append(x.steps, r.at(rec.column(Title)).Text)
	}
	slices.SortStableFunc(groups, func(a, b *group) int { return b.rows - a.rows })
	return groups
}

// sideOfText is the side that a company's name or a word like "us" means.
func (r *Recognition) sideOfText(text string) (planfile.Side, Evidence) {
	if side, by := r.sideOfParts(splitList(text, "/,;|")); side == planfile.Joint {
		return side, by // "Nordwerk / Acme" is not Nordwerk
	}
	f := fold(text)
	buyer, seller := sameOrganisation(text, r.Buyer), sameOrganisation(text, r.Seller)
	switch {
	case buyer && !seller:
		return planfile.Buyer, ByName
	case seller && !buyer:
		return planfile.Seller, ByName
	case sideWord(f) != "":
		return sideWord(f), ByWord
	}
	return r.sideOfParts(splitList(text, "/,;|"))
}

// sideOfParts is the side of a cell that lists several companies, if each of
// them is known.
func (r *Recognition) sideOfParts(parts []string) (planfile.Side, Evidence) {
	if len(parts) < 2 || len(parts) > 4 {
		return "", ""
	}
	var sides []planfile.Side
	by := ByName
	for _, p := range parts {
		s, how := r.sideOfText(p)
		if s == "" {
			return "", ""
		}
		if how == ByWord {
			by = ByWord
		}
		sides = append(sides, s)
	}
	for _, s := range sides[1:] {
		if s != sides[0] {
			return planfile.Joint, by
		}
	}
	return sides[0], by
}

// sideOfDomain compares "@acme.example" with the organisations' names.
func (r *Recognition) sideOfDomain(domain string) (planfile.Side, Evidence) {
	label := strings.ReplaceAll(fold(strings.TrimPrefix(domain, "@")), " ", "")
	fits := func(organisation string) bool {
		for _, w := range core(organisation) {
			if len(w) > 2 && strings.Contains(label, w) {
				return true
			}
		}
		return false
	}
	buyer, seller := fits(r.Buyer), fits(r.Seller)
	switch {
	case buyer && !seller:
		return planfile.Buyer, ByName
	case seller && !buyer:
		return planfile.Seller, ByName
	}
	return "", ""
}

// leftOver decides on the companies that no name and no word decided.
func leftOver(groups []*group) {
	// "Nordwerk AG / Acme Cloud" is both, once each is known; it waits.
	var unknown, composite []*group
	taken := map[planfile.Side]bool{}
	for _, x := range groups {
		taken[x.side] = true
		switch {
		case x.side != "":
		case isComposite(x, groups):
			composite = append(composite, x)
		default:
			unknown = append(unknown, x)
		}
	}
	for _, x := range composite {
		x.side, x.by = planfile.Joint, ByName
	}
	if len(unknown) == 1 && taken[planfile.Seller] != taken[planfile.Buyer] {
		unknown[0].side, unknown[0].by = planfile.Buyer, ByName
		if taken[planfile.Buyer] {
			unknown[0].side = planfile.Seller
		}
		return
	}
	if len(unknown) == 2 && !taken[planfile.Seller] && !taken[planfile.Buyer] {
		a, b := leaning(unknown[0].roles, unknown[0].steps), leaning(unknown[1].roles, unknown[1].steps)
		by := ByRole
		if a == b {
			by = Guessed
		}
		unknown[0].side, unknown[1].side = planfile.Buyer, planfile.Seller
		if a > b {
			unknown[0].side, unknown[1].side = planfile.Seller, planfile.Buyer
		}
		unknown[0].by, unknown[1].by = by, by
		return
	}
	for _, x := range unknown {
		n := leaning(x.roles, x.steps)
		x.side, x.by = planfile.Buyer, ByRole
		if n > 0 {
			x.side = planfile.Seller
		}
		if n == 0 {
			x.by = Guessed
		}
	}
}

// isComposite reports that a cell lists two companies that also stand alone.
func isComposite(x *group, groups []*group) bool {
	parts := splitList(x.text, "/,;|")
	if len(parts) < 2 {
		return false
	}
	for _, p := range parts {
		if !slices.ContainsFunc(groups, func(o *group) bool { return o != x && sameOrganisation(o.text, p) }) {
			return false
		}
	}
	return true
}

// of is the side of a company's cell or a mail domain in the recognition, as
// a person may have corrected it.
func (r *Recognition) of(text string) planfile.Side {
	if s, known := r.index[fold(text)]; known {
		return s
	}
	s, _ := r.sideOfText(text)
	return s
}

// prepare makes the index of Sides, after the last correction.
func (r *Recognition) prepare() {
	r.index = map[string]planfile.Side{}
	for _, s := range r.Sides {
		r.index[fold(s.Text)] = s.Side
	}
}

// domain is "@nordwerk.example" of the first address in a text; addresses of
// public mail services belong to no company.
func domain(text string) string {
	_, d, ok := strings.Cut(mailForm.FindString(text), "@")
	if !ok || freemail[strings.ToLower(d)] {
		return ""
	}
	return "@" + strings.ToLower(d)
}

var freemail = set("gmail.com,googlemail.com,gmx.de,gmx.net,web.de,outlook.com,hotmail.com,yahoo.com,yahoo.de,icloud.com,t-online.de,live.com,aol.com")
