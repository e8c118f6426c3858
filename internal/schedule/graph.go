package schedule

import (
	"strings"

	"tandem/internal/civil"
	"tandem/internal/fault"
)

// Graph is a network that was found to be sound, with its nodes in an order in
// which every node comes after those it waits for. It is immutable and may be
// scheduled by many goroutines.
type Graph struct {
	net   Network
	order []int32 // node indices, predecessors first
	in    []arcs  // links into each node
	out   []arcs  // links out of each node
}

// arcs are indices into the network's links.
type arcs []int32

// Compile checks a network and orders it.
//
// Faults: schedule.cycle with the cycle spelled out; schedule.duration and
// schedule.lag outside their ranges; schedule.link for a link to nowhere.
func Compile(net Network) (*Graph, error) {
	for i := range net.Nodes {
		n := &net.Nodes[i]
		if n.Duration < 0 || n.Duration > MaxDays || n.Remaining < 0 || n.Remaining > MaxDays {
			return nil, fault.New(fault.Invalid, "schedule.duration", "title", n.Title, "most", MaxDays)
		}
	}
	g := &Graph{net: net, in: make([]arcs, len(net.Nodes)), out: make([]arcs, len(net.Nodes))}
	for i, l := range net.Links {
		if l.From < 0 || l.From >= len(net.Nodes) || l.To < 0 || l.To >= len(net.Nodes) {
			return nil, fault.New(fault.Invalid, "schedule.link")
		}
		if l.Lag < -MaxDays || l.Lag > MaxDays {
			return nil, fault.New(fault.Invalid, "schedule.lag",
				"from", net.Nodes[l.From].Title, "to", net.Nodes[l.To].Title, "most", MaxDays)
		}
		g.out[l.From] = append(g.out[l.From], int32(i))
		g.in[l.To] = append(g.in[l.To], int32(i))
	}
	return g, g.sort()
}

// sort orders the nodes (Kahn), in the order of the input where links leave it
// open.
func (g *Graph) sort() error {
	waiting := make([]int32, len(g.net.Nodes))
	g.order = make([]int32, 0, len(waiting))
	for i := range waiting {
		waiting[i] = int32(len(g.in[i]))
		if waiting[i] == 0 {
			g.order = append(g.order, int32(i))
		}
	}
	for next := 0; next < len(g.order); next++ {
		for _, l := range g.out[g.order[next]] {
			to := g.net.Links[l].To
			if waiting[to]--; waiting[to] == 0 {
				g.order = append(g.order, int32(to))
			}
		}
	}
	if len(g.order) == len(waiting) {
		return nil
	}
	return g.cycle(waiting)
}

// cycle spells out one: going back from a node that still waits to another
// that still waits must come round.
func (g *Graph) cycle(waiting []int32) error {
	at := 0
	for waiting[at] == 0 {
		at++
	}
	seen := map[int]int{}
	var path []int
	for {
		if first, ok := seen[at]; ok {
			path = append(path[first:], at)
			break
		}
		seen[at] = len(path)
		path = append(path, at)
		for _, l := range g.in[at] {
			if from := g.net.Links[l].From; waiting[from] > 0 {
				at = from
				break
			}
		}
	}
	names := make([]string, len(path))
	for i, n := range path { // we walked against the links
		names[len(path)-1-i] = g.net.Nodes[n].ID
	}
	if len(names) > 22 {
		names = append(append(names[:10:10], "…"), names[len(names)-10:]...)
	}
	return fault.New(fault.Invalid, "schedule.cycle", "path", strings.Join(names, " → "))
}

// base is the day before which nothing starts that has not begun.
func (g *Graph) base() civil.Day { return max(g.net.Start, g.net.Today) }
