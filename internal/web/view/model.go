package view

import (
	"time"

	"tandem/internal/civil"
	"tandem/internal/locale"
)

// Plan is a plan as one reader sees it: what a handler fills for every page of
// a plan. It must never hold anything internal to the other side.
type Plan struct {
	L     *locale.Locale
	Base  string // "/plans/{plan}", without a slash at the end
	Title string
	State PlanState

	Buyer, Seller Party
	AgreedOn      civil.Day // of the present revision
	Revision      int
	DecideBy      civil.Day
	DecisionSeal  Seal
	Outcome       string // once decided: "yes", "no", "none"
	OutcomeReason string

	DecisionSlipped string // "zum dritten Mal verschoben"

	Lead, Sentence string // the headline: "Der 24. Mai wackelt:", and what follows
	Asks           []Ask  // what waits for the reader, the most urgent first

	Reader Reading
	Tab    Tab
	Show   Show
	Sort   Sort // of the table
	Counts Counts

	Items      []Item // in any order
	Milestones []Milestone
	Gates      []GateDay
	People     []Member
	Goals      []Goal
	Criteria   []Criterion
	Risks      []Risk
	Typical    []TemplateRisk // of the catalogue, to pick from; on the tab of risks
	Learn      string         // where a template is made of the plan, for who may
	History    []Entry
	Older      string // address of the history before these entries, if any

	Timeline *Timeline // on its tab

	Light       bool     // one page: milestones and few steps
	MayReshape  bool     // the reader may show it in the other form
	FitsLight   bool     // it holds no more than fits one page
	Session     *Session // on its page
	SessionNote string   // a session that has not ended: "Die Planungssitzung ruht bei Frage 4 von 8."
	SessionGo   string   // the button that leads there
	Quotes      []Quote  // where they stand near the goals

	Open     *Detail // the step shown open
	Legal    string  // the sentence that says it binds nobody in law
	Operator string  // who runs the server: stands where private notes are written
	Version  uint64  // of the plan's own fields: title, state, decision date
	Mail     bool    // this server sends mail
	Member   bool    // the reader is a member of the plan's workspace, on its side
	Domains  string  // that the reader's side lets in, as they are typed
	Pages    []Link  // of the plan, beside its tabs
}

// PlanState is where in its life a plan is.
type PlanState string

// The states of a plan.
const (
	Draft    PlanState = "draft"
	Shared   PlanState = "shared"
	Agreed   PlanState = "agreed"
	Paused   PlanState = "paused"
	Decided  PlanState = "decided"
	Left     PlanState = "left"
	Archived PlanState = "archived"
)

// Party is one side.
type Party struct {
	Name  string // "Nordwerk AG"
	Short string // "Nordwerk"
	Done  int    // its steps done; a joint one counts for both
	Total int
}

// Reading is who reads the plan and what they may do with it as a whole. What
// they may not do is not offered.
type Reading struct {
	Side     Side
	Person   string // id
	Address  string // "Frau Dr. Brandt", or the name where the salutation is unknown
	May      PlanMoves
	Editable bool // may write anything at all
}

// PlanMoves are the moves on the whole plan that this reader may make now.
type PlanMoves struct {
	Accept, Pause, Resume, Leave, Decide, Share, Propose bool
	AddItem, AddPerson, AddGoal, AddRisk, AddMilestone   bool
	EditTitle, Paste                                     bool
	Invite, Domains                                      bool // the lead of their side: give colleagues access, let domains in
}

// Tab is a view of the plan.
type Tab string

// The views; their paths below Base: "", "/table", "/people" …
const (
	TabPlan    Tab = "plan"
	TabTable   Tab = "table"
	TabPeople  Tab = "people"
	TabGoals   Tab = "goals"
	TabRisks   Tab = "risks"
	TabHistory Tab = "history"
)

// Show filters the steps: query parameter "show".
type Show string

// The filters.
const (
	ShowAll     Show = ""
	ShowMine    Show = "mine"
	ShowBlocked Show = "blocked"
	ShowWaiting Show = "waiting" // waits for the reader
	ShowNew     Show = "new"     // not agreed yet
	ShowSets    Show = "sets"    // sets the date of the decision
)

// Counts are the numbers on the filters.
type Counts struct{ All, Mine, Blocked, Waiting, New, Sets int }

// Sort is the table's order: query parameters "sort" (a column) and "desc".
type Sort struct {
	By   string // "due" (default), "title", "side", "owner", "state", "milestone"
	Desc bool
}

