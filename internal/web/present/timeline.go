package present

import (
	"cmp"
	"time"

	"tandem/internal/app"
	"tandem/internal/calendar"
	"tandem/internal/civil"
	"tandem/internal/fault"
	"tandem/internal/locale"
	"tandem/internal/plan"
	"tandem/internal/schedule"
	"tandem/internal/web/view"
)

// TimelineOptions say what the timeline shows.
type TimelineOptions struct {
	Zoom  view.Zoom // empty: what suits the plan
	Whole bool      // also what is done
	Try   plan.ID   // the item another date is tried for
	To    civil.Day // that date; zero asks for one
}

// longest is how many days a timeline shows: twelve years. What lies further
// out is drawn at its edge.
const longest = 4_400

// timeline is where everything lies: what is agreed, and what was computed.
func (pr *presenter) timeline(out *view.Plan) *view.Timeline {
	t := &view.Timeline{Zoom: pr.o.Timeline.Zoom, Whole: pr.o.Timeline.Whole, Bars: map[string]view.Bar{}}
	table, err := pr.v.Timetable()
	if err != nil {
		t.Trouble = pr.faultText(err)
	} else if !table.Still && pr.p.Phase != plan.Decided {
		t.Ready = table.Ready()
		t.Because = pr.becauseReady(table)
	}
	for _, it := range pr.p.Live(plan.KindAction, plan.KindMilestone, plan.KindDecision) {
		t.Bars[string(it.ID)] = pr.bar(it, table)
	}
	for _, a := range pr.v.Own.Actions {
		due := cmp.Or(a.DoneOn, a.Due)
		t.Bars[string(a.ID)] = view.Bar{Start: due, End: due}
	}
	for _, link := range pr.p.Live(plan.KindLink) {
		x := link.Terms
		tie := view.Tie{From: string(x.From), To: string(x.To), Type: string(x.Type)}
		tie.Critical = t.Bars[tie.From].Critical && t.Bars[tie.To].Critical
		t.Ties = append(t.Ties, tie)
	}
	if pr.o.Timeline.Try != "" {
		t.Trial = pr.shift(out)
	}
	pr.span(t)
	pr.daysOff(t)
	pr.meetings(t)
	return t
}

func (pr *presenter) faultText(err error) string {
	if f, ok := fault.As(err); ok {
		return pr.l.Text(f.Key, f.Args)
	}
	return pr.l.T("pages.trouble.internal")
}

// bar is where one item lies.
func (pr *presenter) bar(it *plan.Item, table *app.Timetable) view.Bar {
	b := view.Bar{End: it.Terms.Due, Movable: pr.movable(it) && table != nil}
	reached := it.Kind == plan.KindMilestone && pr.reached(it)
	if reached {
		b.Movable = false
	}
	if it.Progress.Status == plan.Done {
		b.End = cmp.Or(it.Progress.DoneOn, it.Terms.Due)
		b.Start = cmp.Or(it.Progress.StartedOn, b.End)
	}
	b.First, b.Last = pr.baselines(it, b.End)
	if table == nil {
		b.Start = cmp.Or(b.Start, it.Details.Start, b.End)
		b.Start = min(b.Start, b.End)
		return b
	}
	if d, ok := table.Dates(it.ID); ok && it.Progress.Status != plan.Done && !reached {
		b.Early, b.Late, b.Slack, b.Critical = d.Start, d.LateFinish, max(d.TotalSlack, 0), d.Critical
		if late, is := table.Late(it.ID); is {
			b.Needs = late
		}
		if b.End.IsZero() && it.Kind == plan.KindAction {
			b.Loose, b.Start, b.End = true, d.Start, d.Finish
		}
	}
	b.Start = cmp.Or(b.Start, pr.begins(it, b, table.Node(it.ID)))
	b.Start = min(b.Start, b.End)
	return b
}

