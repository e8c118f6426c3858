package view

import "tandem/internal/locale"

// Place is what describes a workspace.
type Place struct {
	Organisation, Language, Zone, Region, Notice string
	Closed                                       string // a line a span, as it is typed
	Fiscal                                       string // month, or "0"
	Zones                                        []string
	Regions                                      []Option
}

// Setup is the form that makes a server's first workspace.
type Setup struct {
	Action  string
	Name    string
	Email   string
	Place   Place
	Problem *FormProblem
}

// Door is a plan's front door.
type Door struct {
	Action   string
	Invites  string // names of who invites
	Inviting string // their organisation
	Joining  string // the organisation of who comes in here
	Buyer    string
	Seller   string
	Operator string
	Home     bool // a member of some workspace is signed in here
	Name     string
	Email    string
	Problem  *FormProblem
}

// Returning is somebody with a personal link.
type Returning struct{ Action, Name, Buyer, Seller string }

func languages(l *locale.Locale) []Option {
	return []Option{{"de", "Deutsch"}, {"en", "English"}}
}

func zoneOptions(p Place) []Option {
	var all []Option
	for _, z := range p.Zones {
		all = append(all, Option{z, z})
	}
	return all
}

func regionOptions(l *locale.Locale, p Place) []Option {
	return append([]Option{{"", l.T("pages.field.region.none")}}, p.Regions...)
}
