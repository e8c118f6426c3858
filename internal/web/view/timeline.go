package view

import (
	"cmp"
	"slices"
	"strings"

	"tandem/internal/civil"
)

// TabTimeline is the plan in time: a bar per step.
const TabTimeline Tab = "timeline"

// Timeline is what the timeline shows beyond the plan's own rows. Days are
// first and last days, both included; zero is unknown.
type Timeline struct {
	From, To civil.Day // the days shown
	Zoom     Zoom
	Whole    bool // what is done is not folded away
	Bars     map[string]Bar
	Ties     []Tie
	Off      []DaysOff // weekends and holidays, by side
	Meetings []Meeting
	Ready    civil.Day // everything is there for the decision; zero: unknown or over
	Because  []string  // why Ready lies where it does
	Trouble  string    // why nothing could be computed
	Trial    *Trial    // what is being tried
}

// Zoom is how much time a page's width shows: query parameter "zoom".
type Zoom string

// The zooms.
const (
	ZoomWeek    Zoom = "week"
	ZoomMonth   Zoom = "month"
	ZoomQuarter Zoom = "quarter"
)

// perDay is the least width of a day in pixels. A page that has more room uses
// it.
func (z Zoom) perDay() int {
	switch z {
	case ZoomWeek:
		return 28
	case ZoomQuarter:
		return 3
	}
	return 9
}

// Bar is where a step or a milestone lies, by its id.
type Bar struct {
	Start, End   civil.Day // as planned, or else as computed
	Loose        bool      // no date is agreed: both are computed
	Early, Late  civil.Day // first and last day it can lie on without moving anything
	Slack        int       // working days
	Needs        civil.Day // later than agreed: the day it really needs
	Critical     bool      // sets the date of the decision
	First, Last  civil.Day // as first and as last agreed, where it is elsewhere now
	Movable      bool      // another date may be tried
	StartedOrSet bool      // Start is a fact or was planned, not counted back
}

// Tie is a link: To waits for From. Type is FS, SS, FF or SF.
type Tie struct {
	From, To string
	Type     string
	Critical bool
}

// DaysOff is a run of days on which a side does not work.
type DaysOff struct {
	Side     Side // Joint: neither side works
	From, To civil.Day
	Name     string // of a holiday; empty for a weekend
}

// Meeting is a committee's day.
type Meeting struct {
	Day  civil.Day
	Text string
}

// Trial is another date that is being tried, and what would move along.
type Trial struct {
	Item, Title string
	Asked, To   civil.Day
	Moves       []TrialMove // the item itself first
	Ready, Then civil.Day   // before and after
	Agreed      bool        // it takes the other side's yes
	MaySend     bool
	Trouble     string
	Problem     *Problem
}

// TrialMove is one date that would move.
type TrialMove struct {
	ID, Title  string
	Side       Side
	Start      civil.Day
	From, To   civil.Day
	Why        []string
	Version    uint64
	IsDecision bool
}

// laneKind is what a row of the timeline shows.
type laneKind uint8

const (
	stepLane laneKind = iota
	stoneLane
	foldLane
	endLane
)

// lane is one row. All rows are of one height, so that a link is drawn by
// counting rows, at any height.
type lane struct {
	id    string // of its element
	kind  laneKind
	item  *Item
	stone *Milestone
	bar   Bar
	over  []*Item // folded
	count string  // "3/8"
	ties  []lineTo
}

// lineTo is a link that ends in this row.
type lineTo struct {
	from     *lane
	up       int // rows above; negative: below
	typ      string
	critical bool
}

// laneID is the element of a row, by the id of its step or milestone.
func laneID(id string) string { return "tl-" + id }

