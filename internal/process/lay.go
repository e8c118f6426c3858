package process

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"tandem/internal/calendar"
	"tandem/internal/civil"
	"tandem/internal/fault"
	"tandem/internal/planfile"
	"tandem/internal/schedule"
)

// Fill is what a process needs to become a plan.
type Fill struct {
	Language string // "de" or "en": of the plan
	Title    string // of the plan; empty: the process's own
	Buyer    planfile.Party
	Seller   planfile.Party

	// Today is the first day on which anything can begin. With Start the dates
	// are laid forward from it (or from today, if that is later); with DecideBy
	// backward, so that it is decided on that day or as closely before it as
	// working days and committees allow. Without both: forward from today.
	Today    civil.Day
	Start    civil.Day
	DecideBy civil.Day

	People  map[string]Person // by role; who is missing stays open
	Factors []string          // what stretches it: see Factors
	// Buffer is the share added to each likely duration, 0 to 2; the usual is
	// the constant Buffer.
	Buffer float64
	Risks  []string // of the process that go into the plan
}

// Person is who fills a role.
type Person struct{ Name, Email string }

// Laid is a process laid out: the plan, and what to say about it.
type Laid struct {
	Plan     *planfile.Plan
	Open     []Role    // roles without a name, in the process's order
	Start    civil.Day // the first day on which something begins
	Decision civil.Day // when it is decided
	Ready    civil.Day // when everything would be there without any buffer
	Spare    int       // working days of the buyer's from Ready to Decision
	Stretch  float64   // product of the chosen factors

	schedule *schedule.Schedule
	decision int
}

// Schedule is what the dates come from, and the node of the step that decides.
func (l *Laid) Schedule() (*schedule.Schedule, int) { return l.schedule, l.decision }

// Lay makes a plan of a process: see Laid and Fill.
func (p *Process) Lay(f Fill) (*planfile.Plan, error) {
	l, err := p.LayOut(f)
	if err != nil {
		return nil, err
	}
	return l.Plan, nil
}

// LayOut is Lay with what to say about it. It computes dates with the
// schedule: each step gets its likely duration, stretched by the factors, plus
// the buffer, between Start and Due; the plan keeps the duration without
// buffer, so that the buffer shows as slack. Milestones lie on the first day,
// worked by both sides, on which all of their steps are over.
//
// Faults: those of schedule.FromPlan; process.fault.day without a day to count
// from; process.late if DecideBy cannot be met from Today on (it names the
// earliest day); process.buffer.
func (p *Process) LayOut(f Fill) (*Laid, error) {
	l, err := p.layer(f)
	if err != nil {
		return nil, err
	}
	start, err := l.begin()
	if err != nil {
		return nil, err
	}
	return l.from(start)
}

// layer lays one process for one pair of companies; the calendars are made
// once.
type layer struct {
	p        *Process
	fill     Fill
	times    float64
	file     planfile.Plan // with planned durations, without dates
	net      schedule.Network
	decision int // node of the step that decides
	both     *calendar.Calendar
	buyer    *calendar.Calendar
}

func (p *Process) layer(f Fill) (*layer, error) {
	if f.Today.IsZero() {
		f.Today = cmp.Or(f.Start, f.DecideBy)
	}
	if f.Today.IsZero() {
		return nil, fault.New(fault.Invalid, "process.fault.day")
	}
	if !(f.Buffer >= 0 && f.Buffer <= 2) {
		return nil, fault.New(fault.Invalid, "process.fault.buffer")
	}
	l := &layer{p: p, fill: f, times: Stretch(f.Factors)}
	l.write()
	l.file.Start, l.file.DecideBy = f.Start, f.DecideBy // the horizon reaches both
	net, err := schedule.FromPlan(&l.file, f.Today)
	if err != nil {
		return nil, err
	}
	net.DecideBy = 0
	l.net = net
	h := net.Nodes[0].Calendar.Horizon()
	if l.buyer, err = compiled(f.Buyer, h); err != nil {
		return nil, err
	}
	seller, err := compiled(f.Seller, h)
	if err != nil {
		return nil, err
	}
	if l.both, err = calendar.Both(l.buyer, seller); err != nil {
		return nil, err
	}
	l.decision = len(p.Steps) - 1
	if i := slices.IndexFunc(p.Steps, func(s Step) bool { return s.ID == p.Decision }); i >= 0 {
		l.decision = i
	}
	return l, nil
}

func compiled(party planfile.Party, h calendar.Horizon) (*calendar.Calendar, error) {
	week, err := calendar.ParseWeek(party.Calendar.Week)
	if err != nil {
		return nil, err
	}
	spec := calendar.Spec{Who: party.Organisation, Week: week, Region: party.Calendar.Region}
	for _, s := range party.Calendar.Closed {
		spec.Closed = append(spec.Closed, calendar.Span{From: s.From, To: s.To, Note: s.Note})
	}
	return calendar.Compile(spec, h)
}

