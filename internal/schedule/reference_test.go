package schedule_test

import (
	"tandem/internal/calendar"
	"tandem/internal/civil"
	"tandem/internal/schedule"
)

// The reference scheduler: slow and obvious. It knows days, not ranks; it asks
// of every day in turn whether it will do, and goes round all steps in the
// order of the input until nothing changes any more.
type reference struct {
	net   *schedule.Network
	h     calendar.Horizon
	gates []gate    // by node; the zero gate is none
	early []at      // by node
	late  []at      // by node
	loose []bool    // late position that freezes and gate do not allow
	end   civil.Day // boundary
}

// gate as the generator made it: days, and the calendar and number of lead days.
type gate struct {
	days map[civil.Day]bool
	cal  *calendar.Calendar
	lead int
}

// at is where a step lies: first and last worked days and both boundaries.
type at struct{ first, last, start, finish civil.Day }

// count of working days in [a, b), negative if b is before a.
func count(c *calendar.Calendar, a, b civil.Day) int {
	if b < a {
		return -count(c, b, a)
	}
	n := 0
	for d := a; d < b; d++ {
		if c.Works(d) {
			n++
		}
	}
	return n
}

// allows is what a link means.
func allows(l *schedule.Link, from, to civil.Day) bool {
	if l.Lag == 0 {
		return to >= from
	}
	return count(l.Calendar, from, to) >= l.Lag
}

func (r *reference) work(n *schedule.Node) int {
	if n.State == schedule.Started {
		return max(n.Remaining, 1)
	}
	return max(n.Duration, 1)
}

// put is the step with its work beginning on a day; false if it does not fit.
func (r *reference) put(n *schedule.Node, first civil.Day) (at, bool) {
	if !n.Calendar.Works(first) {
		return at{}, false
	}
	last, left := first, r.work(n)-1
	for left > 0 && last < r.h.Last {
		if last++; n.Calendar.Works(last) {
			left--
		}
	}
	p := at{first, last, first, last + 1}
	if n.Duration == 0 && n.State != schedule.Started {
		p.start = p.finish
	}
	if n.State == schedule.Started {
		p.start = n.StartedOn
	}
	return p, left == 0
}

// permitted by freezes and gate, its papers being ready on a day.
func (r *reference) permitted(i int, p at, ready civil.Day) bool {
	n := &r.net.Nodes[i]
	if n.State != schedule.Started && n.Starts != nil && !n.Starts.Works(p.first) {
		return false
	}
	if n.Finishes != nil && !n.Finishes.Works(p.last) {
		return false
	}
	g := r.gates[i]
	return g.days == nil || g.days[p.last] && (ready == 0 || ready <= p.last && count(g.cal, ready, p.last) >= g.lead)
}

// bound of a step: whether a position keeps it.
type bound func(p at) bool

// keeps all bounds.
func keeps(p at, bounds []bound) bool {
	for _, b := range bounds {
		if !b(p) {
			return false
		}
	}
	return true
}

// first is the earliest position that keeps what the step waits for, which is
// when its papers can be ready, and its floors, which are not.
func (r *reference) first(i int, waits, floors []bound) (at, bool) {
	n := &r.net.Nodes[i]
	var ready civil.Day
	for d := r.h.First; d <= r.h.Last; d++ {
		p, ok := r.put(n, d)
		if !ok || !keeps(p, waits) {
			continue
		}
		if ready == 0 && (n.State == schedule.Started || n.Starts == nil || n.Starts.Works(p.first)) {
			ready = p.last
		}
		if ready != 0 && keeps(p, floors) && r.permitted(i, p, ready) {
			return p, true
		}
	}
	return at{}, false
}

// linkBound is what a link asks, given where its predecessor is; nil if it
// asks nothing.
func (r *reference) linkBound(l *schedule.Link, from at) bound {
	x := from.finish
	if l.Type == schedule.StartStart || l.Type == schedule.StartFinish {
		x = from.start
	}
	toStart := l.Type == schedule.FinishStart || l.Type == schedule.StartStart
	if toStart && r.net.Nodes[l.To].State == schedule.Started {
		return nil
	}
	return func(p at) bool {
		if toStart {
			return allows(l, x, p.start)
		}
		return allows(l, x, p.finish)
	}
}

