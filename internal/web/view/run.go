package view

import "github.com/a-h/templ"

// TabRun is a check-in that is held, or about to be: its path is not below a
// tab's, but it is as live as they are.
const TabRun Tab = "run"

// Run is the page on which both sides go through the plan together.
type Run struct {
	ID        string // of the run, once it is open
	Path      string // of this page
	Title     string
	When      string // "Di, 16. Mai, 10:00–10:30 Uhr"
	Join      string // link of the conference
	State     RunState
	Lead      string // the answer in words: what there is to talk about
	Since     string // since when things happened that are on the agenda
	Why       string // why it cannot be opened, or who opened it
	Minutes   string // path of the minutes, once it is closed
	Elsewhere string // path of the one that is being held now
	MayHold   bool
	MayNote   bool
	Mails     bool // minutes are mailed
	Sections  []RunSection
	Notes     []RunNote // that are under no item
	There     []RunPerson
	Next      string // the appointment after it
}

// RunState is how far a check-in is.
type RunState string

// The states of a check-in.
const (
	RunBefore RunState = "before"
	RunOpen   RunState = "open"
	RunClosed RunState = "closed"
)

// RunSection is a part of the agenda.
type RunSection struct {
	ID    string // "done", "flight", "stuck", "next", "dates"
	Title string
	Empty string // what it says where there is nothing
	Count int
	Asks  []Ask // proposals to decide, and new steps to stand behind
	Rows  []RunRow
}

// RunRow is a line of the agenda.
type RunRow struct {
	ID     string // of the element
	Title  string
	Href   string
	Side   Side // empty: nobody's
	Who    string
	When   string
	Sign   string // "done", "late", "blocked" or none
	Lines  []RunLine
	Detail *Detail // its moves; nil: none here
	Notes  []RunNote
	Item   string // notes may be put under it; empty: not here
}

// RunLine is a sentence under a line, with somebody's words if they said any.
type RunLine struct {
	Text, Quote string
	Urgent      bool
}

// RunNote is a sentence somebody noted.
type RunNote struct {
	ID   string
	By   Person
	Text string
	Own  bool // the reader may change it, now
}

// RunPerson may have been there.
type RunPerson struct {
	Person
	There bool
}

// move is where a form of the check-in posts to.
func (r *Run) move(move string) templ.SafeURL { return templ.SafeURL(r.Path + "/" + move) }

func (r *Run) open() bool { return r.State == RunOpen }

// RunFragments is the main part of the page, in its parts that can change by
// themselves.
func RunFragments(p *Plan, r *Run) []Fragment {
	agenda := make([]Fragment, 0, len(r.Sections))
	for i := range r.Sections {
		agenda = append(agenda, sectionFragment(p, r, &r.Sections[i]))
	}
	aside := []Fragment{{ID: "run-notes", Self: runNotes(p, r)}, {ID: "run-close", Self: runClose(p, r)}}
	return []Fragment{
		{ID: "run-head", Self: runHead(p, r)},
		{ID: "run", Self: shell("div", "run", "run-body"), Box: true, Kids: []Fragment{
			{ID: "run-agenda", Self: shell("div", "run-agenda", "agenda"), Box: true, Kids: agenda},
			{ID: "run-aside", Self: shell("div", "run-aside", "aside"), Box: true, Kids: aside},
		}},
	}
}

// sectionFragment is a part of the agenda. Its lines are fragments themselves:
// a step that is done moves from one part to another, with what is open in it.
func sectionFragment(p *Plan, r *Run, s *RunSection) Fragment {
	id := "run-" + s.ID
	rows := make([]Fragment, 0, len(s.Rows))
	for i := range s.Rows {
		rows = append(rows, Fragment{ID: s.Rows[i].ID, Self: runRow(p, r, &s.Rows[i])})
	}
	return Fragment{ID: id, Self: runSectionShell(id), Box: true, Kids: []Fragment{
		{ID: id + "-head", Self: runSectionHead(p, s)},
		{ID: id + "-list", Self: runList(id + "-list"), Box: true, Kids: rows},
	}}
}

// MinutesPage are the minutes of a check-in.
type Minutes struct {
	Title    string
	When     string // "Di, 16. Mai 2028, 10:02 bis 10:31 Uhr"
	Lead     string
	There    []Person
	Noticed  string // nobody said who was there
	Next     string
	Sections []RunSection
	Notes    []RunNote
	Seq      int64
	Hash     string
	Text     string // to be copied
	Index    string // path of all minutes
}

// MinutesList is every check-in that was held.
type MinutesList struct {
	All []MinutesRow
}

// MinutesRow is one of them.
type MinutesRow struct {
	Href, Title, When, Lead string
}

// afterComma is what follows a name, if anything does.
func afterComma(what string) string {
	if what == "" {
		return ""
	}
	return ", " + what
}