// planned is how many days a step is given: its likely duration, stretched,
// and the buffer.
func (l *layer) planned(s *Step) int { return Planned(s.Likely, l.times, l.fill.Buffer) }

// Planned is how many days a likely duration is given: stretched by a factor,
// then with a share added as buffer; each time a day begun counts.
func Planned(likely int, times, buffer float64) int {
	return stretched(stretched(likely, times), 1+buffer)
}

// run computes the schedule of a process that begins on a day.
func (l *layer) run(start civil.Day) (*schedule.Schedule, error) {
	net := l.net
	net.Start, net.Today = start, start
	g, err := schedule.Compile(net)
	if err != nil {
		return nil, err
	}
	return g.Run()
}

// decides is the day of the decision if it begins on a day.
func (l *layer) decides(start civil.Day) (civil.Day, error) {
	s, err := l.run(start)
	if err != nil {
		return 0, err
	}
	return s.Dates(l.decision).Finish, nil
}

// begin is the day to begin: forward as asked; backward the latest from which
// it is still decided in time. The later one begins, the later it is decided,
// so that day can be searched for by halving.
func (l *layer) begin() (civil.Day, error) {
	if l.fill.DecideBy.IsZero() {
		return max(l.fill.Start, l.fill.Today), nil
	}
	first := max(l.fill.Start, l.fill.Today)
	earliest, err := l.decides(first)
	if err != nil {
		return 0, err
	}
	if earliest > l.fill.DecideBy {
		return 0, fault.New(fault.Invalid, "process.late", "Day", l.fill.DecideBy, "Start", first, "Earliest", earliest).Fix("process.late.fix")
	}
	low, high := first, l.fill.DecideBy+1 // low is in time, high is not
	for high-low > 1 {
		mid := low + (high-low)/2
		day, err := l.decides(mid)
		if err != nil {
			return 0, err
		}
		if day <= l.fill.DecideBy {
			low = mid
		} else {
			high = mid
		}
	}
	return low, nil
}

// from lays the plan out from a day on.
func (l *layer) from(start civil.Day) (*Laid, error) {
	s, err := l.run(start)
	if err != nil {
		return nil, err
	}
	out := &Laid{schedule: s, decision: l.decision, Stretch: l.times}
	f := l.file
	f.Actions = slices.Clone(l.file.Actions)
	f.Milestones = slices.Clone(l.file.Milestones)
	f.Criteria = slices.Clone(l.file.Criteria)
	last := map[string]civil.Day{}
	for i := range f.Actions {
		a := &f.Actions[i]
		d := s.Dates(i)
		a.Start, a.Due = d.Start, d.Finish
		a.Duration = days(stretched(l.p.Steps[i].Likely, l.times))
		last[a.Milestone] = max(last[a.Milestone], d.Finish)
		if out.Start.IsZero() || d.Start < out.Start {
			out.Start = d.Start
		}
	}
	for i := range f.Milestones {
		m := &f.Milestones[i]
		if end := last[m.ID]; !end.IsZero() {
			if m.Date, err = l.both.Next(end); err != nil {
				return nil, err
			}
		}
	}
	out.Decision = s.Dates(l.decision).Finish
	f.Start, f.DecideBy = out.Start, out.Decision
	for i := range f.Criteria {
		f.Criteria[i].By = out.Decision
	}
	if err := l.bare(start, out); err != nil {
		return nil, err
	}
	out.Plan = &f
	out.Open = l.open()
	return out, nil
}

// bare asks when it would be decided without any buffer.
func (l *layer) bare(start civil.Day, out *Laid) error {
	net := l.net
	net.Start, net.Today = start, start
	net.Nodes = slices.Clone(net.Nodes)
	for i := range l.p.Steps {
		net.Nodes[i].Duration = stretched(l.p.Steps[i].Likely, l.times)
	}
	g, err := schedule.Compile(net)
	if err != nil {
		return err
	}
	s, err := g.Run()
	if err != nil {
		return err
	}
	out.Ready = s.Dates(l.decision).Finish
	out.Spare, err = l.buyer.Between(out.Ready+1, out.Decision+1)
	return err
}

func days(n int) *int { return &n }

