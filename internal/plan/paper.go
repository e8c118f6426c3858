package plan

import (
	"maps"
	"slices"
	"time"
)

// PaperPart is one of the parts of a decision paper: the page the buyer's
// approvers read.
type PaperPart string

// Parts of a decision paper, in the order in which they stand on it.
const (
	PaperGoal    PaperPart = "goal"
	PaperOptions PaperPart = "options" // with doing nothing
	PaperCost    PaperPart = "cost"    // typed by the buyer; nothing the seller knows is put there
	PaperRisks   PaperPart = "risks"
	PaperOpen    PaperPart = "open"
	PaperDates   PaperPart = "dates"
	PaperAdvice  PaperPart = "advice" // its writer's recommendation
)

// PaperParts are all of them.
var PaperParts = []PaperPart{PaperGoal, PaperOptions, PaperCost, PaperRisks, PaperOpen, PaperDates, PaperAdvice}

// Paper is the buyer's decision paper as its own side sees it.
type Paper struct {
	Parts map[PaperPart]*PaperText `json:"parts"`
}

// PaperText is a part as it stands.
type PaperText struct {
	Text    Text      `json:"text,omitzero"`
	By      ID        `json:"by"`
	At      time.Time `json:"at"`
	Version int       `json:"version"`           // +1 with every change
	Drafted bool      `json:"drafted,omitempty"` // as made from the plan, nobody has rewritten it
}

// SharedPaper is a decision paper as the buyer showed it to the other side.
// What is written afterwards stays with the buyer until it is shared again.
type SharedPaper struct {
	Number int         `json:"number"` // 1, 2, 3 …
	By     ID          `json:"by"`
	At     time.Time   `json:"at"`
	Parts  []PaperSaid `json:"parts"`
}

// PaperSaid is a part as it was shared.
type PaperSaid struct {
	Part PaperPart `json:"part"`
	Text Text      `json:"text"`
}

type (
	// WritePaper writes parts of the decision paper, all or none. Buyers'
	// contributors and above who were let in. Version 0 is a part nobody has
	// written yet. What is as it was is not written again.
	WritePaper struct{ Parts []PaperInput }
	// PaperInput is what a part is to say; empty for nothing.
	PaperInput struct {
		Part    PaperPart
		Version int
		Text    string
		Drafted bool // made from the plan, not typed
	}
	// SharePaper shows the paper to the other side. Verified editors and leads
	// of the buyer. The words are those of the side's own space, given by the
	// caller who reads both.
	SharePaper struct{ Parts []PaperShare }
	// PaperShare is a part with whoever wrote it.
	PaperShare struct {
		Part PaperPart
		Text string
		By   ID
	}
)

// Events of decision papers: written in the buyer's own stream, shared in the
// plan's.
type (
	PaperWritten struct {
		Part    PaperPart `json:"part"`
		Text    Text      `json:"text,omitzero"`
		Drafted bool      `json:"drafted,omitempty"`
	}
	PaperShared struct {
		Number int         `json:"number"`
		Parts  []PaperSaid `json:"parts"`
	}
)

func (*PaperWritten) Kind() string { return "paper.written" }
func (*PaperShared) Kind() string  { return "paper.shared" }

// Part is a part as it stands; nil if nobody has written it, or there is no
// paper.
func (x *Paper) Part(part PaperPart) *PaperText {
	if x == nil {
		return nil
	}
	return x.Parts[part]
}

// PaperVersion names a part in a refusal that says it has changed.
func paperID(part PaperPart) ID { return ID("paper-" + string(part)) }

// subject of a part's words: a recommendation is its writer's own; the rest is
// the side's content, as the title of an internal step is.
func (part PaperPart) subject(by ID) ID {
	if part == PaperAdvice {
		return by
	}
	return ""
}

func (c WritePaper) decidePrivate(d *privateDecider) error {
	if d.st.Side != Buyer || len(c.Parts) == 0 || len(c.Parts) > len(PaperParts) {
		return notYours()
	}
	for _, in := range c.Parts {
		if !slices.Contains(PaperParts, in.Part) {
			return notYours()
		}
		old := d.st.Paper.Part(in.Part)
		now := 0
		if old != nil {
			now = old.Version
		}
		if in.Version != now {
			return changed(paperID(in.Part), in.Version, now)
		}
		text, err := clean(in.Text, maxWords)
		if err != nil {
			return err
		}
		if old != nil && !old.Text.Gone && old.Text.Value == text {
			continue
		}
		d.emit(&PaperWritten{Part: in.Part, Text: d.log.text(d.env.Random, in.Part.subject(d.log.actor), text), Drafted: in.Drafted})
	}
	return nil
}

func (pv *Private) applyPaper(e *PaperWritten, m Meta) {
	x := &Paper{Parts: map[PaperPart]*PaperText{}}
	version := 1
	if pv.Paper != nil {
		maps.Copy(x.Parts, pv.Paper.Parts)
		if old := x.Parts[e.Part]; old != nil {
			version = old.Version + 1
		}
	}
	x.Parts[e.Part] = &PaperText{Text: e.Text, By: m.Actor, At: m.At, Version: version, Drafted: e.Drafted}
	pv.Paper = x
}

func (c SharePaper) decide(d *decider) error {
	if err := d.alive(); err != nil {
		return err
	}
	if d.me.Side != Buyer {
		return notYours()
	}
	if !d.me.MayAgree() {
		return forbidden("fault.right.agree")
	}
	var parts []PaperSaid
	for _, part := range PaperParts {
		for _, in := range c.Parts {
			if in.Part != part {
				continue
			}
			text, err := clean(in.Text, maxWords)
			if err != nil {
				return err
			}
			if text != "" {
				parts = append(parts, PaperSaid{part, d.log.text(d.env.Random, part.subject(in.By), text)})
			}
		}
	}
	if len(parts) == 0 {
		return refuse("fault.paper.empty")
	}
	number := 1
	if old := d.st.Paper; old != nil {
		number = old.Number + 1
	}
	d.emit(&PaperShared{Number: number, Parts: parts})
	return nil
}

func (p *Plan) applyPaper(ev Event, m Meta) bool {
	e, ok := ev.(*PaperShared)
	if ok {
		p.Paper = &SharedPaper{Number: e.Number, By: m.Actor, At: m.At, Parts: e.Parts}
	}
	return ok
}
