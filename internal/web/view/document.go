package view

import (
	"strconv"

	"tandem/internal/civil"
	"tandem/internal/locale"
)

// Document is something to read for a step, or what came of it.
type Document struct {
	ID        string
	Title     string
	Href      string // empty: erased
	Host      string // where it lies, shown so that nobody is led astray; of a file its kind and size
	File      bool   // a file of the plan, not a link elsewhere
	Private   bool   // only the reader's side sees it
	Delivered bool
	By        Person
	From      string // the side's short name
	Side      Side
	On        civil.Day
	Version   int        // 1 for the first
	Older     []Document // earlier versions, the latest first
	MayRemove bool
}

// AddDocument is the form for a document.
type AddDocument struct {
	Max      int // MB of a file; 0: this server keeps no files
	Own      string
	Other    string // the sides' short names
	Operator string
	MayKeep  bool // may keep it to their side
	Internal bool // the step is internal: so is what is added
	Replaces []Option
}

// DocumentList is the page of all documents of a plan.
type DocumentList struct {
	L               *locale.Locale
	Base, Title     string
	Own, Other      string // the sides' short names
	Operator        string
	Shared, Private []DocumentRow
	N, Delivered    int
	Files           bool // there is a file to take away
}

// DocumentRow is a document with its step.
type DocumentRow struct {
	Document
	Step string
	Href string // of the step; empty: it has no page
}

// maxBytes is a limit in MB as the script compares it.
func maxBytes(mb int) string { return strconv.FormatInt(int64(mb)<<20, 10) }

// documentWhat says what a document is, and what it was for.
func documentWhat(l *locale.Locale, d *Document) string {
	what := d.Host
	if len(d.Older) > 0 || d.Version > 1 {
		what += " · " + l.T("file.version", "N", d.Version)
	}
	if d.Delivered {
		what += " · " + l.T("file.result")
	}
	return what
}
