package sheet

import (
	"strings"

	"tandem/internal/civil"
	"tandem/internal/planfile"
)

// Table is a plan as a spreadsheet shows it: facts about the whole plan above
// a header, one row a step. Import makes the same plan of it again, as far as
// a table can hold one.
type Table struct {
	Language string     // of the header: "de" or "en"
	Title    string     // of the plan
	Facts    [][]string // a name and a value a row
	Columns  []TableColumn
	Steps    [][]Cell
	Warnings []Warning // what the table cannot hold
}

// TableColumn is a column of a Table.
type TableColumn struct {
	Field  Field
	Header string
	Width  int // in characters
}

// Rows are all rows: facts, a blank row, the header, the steps.
func (t Table) Rows() [][]string {
	rows := append([][]string{}, t.Facts...)
	rows = append(rows, nil)
	header := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		header[i] = c.Header
	}
	rows = append(rows, header)
	for _, step := range t.Steps {
		row := make([]string, len(step))
		for i, c := range step {
			row[i] = c.Text
		}
		rows = append(rows, row)
	}
	return rows
}

// tableColumns are the columns in both languages, and their widths.
var tableColumns = []struct {
	field  Field
	de, en string
	width  int
}{
	{Number, "Nr.", "No.", 6}, {Title, "Schritt", "Step", 48}, {SideOf, "Firma", "Company", 18}, {Owner, "Verantwortlich", "Owner", 24},
	{Start, "Beginn", "Start", 12}, {Due, "Fällig am", "Due date", 12}, {Expected, "Voraussichtlich", "Expected", 14},
	{StatusOf, "Status", "Status", 12}, {StartedOn, "Begonnen am", "Started on", 12}, {DoneOn, "Erledigt am", "Done on", 12},
	{Predecessors, "Hängt ab von", "Depends on", 14}, {Milestone, "Meilenstein", "Milestone", 24}, {Duration, "Dauer", "Duration", 10},
	{DoneWhen, "Erledigt wenn", "Done when", 32}, {Because, "Blockiert weil", "Blocked because", 24}, {Kind, "Art", "Kind", 14}, {Notes, "Notizen", "Notes", 48},
}

// StatusWords are the words of the five statuses in a language, in the order
// open, started, blocked, done, dropped.
func StatusWords(language string) []string {
	if language == "de" {
		return []string{"offen", "in Arbeit", "blockiert", "erledigt", "entfällt"}
	}
	return []string{"open", "in progress", "blocked", "done", "dropped"}
}

var statusOrder = []planfile.Status{planfile.Open, planfile.Started, planfile.Blocked, planfile.Done, planfile.Dropped}

// words of the facts and cells, by language.
type vocabulary struct {
	title, buyer, seller, start, decide, milestone, person, both, open, language string
}

var vocabularies = map[string]vocabulary{
	"de": {"Titel", "Kunde", "Anbieter", "Start", "Entscheidung bis", "Meilenstein", "Beteiligt", "beide", "offen", "Sprache"},
	"en": {"Title", "Customer", "Vendor", "Start", "Decision by", "Milestone", "Participant", "both", "open", "Language"},
}

// Date writes a day as the table does: in German as people write it, in
// English by ISO 8601, because 5/3 means two days.
func Date(d civil.Day, language string) string {
	if language == "de" && !d.IsZero() {
		return d.Time().Format("02.01.2006")
	}
	return d.String()
}

// Export makes the table of a plan in a language, "de" or "en". What a table
// has no place for is named in the warnings.
func Export(p planfile.Plan, language string) Table {
	if language != "de" {
		language = "en"
	}
	x := exporter{plan: p, language: language, words: vocabularies[language], people: map[string]planfile.Person{}, milestones: map[string]string{}}
	for _, person := range p.People {
		x.people[person.ID] = person
	}
	for _, m := range p.Milestones {
		x.milestones[m.ID] = m.Title
	}
	t := Table{Language: language, Title: p.Title, Facts: x.facts()}
	for _, c := range tableColumns {
		header := c.en
		if language == "de" {
			header = c.de
		}
		t.Columns = append(t.Columns, TableColumn{Field: c.field, Header: header, Width: c.width})
	}
	t.Warnings = x.missing()
	for _, a := range p.Actions {
		row := make([]Cell, len(t.Columns))
		for i, c := range t.Columns {
			row[i] = x.cell(c.Field, a)
			if text := []rune(row[i].Text); len(text) > MaxCell/2 { // a letter may count twice in Excel
				row[i].Text = string(text[:MaxCell/2])
				t.Warnings = append(t.Warnings, Warn(0, i+1, "import.export.cut", "title", shorten(a.Title, 60)))
			}
		}
		t.Steps = append(t.Steps, row)
	}
	return t
}

type exporter struct {
	plan       planfile.Plan
	language   string
	words      vocabulary
	people     map[string]planfile.Person
	milestones map[string]string
}

