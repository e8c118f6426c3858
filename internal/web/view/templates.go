package view

import (
	"slices"
	"strconv"

	"tandem/internal/locale"
)

// Templates are all processes of a workspace.
type Templates struct {
	Own, Builtin []TemplateCard
	May          bool // the reader may change them
}

// Template is one process to read.
type Template struct {
	Name, Purpose, Caution string
	Facts                  string // how long, how many, whose
	Version                string // "Fassung 3, gespeichert von …"
	Old                    string // this is not the last version
	Last                   string // where the last one is
	Use                    string // where a plan is made of it; empty: not of this one
	Edit, Copy             string // empty: the reader may not
	Withdraw, Restore      string
	Groups                 []TemplateGroup
	Roles, Gates           []string
	Risks                  []TemplateRisk
	Versions               []Link
}

// TemplateGroup are the steps up to a milestone.
type TemplateGroup struct {
	Title string
	Steps []TemplateStep
}

// TemplateStep is one row.
type TemplateStep struct {
	No               int
	Title, DoneWhen  string
	Side             Side
	Who, Days, After string
	Decides          bool
	Gate             string
}

// TemplateRisk is a risk of a process, or of the catalogue.
type TemplateRisk struct{ ID, Title, Size, Mitigation string }

// TemplateForm is a process to be changed.
type TemplateForm struct {
	Action, Back      string
	New               bool
	Content           string // what the form does not show, packed
	NameDE, NameEN    string
	PurposeDE         string
	PurposeEN         string
	CautionDE         string
	CautionEN         string
	TitleDE, TitleEN  string
	Roles             []FormRole
	Milestones, Gates []FormLine
	Steps             []FormStep
	Risks             []Check
	Learned           bool // made from a plan: how long steps really took stands beside them
	Problem           *FormProblem
	BuyerRoles        []Option
	SellerRoles       []Option
	StoneOptions      []Option
	GateOptions       []Option
	Rhythms, Days     []Option
}

// FormRole is a row of the roles.
type FormRole struct{ DE, EN, Side string }

// FormLine is a row of milestones or committees.
type FormLine struct {
	DE, EN            string
	Rhythm, Day, Lead string // of a committee
}

// FormStep is a row of the steps.
type FormStep struct {
	DE, EN, DoneDE, DoneEN string
	Side, Buyer, Seller    string
	Low, Likely, High      string
	After, Milestone, Gate string
	Decides                bool
	Happened               string // "geplant 5, gebraucht 8"
	Wrong                  bool
}

// rowField is the name of a field in a row: "step.3.low".
func rowField(thing string, i int, field string) string {
	return thing + "." + strconv.Itoa(i) + "." + field
}

func langName(lang string) string {
	if lang == "de" {
		return "Deutsch"
	}
	return "English"
}

func whoseOptions(l *locale.Locale) []Option {
	return []Option{{Value: string(Buyer), Label: l.T("templates.buyer")}, {Value: string(Seller), Label: l.T("templates.seller")}, {Value: string(Joint), Label: l.T("templates.joint")}}
}

// rhythmOptions keeps a rhythm that the form has no words for.
func rhythmOptions(all []Option, chosen string) []Option {
	if slices.ContainsFunc(all, func(o Option) bool { return o.Value == chosen }) {
		return all
	}
	return append(slices.Clone(all), Option{Value: chosen, Label: chosen})
}
