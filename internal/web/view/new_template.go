package view

import (
	"net/url"

	"tandem/internal/civil"
)

// WithDeal is an address that carries the deal of the plan to be made.
func WithDeal(path, deal string) string {
	if deal == "" {
		return path
	}
	return path + "?deal=" + url.QueryEscape(deal)
}

// TemplateCard is a process to choose.
type TemplateCard struct {
	Href, Name, Purpose string
	Size                string // "etwa 11 Wochen, 18 Schritte, 6 Meilensteine"
	Caution             bool   // there is something to know before using it
	Own, Withdrawn      bool
}

// PickTemplate is the choice of a process for a new plan.
type PickTemplate struct {
	Own, Builtin []TemplateCard
	Deal         string // of the new plan: travels on
}

// LayOut is the form in which a process gets dates and names, and what comes
// of it.
type LayOut struct {
	Action            string
	ID, Deal          string
	Name, Purpose     string
	Caution           string
	Buyer, Title      string
	Language          string
	BuyerRegion       string
	SellerRegion      string
	Seller            string // name of the workspace
	Regions           []Option
	Backward          bool
	Start, DecideBy   string
	Buffer            string
	Buffers           []Option
	Factors, Risks    []Check
	BuyerRoles, Roles []RoleField // of the buyer; of the seller
	Result            *LaidOut
	Problem           *FormProblem
	Templates         string // where the process is shown
}

// Check is one of several things to tick.
type Check struct {
	Value, Label, More string
	On                 bool
}

// RoleField is where a role is filled by a name.
type RoleField struct {
	ID, Label, Name, Email string
	Steps                  string // "3 Schritte"
}

// LaidOut is when what would happen.
type LaidOut struct {
	Decision, Start civil.Day
	Ready           civil.Day
	Spare           int
	Stretch         string // "×1,69", empty if nothing stretches
	Moved           string // why it is not decided on the day that was asked for
	Why             []string
	Milestones      []LaidRow
	Steps           []LaidRow
	Open            []string
	Advice          []string
}

// LaidRow is a milestone or a step with its dates.
type LaidRow struct {
	Title    string
	Side     Side
	Who      string
	From, To civil.Day
	By       string // what sets a milestone's date
	Buffer   string
}
