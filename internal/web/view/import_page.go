package view

import (
	"strconv"
	"strings"

	"tandem/internal/civil"
)

// Upload is the form that takes a spreadsheet.
type Upload struct {
	Text    string
	Largest int    // MB
	Deal    string // of the new plan: travels on
	Problem *FormProblem
}

// Preview shows what a spreadsheet would become.
type Preview struct {
	ID         string // of the plan to be
	Deal       string // of that plan
	FileName   string
	Content    string // what was uploaded, as it travels with the form
	FromPlan   bool   // a plan file: nothing to recognise
	Title      string
	Buyer      string
	Seller     string
	DecideBy   string
	Language   string
	AskOrder   bool // dates such as 5/3 are in it
	MonthFirst bool
	Guessed    bool // nothing in the table says which

	Columns  []PreviewColumn
	Fields   []Option
	Sides    []PreviewSide
	People   []PreviewPerson
	Rows     []PreviewRow
	More     int // rows that are not shown
	Warnings []string
	Offers   []PreviewOffer

	Steps, BuyerSteps, SellerSteps, JointSteps int
	AdviceCount                                int
	Problem                                    *FormProblem
}

// PreviewColumn is a column and what it means.
type PreviewColumn struct {
	Letter, Header string
	Field          string
	Unsure         bool
	Warnings       []string
	Example        string
}

// PreviewSide says whose the rows with a company's name are.
type PreviewSide struct {
	Text string
	Side Side
	Was  Side // as recognised
	Rows int
	Sure bool
}

// PreviewPerson is somebody named in the table.
type PreviewPerson struct {
	ID, Name, Role, Email string
	Side, Was             Side
	Steps                 int
}

// PreviewRow is a step to be.
type PreviewRow struct {
	Number     int // row of the sheet; 0: unknown
	Title      string
	Side       Side
	Owner      string
	Start, Due civil.Day
	DateOpen   bool
	State      string // ready
	Because    string
	After      []string
	Milestone  string
	Notes      []string // internal, line by line
	Warnings   []string
	Advice     []string
}

// PreviewOffer is something read from a note that can be taken over.
type PreviewOffer struct {
	Key      string // of its fields
	Text     string // what would be done, ready
	Words    string // the words it was read from
	Taken    bool
	Dates    bool // it has a first and a last day
	From, To string
	Rules    []Option // of a gate: more than one if the words mean either
	Rule     string
	Anchor   string
}

func sideOptions(buyer, seller, both string, joint bool) []Option {
	all := []Option{{string(Buyer), buyer}, {string(Seller), seller}}
	if joint {
		all = append(all, Option{string(Joint), both})
	}
	return all
}

func (f *Preview) sideName(p *Page, s Side) string {
	switch s {
	case Buyer:
		return orElse(f.Buyer, p.L.T("pages.field.buyer"))
	case Seller:
		return orElse(f.Seller, p.L.T("pages.field.seller"))
	}
	return p.L.T("plan.both")
}

func (f *Preview) sides(p *Page, joint bool) []Option {
	return sideOptions(f.sideName(p, Buyer), f.sideName(p, Seller), p.L.T("plan.both"), joint)
}

func (r *PreviewRow) when(p *Page) string {
	switch {
	case !r.Due.IsZero():
		return p.L.Day(r.Due)
	case r.DateOpen:
		return p.L.T("pages.preview.dateOpen")
	}
	return p.L.T("plan.row.noDate")
}

func nth(prefix string, i int) string { return prefix + "." + strconv.Itoa(i) }

// previewSummary says in one line what was found.
func previewSummary(p *Page, f *Preview) string {
	parts := []string{p.L.T("pages.preview.summary", "N", f.Steps)}
	for _, x := range []struct {
		n    int
		side Side
	}{{f.BuyerSteps, Buyer}, {f.SellerSteps, Seller}, {f.JointSteps, Joint}} {
		if x.n > 0 {
			parts = append(parts, f.sideName(p, x.side)+" "+strconv.Itoa(x.n))
		}
	}
	if f.FileName != "" {
		parts = append(parts, f.FileName)
	}
	return strings.Join(parts, " · ")
}

// unsure reports that a column is worth a look.
func (f *Preview) unsure() bool {
	for _, c := range f.Columns {
		if c.Unsure || len(c.Warnings) > 0 {
			return true
		}
	}
	return false
}

// meanings says in one line what the columns were taken for.
func (f *Preview) meanings() string {
	var parts []string
	for _, c := range f.Columns {
		for _, o := range f.Fields {
			if o.Value != c.Field {
				continue
			}
			if c.Header == o.Label {
				parts = append(parts, c.Header)
			} else {
				parts = append(parts, orElse(c.Header, c.Letter)+" → "+o.Label)
			}
		}
	}
	return strings.Join(parts, " · ")
}
