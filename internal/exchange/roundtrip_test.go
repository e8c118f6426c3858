// Package exchange_test holds what is true of every table format: what is
// exported imports to the same plan.
package exchange_test

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tandem/internal/civil"
	"tandem/internal/exchange/csv"
	"tandem/internal/exchange/xlsx"
	"tandem/internal/planfile"
	"tandem/internal/sheet"
)

var formats = []struct {
	name   string
	encode func(io.Writer, sheet.Table) error
	decode func(io.Reader) (sheet.Grid, error)
}{{"csv", csv.Encode, csv.Decode}, {"xlsx", xlsx.Encode, xlsx.Decode}}

func TestExportImportsToTheSamePlan(t *testing.T) {
	t.Parallel()
	for _, f := range formats {
		for _, language := range []string{"de", "en"} {
			t.Run(f.name+" "+language, func(t *testing.T) {
				t.Parallel()
				rapid.Check(t, func(t *rapid.T) {
					want := tablePlan(t, rapid.SampledFrom([]string{"de", "en"}).Draw(t, "language"))
					table := sheet.Export(want, language)
					if len(table.Warnings) > 0 {
						t.Fatalf("warnings of the export: %v", table.Warnings)
					}
					var b bytes.Buffer
					if err := f.encode(&b, table); err != nil {
						t.Fatal(err)
					}
					g, err := f.decode(&b)
					if err != nil {
						t.Fatal(err)
					}
					for _, r := range g.Rows {
						for _, c := range r.Cells {
							if strings.ContainsAny(c.Text[:min(1, len(c.Text))], "=+-@\t\r") {
								t.Fatalf("row %d: %q is not neutralised", r.Number, c.Text)
							}
						}
					}
					got, warnings, err := sheet.Import(g, sheet.Options{})
					if err != nil {
						t.Fatal(err)
					}
					if diff := cmp.Diff(want, got); diff != "" {
						t.Fatalf("(-want +got):\n%s\nwarnings: %v", diff, warnings)
					}
					if err := planfile.Validate(&got); err != nil {
						t.Fatal(err)
					}
				})
			})
		}
	}
}

// tablePlan draws a plan that a table can hold, with texts that look like
// formulas, quotes, delimiters and line breaks.
func tablePlan(t *rapid.T, language string) planfile.Plan {
	word := rapid.StringMatching(`[=+@-]{0,2}[bcfgklmpqrst]{3,8}`)
	text := rapid.Custom(func(t *rapid.T) string {
		return strings.TrimSpace(word.Draw(t, "w") + rapid.StringMatching(`[bcdf"';,|&<=\n ß€]{0,12}[k-t]{4}`).Draw(t, "rest"))
	})
	line := rapid.Custom(func(t *rapid.T) string { return strings.Join(strings.Fields(text.Draw(t, "line")), " ") })
	maybe := rapid.OneOf(rapid.Just(""), text)
	day := rapid.Custom(func(t *rapid.T) civil.Day {
		if rapid.Bool().Draw(t, "none") {
			return 0
		}
		return civil.Of(2028, 1, 1) + civil.Day(rapid.IntRange(0, 700).Draw(t, "day"))
	})
	p := planfile.Plan{Format: planfile.Format, Title: line.Draw(t, "title"), Language: language, Start: day.Draw(t, "start"), DecideBy: day.Draw(t, "decideBy")}
	p.Sides.Buyer.Organisation, p.Sides.Seller.Organisation = "Nordwerk AG", "Acme Cloud"
	names := map[planfile.Side][]string{}
	for i, name := range []string{"Mara Klein", "Dr. Ute Brandt", "John Martinez", "IT-Team"}[:rapid.IntRange(1, 4).Draw(t, "people")] {
		side := planfile.Side(rapid.SampledFrom([]string{"buyer", "seller"}).Draw(t, "side"))
		id := []string{"klein", "brandt", "martinez", "it-team"}[i]
		p.People = append(p.People, planfile.Person{ID: id, Side: side, Name: name,
			Role: rapid.SampledFrom([]string{"", "CFO", "Account Executive", "Leiterin IT-Sicherheit"}).Draw(t, "role"), Email: rapid.SampledFrom([]string{"", id + "@mail.example"}).Draw(t, "mail")})
		names[side] = append(names[side], id)
	}
	for i := range rapid.IntRange(0, 2).Draw(t, "milestones") {
		p.Milestones = append(p.Milestones, planfile.Milestone{ID: fmt.Sprint("m", i+1), Title: fmt.Sprint(line.Draw(t, "milestone"), i), Date: day.Draw(t, "date")})
	}
	ids := []string{"a1", "a1.1", "x-7", "a12", "a3"}
	for i := range rapid.IntRange(1, 5).Draw(t, "actions") {
		p.Actions = append(p.Actions, tableAction(t, ids[i], &p, names, line, maybe, day))
		for j := range i {
			if rapid.Bool().Draw(t, "link") {
				l := planfile.Link{From: ids[j], To: ids[i], Type: rapid.SampledFrom([]string{"FS", "SS", "FF", "SF"}).Draw(t, "type"), Lag: rapid.IntRange(-3, 3).Draw(t, "lag")}
				if l.Lag != 0 {
					l.LagCalendar = rapid.SampledFrom([]string{"", "elapsed", "predecessor", "successor"}).Draw(t, "calendar")
				}
				p.Links = append(p.Links, l)
			}
		}
	}
	return p
}

