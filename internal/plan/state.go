package plan

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"tandem/internal/civil"
)

// Kind of an item.
type Kind string

const (
	KindAction    Kind = "action"
	KindMilestone Kind = "milestone"
	KindDecision  Kind = "decision"
	KindGoal      Kind = "goal"
	KindCriterion Kind = "criterion"
	KindLink      Kind = "link"
	KindRisk      Kind = "risk"   // free: no terms
	KindGate      Kind = "gate"   // free: no terms
	KindFreeze    Kind = "freeze" // free: no terms
)

// HasTerms reports whether sides agree on items of this kind.
func (k Kind) HasTerms() bool {
	switch k {
	case KindAction, KindMilestone, KindDecision, KindGoal, KindCriterion, KindLink:
		return true
	}
	return false
}

func (k Kind) dated() bool { return k == KindAction || k == KindMilestone || k == KindDecision }

// DecisionItem is the id of the one item every plan has: its title and the
// date by which both want to decide.
const DecisionItem ID = "decision"

// Status of an action. Dropped does not exist: an agreed action leaves a plan
// by an accepted removal.
type Status string

const (
	Open    Status = "open"
	Started Status = "started"
	Blocked Status = "blocked"
	Done    Status = "done"
)

// Plan is the shared state. It is never changed in place once decided.
type Plan struct {
	ID           ID                 `json:"id"`
	Workspace    ID                 `json:"workspace"`
	Home         Side               `json:"home"` // the side that made the plan and sees the draft
	Language     string             `json:"language"`
	Predecessor  ID                 `json:"predecessor,omitempty"`
	Process      string             `json:"process,omitempty"` // the process it was laid out from: "id@version"
	Notice       Text               `json:"notice,omitzero"`   // what the plan does not bind to (rule 17)
	Start        civil.Day          `json:"start,omitzero"`
	Organisation Sides[Text]        `json:"organisation"`
	Calendar     Sides[Calendar]    `json:"calendar,omitzero"`
	Phase        Phase              `json:"phase"`
	Paused       *Pause             `json:"paused,omitempty"`
	LeftBy       Side               `json:"leftBy,omitempty"`
	LeftBecause  Text               `json:"leftBecause,omitzero"`
	Outcome      Verdict            `json:"outcome,omitzero"`
	Items        map[ID]*Item       `json:"items"`
	Order        []ID               `json:"order"` // of items, by creation
	People       map[ID]*Person     `json:"people"`
	Proposals    map[ID]*Proposal   `json:"proposals"`
	Comments     map[ID][]*Comment  `json:"comments"` // by item; the plan's own under the empty id
	Accepted     Sides[Acceptance]  `json:"accepted"`
	Revision     int                `json:"revision"`
	RevisionAt   time.Time          `json:"revisionAt,omitzero"`
	Baselines    []Baseline         `json:"baselines,omitempty"`
	SharedAt     time.Time          `json:"sharedAt,omitzero"`
	Created      time.Time          `json:"created"`
	Erasures     int                `json:"erasures,omitempty"`
	Claims       Sides[*Claim]      `json:"claims,omitzero"`
	CheckIns     map[ID]*CheckIn    `json:"checkIns,omitempty"`
	Runs         []*Run             `json:"runs,omitempty"`      // check-ins that were held, in order; only the last may be open
	Documents    map[ID][]*Document `json:"documents,omitempty"` // by item
	Form         Form               `json:"form,omitempty"`
	Session      *Session           `json:"session,omitempty"` // the last planning session
	Eased        *Eased             `json:"eased,omitempty"`   // how it is made easy for a side; never changed in place
	Quotes       []*Quote           `json:"quotes,omitempty"`
	Domains      Sides[[]string]    `json:"domains,omitzero"` // mail domains that get in by confirming an address
	Paper        *SharedPaper       `json:"paper,omitempty"`  // the buyer's decision paper, as last shared
	Head         Head               `json:"head"`             // of the shared stream
}

