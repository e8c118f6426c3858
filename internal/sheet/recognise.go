package sheet

import (
	"regexp"
	"slices"
	"strings"

	"tandem/internal/civil"
	"tandem/internal/fault"
	"tandem/internal/planfile"
)

// Options are what the caller knows besides the table; all may be empty.
type Options struct {
	Title  string    // of the plan if the table names none, e.g. the file's name
	Buyer  string    // the buyer's organisation
	Seller string    // the seller's organisation
	Today  civil.Day // for dates without a year when no date has one
}

// Evidence says why something was recognised as it was.
type Evidence string

const (
	ByName    Evidence = "name"    // a header or an organisation's name says so
	ByContent Evidence = "content" // the cells look like it
	ByWord    Evidence = "word"    // words like customer, us, beide
	ByRole    Evidence = "role"    // roles and the wording of the steps
	ByPerson  Evidence = "person"  // a correction
	Guessed   Evidence = "guess"   // nothing says so
)

// Column is what a column of the table holds.
type Column struct {
	Field      Field    `json:"field"`
	Header     string   `json:"header,omitempty"`
	Confidence float64  `json:"confidence"` // 0 to 1
	By         Evidence `json:"by,omitempty"`
}

// Recognition is what a table was recognised as. It is plain data: a preview
// shows it, a person changes it (Column.Field, MonthFirst, Sides, Buyer,
// Seller, Title …), and Apply makes the plan from it.
type Recognition struct {
	Header     int                      `json:"header"` // index into Grid.Rows of the row with the names of the columns; -1: none
	First      int                      `json:"first"`  // index of the first row below
	Columns    []Column                 `json:"columns"`
	MonthFirst bool                     `json:"monthFirst"` // 5/3 is 3 May
	Order      Evidence                 `json:"order"`      // how that is known; empty: no date asks
	Language   string                   `json:"language"`   // "de" or "en"
	Title      string                   `json:"title"`
	Buyer      string                   `json:"buyer"` // organisations
	Seller     string                   `json:"seller"`
	Sides      []SideGroup              `json:"sides,omitempty"` // whose the cells of the side column, or the mail domains, are
	Today      civil.Day                `json:"today,omitzero"`
	Facts      []Fact                   `json:"facts,omitempty"` // what the rows above the header say
	DecideBy   civil.Day                `json:"decideBy,omitzero"`
	Start      civil.Day                `json:"start,omitzero"`
	Decision   int                      `json:"decision"` // row number of the step that is the decision; 0: none
	index      map[string]planfile.Side // of Sides by folded text, while Apply works
}

// SideGroup says that all rows with this text belong to a side.
type SideGroup struct {
	Text string        `json:"text"`
	Side planfile.Side `json:"side"`
	By   Evidence      `json:"by"`
	Rows int           `json:"rows"`
}

// Fact is a row above the header that says something about the whole plan.
type Fact struct {
	Row   int    `json:"row"`
	Kind  string `json:"kind"` // title, buyer, seller, start, decideBy, language, asOf, milestone, person, other
	Value string `json:"value"`
	Text  string `json:"text"` // the row's words
}

// Recognise finds the header and what each column holds. It fails, with a
// fault of kind Invalid, only when the table is empty or has no column that
// could name steps.
func Recognise(g Grid, o Options) (Recognition, error) {
	if len(g.Rows) == 0 {
		return Recognition{}, fault.New(fault.Invalid, "import.empty")
	}
	g = g.cleaned()
	rec := Recognition{Today: o.Today, Language: language(g), Buyer: clean(o.Buyer), Seller: clean(o.Seller)}
	rec.Header = findHeader(g)
	rec.First = rec.Header + 1
	if rec.Header < 0 {
		rec.First = skipTitles(g)
	}
	rec.Columns = nameColumns(g, rec.Header)
	sniff(g, &rec)
	if !rec.has(Title) {
		return Recognition{}, fault.New(fault.Invalid, "import.noTitle", "row", g.Rows[0].Number, "found", shorten(g.Rows[0].quoted(), 80))
	}
	readFacts(g, &rec)
	if rec.Title == "" {
		rec.Title = titleOf(g, o, rec)
	}
	decideOrder(g, &rec)
	decideSides(g, &rec)
	findDecision(g, &rec)
	return rec, nil
}

