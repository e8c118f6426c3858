package view

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/a-h/templ"
)

// TabSession is the planning session: the plan as eight questions that both
// sides go through together. Path below Base: "/session".
const TabSession Tab = "session"

// What the page of a session shows: a topic's name, or one of these.
const (
	SessionIntro   = "intro"   // before, and between
	SessionSummary = "summary" // what came of it
)

// Session is a planning session as one reader sees it.
type Session struct {
	Shown  string // a topic, SessionIntro or SessionSummary
	Alone  bool   // the reader looks at something else than the others
	State  SessionState
	Topics []SessionTopic
	At     int    // number of the topic shown, 1 to 8; 0: none
	Now    int    // number of the topic the others are at; 0: it does not run
	Leader string // "Sarah Chen"
	Leads  bool   // the reader does
	Begun  string // ready: when it began or went on, "10:05"
	Since  time.Time
	Spent  time.Duration // before Since

	MayEdit  bool // add items, start, pause, take over
	MaySpeak bool // keep what was said
	MayStart bool
	Draft    bool // starting shares the plan: the other side sees it from then on
	Nobody   bool // nobody of the other side has come in yet
	MayShare bool

	Quotes  []Quote // on the topic shown
	Picks   []SessionPick
	Path    *Calendars // approval: committees and who approves
	Summary *Summary
	Problem *Problem // of the form with the id Move
}

// SessionState is how far a session is.
type SessionState string

// The states of a session.
const (
	SessionNone  SessionState = "none"
	SessionRuns  SessionState = "runs"
	SessionRests SessionState = "rests"
	SessionOver  SessionState = "over"
)

// SessionTopic is one of the eight questions.
type SessionTopic struct {
	Name   string
	Title  string // "Was Nordwerk übernimmt"
	Short  string // where there is little room: "Nordwerk"
	Ask    string // the question, as it is asked
	More   []string
	Quotes int
	Items  int
}

// Quote is what somebody said.
type Quote struct {
	ID      string
	Topic   string
	Text    string
	Said    Person
	Wrote   string // who wrote it down, if that was somebody else
	Made    []Ref  // what was made of it
	Version uint64
	MayEdit bool
}

// SessionPick is a typical step of the plan's process that is not in the plan.
type SessionPick struct {
	ID, Title string
	Side      Side
	Usual     string // "meist 5 bis 10 Arbeitstage"
}

// Summary is what a session led to and what is missing before both can stand
// behind the plan.
type Summary struct {
	Have    []string // "3 Ziele", "12 Schritte"
	Missing []Missing
	Vague   []Advised
	Quotes  int
}

// Advised is an item whose wording could be better.
type Advised struct {
	Title string
	Href  string
	Advice
}

func (s *Session) topic() *SessionTopic {
	if s.At == 0 {
		return &SessionTopic{}
	}
	return &s.Topics[s.At-1]
}

// problem is why the form of an id was refused, if it was that one.
func (s *Session) problem(id string) *Problem {
	if s.Problem != nil && s.Problem.Move == id {
		return s.Problem
	}
	return nil
}

// here is what a form says of where its reader is: nothing for who goes with
// the others.
func (s *Session) here() string {
	if s.Alone || s.State != SessionRuns {
		return s.Shown
	}
	return ""
}

// sessionHref is the address of a topic for the reader alone.
func (p *Plan) sessionHref(topic string) templ.SafeURL { return p.href("/session?topic=" + topic) }

// sessionMove is where a form of the session posts to.
func (p *Plan) sessionMove(move string) templ.SafeURL { return p.href("/session/" + move) }

