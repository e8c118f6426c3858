package process

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"tandem/internal/calendar"
	"tandem/internal/civil"
	"tandem/internal/planfile"
)

// Took is how long a step of a plan was planned and how long it took, in
// working days of its side (calendar days if Elapsed).
type Took struct {
	Step    string // id in the process
	Planned int    // zero: nobody said
	Took    int    // zero: it was not done
	Began   civil.Day
	Done    civil.Day
	Derived bool // nobody reported the beginning: it is taken from what came before
	Unknown bool // nothing says when it began, or how much of it was waiting for a committee: Planned counts
}

// Learn makes a process of a plan that was carried out. Each step's likely
// duration is how long it really took; low and high span what was planned and
// what happened. Who owned a step becomes a role. Names of people become their
// roles and names of companies {buyer} and {seller}, where they are written
// exactly; a person has to read it over, for words may say more than they
// should. Goals, risks and notes are the plan's own and stay there.
//
// Days are counted on the calendars of the sides, without absences: the next
// owner has other ones.
func Learn(f *planfile.Plan, id string) (*Process, []Took, error) {
	l := &learner{plan: f, p: &Process{ID: id, Version: 1}, role: map[string]string{}, step: map[string]string{}, done: map[string]civil.Day{}}
	if err := l.calendars(); err != nil {
		return nil, nil, err
	}
	l.names()
	l.head()
	l.points()
	for _, i := range l.order() {
		l.one(&f.Actions[i])
	}
	l.links()
	l.times()
	return l.p, l.took, l.p.Check()
}

type learner struct {
	plan    *planfile.Plan
	p       *Process
	sides   map[planfile.Side]*calendar.Calendar
	role    map[string]string // role by person
	step    map[string]string // step by action
	actions []*planfile.Action
	done    map[string]civil.Day // by step
	took    []Took
	hide    []hidden
}

// hidden is a name and what is written instead.
type hidden struct {
	name *regexp.Regexp
	with string // as ReplaceAllString takes it
	same bool   // what is written instead holds the name itself
}

func (l *learner) calendars() error {
	first, last := l.plan.Start, l.plan.DecideBy
	for i := range l.plan.Actions {
		a := &l.plan.Actions[i]
		for _, d := range []civil.Day{a.Start, a.Due, a.StartedOn, a.DoneOn} {
			if d != 0 && (first == 0 || d < first) {
				first = d
			}
			last = max(last, d)
		}
	}
	if first == 0 {
		first, last = civil.Of(2024, 1, 1), civil.Of(2024, 12, 31)
	}
	h := calendar.Horizon{First: max(first-60, calendar.Widest.First), Last: min(last+60, calendar.Widest.Last)}
	buyer, err := compiled(l.plan.Sides.Buyer, h)
	if err != nil {
		return err
	}
	seller, err := compiled(l.plan.Sides.Seller, h)
	if err != nil {
		return err
	}
	both, err := calendar.Both(buyer, seller)
	if err != nil {
		return err
	}
	l.sides = map[planfile.Side]*calendar.Calendar{planfile.Buyer: buyer, planfile.Seller: seller, planfile.Joint: both}
	return nil
}

// words are words of the plan in its own language, without names.
func (l *learner) words(s string) Words {
	s = strings.TrimSpace(s)
	for _, h := range l.hide {
		s = h.name.ReplaceAllString(s, h.with)
		if !h.same { // once more: two in a row share the space between them
			s = h.name.ReplaceAllString(s, h.with)
		}
	}
	if r := []rune(s); len(r) > MaxLine {
		s = string(r[:MaxLine-1]) + "…"
	}
	if l.plan.Language == "de" {
		return Words{DE: s}
	}
	return Words{EN: s}
}

