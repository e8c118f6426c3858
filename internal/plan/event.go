package plan

import (
	"time"

	"tandem/internal/civil"
)

// allEvents lists every kind of the shared and the private streams.
var allEvents = []Event{
	(*PlanCreated)(nil), (*PlanShared)(nil), (*PlanSettingsChanged)(nil), (*PlanAccepted)(nil),
	(*PlanAgreed)(nil), (*ItemsAgreed)(nil), (*PlanPaused)(nil), (*PlanResumed)(nil), (*PlanLeft)(nil),
	(*PlanDecided)(nil), (*PlanArchived)(nil), (*ErasureDone)(nil),
	(*PersonAdded)(nil), (*PersonEdited)(nil), (*PersonAccess)(nil), (*PersonRecognised)(nil),
	(*PersonLeft)(nil), (*StandInNamed)(nil), (*LeadClaimed)(nil), (*LeadClaimEnded)(nil),
	(*ItemAdded)(nil), (*ItemEdited)(nil), (*ItemDeviated)(nil), (*ItemDetailed)(nil), (*ItemStood)(nil),
	(*ItemRemoved)(nil), (*ItemUndone)(nil), (*OwnerAnswered)(nil),
	(*ActionExpected)(nil), (*ActionStarted)(nil), (*ActionDone)(nil), (*ActionConfirmed)(nil),
	(*ActionReopened)(nil), (*ActionBlocked)(nil), (*ActionUnblocked)(nil),
	(*CommentAdded)(nil), (*DocumentAdded)(nil), (*DocumentRemoved)(nil), (*ProposalMade)(nil), (*ProposalAccepted)(nil), (*ProposalClosed)(nil),
	(*CheckInScheduled)(nil), (*CheckInChanged)(nil), (*CheckInMoved)(nil), (*CheckInCancelled)(nil), (*CheckInAnswered)(nil),
	(*SessionStarted)(nil), (*SessionLed)(nil), (*SessionStepped)(nil), (*SessionPaused)(nil), (*SessionEnded)(nil),
	(*QuoteKept)(nil), (*QuoteEdited)(nil), (*QuoteRemoved)(nil), (*QuoteUsed)(nil), (*FormChanged)(nil), (*WayChosen)(nil),
	(*CheckInOpened)(nil), (*CheckInNoted)(nil), (*CheckInClosed)(nil), (*ActionTackled)(nil), (*ActionPassed)(nil),
	(*PersonArrived)(nil), (*PersonAsked)(nil), (*PersonDisowned)(nil), (*DomainsAllowed)(nil),
	(*InternalSet)(nil), (*InternalRemoved)(nil), (*NoteSet)(nil), (*NoteRemoved)(nil),
	(*PaperWritten)(nil), (*PaperShared)(nil),
}

// Events of the plan as a whole.
type (
	PlanCreated struct {
		Plan         ID              `json:"plan"`
		Workspace    ID              `json:"workspace"`
		Home         Side            `json:"home"`
		Language     string          `json:"language"`
		Predecessor  ID              `json:"predecessor,omitempty"`
		Form         Form            `json:"form,omitempty"`
		Process      string          `json:"process,omitempty"`
		Notice       Text            `json:"notice,omitzero"`
		Organisation Sides[Text]     `json:"organisation"`
		Calendar     Sides[Calendar] `json:"calendar,omitzero"`
		Start        civil.Day       `json:"start,omitzero"`
	}
	PlanShared          struct{}
	PlanSettingsChanged struct {
		Language     string          `json:"language"`
		Notice       Text            `json:"notice,omitzero"`
		Organisation Sides[Text]     `json:"organisation"`
		Calendar     Sides[Calendar] `json:"calendar,omitzero"`
		Start        civil.Day       `json:"start,omitzero"`
	}
	// PlanAccepted is a lead's yes: the side stands behind every item named.
	PlanAccepted struct {
		Side   Side         `json:"side"`
		Digest Digest       `json:"digest"`
		Items  []ItemDigest `json:"items"`
	}
	ItemDigest struct {
		Item   ID     `json:"item"`
		Digest Digest `json:"digest"`
	}
	// PlanAgreed follows when both leads have accepted the same content.
	PlanAgreed struct {
		Revision int `json:"revision"`
		Baseline int `json:"baseline"`
	}
	// ItemsAgreed follows in an agreed plan when both sides stand behind terms
	// that were not agreed before.
	ItemsAgreed struct {
		Revision int  `json:"revision"`
		Items    []ID `json:"items"`
	}
	PlanPaused struct {
		Side   Side      `json:"side"`
		Reason Text      `json:"reason"`
		Review civil.Day `json:"review"`
		Since  civil.Day `json:"since"`
	}
	PlanResumed struct{}
	PlanLeft    struct {
		Side   Side `json:"side"`
		Reason Text `json:"reason,omitzero"`
	}
	PlanDecided struct {
		Outcome   Outcome   `json:"outcome"`
		Reason    Text      `json:"reason,omitzero"`
		On        civil.Day `json:"on"`
		Corrected bool      `json:"corrected,omitempty"`
	}
	PlanArchived struct{}
	// ErasureDone says that words were erased, not whose.
	ErasureDone struct{}
)