// own are the bounds of a step itself.
func (r *reference) own(i int) []bound {
	n := &r.net.Nodes[i]
	base := max(r.net.Start, r.net.Today)
	var out []bound
	switch {
	case n.Milestone:
		out = append(out, func(p at) bool { return p.start >= base })
	case n.State == schedule.Started:
		out = append(out, func(p at) bool { return p.first >= max(base, n.StartedOn) })
	default:
		out = append(out, func(p at) bool { return p.first >= base })
	}
	return out
}

// floors of a step itself.
func (r *reference) floors(i int) []bound {
	n := &r.net.Nodes[i]
	var out []bound
	if n.State != schedule.Started && !n.Milestone {
		out = append(out, func(p at) bool { return p.first >= n.NotBefore })
	}
	if n.Expected != 0 {
		out = append(out, func(p at) bool { return p.last >= n.Expected })
	}
	return out
}

func (r *reference) fixed(i int) (at, bool) {
	n := &r.net.Nodes[i]
	last := n.Pinned
	if n.State == schedule.Done {
		last = n.DoneOn
	} else if n.State == schedule.Started || n.Pinned == 0 {
		return at{}, false
	}
	first, left := last, r.work(n)
	for d := last; left > 0 && d >= r.h.First; d-- {
		if n.Calendar.Works(d) {
			first = d
			left--
		}
	}
	if n.State == schedule.Done && n.StartedOn != 0 {
		first = min(n.StartedOn, last)
	}
	p := at{first, last, first, last + 1}
	if n.Duration == 0 {
		p.start = p.finish
	}
	return p, true
}

// forward goes round until nothing changes; false past the horizon.
func (r *reference) forward(floors []schedule.Present) bool {
	r.early = make([]at, len(r.net.Nodes))
	for i := range r.early {
		r.early[i] = at{start: -1 << 20, finish: -1 << 20}
		if p, ok := r.fixed(i); ok {
			r.early[i] = p
		}
	}
	for changed := true; changed; {
		changed = false
		for i := range r.net.Nodes {
			if _, ok := r.fixed(i); ok {
				continue
			}
			p, ok := r.first(i, append(r.own(i), r.incoming(i)...), r.floored(i, floors))
			if !ok {
				return false
			}
			if p != r.early[i] {
				r.early[i], changed = p, true
			}
		}
	}
	r.end = 0
	for _, p := range r.early {
		r.end = max(r.end, p.finish)
	}
	return true
}

// floored are the floors of a step with its present day.
func (r *reference) floored(i int, present []schedule.Present) []bound {
	out := r.floors(i)
	if present != nil && present[i].Start != 0 {
		out = append(out, func(p at) bool { return p.first >= present[i].Start })
	}
	return out
}

func (r *reference) incoming(i int) []bound {
	var out []bound
	for k := range r.net.Links {
		l := &r.net.Links[k]
		if l.To != i {
			continue
		}
		if b := r.linkBound(l, r.early[l.From]); b != nil && r.early[l.From].finish > 0 {
			out = append(out, b)
		}
	}
	return out
}

// backward lowers late positions until every successor can still be in time.
func (r *reference) backward() {
	r.late = make([]at, len(r.net.Nodes))
	r.loose = make([]bool, len(r.net.Nodes))
	end := r.end
	if r.net.DecideBy != 0 {
		end = r.net.DecideBy + 1
	}
	for i := range r.net.Nodes {
		r.late[i] = at{1 << 20, 1 << 20, 1 << 20, 1 << 20}
		if p, ok := r.fixed(i); ok {
			r.late[i] = p
		}
	}
	for changed := true; changed; {
		changed = false
		for i := range r.net.Nodes {
			n := &r.net.Nodes[i]
			if _, ok := r.fixed(i); ok {
				continue
			}
			inTime := func(p at) bool {
				if p.finish > end || n.Due != 0 && p.last > n.Due || n.NotAfter != 0 && p.last > n.NotAfter {
					return false
				}
				for k := range r.net.Links {
					if l := &r.net.Links[k]; l.From == i && !r.takes(l, p, r.late, r.loose[l.To]) {
						return false
					}
				}
				return true
			}
			p, loose := r.lastFit(i, inTime)
			if p != r.late[i] || loose != r.loose[i] {
				r.late[i], r.loose[i], changed = p, loose, true
			}
		}
	}
}