// sessionFragments are the parts of the page that change by themselves. What a
// topic needs has ids of its own: when the others go on while somebody is still
// writing, their form stays.
func sessionFragments(p *Plan) []Fragment {
	s := p.Session
	body := Fragment{ID: "se-view", Self: shell("div", "se-view", "se-view"), Box: true}
	switch {
	case s.Shown == SessionSummary:
		body = Fragment{ID: "se-summary", Self: sessionSummary(p, s)}
	case s.At == 0:
		body = Fragment{ID: "se-intro", Self: sessionIntro(p, s)}
	default:
		body.Kids = topicFragments(p, s)
	}
	return []Fragment{
		{ID: "se-head", Self: sessionHead(p, s)},
		{ID: "se-nav", Self: sessionNav(p, s)},
		// A box, so that one may take another's place while people look.
		{ID: "se-body", Self: shell("div", "se-body", "se-body"), Box: true, Kids: []Fragment{body}},
		{ID: "foot", Self: foot(p)},
	}
}

func topicFragments(p *Plan, s *Session) []Fragment {
	t := s.Shown
	quotes := make([]Fragment, 0, len(s.Quotes))
	for i := range s.Quotes {
		quotes = append(quotes, Fragment{ID: "q-" + s.Quotes[i].ID, Self: sessionQuote(p, s, &s.Quotes[i])})
	}
	left := []Fragment{}
	if s.MaySpeak {
		left = append(left, Fragment{ID: "se-say-" + t, Self: sessionSay(p, s)})
	}
	left = append(left, Fragment{ID: "se-quotes-" + t, Self: shell("div", "se-quotes-"+t, "quotes"), Box: true, Kids: quotes})
	right := []Fragment{{ID: "se-have-" + t, Self: sessionHave(p, s)}}
	if s.MayEdit {
		right = append(right, Fragment{ID: "se-add-" + t, Self: sessionAdd(p, s)})
	}
	if len(s.Picks) > 0 {
		right = append(right, Fragment{ID: "se-picks-" + t, Self: sessionPicks(p, s)})
	}
	return []Fragment{
		{ID: "se-ask-" + t, Self: sessionAsk(p, s)},
		{ID: "se-left", Self: shell("div", "se-left", "se-left"), Box: true, Kids: left},
		{ID: "se-right", Self: shell("div", "se-right", "se-right"), Box: true, Kids: right},
		{ID: "se-next-" + t, Self: sessionNext(p, s)},
	}
}

// sessionForm is a form that makes an item: of a topic, or of what was said.
type sessionForm struct {
	Kind  string // goal, step, person, gate, milestone, risk
	ID    string // of the form
	Words string // filled in
	Quote string // of what
	Side  Side   // chosen at first
	pr    *Problem
}

func (s *Session) form(kind string, q *Quote) *sessionForm {
	f := &sessionForm{Kind: kind, ID: "se-new-" + kind, Side: s.side()}
	if q != nil {
		f.ID, f.Words, f.Quote = "se-"+kind+"-"+q.ID, q.Text, q.ID
	}
	f.pr = s.problem(f.ID)
	return f
}

// side is whose steps a topic is about first.
func (s *Session) side() Side {
	if s.Shown == "seller" {
		return Seller
	}
	return Buyer
}

// kinds are what a topic turns a sentence into.
func (s *Session) kinds() []string {
	switch s.Shown {
	case "goals":
		return []string{"goal"}
	case "people":
		return []string{"person"}
	case "approval":
		return []string{"approval", "gate"}
	case "dates":
		return []string{"milestone", "step"}
	case "risks":
		return []string{"risk"}
	}
	return []string{"step"}
}

// longestTitle is how much of a sentence becomes a title, in characters; more
// is no title any more.
const longestTitle = 140

// title is a sentence as a title: its line breaks gone, no full stop at its end,
// and cut at a word.
func (f *sessionForm) title() string {
	text := strings.TrimSuffix(strings.Join(strings.Fields(f.Words), " "), ".")
	if utf8.RuneCountInString(text) <= longestTitle {
		return text
	}
	cut := string([]rune(text)[:longestTitle])
	if i := strings.LastIndexByte(cut, ' '); i > 0 {
		cut = cut[:i]
	}
	return cut + " …"
}

func (f *sessionForm) typed(field, present string) string { return f.pr.typed(field, present) }