// Events of people.
type (
	PersonAdded struct {
		Person Person `json:"person"`
	}
	PersonEdited struct {
		Person   ID     `json:"person"`
		Name     Text   `json:"name"`
		Role     Text   `json:"role,omitzero"`
		Email    Text   `json:"email,omitzero"`
		Absences []Span `json:"absences,omitempty"`

		Language   string `json:"language,omitempty"`
		Salutation Text   `json:"salutation,omitzero"`
		Zone       string `json:"zone,omitempty"`
	}
	PersonAccess struct {
		Person   ID     `json:"person"`
		Access   Access `json:"access,omitempty"`
		Verified string `json:"verified,omitempty"`
	}
	// PersonRecognised says that a newcomer is a person already listed.
	PersonRecognised struct {
		Person ID     `json:"person"`
		As     ID     `json:"as"`
		Access Access `json:"access"`
	}
	PersonLeft struct {
		Person ID `json:"person"`
	}
	// PersonArrived says that a listed person came in themselves.
	PersonArrived struct {
		Person   ID     `json:"person"`
		Access   Access `json:"access"`
		Verified string `json:"verified,omitempty"`
		Proven   bool   `json:"proven,omitempty"`
	}
	// PersonAsked is a stranger at the front door who asks to be let in.
	PersonAsked struct {
		Person Person `json:"person"`
	}
	// PersonDisowned says that whoever gets a person's mail is somebody else.
	PersonDisowned struct {
		Person ID `json:"person"`
	}
	// DomainsAllowed says whose addresses get into a side by being confirmed.
	DomainsAllowed struct {
		Side    Side     `json:"side"`
		Domains []string `json:"domains,omitempty"`
	}
	StandInNamed struct {
		Lead   ID `json:"lead"`
		Person ID `json:"person,omitempty"` // empty: nobody any more
	}
	LeadClaimed struct {
		Side  Side      `json:"side"`
		After civil.Day `json:"after"`
	}
	LeadClaimEnded struct {
		Side Side `json:"side"`
		Won  bool `json:"won"`
	}
)

// Events of items.
type (
	ItemAdded struct {
		Item     ID       `json:"item"`
		ItemKind Kind     `json:"kind"`
		Terms    Terms    `json:"terms,omitzero"`
		Stand    bool     `json:"stand,omitempty"` // the author's side stands behind it
		Details  Details  `json:"details,omitzero"`
		Progress Progress `json:"progress,omitzero"`
	}
	ItemEdited struct {
		Item  ID    `json:"item"`
		Old   Terms `json:"old"`
		New   Terms `json:"new"`
		Stand bool  `json:"stand,omitempty"`
		For   *ID   `json:"for,omitempty"` // another milestone it counts for, empty for none
	}
	ItemDeviated struct {
		Item   ID       `json:"item"`
		Rule   FreeRule `json:"rule"`
		Old    Terms    `json:"old"`
		New    Terms    `json:"new"`
		Reason Text     `json:"reason,omitzero"`
		Stand  bool     `json:"stand,omitempty"`
		For    *ID      `json:"for,omitempty"`
	}
	ItemDetailed struct {
		Item ID      `json:"item"`
		Old  Details `json:"old"`
		New  Details `json:"new"`
	}
	ItemStood struct {
		Item   ID     `json:"item"`
		Digest Digest `json:"digest"`
	}
	ItemRemoved struct {
		Item ID   `json:"item"`
		With []ID `json:"with,omitempty"` // links that went with it
	}
	ItemUndone struct {
		Item ID     `json:"item"`
		Seq  int64  `json:"seq"`  // of the event taken back
		What string `json:"what"` // its kind
	}
	OwnerAnswered struct {
		Item   ID         `json:"item"`
		Side   Side       `json:"side"`
		Answer AnswerKind `json:"answer"`
		Digest Digest     `json:"digest"`
		Date   civil.Day  `json:"date,omitzero"`
		To     ID         `json:"to,omitempty"`
		Reason Text       `json:"reason,omitzero"`
	}
	ActionExpected struct {
		Item    ID        `json:"item"`
		Date    civil.Day `json:"date,omitzero"`
		Because Text      `json:"because,omitzero"`
	}
	ActionStarted struct {
		Item      ID        `json:"item"`
		On        civil.Day `json:"on"`
		Remaining *int      `json:"remaining,omitempty"`
	}
	ActionDone struct {
		Item   ID        `json:"item"`
		On     civil.Day `json:"on"`
		Result Text      `json:"result,omitzero"`
	}
	ActionConfirmed struct {
		Item ID `json:"item"`
	}
	ActionReopened struct {
		Item    ID   `json:"item"`
		Missing Text `json:"missing"`
	}
	ActionBlocked struct {
		Item  ID    `json:"item"`
		Block Block `json:"block"`
	}
	ActionUnblocked struct {
		Item   ID   `json:"item"`
		Solved Text `json:"solved,omitzero"`
	}
	// ActionTackled says how it goes on with what blocks an action.
	ActionTackled struct {
		Item   ID        `json:"item"`
		Next   Text      `json:"next"`
		NextBy civil.Day `json:"nextBy,omitzero"`
		Waits  Side      `json:"waits,omitempty"`
		Person ID        `json:"person,omitempty"`
	}
	// ActionPassed says that the move is not that of who was named.
	ActionPassed struct {
		Item    ID   `json:"item"`
		Because Text `json:"because,omitzero"`
	}
	CommentAdded struct {
		Comment ID   `json:"comment"`
		Item    ID   `json:"item,omitempty"`
		Text    Text `json:"text"`
	}
	DocumentAdded struct {
		Document  ID    `json:"document"`
		Item      ID    `json:"item"`
		Title     Text  `json:"title,omitzero"`
		Link      Text  `json:"link"`
		File      *File `json:"file,omitempty"`
		Replaces  ID    `json:"replaces,omitempty"`
		Delivered bool  `json:"delivered,omitempty"`
	}
	DocumentRemoved struct {
		Document ID `json:"document"`
		Item     ID `json:"item"`
	}
)