func (r *Recognition) has(f Field) bool { return r.column(f) >= 0 }

// column is the first column (from 0) that holds a field, or -1.
func (r *Recognition) column(f Field) int {
	return slices.IndexFunc(r.Columns, func(c Column) bool { return c.Field == f })
}

// findHeader is the index of the row that names the columns, or -1.
func findHeader(g Grid) int {
	best, row, several := 1.4, -1, false
	for i, r := range g.Rows[:min(len(g.Rows), 40)] {
		seen := map[Field]bool{}
		score, filled, exact := 0.0, 0, false
		for c := range r.Cells {
			text := r.at(c).Text
			if text == "" {
				continue
			}
			filled++
			for _, cand := range candidates(text) {
				if !seen[cand.field] && cand.confidence >= 0.6 {
					seen[cand.field] = true
					score += cand.confidence
					exact = exact || cand.field == Title && cand.confidence > 0.95
					break
				}
			}
		}
		named := seen[Title] || seen[Due] || seen[Owner] || seen[OwnerBuyer] || seen[Milestone]
		lone := filled == 1 && g.width() == 1 && score > 0.99 && seen[Title]
		// The first row with several cells is a header already when one of
		// them is called "Task".
		if lone || exact && filled > 1 && !several && best < 2 {
			score = max(score, 1.5)
		}
		several = several || filled > 1
		if named && score > best && score >= 0.3*float64(filled) {
			best, row = score+0.5, i // a later row must be clearly better
		}
	}
	return row
}

// skipTitles is the index of the first row of a table without a header: past
// lone cells above rows that have several.
func skipTitles(g Grid) int {
	first, width := 0, typicalWidth(g)
	for first < len(g.Rows)-1 {
		n, _ := g.Rows[first].filled()
		if n > 1 || width < 3 {
			break
		}
		first++
	}
	return first
}

// typicalWidth is the median number of filled cells of a row.
func typicalWidth(g Grid) int {
	var counts []int
	for _, r := range g.Rows {
		n, _ := r.filled()
		counts = append(counts, n)
	}
	if len(counts) == 0 {
		return 0
	}
	slices.Sort(counts)
	return counts[len(counts)/2]
}

// nameColumns gives each column the field that its header names best; of two
// columns that name the same one, the surer has it, and the other the next
// that it may mean. Several columns may hold notes.
func nameColumns(g Grid, header int) []Column {
	columns := make([]Column, g.width())
	if header < 0 {
		return columns
	}
	type claim struct {
		column int
		candidate
	}
	var claims []claim
	for c := range columns {
		columns[c].Header = g.Rows[header].at(c).Text
		for _, cand := range candidates(columns[c].Header) {
			claims = append(claims, claim{c, cand})
		}
	}
	slices.SortStableFunc(claims, func(a, b claim) int {
		switch {
		case a.confidence > b.confidence:
			return -1
		case a.confidence < b.confidence:
			return 1
		}
		return a.column - b.column
	})
	taken := map[Field]bool{}
	for _, cl := range claims {
		c := &columns[cl.column]
		if c.Field != Other || taken[cl.field] && cl.field != Notes || !fits(g, header+1, cl.column, cl.field) {
			continue
		}
		taken[cl.field] = true
		c.Field, c.Confidence, c.By = cl.field, cl.confidence, ByName
	}
	return columns
}