// begins is the day a step begins to end on its date: planned, or known, or
// counted back in its own calendar.
func (pr *presenter) begins(it *plan.Item, b view.Bar, n *schedule.Node) civil.Day {
	switch {
	case it.Progress.StartedOn != 0:
		return it.Progress.StartedOn
	case it.Details.Start != 0:
		return it.Details.Start
	case n == nil || n.Duration < 2 || b.End.IsZero():
		return b.End
	}
	start, err := n.Calendar.Start(b.End, n.Duration)
	if err != nil {
		return b.End
	}
	return start
}

// movable: another date may be tried for what is not over.
func (pr *presenter) movable(it *plan.Item) bool {
	return pr.moves && pr.p.Paused == nil && it.Progress.Status != plan.Done
}

// baselines are the dates as first and last agreed by both, where they differ
// from where the item lies now and from each other.
func (pr *presenter) baselines(it *plan.Item, now civil.Day) (first, last civil.Day) {
	for _, b := range pr.p.Baselines {
		terms := b.Terms[it.ID]
		if terms == nil || terms.Due.IsZero() {
			continue
		}
		first, last = cmp.Or(first, terms.Due), terms.Due
	}
	if it.Agreed != nil && !it.Agreed.Due.IsZero() {
		last = it.Agreed.Due
	}
	if last == now || last == first {
		last = 0
	}
	if first == now {
		first = 0
	}
	return first, last
}

// becauseReady tells why the day of the decision's readiness is what it is.
func (pr *presenter) becauseReady(table *app.Timetable) []string {
	causes := table.Because(plan.DecisionItem)
	return pr.causes(causes[:min(len(causes), 1)])
}

// causes says causes in sentences; that a repair pulls nothing forward is no
// news to anybody.
func (pr *presenter) causes(causes []schedule.Cause) []string {
	voice := schedule.Voice{Lang: pr.l.Lang, Text: locale.For(pr.l.Lang).At(pr.v.Now, pr.v.Zone).Text}
	var out []string
	for _, c := range causes {
		switch c.Kind {
		case schedule.CausePresent, schedule.CauseStart, schedule.CauseToday, schedule.CauseAssumed:
			continue
		}
		out = append(out, voice.Say(c.Phrase))
	}
	return out[:min(len(out), 2)]
}

// shift is what would move along with another date.
func (pr *presenter) shift(out *view.Plan) *view.Trial {
	id, to := pr.o.Timeline.Try, pr.o.Timeline.To
	it := pr.p.Items[id]
	if it == nil || it.Removed != 0 || !pr.movable(it) || it.Kind != plan.KindAction && it.Kind != plan.KindMilestone && it.ID != plan.DecisionItem {
		return nil
	}
	x := &view.Trial{Item: string(id), Title: pr.titleOf(it), Asked: to, To: it.Terms.Due, Problem: pr.o.Problem}
	if to.IsZero() || to == it.Terms.Due {
		x.Asked = 0
		return x
	}
	s, err := pr.v.Shift(id, to)
	if err != nil {
		x.Trouble = pr.faultText(err)
		return x
	}
	x.To, x.Ready, x.Then = s.To, s.Ready, s.Then
	x.MaySend = out.Reader.Editable
	own := len(s.Moves) == 1
	for _, m := range s.Moves {
		item := pr.p.Items[m.Item]
		move := view.TrialMove{ID: string(m.Item), Title: pr.titleOf(item), Side: view.Side(item.Terms.Party), Start: m.Start, From: m.From, To: m.To,
			Why: pr.causes(m.Because), Version: uint64(item.Version), IsDecision: m.Item == plan.DecisionItem}
		x.Moves = append(x.Moves, move)
		x.Agreed = x.Agreed || item.Bound()
		own = own && item.Terms.Owners.Of(pr.v.Side()) == pr.v.Me.ID
	}
	if x.Agreed && !out.Reader.May.Propose && !own {
		x.MaySend = false
	}
	return x
}