// lanes puts the plan's steps into rows: by milestone, what is done folded
// away unless the whole is asked for.
func lanes(p *Plan) []*lane {
	t := p.Timeline
	stones := make([]*Milestone, len(p.Milestones))
	groups := make(map[string]int, len(stones))
	for i := range p.Milestones {
		stones[i] = &p.Milestones[i]
	}
	ends := map[string]civil.Day{} // a milestone without a date lies where its last step does
	for i := range p.Items {
		ends[p.Items[i].Milestone] = max(ends[p.Items[i].Milestone], t.Bars[p.Items[i].ID].End)
	}
	slices.SortStableFunc(stones, func(a, b *Milestone) int {
		return cmp.Or(laterLast(cmp.Or(a.Date, ends[a.ID]), cmp.Or(b.Date, ends[b.ID])), cmp.Compare(a.ID, b.ID))
	})
	for i, m := range stones {
		groups[m.ID] = i
	}
	steps := make([][]*Item, len(stones)+1)
	for i := range p.Items {
		it := &p.Items[i]
		g, ok := groups[it.Milestone]
		if !ok {
			g = phaseOf(stones, cmp.Or(it.Due, t.Bars[it.ID].End, civil.Latest))
		}
		steps[g] = append(steps[g], it)
	}
	var rows []*lane
	for i, group := range steps {
		var m *Milestone
		if i < len(stones) {
			m = stones[i]
		}
		if m != nil && len(group) == 0 && p.Show != ShowAll {
			continue // the filter leaves nothing of it
		}
		rows = append(rows, groupLanes(p, m, group)...)
	}
	tie(rows, t.Ties)
	return rows
}

// groupLanes are the rows of one milestone under its heading.
func groupLanes(p *Plan, m *Milestone, steps []*Item) []*lane {
	t := p.Timeline
	head := &lane{id: "tl-decision", kind: endLane, bar: t.Bars["decision"]}
	if m != nil {
		head = &lane{id: laneID(m.ID), kind: stoneLane, stone: m, bar: t.Bars[m.ID]}
	}
	slices.SortStableFunc(steps, func(a, b *Item) int {
		x, y := t.Bars[a.ID], t.Bars[b.ID]
		return cmp.Or(laterLast(x.Start, y.Start), laterLast(x.End, y.End), cmp.Compare(sideOrder(a.Side), sideOrder(b.Side)), cmp.Compare(a.ID, b.ID))
	})
	var over, open []*Item
	for _, it := range steps {
		if it.State == Over {
			over = append(over, it)
		} else {
			open = append(open, it)
		}
	}
	rows := []*lane{head}
	if n := len(steps); n > 0 {
		head.count = p.L.T("timeline.count", "Done", len(over), "Total", n)
	}
	if len(over) > 1 && !t.Whole {
		rows = append(rows, &lane{id: head.id + "-over", kind: foldLane, over: over})
		steps = open
	}
	for _, it := range steps {
		rows = append(rows, &lane{id: laneID(it.ID), kind: stepLane, item: it, bar: t.Bars[it.ID]})
	}
	return rows
}

// tie gives every row the links that end in it; what is folded away has none.
func tie(rows []*lane, ties []Tie) {
	at := make(map[string]int, len(rows))
	for i, r := range rows {
		at[r.id] = i
	}
	for _, t := range ties {
		from, ok := at[laneID(t.From)]
		to, ok2 := at[laneID(t.To)]
		if ok && ok2 && from != to && !rows[from].bar.End.IsZero() && !rows[to].bar.End.IsZero() {
			rows[to].ties = append(rows[to].ties, lineTo{rows[from], to - from, t.Type, t.Critical})
		}
	}
}

// title of a row.
func (r *lane) title(p *Plan) string {
	switch r.kind {
	case stepLane:
		return r.item.Title
	case stoneLane:
		return r.stone.Title
	case foldLane:
		return p.L.T("timeline.over", "N", len(r.over))
	}
	return p.L.T("timeline.decision")
}

// side of a row's step; empty for anything else.
func (r *lane) side() string {
	if r.item == nil {
		return ""
	}
	return string(r.item.Side)
}

