package view

import (
	"cmp"
	"slices"
	"strings"

	"tandem/internal/civil"
)

// Density is how close together the steps stand.
type density string

const (
	few  density = "few"  // up to five: one narrow column
	some density = "some" // the drawing as designed
	many density = "many" // above thirty: single lines, one phase open at a time
)

func densityOf(n int) density {
	switch {
	case n <= 5:
		return few
	case n <= 30:
		return some
	}
	return many
}

// phase is the way to a milestone, or after the last one to the decision.
type phase struct {
	id        string // "ph-m1"; the last is "ph-end"
	milestone *Milestone
	folded    []*Item // done, before anything that is still open
	lines     []line
	done      int
	total     int
	open      bool // the phase that is on now
}

// line is one thing in a phase, from top to bottom.
type line struct {
	id   string
	item *Item
	day  civil.Day // a date on the spine; also of an item
	same bool      // the day's date has been shown
	gate *GateDay
	now  bool // today's line
}

// arrange puts the plan's steps along the spine. The steps without a date come
// back separately.
func arrange(p *Plan) (phases []phase, tray []*Item) {
	stones := make([]*Milestone, len(p.Milestones))
	for i := range p.Milestones {
		stones[i] = &p.Milestones[i]
	}
	slices.SortStableFunc(stones, func(a, b *Milestone) int { return cmp.Or(laterLast(a.Date, b.Date), cmp.Compare(a.ID, b.ID)) })
	at := map[string]int{}
	for i, m := range stones {
		phases = append(phases, phase{id: "ph-" + m.ID, milestone: m})
		at[m.ID] = i
	}
	phases = append(phases, phase{id: "ph-end"})

	items := make([]*Item, 0, len(p.Items))
	for i := range p.Items {
		if it := &p.Items[i]; it.Due.IsZero() {
			tray = append(tray, it)
		} else {
			items = append(items, it)
		}
	}
	slices.SortStableFunc(items, func(a, b *Item) int {
		return cmp.Or(cmp.Compare(a.Due, b.Due), cmp.Compare(sideOrder(a.Side), sideOrder(b.Side)), cmp.Compare(a.ID, b.ID))
	})
	steps := make([][]*Item, len(phases))
	for _, it := range items {
		i, ok := at[it.Milestone]
		if !ok {
			i = phaseOf(stones, it.Due)
		}
		steps[i] = append(steps[i], it)
	}
	gates := slices.Clone(p.Gates)
	slices.SortStableFunc(gates, func(a, b GateDay) int { return cmp.Compare(a.First, b.First) })
	layDown(p, phases, steps, gates)
	return phases, tray
}

// layDown fills the phases' lines: folded steps, dates, pairs, gates, today.
func layDown(p *Plan, phases []phase, steps [][]*Item, gates []GateDay) {
	today, told := p.L.Today, p.L.Today.IsZero() || len(p.Items) == 0
	opened := false
	for i := range phases {
		ph := &phases[i]
		ph.total = len(steps[i])
		for _, it := range steps[i] {
			if it.State == Over {
				ph.done++
			}
		}
		var rest []*Item
		ph.folded, rest = fold(steps[i])
		now := func() {
			if !told {
				ph.lines, told = append(ph.lines, line{id: "today", now: true}), true
			}
		}
		meet := func() {
			if gates[0].First >= today {
				now()
			}
			ph.lines = append(ph.lines, line{id: "gate-" + gates[0].ID, gate: &gates[0]})
			gates = gates[1:]
		}
		var last civil.Day
		for _, it := range rest {
			for len(gates) > 0 && gates[0].First < it.Due {
				meet()
			}
			if it.Due >= today {
				now()
			}
			ph.lines = append(ph.lines, line{id: "i-" + it.ID, item: it, day: it.Due, same: it.Due == last})
			last = it.Due
		}
		end := p.DecideBy
		if ph.milestone != nil {
			end = ph.milestone.Date
		}
		final := i == len(phases)-1
		for len(gates) > 0 && (final || gates[0].First <= end) {
			meet()
		}
		if final || end >= today {
			now()
		}
		if !opened && (ph.done < ph.total || final) {
			ph.open, opened = true, true
		}
	}
}

