package view

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tandem/internal/civil"
	"tandem/internal/locale"
)

// ids are a phase's lines from top to bottom.
func lineIDs(lines []line) []string {
	out := make([]string, len(lines))
	for i := range lines {
		out[i] = lines[i].id
	}
	return out
}

func TestTheDrawing(t *testing.T) {
	t.Parallel()
	phases, tray := arrange(samplePlan("de"))
	if len(phases) != 2 || len(tray) != 1 || tray[0].ID != "a17" {
		t.Fatalf("got %d phases and %d steps without a date", len(phases), len(tray))
	}
	if n := len(phases[0].folded); n != 8 || len(phases[0].lines) != 0 {
		t.Errorf("eight steps are folded under the first milestone; got %d and %v", n, lineIDs(phases[0].lines))
	}
	want := []string{"i-a9", "i-a10", "today", "i-a11", "i-a12", "i-a13", "i-a14", "i-a15", "i-a16", "gate-g1"}
	if got := lineIDs(phases[1].lines); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if phases[0].open || !phases[1].open {
		t.Error("the phase that is on now is the second")
	}
}

// The grid puts a step left, its date, and a step right into one row only if
// they follow each other like that.
func TestBothSidesOfADayShareARow(t *testing.T) {
	t.Parallel()
	p := samplePlan("de")
	step := func(id string, s Side) Item { return Item{ID: id, Side: s, Due: may(12), State: Open} }
	p.Items = []Item{step("s1", Seller), step("b1", Buyer), step("j1", Joint), step("b2", Buyer), step("s2", Seller), step("b3", Buyer)}
	p.Milestones, p.Gates = nil, nil
	var got []string
	for _, f := range spineFragments(p) {
		for _, box := range f.Kids {
			for _, k := range box.Kids {
				got = append(got, k.ID)
			}
		}
	}
	date := fmt.Sprintf("ph-end-%d", int(may(12)))
	want := []string{"today", "i-b1", date, "i-s1", "i-b2", "i-s2", "i-b3", "i-j1"}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// However many steps, milestones and gates: every step stands in exactly one
// place, days never go backwards within a phase, and today is drawn once.
func TestArrangeLosesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		day := rapid.Custom(func(r *rapid.T) civil.Day { return may(1) + civil.Day(rapid.IntRange(0, 60).Draw(r, "day")) })
		p := &Plan{L: locale.For("de").At(sampleNow, time.UTC)}
		for i := range rapid.IntRange(0, 4).Draw(r, "milestones") {
			m := Milestone{ID: fmt.Sprint("m", i)}
			if rapid.Bool().Draw(r, "dated") {
				m.Date = day.Draw(r, "date")
			}
			p.Milestones = append(p.Milestones, m)
		}
		for i := range rapid.IntRange(0, 3).Draw(r, "gates") {
			p.Gates = append(p.Gates, GateDay{ID: fmt.Sprint("g", i), First: day.Draw(r, "first")})
		}
		for i := range rapid.IntRange(1, 40).Draw(r, "items") {
			it := Item{ID: fmt.Sprint("a", i), Side: rapid.SampledFrom([]Side{Buyer, Seller, Joint}).Draw(r, "side"),
				State:     rapid.SampledFrom([]ItemState{Open, Started, Blocked, Over}).Draw(r, "state"),
				Milestone: rapid.SampledFrom([]string{"", "m0", "m1", "gone"}).Draw(r, "milestone")}
			if rapid.IntRange(0, 5).Draw(r, "open") > 0 {
				it.Due = day.Draw(r, "due")
			}
			p.Items = append(p.Items, it)
		}
		phases, tray := arrange(p)
		seen := map[string]int{}
		for _, it := range tray {
			seen[it.ID]++
		}
		for _, ph := range phases {
			var last civil.Day
			for _, it := range ph.folded {
				seen[it.ID]++
			}
			for _, l := range pairUp(ph.lines) {
				seen[l.id]++
				if l.item != nil {
					seen[l.item.ID]++
					if l.day < last {
						r.Fatalf("%s: %v comes after %v", ph.id, l.day, last)
					}
					last = l.day
				}
			}
		}
		for i := range p.Items {
			if n := seen[p.Items[i].ID]; n != 1 {
				r.Fatalf("step %s stands in %d places", p.Items[i].ID, n)
			}
		}
		for i := range p.Gates {
			if n := seen["gate-"+p.Gates[i].ID]; n != 1 {
				r.Fatalf("gate %s stands in %d places", p.Gates[i].ID, n)
			}
		}
		if seen["today"] != 1 {
			r.Fatalf("today is drawn %d times", seen["today"])
		}
	})
}

func TestDensity(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]density{0: few, 5: few, 6: some, 30: some, 31: many} {
		if got := densityOf(n); got != want {
			t.Errorf("%d steps: got %s, want %s", n, got, want)
		}
	}
}

func TestTableIsSorted(t *testing.T) {
	t.Parallel()
	p := samplePlan("de")
	for _, by := range []string{"", "title", "side", "owner", "state", "milestone", "nonsense"} {
		p.Sort = Sort{By: by}
		if n := len(sorted(p)); n != len(p.Items) {
			t.Errorf("sorted by %q: %d of %d steps", by, n, len(p.Items))
		}
	}
	p.Sort = Sort{By: "state"}
	if first := sorted(p)[0]; first.ID != "a9" {
		t.Errorf("what is blocked comes first, not %s", first.ID)
	}
	p.Sort = Sort{}
	if items := sorted(p); items[0].Due != may(2) || !items[len(items)-1].Due.IsZero() {
		t.Error("by date: the earliest first, those without a date last")
	}
}
