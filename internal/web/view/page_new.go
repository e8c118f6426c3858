package view

// Blank is the form of a plan begun on a blank page.
type Blank struct {
	ID, Title, Buyer, Seller, DecideBy, Language string
	Deal                                         string // of the new plan: travels on
	Session                                      bool   // to be filled in a planning session
	Problem                                      *FormProblem
}

// NewPlan is what the ways to begin carry on.
type NewPlan struct {
	ID             string
	Deal, DealName string
}

// Takeaway is what of a plan can be taken away.
type Takeaway struct {
	Title, Back, Own string
	Files            []TakeFile
	Seq              int64
	Hash             string
}

// TakeFile is a file to download.
type TakeFile struct{ Href, Name, Why string }

// Links is where links of a plan are made and withdrawn.
type Links struct {
	Base, Name string
	Link       string // just made: shown once
	Lead       bool
}
