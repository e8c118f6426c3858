package view

import (
	"strconv"

	"tandem/internal/civil"
)

// Calendars is the page of everything dates depend on: who works when, which
// committees meet when, what is frozen, and who approves in which order.
type Calendars struct {
	Sides   []SideDays
	Gates   []GateRule
	New     GateRule // of the form for another one, with what was typed
	Freezes []Freeze
	Path    []Approval
	Regions []Option
	MayEdit bool
	Problem *Problem // of the form named by its Move
}

// SideDays is one side's calendar.
type SideDays struct {
	Side   Side
	Region string
	Named  string // the region's name
	Week   map[string]bool
	Closed []Absence
	Fiscal int
	Mine   bool // the reader's side keeps it
}

// GateRule is a committee and when it meets.
type GateRule struct {
	ID, Title string
	Side      Side
	Text      string // "jeden 2. Dienstag"
	Days      []civil.Day
	Version   uint64
	Monthly   bool
	Every     int
	Nth       string // "1" to "4", "-1": the last
	Day       string // "mo" to "su"
	Anchor    civil.Day
	Except    string
	Lead      int
	OnHoliday string
	Own       bool // a rhythm the form cannot say: it stays
}

// Freeze is a time in which something may not happen.
type Freeze struct {
	ID, Title string
	From, To  civil.Day
	Blocks    string
	Side      Side
	Version   uint64
}

// Approval is one step of the approval path.
type Approval struct {
	Ref  Ref
	Who  string // "Tom Reuter: 2 Arbeitstage"
	Gate string
	Lead string
	Due  civil.Day
	Side Side
}

// weekdays in the form's order; the same names begin the catalogue's keys.
var weekdays = []string{"mo", "tu", "we", "th", "fr", "sa", "su"}

// planWeek are the names the plan gives them.
var planWeek = map[string]string{"mo": "mon", "tu": "tue", "we": "wed", "th": "thu", "fr": "fri", "sa": "sat", "su": "sun"}

func (c *Calendars) problem(move string) *Problem {
	if c.Problem != nil && c.Problem.Move == move {
		return c.Problem
	}
	return nil
}

// weekText is "Montag, Dienstag …".
func (s *SideDays) weekText(p *Plan) string {
	var days []string
	for _, d := range weekdays {
		if s.Week[planWeek[d]] {
			days = append(days, p.L.T("timetable.day."+d))
		}
	}
	return p.L.List(days)
}

// closedText is a line a span, as it is typed.
func (s *SideDays) closedText() string {
	text := ""
	for _, c := range s.Closed {
		text += c.From.String() + " " + c.To.String() + " " + c.Note + "\n"
	}
	return text
}

func fiscalMonths() []string {
	out := make([]string, 12)
	for i := range out {
		out[i] = strconv.Itoa(i + 1)
	}
	return out
}

func (g *GateRule) prefix() string {
	if g.ID == "" {
		return "g-new"
	}
	return "g-" + g.ID
}

func (g *GateRule) daysText(p *Plan) string {
	days := make([]string, len(g.Days))
	for i, d := range g.Days {
		days[i] = p.L.Day(d)
	}
	return p.L.T("timetable.gate.days", "Days", days)
}

func monthly(g *GateRule) string {
	if g.Monthly {
		return "month"
	}
	return "weeks"
}

func nths(p *Plan) []Option {
	var out []Option
	for _, n := range []string{"1", "2", "3", "4", "-1"} {
		out = append(out, Option{Value: n, Label: p.L.T("timetable.nth." + n)})
	}
	return out
}

func dayOptions(p *Plan) []Option {
	var out []Option
	for _, d := range weekdays {
		out = append(out, Option{Value: d, Label: p.L.T("timetable.day." + d)})
	}
	return out
}

func freezeSide(p *Plan, z *Freeze) string {
	if z.Side == "" {
		return p.L.T("timetable.freeze.both")
	}
	return p.party(z.Side).Name
}