// Item is anything in a plan that has a version: what sides agree on, and
// risks, gates and freezes, on which they need not.
type Item struct {
	ID         ID            `json:"id"`
	Kind       Kind          `json:"kind"`
	Version    int           `json:"version"` // +1 with every event on it
	Terms      Terms         `json:"terms"`
	Digest     Digest        `json:"digest,omitempty"`
	Stance     Sides[Stance] `json:"stance,omitzero"`
	Agreed     *Terms        `json:"agreed,omitempty"` // the terms both last agreed; nil before the first agreement
	AgreedAs   Digest        `json:"agreedAs,omitempty"`
	AgreedFor  ID            `json:"agreedFor,omitempty"` // the milestone it counted for then
	Owner      Sides[Answer] `json:"owner,omitzero"`
	Details    Details       `json:"details,omitzero"`
	Progress   Progress      `json:"progress,omitzero"`
	Deviations []Deviation   `json:"deviations,omitempty"`
	Removed    int64         `json:"removed,omitempty"` // sequence of the removal
	AddedBy    Side          `json:"addedBy,omitempty"`
	AddedAt    time.Time     `json:"addedAt,omitzero"`
	ChangedBy  ID            `json:"changedBy,omitempty"`
	ChangedAt  time.Time     `json:"changedAt,omitzero"`
	Undo       *Undo         `json:"undo,omitempty"`
}

// Stance is a side's yes to terms, named by their digest.
type Stance struct {
	Digest Digest    `json:"digest,omitempty"`
	By     ID        `json:"by,omitempty"`
	At     time.Time `json:"at,omitzero"`
}

// Answer is the owner's own word on their action (rule 6).
type Answer struct {
	Person ID         `json:"person,omitempty"`
	Kind   AnswerKind `json:"kind,omitempty"`
	Digest Digest     `json:"digest,omitempty"` // of what was answered: see Terms.ownerDigest
	At     time.Time  `json:"at,omitzero"`
	Reason Text       `json:"reason,omitzero"`
}

// AnswerKind is what an owner says.
type AnswerKind string

const (
	TakesOn   AnswerKind = "yes"
	OtherDate AnswerKind = "other-date"
	Handed    AnswerKind = "somebody-else"
	NotMine   AnswerKind = "not-mine"
)

// Undo is how the last change to an item can be taken back (rule 14).
type Undo struct {
	By   ID     `json:"by"`
	Seq  int64  `json:"seq"`
	Kind string `json:"kind"`
	Prev *Item  `json:"prev,omitempty"` // nil: the item did not exist
}

// Progress of an action, or of a milestone that was reached.
type Progress struct {
	Status    Status    `json:"status,omitempty"`
	StartedOn civil.Day `json:"startedOn,omitzero"`
	Remaining *int      `json:"remaining,omitempty"` // working days
	DoneOn    civil.Day `json:"doneOn,omitzero"`
	DoneBy    ID        `json:"doneBy,omitempty"`
	Reported  Side      `json:"reported,omitempty"` // the side that reported it done
	Result    Text      `json:"result,omitzero"`
	Confirmed ID        `json:"confirmed,omitempty"` // who of the other side confirmed
	Missing   Text      `json:"missing,omitzero"`    // what the other side said is still missing
	Expected  civil.Day `json:"expected,omitzero"`
	Because   Text      `json:"because,omitzero"`
	Block     *Block    `json:"block,omitempty"`
}

// Block says why something cannot go on.
type Block struct {
	Because Text      `json:"because"`
	Waits   Side      `json:"waits,omitempty"`  // whose move it is
	Person  ID        `json:"person,omitempty"` // and whose exactly
	Since   civil.Day `json:"since"`
	By      ID        `json:"by"`
	Next    Text      `json:"next,omitzero"`   // what happens next about it
	NextBy  civil.Day `json:"nextBy,omitzero"` // and by when; none: not said
}

