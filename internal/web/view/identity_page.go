package view

import "time"

// SignInForm is the page on which members ask to come in.
type SignInForm struct {
	Email     string
	Problem   *FormProblem
	Mail      bool // the server sends mail
	Passkeys  bool
	Providers []ProviderLink
}

// ProviderLink is a button that leads to an identity provider.
type ProviderLink struct{ ID, Label string }

// SignInAsked is the page after asking, on which the code may be typed.
type SignInAsked struct {
	Email   string
	Minutes int // link and code live
	Problem *FormProblem
}

// Account is what somebody sees of their own access.
type Account struct {
	Member    *AccountMember // nil: a guest
	Browsers  []AccountBrowser
	Passkeys  []AccountPasskey
	Stale     bool // too long since they showed who they are to add a way in
	MakesKeys bool
	Logins    []AccountLogin
	Places    []AccountPlace
	Problem   *FormProblem
}

// AccountMember is the account itself.
type AccountMember struct{ Name, Email, Role, Workspace string }

// AccountBrowser is a session.
type AccountBrowser struct {
	ID, Agent, Way string
	Created, Seen  time.Time
	This, Link     bool
}

// AccountPasskey is one of the member's.
type AccountPasskey struct {
	ID, Name      string
	Created, Used time.Time
}

// AccountLogin is an identity provider of the workspace.
type AccountLogin struct {
	ID, Label string
	Connected bool
}

// AccountPlace is another workspace the person has an account in.
type AccountPlace struct{ Member, Workspace string }

// Belief is what a workspace lets an identity provider say.
type Belief struct {
	ID, Label string
	On        bool
	Domains   string // one a line
	Creates   bool
	Strict    bool // the operator's groups say who gets in
	Problem   *FormProblem
}
