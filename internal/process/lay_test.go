package process

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"tandem/internal/calendar"
	"tandem/internal/civil"
	"tandem/internal/fault"
	"tandem/internal/planfile"
	"tandem/internal/schedule"
)

// regions of the property test: two German Länder, one Austrian, England.
var regions = []string{"DE-BY", "DE-BE", "AT-9", "GB-ENG"}

func between(buyer, seller string) Fill {
	return Fill{Language: "de", Buffer: Buffer,
		Buyer:  planfile.Party{Organisation: "Nordwerk AG", Calendar: planfile.Calendar{Region: buyer}},
		Seller: planfile.Party{Organisation: "Acme Cloud", Calendar: planfile.Calendar{Region: seller}}}
}

// No template yields conflicts on any start day in 2027 and 2028, for all
// pairs of regions, laid forward from that day and backward to it.
//
// A plan is judged by the schedule itself, with the durations and the
// promises the plan has, and by what the schedule does not look at: every
// date is worked by whoever has to work, milestones by both.
func TestPropertyNoTemplateYieldsConflicts(t *testing.T) {
	t.Parallel()
	for _, p := range Catalogue() {
		for _, buyer := range regions {
			for _, seller := range regions {
				t.Run(p.ID+" "+buyer+" "+seller, func(t *testing.T) {
					t.Parallel()
					everyDay(t, p, buyer, seller)
				})
			}
		}
	}
}

func everyDay(t *testing.T, p *Process, buyer, seller string) {
	first, last := civil.Of(2027, 1, 1), civil.Of(2028, 12, 31)
	f := between(buyer, seller)
	f.Today = first
	forward, err := p.layer(f)
	if err != nil {
		t.Fatal(err)
	}
	f.Today, f.DecideBy = first-2*366, last
	backward, err := p.layer(f)
	if err != nil {
		t.Fatal(err)
	}
	j := &judge{layer: forward}
	for day := first; day <= last; day++ {
		l, err := forward.from(day)
		if err == nil {
			err = j.sound(l, day)
		}
		if err != nil {
			t.Fatalf("from %s: %v", day, err)
		}
		backward.fill.DecideBy, backward.fill.Today = day, day-366
		start, err := backward.begin()
		if err == nil {
			l, err = backward.from(start)
		}
		if err == nil {
			err = j.sound(l, l.Start)
		}
		if err != nil {
			t.Fatalf("until %s: %v", day, err)
		}
		if l.Decision > day {
			t.Fatalf("until %s: it is decided on %s", day, l.Decision)
		}
	}
}

// judge judges laid plans of one process and pair. Most of the work of a
// schedule is its calendars, and they are the same every day: the network is
// made from the whole plan file now and then, and between gets the day's
// promises.
type judge struct {
	layer *layer
	net   schedule.Network
	until civil.Day // the network is made anew for a plan from this day on
}

const renew = 97 // days

func (j *judge) conflicts(p *planfile.Plan, today civil.Day) (*schedule.Schedule, error) {
	if j.net.Nodes == nil || today >= j.until {
		var err error
		if j.net, err = schedule.FromPlan(p, today); err != nil {
			return nil, err
		}
		j.until = today + renew
	}
	j.net.Start, j.net.Today, j.net.DecideBy = p.Start, today, p.DecideBy
	for i, a := range p.Actions {
		n := &j.net.Nodes[i]
		if n.ID != a.ID {
			return nil, fmt.Errorf("node %s is not step %s", n.ID, a.ID)
		}
		n.Due, n.Duration = a.Due, *a.Duration
	}
	for i, m := range p.Milestones {
		j.net.Nodes[len(p.Actions)+i].Due = m.Date
	}
	g, err := schedule.Compile(j.net)
	if err != nil {
		return nil, err
	}
	return g.Run()
}

