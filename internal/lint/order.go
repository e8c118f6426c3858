package lint

import (
	"strings"

	"tandem/internal/civil"
	"tandem/internal/planfile"
)

// dependencyCycle: steps that wait for each other never begin.
func (c *check) dependencyCycle() {
	knot := c.knot()
	done := map[string]bool{} // items already told about
	for _, id := range c.order {
		if done[id] || !knot[id] {
			continue
		}
		ring := c.ring(id)
		if ring == nil {
			continue
		}
		titles := make([]string, 0, len(ring)+1)
		for _, member := range ring {
			done[member] = true
			titles = append(titles, c.nodes[member].title)
		}
		titles = append(titles, titles[0])
		c.add(Finding{
			Severity: Error, Item: id, Field: "links",
			Message:    c.text("message", "Ring", strings.Join(shorten(titles), " → ")),
			Suggestion: c.text("suggestion"),
		})
	}
}

// event is the start or the finish of an item. A cycle is one of events: "B
// starts after A started" and "A finishes after B finished" is none.
type event struct {
	id     string
	finish bool
}

// knot is the items that may be in a cycle: those that are left when items
// nothing leads to, and items that lead to nothing, are taken away.
func (c *check) knot() map[string]bool {
	left := map[string]bool{}
	in, out := map[string]int{}, map[string]int{}
	for _, id := range c.order {
		left[id] = true
		in[id], out[id] = len(c.nodes[id].in), len(c.nodes[id].out)
	}
	ends := append([]string{}, c.order...)
	for len(ends) > 0 {
		id := ends[len(ends)-1]
		ends = ends[:len(ends)-1]
		if !left[id] || in[id] > 0 && out[id] > 0 {
			continue
		}
		delete(left, id)
		for _, l := range c.nodes[id].out {
			in[l.To]--
			ends = append(ends, l.To)
		}
		for _, l := range c.nodes[id].in {
			out[l.From]--
			ends = append(ends, l.From)
		}
	}
	return left
}

// ring is the shortest way from an item back to itself, or nil.
func (c *check) ring(id string) []string {
	for _, begin := range []event{{id, false}, {id, true}} {
		came := map[event]event{}
		queue := []event{begin}
		for len(queue) > 0 {
			at := queue[0]
			queue = queue[1:]
			for _, next := range c.following(at) {
				if next == begin {
					return path(came, begin, at)
				}
				if _, seen := came[next]; !seen {
					came[next] = at
					queue = append(queue, next)
				}
			}
		}
	}
	return nil
}

// path is the items on the way from begin to end.
func path(came map[event]event, begin, end event) []string {
	way := []string{end.id}
	for at := end; at != begin; {
		at = came[at]
		if way[len(way)-1] != at.id {
			way = append(way, at.id)
		}
	}
	for i, j := 0, len(way)-1; i < j; i, j = i+1, j-1 {
		way[i], way[j] = way[j], way[i]
	}
	if len(way) > 1 && way[0] == way[len(way)-1] {
		way = way[:len(way)-1]
	}
	return way
}

// following are the events that wait for one: an item's own finish for its
// start, and what its links say.
func (c *check) following(e event) []event {
	var all []event
	if !e.finish {
		all = append(all, event{e.id, true})
	}
	for _, l := range c.nodes[e.id].out {
		if from, to := ends(l); from == e.finish {
			all = append(all, event{l.To, to})
		}
	}
	return all
}

// ends says whether a link leaves from the finish and whether it bounds the
// finish. An unknown type counts as FS, the default.
func ends(l planfile.Link) (fromFinish, toFinish bool) {
	switch l.Type {
	case "SS":
		return false, false
	case "FF":
		return true, true
	case "SF":
		return false, true
	}
	return true, false
}

// againstDependency: a date before the one it waits for. The bound goes
// through items without a date of their own: if A comes before an undated
// milestone and that before B, then A comes before B.
func (c *check) againstDependency() {
	bounds := map[string]bound{}
	for _, id := range c.order {
		n := c.nodes[id]
		if !n.live {
			continue
		}
		var worst bound
		var field string
		for _, l := range n.in {
			b := c.boundOf(l, bounds)
			if f := c.violated(n, l, b); f != "" && b.day > worst.day {
				worst, field = b, f
			}
		}
		if worst.day.IsZero() {
			continue
		}
		c.add(c.orderFinding(n, worst, field))
	}
}

// bound is the earliest day that a dependency allows, and the item it comes from.
type bound struct {
	day, own civil.Day // own: the date of the item itself, without lag
	from     *node
}

