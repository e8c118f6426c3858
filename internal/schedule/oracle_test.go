package schedule_test

import (
	"encoding/json"
	"fmt"
	"os"
	"testing"
	"time"

	"tandem/internal/calendar"
	"tandem/internal/civil"
	"tandem/internal/schedule"
)

// TaskJuggler's network of 300 tasks: every start and end, and 141 working
// days.
func TestScheduleEqualsTaskJuggler(t *testing.T) {
	t.Parallel()
	var oracle struct{ Tasks [][]any }
	text, err := os.ReadFile("testdata/fs300_tj3.json")
	if err == nil {
		err = json.Unmarshal(text, &oracle)
	}
	if err != nil || len(oracle.Tasks) != 300 {
		t.Fatal(len(oracle.Tasks), err)
	}
	h := calendar.Horizon{First: civil.Of(2026, 1, 1), Last: civil.Of(2027, 12, 31)}
	week, err := calendar.Compile(calendar.Spec{}, h)
	if err != nil {
		t.Fatal(err)
	}
	net := schedule.Network{Start: civil.Of(2026, 3, 2)}
	for _, task := range oracle.Tasks {
		id := int(task[0].(float64))
		net.Nodes = append(net.Nodes, schedule.Node{ID: fmt.Sprint(id), Duration: int(task[1].(float64)), Calendar: week})
		for _, p := range task[2].([]any) {
			net.Links = append(net.Links, schedule.Link{From: int(p.(float64)) - 1, To: id - 1, Calendar: week})
		}
	}
	g, err := schedule.Compile(net)
	if err != nil {
		t.Fatal(err)
	}
	s, err := g.Run()
	if err != nil {
		t.Fatal(err)
	}
	for i, task := range oracle.Tasks {
		d := s.Dates(i)
		// TaskJuggler starts a task where its predecessors end, at 17:00; ours
		// begins on the next working day.
		start, finish := tjDay(t, task[3].(string)), tjDay(t, task[4].(string))
		if task[3].(string)[11:] == "17:00" {
			if start, err = week.Next(tjDay(t, task[3].(string)) + 1); err != nil {
				t.Fatal(err)
			}
		}
		if d.Start != start || d.Finish != finish {
			t.Errorf("task %v: got %s to %s, want %s to %s", task[0], d.Start, d.Finish, start, finish)
		}
	}
	if days, err := week.Between(net.Start, s.End()+1); err != nil || days != 141 {
		t.Errorf("%d working days (%v), want 141", days, err)
	}
}

func tjDay(t *testing.T, s string) civil.Day {
	t.Helper()
	when, err := time.Parse("2006-01-02-15:04", s)
	if err != nil {
		t.Fatal(err)
	}
	return civil.On(when, time.UTC)
}
