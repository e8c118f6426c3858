package deal

import (
	"net/url"
	"strings"
	"unicode/utf8"

	"tandem/internal/civil"
	"tandem/internal/fault"
	"tandem/internal/sheet"
)

// Limits of what is kept of a deal, in characters.
const (
	MaxName = 200
	MaxURL  = 1_000
)

// Settings are how a workspace reads lists with the same headers.
type Settings struct {
	Columns  map[string]Field `json:"columns"`            // by header; those not named are left out
	Order    Order            `json:"order,omitempty"`    // of dates such as 3/4/2027
	Mark     Mark             `json:"mark,omitempty"`     // of decimals
	Currency string           `json:"currency,omitempty"` // of amounts that name none
	// Address of a deal in the CRM for lists without one, with {id} in it.
	Address string `json:"address,omitempty"`
	// Whole says that the list holds all open deals, so that one which is
	// missing in it is gone from the CRM.
	Whole bool `json:"whole,omitempty"`
}

// Record is a deal as a row of a list says it. Fields whose column the list
// does not have are empty: see Reading.Has.
type Record struct {
	Row       int // in the list, from 1
	ID        string
	URL       string
	Name      string
	Account   string
	Amount    int64 // in minor units
	Currency  string
	Stage     string
	Close     civil.Day
	Segment   string
	Owner     string
	OwnerMail string
}

// Bad is a row that is left out, and why.
type Bad struct {
	Row   int
	ID    string // if that can be read
	Field Field
	Key   string // of the catalogue
	Args  fault.Args
	Cells []string // as they stand in the list
}

// Column is a column of the list.
type Column struct {
	Header  string
	Field   Field
	Example string // the first words in it
}

// Reading is what a list says.
type Reading struct {
	Columns  []Column
	Settings Settings // those that were used
	Known    bool     // they were remembered or given, not guessed
	Records  []Record
	Bad      []Bad
	// AskOrder and AskMark report that a value could mean two things: what the
	// settings say then is a guess, or a person's word.
	AskOrder, AskMark bool
	NoCurrency        bool // amounts name no currency, and the settings neither
}

// Has reports that the list has a column of a field. Amount has both.
func (r *Reading) Has(f Field) bool {
	for _, c := range r.Columns {
		if c.Field == f {
			return true
		}
	}
	return f == URL && r.Settings.Address != ""
}

// maxHeaderRow is how far down the header is looked for: exports have titles
// and filters above it.
const maxHeaderRow = 20

// Headers finds the header of a list: the row that names most fields, and its
// index; -1 in an empty table.
func Headers(g sheet.Grid) (at int, headers []string) {
	best := -1
	at = -1
	for i, row := range g.Rows[:min(len(g.Rows), maxHeaderRow)] {
		cells := texts(row)
		n := 0
		for _, f := range Guess(cells) {
			if f != None {
				n++
			}
		}
		if n > best {
			best, at, headers = n, i, cells
		}
	}
	return at, unique(headers)
}

// unique tells columns of the same header apart: "Name", "Name (2)".
func unique(headers []string) []string {
	seen := map[string]int{}
	out := make([]string, len(headers))
	for i, h := range headers {
		h = strings.TrimSpace(h)
		out[i] = h
		if seen[h]++; seen[h] > 1 && h != "" {
			out[i] = h + " (" + string(rune('0'+min(seen[h], 9))) + ")"
		}
	}
	return out
}

func texts(row sheet.Row) []string {
	out := make([]string, len(row.Cells))
	for i, c := range row.Cells {
		out[i] = strings.TrimSpace(strings.TrimPrefix(blanks.Replace(c.Text), "\ufeff"))
	}
	return out
}

