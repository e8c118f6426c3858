package view

import (
	"strconv"

	"tandem/internal/civil"
	"tandem/internal/locale"
)

// Paper is the buyer's decision paper.
type Paper struct {
	L                *locale.Locale
	Base, Title      string
	Buyer            string
	Other, OtherName string // the seller, short and whole
	Operator         string
	DecideBy         string // in words
	Parts            []PaperPart
	By               string // who wrote it last
	On               civil.Day
	Writes           bool // the reader sees it as it is being written
	MayWrite         bool
	MayShare         bool
	Preview          bool // nobody has begun it: this is what the plan says
	AsShared         bool // as the other side sees it
	Number           int  // how often it was shared; 0: never
	SharedBy         string
	SharedOn         civil.Day
	Changed          bool // since it was shared
	Long             bool // it does not fit on a page
	Member           bool // the reader is a member of the plan's workspace, on its side
	Problem          *Problem
}

// PaperPart is one part of it.
type PaperPart struct {
	Key, Heading, Hint string
	Blocks             []PaperBlock
	By, On             string // who wrote it last, and when; empty: nobody
	Version            int
	Drafted            bool // as made from the plan

	Editing  bool
	Text     string // in the field
	MayDraft bool   // a fresh draft from the plan says something else
	Older    []PaperVersion
	Theirs   string // what somebody else wrote meanwhile
	Problem  *Problem
}

// PaperBlock is a paragraph, or a list.
type PaperBlock struct {
	Text  string
	Items []string
}

// PaperVersion is how a part once stood.
type PaperVersion struct{ By, At, Text string }

func (p *PaperPart) seen() string { return p.Key + "=" + strconv.Itoa(p.Version) }

func (f *Paper) path() string { return f.Base + "/paper" }
