package process_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"tandem/internal/civil"
	"tandem/internal/lint"
	"tandem/internal/planfile"
	"tandem/internal/process"
)

// filled has a different name for every role, and two regions.
func filled(p *process.Process, lang, buyer, seller string) process.Fill {
	f := process.Fill{Language: lang, Buffer: process.Buffer, People: map[string]process.Person{},
		Buyer:  planfile.Party{Organisation: "Nordwerk AG", Calendar: planfile.Calendar{Region: buyer}},
		Seller: planfile.Party{Organisation: "Acme Cloud", Calendar: planfile.Calendar{Region: seller}}}
	first := []string{"Sarah", "Ute", "Mara", "Jana", "Tom", "John", "Priya", "Lena", "Karl", "Nina", "Olaf", "Petra", "Rosa", "Sven", "Tina"}
	for i, r := range p.Roles {
		f.People[r.ID] = process.Person{Name: first[i] + " Muster" + string(rune('a'+i))}
	}
	for _, r := range p.Risks {
		f.Risks = append(f.Risks, r.ID)
	}
	return f
}

func TestCatalogueIsComplete(t *testing.T) {
	t.Parallel()
	all := process.Catalogue()
	if len(all) < 8 {
		t.Fatalf("%d processes, want at least 8", len(all))
	}
	seen := map[string]bool{}
	for _, p := range all {
		if seen[p.ID] {
			t.Errorf("%s is there twice", p.ID)
		}
		seen[p.ID] = true
		if err := p.Check(); err != nil {
			t.Errorf("%s: %v", p.ID, err)
		}
		if len(p.Risks) < 3 {
			t.Errorf("%s names %d risks, want at least 3", p.ID, len(p.Risks))
		}
		for what, w := range everyWord(p) {
			if strings.TrimSpace(w.DE) == "" || strings.TrimSpace(w.EN) == "" || w.DE == w.EN && !sameInBoth[w.DE] {
				t.Errorf("%s: %s is not in both languages: %+v", p.ID, what, w)
			}
		}
	}
	for _, r := range process.Risks() {
		if r.Title.DE == "" || r.Title.EN == "" || r.Mitigation.DE == "" || r.Mitigation.EN == "" || r.Probability <= 0 || r.Low <= 0 {
			t.Errorf("risk %s lacks words or figures: %+v", r.ID, r)
		}
	}
}

var sameInBoth = map[string]bool{"Compliance": true}

func everyWord(p *process.Process) map[string]process.Words {
	out := map[string]process.Words{"name": p.Name, "purpose": p.Purpose, "title": p.Title}
	for _, r := range p.Roles {
		out["role "+r.ID] = r.Name
	}
	for _, m := range p.Milestones {
		out["milestone "+m.ID] = m.Title
	}
	for _, s := range p.Steps {
		out["step "+s.ID] = s.Title
	}
	for _, g := range p.Gates {
		out["gate "+g.ID] = g.Title
	}
	if strings.HasPrefix(p.ID, "public") {
		out["caution"] = p.Caution
	}
	return out
}

// Published practice: of the steps the buyer has 30 to 50 %, the seller 25 to
// 40 %, both together 20 to 35 %; 5 to 8 milestones, at most 12 in an
// enterprise; at most 30 steps.
func TestOwnershipIsHealthy(t *testing.T) {
	t.Parallel()
	for _, p := range process.Catalogue() {
		buyer, seller, joint := p.Shares()
		if buyer < .30 || buyer > .50 || seller < .25 || seller > .40 || joint < .20 || joint > .35 {
			t.Errorf("%s: buyer %.0f %%, seller %.0f %%, joint %.0f %%", p.ID, 100*buyer, 100*seller, 100*joint)
		}
		most := 8
		if strings.Contains(p.ID, "enterprise") {
			most = 12
		}
		if n := len(p.Milestones); n < 5 || n > most {
			t.Errorf("%s has %d milestones, want 5 to %d", p.ID, n, most)
		}
		if len(p.Steps) > 30 {
			t.Errorf("%s has %d steps, want at most 30", p.ID, len(p.Steps))
		}
		for _, m := range p.Milestones {
			if len(p.StepsOf(m.ID)) == 0 {
				t.Errorf("%s: nothing leads to milestone %s", p.ID, m.ID)
			}
		}
		for _, r := range p.Roles {
			if !slices.ContainsFunc(p.Steps, func(s process.Step) bool { return s.Buyer == r.ID || s.Seller == r.ID }) {
				t.Errorf("%s: role %s has nothing to do", p.ID, r.ID)
			}
		}
		for _, s := range p.Steps {
			if s.Side != planfile.Seller && s.Buyer == "" || s.Side != planfile.Buyer && s.Seller == "" {
				t.Errorf("%s: %s has no role on a side", p.ID, s.ID)
			}
		}
	}
}

// What the check of a plan would say to a colleague is said of no template:
// no vague wording, nobody overloaded, no date on a holiday. That the buyer
// has no goal yet is true: only they can say it.
func TestTemplatesPassTheCheck(t *testing.T) {
	t.Parallel()
	for _, p := range process.Catalogue() {
		for _, lang := range []string{"de", "en"} {
			f := filled(p, lang, "DE-BY", "GB-ENG")
			for day := civil.Of(2027, 1, 4); day < civil.Of(2028, 1, 4); day += 23 {
				f.Today = day
				plan, err := p.Lay(f)
				if err != nil {
					t.Fatalf("%s %s %s: %v", p.ID, lang, day, err)
				}
				if err := planfile.Validate(plan); err != nil {
					t.Fatalf("%s %s %s: %v", p.ID, lang, day, err)
				}
				for _, x := range lint.Check(*plan, lint.Options{Today: day}) {
					if x.Rule != "no-goal" && x.Rule != "quarter-end" {
						t.Errorf("%s %s %s: %s %s at %s: %v", p.ID, lang, day, x.Severity, x.Rule, x.Item, x.Message)
					}
				}
			}
		}
	}
}

func TestDurationsAreRealistic(t *testing.T) {
	t.Parallel()
	weeks := map[string][2]float64{"small": {3, 8}, "mid-market": {7, 16}, "enterprise": {16, 32}, "dach-enterprise": {16, 36},
		"proof-of-concept": {6, 12}, "expansion": {4, 10}, "renewal": {3, 9}, "security-review": {5, 10}, "works-council": {5, 12},
		"supplier-onboarding": {2, 6}, "public-before": {8, 16}, "public-after": {6, 16}}
	for _, p := range process.Catalogue() {
		f := filled(p, "de", "", "")
		f.Today = civil.Of(2027, 3, 1)
		l, err := p.LayOut(f)
		if err != nil {
			t.Fatal(err)
		}
		got := float64(l.Decision-f.Today) / 7
		if want := weeks[p.ID]; got < want[0] || got > want[1] {
			t.Errorf("%s takes %.1f weeks with buffer (ready %s, decided %s), want %v", p.ID, got, l.Ready, l.Decision, want)
		}
		if math.Signbit(float64(l.Spare)) || l.Ready > l.Decision {
			t.Errorf("%s: ready %s after the decision %s", p.ID, l.Ready, l.Decision)
		}

	}
}
