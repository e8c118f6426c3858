// Package process holds typical ways in which two companies come to a
// decision together: who does what, how long it usually takes, what waits for
// what, and what commonly goes wrong. A process has no dates and no names;
// Lay gives it both and makes a plan of it.
//
// Durations are working days of whoever has to work. Everything people read
// is there in German and in English.
package process

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"tandem/internal/civil"
	"tandem/internal/planfile"
)

// Words are the same words in both languages. A workspace's own process may
// have them in one only.
type Words struct {
	DE string `json:"de,omitempty"`
	EN string `json:"en,omitempty"`
}

// In is the words in a language ("de" or "en"), or in the other if there are
// none in that one.
func (w Words) In(lang string) string {
	if lang == "de" && w.DE != "" || w.EN == "" {
		return w.DE
	}
	return w.EN
}

// IsZero reports that there are no words.
func (w Words) IsZero() bool { return w == Words{} }

// Process is one typical way to a decision. It is immutable once it was made.
type Process struct {
	ID      string `json:"id"`
	Version int    `json:"version"` // 1 and up; a changed process is a new version
	Name    Words  `json:"name"`
	Purpose Words  `json:"purpose"`          // one sentence: what it is for
	Caution Words  `json:"caution,omitzero"` // what to know before using it; mostly nothing
	Title   Words  `json:"title,omitzero"`   // of a plan made from it; {buyer} and {seller} stand for the companies

	Roles      []Role      `json:"roles"`
	Milestones []Milestone `json:"milestones"`
	Steps      []Step      `json:"steps"`
	Gates      []Gate      `json:"gates,omitempty"`
	Risks      []Risk      `json:"risks,omitempty"`

	// Decision is the step with which it is decided; empty: the last one. Steps
	// that wait for it come after the decision.
	Decision string `json:"decision,omitempty"`
}

// Role is what somebody is in the process, to be filled by a name.
type Role struct {
	ID   string        `json:"id"`
	Side planfile.Side `json:"side"` // buyer or seller
	Name Words         `json:"name"`
}

// Milestone is a point both sides steer by.
type Milestone struct {
	ID    string `json:"id"`
	Title Words  `json:"title"`
}

// Step is one thing one role does; a joint step has a role on each side.
// Low ≤ Likely ≤ High are working days (calendar days if Elapsed).
type Step struct {
	ID        string        `json:"id"`
	Title     Words         `json:"title"`
	DoneWhen  Words         `json:"doneWhen,omitzero"`
	Side      planfile.Side `json:"side"`
	Buyer     string        `json:"buyer,omitempty"`  // role of the buyer's owner
	Seller    string        `json:"seller,omitempty"` // role of the seller's owner
	Low       int           `json:"low"`
	Likely    int           `json:"likely"`
	High      int           `json:"high"`
	Elapsed   bool          `json:"elapsed,omitempty"`
	Kind      string        `json:"kind,omitempty"` // as in a plan file, e.g. "legal-review"
	Milestone string        `json:"milestone,omitempty"`
	Gate      string        `json:"gate,omitempty"`
	After     []After       `json:"after,omitempty"`
}

// After is a step that comes first. Type and lag are those of a plan file's
// link; empty is "starts when that is finished". In JSON it may be the id
// alone.
type After struct {
	Step        string `json:"step"`
	Type        string `json:"type,omitempty"`
	Lag         int    `json:"lag,omitempty"`
	LagCalendar string `json:"lagCalendar,omitempty"`
}

// UnmarshalJSON reads an object, or the id alone.
func (a *After) UnmarshalJSON(b []byte) error {
	*a = After{}
	if bytes.HasPrefix(b, []byte(`"`)) {
		return json.Unmarshal(b, &a.Step)
	}
	type plain After
	return json.Unmarshal(b, (*plain)(a))
}

// MarshalJSON writes the id alone where that says everything.
func (a After) MarshalJSON() ([]byte, error) {
	if a == (After{Step: a.Step}) {
		return json.Marshal(a.Step)
	}
	type plain After
	return json.Marshal(plain(a))
}

