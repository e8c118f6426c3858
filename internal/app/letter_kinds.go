package app

// Kinds of letters. Who composes which: see the callers of Service.compose.
const (
	LetterSignIn      LetterKind = "sign-in"      // the link and code a member asked for
	LetterProof       LetterKind = "proof"        // the code that proves an address before something weighty
	LetterWelcome     LetterKind = "welcome"      // tells a new member that they have an account
	LetterNewWay      LetterKind = "new-way"      // tells a member that there is a new way into their account
	LetterDoorLink    LetterKind = "door-link"    // a fresh personal link, asked for at the front door
	LetterDoorConfirm LetterKind = "door-confirm" // confirms the address of somebody of an allowed domain
	LetterDoorAsked   LetterKind = "door-asked"   // tells a lead that a stranger knocked
	LetterDoorOpened  LetterKind = "door-opened"  // the link of who asked there and was let in
	LetterInvitation  LetterKind = "invitation"   // the first mail to somebody on a plan

	LetterProposal LetterKind = "proposal"  // a proposal to answer
	LetterAnswer   LetterKind = "answer"    // what became of the reader's proposal
	LetterToAccept LetterKind = "to-accept" // the other side accepted the plan, the reader's has not
	LetterOwnerAsk LetterKind = "owner-ask" // steps proposed for the reader (rule 6)
	LetterReceipt  LetterKind = "receipt"   // the plan was accepted or changed by agreement: sequence and head hash (rule 15)
	LetterWeek     LetterKind = "week"      // the reader's steps of the week
	LetterRemind   LetterKind = "remind"    // before a step is due
	LetterOverdue  LetterKind = "overdue"   // after it was due
	LetterBlocked  LetterKind = "blocked"   // something waits for the reader
	LetterMinutes  LetterKind = "minutes"   // of a check-in
	LetterDigest   LetterKind = "digest"    // a lead's week
	LetterBounce   LetterKind = "bounce"    // mail to somebody did not arrive
	LetterEnds     LetterKind = "plan-ends" // the plan will be deleted

	LetterNotUnderstood LetterKind = "not-understood"   // what a reply could not say to the plan
	LetterAsComment     LetterKind = "taken-as-comment" // a reply became a comment
	LetterUnverified    LetterKind = "unverified-mail"  // a mail came in the reader's name, from somebody who was not proven to be them

	LetterCheckIn       LetterKind = "checkin"        // invitation, update
	LetterCheckInCancel LetterKind = "checkin-cancel" // cancellation
)

// AllMail stands for every kind that may be switched off.
const AllMail LetterKind = "*"

// manner is how letters of a kind are handled.
type manner struct {
	asked    bool // the reader asked for it, just now: sent at once, to whoever asked
	optional bool // the reader may have no more of it
	ends     bool // ends what an earlier letter began, also for who is not on the plan any more
}

var manners = map[LetterKind]manner{
	LetterSignIn: {asked: true}, LetterWelcome: {}, LetterNewWay: {}, LetterProof: {asked: true}, LetterDoorLink: {asked: true}, LetterDoorConfirm: {asked: true}, LetterDoorOpened: {asked: true},
	LetterNotUnderstood: {asked: true}, LetterAsComment: {asked: true},
	LetterDoorAsked: {optional: true}, LetterInvitation: {}, LetterEnds: {},
	LetterProposal: {optional: true}, LetterAnswer: {optional: true}, LetterToAccept: {optional: true}, LetterOwnerAsk: {optional: true}, LetterReceipt: {optional: true}, LetterWeek: {optional: true},
	LetterRemind: {optional: true}, LetterOverdue: {optional: true}, LetterBlocked: {optional: true}, LetterMinutes: {optional: true},
	LetterDigest: {optional: true}, LetterBounce: {optional: true}, LetterCheckIn: {optional: true}, LetterCheckInCancel: {optional: true, ends: true},
}

// OptionalLetters are the kinds a reader may switch off, in the order of the
// page that offers it.
func OptionalLetters() []LetterKind {
	return []LetterKind{LetterProposal, LetterOwnerAsk, LetterBlocked, LetterWeek, LetterRemind, LetterOverdue, LetterReceipt,
		LetterMinutes, LetterCheckIn, LetterDigest, LetterDoorAsked, LetterBounce}
}

// sameSwitch is the kind under whose switch a kind stands: nobody wants
// invitations without their cancellations.
func (k LetterKind) sameSwitch() LetterKind {
	switch k {
	case LetterCheckInCancel:
		return LetterCheckIn
	case LetterAnswer, LetterToAccept:
		return LetterProposal
	}
	return k
}
