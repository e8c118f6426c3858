package present

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"tandem/internal/app"
	"tandem/internal/calendar"
	"tandem/internal/civil"
	"tandem/internal/plan"
	"tandem/internal/web/view"
)

// Calendars is everything a plan's dates depend on.
func Calendars(v app.View, language, base string) *view.Calendars {
	pr := newPresenter(v, Options{Language: language, Base: base})
	out := &view.Calendars{MayEdit: pr.moves && (v.Me.Access == plan.Editor || v.Me.Access == plan.Lead),
		New:     view.GateRule{Side: view.Buyer, Every: 2, Day: "tu", Nth: "1", OnHoliday: "skip"},
		Regions: []view.Option{{Value: "", Label: pr.l.T("timetable.region.none")}}}
	for _, r := range calendar.Regions() {
		out.Regions = append(out.Regions, view.Option{Value: r.Code, Label: r.Name(language)})
	}
	slices.SortFunc(out.Regions[1:], func(a, b view.Option) int { return cmp.Compare(a.Label, b.Label) })
	for _, s := range []plan.Side{plan.Buyer, plan.Seller} {
		out.Sides = append(out.Sides, pr.sideDays(s))
	}
	for _, it := range v.Plan.Live(plan.KindGate) {
		out.Gates = append(out.Gates, pr.gateRule(it))
	}
	for _, it := range v.Plan.Live(plan.KindFreeze) {
		z := it.Details.Frozen
		out.Freezes = append(out.Freezes, view.Freeze{ID: string(it.ID), Title: z.Title.Value, From: z.From, To: z.To, Blocks: z.Blocks, Side: view.Side(z.Side), Version: uint64(it.Version)})
	}
	out.Path = pr.approvals()
	return out
}

func (pr *presenter) sideDays(s plan.Side) view.SideDays {
	c := pr.p.Calendar.Of(s)
	out := view.SideDays{Side: view.Side(s), Region: c.Region, Named: pr.l.T("timetable.region.none"), Week: map[string]bool{}, Fiscal: c.Fiscal,
		Mine: s == pr.v.Side() || pr.p.Phase == plan.Draft}
	for _, r := range calendar.Regions() {
		if r.Code == c.Region {
			out.Named = r.Name(pr.l.Lang)
		}
	}
	week := c.Week
	if len(week) == 0 {
		week = []string{"mon", "tue", "wed", "thu", "fri"}
	}
	for _, d := range week {
		out.Week[d] = true
	}
	for _, x := range c.Closed {
		out.Closed = append(out.Closed, view.Absence{From: x.From, To: x.To, Note: x.Note.Value})
	}
	return out
}

func (pr *presenter) gateRule(it *plan.Item) view.GateRule {
	g := it.Details.Committee
	out := GateForm(g)
	out.ID, out.Title, out.Version = string(it.ID), g.Title.Value, uint64(it.Version)
	out.Text = pr.rule(g)
	out.Days = meetings(pr.p, pr.v.Today, g, shownMeetings)
	return out
}

// GateForm is a committee's rhythm as its form says it.
func GateForm(g *plan.GateDetails) view.GateRule {
	out := view.GateRule{Side: view.Side(cmp.Or(g.Side, plan.Buyer)), Anchor: g.Anchor, Lead: g.LeadDays, OnHoliday: cmp.Or(g.OnHoliday, "skip"), Every: 1, Nth: "1", Own: true}
	var except []string
	for _, d := range g.Except {
		except = append(except, d.String())
	}
	out.Except = strings.Join(except, " ")
	parts := ruleParts(g.Rule)
	day := strings.ToLower(parts["BYDAY"])
	known := len(parts) == 2 || len(parts) == 3 && parts["INTERVAL"] != ""
	switch {
	case parts["FREQ"] == "WEEKLY" && len(day) == 2 && known:
		every, err := strconv.Atoi(cmp.Or(parts["INTERVAL"], "1"))
		out.Day, out.Every, out.Own = day, every, err != nil
	case parts["FREQ"] == "MONTHLY" && len(parts) == 2 && len(day) > 2:
		out.Monthly, out.Nth, out.Day, out.Own = true, day[:len(day)-2], day[len(day)-2:], false
	}
	return out
}