// sound judges a plan that was laid out, as of the day on which it begins.
func (j *judge) sound(laid *Laid, today civil.Day) error {
	s, err := j.conflicts(laid.Plan, today)
	if err != nil {
		return err
	}
	for _, c := range s.Conflicts() {
		n := s.Network().Nodes[c.Chain[len(c.Chain)-1]]
		return fmt.Errorf("conflict %s at %s: %s instead of %s", c.Kind, n.ID, c.Actual, c.Limit)
	}
	works := map[planfile.Side]*calendar.Calendar{planfile.Buyer: j.layer.buyer, planfile.Joint: j.layer.both}
	for i, a := range laid.Plan.Actions {
		c := works[a.Side]
		if c == nil {
			c = s.Network().Nodes[i].Calendar
		}
		if !c.Works(a.Start) || !c.Works(a.Due) || a.Start > a.Due || a.Start < today {
			return fmt.Errorf("%s lies from %s to %s", a.ID, a.Start, a.Due)
		}
	}
	for _, m := range laid.Plan.Milestones {
		if !j.layer.both.Works(m.Date) || m.Date > laid.Decision {
			return fmt.Errorf("milestone %s lies on %s, the decision on %s", m.ID, m.Date, laid.Decision)
		}
	}
	if laid.Ready > laid.Decision || laid.Plan.DecideBy != laid.Decision {
		return fmt.Errorf("ready %s, decided %s, agreed %s", laid.Ready, laid.Decision, laid.Plan.DecideBy)
	}
	return nil
}

// Circumstances and buffers change durations, never that dates hold.
func TestStretchedAndTightPlansHoldToo(t *testing.T) {
	t.Parallel()
	for _, p := range Catalogue() {
		for _, buffer := range []float64{0, 0.2, 1} {
			for n := range 1 << len(Factors()) {
				f := between("DE-BY", "GB-ENG")
				f.Buffer, f.Today = buffer, civil.Of(2027, 1, 1)+civil.Day(n*11)
				times := 1.0
				for i, x := range Factors() {
					if n&(1<<i) != 0 {
						f.Factors = append(f.Factors, x.ID)
						times *= x.Times
					}
				}
				l, err := p.layer(f)
				if err != nil {
					t.Fatal(err)
				}
				laid, err := l.from(f.Today)
				if err == nil {
					err = (&judge{layer: l}).sound(laid, f.Today)
				}
				if err != nil {
					t.Fatalf("%s ×%.2f +%.0f %%: %v", p.ID, times, 100*buffer, err)
				}
				for i, s := range p.Steps {
					got := *laid.Plan.Actions[i].Duration
					if want := float64(s.Likely) * times; float64(got) < want-1e-6 || float64(got) >= want+1 {
						t.Fatalf("%s ×%.2f: %d days of usually %d", s.ID, times, got, s.Likely)
					}
				}
			}
		}
	}
}

func TestTwoWeeksArePlannedAsThree(t *testing.T) {
	t.Parallel()
	p := &Process{ID: "p", Version: 1, Name: Words{EN: "P"}, Steps: []Step{{ID: "a", Title: Words{EN: "A"}, Side: planfile.Buyer, Low: 8, Likely: 10, High: 12}}}
	f := between("", "")
	f.Today = civil.Of(2027, 3, 1) // a Monday
	l, err := p.LayOut(f)
	if err != nil {
		t.Fatal(err)
	}
	if want := civil.Of(2027, 3, 19); l.Decision != want || l.Ready != want-7 || l.Spare != 5 {
		t.Errorf("decided %s, ready %s, %d days to spare; want %s, %s and 5", l.Decision, l.Ready, l.Spare, want, want-7)
	}
}

func TestTooLateNamesTheEarliestDay(t *testing.T) {
	t.Parallel()
	p := Builtin("enterprise")
	f := between("DE-BY", "GB-ENG")
	f.Today, f.DecideBy = civil.Of(2027, 3, 1), civil.Of(2027, 4, 1)
	_, err := p.LayOut(f)
	var late *fault.Error
	if !errors.As(err, &late) || late.Key != "process.late" {
		t.Fatalf("got %v, want process.late", err)
	}
	f.DecideBy = late.Args["Earliest"].(civil.Day)
	l, err := p.LayOut(f)
	if err != nil || l.Decision != f.DecideBy {
		t.Fatalf("on the earliest day: %v, %v", l, err)
	}
	f.DecideBy--
	if _, err := p.LayOut(f); !errors.As(err, &late) {
		t.Errorf("a day before the earliest: %v, want process.late", err)
	}
}

