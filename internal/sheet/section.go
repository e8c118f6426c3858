package sheet

import (
	"regexp"
	"strings"
	"unicode"
)

var phase = regexp.MustCompile(`(?i)^(?:phase|stage|abschnitt|meilenstein|milestone|etappe|section|block|teil|part|sprint|workstream|ms\s?\d|m\d+\b)`)

// lone reports a row with one filled cell in a table whose rows have several.
func (b *builder) lone(i int) bool {
	n, _ := b.rows[i].filled()
	return n == 1 && b.width >= 3
}

// heading reports a row that begins a section: "Phase 1: Discovery" across
// the table, or "1 Discovery" above 1.1, 1.2.
func (b *builder) heading(i int) bool {
	r := b.rows[i]
	_, first := r.filled()
	title := b.rec.column(Title)
	text := r.at(first).Text
	if b.lone(i) {
		if !b.followed(i) {
			return false
		}
		switch f := b.rec.Columns[first].Field; {
		case first == title:
			return b.numbered || looksLikeHeading(text)
		case f == Number || f == Milestone || first < title:
			return true
		}
		return false
	}
	if !b.only(r, Number, Title, Start, Due, Duration, Milestone) || r.at(title).Text == "" {
		return false
	}
	return phase.MatchString(r.at(title).Text) && b.followed(i) || b.summary(i)
}

func looksLikeHeading(text string) bool {
	upper := strings.ToUpper(text) == text && strings.ContainsFunc(text, unicode.IsLetter) && len(text) > 3
	return upper || strings.HasSuffix(text, ":") || phase.MatchString(text)
}

// followed reports that a row with several cells comes later.
func (b *builder) followed(i int) bool { return i < b.lastStep }

// only reports that a row has nothing outside these fields.
func (b *builder) only(r Row, fields ...Field) bool {
	for c := range r.Cells {
		if r.at(c).Text == "" {
			continue
		}
		allowed := false
		for _, f := range fields {
			allowed = allowed || b.rec.Columns[c].Field == f
		}
		if !allowed {
			return false
		}
	}
	return true
}

// summary reports "1" directly above "1.1".
func (b *builder) summary(i int) bool {
	number, _ := b.cell(b.rows[i], Number)
	if number.Text == "" || i+1 >= len(b.rows) {
		return false
	}
	next, _ := b.cell(b.rows[i+1], Number)
	return strings.HasPrefix(next.Text, strings.TrimSuffix(number.Text, ".")+".") && next.Text != number.Text
}

// startSection makes a milestone of a heading.
func (b *builder) startSection(r Row) {
	title, c := b.cell(r, Title)
	_, first := r.filled()
	if title.Text == "" {
		title, c = r.at(first), first
	}
	due, dueColumn := b.cell(r, Due)
	dates := b.readDates(due)
	var s step
	s.builder, s.row = b, r
	number, _ := b.cell(r, Number)
	if c == b.rec.column(Number) {
		number.Text = ""
	}
	id := idForm.ReplaceAllString(strings.TrimRight(number.Text, "."), "-")
	if len(id) > 40 {
		b.warn(r.Number, b.rec.column(Number)+1, "import.cell.unused", "text", number.Text)
		id = ""
	}
	day := s.lastDay(dates, dueColumn, due)
	b.section = b.milestone(strings.TrimSuffix(title.Text, ":"), day, id)
	b.warn(r.Number, c+1, "import.row.section", "text", title.Text)
	for _, f := range []Field{Start, Duration, Milestone} {
		if cell, column := b.cell(r, f); cell.Text != "" && column != c {
			b.warn(r.Number, column+1, "import.cell.unused", "text", cell.Text)
		}
	}
	if due.Text != "" && (day.IsZero() || remainder(due.Text, dates) != "") && dueColumn != c {
		b.warn(r.Number, dueColumn+1, "import.cell.unused", "text", due.Text)
	}
}
