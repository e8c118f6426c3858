// Package readiness says whether it is time to bring up a shared plan with a
// buyer, why, and what helps when somebody hesitates.
//
// Too early a plan is presumptuous, too late it helps little. The right moment
// is after the first talks, when the buyer has said that they want to examine
// the matter for real, more than one person there has a say, and what is ahead
// is more than a handshake. Where one of that is missing a plan is not
// forbidden: a light one may be what fits, or something else comes first.
package readiness

import "slices"

// Answer is what somebody says about a condition.
type Answer string

// The answers. An empty one counts as Partly: nobody knows yet.
const (
	Yes    Answer = "yes"
	Partly Answer = "partly" // in part, or not known
	No     Answer = "no"
)

// Question is a condition for bringing up a plan.
type Question string

// The conditions, in the order in which they are asked.
const (
	Interest   Question = "interest"   // the buyer has said that they want to examine it for real
	Discovery  Question = "discovery"  // goals, needs and who decides are understood
	People     Question = "people"     // more than one person at the buyer takes part
	Complexity Question = "complexity" // several approvals, reviews or weeks are ahead
	Date       Question = "date"       // the buyer has named a date, or why one matters
)

// Questions are all of them, in their order.
func Questions() []Question { return []Question{Interest, Discovery, People, Complexity, Date} }

// Answers are the answers to the questions.
type Answers map[Question]Answer

// of is the answer to a question; nobody knows is Partly.
func (a Answers) of(q Question) Answer {
	if x := a[q]; x == Yes || x == No {
		return x
	}
	return Partly
}

// Complete reports that every question has an answer.
func (a Answers) Complete() bool {
	return !slices.ContainsFunc(Questions(), func(q Question) bool { return !slices.Contains([]Answer{Yes, Partly, No}, a[q]) })
}

// Level is the advice in a word.
type Level string

// The levels.
const (
	Now   Level = "now"   // bring up a plan
	Light Level = "light" // a plan of one page
	Wait  Level = "wait"  // something else comes first
)

// Levels are all of them.
func Levels() []Level { return []Level{Now, Light, Wait} }

// Reason is why: a question with the answer that speaks for the advice.
type Reason struct {
	Question Question
	Answer   Answer
}

// Advice is what the answers lead to.
type Advice struct {
	Level   Level
	Reasons []Reason   // what the advice rests on, the weightiest first; never empty
	Flags   []Question // red flags: conditions answered with no, but for the date
	First   []Question // what to clear up first, or in the first talk about the plan
}

// Advise turns answers into advice.
//
// No real interest, or talks that have not been had, mean waiting. One person
// alone means waiting where much is ahead, since somebody has to say yes who is
// not there yet; where little is ahead a light plan will do. Whatever else is
// not certain makes the plan a light one, unless interest and talks are both
// uncertain. A date that nobody named stops nothing: it is the first question
// of the talk.
func Advise(a Answers) Advice {
	var out Advice
	for _, q := range Questions() {
		x := a.of(q)
		if x == No && q != Date {
			out.Flags = append(out.Flags, q)
		}
		if x != Yes && q != Complexity { // little that is ahead need not be cleared up
			out.First = append(out.First, q)
		}
	}
	out.Level, out.Reasons = level(a)
	return out
}

func level(a Answers) (Level, []Reason) {
	because := func(qs ...Question) []Reason {
		var out []Reason
		for _, q := range qs {
			out = append(out, Reason{q, a.of(q)})
		}
		return out
	}
	interest, discovery, people, complexity := a.of(Interest), a.of(Discovery), a.of(People), a.of(Complexity)
	var stops []Question
	if interest == No {
		stops = append(stops, Interest)
	}
	if discovery == No {
		stops = append(stops, Discovery)
	}
	if people == No && complexity == Yes {
		stops = append(stops, People, Complexity)
	}
	if interest == Partly && discovery == Partly {
		stops = append(stops, Interest, Discovery)
	}
	if len(stops) > 0 {
		return Wait, because(stops...)
	}
	var smaller []Question
	for _, q := range []Question{Complexity, People, Interest, Discovery} {
		if a.of(q) != Yes {
			smaller = append(smaller, q)
		}
	}
	if len(smaller) > 0 {
		return Light, because(smaller...)
	}
	return Now, because(Interest, Discovery, People, Complexity)
}