func TestRolesAreFilledOrPointedOut(t *testing.T) {
	t.Parallel()
	p := Builtin("small")
	f := between("DE-BY", "GB-ENG")
	f.Today = civil.Of(2027, 3, 1)
	f.People = map[string]Person{"lead": {Name: "Sarah Chen", Email: "sarah@nordwerk.example"}, "sponsor": {Name: "sarah chen "}, "ae": {Name: "John Martinez"}}
	l, err := p.LayOut(f)
	if err != nil {
		t.Fatal(err)
	}
	if len(l.Open) != 2 || l.Open[0].ID != "se" || l.Open[1].ID != "csm" {
		t.Errorf("open: %+v, want se and csm", l.Open)
	}
	if n := len(l.Plan.People); n != 2 {
		t.Fatalf("%d people, want 2: who fills two roles is one person", n)
	}
	if got := l.Plan.People[0].Role; got != "Projektleitung, Bereichsleitung" {
		t.Errorf("role %q", got)
	}
	for _, a := range l.Plan.Actions {
		for _, owner := range []string{a.Owner, a.Owners.Buyer, a.Owners.Seller} {
			if owner != "" && owner != "p1" && owner != "p2" {
				t.Errorf("%s is owned by %q", a.ID, owner)
			}
		}
		if a.ID == "demo" && (a.Owner != "" || a.Notes != "Vorgesehen: Technische Beratung") {
			t.Errorf("a step of an open role: owner %q, note %q", a.Owner, a.Notes)
		}
	}
}

func TestBrokenProcessesAreRefused(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]struct {
		key   string
		spoil func(*Process)
	}{
		"no name":            {"process.fault.unnamed.name", func(p *Process) { p.Name = Words{} }},
		"no steps":           {"process.fault.empty", func(p *Process) { p.Steps = nil }},
		"a ring":             {"process.fault.ring", func(p *Process) { p.Steps[0].After = []After{{Step: "decision"}} }},
		"itself":             {"process.fault.after", func(p *Process) { p.Steps[0].After = []After{{Step: "goals"}} }},
		"an unknown step":    {"process.fault.after", func(p *Process) { p.Steps[1].After = []After{{Step: "nobody"}} }},
		"low over likely":    {"process.fault.points", func(p *Process) { p.Steps[0].Low = 9 }},
		"no side":            {"process.fault.side", func(p *Process) { p.Steps[0].Side = "both" }},
		"the other's role":   {"process.fault.role", func(p *Process) { p.Steps[1].Buyer = "ae" }},
		"unknown milestone":  {"process.fault.milestone", func(p *Process) { p.Steps[0].Milestone = "m" }},
		"unknown gate":       {"process.fault.gate", func(p *Process) { p.Steps[0].Gate = "g" }},
		"a gate of never":    {"process.fault.rule", func(p *Process) { p.Gates = []Gate{{ID: "g", Title: Words{EN: "G"}, Rule: "FREQ=OFTEN"}} }},
		"the same step":      {"process.fault.id", func(p *Process) { p.Steps[1].ID = "goals" }},
		"a strange id":       {"process.fault.id", func(p *Process) { p.Steps[1].ID = "../x" }},
		"no decision":        {"process.fault.decision", func(p *Process) { p.Decision = "later" }},
		"a sure risk":        {"process.fault.risk", func(p *Process) { p.Risks[0].Probability = 1.5 }},
		"words without end":  {"process.fault.long", func(p *Process) { p.Steps[0].Title.DE = strings.Repeat("x", MaxLine+1) }},
		"words of a machine": {"process.fault.text", func(p *Process) { p.Steps[0].Title.DE = "a\x00b" }},
		"a step of no words": {"process.fault.unnamed.step", func(p *Process) { p.Steps[0].Title = Words{DE: "  "} }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := Builtin("small")
			x.spoil(p)
			if err := p.Check(); err == nil || !strings.Contains(err.Error(), x.key) {
				t.Errorf("got %v, want %s", err, x.key)
			}
		})
	}
}

// FuzzProcess reads hostile processes as the database or a form would give
// them: what passes the check can be laid out or says why not.
func FuzzProcess(f *testing.F) {
	for _, id := range []string{"small", "works-council"} {
		b, err := json.Marshal(Builtin(id))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var p Process
		if json.Unmarshal(b, &p) != nil || p.Check() != nil {
			return
		}
		fill := between("DE-BY", "GB-ENG")
		fill.Today = civil.Of(2027, 3, 1)
		laid, err := p.LayOut(fill)
		if err != nil {
			return
		}
		if err := planfile.Validate(laid.Plan); err != nil {
			t.Errorf("laid out, it is no plan: %v", err)
		}
	})
}
