package sheet

import (
	"slices"
	"strings"

	"tandem/internal/civil"
	"tandem/internal/planfile"
)

// Apply makes a plan of a table as it was recognised, or as a person corrected
// that. It is pure and never fails: what it cannot use is kept in the notes of
// its step under its column's name, or quoted in a warning. The plan passes
// planfile.Validate. The warnings come in the order of the table, those about
// the whole table first; the reader's own are among them.
func Apply(g Grid, rec Recognition) (planfile.Plan, []Warning) {
	b := newBuilder(g, rec)
	b.facts()
	b.gather()
	for i := range b.rows {
		b.row(i)
	}
	b.links()
	b.explain()
	slices.SortStableFunc(b.warnings, func(a, b Warning) int { return a.Row - b.Row })
	return b.plan, append(slices.Clone(g.Warnings), b.warnings...)
}

// Import recognises and applies in one go, for callers without a preview.
func Import(g Grid, o Options) (planfile.Plan, []Warning, error) {
	rec, err := Recognise(g, o)
	if err != nil {
		return planfile.Plan{}, nil, err
	}
	plan, warnings := Apply(g, rec)
	return plan, warnings, nil
}

// builder makes one plan of one table.
type builder struct {
	rec        Recognition
	rows       []Row
	width      int // number of cells that rows usually fill
	last       int // index of the last row with several cells
	lastStep   int // the same, totals aside
	plan       planfile.Plan
	warnings   []Warning
	register   register
	votes      map[string]*votes // by full name
	people     map[string]int    // full name → index in plan.People
	personIDs  map[string]bool
	items      map[string]bool   // ids of actions and milestones
	numbers    map[string]string // number as the sheet writes it → id
	titles     map[string]string // folded title → id; "" if two steps share it
	milestones map[string]string // folded title → id
	section    string            // id of the milestone whose section this is
	near       civil.Day         // for dates without a year
	yearless   []Warning
	pending    []pending
	numbered   bool
	header     []string
}

func newBuilder(g Grid, rec Recognition) *builder {
	g = g.cleaned()
	rec.prepare()
	b := &builder{rec: rec, votes: map[string]*votes{}, people: map[string]int{}, personIDs: map[string]bool{}, items: map[string]bool{},
		numbers: map[string]string{}, titles: map[string]string{}, milestones: map[string]string{}}
	b.rec.Columns = slices.Clone(rec.Columns)
	for i := range b.rec.Columns {
		if b.rec.Columns[i].Header == "" {
			b.rec.Columns[i].Header = Letter(i + 1)
		}
		// A correction may name a field twice; only notes can be.
		f := b.rec.Columns[i].Field
		if f != Notes && f != Ignore && b.rec.column(f) < i {
			b.rec.Columns[i].Field = Other
		}
	}
	for len(b.rec.Columns) < g.width() {
		b.rec.Columns = append(b.rec.Columns, Column{Header: Letter(len(b.rec.Columns) + 1)})
	}
	first := min(max(rec.First, 0), len(g.Rows))
	b.rows = g.Rows[first:]
	b.width = typicalWidth(Grid{Rows: b.rows})
	for i, r := range b.rows {
		if n, _ := r.filled(); n > 1 {
			if b.last = i; !isTotal(r) {
				b.lastStep = i
			}
		}
	}
	if rec.Header >= 0 && rec.Header < first {
		for i := range b.rec.Columns {
			b.header = append(b.header, fold(g.Rows[rec.Header].at(i).Text))
		}
	}
	b.numbered = b.rec.has(Number)
	b.plan = planfile.Plan{Format: planfile.Format, Title: oneLine(rec.Title), Language: rec.Language, DecideBy: rec.DecideBy, Start: rec.Start,
		Sides: planfile.Sides{Buyer: planfile.Party{Organisation: oneLine(rec.Buyer)}, Seller: planfile.Party{Organisation: oneLine(rec.Seller)}}}
	if b.plan.Title == "" {
		b.plan.Title = "Plan"
	}
	if b.plan.Language != "de" && b.plan.Language != "en" {
		b.plan.Language = ""
	}
	return b
}

func (b *builder) warn(row, column int, key string, nameValues ...any) {
	b.warnings = append(b.warnings, Warn(row, column, key, nameValues...))
}

// cell is a row's cell in a field's column, and that column, from 0.
func (b *builder) cell(r Row, f Field) (Cell, int) {
	c := b.rec.column(f)
	return r.at(c), c
}

// facts uses what the rows above the header say.
func (b *builder) facts() {
	for _, f := range b.rec.Facts {
		switch f.Kind {
		case "title":
			if f.Value != b.rec.Title {
				b.warn(f.Row, 0, "import.above", "text", f.Text)
			}
		case "buyer", "seller", "decideBy", "start", "language":
		case "milestone":
			b.milestoneFact(f)
		case "person":
			b.personFact(f)
		default:
			b.warn(f.Row, 0, "import.above", "text", f.Text)
		}
	}
}