func ruleParts(rule string) map[string]string {
	parts := map[string]string{}
	for part := range strings.SplitSeq(rule, ";") {
		if k, v, ok := strings.Cut(part, "="); ok {
			parts[k] = v
		}
	}
	return parts
}

const shownMeetings = 5

// meetings are a committee's next days; none if its rule gives none.
func meetings(p *plan.Plan, today civil.Day, g *plan.GateDetails, n int) []civil.Day {
	from := min(today, cmp.Or(g.Anchor, today))
	cal, err := app.SideCalendar(p, cmp.Or(g.Side, plan.Buyer), from-7, int(today-from)+737)
	if err != nil {
		return nil
	}
	compiled, err := cal.Gate(calendar.Rule{Text: g.Rule, Anchor: g.Anchor, Except: g.Except, LeadDays: g.LeadDays, OnHoliday: calendar.OnHoliday(g.OnHoliday)})
	if err != nil {
		return nil
	}
	var out []civil.Day
	for _, d := range compiled.Days() {
		if d >= today && len(out) < n {
			out = append(out, d)
		}
	}
	return out
}

// Meetings are the next days of a committee that is being written.
func Meetings(v app.View, g *plan.GateDetails) []civil.Day {
	return meetings(v.Plan, v.Today, g, shownMeetings)
}

// approvals are the steps in which somebody approves, or a committee does, in
// the order in which they wait for each other, else by date.
func (pr *presenter) approvals() []view.Approval {
	var steps []*plan.Item
	for _, it := range pr.p.Live(plan.KindAction) {
		if it.Details.Category == Approval || it.Details.Gate != "" {
			steps = append(steps, it)
		}
	}
	slices.SortStableFunc(steps, func(a, b *plan.Item) int {
		switch {
		case pr.waits(b.ID, a.ID):
			return -1
		case pr.waits(a.ID, b.ID):
			return 1
		}
		return cmp.Compare(a.Terms.Due, b.Terms.Due)
	})
	var out []view.Approval
	for _, it := range steps {
		x := view.Approval{Ref: view.Ref{ID: string(it.ID), Title: pr.titleOf(it), Done: it.Progress.Status == plan.Done}, Due: it.Terms.Due, Side: view.Side(it.Terms.Party)}
		var who []string
		for _, o := range pr.owners(it) {
			who = append(who, o.Name)
		}
		if len(who) == 0 {
			who = []string{pr.l.T("state.owner.open")}
		}
		x.Who = pr.l.T("timetable.path.unsaid", "Who", who)
		if d := it.Details.Duration; d != nil {
			x.Who = pr.l.T("timetable.path.one", "Who", who, "N", *d)
		}
		if g := pr.p.Items[it.Details.Gate]; g != nil && g.Removed == 0 {
			c := g.Details.Committee
			x.Gate = pr.l.T("timetable.path.gate", "Gate", c.Title.Value, "Rule", pr.rule(c))
			if c.LeadDays > 0 {
				x.Lead = pr.l.T("timetable.path.lead", "N", c.LeadDays)
			}
		}
		out = append(out, x)
	}
	return out
}

// waits reports that a step waits, near or far, for another.
func (pr *presenter) waits(id, before plan.ID) bool {
	seen := map[plan.ID]bool{id: true}
	for queue := []plan.ID{id}; len(queue) > 0; queue = queue[1:] {
		for _, l := range pr.after[queue[0]] {
			from := l.Terms.From
			if from == before {
				return true
			}
			if !seen[from] {
				seen[from] = true
				queue = append(queue, from)
			}
		}
	}
	return false
}
