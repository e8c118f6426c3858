package view

import (
	"net/url"
	"strconv"
	"time"

	"tandem/internal/civil"
	"tandem/internal/locale"
)

// DealList is a workspace's list of deals.
type DealList struct {
	Open, Without int // in all: open ones, and those of them without a plan
	Query         string
	Sort          string // close, account, amount, change
	Only          string // "", without, mine, ended
	Rows          []DealLine
	Next          string // address of the next page; empty: this is the last
	First         bool
}

// DealLine is a deal in a list, or whatever is said of one.
type DealLine struct {
	ID, Name, Account string
	Amount, Stage     string // ready
	Close             civil.Day
	Owner             string
	PlanTitle, PlanID string
	PlanSays          string // its state
	Decide            civil.Day
	Advice            string // now, light, wait
	Ended             string
	Gone              bool
}

func (f *DealList) href(sort, only string) string {
	q := url.Values{}
	set := func(name, value string) {
		if value != "" {
			q.Set(name, value)
		}
	}
	set("q", f.Query)
	set("only", only)
	if sort != "close" {
		set("sort", sort)
	}
	if len(q) == 0 {
		return "/deals"
	}
	return "/deals?" + q.Encode()
}

func (f *DealList) sorted(by string) string {
	switch {
	case f.Sort != by:
		return "none"
	case by == "amount":
		return "descending"
	}
	return "ascending"
}

// answer says at the top how things are.
func (f *DealList) answer(l *locale.Locale) string {
	switch {
	case f.Open == 0:
		return l.T("deal.list.none.open")
	case f.Without == 0:
		return l.T("deal.list.all", "N", f.Open)
	}
	return l.T("deal.list.answer", "N", f.Open) + " " + l.T("deal.list.without", "N", f.Without)
}

// DealForm is a deal to be written.
type DealForm struct {
	ID, Version                                                          string
	Name, Account, Amount, Currency, Stage, Ended, Close, Segment, Owner string
	CRM, URL                                                             string
	Owners, Currencies                                                   []Option
	OwnerSays                                                            string // who has it in the CRM, if that is nobody here
	Problem                                                              *FormProblem
	New                                                                  bool
}

// action is where the form goes.
func (f *DealForm) action() string {
	if f.New {
		return "/deals"
	}
	return "/deals/" + f.ID
}

// Deal is a deal with all that is kept with it.
type Deal struct {
	DealLine
	CRM, URL, Segment string
	Answer            []string // how it stands, in sentences
	Plan              *DealPlan
	FreePlans         []Option
	Summary           *DealSum
	NotOn             string // whom to ask: the reader is not on the plan
	Changes           []DealStory
	Checks            []DealStory
	Last              *Advice1 // of the last check
	Resist            Resist
	Form              DealForm
	NewID             string // of a plan to be made
}

// DealPlan is the plan of a deal.
type DealPlan struct{ ID, Title, State string }

// DealStory is something that happened to a deal.
type DealStory struct {
	When time.Time
	By   string
	Text string
	Mark string // of what kind it was
}

// DealSum is the text for the CRM.
type DealSum struct {
	Text  string
	Lines int
}

// Advice1 is an advice with its reasons, in words.
type Advice1 struct {
	Level   string
	When    time.Time
	By      string
	Text    string
	Reasons []string
	Flags   []string
	First   []string
	Opener  string // to say; empty while waiting
	Ask     string // what to ask instead
	Href    string // where it leads on; empty while waiting
	Go      string
}

// Ready is the check before a plan is brought up.
type Ready struct {
	Action        string
	Deal          string // name of the deal; empty: it is made with the check
	Back          string
	Name, Account string
	ID            string // of the deal to be made
	Questions     []ReadyQuestion
	Advice        *Advice1
	History       []DealStory
	Problem       *FormProblem
	Resist        *Resist
}

// ReadyQuestion is one question with its answer.
type ReadyQuestion struct {
	Name, Text, Why string
	Chosen          string
}

// Resist is where objections are met and outcomes are recorded.
type Resist struct {
	Action     string // where a record is sent
	Moment     string
	Objections []Objection
	Stories    []DealStory
	Back       string
	Open       bool   // something of it is open on this page
	Next       string // an objection was recorded and awaits its outcome: its id
	Chosen     string // that objection
	Shown      string // the objection that is open
}

// Objection is one with what to answer, and what the product does.
type Objection struct {
	Name   string
	Text   string // what they say
	Means  string // what is behind it
	Answer string // what to say
	Move   string // what the product does, in a sentence
	Go     string // button of the move; empty: it is not possible here
	Href   string // a link instead of a button that posts
	Post   string // where the move is sent
	Fields []Option
}

// DealSheet is the deal of a plan, over the plan.
type DealSheet struct {
	Back, Title string // of the plan
	Deal        *DealLine
	Answer      []string
	Deals       []Option // to choose from where it has none
	Summary     *DealSum
}

func rowsOf(lines int) string { return strconv.Itoa(min(max(lines+1, 6), 20)) }

// readyOf is where one asks whether it is time for a plan, for a deal or for
// one that is made with the answers.
func readyOf(deal string) string {
	if deal == "" {
		return "/new/ready"
	}
	return "/deals/" + url.PathEscape(deal) + "/readiness"
}