// Deviation is a change of agreed terms under rule 7.
type Deviation struct {
	Seq  int64     `json:"seq"`
	At   time.Time `json:"at"`
	By   ID        `json:"by"`
	Rule FreeRule  `json:"rule"`
	Old  Terms     `json:"old"`
	New  Terms     `json:"new"`
}

// FreeRule names which clause of rule 7 allowed a change without consent.
type FreeRule string

const (
	FreeOwner       FreeRule = "owner"       // another owner within one's own side
	FreeEarlier     FreeRule = "earlier"     // one's own action, earlier
	FreeIndependent FreeRule = "independent" // nothing of the other side and no milestone depends on it
)

// Details are free but logged, and never move a due date.
type Details struct {
	Milestone ID             `json:"milestone,omitempty"`
	Category  string         `json:"category,omitempty"` // what sort of step, e.g. "legal-review"
	Start     civil.Day      `json:"start,omitzero"`
	Duration  *int           `json:"duration,omitempty"`
	Elapsed   bool           `json:"elapsed,omitempty"`
	Estimate  *Estimate      `json:"estimate,omitempty"`
	NotBefore civil.Day      `json:"notBefore,omitzero"`
	NotAfter  civil.Day      `json:"notAfter,omitzero"`
	Pinned    bool           `json:"pinned,omitempty"`
	Gate      ID             `json:"gate,omitempty"`
	Risk      *RiskDetails   `json:"risk,omitempty"`
	Committee *GateDetails   `json:"committee,omitempty"`
	Frozen    *FreezeDetails `json:"frozen,omitempty"`
}

// Estimate is a three-point duration in working days, or days with their
// probabilities.
type Estimate struct {
	Low    float64      `json:"low,omitempty"`
	Likely float64      `json:"likely,omitempty"`
	High   float64      `json:"high,omitempty"`
	Shape  string       `json:"shape,omitempty"`
	Values [][2]float64 `json:"values,omitempty"`
}

// RiskDetails describe a risk; probability is 0 to 1, impact working days.
type RiskDetails struct {
	Title       Text    `json:"title"`
	Probability float64 `json:"probability,omitempty"`
	Low         float64 `json:"low,omitempty"`
	Likely      float64 `json:"likely,omitempty"`
	High        float64 `json:"high,omitempty"`
	Mitigation  Text    `json:"mitigation,omitzero"`
	Owner       ID      `json:"owner,omitempty"`
	Actions     []ID    `json:"actions,omitempty"`
}

// GateDetails describe a committee that meets on certain days.
type GateDetails struct {
	Title     Text        `json:"title"`
	Side      Side        `json:"side,omitempty"`
	Rule      string      `json:"rule"`
	Anchor    civil.Day   `json:"anchor,omitzero"`
	Except    []civil.Day `json:"except,omitempty"`
	LeadDays  int         `json:"leadDays,omitempty"`
	OnHoliday string      `json:"onHoliday,omitempty"`
}

// FreezeDetails describe a time in which something may not happen.
type FreezeDetails struct {
	Title  Text      `json:"title"`
	From   civil.Day `json:"from"`
	To     civil.Day `json:"to"`
	Blocks string    `json:"blocks"`
	Side   Side      `json:"side,omitempty"`
	Kinds  []string  `json:"kinds,omitempty"`
}

// Calendar is a side's working week, region and closed days, and the month
// (1 to 12) in which its fiscal year begins; 0: not said.
type Calendar struct {
	Week   []string `json:"week,omitempty"`
	Region string   `json:"region,omitempty"`
	Closed []Span   `json:"closed,omitempty"`
	Fiscal int      `json:"fiscal,omitempty"`
}

// Span is a range of days including both ends.
type Span struct {
	From civil.Day `json:"from"`
	To   civil.Day `json:"to"`
	Note Text      `json:"note,omitzero"`
}

