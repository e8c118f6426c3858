package view

import "tandem/internal/locale"

// Door is a plan's front door.
type Door struct {
	Action   string
	Invites  string // names of who invites
	Inviting string // their organisation
	Joining  string // the organisation of who comes in here
	Buyer    string
	Seller   string
	Operator string
	Home     bool // a member of the inviting organisation is signed in here
	Mail     bool // this server sends mail
	Name     string
	Email    string
	Words    string
	Problem  *FormProblem
}

// Returning is somebody with a link of their own.
type Returning struct {
	Action, Name, Email, Buyer, Seller string
	Home                               bool // see Door
}

// Handed is a link that a lead hands over.
type Handed struct{ Name, Link, Back string }

// proofs are how fresh a proof must be, as a workspace sets it.
func proofs(l *locale.Locale) []Option {
	return []Option{{"always", l.T("door.setting.always")}, {"", l.T("door.setting.day")}, {"month", l.T("door.setting.month")}, {"off", l.T("door.setting.off")}}
}

func sendCodeKey(sent string) string {
	if sent == "" {
		return "door.proof.send"
	}
	return "door.proof.again"
}

// releaseKey says what follows when somebody is released.
func releaseKey(p *Plan, m *Member) string {
	switch {
	case m.Email == "":
		return "door.release.noAddress"
	case p.Mail:
		return "door.release.mail"
	}
	return "door.release.noMail"
}
