package process

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"tandem/internal/calendar"
	"tandem/internal/fault"
	"tandem/internal/planfile"
)

// Bounds of a process: beyond them is a mistake, or somebody trying.
const (
	MaxSteps   = 60
	MaxRoles   = 40
	MaxStones  = 20 // milestones
	MaxGates   = 5
	MaxRisks   = 40
	MaxAfter   = 20
	MaxDays    = 500  // of a duration, an impact, a lead or a lag
	MaxLine    = 200  // characters of a title or name
	MaxWords   = 1000 // characters of a longer text
	maxIDBytes = 64
)

var (
	idForm   = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]*$`)
	ruleForm = regexp.MustCompile(`^FREQ=[A-Z]+(;[A-Z]+=[A-Z0-9+,:-]+)*$`)
)

// Check tells what is wrong with a process: references that lead nowhere,
// steps that wait for each other in a ring, durations that are not low ≤
// likely ≤ high, words that are missing in both languages or too long. The
// first fault only.
func (p *Process) Check() error {
	c := &checker{p: p, roles: map[string]planfile.Side{}, steps: map[string]bool{}, stones: map[string]bool{}, gates: map[string]bool{}}
	c.head()
	c.collect()
	for i := range p.Steps {
		c.step(&p.Steps[i])
	}
	c.rest()
	if c.err == nil {
		c.ring()
	}
	return c.err
}

type checker struct {
	p      *Process
	err    error
	roles  map[string]planfile.Side
	steps  map[string]bool
	stones map[string]bool
	gates  map[string]bool
}

func (c *checker) fail(key string, nameValues ...any) {
	if c.err == nil {
		c.err = fault.New(fault.Invalid, key, nameValues...)
	}
}

func (c *checker) words(w Words, needed bool, limit int, what string) {
	for _, s := range []string{w.DE, w.EN} {
		if utf8.RuneCountInString(s) > limit {
			c.fail("process.fault.long", "Limit", limit, "Text", clip(s))
		}
		if !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool { return r < ' ' && r != '\n' && r != '\r' && r != '\t' }) {
			c.fail("process.fault.text", "Text", clip(s))
		}
	}
	if needed && strings.TrimSpace(w.DE) == "" && strings.TrimSpace(w.EN) == "" {
		c.fail("process.fault.unnamed." + what)
	}
}

func clip(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}

func (c *checker) id(id string, seen func(string) bool) {
	if len(id) > maxIDBytes || !idForm.MatchString(id) || seen != nil && seen(id) {
		c.fail("process.fault.id", "ID", clip(id))
	}
}

func (c *checker) head() {
	p := c.p
	c.id(p.ID, nil)
	if p.Version < 1 {
		c.fail("process.fault.id", "ID", clip(p.ID))
	}
	c.words(p.Name, true, MaxLine, "name")
	c.words(p.Purpose, false, MaxWords, "name")
	c.words(p.Caution, false, MaxWords, "name")
	c.words(p.Title, false, MaxLine, "name")
	for _, x := range []struct {
		what      string
		have, max int
	}{{"steps", len(p.Steps), MaxSteps}, {"roles", len(p.Roles), MaxRoles}, {"milestones", len(p.Milestones), MaxStones},
		{"gates", len(p.Gates), MaxGates}, {"risks", len(p.Risks), MaxRisks}} {
		if x.have > x.max {
			c.fail("process.fault.many."+x.what, "Limit", x.max)
		}
	}
	if len(p.Steps) == 0 {
		c.fail("process.fault.empty")
	}
}

func (c *checker) collect() {
	for _, r := range c.p.Roles {
		c.id(r.ID, func(id string) bool { return c.roles[id] != "" })
		if r.Side != planfile.Buyer && r.Side != planfile.Seller {
			c.fail("process.fault.side", "Title", clip(r.Name.In("de")))
		}
		c.words(r.Name, true, MaxLine, "role")
		c.roles[r.ID] = r.Side
	}
	for _, m := range c.p.Milestones {
		c.id(m.ID, func(id string) bool { return c.stones[id] })
		c.words(m.Title, true, MaxLine, "milestone")
		c.stones[m.ID] = true
	}
	for _, g := range c.p.Gates {
		c.id(g.ID, func(id string) bool { return c.gates[id] })
		c.words(g.Title, true, MaxLine, "gate")
		if err := calendar.CheckSeries(g.Rule); !ruleForm.MatchString(g.Rule) || err != nil {
			c.fail("process.fault.rule", "Rule", clip(g.Rule))
		}
		if g.LeadDays < 0 || g.LeadDays > MaxDays {
			c.fail("process.fault.days", "Title", clip(g.Title.In("de")), "Limit", MaxDays)
		}
		c.gates[g.ID] = true
	}
	for _, s := range c.p.Steps {
		c.id(s.ID, func(id string) bool { return c.steps[id] })
		c.words(s.Title, true, MaxLine, "step")
		c.words(s.DoneWhen, false, MaxWords, "step")
		c.steps[s.ID] = true
	}
}

func (c *checker) step(s *Step) {
	title := clip(s.Title.In("de"))
	if s.Low < 0 || s.Low > s.Likely || s.Likely > s.High || s.High > MaxDays || s.Likely == 0 && s.High > 0 {
		c.fail("process.fault.points", "Title", title, "Low", s.Low, "Likely", s.Likely, "High", s.High, "Limit", MaxDays)
	}
	switch s.Side {
	case planfile.Buyer, planfile.Seller, planfile.Joint:
	default:
		c.fail("process.fault.side", "Title", title)
	}
	for side, role := range map[planfile.Side]string{planfile.Buyer: s.Buyer, planfile.Seller: s.Seller} {
		if role != "" && (c.roles[role] != side || s.Side != planfile.Joint && s.Side != side) {
			c.fail("process.fault.role", "Title", title)
		}
	}
	if s.Milestone != "" && !c.stones[s.Milestone] {
		c.fail("process.fault.milestone", "Title", title)
	}
	if s.Gate != "" && !c.gates[s.Gate] {
		c.fail("process.fault.gate", "Title", title)
	}
	if len(s.After) > MaxAfter || len(s.Kind) > maxIDBytes {
		c.fail("process.fault.many.after", "Title", title, "Limit", MaxAfter)
	}
	for _, a := range s.After {
		if !c.steps[a.Step] || a.Step == s.ID {
			c.fail("process.fault.after", "Title", title)
		}
		if a.Lag < -MaxDays || a.Lag > MaxDays {
			c.fail("process.fault.days", "Title", title, "Limit", MaxDays)
		}
	}
}

func (c *checker) rest() {
	p := c.p
	if p.Decision != "" && !c.steps[p.Decision] {
		c.fail("process.fault.decision")
	}
	seen := map[string]bool{}
	for _, r := range p.Risks {
		title := clip(r.Title.In("de"))
		c.id(r.ID, func(id string) bool { return seen[id] })
		seen[r.ID] = true
		c.words(r.Title, true, MaxLine, "risk")
		c.words(r.Mitigation, false, MaxWords, "risk")
		if !(r.Probability >= 0 && r.Probability <= 1) || !(r.Low >= 0 && r.Low <= r.Likely && r.Likely <= r.High && r.High <= MaxDays) {
			c.fail("process.fault.risk", "Title", title)
		}
		for _, s := range r.Steps {
			if !c.steps[s] {
				c.fail("process.fault.risk", "Title", title)
			}
		}
	}
}

// ring refuses steps that wait for each other: it takes away, again and again,
// those that wait for nothing that is left.
func (c *checker) ring() {
	left := map[string]bool{}
	for id := range c.steps {
		left[id] = true
	}
	for again := true; again; {
		again = false
		for i := range c.p.Steps {
			s := &c.p.Steps[i]
			waits := false
			for _, a := range s.After {
				waits = waits || left[a.Step]
			}
			if left[s.ID] && !waits {
				delete(left, s.ID)
				again = true
			}
		}
	}
	for i := range c.p.Steps {
		if s := &c.p.Steps[i]; left[s.ID] {
			c.fail("process.fault.ring", "Title", clip(s.Title.In("de")))
		}
	}
}