func (b *builder) milestoneFact(f Fact) {
	title, day := f.Value, civil.Day(0)
	if in := parentheses.FindStringSubmatch(f.Value); in != nil {
		if dates := findDates(in[2], false); len(dates) == 1 && remainder(in[2], dates) == "" && !dates[0].week {
			title, day = in[1], dates[0].day
		}
	}
	if title == "" {
		b.warn(f.Row, 0, "import.above", "text", f.Text)
		return
	}
	b.milestone(title, day, "")
}

func (b *builder) personFact(f Fact) {
	m := b.rec.one(f.Value)
	if m.name == "" || m.side == "" {
		b.warn(f.Row, 0, "import.above", "text", f.Text)
		return
	}
	b.register.add(m.name)
	b.vote(m.name, m.side, 10)
	b.person(m, m.side)
}

// milestone is the id of the milestone with a title, made if there is none.
func (b *builder) milestone(title string, day civil.Day, number string) string {
	title = oneLine(title)
	key := fold(title)
	if key == "" {
		key = title
	}
	id, known := b.milestones[key]
	if !known {
		switch {
		case number == "":
			id = "m" + itoa(len(b.plan.Milestones)+1)
		case number[0] >= '0' && number[0] <= '9':
			id = "m" + number
		default:
			id = number
		}
		id = unique(id, func(s string) bool { return b.items[s] })
		b.items[id] = true
		b.milestones[key] = id
		b.plan.Milestones = append(b.plan.Milestones, planfile.Milestone{ID: id, Title: title})
	}
	if number != "" {
		b.numbers[strings.ToLower(number)] = id
	}
	if !day.IsZero() {
		for i := range b.plan.Milestones {
			if b.plan.Milestones[i].ID == id {
				b.plan.Milestones[i].Date = day
			}
		}
	}
	return id
}

// row makes an action, a milestone or a warning of a row.
func (b *builder) row(i int) {
	r := b.rows[i]
	filled, _ := r.filled()
	title, column := b.cell(r, Title)
	switch {
	case filled == 0 || b.repeatsHeader(r):
	case isTotal(r):
		b.warn(r.Number, 0, "import.row.total", "text", r.quoted())
	case b.heading(i):
		b.startSection(r)
	case b.footnote(i):
		b.warn(r.Number, column+1, "import.row.outside", "text", r.quoted())
	case title.Text == "":
		b.untitled(r)
	default:
		b.step(r)
	}
}

func (b *builder) repeatsHeader(r Row) bool {
	if len(b.header) == 0 {
		return false
	}
	same := 0
	for i, h := range b.header {
		if f := fold(r.at(i).Text); f != h {
			return false
		} else if h != "" {
			same++
		}
	}
	return same > 1
}

var totalWords = set("total,totals,summe,gesamt,gesamtsumme,sum,grand total,anzahl,insgesamt,ergebnis gesamt,overall,overall progress,fortschritt gesamt,gesamtfortschritt,total open,total done")

func isTotal(r Row) bool {
	_, first := r.filled()
	before, _, _ := strings.Cut(r.at(first).Text, ":")
	return totalWords[fold(before)]
}

// untitled keeps the words of a row that names no step: they continue the
// step above.
func (b *builder) untitled(r Row) {
	if len(b.plan.Actions) == 0 {
		b.warn(r.Number, 0, "import.row.outside", "text", r.quoted())
		return
	}
	last := &b.plan.Actions[len(b.plan.Actions)-1]
	var lines []string
	for c := range r.Cells {
		text := r.at(c).Text
		switch {
		case text == "" || b.rec.Columns[c].Field == Ignore:
		case b.rec.Columns[c].Field == Notes:
			lines = append(lines, text)
		default:
			lines = append(lines, b.rec.Columns[c].Header+": "+text)
		}
	}
	if len(lines) > 0 {
		last.Notes = joinLines(last.Notes, strings.Join(lines, "\n"))
		b.warn(r.Number, 0, "import.row.continued", "text", r.quoted(), "title", last.Title)
	}
}

// footnote is a lone cell below the last step of a table whose rows have
// several, such as "* dates subject to change".
func (b *builder) footnote(i int) bool {
	if !b.lone(i) || len(b.plan.Actions) == 0 || i < b.last {
		return false
	}
	text := b.rows[i].quoted()
	if _, first := b.rows[i].filled(); b.rec.Columns[first].Field == Notes {
		return false
	}
	return b.numbered || strings.HasPrefix(text, "*") || strings.HasPrefix(text, "(") || strings.Contains(text, ":")
}

func joinLines(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + "\n" + b
}

// oneLine is a text without line breaks.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
