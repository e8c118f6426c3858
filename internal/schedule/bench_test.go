package schedule_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"tandem/internal/calendar"
	"tandem/internal/civil"
	"tandem/internal/schedule"
)

// large is a network of n steps with eight people's calendars, a committee
// for every tenth step, a freeze, and two links into each step on average, in
// lanes so that the plan stays within years.
func large(b *testing.B, n int) *schedule.Graph {
	b.Helper()
	h := calendar.Horizon{First: civil.Of(2026, time.January, 1), Last: civil.Of(2050, time.December, 31)}
	must := func(c *calendar.Calendar, err error) *calendar.Calendar {
		if err != nil {
			b.Fatal(err)
		}
		return c
	}
	buyer := must(calendar.Compile(calendar.Spec{Region: "DE-NI"}, h))
	seller := must(calendar.Compile(calendar.Spec{Region: "GB-ENG"}, h))
	plan := must(calendar.Both(buyer, seller))
	random := rand.New(rand.NewPCG(1, 2))
	var people []*calendar.Calendar
	for range 4 {
		for _, side := range []*calendar.Calendar{buyer, seller} {
			from := civil.Of(2028, time.June, 1) + civil.Day(random.IntN(200))
			people = append(people, must(side.Without(calendar.Absence, "", []calendar.Span{{From: from, To: from + 14}})))
		}
	}
	all, err := buyer.Gate(calendar.Rule{Text: "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", Anchor: civil.Of(2028, 5, 9), LeadDays: 2})
	if err != nil {
		b.Fatal(err)
	}
	net := schedule.Network{Start: civil.Of(2028, time.May, 1), Today: civil.Of(2028, time.May, 1), DecideBy: civil.Of(2028, time.December, 1)}
	lanes := max(n/40, 5)
	for i := range n {
		node := schedule.Node{ID: fmt.Sprint("a", i), Title: "Step", Duration: 1 + random.IntN(5), Calendar: people[random.IntN(len(people))]}
		if i%10 == 9 {
			if node.Gate, err = all.For(node.Calendar); err != nil {
				b.Fatal(err)
			}
		}
		if i%25 == 3 {
			node.Finishes = must(node.Calendar.Without(calendar.Freeze, "", []calendar.Span{{From: civil.Of(2028, 6, 26), To: civil.Of(2028, 6, 30)}}))
		}
		net.Nodes = append(net.Nodes, node)
		for k := range 2 {
			if from := i - lanes*(k+1) - random.IntN(3); from >= 0 {
				net.Links = append(net.Links, schedule.Link{From: from, To: i, Type: schedule.LinkType(random.IntN(2) * 2 * k), Lag: k, Calendar: plan})
			}
		}
	}
	g, err := schedule.Compile(net)
	if err != nil {
		b.Fatal(err)
	}
	return g
}

// One pass each way with slack, drivers and the critical chain.
func BenchmarkRun(b *testing.B) {
	for _, n := range []int{300, 10_000, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			g := large(b, n)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := g.Run(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// The same with all reasons as data, and conflicts.
func BenchmarkRunWithReasons(b *testing.B) {
	for _, n := range []int{300, 10_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			g := large(b, n)
			for b.Loop() {
				s, err := g.Run()
				if err != nil {
					b.Fatal(err)
				}
				for i := range n {
					s.Because(i)
				}
				s.Conflicts()
			}
		})
	}
}
