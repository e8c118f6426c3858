package app

import (
	"context"
	"time"

	"tandem/internal/plan"
)

// LetterState is what became of a letter.
type LetterState string

const (
	LetterQueued  LetterState = "queued"
	LetterSent    LetterState = "sent"    // taken by the next mail server
	LetterGone    LetterState = "gone"    // not sent: there was nothing to say any more, or it was not wanted
	LetterBounced LetterState = "bounced" // refused for good, at once or later
	LetterFailed  LetterState = "failed"  // given up after days of trying
)

// LetterRow is a letter with what became of it.
type LetterRow struct {
	Letter
	State    LetterState
	Attempts int
	Settled  time.Time // when it came to its state
	Reason   string    // a code such as "stopped", "mail-off", "5.1.1"; never words or addresses
}

// DeadAddress says that an address did not take mail for good.
type DeadAddress struct {
	Address []byte // AddressHash
	Letter  plan.ID
	At      time.Time
	Reason  string // an enhanced status code, e.g. "5.1.1"
}

// MailToken is what a link to somebody's mail settings stands for.
type MailToken struct {
	Hash    []byte // of the Secret
	Letter  plan.ID
	Reader  plan.ID // person of the plan, or member
	Plan    plan.ID
	Kind    LetterKind // of the mail the link was in
	Created time.Time
}

// LetterStore keeps letters and what readers want of them. Letters come into
// it by Change.Letters. Safe for concurrent use.
type LetterStore interface {
	Letter(ctx context.Context, id plan.ID) (LetterRow, error)
	// LettersTo lists the letters to one person of a plan (or, with an empty
	// plan, to a member), newest first.
	LettersTo(ctx context.Context, planID, reader plan.ID, limit int) ([]LetterRow, error)
	// LettersIn lists letters of a state, oldest first, created before a time.
	LettersIn(ctx context.Context, state LetterState, before time.Time, limit int) ([]LetterRow, error)
	// BouncedIn lists the people of a plan of whom a letter bounced.
	BouncedIn(ctx context.Context, planID plan.ID) ([]plan.ID, error)
	// BeginLetter counts an attempt to send a letter that is still queued;
	// false if it is not. From then on no other letter takes it in.
	BeginLetter(ctx context.Context, id plan.ID) (bool, error)
	// TakeIn makes letters of some kinds to the same person of the same plan,
	// queued and not begun, a part of a letter, so that one mail says it all.
	// It returns all that are a part of it, also those of an earlier call.
	TakeIn(ctx context.Context, into LetterRow, kinds []LetterKind, at time.Time) ([]LetterRow, error)
	// Settle says what became of a letter.
	Settle(ctx context.Context, id plan.ID, state LetterState, at time.Time, reason string) error
	// ForgetLetters deletes settled letters, links to mail settings and bounces
	// of before a time.
	ForgetLetters(ctx context.Context, before time.Time) error

	// MailOff lists the kinds of mail a reader wants no more of; AllMail
	// stands for every kind that may be switched off.
	MailOff(ctx context.Context, reader plan.ID) ([]LetterKind, error)
	// SetMailOff switches a kind off or on again for a reader.
	SetMailOff(ctx context.Context, reader plan.ID, kind LetterKind, off bool, at time.Time) error

	SaveMailToken(ctx context.Context, t MailToken) error
	MailToken(ctx context.Context, hash []byte) (MailToken, error)

	// SaveBounce remembers that an address did not take mail.
	SaveBounce(ctx context.Context, d DeadAddress) error
	// BounceOf is what is known of an address; ErrNotFound if nothing.
	BounceOf(ctx context.Context, address []byte) (DeadAddress, error)
	// ForgetBounce lets an address be tried again.
	ForgetBounce(ctx context.Context, address []byte) error
}
