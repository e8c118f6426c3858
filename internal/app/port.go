// Package app holds the use cases: who may do what to which plan, in which
// order things are loaded, decided, stored and told. Everything that changes a
// plan, whatever door it came through, ends here. It declares the small ports
// it needs; stores and other adapters implement them.
package app

import (
	"context"
	"errors"
	"time"

	"tandem/internal/plan"
)

// ErrStale says that a stream has moved on since it was read: load again,
// decide again. Nothing was stored.
var ErrStale = errors.New("the stream has moved on")

// ErrNotFound says that there is no such row.
var ErrNotFound = errors.New("not found")

// ErrTaken says that somebody else already has that e-mail address, or that
// name in the directory.
var ErrTaken = errors.New("already taken")

// ErrLastAdmin says that the workspace would be left without administrator.
var ErrLastAdmin = errors.New("the last administrator")

// Append is what one decision adds to one stream.
type Append struct {
	Stream   string
	Expect   int64 // sequence of the stream's head when the decision was made
	Records  []plan.Record
	Snapshot []byte // state after the records, without words; nil to keep the last one
}

// Change is one transaction: events, snapshots, read model and jobs. When
// Commit returns nil all of it is on disk, synced; when it returns an error
// none of it is (or, if the connection broke, it is unknown: Load tells).
type Change struct {
	Appends  []Append
	Row      *PlanRow      // nil: the list of plans shows nothing new
	Shown    *PortfolioRow // nil: nor does the portfolio
	Before   *PortfolioRow // Shown as it was when the change was decided; nil: not known
	Active   []plan.ID     // who of the buyer did something in Shown's plan
	Jobs     []Job
	Letters  []Letter
	Requests []Request // at a front door
	// Withdraw takes the persons' links and browsers away.
	Withdraw []PersonRef
	People   []PersonRow // of everybody on the plan, when something is said of people
	Answers  []AnswerRow
	Kept     *Received // a mail that came in; stale if it is there, but for one without a proof that now has one
	Heard    *Heard    // what became of a mail that came in
	Deal     *DealLink // the plan is made for a deal; stale if that has one by now
}

// PlanRow is what lists show of a plan without loading it. It is made from
// the shared stream alone.
type PlanRow struct {
	Plan      plan.ID
	Workspace plan.ID
	Home      plan.Side
	Title     string
	Buyer     string // organisations
	Seller    string
	Phase     plan.Phase
	Paused    bool
	Left      bool
	DecideBy  string // YYYY-MM-DD or empty
	Revision  int
	Done      plan.Sides[int] // counted actions per side, joint ones on both
	Total     plan.Sides[int]
	Proposals int
	Updated   time.Time
	LastBuyer time.Time // last event by somebody at the buyer; zero: Commit keeps what was there
	Seq       int64
}

// Job is work to be done later, at least once, and never before its time. Of
// waiting jobs with the same Kind, Key and RunAt there is one: its data is
// that of the first. A job whose time has changed is not found and moved, it
// is asked for again at the new time; so its handler reads the state afresh
// and does only what is due. Data holds ids, never words.
type Job struct {
	Kind  string    `json:"-"`
	Key   string    `json:"key,omitempty"` // empty: each for itself
	RunAt time.Time `json:"at,omitzero"`   // zero: at once
	Data  []byte    `json:"data,omitempty"`
}

// JobAttempts is how often a job is tried before it is given up. With the
// pauses between, that is about three days.
const JobAttempts = 20

// Periodic is work that is started again and again, once in every interval
// however many machines serve. Intervals begin at midnight UTC; one divides a
// day.
type Periodic struct {
	Kind  string
	Every time.Duration
}

// Again is a handler's answer that there is still something to do, but not
// now. It does not count as a failed attempt.
type Again struct{ At time.Time }

func (Again) Error() string { return "to be run again later" }

// Stream is what is stored of a stream: the last snapshot and the records
// after it, with all words of the stream that were not erased.
type Stream struct {
	Snapshot    []byte // nil: none
	SnapshotSeq int64
	Records     []plan.Record
	Words       plan.Words
}

