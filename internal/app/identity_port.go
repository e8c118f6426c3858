package app

import (
	"context"
	"time"

	"tandem/internal/plan"
)

// SignInRequest is somebody's wish to sign in by mail: a browser gave an
// address. Whether anybody has the address is found out only when the letter
// is written, so that asking takes the same time for every address.
type SignInRequest struct {
	ID       plan.ID
	Browser  []byte // SHA-256 of what the asking browser keeps
	Address  string
	Agent    string // the asking browser in a few words, for the letter
	Language string
	Secret   []byte // SHA-256 of the link's; empty until the letter is written
	Code     []byte // hash of the code; empty until then
	Created  time.Time
	Until    time.Time // link and code are good
	Expires  time.Time // codes may be typed; the same whether there are any
	Tries    int       // codes typed so far
	Used     bool
}

// Ceremony is what a browser is in the middle of: a passkey's challenge, a
// visit to an identity provider. It is taken once.
type Ceremony struct {
	Hash    []byte // SHA-256 of what the browser keeps
	Kind    string
	Data    string // JSON; nothing secret
	Expires time.Time
}

// Passkey is a member's public key, and what its authenticator said of it.
type Passkey struct {
	ID         []byte // the credential's
	Member     plan.ID
	Name       string
	PublicKey  []byte // COSE
	Count      uint32 // of signatures, as the authenticator counts; zero if it does not
	Flags      byte   // of the authenticator data when it was registered
	Transports string // separated by commas
	Created    time.Time
	Used       time.Time // zero: never
}

// Login says which member somebody at an identity provider is.
type Login struct {
	Issuer    string
	Subject   string
	Workspace plan.ID
	Member    plan.ID
	Created   time.Time
	Used      time.Time
}

// Trust is a workspace's belief in an identity provider.
type Trust struct {
	Workspace plan.ID
	Issuer    string
	// Domains are those for whose addresses, if the provider has verified
	// them, it may say which member somebody is. None: only members who
	// connected the provider themselves, or whom the directory knows.
	Domains []string
	Creates bool // who has no account but an address of a domain gets one
}

// IdentityStore keeps what signing in needs. Safe for concurrent use.
type IdentityStore interface {
	// SaveSignIn stores a new request.
	SaveSignIn(ctx context.Context, r SignInRequest) error
	SignIn(ctx context.Context, id plan.ID) (SignInRequest, error)
	SignInByBrowser(ctx context.Context, browser []byte) (SignInRequest, error)
	SignInBySecret(ctx context.Context, secret []byte) (SignInRequest, error)
	// MintSignIn gives a request that is not used and was made after a time its
	// link and code, in place of any before; ErrNotFound.
	MintSignIn(ctx context.Context, id plan.ID, secret, code []byte, until, since time.Time) error
	// UseSignIn uses a request by its link, in the browser that asked;
	// ErrNotFound if it is another browser, used or expired. Of many at once
	// exactly one wins.
	UseSignIn(ctx context.Context, secret, browser []byte, now time.Time) (SignInRequest, error)
	// TryCode counts a try and uses the request if the code is right; false if
	// it is not. ErrNotFound if there is no request of the browser that is
	// neither used, expired nor tried as often as is allowed.
	TryCode(ctx context.Context, browser, code []byte, most int, now time.Time) (SignInRequest, bool, error)
	// SweepIdentity forgets requests, ceremonies and sessions that expired before.
	SweepIdentity(ctx context.Context, before time.Time) error

	SaveCeremony(ctx context.Context, c Ceremony) error
	// TakeCeremony removes and returns a ceremony that has not expired; of
	// many at once exactly one gets it, all others ErrNotFound.
	TakeCeremony(ctx context.Context, hash []byte, kind string, now time.Time) (Ceremony, error)

	// SavePasskey stores a new one; ErrTaken if there is one of that id.
	SavePasskey(ctx context.Context, p Passkey) error
	Passkey(ctx context.Context, id []byte) (Passkey, error)
	Passkeys(ctx context.Context, member plan.ID) ([]Passkey, error)
	// UsePasskey notes a use if the count is still what it was; ErrStale.
	UsePasskey(ctx context.Context, id []byte, was, count uint32, at time.Time) error
	// RenamePasskey and DeletePasskey answer ErrNotFound for another's.
	RenamePasskey(ctx context.Context, member plan.ID, id []byte, name string) error
	DeletePasskey(ctx context.Context, member plan.ID, id []byte) error

	// SaveLogin stores one that is not there; ErrTaken if somebody of the
	// workspace already is that subject.
	SaveLogin(ctx context.Context, l Login) error
	// UseLogin notes when it was last used.
	UseLogin(ctx context.Context, l Login, at time.Time) error
	// Logins are those of a subject, last used first.
	Logins(ctx context.Context, issuer, subject string) ([]Login, error)
	LoginsOf(ctx context.Context, member plan.ID) ([]Login, error)
	DeleteLogin(ctx context.Context, member plan.ID, issuer string) error

	SaveTrust(ctx context.Context, t Trust) error
	DeleteTrust(ctx context.Context, workspace plan.ID, issuer string) error
	Trusts(ctx context.Context, workspace plan.ID) ([]Trust, error)
	TrustsIn(ctx context.Context, issuer string) ([]Trust, error)
}