// span chooses the days shown: everything with some room around it, whole
// weeks from a Monday on.
func (pr *presenter) span(t *view.Timeline) {
	from, to := pr.v.Today, pr.v.Today
	see := func(days ...civil.Day) {
		for _, d := range days {
			if !d.IsZero() && d > pr.v.Today-longest/2 && d < pr.v.Today+longest/2 {
				from, to = min(from, d), max(to, d)
			}
		}
	}
	for _, b := range t.Bars {
		see(b.Start, b.End, b.Late, b.Needs, b.First, b.Last)
	}
	for _, x := range pr.talks {
		for _, c := range x.Changes {
			see(c.New.Due)
		}
	}
	if t.Trial != nil {
		for _, m := range t.Trial.Moves {
			see(m.To)
		}
	}
	for from -= 2; from.Weekday() != time.Monday; from-- {
	}
	room := max(10, (to-from)/7)
	for to += room; to.Weekday() != time.Sunday; to++ {
	}
	t.From, t.To = from, to
	if t.Zoom == "" {
		t.Zoom = view.ZoomMonth
		if to-from > 250 {
			t.Zoom = view.ZoomQuarter
		}
	}
}

// daysOff are the runs of days on which neither side works, and those on which
// only one does. A holiday is told from a weekend by its name.
func (pr *presenter) daysOff(t *view.Timeline) {
	days := int(t.To-t.From) + 1
	buyer, err1 := app.SideCalendar(pr.p, plan.Buyer, t.From, days)
	seller, err2 := app.SideCalendar(pr.p, plan.Seller, t.From, days)
	if err1 != nil || err2 != nil {
		return
	}
	put := func(day civil.Day, side view.Side, name string) {
		if n := len(t.Off); n > 0 {
			for i := n - 1; i >= max(0, n-2); i-- {
				if o := &t.Off[i]; o.To == day-1 && o.Side == side && o.Name == name {
					o.To = day
					return
				}
			}
		}
		t.Off = append(t.Off, view.DaysOff{Side: side, From: day, To: day, Name: name})
	}
	for day := t.From; day <= t.To; day++ {
		b, s := buyer.Works(day), seller.Works(day)
		switch {
		case !b && !s:
			name := pr.offName(buyer.Why(day))
			put(day, view.Joint, cmp.Or(name, pr.offName(seller.Why(day))))
		case !b:
			put(day, view.Buyer, cmp.Or(pr.offName(buyer.Why(day)), pr.l.T("timeline.notWorking")))
		case !s:
			put(day, view.Seller, cmp.Or(pr.offName(seller.Why(day)), pr.l.T("timeline.notWorking")))
		}
	}
}

// offName is what a day off is called; a weekend needs no name.
func (pr *presenter) offName(reasons []calendar.Reason) string {
	for _, r := range reasons {
		switch {
		case r.Kind == calendar.Weekend:
		case r.Name(pr.l.Lang) != "":
			return r.Name(pr.l.Lang)
		default:
			return pr.l.T("timeline.closed")
		}
	}
	return ""
}

// meetings are the committees' days that are shown.
func (pr *presenter) meetings(t *view.Timeline) {
	for _, it := range pr.p.Live(plan.KindGate) {
		g := it.Details.Committee
		from := min(t.From, cmp.Or(g.Anchor, t.From))
		cal, err := app.SideCalendar(pr.p, cmp.Or(g.Side, plan.Buyer), from-7, int(t.To-from)+21)
		if err != nil {
			continue
		}
		gate, err := cal.Gate(calendar.Rule{Text: g.Rule, Anchor: g.Anchor, Except: g.Except, LeadDays: g.LeadDays, OnHoliday: calendar.OnHoliday(g.OnHoliday)})
		if err != nil {
			continue // it never meets in the days shown
		}
		for _, d := range gate.Days() {
			if d >= t.From && d <= t.To {
				t.Meetings = append(t.Meetings, view.Meeting{Day: d, Text: pr.titleOf(it)})
			}
		}
	}
}
