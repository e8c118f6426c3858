package app

import (
	"context"
	"time"

	"tandem/internal/plan"
	"tandem/internal/reply"
)

// Inboxing is how this server receives mail.
type Inboxing struct {
	Store InboxStore
	// Address is "@domain" where all of a domain's mail comes here, or
	// "mailbox@domain" where one mailbox gets what is sent to mailbox+…@domain.
	// Empty: no mail comes here, and letters carry no address for replies.
	Address string
	// Read takes a raw mail apart. It fails on what is no mail.
	Read func(raw []byte) (Message, error)
}

// Received is a mail as it came in. The original is kept; it is shown to
// nobody, but is given out and erased with the person it was made for.
type Received struct {
	ID      plan.ID
	Key     string // of one message to one address; the same when it comes twice
	Purpose Purpose
	Letter  plan.ID // it answers, or could not be delivered
	Plan    plan.ID
	Person  plan.ID // whom the address was made for
	Proof   string  // how the sender's domain was proven: "dkim", "spf", "server"; empty: not
	Raw     []byte  // nil where only lists are asked for, or after the time they are kept
	At      time.Time
	State   MailState
	Detail  string // why it became what it became: a catalogue key's last part
	Seq     int64  // of the plan's event it led to
}

// MailState is what became of a received mail.
type MailState string

const (
	MailNew        MailState = "new"
	MailActed      MailState = "acted"      // did what it said
	MailComment    MailState = "comment"    // became a remark
	MailUnverified MailState = "unverified" // from somebody who could not be proven to be who they say
	MailAutomatic  MailState = "automatic"  // written by a machine: kept, nothing more
	MailBounced    MailState = "bounced"    // tells that a letter did not arrive
	MailCalendar   MailState = "calendar"   // an answer to, or an invitation for, an appointment
	MailUseless    MailState = "useless"    // nothing could be done with it
)

// Heard marks, in the transaction of what follows from it, what became of a
// received mail. If it is not new any more the change is stale.
type Heard struct {
	ID     plan.ID
	State  MailState
	Detail string
	Seq    int64
}

// InboxStore keeps received mail and the server's keys. Safe for concurrent use.
type InboxStore interface {
	// Secret answers with the key of a name; if there is none yet, fresh
	// becomes it. All callers get the same.
	Secret(ctx context.Context, name string, fresh []byte) ([]byte, error)
	// Mail reads one, with its original.
	Mail(ctx context.Context, id plan.ID) (Received, error)
	// MailOf lists what came for people of a plan, oldest first, with the
	// originals.
	MailOf(ctx context.Context, planID plan.ID, persons []plan.ID) ([]Received, error)
}

// Message is a mail taken apart.
type Message struct {
	ID       string   // Message-ID, without brackets; empty if it has none
	From     string   // the one address of its author
	To       []string // all addresses the head names as receivers
	Subject  string
	Text     string // as plain text, quoted parts marked by "> "
	Signs    reply.Signs
	Calendar []CalendarPart
	Bounce   *Bounce
	Files    int // attachments that are neither calendar parts nor pictures of a signature
}

// CalendarPart is an iTIP message in a mail (RFC 6047).
type CalendarPart struct {
	Method string // REQUEST, REPLY, CANCEL …
	ICS    []byte
}

// Bounce is what a delivery status notification says (RFC 3464).
type Bounce struct {
	Permanent bool
	Status    string // e.g. "5.1.1"
	Reason    string // as the other server put it, shortened
}
