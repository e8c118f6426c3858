package app

import (
	"context"
	"time"

	"tandem/internal/plan"
)

// DoorPass is a link that confirms an address of an allowed domain, once.
// StopPass says of a mail that it reached the wrong person, or is not wanted.
const (
	DoorPass PassKind = "door"
	StopPass PassKind = "stop"
)

// RequestKind is what somebody asks for who then has a code to type.
type RequestKind string

const (
	RequestDoor  RequestKind = "door"  // to come in, with the address they gave
	RequestProof RequestKind = "proof" // to be asked again who they are
)

// Request is a request that a mail answers: somebody at a front door, or somebody
// who is to show again that an address is theirs. It is kept for a day.
type Request struct {
	ID       plan.ID
	Kind     RequestKind
	Plan     plan.ID
	Side     plan.Side
	Person   plan.ID // who is to show it; at the door nobody yet
	Member   plan.ID // the account of that person, if it is one
	Name     string  // as typed at the door, and so are address and words
	Email    string
	Words    string
	Language string
	Browser  []byte // SHA-256 of the secret that the asking browser keeps
	Code     []byte // SHA-256 of the code that was mailed; none: no mail yet, or never
	Tries    int
	Created  time.Time
	Expires  time.Time
	Used     time.Time
}

// PersonRef names a person of a plan.
type PersonRef struct{ Plan, Person plan.ID }

// DoorStore keeps what is asked at front doors. Requests come into it by
// Change.Request. Safe for concurrent use.
type DoorStore interface {
	Request(ctx context.Context, id plan.ID) (Request, error)
	// RequestBy is the last request of a kind that a browser made in a plan.
	RequestBy(ctx context.Context, kind RequestKind, planID plan.ID, browser []byte) (Request, error)
	// CountRequests counts the requests of a kind in a plan since a time: of all,
	// or of one person.
	CountRequests(ctx context.Context, kind RequestKind, planID, person plan.ID, since time.Time) (int, error)
	// CountMailed counts the requests for an address that were answered by
	// mail since a time, at all doors; address is AddressHash.
	CountMailed(ctx context.Context, address []byte, since time.Time) (int, error)
	// MailedCode keeps the hash of the code that was mailed.
	MailedCode(ctx context.Context, id plan.ID, code []byte) error
	// TryRequest counts a try and answers with the request before it is judged.
	// ErrNotFound if it is unknown, used, expired, or was tried too often.
	TryRequest(ctx context.Context, id plan.ID, most int, now time.Time) (Request, error)
	// UseRequest marks a request as used; ErrNotFound if it was, or is expired:
	// one caller wins a race.
	UseRequest(ctx context.Context, id plan.ID, now time.Time) error
	// ForgetRequests deletes the requests made before a time.
	ForgetRequests(ctx context.Context, before time.Time) error

	// RefuseAddress remembers that whoever gets an address's mail wants none of
	// a plan; address is AddressHash.
	RefuseAddress(ctx context.Context, planID plan.ID, address []byte, at time.Time) error
	RefusedAddress(ctx context.Context, planID plan.ID, address []byte) (bool, error)

	// RenewSession lets a session end later, if it is still there.
	RenewSession(ctx context.Context, hash []byte, expires time.Time) error
}
