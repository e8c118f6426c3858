package process

import (
	"strings"
	"testing"

	"tandem/internal/civil"
	"tandem/internal/planfile"
)

// finished is a plan that was carried out: Easter Monday 2027 is 29 March.
func finished() *planfile.Plan {
	day := func(d int) civil.Day { return civil.Of(2027, 3, d) }
	n := func(i int) *int { return &i }
	return &planfile.Plan{Format: planfile.Format, Language: "en", Title: "Nordwerk AG decides on Acme Cloud", Start: day(1), DecideBy: civil.Of(2027, 4, 9),
		Sides: planfile.Sides{Buyer: planfile.Party{Organisation: "Nordwerk AG", Calendar: planfile.Calendar{Region: "DE-BY"}},
			Seller: planfile.Party{Organisation: "Acme Cloud", Calendar: planfile.Calendar{Region: "US"}}},
		People: []planfile.Person{{ID: "p1", Side: planfile.Buyer, Name: "Dr. Ute Brandt", Role: "CFO", Email: "ute@nordwerk.example"},
			{ID: "p2", Side: planfile.Buyer, Name: "Jana Roth", Role: "Legal counsel"}, {ID: "p3", Side: planfile.Seller, Name: "John Martinez"},
			{ID: "p4", Side: planfile.Buyer, Name: "Tom Reuter", Role: "cfo"}},
		Milestones: []planfile.Milestone{{ID: "m", Title: "Contract ready for Nordwerk"}},
		Goals:      []planfile.Goal{{Side: planfile.Buyer, Text: "secret"}},
		Risks:      []planfile.Risk{{ID: "r", Title: "secret"}},
		Gates:      []planfile.Gate{{ID: "board", Title: "Nordwerk board", Rule: "FREQ=WEEKLY;BYDAY=TU", LeadDays: 2}},
		Actions: []planfile.Action{
			{ID: "b", Title: "Return the changes to Jana Roth, Roth's deputy and Dr. Ute Brandt", Side: planfile.Seller, Owner: "p3", Milestone: "m", Status: planfile.Done,
				DoneOn: civil.Of(2027, 3, 30), Duration: n(2), Notes: "secret", BlockedBecause: "secret"},
			{ID: "a", Title: "Send the changes to the contract", Side: planfile.Buyer, Owner: "p2", Milestone: "m", Status: planfile.Done,
				StartedOn: day(22), DoneOn: civil.Of(2027, 3, 30), Duration: n(8), Due: day(24)},
			{ID: "c", Title: "Decide", Side: planfile.Joint, Owners: planfile.Owners{Buyer: "p1", Seller: "p3"}, Status: planfile.Open, Due: civil.Of(2027, 4, 6), Gate: "board",
				Estimate: &planfile.Estimate{Low: 1, Likely: 2.5, High: 4}},
			{ID: "d", Title: "Prepare the start", Side: planfile.Buyer, Owner: "p4", Status: planfile.Done, DoneOn: civil.Of(2027, 4, 20), Due: civil.Of(2027, 4, 20)},
			{ID: "x", Title: "Never mind", Side: planfile.Buyer, Status: planfile.Dropped},
		},
		Links: []planfile.Link{{From: "a", To: "b", Type: "FS"}, {From: "m", To: "c", Type: "FS"}, {From: "x", To: "c", Type: "FS"}, {From: "c", To: "d", Type: "FS", Lag: 2}}}
}

func TestLearnTakesWhatHappened(t *testing.T) {
	t.Parallel()
	f := finished()
	f.Actions[0].DoneOn = civil.Of(2027, 4, 1) // after a
	p, took, err := Learn(f, "own")
	if err != nil {
		t.Fatal(err)
	}
	want := []struct {
		title             string
		buyer, seller     string
		low, likely, high int
		derived           bool
	}{
		// 22 to 25 and 30 March: Good Friday and Easter Monday are holidays in Bavaria.
		{"Send the changes to the contract", "r2", "", 5, 5, 8, false},
		// Nobody said when it began: the day after, 31 March and 1 April.
		{"Return the changes to Legal counsel, Legal counsel's deputy and CFO", "", "r3", 2, 2, 2, true},
		{"Decide", "r1", "r3", 3, 3, 3, false},
		// What it waited for was never done, and nobody planned it: since the first day of the plan.
		{"Prepare the start", "r1", "", 0, 0, 0, true},
	}
	if len(p.Steps) != len(want) {
		t.Fatalf("%d steps, want %d", len(p.Steps), len(want))
	}
	for i, w := range want {
		s := p.Steps[i]
		if s.Title.EN != w.title || s.Buyer != w.buyer || s.Seller != w.seller || took[i].Derived != w.derived {
			t.Errorf("step %d: %q of %q/%q, derived %t; want %+v", i, s.Title.EN, s.Buyer, s.Seller, took[i].Derived, w)
		}
		if w.likely != 0 && (s.Low != w.low || s.Likely != w.likely || s.High != w.high) {
			t.Errorf("%q: %d/%d/%d days, want %d/%d/%d", w.title, s.Low, s.Likely, s.High, w.low, w.likely, w.high)
		}
	}
	if p.Decision != p.Steps[2].ID {
		t.Errorf("decided with %q, want %q", p.Decision, p.Steps[2].ID)
	}
	if got := p.Steps[2].After; len(got) != 2 || got[0].Step != "s1" || got[1].Step != "s2" {
		t.Errorf("what waits for a milestone waits for %+v, want its two steps", got)
	}
	if got := p.Steps[3].After; len(got) != 1 || got[0].Lag != 2 {
		t.Errorf("the lag is lost: %+v", got)
	}
	if p.Milestones[0].Title.EN != "Contract ready for {buyer}" || p.Gates[0].Title.EN != "{buyer} board" || p.Steps[2].Gate != "g1" {
		t.Errorf("milestone %q, gate %q", p.Milestones[0].Title.EN, p.Gates[0].Title.EN)
	}
	for what, w := range allWords(p) {
		for _, name := range []string{"Roth", "Brandt", "Martinez", "Nordwerk", "Acme", "secret", "ute@"} {
			if strings.Contains(w, name) {
				t.Errorf("%s still holds %q: %s", what, name, w)
			}
		}
	}
	if again, _, err := Learn(f, "own"); err != nil || again.Steps[0].Likely != 5 {
		t.Errorf("again: %v", err)
	}
}