// Events of proposals.
type (
	ProposalMade struct {
		Proposal ID        `json:"proposal"`
		Changes  []Change  `json:"changes"`
		Reason   Text      `json:"reason,omitzero"`
		Expires  civil.Day `json:"expires"`
		Counters ID        `json:"counters,omitempty"`
	}
	ProposalAccepted struct {
		Proposal ID            `json:"proposal"`
		Revision int           `json:"revision"`
		Waited   time.Duration `json:"waited"` // from proposal to answer, in nanoseconds
	}
	ProposalClosed struct {
		Proposal ID             `json:"proposal"`
		Status   ProposalStatus `json:"status"`
		Answer   Text           `json:"answer,omitzero"`
		By       ID             `json:"by,omitempty"` // the counter-proposal
		Because  []ID           `json:"because,omitempty"`
	}
)

// Events of check-ins.
type (
	CheckInScheduled struct {
		CheckIn  ID          `json:"checkIn"`
		New      Appointment `json:"new"`
		External bool        `json:"external,omitempty"`
		UID      Text        `json:"uid,omitzero"`
		Sequence int         `json:"sequence,omitempty"`
	}
	CheckInChanged struct {
		CheckIn  ID          `json:"checkIn"`
		Old      Appointment `json:"old"`
		New      Appointment `json:"new"`
		Sequence int         `json:"sequence"`
	}
	CheckInMoved struct {
		CheckIn  ID       `json:"checkIn"`
		To       MovedOne `json:"to"`
		Sequence int      `json:"sequence"`
	}
	CheckInCancelled struct {
		CheckIn  ID        `json:"checkIn"`
		Day      civil.Day `json:"day,omitzero"` // none: all of it
		Sequence int       `json:"sequence"`
	}
	CheckInAnswered struct {
		CheckIn ID        `json:"checkIn"`
		Day     civil.Day `json:"day,omitzero"`
		Answer  Coming    `json:"answer"`
	}
)

// Events of check-ins that are held.
type (
	CheckInOpened struct {
		Run     ID        `json:"run"`
		CheckIn ID        `json:"checkIn,omitempty"` // none: without appointment
		Day     civil.Day `json:"day"`
		Since   int64     `json:"since,omitempty"` // last event of the one before; 0: there was none
	}
	// CheckInNoted is a note, its new wording, or that its author took it back.
	CheckInNoted struct {
		Run     ID   `json:"run"`
		Note    ID   `json:"note"`
		Item    ID   `json:"item,omitempty"`
		Text    Text `json:"text,omitzero"`
		Removed bool `json:"removed,omitempty"`
	}
	// CheckInClosed ends one. Its minutes are what happened after Since and up to
	// Until, and the notes.
	CheckInClosed struct {
		Run     ID       `json:"run"`
		Since   int64    `json:"since,omitempty"`
		Until   int64    `json:"until"`
		Present []ID     `json:"present,omitempty"`
		Next    *NextOne `json:"next,omitempty"`
	}
)

