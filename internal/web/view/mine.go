package view

import (
	"strings"

	"tandem/internal/locale"
)

// Mine is a plan from where its reader stands: the page behind every mail
// link. Its texts are ready to read; it decides nothing.
type Mine struct {
	L        *locale.Locale
	Action   string // where every form posts to
	Greeting string
	Lead     string // the answer in a sentence: what is asked, or that nothing is
	NotYou   string // whom the page is for, where nobody has come in yet
	State    string // a plan or a reader that may do less: why
	StateTo  *Link
	Problem  *Problem // a refused move whose card is not there any more
	Cards    []MineCard
	Later    []MineRow
	Waits    []MineRow
	Silence  []string // what happens if the reader does nothing
	Plans    []MineRow
	More     []Link // the whole plan, no more mails, what is stored
	MaxFile  int    // MB of a file with a result; 0: none is taken
	Other    string // the other side's short name
}

// MineCard is one thing the reader is asked for.
type MineCard struct {
	ID      string // of its form; the element is "ask-" + ID
	Item    string // what is posted as "item"
	Side    Side
	Title   string
	Meta    string
	Urgent  string // "überfällig seit …"
	Note    string // "Sie sind ab 14. Mai abwesend. Passt es vorher?"
	Done    string // when it counts as done
	Quote   string // somebody's words
	Changes []Change
	Reads   []Document
	Hidden  []Option // fields that go along: version, digest …
	Field   string   // label of the field for words; empty: none
	Words   string
	Folded  bool   // its field lies under a summary: it is not the first
	Link    string // label of the field for a link to the result; empty: none
	First   *MineButton
	Buttons []MineButton
	Dates   *MineDates
	People  *MinePeople
	Holds   *MinePeople // "Es hängt": at whom
	Small   []MineButton
	Links   []Link
	Beside  []Link // among the buttons
	Problem *Problem
}

// MineButton posts its value as "move".
type MineButton struct{ Move, Label string }

// MineDates offers other dates.
type MineDates struct {
	Label string
	Hint  string
	Days  []MineButton
	Due   string // as typed
}

// MinePeople offers somebody to choose, or a new name to type.
type MinePeople struct {
	Label  string
	Hint   string
	Send   MineButton
	People []Option
	Chosen string
	New    bool // a new name may be typed
	Name   string
	Email  string
}

// MineRow is a line of a list.
type MineRow struct {
	Title  string
	Href   string
	Who    string
	Side   Side
	At     string
	Urgent string
}

// shownAtOnce is how many rows of a list are not folded away.
const shownAtOnce = 5

func moreRows(l *locale.Locale, rows []MineRow) string {
	return l.T("mine.rows.more", "N", max(0, len(rows)-shownAtOnce))
}

// open reports whether a fold was sent and refused.
func (c *MineCard) open(moves ...string) bool {
	if c.Problem == nil {
		return false
	}
	for _, m := range moves {
		if c.Problem.Move == m {
			return true
		}
	}
	return false
}

func (c *MineCard) wrong(field string) bool { return c.Problem != nil && c.Problem.Field == field }

func (c *MineCard) classes() string {
	switch c.Side {
	case Buyer:
		return "mine b"
	case Seller:
		return "mine s"
	}
	return "mine b j"
}

// Plans is the page of everything that waits for its reader on this server.
type Plans struct {
	L     *locale.Locale
	Lead  string
	Cards []PlansCard
}

// PlansCard is one plan.
type PlansCard struct {
	Title, Between, Href string
	Asked                string // "3 Dinge warten auf Sie"
	Rows                 []MineRow
}

func (c *MineCard) typed(name string) string {
	if c.Problem == nil {
		return ""
	}
	return c.Problem.Typed[name]
}

// word is the class that colours a side's words.
func (s Side) word() string {
	switch s {
	case Buyer:
		return "buyer"
	case Seller:
		return "seller"
	}
	return ""
}

// documentFrom says what a document is, who added it, and when.
func documentFrom(l *locale.Locale, d *Document) string {
	parts := make([]string, 0, 5)
	if d.Private {
		parts = append(parts, l.T("file.internal"))
	}
	if d.Delivered {
		parts = append(parts, l.T("mine.doc.result"))
	}
	if d.Host != "" && d.Href != "" {
		parts = append(parts, d.Host)
	}
	if d.Version > 1 {
		parts = append(parts, l.T("file.version", "N", d.Version))
	}
	return strings.Join(append(parts, l.T("mine.doc.from", "From", d.From, "Date", d.On)), " · ")
}
