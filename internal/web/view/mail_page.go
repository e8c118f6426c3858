package view

// MailSettings is what somebody chooses about mails.
type MailSettings struct {
	Action        string // of the form; by the link in a mail or on a plan
	Buyer, Seller string
	Title         string
	This          string // the kind of mail the link was in, in words; empty: none
	Kinds         []MailKind
	None          bool
	Member        bool        // holds for all plans of this member
	Zone          string      // in which working hours are counted
	Off           bool        // this server sends no mail
	Self          *MailPerson // nil: known by the link in a mail only
	Problem       *FormProblem
}

// MailKind is a switch.
type MailKind struct {
	Value, Label, Hint string
	On                 bool
}

// MailPerson is how somebody is written to.
type MailPerson struct {
	Action                     string
	Version                    uint64
	Language, Salutation, Zone string
	Zones                      []string
}

// DemoMail is a mail of the demo's mailbox.
type DemoMail struct {
	ID, To, From, Subject, At string
	Here                      bool
}

// DeadMail is somebody to whom mail does not arrive.
type DeadMail struct{ Name, Email, People, Again string }