// Gate is a committee of the buyer's. When it meets is an assumption that the
// buyer corrects in the plan.
type Gate struct {
	ID        string    `json:"id"`
	Title     Words     `json:"title"`
	Rule      string    `json:"rule"` // RFC 5545
	Anchor    civil.Day `json:"anchor,omitzero"`
	LeadDays  int       `json:"leadDays,omitempty"` // working days before the meeting to hand in
	OnHoliday string    `json:"onHoliday,omitempty"`
}

// Risk is something that commonly goes wrong. Probability is 0 to 1; Low ≤
// Likely ≤ High are working days it would cost. Steps are those of the process
// it threatens; Kinds are the kinds of steps it threatens anywhere.
type Risk struct {
	ID          string   `json:"id"`
	Title       Words    `json:"title"`
	Mitigation  Words    `json:"mitigation"`
	Probability float64  `json:"probability"`
	Low         float64  `json:"low"`
	Likely      float64  `json:"likely"`
	High        float64  `json:"high"`
	Kinds       []string `json:"kinds,omitempty"`
	Steps       []string `json:"steps,omitempty"`
}

// Ref names a process in a version: "mid-market@1". It is kept with a plan
// made from it.
func (p *Process) Ref() string { return p.ID + "@" + strconv.Itoa(p.Version) }

// SplitRef is the opposite of Ref; false for anything else.
func SplitRef(ref string) (id string, version int, ok bool) {
	id, number, found := strings.Cut(ref, "@")
	version, err := strconv.Atoi(number)
	return id, version, found && err == nil && id != "" && version > 0
}

// Step finds a step by its id; nil if there is none.
func (p *Process) Step(id string) *Step {
	i := slices.IndexFunc(p.Steps, func(s Step) bool { return s.ID == id })
	if i < 0 {
		return nil
	}
	return &p.Steps[i]
}

// Role finds a role by its id; nil if there is none.
func (p *Process) Role(id string) *Role {
	i := slices.IndexFunc(p.Roles, func(r Role) bool { return r.ID == id })
	if i < 0 {
		return nil
	}
	return &p.Roles[i]
}

// StepsOf lists the steps that belong to a milestone; to an empty one those
// that lead to the decision itself.
func (p *Process) StepsOf(milestone string) []Step {
	var out []Step
	for _, s := range p.Steps {
		if s.Milestone == milestone {
			out = append(out, s)
		}
	}
	return out
}

// Shares of the steps, 0 to 1, by whose they are. Healthy is buyer 30 to 50 %,
// seller 25 to 40 %, joint 20 to 35 %.
func (p *Process) Shares() (buyer, seller, joint float64) {
	for _, s := range p.Steps {
		switch s.Side {
		case planfile.Buyer:
			buyer++
		case planfile.Seller:
			seller++
		default:
			joint++
		}
	}
	all := max(float64(len(p.Steps)), 1)
	return buyer / all, seller / all, joint / all
}

// clone is a copy that shares nothing.
func (p *Process) clone() *Process {
	q := *p
	q.Roles, q.Milestones, q.Gates = slices.Clone(p.Roles), slices.Clone(p.Milestones), slices.Clone(p.Gates)
	q.Steps = slices.Clone(p.Steps)
	for i := range q.Steps {
		q.Steps[i].After = slices.Clone(q.Steps[i].After)
	}
	q.Risks = cloneRisks(p.Risks)
	return &q
}

func cloneRisks(in []Risk) []Risk {
	out := slices.Clone(in)
	for i := range out {
		out[i].Kinds, out[i].Steps = slices.Clone(out[i].Kinds), slices.Clone(out[i].Steps)
	}
	return out
}

// As is a copy with an id and a version of its own.
func (p *Process) As(id string, version int) *Process {
	q := p.clone()
	q.ID, q.Version = id, version
	return q
}

// Same reports whether two processes say the same, whatever their versions.
func (p *Process) Same(q *Process) bool {
	a, err1 := json.Marshal(p.As("x", 1))
	b, err2 := json.Marshal(q.As("x", 1))
	return err1 == nil && err2 == nil && bytes.Equal(a, b)
}

// Weeks is about how many weeks the process takes with the usual buffer and
// nothing that stretches it, without holidays; at least one.
func (p *Process) Weeks() int {
	const monday = 20_516 // any would do: without holidays all are alike
	l, err := p.LayOut(Fill{Today: monday, Buffer: Buffer})
	if err != nil {
		return 1
	}
	return max(1, (int(l.Decision-l.Start)+3)/7)
}