// fits refuses a field that a column's cells contradict, where one header
// means different things: "Nach" is "after" and "to", "Erledigt" a date or a
// tick, "Position" a number or a role.
func fits(g Grid, first, column int, f Field) bool {
	filled, dates, short := 0, 0, 0
	for _, r := range g.Rows[min(first, len(g.Rows)):] {
		cell := r.at(column)
		if cell.Text == "" {
			continue
		}
		filled++
		_, _, _, status := readStatus(cell.Text)
		if !cell.Day.IsZero() || len(findDates(cell.Text, false)) > 0 && !(status && f == StatusOf) {
			dates++
		}
		if len(cell.Text) <= 8 {
			short++
		}
	}
	switch f {
	case StatusOf, Owner, SideOf, Role:
		return dates*2 <= filled || filled == 0
	case Number:
		return short*2 >= filled
	case Duration:
		return short*3 >= filled
	}
	return true
}

// asks are what a row above the header may be about.
var asks = []struct {
	kind  string
	words map[string]bool
}{
	{"buyer", set("kunde,kundin,customer,client,buyer,auftraggeber,kaeufer,prospect,account")},
	{"seller", set("anbieter,vendor,seller,supplier,lieferant,auftragnehmer,provider,verkaeufer")},
	{"title", set("titel,title,plan,projekt,project,projektname,project name,plan name")},
	{"decideBy", set("entscheidung bis,entscheidung am,entscheidungstermin,decision by,decision date,decide by,zielentscheidung,target decision date,decision on,entscheidungsdatum")},
	{"start", set("start,beginn,planstart,start date,plan start,projektstart,project start,startdatum")},
	{"asOf", set("stand,as of,date,datum,last updated,updated,status as of,aktualisiert,zuletzt aktualisiert,version,exportiert am,exported")},
	{"milestone", set("meilenstein,milestone")},
	{"language", set("sprache,language")},
	{"person", set("beteiligt,person,participant,beteiligte")},
}

// readFacts reads the rows above the header: "Customer: Nordwerk AG", "Stand:
// 11.05.2028", the plan's title.
func readFacts(g Grid, rec *Recognition) {
	end := rec.Header
	if end < 0 {
		end = rec.First
	}
	for _, r := range g.Rows[:max(end, 0)] {
		count, first := r.filled()
		key, value, paired := strings.Cut(r.at(first).Text, ":")
		if !paired && count == 2 {
			paired, value = true, ""
		}
		if count > 1 {
			value = strings.TrimSpace(value + " " + strings.Join(strings.Split(r.quoted(), " | ")[1:], " | "))
		}
		fact := Fact{Row: r.Number, Kind: "other", Value: clean(value), Text: r.quoted()}
		if paired {
			f := fold(key)
			for _, a := range asks {
				if a.words[f] && fact.Value != "" {
					fact.Kind = a.kind
					break
				}
			}
		}
		rec.take(&fact, count)
		rec.Facts = append(rec.Facts, fact)
	}
}

// take uses a fact that the plan has a place for; what it cannot use stays
// "other" and is quoted in a warning.
func (r *Recognition) take(f *Fact, count int) {
	used := true
	switch f.Kind {
	case "buyer":
		used = takeText(&r.Buyer, f.Value)
	case "seller":
		used = takeText(&r.Seller, f.Value)
	case "title":
		used = takeText(&r.Title, f.Value)
	case "decideBy":
		used = takeDay(&r.DecideBy, f.Value)
	case "start":
		used = takeDay(&r.Start, f.Value)
	case "language":
		if used = f.Value == "de" || f.Value == "en"; used {
			r.Language = f.Value
		}
	case "other":
		if count == 1 && r.Title == "" {
			f.Kind, f.Value = "title", f.Text
			r.Title = f.Text
		}
	}
	if !used {
		f.Kind = "other"
	}
}

func takeText(to *string, value string) bool {
	if *to == "" {
		*to = value
	}
	return *to == value
}

func takeDay(to *civil.Day, value string) bool {
	dates := findDates(value, false)
	if !to.IsZero() || len(dates) != 1 || dates[0].day.IsZero() || dates[0].week || remainder(value, dates) != "" {
		return false
	}
	*to = dates[0].day
	return true
}

