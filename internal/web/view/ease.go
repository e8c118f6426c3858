package view

import "tandem/internal/civil"

// Confirm is everything of a plan on one page, to be confirmed at once.
type Confirm struct {
	Base, Title string
	From        string // who prepared it
	Decide      string // ready: by when both decide
	Open        []OpenItem
	Own         []OwnStep // the reader's steps they have not taken on yet
	Lead        bool      // their yes is that of their side to the plan
	May         bool      // they may stand behind steps at all
	Nothing     bool      // there is nothing left to confirm
	Missing     []Missing // what keeps the plan from being agreed
	Problem     *FormProblem
	Legal       string
	Buyer       string
	Seller      string
}

// OwnStep is a step somebody is asked to take on.
type OwnStep struct{ ID, Version, Title, Terms string }

// Dates asks for the dates of a plan.
type Dates struct {
	Base, Title string
	From        string // who left them
	Rows        []DateRow
	Any         bool // of some there is a suggestion
	Problem     *FormProblem
}

// DateRow is something without a date.
type DateRow struct {
	ID, Version string
	Title, Who  string
	Suggested   civil.Day // what stood there; zero: nothing
	Typed       string
}

// Hesitate is where objections to an invitation are met.
type Hesitate struct {
	Base, Title string
	Resist      Resist
	Problem     *FormProblem
	Way         string // the way the plan is on
	Says        string // in a sentence
}
