package planfile_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tandem/internal/civil"
	"tandem/internal/planfile"
)

// anyPlan draws plans that use every field.
func anyPlan(t *rapid.T) *planfile.Plan {
	words := rapid.StringMatching(`[A-Za-zäöüß=+@<&"'][ -~äöüß€\n\t]{0,12}`)
	maybe := rapid.OneOf(rapid.Just(""), words)
	day := rapid.Custom(func(t *rapid.T) civil.Day {
		return rapid.SampledFrom([]civil.Day{0, civil.Earliest, civil.Latest, civil.Of(2028, 2, 29), civil.Of(2028, 5, 25)}).Draw(t, "day")
	})
	span := rapid.Custom(func(t *rapid.T) planfile.Span {
		from := civil.Of(2028, 1, 1) + civil.Day(rapid.IntRange(0, 900).Draw(t, "from"))
		return planfile.Span{From: from, To: from + civil.Day(rapid.IntRange(0, 30).Draw(t, "length")), Note: maybe.Draw(t, "note")}
	})
	spans := func(name string) []planfile.Span {
		return none(rapid.SliceOfN(span, 0, 2).Draw(t, name))
	}
	pick := func(name string, of ...string) string { return rapid.SampledFrom(of).Draw(t, name) }
	count := rapid.IntRange(0, 100)
	three := func() (float64, float64, float64) {
		low := float64(rapid.IntRange(0, 40).Draw(t, "low")) / 4
		likely := low + float64(rapid.IntRange(0, 40).Draw(t, "likely"))/4
		return low, likely, likely + float64(rapid.IntRange(0, 40).Draw(t, "high"))/4
	}
	p := &planfile.Plan{Format: planfile.Format, Title: words.Draw(t, "title"), Language: pick("language", "", "de", "en"),
		Start: day.Draw(t, "start"), DecideBy: day.Draw(t, "decideBy")}
	p.Sides.Buyer = planfile.Party{Organisation: maybe.Draw(t, "buyer"), Calendar: planfile.Calendar{Region: pick("region", "", "DE-BY", "CH"), Closed: spans("closed")}}
	if rapid.Bool().Draw(t, "week") {
		p.Sides.Seller.Calendar.Week = []string{"sun", "mon"}
	}
	for i := range rapid.IntRange(1, 4).Draw(t, "people") {
		side := planfile.Side(pick("side", "buyer", "seller"))
		p.People = append(p.People, planfile.Person{ID: fmt.Sprint("p", i), Side: side, Name: words.Draw(t, "name"),
			Role: maybe.Draw(t, "role"), Email: maybe.Draw(t, "email"), Lead: rapid.Bool().Draw(t, "lead"), Absences: spans("absences")})
	}
	p.Goals = []planfile.Goal{{Side: planfile.Side(pick("goal", "", "buyer")), Text: words.Draw(t, "goal text")}}
	p.Criteria = []planfile.Criterion{{Text: words.Draw(t, "criterion"), By: day.Draw(t, "by")}}
	p.Milestones = []planfile.Milestone{{ID: "m0", Title: words.Draw(t, "milestone"), Date: day.Draw(t, "date")}}
	p.Gates = []planfile.Gate{{ID: "g0", Title: words.Draw(t, "gate"), Rule: "FREQ=MONTHLY;BYDAY=2TU", Anchor: day.Draw(t, "anchor"),
		LeadDays: count.Draw(t, "lead days"), OnHoliday: pick("holiday", "", "skip", "next", "previous")}}
	for i := range rapid.IntRange(1, 5).Draw(t, "actions") {
		a := planfile.Action{ID: fmt.Sprint("a", i), Title: words.Draw(t, "action"), Side: planfile.Side(pick("whose", "buyer", "seller", "joint")),
			Status: planfile.Status(pick("status", "open", "started", "blocked", "done", "dropped")), Milestone: pick("m", "", "m0"), Gate: pick("g", "", "g0"),
			Kind: maybe.Draw(t, "kind"), Start: day.Draw(t, "s"), Due: day.Draw(t, "d"), Expected: day.Draw(t, "e"), NotBefore: day.Draw(t, "nb"),
			NotAfter: day.Draw(t, "na"), StartedOn: day.Draw(t, "so"), DoneOn: day.Draw(t, "do"), DoneWhen: maybe.Draw(t, "when"),
			Elapsed: rapid.Bool().Draw(t, "elapsed"), Pinned: rapid.Bool().Draw(t, "pinned"), BlockedBecause: maybe.Draw(t, "because"), Notes: maybe.Draw(t, "notes")}
		a.DateOpen = a.Due.IsZero() && rapid.Bool().Draw(t, "open")
		if a.Side != planfile.Joint {
			a.Owner = p.People[0].ID
		} else if p.People[0].Side == planfile.Buyer {
			a.Owners.Buyer = p.People[0].ID
		} else {
			a.Owners.Seller = p.People[0].ID
		}
		if rapid.Bool().Draw(t, "lasts") {
			n := count.Draw(t, "duration")
			a.Duration, a.Remaining = &n, &n
		}
		switch low, likely, high := three(); rapid.IntRange(0, 2).Draw(t, "estimate") {
		case 1:
			a.Estimate = &planfile.Estimate{Low: low, Likely: likely, High: high, Shape: pick("shape", "", "pert", "triangular")}
		case 2:
			a.Estimate = &planfile.Estimate{Values: [][2]float64{{low, 0.25}, {high, 0.75}}}
		}
		if i > 0 {
			p.Links = append(p.Links, planfile.Link{From: fmt.Sprint("a", i-1), To: a.ID, Type: pick("type", "", "FS", "SS", "FF", "SF"),
				Lag: rapid.IntRange(-9, 9).Draw(t, "lag"), LagCalendar: pick("calendar", "", "plan", "elapsed")})
		}
		p.Actions = append(p.Actions, a)
	}
	freeze := span.Draw(t, "freeze")
	p.Freezes = []planfile.Freeze{{From: freeze.From, To: freeze.To, Blocks: pick("blocks", "start", "finish", "work"), Side: "seller", Kinds: []string{"go-live"}}}
	low, likely, high := three()
	p.Risks = []planfile.Risk{{ID: "r0", Title: words.Draw(t, "risk"), Probability: 0.125, Impact: &planfile.Impact{Low: low, Likely: likely, High: high},
		Mitigation: maybe.Draw(t, "mitigation"), Owner: "p0", Actions: []string{"a0"}}}
	return p
}

// none turns an empty list into no list: the file does not tell them apart.
func none[T any](list []T) []T {
	if len(list) == 0 {
		return nil
	}
	return list
}

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	s := compiled(t)
	rapid.Check(t, func(t *rapid.T) {
		want := anyPlan(t)
		var b, again bytes.Buffer
		if err := planfile.Encode(&b, want); err != nil {
			t.Fatal(err)
		}
		text := b.String()
		doc, err := unmarshal(text)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Validate(doc); err != nil {
			t.Fatalf("the schema refuses what Encode wrote: %v\n%s", err, text)
		}
		got, err := planfile.Decode(&b)
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("round trip (-want +got):\n%s", diff)
		}
		if err := planfile.Encode(&again, got); err != nil || again.String() != text {
			t.Fatalf("the second writing differs from the first (%v)", err)
		}
	})
}