func tableAction(t *rapid.T, id string, p *planfile.Plan, names map[planfile.Side][]string, line, maybe *rapid.Generator[string], day *rapid.Generator[civil.Day]) planfile.Action {
	a := planfile.Action{ID: id, Title: line.Draw(t, "action"), Side: planfile.Side(rapid.SampledFrom([]string{"buyer", "seller", "joint"}).Draw(t, "side")),
		Start: day.Draw(t, "s"), Due: day.Draw(t, "d"), Expected: day.Draw(t, "e"), StartedOn: day.Draw(t, "so"), DoneOn: day.Draw(t, "do"),
		DoneWhen: maybe.Draw(t, "when"), BlockedBecause: maybe.Draw(t, "because"), Kind: maybe.Draw(t, "kind"), Notes: maybe.Draw(t, "notes"),
		Status: rapid.SampledFrom([]planfile.Status{planfile.Open, planfile.Started, planfile.Blocked, planfile.Done, planfile.Dropped}).Draw(t, "status")}
	a.DateOpen = a.Due.IsZero() && rapid.Bool().Draw(t, "open")
	if rapid.Bool().Draw(t, "lasts") {
		n := rapid.IntRange(0, 60).Draw(t, "duration")
		a.Duration, a.Elapsed = &n, rapid.Bool().Draw(t, "elapsed")
	}
	if len(p.Milestones) > 0 {
		a.Milestone = rapid.SampledFrom([]string{"", p.Milestones[0].ID}).Draw(t, "m")
	}
	pick := func(side planfile.Side) string {
		return rapid.SampledFrom(append([]string{""}, names[side]...)).Draw(t, "owner")
	}
	if a.Side == planfile.Joint {
		a.Owners = planfile.Owners{Buyer: pick(planfile.Buyer), Seller: pick(planfile.Seller)}
	} else {
		a.Owner = pick(a.Side)
	}
	return a
}

func TestExportSaysWhatATableCannotHold(t *testing.T) {
	t.Parallel()
	one := 1
	p := planfile.Plan{Title: "x", Goals: []planfile.Goal{{Text: "g"}}, Risks: []planfile.Risk{{ID: "r", Title: "r"}},
		Gates: []planfile.Gate{{ID: "g", Title: "g", Rule: "FREQ=DAILY"}}, Criteria: []planfile.Criterion{{Text: "c"}}, Freezes: []planfile.Freeze{{}},
		People:  []planfile.Person{{ID: "p", Name: "P", Side: "buyer", Absences: []planfile.Span{{}}}},
		Sides:   planfile.Sides{Buyer: planfile.Party{Calendar: planfile.Calendar{Region: "DE"}}},
		Actions: []planfile.Action{{ID: "a", Title: "t", Side: "buyer", Remaining: &one, Notes: strings.Repeat("x", 40000)}}, Milestones: []planfile.Milestone{{ID: "m", Title: "m"}},
		Links: []planfile.Link{{From: "a", To: "m"}}}
	var keys []string
	for _, w := range sheet.Export(p, "en").Warnings {
		keys = append(keys, strings.TrimPrefix(w.Key, "import.export."))
	}
	if got, want := strings.Join(keys, " "), "goals criteria gates freezes risks absences calendars bounds milestoneLinks cut"; got != want {
		t.Errorf("warnings = %s, want %s", got, want)
	}
}
