package schedule

import (
	"tandem/internal/civil"
)

// A step's position is the rank of its first worked day in its own calendar.
// With it everything is an index: its last worked day is span ranks on, and a
// bound becomes a rank by one look-up. For a started step it is the position
// of the work that is left.

// span is the number of working days from the first to the last worked day.
func (n *Node) span() int {
	if n.State == Started {
		return max(n.Remaining-1, 0)
	}
	return max(n.Duration-1, 0)
}

// point is 1 for a point in time, whose start is the end of its day.
func (n *Node) point() civil.Day {
	if n.Duration == 0 && n.State != Started {
		return 1
	}
	return 0
}

// boundaries of the step at a position, both of them.
func (n *Node) boundaries(rank int) (start, finish civil.Day) {
	first, ok := n.Calendar.At(rank)
	if !ok {
		first = n.Calendar.Horizon().First
	}
	start = first + n.point()
	if n.State == Started {
		start = n.StartedOn
	}
	last, ok := n.Calendar.At(rank + n.span())
	if !ok {
		last = n.Calendar.Horizon().Last
	}
	return start, last + 1
}

// free reports that only the calendar says where the step may lie.
func (n *Node) free() bool { return !n.startBound() && n.Finishes == nil && n.Gate == nil }

// startBound reports that some working days are none to start on.
func (n *Node) startBound() bool { return n.Starts != nil && n.State != Started }

// bounds are boundaries before which a step does not start and finish. What
// it waits for says when its papers can be ready for a gate; the floor only
// says that it does not lie earlier.
type bounds struct {
	waits, floor interval
}

// interval is a pair of boundaries for the start and the finish.
type interval struct{ start, finish civil.Day }

var unbounded = bounds{interval{always, always}, interval{always, always}}

// rank is the first position at or after both boundaries.
func (n *Node) rank(b interval) int {
	return max(n.Calendar.Rank(b.start-n.point()), n.Calendar.Rank(b.finish-1)-n.span())
}

// earliest is the first position within bounds; false past the horizon.
func (n *Node) earliest(b bounds) (int, bool) {
	ready := n.rank(b.waits)
	rank := max(ready, n.rank(b.floor))
	if _, ok := n.Calendar.At(rank + n.span()); !ok {
		return 0, false
	}
	if n.free() {
		return rank, true
	}
	return n.snapUp(ready, rank)
}

// snapUp moves a position up to where freezes and the gate allow it. Papers
// for the gate are ready when the work would be over without it.
func (n *Node) snapUp(ready, rank int) (int, bool) {
	span := n.span()
	ready, ok := n.startUp(ready)
	if !ok {
		return 0, false
	}
	papers, ok := n.Calendar.At(ready + span)
	if rank, started := n.startUp(max(rank, ready)); ok && started {
		return n.finishUp(papers, rank)
	}
	return 0, false
}

// finishUp goes up until both ends may lie where they do.
func (n *Node) finishUp(papers civil.Day, rank int) (int, bool) {
	span := n.span()
	for {
		to, ok := n.Calendar.At(rank + span)
		if ok && n.Finishes != nil {
			to, ok = n.Finishes.At(n.Finishes.Rank(to))
		}
		if ok && n.Gate != nil {
			to, ok = n.Gate.From(papers, to)
		}
		if !ok {
			return 0, false
		}
		up, ok := n.startUp(n.Calendar.Rank(to) - span)
		if !ok {
			return 0, false
		}
		if up == rank {
			return rank, true
		}
		rank = up
	}
}

// startUp is the first position from a rank on whose first day may be one.
func (n *Node) startUp(rank int) (int, bool) {
	if !n.startBound() {
		return rank, true
	}
	day, ok := n.Calendar.At(rank)
	if !ok {
		return 0, false
	}
	day, ok = n.Starts.At(n.Starts.Rank(day))
	return n.Calendar.Rank(day), ok
}

// latest is the last position with a start and a finish not after two
// boundaries. Where freezes or the gate allow none that early, it is the bound
// itself, and the second result false: the promise stands, and the step misses
// it. It is never before the horizon.
func (n *Node) latest(start, finish civil.Day) (rank int, possible bool) {
	rank = n.Calendar.Rank(finish) - 1 - n.span()
	rank = min(rank, n.Calendar.Rank(start+1-n.point())-1)
	rank = max(rank, 0)
	if n.free() {
		return rank, true
	}
	if down, ok := n.snapDown(rank); ok {
		return down, true
	}
	return rank, false
}

// snapDown moves a position down to where freezes and the gate allow it.
func (n *Node) snapDown(rank int) (int, bool) {
	span := n.span()
	for {
		down, ok := n.startDown(rank)
		last, inside := n.Calendar.At(down + span)
		if !ok || !inside {
			return 0, false
		}
		to := last
		if n.Finishes != nil {
			to, ok = n.Finishes.At(n.Finishes.Rank(to+1) - 1)
		}
		if ok && n.Gate != nil {
			to, _, ok = n.Gate.LastBy(to)
		}
		if !ok {
			return 0, false
		}
		down = n.Calendar.Rank(to) - span
		if down < 0 {
			return 0, false
		}
		if down == rank {
			return rank, true
		}
		rank = down
	}
}

// startDown is the last position up to a rank whose first day may be one.
func (n *Node) startDown(rank int) (int, bool) {
	if !n.startBound() {
		return rank, rank >= 0
	}
	day, ok := n.Calendar.At(rank)
	if !ok {
		return 0, false
	}
	day, ok = n.Starts.At(n.Starts.Rank(day+1) - 1)
	return n.Calendar.Rank(day), ok
}

// entry is the latest start and finish bounds that leave the step at or before
// a position. Without lead days at a gate these are its own boundaries; with
// them the papers must be ready before.
func (n *Node) entry(rank int, possible bool) (start, finish civil.Day) {
	if n.Gate != nil && possible {
		last, _ := n.Calendar.At(rank + n.span())
		if _, papers, ok := n.Gate.LastBy(last); ok {
			ready, ok := n.startDown(min(rank, n.Calendar.Rank(papers+1)-1-n.span()))
			if !ok {
				return always, always
			}
			rank = ready
		}
	}
	start, finish = n.boundaries(rank)
	if n.State == Started {
		start = never
	}
	return start, finish
}