// fold takes the steps that are done before anything open; one alone is not
// worth a fold.
func fold(steps []*Item) (done, rest []*Item) {
	n := 0
	for n < len(steps) && steps[n].State == Over {
		n++
	}
	if n < 2 {
		return nil, steps
	}
	return steps[:n], steps[n:]
}

// phaseOf is the first milestone on or after the day, else the end.
func phaseOf(stones []*Milestone, day civil.Day) int {
	for i, m := range stones {
		if !m.Date.IsZero() && day <= m.Date {
			return i
		}
	}
	return len(stones)
}

// laterLast compares days; no day comes last.
func laterLast(a, b civil.Day) int {
	switch {
	case a == b:
		return 0
	case a.IsZero():
		return 1
	case b.IsZero():
		return -1
	}
	return cmp.Compare(a, b)
}

// sideOrder: a row is read from left to right, and a joint step ends it.
func sideOrder(s Side) int {
	switch s {
	case Buyer:
		return 0
	case Seller:
		return 1
	}
	return 2
}

// pairUp orders a day's items so that the n-th of either side share a row.
func pairUp(lines []line) []line {
	out := make([]line, 0, len(lines))
	for i := 0; i < len(lines); {
		if lines[i].item == nil {
			out = append(out, lines[i])
			i++
			continue
		}
		j := i
		var left, right, both []line
		for ; j < len(lines) && lines[j].item != nil && lines[j].day == lines[i].day; j++ {
			switch lines[j].item.Side {
			case Buyer:
				left = append(left, lines[j])
			case Seller:
				right = append(right, lines[j])
			default:
				both = append(both, lines[j])
			}
		}
		for k := range max(len(left), len(right)) {
			if k < len(left) {
				out = append(out, left[k])
			}
			if k < len(right) {
				out = append(out, right[k])
			}
		}
		out = append(out, both...)
		i = j
	}
	return out
}

// sorted orders the steps for the table.
func sorted(p *Plan) []*Item {
	items := make([]*Item, len(p.Items))
	for i := range p.Items {
		items[i] = &p.Items[i]
	}
	stone := map[string]civil.Day{}
	for i := range p.Milestones {
		stone[p.Milestones[i].ID] = p.Milestones[i].Date
	}
	compare := map[string]func(a, b *Item) int{
		"title":     func(a, b *Item) int { return cmp.Compare(strings.ToLower(a.Title), strings.ToLower(b.Title)) },
		"side":      func(a, b *Item) int { return cmp.Compare(sideOrder(a.Side), sideOrder(b.Side)) },
		"owner":     func(a, b *Item) int { return cmp.Compare(firstOwner(a), firstOwner(b)) },
		"state":     func(a, b *Item) int { return cmp.Compare(stateOrder(a), stateOrder(b)) },
		"milestone": func(a, b *Item) int { return laterLast(stone[a.Milestone], stone[b.Milestone]) },
	}[p.Sort.By]
	slices.SortStableFunc(items, func(a, b *Item) int {
		c := 0
		if compare != nil {
			c = compare(a, b)
		} else {
			c = laterLast(a.Due, b.Due)
		}
		if p.Sort.Desc {
			c = -c
		}
		return cmp.Or(c, laterLast(a.Due, b.Due), cmp.Compare(sideOrder(a.Side), sideOrder(b.Side)), cmp.Compare(a.ID, b.ID))
	})
	return items
}

func firstOwner(it *Item) string {
	if len(it.Owners) == 0 {
		return "\uffff" // nobody comes last
	}
	return it.Owners[0].Name
}

// stateOrder: what needs somebody comes first.
func stateOrder(it *Item) int {
	switch {
	case it.State == Blocked:
		return 0
	case it.Late:
		return 1
	case it.State == Started:
		return 2
	case it.State == Open:
		return 3
	}
	return 4
}