// PlanStore keeps event streams and what is made from them in the same
// transaction. Safe for concurrent use.
type PlanStore interface {
	// Commit stores a change or nothing. ErrStale if a stream's head is not
	// where the change expects it.
	Commit(ctx context.Context, c Change) error
	// Load reads a stream from its last snapshot. An unknown stream is empty.
	Load(ctx context.Context, stream string) (Stream, error)
	// Records reads up to limit records after a sequence, in order, with their
	// texts that were not erased.
	Records(ctx context.Context, stream string, after int64, limit int) ([]plan.Record, error)
	// Words reads all texts of a stream that were not erased.
	Words(ctx context.Context, stream string) (plan.Words, error)
	// Plans lists a workspace's plans, last changed first, up to limit, after
	// the given position (zero time: from the start; else the Updated of the
	// last one seen). It returns more than limit when several changed in the
	// same millisecond as the last one.
	Plans(ctx context.Context, workspace plan.ID, before time.Time, limit int) ([]PlanRow, error)
	// Erase deletes the words of subjects in a plan's streams with their salts
	// and purges free pages and the write-ahead log of them. It returns how
	// many were deleted.
	Erase(ctx context.Context, planID plan.ID, subjects []plan.ID) (int, error)
	// Redact deletes single texts of a stream by their hashes, as Erase does.
	Redact(ctx context.Context, stream string, hashes []string) error
	// Mentions finds texts of a plan's streams that contain any of the names,
	// regardless of case; at most limit.
	Mentions(ctx context.Context, planID plan.ID, names []string, limit int) ([]Mention, error)
}

// Mention is a text in which an erased person may be named.
type Mention struct {
	Stream string
	Text   plan.Sealed
}

// Workspace is a selling (or buying) organisation on this server.
type Workspace struct {
	ID       plan.ID
	Name     string
	Language string
	Zone     string           // IANA time zone: decides what "today" is
	Region   string           // of its public holidays
	Notice   string           // the sentence of rule 17; empty: the default
	Closed   []plan.SpanInput // its own closed days; new plans begin with them
	Fiscal   int              // month in which its fiscal year begins, 1 to 12; zero: unsaid
	Proof    string           // how fresh a proof of the address must be to accept a plan: one of Proof…
	Created  time.Time
}

// Member is somebody with an account in a workspace.
type Member struct {
	ID        plan.ID
	Workspace plan.ID
	Name      string
	Email     string
	Language  string
	Role      Role
	Created   time.Time
	// Disabled is since when the account is switched off; zero: it is not.
	// Who has it is nobody to this server from the next request on.
	Disabled   time.Time
	DisabledBy string // one of By…; empty if it is not
	External   string // what the workspace's directory calls them; empty: it does not know them
}

// Role is what a member may do in their workspace. What somebody may do in a
// plan is another matter: see plan.Access.
type Role string

const (
	RoleAdmin   Role = "admin"   // changes settings, members and roles
	RoleManager Role = "manager" // sees how all plans are doing
	RoleSeller  Role = "seller"
)

// Roles are all of them, the mightiest first.
var Roles = []Role{RoleAdmin, RoleManager, RoleSeller}

// Who switched an account off. What groups or a directory switched off they
// may switch on again; what a person did, only a person undoes.
const (
	ByPerson    = "person"
	ByGroups    = "groups"
	ByDirectory = "directory"
)

// Admin reports whether the member administers their workspace.
func (m *Member) Admin() bool { return m != nil && m.Role == RoleAdmin }

// PassKind is what a link lets its bearer do.
type PassKind string

const (
	SharePass    PassKind = "share"    // front door of a plan: asks for a name
	PersonalPass PassKind = "personal" // comes in as one person of a plan
	MemberPass   PassKind = "member"   // signs a member in
	SetupPass    PassKind = "setup"    // makes the first administrator, once
	FeedPass     PassKind = "feed"     // reads one person's calendar; signs nobody in
)

// Pass is a link that was given out. Only the SHA-256 of its 256 random bits
// is stored.
type Pass struct {
	Hash    []byte
	Kind    PassKind
	Plan    plan.ID
	Person  plan.ID
	Side    plan.Side
	Member  plan.ID
	Address []byte  // hash of the address it was mailed to; none: it was handed over
	Browser []byte  // hash of the secret of the browser that asked for it, if one did
	Request plan.ID // the request it answers, if it does
	MaxUses int     // 0: as often as wanted
	Uses    int
	Created time.Time
	Expires time.Time
	Revoked bool
}

