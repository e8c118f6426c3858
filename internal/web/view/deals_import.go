package view

import (
	"strings"

	"tandem/internal/locale"
)

// DealUpload takes a list from the CRM.
type DealUpload struct {
	Text    string
	Largest int // MB
	Problem *FormProblem
}

// DealPreview shows what a list would change.
type DealPreview struct {
	FileName, Content string
	Known             bool // the columns were remembered
	Columns           []PreviewColumn
	Fields            []Option
	AskOrder, AskMark bool
	Order, Mark       string
	Currency, Address string
	Currencies        []Option
	Whole             bool
	AskAddress        bool // the list has no addresses of its own

	New, Changed, Same, Gone, Bad, Unowned  int
	NewRows                                 []DealLine
	ChangedRows                             []DealChanged
	GoneRows                                []DealLine
	BadRows                                 []DealBad
	MoreNew, MoreChanged, MoreGone, MoreBad int
	Ready                                   bool // it can be taken in
	Problem                                 *FormProblem
}

// DealChanged is a deal the list changes.
type DealChanged struct {
	Line    DealLine
	Changes []DealField
	Back    bool
}

// DealField is a value as it was and as it will be.
type DealField struct{ Name, Was, Now string }

// DealBad is a row that is left out.
type DealBad struct {
	Row    int
	Reason string
	Words  string
}

// summary says in a line what the list would do.
func (f *DealPreview) summary(l *locale.Locale) string {
	var parts []string
	for _, x := range []struct {
		n   int
		key string
	}{{f.New, "new"}, {f.Changed, "changed"}, {f.Same, "same"}, {f.Gone, "gone"}, {f.Bad, "bad"}, {f.Unowned, "unowned"}} {
		if x.n > 0 {
			parts = append(parts, l.T("deal.preview.n."+x.key, "N", x.n))
		}
	}
	if f.FileName != "" {
		parts = append(parts, f.FileName)
	}
	return strings.Join(parts, " · ")
}
