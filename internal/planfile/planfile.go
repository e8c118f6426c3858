// Package planfile is the open format that carries a plan's content:
// *.plan.json, format "tandem.plan/1". The same names are used by the API, by
// webhooks and by MCP. Stances, proposals and history are not in it.
//
// Dates are civil days; ranges include both ends. Durations, lags and impacts
// are working days unless an action says elapsed. Due is what was agreed,
// Expected what the owner believes now; neither is ever computed.
package planfile

import "tandem/internal/civil"

// Format is the name and major version that this package reads and writes.
const Format = "tandem.plan/1"

// Plan is a whole plan file. A field whose tag says neither omitempty nor
// omitzero is required in a file.
type Plan struct {
	Format     string      `json:"format"`
	Title      string      `json:"title"`
	Language   string      `json:"language,omitempty"` // "de" or "en"
	Start      civil.Day   `json:"start,omitzero"`
	DecideBy   civil.Day   `json:"decideBy,omitzero"` // the agreed decision
	Sides      Sides       `json:"sides,omitzero"`
	People     []Person    `json:"people,omitempty"`
	Goals      []Goal      `json:"goals,omitempty"`
	Criteria   []Criterion `json:"criteria,omitempty"`
	Milestones []Milestone `json:"milestones,omitempty"`
	Actions    []Action    `json:"actions,omitempty"`
	Links      []Link      `json:"links,omitempty"`
	Gates      []Gate      `json:"gates,omitempty"`
	Freezes    []Freeze    `json:"freezes,omitempty"`
	Risks      []Risk      `json:"risks,omitempty"`
}

// Side is "buyer", "seller", and for an action also "joint". A freeze or a
// goal without a side concerns both.
type Side string

const (
	Buyer  Side = "buyer"
	Seller Side = "seller"
	Joint  Side = "joint"
)

// Sides are the two organisations of a plan.
type Sides struct {
	Buyer  Party `json:"buyer,omitzero"`
	Seller Party `json:"seller,omitzero"`
}

// Party is one side's organisation and calendar.
type Party struct {
	Organisation string   `json:"organisation,omitempty"`
	Calendar     Calendar `json:"calendar,omitzero"`
}

// Calendar is a side's working week, the region of its public holidays (ISO
// 3166-2 or a country) and its own closed days. An empty Week is Monday to
// Friday.
type Calendar struct {
	Week   []string `json:"week,omitempty"` // "mon" … "sun"
	Region string   `json:"region,omitempty"`
	Closed []Span   `json:"closed,omitempty"`
}

// Span is a range of days including both ends, with a note.
type Span struct {
	From civil.Day `json:"from"`
	To   civil.Day `json:"to"`
	Note string    `json:"note,omitempty"`
}

// Person is a named human on one side.
type Person struct {
	ID       string `json:"id"`
	Side     Side   `json:"side"`
	Name     string `json:"name"`
	Role     string `json:"role,omitempty"`
	Email    string `json:"email,omitempty"`
	Lead     bool   `json:"lead,omitempty"`
	Absences []Span `json:"absences,omitempty"`
}

// Goal is what a side wants from the plan, in its own words.
type Goal struct {
	Side Side   `json:"side,omitempty"`
	Text string `json:"text"`
}

// Criterion is how both will know that a goal is met.
type Criterion struct {
	Text string    `json:"text"`
	By   civil.Day `json:"by,omitzero"`
}

// Milestone is a point both sides steer by.
type Milestone struct {
	ID    string    `json:"id"`
	Title string    `json:"title"`
	Date  civil.Day `json:"date,omitzero"`
}

// Status of an action; always written.
type Status string

const (
	Open    Status = "open"
	Started Status = "started"
	Blocked Status = "blocked"
	Done    Status = "done"
	Dropped Status = "dropped"
)