// Item is a step in a row of the plan. Rows are fragments: two renderings of
// the same row are compared byte by byte, so nothing in it may depend on the
// moment except through what the handler puts in.
type Item struct {
	ID        string
	Title     string
	Side      Side
	Owners    []Owner // none: still open; a joint step has one per side
	Milestone string  // id, or empty
	Due       civil.Day
	DateOpen  bool // explicitly to be decided
	Expected  civil.Day
	DoneOn    civil.Day
	Proposed  civil.Day // the date an open proposal would give it
	InTalks   bool      // an open proposal touches it
	State     ItemState
	Because   string    // blocked: the reason, in its author's words
	WaitsFor  string    // blocked: whose move it is, e.g. "John Martinez (Acme)"
	Next      string    // blocked: what happens next about it, in somebody's words
	NextBy    civil.Day // and by when
	Waits     string    // blocked: id of whose move it is; empty: nobody is named
	Blocked   string    // blocked: since when, e.g. "seit 3 Arbeitstagen"
	Seal      Seal
	New       bool     // added after the agreement, not agreed yet
	Internal  bool     // the reader's side's own; the other side never sees it
	Mine      bool     // the reader owns it
	Late      bool     // its date is past and it is not done
	Signs     []string // warnings, ready: "ab 14. Mai auf Reisen"
	After     []string // what it waits for and is not done yet: titles
	Comments  int
	Quick     Quick     // the one button on the row
	Sets      bool      // it sets the date of the decision
	Computed  civil.Day // the day it really needs, if that is later than agreed
	Slack     string    // of the reader's own next steps: "1 Arbeitstag Puffer"
	Version   uint64
	Digest    string // of the present terms
	Rev       string // changes whenever anything in the item's detail changes
}

// ItemState is how far a step is.
type ItemState string

// The states of a step.
const (
	Open    ItemState = "open"
	Started ItemState = "started"
	Blocked ItemState = "blocked"
	Over    ItemState = "done" // reported or confirmed: see the seal
)

// Quick is the move a row offers as a button.
type Quick string

// The quick moves; each is the name of an item move.
const (
	NoQuick      Quick = ""
	QuickStand   Quick = "stand"
	QuickCommit  Quick = "commit"
	QuickReport  Quick = "report"
	QuickConfirm Quick = "confirm"
)

// Owner is who answers for a step.
type Owner struct {
	Person
	Committed bool // gave their own yes to the present terms
	Removed   bool // the person was erased: an owner is needed
}

// Milestone is a point both steer by.
type Milestone struct {
	ID       string
	Title    string
	Date     civil.Day
	Proposed civil.Day
	Reached  bool
	Computed civil.Day // the day it really needs, if that is later than agreed
	Slipped  string    // "zum dritten Mal verschoben"
	Seal     Seal
	Version  uint64
	Digest   string
	MayEdit  bool
}

// GateDay is a committee that cuts across the plan, or the next check-in, which
// straddles it.
type GateDay struct {
	ID    string
	Text  string // "Freigabeausschuss Nordwerk: jeden 2. Dienstag"
	First civil.Day
	Days  []civil.Day
	Href  string // a check-in both sides meet at: where it is planned
}

// Ask is something that waits for the reader.
type Ask struct {
	Kind     AskKind
	ID       string // of the proposal, step or person; the box's element is "ask-"+Kind+"-"+ID
	By       string // who asks
	BySide   Side
	Changes  []Change
	Reason   string
	Expires  civil.Day
	Note     string // one more ready sentence
	Beyond   string // what else would not hold if it were accepted
	Missing  []Missing
	Count    int
	Title    string // the step's or person's name
	Due      civil.Day
	Version  uint64
	Digest   string
	MayAct   bool     // false: it waits for somebody else on the reader's side
	Own      bool     // the reader's side made it: it can be withdrawn
	Seen     []string // new: "item=digest" of each; Missing names them, if they are few
	Accepted string
	Inside   bool // shown within a step, too, and not only at the top
}

// AskKind is what is asked.
type AskKind string

// The kinds of questions.
const (
	AskProposal AskKind = "proposal" // Changes, Reason, Expires
	AskAccept   AskKind = "accept"   // Missing; Accepted: "Sarah Chen hat am 28. April zugestimmt"
	AskNewcomer AskKind = "newcomer" // Title: the name; Note: the address and whether it is verified
	AskWait     AskKind = "wait"     // By: who can let the reader in
	AskNew      AskKind = "new"      // Count new steps without the reader's side's yes
	AskCommit   AskKind = "commit"   // Title, Due: a step proposed for the reader
	AskPaused   AskKind = "paused"   // By, Reason, Due: the review date
	AskDecided  AskKind = "decided"
	AskLeft     AskKind = "left"
	AskSlips    AskKind = "slips"   // Title, Note: a date that keeps moving; the seller's only
	AskBroken   AskKind = "broken"  // Note: why no dates can be computed
	AskRunning  AskKind = "running" // Note: somebody opened a check-in; Title: its path
	AskMissed   AskKind = "missed"  // Note, Reason: a check-in did not take place; the home side's only
	AskWay      AskKind = "way"     // Note, Reason: everything is to be confirmed, or dates are asked for; Title: where
	AskShift    AskKind = "shift"   // Note: dates that do not hold, to propose anew in one
)