func allWords(p *Process) map[string]string {
	out := map[string]string{"name": p.Name.EN + p.Title.EN}
	for _, s := range p.Steps {
		out["step "+s.ID] = s.Title.EN + s.DoneWhen.EN
	}
	for _, m := range p.Milestones {
		out["milestone "+m.ID] = m.Title.EN
	}
	for _, r := range p.Roles {
		out["role "+r.ID] = r.Name.EN
	}
	for _, g := range p.Gates {
		out["gate "+g.ID] = g.Title.EN
	}
	for _, r := range p.Risks {
		out["risk "+r.ID] = r.Title.EN
	}
	return out
}

// A process learned from a plan becomes a plan again, with the new companies.
func TestLearnedProcessIsLaidOut(t *testing.T) {
	t.Parallel()
	p, _, err := Learn(finished(), "own")
	if err != nil {
		t.Fatal(err)
	}
	f := between("DE-BE", "AT-9")
	f.Language, f.Today = "en", civil.Of(2028, 3, 1)
	l, err := p.LayOut(f)
	if err != nil {
		t.Fatal(err)
	}
	if err := planfile.Validate(l.Plan); err != nil {
		t.Error(err)
	}
	if got := l.Plan.Milestones[0].Title; got != "Contract ready for Nordwerk AG" {
		t.Errorf("milestone %q", got)
	}
	if last := l.Plan.Actions[len(l.Plan.Actions)-1]; last.Due <= l.Plan.DecideBy {
		t.Errorf("what followed the decision lies on %s, decided on %s", last.Due, l.Plan.DecideBy)
	}
}

// What was laid out and carried out to the day comes back as it was.
func TestLearnOfALaidPlan(t *testing.T) {
	t.Parallel()
	for _, p := range Catalogue() {
		f := between("DE-BY", "GB-ENG")
		f.Today, f.Buffer = civil.Of(2027, 3, 1), 0
		for _, r := range p.Roles {
			f.People = map[string]Person{r.ID: {Name: "Ada " + r.ID}}
		}
		l, err := p.LayOut(f)
		if err != nil {
			t.Fatal(err)
		}
		for i := range l.Plan.Actions {
			a := &l.Plan.Actions[i]
			a.Status, a.StartedOn, a.DoneOn = planfile.Done, a.Start, a.Due
		}
		q, _, err := Learn(l.Plan, "own")
		if err != nil {
			t.Fatalf("%s: %v", p.ID, err)
		}
		likely, links := map[string]int{}, 0
		for _, s := range p.Steps {
			likely[named(s.Title.DE, "Nordwerk AG", "Acme Cloud")] = s.Likely
			links += len(s.After)
		}
		for _, s := range q.Steps {
			title := named(s.Title.DE, "Nordwerk AG", "Acme Cloud")
			if want := likely[title]; s.Likely != want && s.Gate == "" {
				t.Errorf("%s: %q took %d days, want %d", p.ID, title, s.Likely, want)
			}
			links -= len(s.After)
		}
		if links != 0 {
			t.Errorf("%s: %d links are lost", p.ID, links)
		}
	}
}

// What nobody can know is not made up: how long a step was worked on that
// waited for nothing, or for a committee.
func TestLearnDoesNotGuess(t *testing.T) {
	t.Parallel()
	f := finished()
	f.Actions[0].DoneOn = civil.Of(2027, 4, 1)
	f.Actions[2].Status, f.Actions[2].DoneOn = planfile.Done, civil.Of(2027, 4, 20) // the committee's
	f.Actions[3].DoneOn = civil.Of(2027, 4, 20)                                     // on the day on which what it waited for was done
	f.Actions[1].StartedOn = 0                                                      // waited for nothing
	p, took, err := Learn(f, "own")
	if err != nil {
		t.Fatal(err)
	}
	for title, want := range map[string]struct {
		likely  int
		unknown bool
	}{"Send the changes to the contract": {8, true}, "Decide": {3, true}, "Prepare the start": {1, false}} {
		for i, s := range p.Steps {
			if s.Title.EN == title && (s.Likely != want.likely || took[i].Unknown != want.unknown) {
				t.Errorf("%q: %d days, unknown %t; want %+v", title, s.Likely, took[i].Unknown, want)
			}
		}
	}
}
