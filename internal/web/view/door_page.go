package view

import "tandem/internal/locale"

// Place is what describes a workspace.
type Place struct {
	Organisation, Language, Zone, Region, Notice string
	Closed                                       string // a line a span, as it is typed
	Fiscal                                       string // month, or "0"
	Proof                                        string // how fresh a proof must be
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