// Person is a named human on one side of one plan.
type Person struct {
	ID    ID   `json:"id"`
	Side  Side `json:"side"`
	Name  Text `json:"name"`
	Role  Text `json:"role,omitzero"`
	Email Text `json:"email,omitzero"`
	// How the person is written to: language ("de", "en" or empty for the
	// plan's), salutation ("frau", "herr" or empty) and IANA time zone (empty
	// for the workspace's).
	Language   string `json:"language,omitempty"`
	Salutation Text   `json:"salutation,omitzero"`
	Zone       string `json:"zone,omitempty"`
	NamedBy    Side   `json:"namedBy,omitempty"` // the side of whoever put them on the plan; empty if they came by themselves
	Access     Access `json:"access,omitempty"`
	Verified   string `json:"verified,omitempty"`  // how: see Verification; empty means visibly unverified
	By         ID     `json:"by,omitempty"`        // who named them or, of their own side, let them in
	VouchedBy  Side   `json:"vouchedBy,omitempty"` // the person's own side, once its lead has let them in
	Joined     bool   `json:"joined,omitempty"`    // came in themselves, not only named by somebody
	Proven     bool   `json:"proven,omitempty"`    // came by a link that was mailed to the address
	Claimed    bool   `json:"claimed,omitempty"`   // they gave the address themselves and have not proven it
	Asking     bool   `json:"asking,omitempty"`    // asked at the front door; with Left: was sent away
	Disowned   bool   `json:"disowned,omitempty"`  // the address they had was somebody else's
	Note       Text   `json:"note,omitzero"`       // why they are here: said by who added them, or by themselves at the door
	As         ID     `json:"as,omitempty"`        // recognised as this listed person
	StandsIn   ID     `json:"standsIn,omitempty"`  // for this lead
	Left       bool   `json:"left,omitempty"`
	Absences   []Span `json:"absences,omitempty"`
	Version    int    `json:"version"`
}

// Erased reports that the person's name was removed under rule 16.
func (p *Person) Erased() bool { return p.Name.Gone }

// Access is what a person may do in one plan.
type Access string

const (
	None        Access = ""            // named in the plan, has not come in
	Viewer      Access = "viewer"      // reads
	Contributor Access = "contributor" // own actions and comments
	Editor      Access = "editor"      // everything but what is the lead's
	Lead        Access = "lead"        // accepts, decides, and lets people in
)

// Salutations of a person, where one is known.
const (
	Frau = "frau"
	Herr = "herr"
)

// How a person was verified.
const (
	VouchedFor = "vouched" // a lead said who it is
	ByMail     = "mail"
	ByAccount  = "account" // a signed-in member of the workspace
)

// Claim is the wish of an editor to lead a side whose lead is unreachable.
type Claim struct {
	By    ID        `json:"by"`
	After civil.Day `json:"after"` // last day on which the lead may object
}

// Pause of a plan.
type Pause struct {
	By     ID        `json:"by"`
	Side   Side      `json:"side"`
	Reason Text      `json:"reason"`
	Review civil.Day `json:"review"`
	Since  civil.Day `json:"since"`
}

// Verdict is how a plan ended.
type Verdict struct {
	Outcome Outcome   `json:"outcome,omitempty"`
	Reason  Text      `json:"reason,omitzero"`
	By      ID        `json:"by,omitempty"`
	On      civil.Day `json:"on,omitzero"`
}

// Acceptance is a lead's yes to a whole version of the plan.
type Acceptance struct {
	Digest Digest    `json:"digest,omitempty"`
	By     ID        `json:"by,omitempty"`
	At     time.Time `json:"at,omitzero"`
}

// Baseline is a version both sides accepted.
type Baseline struct {
	Number   int           `json:"number"`
	Revision int           `json:"revision"`
	At       time.Time     `json:"at"`
	Digest   Digest        `json:"digest"`
	Terms    map[ID]*Terms `json:"terms"`
}

// Comment is a remark on an item or, with the empty id, on the plan.
type Comment struct {
	ID   ID        `json:"id"`
	Item ID        `json:"item,omitempty"`
	By   ID        `json:"by"`
	Side Side      `json:"side"`
	At   time.Time `json:"at"`
	Text Text      `json:"text"`
}