// Events of a side's private stream.
type (
	InternalSet struct {
		Action Internal `json:"action"`
	}
	InternalRemoved struct {
		Action ID `json:"action"`
	}
	NoteSet struct {
		Note Note `json:"note"`
	}
	NoteRemoved struct {
		Note ID `json:"note"`
	}
)

func (*PlanCreated) Kind() string         { return "plan.created" }
func (*PlanShared) Kind() string          { return "plan.shared" }
func (*PlanSettingsChanged) Kind() string { return "plan.settings" }
func (*PlanAccepted) Kind() string        { return "plan.accepted" }
func (*PlanAgreed) Kind() string          { return "plan.agreed" }
func (*ItemsAgreed) Kind() string         { return "items.agreed" }
func (*PlanPaused) Kind() string          { return "plan.paused" }
func (*PlanResumed) Kind() string         { return "plan.resumed" }
func (*PlanLeft) Kind() string            { return "plan.left" }
func (*PlanDecided) Kind() string         { return "plan.decided" }
func (*PlanArchived) Kind() string        { return "plan.archived" }
func (*ErasureDone) Kind() string         { return "plan.erasure" }
func (*PersonAdded) Kind() string         { return "person.added" }
func (*PersonEdited) Kind() string        { return "person.edited" }
func (*PersonAccess) Kind() string        { return "person.access" }
func (*PersonRecognised) Kind() string    { return "person.recognised" }
func (*PersonLeft) Kind() string          { return "person.left" }
func (*PersonArrived) Kind() string       { return "person.arrived" }
func (*PersonAsked) Kind() string         { return "person.asked" }
func (*PersonDisowned) Kind() string      { return "person.disowned" }
func (*DomainsAllowed) Kind() string      { return "domains.allowed" }
func (*StandInNamed) Kind() string        { return "lead.standin" }
func (*LeadClaimed) Kind() string         { return "lead.claimed" }
func (*LeadClaimEnded) Kind() string      { return "lead.claim-ended" }
func (*ItemAdded) Kind() string           { return "item.added" }
func (*ItemEdited) Kind() string          { return "item.edited" }
func (*ItemDeviated) Kind() string        { return "item.deviated" }
func (*ItemDetailed) Kind() string        { return "item.detailed" }
func (*ItemStood) Kind() string           { return "item.stood" }
func (*ItemRemoved) Kind() string         { return "item.removed" }
func (*ItemUndone) Kind() string          { return "item.undone" }
func (*OwnerAnswered) Kind() string       { return "owner.answered" }
func (*ActionExpected) Kind() string      { return "action.expected" }
func (*ActionStarted) Kind() string       { return "action.started" }
func (*ActionDone) Kind() string          { return "action.done" }
func (*ActionConfirmed) Kind() string     { return "action.confirmed" }
func (*ActionReopened) Kind() string      { return "action.reopened" }
func (*ActionBlocked) Kind() string       { return "action.blocked" }
func (*ActionUnblocked) Kind() string     { return "action.unblocked" }
func (*CommentAdded) Kind() string        { return "comment.added" }
func (*DocumentAdded) Kind() string       { return "document.added" }
func (*DocumentRemoved) Kind() string     { return "document.removed" }
func (*ProposalMade) Kind() string        { return "proposal.made" }
func (*ProposalAccepted) Kind() string    { return "proposal.accepted" }
func (*ProposalClosed) Kind() string      { return "proposal.closed" }
func (*CheckInScheduled) Kind() string    { return "checkin.scheduled" }
func (*CheckInChanged) Kind() string      { return "checkin.changed" }
func (*CheckInMoved) Kind() string        { return "checkin.moved" }
func (*CheckInCancelled) Kind() string    { return "checkin.cancelled" }
func (*CheckInAnswered) Kind() string     { return "checkin.answered" }
func (*CheckInOpened) Kind() string       { return "checkin.opened" }
func (*CheckInNoted) Kind() string        { return "checkin.noted" }
func (*CheckInClosed) Kind() string       { return "checkin.closed" }
func (*ActionTackled) Kind() string       { return "action.tackled" }
func (*ActionPassed) Kind() string        { return "action.passed" }
func (*InternalSet) Kind() string         { return "internal.set" }
func (*InternalRemoved) Kind() string     { return "internal.removed" }
func (*NoteSet) Kind() string             { return "note.set" }
func (*NoteRemoved) Kind() string         { return "note.removed" }