// lastFit is the latest permitted position in time; else the latest in time,
// else the first day there is.
func (r *reference) lastFit(i int, inTime bound) (p at, loose bool) {
	n := &r.net.Nodes[i]
	var fallback at
	for d := r.h.Last; d >= r.h.First; d-- {
		p, ok := r.put(n, d)
		if !ok {
			continue
		}
		if inTime(p) {
			if r.permitted(i, p, 0) {
				return p, false
			}
			if fallback.first == 0 {
				fallback = p
			}
		}
	}
	if fallback.first != 0 {
		return fallback, true
	}
	for d := r.h.First; ; d++ {
		if p, ok := r.put(n, d); ok {
			return p, !r.permitted(i, p, 0)
		}
	}
}

// takes reports whether a successor can stay at or before a position with
// its predecessor somewhere. A booked appointment must not be violated, what
// happened takes everything.
func (r *reference) takes(l *schedule.Link, from at, where []at, loose bool) bool {
	to := &r.net.Nodes[l.To]
	b := r.linkBound(l, from)
	if b == nil || to.State == schedule.Done {
		return true
	}
	if r.net.Nodes[l.From].State == schedule.Started && (l.Type == schedule.StartStart || l.Type == schedule.StartFinish) {
		return true // its start is past
	}
	if p, ok := r.fixed(l.To); ok {
		return b(p)
	}
	if where[l.To].first == 1<<20 {
		return true
	}
	if loose {
		return b(where[l.To])
	}
	p, ok := r.first(l.To, []bound{b}, nil)
	return ok && p.first <= where[l.To].first
}

// slack in the step's own calendar.
func (r *reference) slack(i int) int {
	return count(r.net.Nodes[i].Calendar, r.early[i].first, r.late[i].first)
}

// free slack: shift, and see.
func (r *reference) free(i int) int {
	n := &r.net.Nodes[i]
	shift, best := 0, 0
	for d := r.early[i].first + 1; d <= r.h.Last; d++ {
		p, ok := r.put(n, d)
		if !ok {
			continue
		}
		shift++
		if p.finish > r.end {
			break
		}
		moves := false
		for k := range r.net.Links {
			l := &r.net.Links[k]
			if l.From == i && r.disturbs(l, p) {
				moves = true
			}
		}
		if moves {
			break
		}
		if r.permitted(i, p, 0) {
			best = shift
		}
	}
	return best
}

// disturbs reports whether a predecessor's new position changes the early
// position of a successor, or violates an appointment.
func (r *reference) disturbs(l *schedule.Link, from at) bool {
	was := r.early[l.From]
	if r.net.Nodes[l.From].State == schedule.Started && (l.Type == schedule.StartStart || l.Type == schedule.StartFinish) {
		return false // its start is past
	}
	if p, ok := r.fixed(l.To); ok {
		return r.net.Nodes[l.To].State != schedule.Done && !r.linkBound(l, from)(p)
	}
	r.early[l.From] = from
	p, ok := r.first(l.To, append(r.own(l.To), r.incoming(l.To)...), r.floors(l.To))
	r.early[l.From] = was
	return !ok || p != r.early[l.To]
}

// critical: the steps that drive the end, found from the end backwards.
func (r *reference) critical() []bool {
	crit := make([]bool, len(r.net.Nodes))
	var visit func(i int)
	visit = func(i int) {
		if crit[i] || r.net.Nodes[i].State == schedule.Done {
			return
		}
		crit[i] = true
		if _, ok := r.fixed(i); ok {
			return
		}
		for k := range r.net.Links {
			l := &r.net.Links[k]
			if l.To != i {
				continue
			}
			if b := r.linkBound(l, r.early[l.From]); b != nil {
				if p, ok := r.first(i, []bound{b}, nil); ok && p == r.early[i] {
					visit(l.From)
				}
			}
		}
	}
	for i := range r.net.Nodes {
		if r.early[i].finish == r.end {
			visit(i)
		}
	}
	return crit
}