// names prepares what is to be hidden, the longest first: whole names, then
// family names.
func (l *learner) names() {
	type pair struct{ name, with string }
	var all []pair
	for _, q := range l.plan.People {
		with := strings.TrimSpace(q.Role)
		if with == "" {
			with = "{" + string(q.Side) + "}"
		}
		all = append(all, pair{q.Name, with})
		parts := strings.Fields(q.Name)
		if n := len(parts); n > 1 {
			all = append(all, pair{parts[0] + " " + parts[n-1], with}, pair{parts[n-2] + " " + parts[n-1], with})
			if len([]rune(parts[n-1])) > 3 {
				all = append(all, pair{"Frau " + parts[n-1], with}, pair{"Herr " + parts[n-1], with}, pair{"Herrn " + parts[n-1], with}, pair{parts[n-1], with})
			}
		}
	}
	for side, party := range map[string]planfile.Party{"{buyer}": l.plan.Sides.Buyer, "{seller}": l.plan.Sides.Seller} {
		name := strings.TrimSpace(party.Organisation)
		all = append(all, pair{name, side})
		if first, _, more := strings.Cut(name, " "); more && len([]rune(first)) > 3 { // "Acme" of "Acme Cloud"
			all = append(all, pair{first, side})
		}
		for _, form := range []string{" AG", " GmbH", " SE", " KG", " Ltd", " Inc", " & Co. KG"} {
			if short, cut := strings.CutSuffix(name, form); cut {
				all = append(all, pair{short, side})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b pair) int { return cmp.Or(len(b.name)-len(a.name), strings.Compare(a.name, b.name)) })
	for _, x := range all {
		if strings.TrimSpace(x.name) == "" {
			continue
		}
		// A word's end in any script: \b knows ASCII only.
		re := regexp.MustCompile(`(^|[^\pL\pN])` + regexp.QuoteMeta(x.name) + `($|[^\pL\pN])`)
		l.hide = append(l.hide, hidden{re, "${1}" + strings.ReplaceAll(x.with, "$", "$$") + "${2}", strings.Contains(x.with, x.name)})
	}
}

func (l *learner) head() {
	l.p.Name = l.words(l.plan.Title)
	l.p.Title = Words{DE: "{buyer} und {seller}: gemeinsam zur Entscheidung", EN: "{buyer} and {seller}: deciding together"}
	seen := map[string]string{}
	for _, q := range l.plan.People {
		name := strings.TrimSpace(q.Role)
		if name == "" {
			name = fmt.Sprintf("%s %d", Words{DE: "Rolle", EN: "Role"}.In(l.plan.Language), len(l.p.Roles)+1)
		}
		key := string(q.Side) + " " + strings.ToLower(name)
		if seen[key] == "" && len(l.p.Roles) < MaxRoles {
			seen[key] = "r" + strconv.Itoa(len(l.p.Roles)+1)
			l.p.Roles = append(l.p.Roles, Role{ID: seen[key], Side: q.Side, Name: l.words(name)})
		}
		l.role[q.ID] = seen[key]
	}
}

func (l *learner) points() {
	for i, m := range l.plan.Milestones[:min(len(l.plan.Milestones), MaxStones)] {
		id := "m" + strconv.Itoa(i+1)
		l.step[m.ID] = id
		l.p.Milestones = append(l.p.Milestones, Milestone{ID: id, Title: l.words(m.Title)})
	}
	for i, g := range l.plan.Gates[:min(len(l.plan.Gates), MaxGates)] {
		id := "g" + strconv.Itoa(i+1)
		l.step["gate "+g.ID] = id
		l.p.Gates = append(l.p.Gates, Gate{ID: id, Title: l.words(g.Title), Rule: g.Rule, Anchor: g.Anchor, LeadDays: min(g.LeadDays, MaxDays), OnHoliday: g.OnHoliday})
	}
}

// order is that of time, as it happened or was agreed; what was dropped is out.
func (l *learner) order() []int {
	var out []int
	for i := range l.plan.Actions {
		if l.plan.Actions[i].Status != planfile.Dropped {
			out = append(out, i)
		}
	}
	end := func(i int) civil.Day {
		a := &l.plan.Actions[i]
		return cmp.Or(a.DoneOn, a.Due, civil.Latest)
	}
	slices.SortStableFunc(out, func(i, j int) int { return int(end(i) - end(j)) })
	return out[:min(len(out), MaxSteps)]
}

func (l *learner) one(a *planfile.Action) {
	s := Step{ID: "s" + strconv.Itoa(len(l.p.Steps)+1), Title: l.words(a.Title), DoneWhen: l.words(a.DoneWhen), Side: a.Side, Kind: a.Kind,
		Elapsed: a.Elapsed, Milestone: l.step[a.Milestone], Gate: l.step["gate "+a.Gate]}
	switch a.Side {
	case planfile.Buyer:
		s.Buyer = l.of(a.Owner, planfile.Buyer)
	case planfile.Seller:
		s.Seller = l.of(a.Owner, planfile.Seller)
	default:
		s.Buyer, s.Seller = l.of(a.Owners.Buyer, planfile.Buyer), l.of(a.Owners.Seller, planfile.Seller)
	}
	if len(s.Kind) > maxIDBytes {
		s.Kind = ""
	}
	l.step[a.ID] = s.ID
	l.done[s.ID] = a.DoneOn
	l.actions = append(l.actions, a)
	l.p.Steps = append(l.p.Steps, s)
	if l.plan.DecideBy != 0 && a.Due != 0 && a.Due <= l.plan.DecideBy {
		l.p.Decision = s.ID
	}
}

// of is the role of a person, if it is one of that side.
func (l *learner) of(person string, side planfile.Side) string {
	if r := l.p.Role(l.role[person]); r != nil && r.Side == side {
		return r.ID
	}
	return ""
}

// links are those between steps; what waits for a milestone waits for its
// steps.
func (l *learner) links() {
	add := func(from, to string, x planfile.Link) {
		s := l.p.Step(to)
		a := After{Step: from, Type: x.Type, Lag: min(max(x.Lag, -MaxDays), MaxDays), LagCalendar: x.LagCalendar}
		if a.Type == "FS" {
			a.Type = ""
		}
		if a.Lag == 0 {
			a.LagCalendar = ""
		}
		if l.p.Step(from) == nil || s == nil || from == to || len(s.After) >= MaxAfter ||
			slices.ContainsFunc(s.After, func(b After) bool { return b.Step == from && b.Type == a.Type }) || l.reaches(to, from) {
			return
		}
		s.After = append(s.After, a)
	}
	for _, x := range l.plan.Links {
		from, to := l.step[x.From], l.step[x.To]
		if l.p.Step(from) != nil || from == "" {
			add(from, to, x)
			continue
		}
		for _, s := range l.p.StepsOf(from) {
			add(s.ID, to, planfile.Link{})
		}
	}
}

// reaches reports that one step waits for another, near or far.
func (l *learner) reaches(from, to string) bool {
	seen := map[string]bool{}
	for queue := []string{to}; len(queue) > 0; queue = queue[1:] {
		if queue[0] == from {
			return true
		}
		if s := l.p.Step(queue[0]); s != nil && !seen[s.ID] {
			seen[s.ID] = true
			for _, a := range s.After {
				queue = append(queue, a.Step)
			}
		}
	}
	return false
}

func (l *learner) times() {
	for i := range l.p.Steps {
		s, a := &l.p.Steps[i], l.actions[i]
		c := l.sides[a.Side]
		t := Took{Step: s.ID, Planned: l.planned(a, c), Done: a.DoneOn, Began: a.StartedOn}
		if a.Status == planfile.Done && a.DoneOn != 0 {
			if t.Began == 0 || t.Began > a.DoneOn {
				var known bool
				t.Began, known = l.before(s, a)
				t.Derived = true
				t.Unknown = t.Planned > 0 && (!known || s.Gate != "")
			}
			if !t.Unknown {
				t.Took = min(max(worked(c, t.Began, a.DoneOn, a.Elapsed), 1), MaxDays)
			}
		}
		s.Likely = cmp.Or(t.Took, t.Planned, 1)
		s.Low, s.High = s.Likely, s.Likely
		if t.Planned > 0 {
			s.Low, s.High = min(s.Low, t.Planned), max(s.High, t.Planned)
		}
		l.took = append(l.took, t)
	}
}

// planned is how many days somebody gave the step.
func (l *learner) planned(a *planfile.Action, c *calendar.Calendar) int {
	switch {
	case a.Duration != nil && *a.Duration > 0:
		return min(*a.Duration, MaxDays)
	case a.Estimate != nil && a.Estimate.Likely > 0:
		return min(max(int(a.Estimate.Likely+0.5), 1), MaxDays)
	case a.Start != 0 && a.Due >= a.Start:
		return min(max(worked(c, a.Start, a.Due, a.Elapsed), 1), MaxDays)
	}
	return 0
}

// before is the day after the last of what the step waited for was done, or
// that day itself if the step was done on it, too. False if it waited for
// nothing that was done: then it is the first day of the plan.
func (l *learner) before(s *Step, a *planfile.Action) (civil.Day, bool) {
	var last civil.Day
	for _, x := range s.After {
		if d := l.done[x.Step]; x.Type == "" && d != 0 {
			last = max(last, d+1)
		}
	}
	if last == 0 {
		return min(cmp.Or(l.plan.Start, a.Start, a.DoneOn), a.DoneOn), false
	}
	return min(last, a.DoneOn), true
}

// worked counts the days from one to another, both included.
func worked(c *calendar.Calendar, from, to civil.Day, elapsed bool) int {
	if elapsed {
		return int(to-from) + 1
	}
	n, err := c.Between(from, to+1)
	if err != nil {
		return int(to-from) + 1
	}
	return n
}
