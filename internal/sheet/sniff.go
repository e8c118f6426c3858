package sheet

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// profile counts what the cells of a column look like.
type profile struct {
	filled, distinct                            int
	dates, statuses, emails, sides, names, refs int
	roles, numbers, rising, letters             int
}

var (
	mailForm = regexp.MustCompile(`[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}`)
	nameForm = regexp.MustCompile(`^(?:(?:Dr|Prof|Herr|Frau|Mr|Ms|Mrs)\.? )*\p{Lu}[\p{L}'.-]+(?: (?:von|van|de|der|zu) )?(?: ?\p{Lu}[\p{L}'.-]*){0,2}(?:\s*[/,&]\s*\p{Lu}[\p{L}'. -]+)*$`)
	refsForm = regexp.MustCompile(`^[\d.]+(?:\s*[,;/&]\s*[\d.]+)*$`)
)

func profileOf(g Grid, rec *Recognition, column int) profile {
	var p profile
	seen := map[string]bool{}
	last := 0.0
	for _, r := range g.Rows[rec.First:] {
		cell := r.at(column)
		if cell.Text == "" {
			continue
		}
		p.filled++
		p.letters += len(cell.Text)
		f := fold(cell.Text)
		if !seen[f] {
			seen[f] = true
			p.distinct++
		}
		if n, err := strconv.ParseFloat(strings.TrimSuffix(cell.Text, "."), 64); err == nil {
			p.numbers++
			if n > last {
				p.rising++
			}
			last = n
		}
		p.classify(cell, f, rec)
	}
	return p
}

func (p *profile) classify(cell Cell, f string, rec *Recognition) {
	dates := findDates(cell.Text, false)
	_, _, _, status := readStatus(cell.Text)
	switch {
	case !cell.Day.IsZero(), len(dates) > 0 && remainder(cell.Text, dates) == "":
		p.dates++
	case mailForm.MatchString(cell.Text):
		p.emails++
	case sideWord(f) != "", sameOrganisation(f, rec.Buyer), sameOrganisation(f, rec.Seller):
		p.sides++
	case status:
		p.statuses++
	case refsForm.MatchString(cell.Text):
		p.refs++
	case hasAny(f, sellerRoles) || hasAny(f, buyerRoles):
		p.roles++
	case nameForm.MatchString(cell.Text):
		p.names++
	}
}

// sniff gives columns whose header says nothing a field by their cells, and a
// table without any title column its wordiest one.
func sniff(g Grid, rec *Recognition) {
	profiles := make([]profile, len(rec.Columns))
	for c := range rec.Columns {
		profiles[c] = profileOf(g, rec, c)
	}
	free := func(c int) bool {
		// A header that says something unknown is respected: its words go to
		// the notes with their cells.
		return rec.Columns[c].Field == Other && rec.Columns[c].Header == "" && profiles[c].filled > 0
	}
	give := func(c int, f Field, confidence float64) {
		rec.Columns[c].Field, rec.Columns[c].Confidence, rec.Columns[c].By = f, confidence, ByContent
	}
	for c, p := range profiles {
		if !free(c) {
			continue
		}
		share := func(n int) bool { return n*3 >= p.filled*2 } // two thirds
		switch {
		case share(p.emails) && !rec.has(Email):
			give(c, Email, 0.9)
		case share(p.dates) && !rec.has(Due):
			give(c, Due, 0.6)
		case share(p.dates) && rec.Columns[rec.column(Due)].By == ByContent && !rec.has(Start):
			give(rec.column(Due), Start, 0.5) // of two, the first is the start
			give(c, Due, 0.6)
		case share(p.statuses) && p.numbers < p.filled && !rec.has(StatusOf):
			give(c, StatusOf, 0.7)
		case share(p.sides) && !rec.has(SideOf):
			give(c, SideOf, 0.7)
		case share(p.numbers) && p.rising == p.filled && p.filled > 1 && !rec.has(Number) && !rec.has(Title):
			give(c, Number, 0.7)
		case share(p.roles) && !rec.has(Role):
			give(c, Role, 0.5)
		case share(p.names) && p.distinct < p.filled && !rec.has(Owner) && p.letters < 30*p.filled:
			give(c, Owner, 0.5)
		}
	}
	titleByWords(rec, profiles, free, give)
	for c, p := range profiles {
		if !free(c) {
			continue
		}
		switch {
		case p.refs*3 >= p.filled*2 && rec.has(Number) && !rec.has(Predecessors):
			give(c, Predecessors, 0.5)
		case p.names*3 >= p.filled*2 && !rec.has(Owner) && p.letters < 30*p.filled:
			give(c, Owner, 0.4)
		case p.letters > 12*p.filled && !rec.has(Notes):
			give(c, Notes, 0.3)
		}
	}
}

// titleByWords makes the wordiest free column the title; if none is free, a
// milestone or description column takes its place.
func titleByWords(rec *Recognition, profiles []profile, free func(int) bool, give func(int, Field, float64)) {
	if rec.has(Title) {
		return
	}
	best := -1
	for c, p := range profiles {
		if free(c) && p.filled > 0 && p.letters > p.numbers && p.dates < p.filled && (best < 0 || p.distinct*p.letters > profiles[best].distinct*profiles[best].letters) {
			best = c
		}
	}
	if best >= 0 {
		give(best, Title, 0.5)
		return
	}
	for _, f := range []Field{Milestone, DoneWhen, Notes} {
		if c := slices.IndexFunc(rec.Columns, func(col Column) bool { return col.Field == f }); c >= 0 && profiles[c].filled > 0 {
			give(c, Title, 0.4)
			return
		}
	}
	for c, p := range profiles { // a column with an unknown header
		if rec.Columns[c].Field == Other && p.filled > 0 && p.letters > 8*p.filled && (best < 0 || p.letters > profiles[best].letters) {
			best = c
		}
	}
	if best >= 0 {
		give(best, Title, 0.3)
	}
}