// Session is a browser that came in. It may be a member, and act as one
// person in each of several plans.
type Session struct {
	Hash     []byte // SHA-256 of the cookie's 256 random bits
	Member   plan.ID
	Language string
	Theme    string
	Created  time.Time
	Seen     time.Time
	Expires  time.Time
	Persons  map[plan.ID]plan.ID // plan → person

	Agent string // browser and system, in a few words
	// Proved is when the member last showed that they are it, and Way how;
	// ProvedPersons is the same of the person in a plan. See Proved.
	Proved        time.Time
	Way           Way
	ProvedPersons map[plan.ID]time.Time
}

// Way is how somebody showed who they are.
type Way string

const (
	WayLink    Way = "link"    // a link somebody gave them
	WayMail    Way = "mail"    // a link or code out of their mailbox
	WayPasskey Way = "passkey" // a passkey
	WayOIDC    Way = "oidc"    // an identity provider
)

// Directory keeps workspaces, members, passes and sessions.
type Directory interface {
	Accounts
	Workspaces(ctx context.Context) ([]Workspace, error)
	Workspace(ctx context.Context, id plan.ID) (Workspace, error)
	SaveWorkspace(ctx context.Context, w Workspace) error
	Member(ctx context.Context, id plan.ID) (Member, error)
	MemberByEmail(ctx context.Context, workspace plan.ID, email string) (Member, error)
	Members(ctx context.Context, workspace plan.ID) ([]Member, error)
	// SaveMember fails with ErrTaken if another member of the workspace has the
	// same address, regardless of case, or the same External. Role and
	// Disabled are stored with a new member only: see SetRole and SetDisabled.
	SaveMember(ctx context.Context, m Member) error
	// SetRole and SetDisabled fail with ErrLastAdmin if no administrator would
	// be left who is not disabled, and with ErrNotFound. A zero time enables.
	SetRole(ctx context.Context, member plan.ID, role Role) error
	SetDisabled(ctx context.Context, member plan.ID, at time.Time, by string) error
	// MemberByExternal finds whom a directory calls so; ErrNotFound.
	MemberByExternal(ctx context.Context, workspace plan.ID, external string) (Member, error)
	// MembersByEmail finds those with an address in all workspaces, the
	// oldest first.
	MembersByEmail(ctx context.Context, email string) ([]Member, error)
	// SavePass stores a pass or changes it; it never gives back uses nor takes
	// back a revocation. A zero Expires never expires.
	SavePass(ctx context.Context, p Pass) error
	Pass(ctx context.Context, hash []byte) (Pass, error)
	Passes(ctx context.Context, planID plan.ID) ([]Pass, error)
	// MemberPasses lists the passes of a member, oldest first.
	MemberPasses(ctx context.Context, member plan.ID) ([]Pass, error)
	// UsePass counts a use and fails with ErrNotFound if the pass is unknown,
	// revoked, expired or used up: exactly MaxUses callers win a race.
	UsePass(ctx context.Context, hash []byte, now time.Time) (Pass, error)
	RevokePass(ctx context.Context, hash []byte) error
	Session(ctx context.Context, hash []byte) (Session, error)
	// SaveSession adds the persons to those the session already acts as; of a
	// plan it already acts in, the new one counts. It takes none away. It is
	// for a browser that comes in: whoever changes a session that is there
	// must not bring back one that was revoked meanwhile.
	SaveSession(ctx context.Context, s Session) error
	// PreferSession, SeeSession and ProveSession change a session if it is
	// still there. An empty plan proves its member, else its person there.
	PreferSession(ctx context.Context, hash []byte, language, theme string) error
	SeeSession(ctx context.Context, hash []byte, at time.Time) error
	ProveSession(ctx context.Context, hash []byte, planID plan.ID, at time.Time, way Way) error
	DeleteSession(ctx context.Context, hash []byte) error
	// LeaveAs ends that a session acts as some persons.
	LeaveAs(ctx context.Context, hash []byte, persons []plan.ID) error
	// Sessions lists those of a member, or that act as a person (of the same
	// id or another), not expired, last seen first.
	Sessions(ctx context.Context, member plan.ID, persons []plan.ID, now time.Time) ([]Session, error)
	// Expel ends every session of a member or that acts as the person of that
	// id, and revokes their links.
	Expel(ctx context.Context, id plan.ID) error
	// RebindPerson lets every session that acts as one person in a plan act as
	// another: after somebody was recognised as a listed person.
	RebindPerson(ctx context.Context, planID, from, to plan.ID) error
}