// seconds is a duration as the script counts it.
func seconds(d time.Duration) string { return strconv.Itoa(int(d.Seconds())) }

// topicItems are the steps a topic is about.
func (s *Session) topicItems(p *Plan) []*Item {
	var out []*Item
	for i := range p.Items {
		it := &p.Items[i]
		switch {
		case it.Internal:
		case s.Shown == "buyer" && it.Side == Seller, s.Shown == "seller" && it.Side == Buyer:
		default:
			out = append(out, it)
		}
	}
	return out
}

// undated are the open steps that still need a date, or that say it is open.
func undated(p *Plan) (without, with []*Item) {
	for i := range p.Items {
		it := &p.Items[i]
		switch {
		case it.Internal || it.State == Over:
		case it.Due.IsZero():
			without = append(without, it)
		default:
			with = append(with, it)
		}
	}
	return without, with
}

func (s *Session) gateForm(f *sessionForm) *GateRule {
	g := GateRule{Side: Buyer, Every: 2, Day: "tu", Title: f.title()}
	if s.Path != nil {
		g = s.Path.New
		g.Title = f.title()
	}
	g.ID = "q" + f.Quote
	if pr := f.pr; pr != nil {
		g.Title, g.Side, g.Nth, g.Day, g.OnHoliday, g.Except = pr.Typed["title"], Side(pr.Typed["side"]), pr.Typed["nth"], pr.Typed["day"], pr.Typed["on_holiday"], pr.Typed["except"]
		g.Monthly, g.Every, g.Lead = pr.Typed["rhythm"] == "month", atoi(pr.Typed["every"]), atoi(pr.Typed["lead"])
	}
	return &g
}

func (f *sessionForm) risk() *Risk {
	r := &Risk{Title: f.typed("title", f.title()), Probability: 0.3, Low: 2, Likely: 5, High: 10, Mitigation: f.typed("mitigation", "")}
	if f.pr != nil {
		r.Probability = float64(atoi(f.pr.Typed["probability"])) / 100
		r.Low, r.Likely, r.High = float64(atoi(f.pr.Typed["low"])), float64(atoi(f.pr.Typed["likely"])), float64(atoi(f.pr.Typed["high"]))
		r.Owner.ID = f.pr.Typed["owner"]
	}
	return r
}

// sayer is who is most likely speaking: the place is for the buyer's words.
func sayer(p *Plan) string {
	if p.Reader.Side == Buyer {
		return p.Reader.Person
	}
	first := ""
	for i := range p.People {
		m := &p.People[i]
		switch {
		case m.Side != Buyer || m.Waiting:
		case m.Right == RightLead:
			return m.ID
		case first == "":
			first = m.ID
		}
	}
	return orElse(first, p.Reader.Person)
}

// dueText is when a step is to be done.
func dueText(p *Plan, it *Item) string {
	switch {
	case !it.Due.IsZero():
		return p.L.Day(it.Due)
	case it.DateOpen:
		return p.L.T("session.date.isOpen")
	}
	return p.L.T("session.date.none")
}

func gateOptions(p *Plan) []Option {
	out := []Option{{"", p.L.T("plan.field.none")}}
	for i := range p.Gates {
		if p.Gates[i].Href == "" {
			out = append(out, Option{p.Gates[i].ID, p.Gates[i].Text})
		}
	}
	return out
}

// fewPicks is how many typical steps are in sight at once.
const fewPicks = 6

func pickNote(p *Plan, x *SessionPick) string {
	if x.Side == "" {
		return x.Usual
	}
	side := p.L.T("plan.both")
	if x.Side != Joint {
		side = p.party(x.Side).Short
	}
	if x.Usual == "" {
		return side
	}
	return side + " · " + x.Usual
}

func criterionNote(p *Plan, c *Criterion) string {
	if c.By.IsZero() {
		return p.L.T("session.goal.criterion")
	}
	return p.L.T("session.goal.criterion") + ", " + p.L.T("plan.by", "Date", p.L.Day(c.By))
}