// New is the state before the first event.
func New() *Plan {
	return &Plan{Items: map[ID]*Item{}, People: map[ID]*Person{}, Proposals: map[ID]*Proposal{}, Comments: map[ID][]*Comment{}}
}

// clone copies what Apply may change in place; items, people and proposals
// are replaced, never changed, and so are shared between states.
func (p *Plan) clone() *Plan {
	q := *p
	q.Items = maps.Clone(p.Items)
	q.People = maps.Clone(p.People)
	q.Proposals = maps.Clone(p.Proposals)
	q.Comments = maps.Clone(p.Comments)
	q.CheckIns = maps.Clone(p.CheckIns)
	q.Documents = maps.Clone(p.Documents)
	q.Order = slices.Clip(p.Order)
	q.Quotes = slices.Clip(p.Quotes)
	q.Baselines = slices.Clip(p.Baselines)
	return &q
}

// Live lists the items that are in the plan now, in order of creation.
func (p *Plan) Live(kinds ...Kind) []*Item {
	var out []*Item
	for _, id := range p.Order {
		it := p.Items[id]
		if it.Removed == 0 && (len(kinds) == 0 || slices.Contains(kinds, it.Kind)) {
			out = append(out, it)
		}
	}
	return out
}

// StandsBehind reports whether the side's yes covers the present terms.
func (it *Item) StandsBehind(s Side) bool {
	return it.Digest != "" && it.Stance.Of(s).Digest == it.Digest
}

// IsAgreed reports that both sides stand behind the present terms.
func (it *Item) IsAgreed() bool { return it.StandsBehind(Buyer) && it.StandsBehind(Seller) }

// Bound reports that the item's terms were agreed in an agreed plan: from
// then on they change only by proposal, or by an act of rule 7.
func (it *Item) Bound() bool { return it.Agreed != nil }

// IsDone reports that an action counts as done: reported, and for a joint
// action confirmed by the other side.
func (it *Item) IsDone() bool {
	return it.Progress.Status == Done && (it.Terms.Party != Joint || it.Kind != KindAction || it.Progress.Confirmed != "")
}

// Committed reports whether the owner of a side has taken the action on, as
// its terms stand now.
func (it *Item) Committed(s Side) bool {
	a := it.Owner.Of(s)
	return a.Kind == TakesOn && a.Person != "" && a.Person == it.Terms.Owners.Of(s) && a.Digest == it.Terms.ownerDigest(s)
}

// Asked reports that the owner of a side still owes an answer.
func (it *Item) Asked(s Side) bool {
	o := it.Terms.Owners.Of(s)
	if it.Kind != KindAction || o == "" || it.Removed != 0 || it.Progress.Status == Done {
		return false
	}
	a := it.Owner.Of(s)
	return a.Person != o || a.Digest != it.Terms.ownerDigest(s)
}

// AskedFor names what the owner of a side is asked to take on: it stays the
// same as long as they are asked the same. Empty if they are not asked.
func (it *Item) AskedFor(s Side) Digest {
	if !it.Asked(s) {
		return ""
	}
	return it.Terms.ownerDigest(s)
}

// ReadOnly reports that nothing may be changed any more.
func (p *Plan) ReadOnly() bool { return p.LeftBy != "" || p.Phase == Archived }

// Everybody lists the people of a plan, by name: not those recognised as
// somebody else, gone or erased.
func (p *Plan) Everybody() []*Person {
	var out []*Person
	for _, q := range p.People {
		if q.As == "" && !q.Left && !q.Erased() {
			out = append(out, q)
		}
	}
	slices.SortFunc(out, func(a, b *Person) int {
		return cmp.Or(cmp.Compare(a.Side, b.Side), cmp.Compare(a.Name.Value, b.Name.Value), cmp.Compare(a.ID, b.ID))
	})
	return out
}