// boundOf is what a link demands; no day if it demands nothing dated.
func (c *check) boundOf(l planfile.Link, memo map[string]bound) bound {
	from := c.nodes[l.From]
	if !from.live {
		return bound{}
	}
	b := bound{from.start, from.start, from}
	if fromFinish, _ := ends(l); fromFinish {
		b = bound{from.finish, from.finish, from}
		if b.day.IsZero() {
			b = c.boundThrough(from, memo)
		}
	}
	if b.day.IsZero() {
		return bound{}
	}
	b.day = c.lagged(b.day, l)
	return b
}

// boundThrough is the latest date in front of an item that has none itself:
// of what it waits for, and of the steps of a milestone.
func (c *check) boundThrough(n *node, memo map[string]bound) bound {
	if b, known := memo[n.id]; known {
		return b
	}
	memo[n.id] = bound{} // a cycle ends here; dependency-cycle tells it
	var latest bound
	for _, l := range n.in {
		if b := c.boundOf(l, memo); b.day > latest.day {
			latest = b
		}
	}
	if n.action == nil {
		for _, a := range c.todo {
			if a.Milestone == n.id && a.Due > latest.day {
				latest = bound{a.Due, a.Due, c.nodes[a.ID]}
			}
		}
	}
	memo[n.id] = latest
	return latest
}

// lagged is a day and a link's lag.
func (c *check) lagged(d civil.Day, l planfile.Link) civil.Day {
	if l.Lag == 0 {
		return d
	}
	if l.Lag > planfile.MaxDays || l.Lag < -planfile.MaxDays {
		return 0
	}
	w := bothSides
	switch l.LagCalendar {
	case "elapsed":
		return d + civil.Day(l.Lag)
	case "predecessor":
		w = c.whoOf(l.From)
	case "successor":
		w = c.whoOf(l.To)
	}
	return c.plus(d, l.Lag, w)
}

// whoOf is who works on an item; on a milestone, both sides.
func (c *check) whoOf(id string) who {
	if n := c.nodes[id]; n.action != nil {
		return c.who(n.action)
	}
	return bothSides
}

// violated is the field that comes too early for a bound, or empty. The same
// day is not told: people write "from the 20th" after "by the 20th".
func (c *check) violated(n *node, l planfile.Link, b bound) string {
	_, toFinish := ends(l)
	switch {
	case b.day.IsZero():
		return ""
	case !n.finish.IsZero() && n.finish < b.day:
		return finishField(n)
	case !toFinish && !n.start.IsZero() && n.start < b.day && n.action.Status == planfile.Open:
		return "start"
	}
	return ""
}

func finishField(n *node) string {
	if n.action == nil {
		return "date"
	}
	return "due"
}

// orderFinding is an error for a date that was promised, a warning for a
// planned start, which is only information.
func (c *check) orderFinding(n *node, b bound, field string) Finding {
	f := Finding{Severity: Error, Item: n.id, Field: field}
	day, key := n.finish, "message"
	if field == "start" {
		f.Severity, day, key = Warning, n.start, "start"
	}
	f.Message = c.text(key, "Day", day, "Before", quoted(b.from.title), "BeforeDay", b.own)
	earliest := b.day
	if n.action != nil {
		earliest++ // its own work needs a day as well
	}
	if free := c.next(earliest, c.whoOf(n.id)); !free.IsZero() {
		f.Suggestion = c.text("suggestion", "After", free, "Before", quoted(b.from.title))
		f.Fix = &Fix{Field: field, Day: free}
	}
	return f
}

// afterMilestone: a milestone with a step of its own still open was not
// reached. Where a link says so already, against-dependency tells it.
func (c *check) afterMilestone() {
	for _, a := range c.todo {
		m := c.nodes[a.Milestone]
		if m == nil || m.action != nil || m.finish.IsZero() || a.Due <= m.finish || c.linked(a.ID, m.id) {
			continue
		}
		c.add(Finding{
			Severity: Warning, Item: a.ID, Field: "due",
			Message:    c.text("message", "Due", a.Due, "Milestone", quoted(m.title), "Day", m.finish),
			Suggestion: c.text("suggestion"),
		})
	}
}

func (c *check) linked(from, to string) bool {
	for _, l := range c.nodes[from].out {
		if l.To == to {
			return true
		}
	}
	return false
}

// shorten keeps long rings and long titles readable.
func shorten(titles []string) []string {
	const most = 6
	out := titles
	if len(titles) > most {
		out = append(append([]string{}, titles[:most-2]...), "…", titles[len(titles)-1])
	}
	for i, t := range out {
		out[i] = clip(t)
	}
	return out
}

// quoted is another item's title as a text that puts it into the quotation
// marks of the reader's language.
func quoted(title string) Text { return say("lint.quoted", "Title", title) }