// write is the process as a plan file in one language, with planned durations.
func (l *layer) write() {
	p, f := l.p, l.fill
	lang := f.Language
	if lang != "de" {
		lang = "en"
	}
	title := cmp.Or(strings.TrimSpace(f.Title), p.PlanTitle(lang, f.Buyer.Organisation, f.Seller.Organisation))
	l.file = planfile.Plan{Format: planfile.Format, Language: lang, Title: title, Sides: planfile.Sides{Buyer: f.Buyer, Seller: f.Seller}}
	owner := l.people(lang)
	say := func(w Words) string { return named(w.In(lang), f.Buyer.Organisation, f.Seller.Organisation) }
	for _, m := range p.Milestones {
		l.file.Milestones = append(l.file.Milestones, planfile.Milestone{ID: "m-" + m.ID, Title: say(m.Title)})
	}
	for _, g := range p.Gates {
		l.file.Gates = append(l.file.Gates, planfile.Gate{ID: "g-" + g.ID, Title: say(g.Title), Rule: g.Rule, Anchor: g.Anchor, LeadDays: g.LeadDays, OnHoliday: g.OnHoliday})
	}
	for i := range p.Steps {
		s := &p.Steps[i]
		a := planfile.Action{ID: s.ID, Title: say(s.Title), DoneWhen: say(s.DoneWhen), Side: s.Side, Kind: s.Kind,
			Elapsed: s.Elapsed, Status: planfile.Open, Duration: days(l.planned(s)), Notes: l.meant(s, lang)}
		if s.Milestone != "" { // the same id may name a step, a milestone, a gate and a risk
			a.Milestone = "m-" + s.Milestone
		}
		if s.Gate != "" {
			a.Gate = "g-" + s.Gate
		}
		if s.Likely > 0 {
			a.Estimate = &planfile.Estimate{Low: float64(stretched(s.Low, l.times)), Likely: float64(stretched(s.Likely, l.times)), High: float64(stretched(s.High, l.times))}
		}
		switch s.Side {
		case planfile.Joint:
			a.Owners = planfile.Owners{Buyer: owner[s.Buyer], Seller: owner[s.Seller]}
		default:
			a.Owner = owner[cmp.Or(s.Buyer, s.Seller)]
		}
		l.file.Actions = append(l.file.Actions, a)
		for _, x := range s.After {
			l.file.Links = append(l.file.Links, planfile.Link{From: x.Step, To: s.ID, Type: cmp.Or(x.Type, "FS"), Lag: x.Lag, LagCalendar: x.LagCalendar})
		}
	}
	for _, r := range p.Risks {
		if slices.Contains(f.Risks, r.ID) {
			l.file.Risks = append(l.file.Risks, planfile.Risk{ID: "r-" + r.ID, Title: say(r.Title), Probability: r.Probability, Mitigation: say(r.Mitigation),
				Impact: &planfile.Impact{Low: r.Low, Likely: r.Likely, High: r.High}, Actions: slices.Clone(r.Steps)})
		}
	}
	ready := Words{DE: "Alles liegt vor, um sicher zu entscheiden, so oder so.", EN: "Everything is there to decide with confidence, either way."}
	l.file.Criteria = []planfile.Criterion{{Text: ready.In(lang)}}
}

// PlanTitle is what a plan made from the process is called if nobody says.
func (p *Process) PlanTitle(lang, buyer, seller string) string {
	title := p.Title.In(lang)
	if title == "" {
		title = p.Name.In(lang) + ": {buyer}"
	}
	return named(title, buyer, seller)
}

// named puts the companies' names into words.
func named(s, buyer, seller string) string {
	if !strings.Contains(s, "{") {
		return s
	}
	return strings.NewReplacer("{buyer}", buyer, "{seller}", seller).Replace(s)
}

// people names whoever fills a role: one person may fill several. It returns
// the person's id by role.
func (l *layer) people(lang string) map[string]string {
	ids := map[string]string{}
	known := map[string]int{}
	for _, r := range l.p.Roles {
		who := l.fill.People[r.ID]
		name := strings.TrimSpace(who.Name)
		if name == "" {
			continue
		}
		key := string(r.Side) + " " + strings.ToLower(name)
		i, again := known[key]
		if !again {
			i = len(l.file.People)
			known[key] = i
			l.file.People = append(l.file.People, planfile.Person{ID: "p" + strconv.Itoa(i+1), Side: r.Side, Name: name})
		}
		q := &l.file.People[i]
		q.Email = cmp.Or(q.Email, strings.TrimSpace(who.Email))
		q.Role = strings.TrimPrefix(q.Role+", "+r.Name.In(lang), ", ")
		ids[r.ID] = q.ID
	}
	return ids
}

// open are the roles that steps need and nobody fills.
func (l *layer) open() []Role {
	var out []Role
	for _, r := range l.p.Roles {
		needed := slices.ContainsFunc(l.p.Steps, func(s Step) bool { return s.Buyer == r.ID || s.Seller == r.ID })
		if needed && strings.TrimSpace(l.fill.People[r.ID].Name) == "" {
			out = append(out, r)
		}
	}
	return out
}

// meant says, as an internal note, which roles a step is meant for that
// nobody fills yet.
func (l *layer) meant(s *Step, lang string) string {
	var open []string
	for _, id := range []string{s.Buyer, s.Seller} {
		if r := l.p.Role(id); r != nil && strings.TrimSpace(l.fill.People[id].Name) == "" {
			open = append(open, r.Name.In(lang))
		}
	}
	if len(open) == 0 {
		return ""
	}
	return Words{DE: "Vorgesehen: ", EN: "Meant for: "}.In(lang) + strings.Join(open, ", ")
}