// Action is one thing one named person does by a date; a joint action has an
// owner on each side, in Owners; any other has Owner.
type Action struct {
	ID             string    `json:"id"`
	Title          string    `json:"title"`
	Side           Side      `json:"side"`
	Owner          string    `json:"owner,omitempty"`
	Owners         Owners    `json:"owners,omitzero"`
	Milestone      string    `json:"milestone,omitempty"`
	Kind           string    `json:"kind,omitempty"` // what sort of step, e.g. "legal-review"
	Start          civil.Day `json:"start,omitzero"` // what people planned; information, not a bound
	Due            civil.Day `json:"due,omitzero"`
	DateOpen       bool      `json:"dateOpen,omitempty"` // explicitly to be decided
	Expected       civil.Day `json:"expected,omitzero"`
	DoneWhen       string    `json:"doneWhen,omitempty"`
	Duration       *int      `json:"duration,omitempty"` // working days; 0 is a point in time at the end of its day
	Elapsed        bool      `json:"elapsed,omitempty"`  // durations count all days
	Estimate       *Estimate `json:"estimate,omitempty"`
	NotBefore      civil.Day `json:"notBefore,omitzero"`
	NotAfter       civil.Day `json:"notAfter,omitzero"`
	Pinned         bool      `json:"pinned,omitempty"`
	Gate           string    `json:"gate,omitempty"`
	Status         Status    `json:"status,omitempty"` // always written; read as open when missing
	StartedOn      civil.Day `json:"startedOn,omitzero"`
	DoneOn         civil.Day `json:"doneOn,omitzero"`
	Remaining      *int      `json:"remaining,omitempty"`
	BlockedBecause string    `json:"blockedBecause,omitempty"`
	Notes          string    `json:"notes,omitempty"`
}

// Owners of a joint action, one a side.
type Owners struct {
	Buyer  string `json:"buyer,omitempty"`
	Seller string `json:"seller,omitempty"`
}

// Estimate is a three-point duration, or a list of days with probabilities.
type Estimate struct {
	Low    float64      `json:"low,omitzero"`
	Likely float64      `json:"likely,omitzero"`
	High   float64      `json:"high,omitzero"`
	Shape  string       `json:"shape,omitempty"`  // "pert" (default) or "triangular"
	Values [][2]float64 `json:"values,omitempty"` // [days, probability], probabilities add up to 1
}

// Link says that one action or milestone bounds another.
type Link struct {
	From        string `json:"from"`
	To          string `json:"to"`
	Type        string `json:"type,omitempty"`        // FS (default), SS, FF, SF
	Lag         int    `json:"lag,omitempty"`         // negative: lead
	LagCalendar string `json:"lagCalendar,omitempty"` // plan (default), predecessor, successor, elapsed
}

// Gate is a committee that meets only on certain days.
type Gate struct {
	ID        string      `json:"id"`
	Title     string      `json:"title"`
	Rule      string      `json:"rule"` // RFC 5545 recurrence rule
	Anchor    civil.Day   `json:"anchor,omitzero"`
	Except    []civil.Day `json:"except,omitempty"`
	LeadDays  int         `json:"leadDays,omitempty"`  // working days before the meeting to hand in
	OnHoliday string      `json:"onHoliday,omitempty"` // skip (default), next, previous
}

// Freeze is a time in which something may not happen.
type Freeze struct {
	From   civil.Day `json:"from"`
	To     civil.Day `json:"to"`
	Blocks string    `json:"blocks"` // start, finish or work
	Side   Side      `json:"side,omitempty"`
	Kinds  []string  `json:"kinds,omitempty"`
	Title  string    `json:"title,omitempty"`
}

// Risk is what may delay the plan. Probability is 0 to 1.
type Risk struct {
	ID          string   `json:"id"`
	Title       string   `json:"title"`
	Probability float64  `json:"probability,omitempty"`
	Impact      *Impact  `json:"impact,omitempty"`
	Mitigation  string   `json:"mitigation,omitempty"`
	Owner       string   `json:"owner,omitempty"`
	Actions     []string `json:"actions,omitempty"`
}

// Impact is working days; in a file it may also be one number.
type Impact struct {
	Low    float64 `json:"low"`
	Likely float64 `json:"likely"`
	High   float64 `json:"high"`
}
