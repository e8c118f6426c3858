package view

import (
	"strconv"

	"tandem/internal/locale"
)

// Directory is how a workspace's identity provider is connected.
type Directory struct {
	Address      string // what the provider is told
	Fresh        string // the token just made: shown once
	Tokens       []Token
	TokenProblem *FormProblem
	Mapped       []MappedGroup
	Base         string // role of who is in no mapped group
	Roles        []string
	Known        []string // groups the provider made
	RolesProblem *FormProblem
}

// Token is one that was given out.
type Token struct {
	ID, Made, By, Used, State string
	Valid                     bool
}

// MappedGroup is a group with the role it gives.
type MappedGroup struct{ Name, Role string }

func roleChoices(l *locale.Locale, roles []string, without string) []Option {
	var out []Option
	for _, r := range roles {
		if r != without {
			out = append(out, Option{Value: r, Label: l.T("identity.role." + r)})
		}
	}
	return out
}

func lifeChoices(l *locale.Locale) []Option {
	return []Option{{"12", l.T("scim.life.12")}, {"6", l.T("scim.life.6")}, {"24", l.T("scim.life.24")}, {"0", l.T("scim.life.0")}}
}

func numbered(name string, i int) string { return name + "-" + strconv.Itoa(i) }