// about is a row in words, for whom the drawing says nothing.
func (r *lane) about(p *Plan) string {
	l, b := p.L, r.bar
	parts := []string{r.title(p)}
	add := func(text string) { parts = append(parts, text) }
	if r.kind == foldLane {
		return parts[0]
	}
	if r.item != nil {
		add(p.sideName(r.item.Side))
		add(p.owners(r.item))
	}
	switch {
	case r.stone != nil && r.stone.Reached:
		add(l.T("timeline.reached", "Date", b.End))
		return strings.Join(parts, ", ")
	case r.item != nil && r.item.State == Over:
		add(l.T("timeline.done", "Date", cmp.Or(r.item.DoneOn, b.End)))
		return strings.Join(parts, ", ")
	case b.End.IsZero():
		add(l.T("timeline.undated"))
	case b.Loose:
		add(l.T("timeline.expected", "Span", l.Span(b.Start, b.End)))
	case r.kind != stepLane || b.Start == b.End:
		add(l.Date(b.End))
	default:
		add(l.Span(b.Start, b.End))
	}
	if !b.Needs.IsZero() {
		add(l.T("timeline.needs", "Date", b.Needs))
	}
	if b.Critical {
		add(l.T("timeline.critical"))
	} else if b.Slack > 0 && r.kind == stepLane {
		add(l.T("timeline.slack", "N", b.Slack))
	}
	if r.item != nil {
		if r.item.State == Blocked {
			add(p.blocked(r.item))
		}
		if !r.item.Proposed.IsZero() {
			add(l.T("timeline.proposed", "Date", r.item.Proposed))
		}
	}
	return strings.Join(parts, ", ")
}

// timelineHref is the timeline's address with one thing changed.
func (p *Plan) timelineHref(zoom Zoom, whole bool) string {
	var q []string
	if zoom != "" {
		q = append(q, "zoom="+string(zoom))
	}
	if whole {
		q = append(q, "done=1")
	}
	if p.Show != ShowAll {
		q = append(q, "show="+string(p.Show))
	}
	if len(q) == 0 {
		return p.Base + "/timeline"
	}
	return p.Base + "/timeline?" + strings.Join(q, "&")
}

// tryHref is where another date is tried; the script adds the date.
func (p *Plan) tryHref(id string) string {
	h := p.timelineHref(p.Timeline.Zoom, p.Timeline.Whole)
	if strings.Contains(h, "?") {
		return h + "&item=" + id
	}
	return h + "?item=" + id
}

// away is when an owner of a row's step is away.
func (r *lane) away(p *Plan) []Absence {
	if r.item == nil || r.item.State == Over {
		return nil
	}
	var out []Absence
	for i := range r.item.Owners {
		for k := range p.People {
			if m := &p.People[k]; m.ID == r.item.Owners[i].ID {
				for _, a := range m.Absences {
					a.Note = m.Name
					out = append(out, a)
				}
			}
		}
	}
	return out
}

// timelineFragments: the axis, the ground with the days off, and a fragment
// per row.
func timelineFragments(p *Plan) []Fragment {
	if p.Timeline == nil {
		p.Timeline = &Timeline{}
	}
	if len(p.Items) == 0 {
		return []Fragment{{ID: "empty", Self: empty(p)}}
	}
	rows := lanes(p)
	kids := make([]Fragment, len(rows))
	for i, r := range rows {
		kids[i] = Fragment{ID: r.id, Self: laneRow(p, r)}
	}
	return []Fragment{
		{ID: "tl-head", Self: timelineHead(p)},
		{ID: "timeline", Self: timelineFigure(p, len(rows)), Box: true, Kids: []Fragment{
			{ID: "tl-axis", Self: timelineAxis(p)},
			{ID: "tl-ground", Self: timelineGround(p)},
			{ID: "tl-rows", Self: timelineRows(), Box: true, Kids: kids},
			{ID: "tl-ghosts", Self: timelineGhosts(p, rows)},
		}},
		{ID: "tl-try", Self: timelineTry(p)},
	}
}

// density of the rows.
func (p *Plan) rowDensity() string { return string(densityOf(len(p.Items))) }

// stampText is a day as the script sends it back.
func stampText(d civil.Day) string { return d.String() }