// Read reads a list: with the settings given, or with guessed ones if they
// name no columns. Currency is the one assumed where nothing says any.
//
// It fails if the list is empty or has no header with a column for the name
// and one for the id, since the next list could not be told from this one.
func Read(g sheet.Grid, s Settings, guess bool) (Reading, error) {
	at, headers := Headers(g)
	if at < 0 || len(g.Rows) < at+2 {
		return Reading{}, fault.New(fault.Invalid, "deal.fault.empty")
	}
	r := Reading{Settings: s, Known: !guess}
	fields := Guess(headers)
	examples := firsts(g.Rows[at+1:], len(headers))
	for i, h := range headers {
		f := fields[i]
		if !guess {
			f = s.Columns[h]
		}
		r.Columns = append(r.Columns, Column{Header: h, Field: f, Example: examples[i]})
	}
	r.Settings.Columns = map[string]Field{}
	for _, c := range r.Columns {
		if c.Field != None && c.Header != "" {
			r.Settings.Columns[c.Header] = c.Field
		}
	}
	r.evidence(g.Rows[at+1:])
	p := reader{Reading: &r, seen: map[string]int{}}
	for _, row := range g.Rows[at+1:] {
		p.row(row)
	}
	return r, nil
}

// Usable is a fault if the columns do not say enough to take anything in.
func (r *Reading) Usable() error {
	count := map[Field]int{}
	for _, c := range r.Columns {
		count[c.Field]++
	}
	for _, f := range Fields() {
		if count[f] > 1 {
			return fault.New(fault.Invalid, "deal.fault.twice", "field", string(f))
		}
	}
	switch {
	case count[Name] == 0:
		return fault.New(fault.Invalid, "deal.fault.noName")
	case count[ID] == 0:
		return fault.New(fault.Invalid, "deal.fault.noID")
	}
	return nil
}

func firsts(rows []sheet.Row, width int) []string {
	out := make([]string, width)
	left := width
	for _, row := range rows {
		for i, t := range texts(row) {
			if i < width && out[i] == "" && t != "" {
				out[i] = clipped(t, 60)
				left--
			}
		}
		if left == 0 {
			break
		}
	}
	return out
}

func clipped(text string, most int) string {
	if r := []rune(text); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return text
}

// evidence finds the order of day and month, and the mark of decimals, that
// the list itself shows; what it shows wins over a guess, not over a person.
func (r *Reading) evidence(rows []sheet.Row) {
	var order Order
	var mark Mark
	var openDay, openMark bool
	var groups Mark
	for _, row := range rows {
		for i, t := range texts(row) {
			if i >= len(r.Columns) || t == "" {
				continue
			}
			switch r.Columns[i].Field {
			case Close:
				o, open := OrderOf(t)
				if openDay = openDay || open && row.Cells[i].Day.IsZero(); order == Unordered {
					order = o
				}
			case Value:
				if m := MarkOf(t); mark == Unknown {
					mark = m
				}
				if Ambiguous(t) {
					if openMark = true; groups == Unknown {
						groups = Comma
						if strings.Contains(t, ",") {
							groups = Point
						}
					}
				}
			}
		}
	}
	if r.AskOrder = openDay && order == Unordered; r.Settings.Order == Unordered || !r.AskOrder {
		r.Settings.Order = order
	}
	if r.AskMark = openMark && mark == Unknown; !r.AskMark {
		r.Settings.Mark = mark
	} else if r.Settings.Mark == Unknown {
		r.Settings.Mark = groups // a single sign before three digits groups thousands
	}
}

// reader turns rows into records.
type reader struct {
	*Reading
	seen map[string]int // row in which an id stood first
}

