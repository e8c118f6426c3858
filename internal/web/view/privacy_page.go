package view

import "time"

// AboutMe is what the server keeps about the reader on one plan.
type AboutMe struct {
	Base       string
	Who        []Fact // name, address, role …
	Where      []Fact // how many words, events, links, mails are kept, and how long
	Links      []Fact
	Mails      []Fact
	Texts      []AboutText
	More       int    // texts that are not shown here but are in the file
	Operator   string // who can technically read everything
	Ends       string // when the plan will be deleted; empty: not decided
	LastLead   bool   // the reader leads alone: erasing leaves the side without a lead
	AnswerTime []Fact // per side
}

// Fact is a name and what it stands for.
type Fact struct{ Name, Value string }

// AboutText is a text kept under the reader's name.
type AboutText struct {
	At    time.Time
	Own   bool // in the side's own space
	Value string
}

// Forget asks before somebody is erased, and tells afterwards where else they
// may be named.
type Forget struct {
	Action, Back string
	Name         string
	Myself       bool
	Account      bool // it is somebody's account, not a person of a plan
	LastLead     bool
	Done         bool
	Texts        int
	Mentions     []string
	Problem      *FormProblem
}

// Privacy is what a workspace decided, and who is looked for.
type Privacy struct {
	MayChange   bool
	Keep        string // months; "0": until deleted
	Mails       string // days
	PerPerson   bool
	Agreement   string
	Least       string
	Problem     *FormProblem
	Sought      string
	Found       []FoundPerson
	Account     string // id of the member with the address; empty: none
	AccountName string
	Looked      bool
	Finding     *FormProblem
}

// FoundPerson is somebody on a plan.
type FoundPerson struct{ Plan, Title, Person, Name, Organisation string }

// Answers are the answer times of a team.
type Answers struct {
	All, Group string
	Why        string // why there are no numbers per colleague; empty: there are
	Agreement  string
	Each       []Fact
}
