package app

import (
	"context"
	"errors"
	"time"

	"tandem/internal/civil"
	"tandem/internal/plan"
)

// LetterKind is what a letter is about; its composer writes it.
type LetterKind string

// Letter is a mail to be sent: who is to be told what, by ids alone. It is
// stored in the transaction of the change that causes it. What it says is
// composed when it is sent, from what is true then; the secrets of its links
// are made at that moment and never stored in clear.
type Letter struct {
	ID     plan.ID
	Kind   LetterKind
	Plan   plan.ID // empty: not about a plan
	Person plan.ID // to a person of the plan …
	Member plan.ID // … or to a member of a workspace …
	Ref    plan.ID // … or to whom another row names: a request at the door, a sign-in
	Item   plan.ID // the item or proposal it is about; empty: the plan
	// Key: of letters with one key to one reader, only the first is ever
	// sent ("never two for the same thing"). Empty: each for itself.
	Key       string
	NotBefore time.Time // zero: at once
	Created   time.Time
}

// errNothingToSay: what a letter was about is over. It is not sent.
var errNothingToSay = errors.New("there is nothing to say any more")

// composer says what a letter says, now. errNothingToSay ends it.
type composer func(ctx context.Context, l Letter) (Mail, error)

// compose names who writes the letters of a kind; while the service is made.
func (s *Service) compose(kind LetterKind, c composer) {
	if s.composers[kind] != nil {
		panic("app: two composers for letters of kind " + string(kind))
	}
	s.composers[kind] = c
}

// Say is a sentence in the reader's language: a key of the catalogue with
// alternating names and values of its arguments. A value may be a Say itself,
// or one of OnDay, DueIn and Since.
type Say struct {
	Key  string
	Args []any
}

// Said makes a sentence.
func Said(key string, nameValues ...any) Say { return Say{Key: key, Args: nameValues} }

// OnDay is written with its weekday: "Di, 23. Mai".
type OnDay civil.Day

// DueIn is so many working days away, written "in 3 Arbeitstagen", "heute" or
// "seit 2 Arbeitstagen überfällig".
type DueIn int

// Since is so many working days long, written "seit 2 Arbeitstagen".
type Since int

// Reader is who a mail goes to.
type Reader struct {
	Name       string
	Email      string
	Salutation string // plan.Frau, plan.Herr or empty
	Language   string
	Zone       *time.Location
}

// Mail is what one mail says. The mail adapter writes it in the reader's
// language, as text and as HTML, and sends it.
type Mail struct {
	Letter  plan.ID // the row it comes from; its address for replies is made from it
	Kind    LetterKind
	To      Reader
	Subject Say
	Lead    []Say       // what it is about, before anything else
	Quote   string      // somebody's own words, shown as such
	Quoted  string      // whose they are
	Bars    []MailBar   // how far each side is
	Rows    []MailRow   // steps, changes, decisions: what the page shows
	Groups  []MailGroup // rows under headings
	Code    string      // to be typed in; shown large
	Button  *MailLink   // the one thing to do
	More    []MailLink  // other things to do
	After   []Say       // what happens if the reader does nothing; who added them, and why

	Plan       plan.ID
	Title      string // of the plan; empty: not about a plan
	Buyer      string // organisations of the plan
	Seller     string
	DecideBy   civil.Day
	Notice     string     // the sentence of rule 17; empty: the default
	Receipt    *plan.Head // rule 15, where something was accepted
	Replies    bool       // a reply acts: see reply addresses
	ReplyHint  Say        // what one can answer; said where replies are read
	Optional   bool       // the reader may have no more of this kind: carries one-click unsubscribe
	Settings   string     // path of the reader's mail settings; the secret in it is good for these only
	From       string     // who it comes from, as the mailbox shows it; empty: the server's own name
	Preview    Say        // what the list of mails shows beside the subject; empty: the first sentence
	Thread     plan.ID    // what mails of one thread are about; empty: the letter's item, else the plan
	ReplyTo    string     // address; empty: no reply is read
	BounceTo   string     // the envelope's sender; empty: the server's address
	Invitation *Invitation
}

// MailRow is a line of a mail's table.
type MailRow struct {
	Title  string
	Detail []Say
	Side   plan.Side // whose it is; empty: both
	Sign   string    // "", "late", "blocked", "done", "new"
	Old    any       // of a change: what an argument of a Say may be; nil: none
	New    any
	Due    any    // what stands at the end of the line, e.g. OnDay
	Who    string // whose it is: a person
	Path   string // on this server; empty: no link
}

// MailBar says how many of a side's steps are done.
type MailBar struct {
	Side        plan.Side
	Name        string // of the organisation
	Done, Total int
}

// MailGroup is rows under a heading.
type MailGroup struct {
	Head Say
	Rows []MailRow
}

// MailLink leads to a page of this server. No link acts by being opened.
type MailLink struct {
	Label Say
	Path  string
}

// Invitation is the calendar part of a mail (RFC 5546).
type Invitation struct {
	Method string // REQUEST or CANCEL
	ICS    []byte
}
