package schedule_test

import (
	"flag"
	"fmt"
	"os"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tandem/internal/calendar"
	"tandem/internal/civil"
	"tandem/internal/schedule"
)

// TANDEM_TORTURE=1 checks 100,000 random networks instead of a thousand.
func TestMain(m *testing.M) {
	flag.Parse()
	checks := "1000"
	if os.Getenv("TANDEM_TORTURE") != "" {
		checks = "100000"
	}
	given := false
	flag.Visit(func(f *flag.Flag) { given = given || f.Name == "rapid.checks" })
	if !given {
		if err := flag.Set("rapid.checks", checks); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}

var window = calendar.Horizon{First: civil.Of(2028, time.January, 1), Last: civil.Of(2028, time.October, 31)}

// problem is a random network with what the reference needs of its gates.
type problem struct {
	net   schedule.Network
	gates []gate
}

func (p problem) reference() *reference {
	return &reference{net: &p.net, h: window, gates: p.gates}
}

// days is a draw of few calendars that are all different in what they skip.
func drawCalendar(t *rapid.T, label string) *calendar.Calendar {
	spec := calendar.Spec{Region: rapid.SampledFrom([]string{"", "DE-BY", "GB-ENG"}).Draw(t, label+" region")}
	if rapid.IntRange(0, 3).Draw(t, label+" week") == 0 {
		spec.Week = []time.Weekday{time.Sunday, time.Tuesday, time.Wednesday, time.Saturday}
	}
	c, err := calendar.Compile(spec, window)
	if err != nil {
		t.Fatal(err)
	}
	return drawWithout(t, label, c)
}

func drawWithout(t *rapid.T, label string, c *calendar.Calendar) *calendar.Calendar {
	spans := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) calendar.Span {
		from := window.First + civil.Day(rapid.IntRange(55, 160).Draw(t, "from"))
		return calendar.Span{From: from, To: from + civil.Day(rapid.IntRange(0, 12).Draw(t, "length"))}
	}), 0, 3).Draw(t, label+" off")
	out, err := c.Without(calendar.Absence, label, spans)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func drawDay(t *rapid.T, label string) civil.Day {
	return window.First + civil.Day(rapid.IntRange(60, 150).Draw(t, label))
}

// sometimes is a day in one of n cases, else none.
func sometimes(t *rapid.T, n int, label string) civil.Day {
	if rapid.IntRange(0, n-1).Draw(t, label+"?") != 0 {
		return 0
	}
	return drawDay(t, label)
}

func drawProblem(t *rapid.T, most int) problem {
	every, err := calendar.Everyday(window)
	if err != nil {
		t.Fatal(err)
	}
	cals := []*calendar.Calendar{drawCalendar(t, "a"), drawCalendar(t, "b"), every}
	p := problem{net: schedule.Network{Start: drawDay(t, "start"), Today: sometimes(t, 2, "today"), DecideBy: sometimes(t, 2, "decideBy")}}
	n := rapid.IntRange(1, most).Draw(t, "steps")
	for i := range n {
		node, g := drawNode(t, i, cals, max(p.net.Today, p.net.Start))
		p.net.Nodes = append(p.net.Nodes, node)
		p.gates = append(p.gates, g)
	}
	order := rapid.Permutation(indices(n)).Draw(t, "order")
	for range rapid.IntRange(0, 2*n).Draw(t, "links") {
		a, b := rapid.IntRange(0, n-1).Draw(t, "a"), rapid.IntRange(0, n-1).Draw(t, "b")
		if a == b {
			continue
		}
		p.net.Links = append(p.net.Links, schedule.Link{
			From: order[min(a, b)], To: order[max(a, b)],
			Type:     schedule.LinkType(rapid.IntRange(0, 3).Draw(t, "type")),
			Lag:      rapid.SampledFrom([]int{0, 0, 0, 1, 2, 5, -1, -2, -4}).Draw(t, "lag"),
			Calendar: cals[rapid.IntRange(0, 2).Draw(t, "lag calendar")],
		})
	}
	return p
}

func indices(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

func drawNode(t *rapid.T, i int, cals []*calendar.Calendar, base civil.Day) (schedule.Node, gate) {
	n := schedule.Node{ID: fmt.Sprintf("a%d", i), Title: fmt.Sprintf("Step %d", i)}
	if rapid.IntRange(0, 9).Draw(t, "milestone") == 0 {
		n.Milestone, n.Calendar, n.Due = true, cals[2], sometimes(t, 2, "date")
		return n, gate{}
	}
	n.Calendar = cals[rapid.IntRange(0, 2).Draw(t, "calendar")]
	n.Duration = rapid.SampledFrom([]int{0, 1, 1, 2, 3, 5, 8}).Draw(t, "duration")
	n.NotBefore, n.NotAfter = sometimes(t, 5, "not before"), sometimes(t, 5, "not after")
	n.Due, n.Expected = sometimes(t, 4, "due"), sometimes(t, 8, "expected")
	if rapid.IntRange(0, 4).Draw(t, "stand-in") == 0 {
		n.StandIn = cals[2]
	}
	switch rapid.IntRange(0, 11).Draw(t, "state") {
	case 0:
		n.State, n.DoneOn, n.StartedOn = schedule.Done, base-civil.Day(rapid.IntRange(0, 20).Draw(t, "done")), sometimes(t, 3, "began")
	case 1:
		n.State, n.StartedOn = schedule.Started, base-civil.Day(rapid.IntRange(-2, 10).Draw(t, "started"))
		n.Remaining = rapid.IntRange(0, 6).Draw(t, "remaining")
	case 2:
		n.Pinned = drawDay(t, "pinned")
	}
	if rapid.IntRange(0, 4).Draw(t, "start freeze") == 0 {
		n.Starts = drawWithout(t, "start", n.Calendar)
	}
	if rapid.IntRange(0, 4).Draw(t, "finish freeze") == 0 {
		n.Finishes = drawWithout(t, "finish", n.Calendar)
	}
	if rapid.IntRange(0, 3).Draw(t, "gate") != 0 {
		return n, gate{}
	}
	g := drawGate(t, &n, cals[rapid.IntRange(0, 1).Draw(t, "gate calendar")])
	return n, g
}

// drawGate gives the step a gate; the reference gets its days by asking the
// gate of every day, its lead days as a number.
func drawGate(t *rapid.T, n *schedule.Node, side *calendar.Calendar) gate {
	rule := calendar.Rule{
		Text:      rapid.SampledFrom([]string{"FREQ=WEEKLY;BYDAY=TU", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TH", "FREQ=MONTHLY;BYDAY=1WE,3WE"}).Draw(t, "rule"),
		Anchor:    window.First + civil.Day(rapid.IntRange(0, 90).Draw(t, "anchor")),
		LeadDays:  rapid.SampledFrom([]int{0, 0, 1, 2, 5}).Draw(t, "lead"),
		OnHoliday: rapid.SampledFrom([]calendar.OnHoliday{calendar.Skip, calendar.Next, calendar.Previous}).Draw(t, "on holiday"),
	}
	all, err := side.Gate(rule)
	if err != nil {
		return gate{} // it never meets
	}
	own, err := all.For(n.Calendar)
	if err != nil {
		return gate{}
	}
	n.Gate = own
	g := gate{days: map[civil.Day]bool{}, cal: side, lead: rule.LeadDays}
	for _, d := range own.Days() {
		g.days[d] = true
	}
	return g
}
