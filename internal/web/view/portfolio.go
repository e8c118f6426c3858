package view

// Portfolio is a member's page of all plans. Words are ready to be shown.
type Portfolio struct {
	Workspace string
	NewID     string // of the sample plan, should they want it
	Empty     bool   // there is no plan at all
	Answer    string // the heading: which deals need somebody today
	First     *Reasoned
	Summary   string // how many plans there are
	Chips     []Link
	Views     []SavedView
	Save      *SaveView
	Find      PortfolioFind
	Columns   []PortfolioColumn
	Rows      []PortfolioRow
	Found     string
	Next      string // address of the next page; empty: none
	Start     string // of the first; empty: this is it
	All       string // address without filters; empty: there are none
	Back      string // this page, to come back to
	Manager   bool
	Guest     []ListRow // plans of other workspaces in which the reader takes part
}

// Reasoned is a plan with why it needs somebody.
type Reasoned struct{ Title, Href, Why string }

// SavedView is a filter and order somebody kept.
type SavedView struct {
	ID, Name, Href string
	Here           bool
	Shared         bool
	Drop           bool // the reader may delete it
}

// SaveView is the form that keeps the present one.
type SaveView struct {
	ID, Query, Name string
	Share           bool // the reader may share it
	Shared          bool
	Problem         *FormProblem
}

// PortfolioFind is the form that filters.
type PortfolioFind struct {
	Search                      string
	Show                        []string
	Phase, Segment, Owner, Sort string
	Desc                        bool
	Phases, Segments, Owners    []Option
	Sorts                       []Option
}

// PortfolioColumn has what one can sort by in it.
type PortfolioColumn struct {
	Label string
	Sorts []SortLink
}

// SortLink sorts by something; State is that of aria-sort.
type SortLink struct{ Label, Href, State string }

func (c *PortfolioColumn) state() string {
	for _, s := range c.Sorts {
		if s.State != "none" {
			return s.State
		}
	}
	return "none"
}

func (s *SortLink) sign() string {
	return map[string]string{"ascending": " ↑", "descending": " ↓"}[s.State]
}

// PortfolioRow is a plan of it.
type PortfolioRow struct {
	ID, Href, Them, Title, State string
	Reasons                      []string
	MoreReasons                  string
	Next                         *PortfolioStep
	Decide                       string
	Ready                        string
	ReadyLate                    bool
	Close                        string
	CloseDiffers                 string // how much; empty: it does not
	Amount, Stage, Owner         string
	Buyer, Seller                string
	BuyerDone, BuyerTotal        int
	SellerDone, SellerAll        int
	Last                         string
	Signs                        []PortfolioSign
	Remark, RemarkBy             string
	RemarkProblem                *FormProblem
	RemarkTyped                  string // what was refused
}

// PortfolioStep is the next one.
type PortfolioStep struct {
	Title, Who, Due string
	Side            Side
	Late            bool
}

// PortfolioSign is an obstacle, a proposal, a slip.
type PortfolioSign struct {
	Text   string
	Urgent bool
}

// Pilot is the page for a team that begins.
type Pilot struct {
	Answer  string
	Lead    string
	Periods []Link
	Figures []PilotFigure
	Met     *PilotMet
	Empty   string
}

// PilotFigure is one number of the pilot view, and the plans behind it.
type PilotFigure struct {
	ID, Title, Number, Of, Why string
	Lists                      []PilotList
}

// PilotList are plans of one answer.
type PilotList struct {
	Title string
	Open  bool
	Plans []Reasoned
	More  string
}

// PilotMet is how introductions were met.
type PilotMet struct {
	Title, Why string
	Rows       [][2]string // outcome and number
}

// typed is what stands in the field of a remark.
func (r *PortfolioRow) typed() string {
	if r.RemarkProblem != nil {
		return r.RemarkTyped
	}
	return r.Remark
}