var defaultSheetName = regexp.MustCompile(`(?i)^(sheet|tabelle|feuil|hoja|table|blatt)\s?\d*$`)

// titleOf is a title for a table that names none.
func titleOf(g Grid, o Options, rec Recognition) string {
	switch {
	case clean(o.Title) != "":
		return clean(o.Title)
	case clean(g.Name) != "" && !defaultSheetName.MatchString(g.Name):
		return clean(g.Name)
	case rec.Buyer != "" && rec.Seller != "":
		return rec.Buyer + " / " + rec.Seller
	}
	return "Plan"
}

// dateFields are the fields that hold days.
var dateFields = []Field{Start, Due, Expected, StartedOn, DoneOn}

// decideOrder finds out whether 5/3 is 3 May or 5 March, from all dates of the
// table together: a number above 12 decides; else the order that keeps the
// plan shorter; else the language.
func decideOrder(g Grid, rec *Recognition) {
	var slashed []found
	for _, r := range g.Rows[rec.First:] {
		for c, col := range rec.Columns {
			if slices.Contains(dateFields, col.Field) && r.at(c).Day.IsZero() {
				for _, d := range findDates(r.at(c).Text, false) {
					if d.numeric {
						slashed = append(slashed, d)
					}
				}
			}
		}
	}
	if len(slashed) == 0 {
		return
	}
	dayFirst, monthFirst := 0, 0
	for _, d := range slashed {
		if d.first > 12 {
			dayFirst++
		}
		if d.sec > 12 {
			monthFirst++
		}
	}
	switch {
	case dayFirst > 0 && monthFirst > 0:
		rec.Order, rec.MonthFirst = Guessed, monthFirst > dayFirst
	case dayFirst > 0:
		rec.Order = ByContent
	case monthFirst > 0:
		rec.Order, rec.MonthFirst = ByContent, true
	default:
		rec.Order, rec.MonthFirst = Guessed, rec.Language == "en"
		d, m := spread(slashed, false), spread(slashed, true)
		if len(slashed) > 2 && (d > 3*m || m > 3*d) {
			rec.MonthFirst = m < d
		}
	}
}

// spread is how many days lie between the earliest and the latest date if all
// are read in this order.
func spread(dates []found, monthFirst bool) civil.Day {
	var low, high civil.Day
	for _, f := range dates {
		d, m := f.first, f.sec
		if monthFirst {
			d, m = m, d
		}
		year := 2000
		if !f.day.IsZero() {
			year, _, _ = f.day.Date()
		}
		if m < 1 || m > 12 {
			continue
		}
		day := civil.Of(year, 1, 1) + civil.Day((m-1)*30+d)
		if low.IsZero() || day < low {
			low = day
		}
		high = max(high, day)
	}
	return high - low
}

var decisions = []string{"kaufentscheidung*", "purchase decision*", "final decision*", "buying decision*", "entscheidung*", "go no go*", "decision*", "vergabeentscheidung*"}

// findDecision is the row whose due date is the plan's decision: named as the
// purchase decision if there is one, else the last that is named a decision.
func findDecision(g Grid, rec *Recognition) {
	if !rec.DecideBy.IsZero() {
		return
	}
	title, due, rank := rec.column(Title), rec.column(Due), len(decisions)
	if due < 0 {
		return
	}
	for _, r := range g.Rows[rec.First:] {
		cell := r.at(due)
		if cell.Day.IsZero() && len(findDates(cell.Text, false)) == 0 {
			continue
		}
		for i, d := range decisions {
			t := fold(r.at(title).Text)
			if hasAny(t, []string{d}) && (i < 4 || len(strings.Fields(t)) <= 4) && min(i, 4) <= min(rank, 4) {
				rec.Decision, rank = r.Number, i
				break
			}
		}
	}
}

func shorten(s string, most int) string {
	r := []rune(s)
	if len(r) <= most {
		return s
	}
	return string(r[:most]) + "…"
}