// Change is one field of one item, old and new, ready to read.
type Change struct{ Item, Field, Old, New string }

// Missing is what keeps the plan from being agreed.
type Missing struct {
	Text string
	Href string // where it can be mended
	Who  string // who can mend it
}

// Member is a person in the list of people.
type Member struct {
	Person
	Email     string
	Owns      string // what they own, in words
	Right     Right
	Waiting   bool // waits to be let in
	Listed    bool // named by somebody, has not come in yet
	Absences  []Absence
	Steps     int
	Version   uint64
	MayEdit   bool // name, role, contact, absences
	MayRights bool
	MayLetIn  bool
	MayRemove bool

	Door        string // how they came in, or what keeps them out, ready to read
	DoorOpen    bool   // … and somebody should look at it
	Note        string // why they are here, in somebody's words
	Language    string
	Salutation  string
	MayRelease  bool // give access to who is only named
	MayName     bool // name as the other side's first lead
	MayInvite   bool // send the invitation again
	MayHand     bool // make a link to hand over
	MayWithdraw bool // end their links and browsers
	MayEnd      bool // … and their access

	StandIn     string // id of who stands in for this lead
	MayStandIn  bool   // the reader is this lead and may name who stands in
	MayClaim    bool   // the reader is this editor and may give notice to lead
	MayTakeLead bool   // … and the notice has passed
	MayObject   bool   // the reader leads the side and may object to this one's claim
	Claim       string // the notice, ready to read
}

// Right is what a person may do.
type Right string

// The rights, the widest first.
const (
	RightLead        Right = "lead"
	RightEditor      Right = "editor"
	RightContributor Right = "contributor"
	RightViewer      Right = "viewer"
)

// Absence is when somebody is away; both ends are included.
type Absence struct {
	ID       string
	From, To civil.Day
	Note     string
}

// Goal is what a side wants; Side is empty for what both want.
type Goal struct {
	ID      string
	Side    Side
	Text    string
	Seal    Seal
	Version uint64
	Digest  string
	MayEdit bool
}

// Criterion is how both will know.
type Criterion struct {
	ID      string
	Text    string
	By      civil.Day
	Seal    Seal
	Version uint64
	Digest  string
	MayEdit bool
}

// Risk is what may delay the plan.
type Risk struct {
	ID          string
	Title       string
	Probability float64 // 0 to 1
	Low, Likely float64 // working days
	High        float64
	Mitigation  string
	Owner       Person
	Steps       []Ref
	Version     uint64
	MayEdit     bool
}

// Ref names a step elsewhere on the page.
type Ref struct {
	ID    string
	Title string
	Note  string // "2 Arbeitstage danach"
	Done  bool
}

// Entry is one sentence of the history.
type Entry struct {
	Seq  uint64
	When time.Time
	Side Side
	Text string // "Sarah Chen hat die Rechtsprüfung vom 18. auf den 26. Mai verschoben."
	Why  string // the reason, in its author's words
	Item string // id, if it is about a step
	Undo *Undo
}

// Detail is a step in full.
type Detail struct {
	Item     *Item
	DoneWhen string
	Stood    []Stood
	Before   []Ref // what it waits for
	Then     []Ref // what waits for it
	Result   string
	Expects  string // why the owner expects another date
	Proposal *Ask
	Comments []Comment
	Notes    []Comment // only the reader's side's
	Reads    []Document
	Add      *AddDocument // nil: the reader may not
	History  []Entry
	Advice   []Advice
	Timing   *Timing // nil: nothing could be computed, or it is done
	May      ItemMoves
	Undo     *Undo
	Problem  *Problem
}

// Stood says who stands behind the present terms and since when.
type Stood struct {
	Side Side
	By   string
	On   civil.Day
}

// Comment is somebody's words.
type Comment struct {
	ID      string
	By      Person
	When    time.Time
	Text    string
	Version uint64 // of a note, which can be taken out
}

// Advice is quiet: what is vague or unlikely, and a better wording.
type Advice struct{ Text, Suggestion string }

// ItemMoves are the moves this reader may make on a step now.
type ItemMoves struct {
	Stand, Commit, AskDate, HandOver, NotMine    bool
	Edit, Propose, Expect, Earlier               bool
	Start, Report, Confirm, Dispute              bool
	Block, Unblock, Remove, ProposeRemoval, Link bool
	Tackle, Pass                                 bool // what blocks it: the next step, and that it is not the reader's move
	Comment, Note                                bool
}

// Problem is a move that was refused: it is shown in that move's form, which
// keeps what was typed.
type Problem struct {
	Move   string // as in the address: "expect"
	Text   string
	Fixes  []string
	Field  string // the field that is wrong, if one is
	Typed  map[string]string
	Theirs []Change // the item changed meanwhile: New is what it is now, Old what the form was made against
}
