package mail

import (
	"strings"
	"unicode/utf8"

	"tandem/internal/app"
	"tandem/internal/civil"
	"tandem/internal/locale"
	"tandem/internal/plan"
	"tandem/internal/reply"
)

// Written is a mail in words.
type Written struct {
	Lang    string
	Subject string
	Text    string
	HTML    string
}

// longestSubject is what the lists of usual mail programs show of a subject.
const longestSubject = 70

// Write puts a mail into words in its reader's language.
func (p *Post) Write(m app.Mail) Written {
	l := locale.For(m.To.Language).At(p.s.Clock(), m.To.Zone)
	pg := p.page(l, m)
	return Written{Lang: l.Lang, Subject: pg.Subject, Text: pg.text(), HTML: pg.html()}
}

// page is a mail in words, before it is laid out as text or HTML.
type page struct {
	Lang     string
	Subject  string
	Preview  string
	Marker   string // line above which one answers
	Greeting string
	Title    string // of the plan
	Buyer    string
	Seller   string
	DecideBy string
	Lead     []string
	Quote    []string // paragraphs
	Quoted   string
	Bars     []bar
	Groups   []group
	Code     string
	Button   *link
	More     []link
	After    []string
	Receipt  string
	Head     string // SEQ:HASH
	Notice   string
	Why      string
	Settings *link
	Sides    plan.Sides[string] // said where signs cannot be seen
}

type link struct{ Label, URL string }

type bar struct {
	Side        plan.Side
	Words       string
	Done, Total int
}

type group struct {
	Head string
	Rows []row
}

type row struct {
	Title    string
	Side     plan.Side
	Sign     string // "", "late", "blocked", "done", "new"
	SignText string
	Detail   []string
	Old, New string
	Due      string
	Who      string
	URL      string
}

func (p *Post) page(l *locale.Locale, m app.Mail) *page {
	w := words{l}
	pg := &page{Lang: l.Lang, Subject: shorten(w.say(m.Subject), longestSubject), Title: m.Title, Buyer: m.Buyer, Seller: m.Seller,
		Greeting: l.Greeting(m.To.Name, m.To.Salutation), Code: m.Code, Lead: w.all(m.Lead), After: w.all(m.After), Quoted: m.Quoted}
	pg.Sides = plan.Sides[string]{Buyer: m.Buyer, Seller: m.Seller}
	if m.DecideBy != 0 {
		pg.DecideBy = l.T("mail.decide-by", "Day", l.Day(m.DecideBy))
	}
	if m.Replies {
		pg.Marker = reply.Marker[l.Lang]
	}
	pg.Preview = w.say(m.Preview)
	if pg.Preview == "" && len(pg.Lead) > 0 {
		pg.Preview = pg.Lead[0]
	}
	pg.Quote = paragraphs(m.Quote)
	for _, b := range m.Bars {
		pg.Bars = append(pg.Bars, bar{Side: b.Side, Done: b.Done, Total: b.Total,
			Words: l.T("mail.progress", "Side", b.Name, "Done", b.Done, "Total", b.Total)})
	}
	if len(m.Rows) > 0 {
		pg.Groups = append(pg.Groups, group{Rows: p.rows(w, m.Rows)})
	}
	for _, g := range m.Groups {
		pg.Groups = append(pg.Groups, group{Head: w.say(g.Head), Rows: p.rows(w, g.Rows)})
	}
	if m.Button != nil {
		pg.Button = &link{w.say(m.Button.Label), p.url(m.Button.Path)}
	}
	for _, x := range m.More {
		pg.More = append(pg.More, link{w.say(x.Label), p.url(x.Path)})
	}
	if m.Receipt != nil {
		pg.Receipt = l.T("mail.receipt")
		pg.Head = headText(*m.Receipt)
	}
	if m.Title != "" {
		pg.Notice = m.Notice
		if pg.Notice == "" {
			pg.Notice = l.T("state.notice")
		}
		pg.Why = l.T("mail.why", "Buyer", m.Buyer, "Seller", m.Seller, "Title", m.Title)
	}
	if m.Settings != "" {
		pg.Settings = &link{l.T("mail.settings"), p.url(m.Settings)}
	}
	return pg
}

func (p *Post) rows(w words, in []app.MailRow) []row {
	var out []row
	for _, r := range in {
		x := row{Title: r.Title, Side: r.Side, Sign: r.Sign, Detail: w.all(r.Detail), Old: w.value(r.Old), New: w.value(r.New),
			Due: w.value(r.Due), Who: r.Who}
		if r.Sign != "" {
			x.SignText = w.l.T("mail.sign." + r.Sign)
		}
		if r.Path != "" {
			x.URL = p.url(r.Path)
		}
		out = append(out, x)
	}
	return out
}

// url is a path of this server as an address.
func (p *Post) url(path string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.base + path
}

// words says what the application says in keys and values.
type words struct{ l *locale.Locale }

func (w words) all(says []app.Say) []string {
	var out []string
	for _, s := range says {
		if t := w.say(s); t != "" {
			out = append(out, t)
		}
	}
	return out
}

func (w words) say(s app.Say) string {
	if s.Key == "" {
		return ""
	}
	args := make([]any, len(s.Args))
	for i, a := range s.Args {
		args[i] = w.arg(a)
	}
	return strings.TrimSpace(w.l.T(s.Key, args...))
}

// arg turns the values only mails have into words; all others are the
// catalogue's.
func (w words) arg(a any) any {
	switch a := a.(type) {
	case app.Say:
		return w.say(a)
	case app.OnDay:
		return w.l.Day(civil.Day(a))
	case app.DueIn:
		return w.l.DueIn(int(a))
	case app.Since:
		return w.l.Since(int(a))
	case []app.Say:
		return w.l.List(w.all(a))
	}
	return a
}

func (w words) value(v any) string {
	if v == nil {
		return ""
	}
	return w.l.Value(w.arg(v))
}

// shorten cuts at a word and says so.
func shorten(s string, most int) string {
	s = strings.Join(strings.Fields(s), " ")
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	cut := string([]rune(s)[:most-1])
	if i := strings.LastIndexByte(cut, ' '); i > most/2 {
		cut = cut[:i]
	}
	return strings.TrimRight(cut, " ,.;:–-") + "…"
}

func paragraphs(s string) []string {
	var out []string
	for line := range strings.SplitSeq(s, "\n") {
		if t := strings.TrimSpace(line); t != "" {
			out = append(out, t)
		}
	}
	return out
}
