package view

import (
	"time"

	"tandem/internal/locale"
)

// Workspace is a member's workspace: who is in it, and its settings.
type Workspace struct {
	Name           string
	Members        []Colleague
	MembersProblem *FormProblem
	MayChange      bool
	Mail           bool // new colleagues are told by mail
	Beliefs        []Belief
	Roles          []string // that a member may have
	New            NewColleague
	Link           string // of the colleague just added: shown once
	LinkFor        string
	Place          Place
	Problem        *FormProblem // of the settings
}

// Colleague is a member.
type Colleague struct {
	ID, Name, Email string
	Role            string
	You             bool
	Off             bool   // the account is switched off
	OffBy           string // by whom: see app.Member
	Since           time.Time
}

// NewColleague is the form that adds one.
type NewColleague struct {
	Name, Email, Language string
	Role                  string
	Problem               *FormProblem
}

func roleOptions(l *locale.Locale, roles []string) []Option {
	var all []Option
	for _, r := range roles {
		all = append(all, Option{r, l.T("identity.role." + r)})
	}
	return all
}
