package view

import (
	"strings"
	"time"

	"tandem/internal/locale"
)

// PlaybookIndex lists the pages of the playbook.
type PlaybookIndex struct {
	Groups   []PlaybookGroup
	MayWrite bool
}

// PlaybookGroup is what one needs at about the same time.
type PlaybookGroup struct {
	Title string
	Pages []PlaybookEntry
}

// PlaybookEntry leads to a page.
type PlaybookEntry struct {
	Href, Title, Lead string
	Ours              bool // in the workspace's words
	Language          string
}

// PlaybookPage is a page to read.
type PlaybookPage struct {
	Title, Lead string
	HTML        string // safe
	Language    string // of the words, where it is not the reader's
	Edit        string // where they are changed; empty: not by the reader
	By          string // who wrote the workspace's words; empty: the product's own
	At          time.Time
	Ours        bool
	Back        Link // to where one came from
	Before      Link // the neighbours in the playbook; no Href: none
	After       Link
}

// PlaybookEdit is the form for a page's words in a language.
type PlaybookEdit struct {
	Action, Return, Cancel string // Return is empty where there is nothing to go back from
	Own                    bool   // the product has no such page
	New                    bool
	Language               string
	Languages              []Link // the same page in the others
	Version                int    // that is written over
	Title, Lead, Text      string
	Shown                  string // what the words look like, safe; empty: not asked for
	Theirs                 string // what stands now, safe, where somebody was faster; else empty
	Older                  string // "Fassung 3 vom …", when an older version fills the form
	Problem                *FormProblem
	Versions               []PlaybookVersion
}

// PlaybookVersion is a version in the history of a page.
type PlaybookVersion struct {
	Href, Title, By string
	At              time.Time
	Now, Returned   bool
	N               int
}

func (e *PlaybookEdit) heading() string {
	switch {
	case e.New:
		return "playbook.new.title"
	case e.Own:
		return "playbook.edit.own"
	}
	return "playbook.edit.title"
}

// returned is what a version without words says.
func (e *PlaybookEdit) returned() string {
	if e.Own {
		return "playbook.version.removed"
	}
	return "playbook.version.returned"
}

// playbookBy says who wrote words, and when.
func (p *Page) playbookBy(by string, at time.Time) string {
	if by == "" {
		return p.L.T("playbook.by.nobody", "When", p.L.Moment(at))
	}
	return p.L.T("playbook.by", "Name", by, "When", p.L.Moment(at))
}

// LanguageNames are the languages of the product, each by its own name.
func LanguageNames(l *locale.Locale) []Option { return languages(l) }

// id is the plan's.
func (p *Plan) id() string { return strings.TrimPrefix(p.Base, "/plans/") }