func (p *reader) row(row sheet.Row) {
	cells := texts(row)
	rec := Record{Row: row.Number}
	amount, filled := "", false
	for i, t := range cells {
		if i >= len(p.Columns) || t == "" {
			continue
		}
		field := p.Columns[i].Field
		filled = filled || field != None
		limit := MaxName
		if field == URL {
			limit = MaxURL
		}
		if field != None && utf8.RuneCountInString(t) > limit {
			p.bad(row, field, "deal.bad.long", "max", limit)
			return
		}
		if field == Value {
			amount = t
			continue
		}
		if bad := p.put(&rec, field, t, row.Cells[i].Day); bad != "" {
			p.bad(row, field, string(bad), "text", clipped(t, 40))
			return
		}
	}
	if !filled || p.total(rec) {
		return
	}
	if rec.Currency == "" {
		rec.Currency = p.headerCurrency()
	}
	var bad Trouble
	if rec.Amount, rec.Currency, bad = Amount(amount, p.Settings.Mark, orElse(rec.Currency, p.Settings.Currency)); bad != "" {
		p.NoCurrency = p.NoCurrency || bad == NoUnit
		p.bad(row, Value, string(bad), "text", clipped(amount, 40))
		return
	}
	first := p.seen[rec.ID]
	switch {
	case rec.ID == "":
		p.bad(row, ID, "deal.bad.noID")
	case rec.Name == "":
		p.bad(row, Name, "deal.bad.noName")
	case first > 0:
		p.bad(row, ID, "deal.bad.twice", "row", first)
	default:
		p.seen[rec.ID] = row.Number
		if at := strings.ReplaceAll(p.Settings.Address, "{id}", url.PathEscape(rec.ID)); rec.URL == "" && len(at) <= MaxURL && WebAddress(at) {
			rec.URL = at
		}
		p.Records = append(p.Records, rec)
	}
}

// put puts a cell into a record.
func (p *reader) put(rec *Record, f Field, text string, day civil.Day) Trouble {
	switch f {
	case ID:
		rec.ID = text
	case URL:
		if !WebAddress(text) {
			return "deal.bad.url"
		}
		rec.URL = text
	case Name:
		rec.Name = text
	case Account:
		rec.Account = text
	case Currency:
		code, _ := currencyIn(text)
		if code == "" {
			return NoUnit
		}
		rec.Currency = code
	case Stage:
		rec.Stage = text
	case Close:
		if !day.IsZero() {
			rec.Close = day
			return ""
		}
		var bad Trouble
		rec.Close, bad = Day(text, p.Settings.Order)
		return bad
	case Segment:
		rec.Segment = text
	case Owner:
		rec.Owner = text
	case Mail:
		rec.OwnerMail = text
	}
	return ""
}

// WebAddress reports an address that may be linked to: http or https, with a
// host, and nothing of a person in it.
func WebAddress(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && u.User == nil
}

// total is a last row of sums, as reports have it.
func (p *reader) total(rec Record) bool {
	if rec.ID != "" && rec.Name != "" {
		return false
	}
	switch f := fold(rec.ID + rec.Name + rec.Account); f {
	case "total", "gesamt", "summe", "grand total", "gesamtsumme", "sum":
		return true
	}
	return strings.HasPrefix(rec.ID, "Copyright") || strings.HasPrefix(rec.ID, "Confidential Information")
}

// headerCurrency is the one in the header of the amounts: "Betrag (EUR)".
func (p *reader) headerCurrency() string {
	for _, c := range p.Columns {
		if c.Field == Value {
			code, _ := currencyIn(c.Header)
			return code
		}
	}
	return ""
}

func (p *reader) bad(row sheet.Row, f Field, key string, nameValues ...any) {
	b := Bad{Row: row.Number, ID: p.idIn(row), Field: f, Key: key, Args: fault.Args{}}
	for i := 0; i+1 < len(nameValues); i += 2 {
		b.Args[nameValues[i].(string)] = nameValues[i+1]
	}
	for _, c := range row.Cells {
		b.Cells = append(b.Cells, c.Text)
	}
	p.Bad = append(p.Bad, b)
}

// idIn is the id in a row, readable or not.
func (p *reader) idIn(row sheet.Row) string {
	for i, t := range texts(row) {
		if i < len(p.Columns) && p.Columns[i].Field == ID {
			return t
		}
	}
	return ""
}

func orElse(a, b string) string {
	if a == "" {
		return b
	}
	return a
}
