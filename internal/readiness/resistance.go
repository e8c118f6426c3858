package readiness

import "slices"

// Objection is what somebody at the buyer says against a plan.
type Objection string

// The four objections.
const (
	Formal   Objection = "formal"   // too formal for where we are
	Process  Objection = "process"  // we do not know our own process yet
	Timeline Objection = "timeline" // on our timeline, not on yours
	Work     Objection = "work"     // that looks like a lot of work
)

// Objections are all of them.
func Objections() []Objection { return []Objection{Formal, Process, Timeline, Work} }

// Move is what the product does about an objection.
type Move string

// The moves.
const (
	MakeLight Move = "light"   // the plan on one page
	PickSteps Move = "steps"   // typical steps to pick from
	TheyDate  Move = "dates"   // the buyer sets every date
	TheyAgree Move = "confirm" // the seller writes, the buyer only confirms
)

// Move is the one that answers the objection.
func (o Objection) Move() Move {
	switch o {
	case Process:
		return PickSteps
	case Timeline:
		return TheyDate
	case Work:
		return TheyAgree
	}
	return MakeLight
}

// Moment is where a seller meets it.
type Moment string

// The moments.
const (
	Introducing Moment = "introducing" // the idea of a plan, before there is one
	Inviting    Moment = "inviting"    // into a plan that is written
)

// Outcome is how the buyer took it.
type Outcome string

// The outcomes; an empty one is not said yet.
const (
	Welcomed Outcome = "welcomed"
	Hesitant Outcome = "hesitant"
	Refused  Outcome = "refused"
)

// Outcomes are all of them.
func Outcomes() []Outcome { return []Outcome{Welcomed, Hesitant, Refused} }

// Valid reports whether what was recorded is one of the kinds above. Objection,
// move and outcome may each be empty, but not objection and outcome both.
func Valid(m Moment, o Objection, mv Move, out Outcome) bool {
	return (m == Introducing || m == Inviting) &&
		(o == "" || slices.Contains(Objections(), o)) &&
		(mv == "" || o != "" && mv == o.Move()) &&
		(out == "" || slices.Contains(Outcomes(), out)) &&
		(o != "" || out != "")
}
