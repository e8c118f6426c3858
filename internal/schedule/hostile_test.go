package schedule_test

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tandem/internal/civil"
	"tandem/internal/planfile"
	"tandem/internal/schedule"
)

// Plans that no check has seen: any days, durations, lags, references, rules.
// A schedule or a fault, soon; never a hang or a panic.
func TestHostilePlans(t *testing.T) {
	t.Parallel()
	speak := voice(t, "de")
	rapid.Check(t, func(t *rapid.T) {
		if rapid.IntRange(0, 3).Draw(t, "one in four") != 0 {
			return // horizons of two hundred years take their time
		}
		p := drawHostile(t)
		began := time.Now()
		s, err := schedule.Compute(p, wildDay(t, "today"))
		if err == nil {
			r := s.Report(speak)
			if len(r.Actions) > 0 && r.End == 0 {
				t.Fatal("no end")
			}
		} else if key(err) == "" {
			t.Fatalf("no fault: %v", err)
		}
		if took := time.Since(began); took > 10*time.Second {
			t.Fatalf("took %v", took)
		}
	})
}

func wildDay(t *rapid.T, label string) civil.Day {
	switch rapid.IntRange(0, 9).Draw(t, label+"?") {
	case 0:
		return civil.Day(rapid.Int32().Draw(t, label))
	case 1, 2:
		return rapid.SampledFrom([]civil.Day{civil.Earliest, civil.Latest, civil.Of(2000, 1, 1), civil.Of(2199, 12, 31), 1}).Draw(t, label)
	case 3, 4, 5:
		return 0
	}
	return civil.Of(2028, 5, 1) + civil.Day(rapid.IntRange(-100, 300).Draw(t, label))
}

func wildNumber(t *rapid.T, label string) int {
	if rapid.IntRange(0, 9).Draw(t, label+"?") == 0 {
		return rapid.Int().Draw(t, label)
	}
	return rapid.IntRange(-3, 30).Draw(t, label)
}

func wildSpans(t *rapid.T, label string) []planfile.Span {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) planfile.Span {
		return planfile.Span{From: wildDay(t, "from"), To: wildDay(t, "to")}
	}), 0, 2).Draw(t, label)
}

func drawHostile(t *rapid.T) *planfile.Plan {
	week := rapid.SampledFrom([][]string{nil, {"mon"}, {"sat", "sun"}, {"tue", "tue"}})
	region := rapid.SampledFrom([]string{"", "", "DE-BY", "GB-SCT", "XX"})
	party := func(who string) planfile.Party {
		return planfile.Party{Organisation: who, Calendar: planfile.Calendar{Week: week.Draw(t, who), Region: region.Draw(t, who), Closed: wildSpans(t, who)}}
	}
	p := &planfile.Plan{Start: wildDay(t, "start"), DecideBy: wildDay(t, "decide"), Sides: planfile.Sides{Buyer: party("b"), Seller: party("s")}}
	p.People = []planfile.Person{{ID: "p", Name: "P", Absences: wildSpans(t, "absences")}}
	p.Gates = []planfile.Gate{{ID: "g", Rule: rapid.SampledFrom([]string{"FREQ=DAILY", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "FREQ=MONTHLY;BYDAY=5FR", "x"}).Draw(t, "rule"),
		Anchor: wildDay(t, "anchor"), LeadDays: rapid.IntRange(0, 20).Draw(t, "lead"), OnHoliday: rapid.SampledFrom([]string{"", "next", "previous"}).Draw(t, "on")}}
	p.Freezes = []planfile.Freeze{{From: wildDay(t, "f"), To: wildDay(t, "t"), Blocks: rapid.SampledFrom([]string{"start", "finish", "work", ""}).Draw(t, "blocks")}}
	p.Milestones = []planfile.Milestone{{ID: "m", Date: wildDay(t, "date")}}
	ids := []string{"m"}
	for i := range rapid.IntRange(0, 5).Draw(t, "steps") {
		p.Actions = append(p.Actions, drawHostileStep(t, i))
		ids = append(ids, p.Actions[i].ID)
	}
	id := rapid.SampledFrom(append(ids, ids...))
	for range rapid.IntRange(0, 5).Draw(t, "links") {
		p.Links = append(p.Links, planfile.Link{From: id.Draw(t, "from"), To: id.Draw(t, "to"), Lag: wildNumber(t, "lag"),
			Type:        rapid.SampledFrom([]string{"", "FS", "SS", "FF", "SF"}).Draw(t, "type"),
			LagCalendar: rapid.SampledFrom([]string{"", "predecessor", "successor", "elapsed"}).Draw(t, "in")})
	}
	return p
}

func drawHostileStep(t *rapid.T, i int) planfile.Action {
	maybe := func(label string) *int {
		n := wildNumber(t, label)
		if rapid.Bool().Draw(t, label+" given") {
			return &n
		}
		return nil
	}
	return planfile.Action{ID: fmt.Sprint("a", i), Title: "T", Side: rapid.SampledFrom([]planfile.Side{"", planfile.Buyer, planfile.Seller, planfile.Joint}).Draw(t, "side"),
		Owner: rapid.SampledFrom([]string{"", "p", "q"}).Draw(t, "owner"), Milestone: rapid.SampledFrom([]string{"", "m", "a0"}).Draw(t, "milestone"),
		Start: wildDay(t, "start"), Due: wildDay(t, "due"), Expected: wildDay(t, "expected"), Duration: maybe("duration"), Elapsed: rapid.Bool().Draw(t, "elapsed"),
		NotBefore: wildDay(t, "not before"), NotAfter: wildDay(t, "not after"), Pinned: rapid.Bool().Draw(t, "pinned"),
		Gate:      rapid.SampledFrom([]string{"", "", "g"}).Draw(t, "gate"),
		Status:    rapid.SampledFrom([]planfile.Status{planfile.Open, planfile.Open, planfile.Started, planfile.Blocked, planfile.Done, planfile.Dropped, ""}).Draw(t, "status"),
		StartedOn: wildDay(t, "started"), DoneOn: wildDay(t, "done"), Remaining: maybe("remaining")}
}

// Two thousand steps in a file, with every date missed, are told: what is said
// of each is bounded.
func TestLargePlan(t *testing.T) {
	t.Parallel()
	p := steps(t, step("a", `"duration": 1`))
	one, due := 1, civil.Of(2028, 5, 2)
	for i := range 2_000 {
		p.Actions = append(p.Actions, planfile.Action{ID: fmt.Sprint("a", i), Title: "Step", Side: planfile.Buyer, Owner: "roth", Duration: &one, Due: due, Status: planfile.Open})
		if i >= 20 {
			p.Links = append(p.Links, planfile.Link{From: fmt.Sprint("a", i-20), To: fmt.Sprint("a", i)})
		}
	}
	s, err := schedule.Compute(p, civil.Of(2028, 5, 1))
	if err != nil {
		t.Fatal(err)
	}
	if r := s.Report(voice(t, "en")); len(r.Conflicts) < 1_800 {
		t.Errorf("%d conflicts", len(r.Conflicts))
	}
}