func (x exporter) facts() [][]string {
	p, w := x.plan, x.words
	rows := [][]string{{w.title + ":", p.Title}}
	if p.Language != "" {
		rows = append(rows, []string{w.language + ":", p.Language})
	}
	if name := p.Sides.Buyer.Organisation; name != "" {
		rows = append(rows, []string{w.buyer + ":", name})
	}
	if name := p.Sides.Seller.Organisation; name != "" {
		rows = append(rows, []string{w.seller + ":", name})
	}
	if !p.Start.IsZero() {
		rows = append(rows, []string{w.start + ":", Date(p.Start, x.language)})
	}
	if !p.DecideBy.IsZero() {
		rows = append(rows, []string{w.decide + ":", Date(p.DecideBy, x.language)})
	}
	for _, m := range p.Milestones {
		text := m.Title
		if !m.Date.IsZero() {
			text += " (" + Date(m.Date, x.language) + ")"
		}
		rows = append(rows, []string{w.milestone + ":", text})
	}
	for _, person := range p.People {
		side := w.buyer
		if person.Side == planfile.Seller {
			side = w.seller
		}
		text := side + ": " + person.Name
		if person.Role != "" {
			text += " (" + person.Role + ")"
		}
		if person.Email != "" {
			text += " <" + person.Email + ">"
		}
		rows = append(rows, []string{w.person + ":", text})
	}
	return rows
}

// organisation is a side's name; without one, the word for that side.
func (x exporter) organisation(side planfile.Side) string {
	name, word := x.plan.Sides.Buyer.Organisation, x.words.buyer
	if side == planfile.Seller {
		name, word = x.plan.Sides.Seller.Organisation, x.words.seller
	}
	if name == "" {
		return word
	}
	return name
}

func (x exporter) cell(f Field, a planfile.Action) Cell {
	days := map[Field]civil.Day{Start: a.Start, Due: a.Due, Expected: a.Expected, StartedOn: a.StartedOn, DoneOn: a.DoneOn}
	if day := days[f]; !day.IsZero() {
		return Cell{Text: Date(day, x.language), Day: day}
	}
	return Cell{Text: x.text(f, a)}
}

func (x exporter) text(f Field, a planfile.Action) string {
	switch f {
	case Number:
		return numberOf(a.ID)
	case Title:
		return a.Title
	case SideOf:
		if a.Side == planfile.Joint {
			return x.words.both
		}
		return x.organisation(a.Side)
	case Owner:
		return x.owners(a)
	case Due:
		if a.DateOpen {
			return x.words.open
		}
	case StatusOf:
		return x.status(a.Status)
	case Predecessors:
		return x.predecessors(a.ID)
	case Milestone:
		return x.milestones[a.Milestone]
	case Duration:
		return duration(a)
	case DoneWhen:
		return a.DoneWhen
	case Because:
		return a.BlockedBecause
	case Kind:
		return a.Kind
	case Notes:
		return a.Notes
	}
	return ""
}

// numberOf is an action's id as the sheet shows it: a7 as 7.
func numberOf(id string) string {
	if number, ok := strings.CutPrefix(id, "a"); ok && number != "" && number[0] >= '0' && number[0] <= '9' {
		return number
	}
	return id
}

func (x exporter) owners(a planfile.Action) string {
	var names []string
	for _, id := range []string{a.Owner, a.Owners.Buyer, a.Owners.Seller} {
		if p, ok := x.people[id]; ok {
			names = append(names, p.Name)
		}
	}
	return strings.Join(names, " / ")
}

func (x exporter) status(s planfile.Status) string {
	for i, known := range statusOrder {
		if s == known {
			return StatusWords(x.language)[i]
		}
	}
	return StatusWords(x.language)[0]
}

func duration(a planfile.Action) string {
	switch {
	case a.Duration == nil:
		return ""
	case a.Elapsed:
		return itoa(*a.Duration) + " ed"
	}
	return itoa(*a.Duration) + " d"
}

func (x exporter) predecessors(id string) string {
	var refs []string
	for _, l := range x.plan.Links {
		if l.To != id {
			continue
		}
		ref := numberOf(l.From)
		if title, ok := x.milestones[l.From]; ok {
			ref = title
		}
		if l.Type != "" && l.Type != "FS" || l.Lag != 0 {
			ref += defaultTo(l.Type, "FS")
		}
		if l.Lag != 0 {
			ref += sign(l.Lag) + itoa(l.Lag) + map[string]string{"": "d", "plan": "d", "elapsed": "ed", "predecessor": "dp", "successor": "ds"}[l.LagCalendar]
		}
		refs = append(refs, ref)
	}
	return strings.Join(refs, ", ")
}

func sign(n int) string {
	if n > 0 {
		return "+"
	}
	return ""
}

func defaultTo(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// missing names what the table leaves out.
func (x exporter) missing() []Warning {
	p := x.plan
	toMilestone, bounds, absences, calendars := 0, 0, 0, 0
	for _, l := range p.Links {
		if x.milestones[l.To] != "" {
			toMilestone++
		}
	}
	for _, a := range p.Actions {
		if a.Estimate != nil || a.Remaining != nil || !a.NotBefore.IsZero() || !a.NotAfter.IsZero() || a.Pinned || a.Gate != "" {
			bounds++
		}
	}
	for _, person := range p.People {
		absences += len(person.Absences)
	}
	for _, party := range []planfile.Party{p.Sides.Buyer, p.Sides.Seller} {
		if party.Calendar.Region != "" || len(party.Calendar.Week) > 0 || len(party.Calendar.Closed) > 0 {
			calendars++
		}
	}
	var list []Warning
	for _, left := range []struct {
		key   string
		count int
	}{{"goals", len(p.Goals)}, {"criteria", len(p.Criteria)}, {"gates", len(p.Gates)}, {"freezes", len(p.Freezes)}, {"risks", len(p.Risks)},
		{"absences", absences}, {"calendars", calendars}, {"bounds", bounds}, {"milestoneLinks", toMilestone}} {
		if left.count > 0 {
			list = append(list, Warn(0, 0, "import.export."+left.key, "N", left.count))
		}
	}
	return list
}
