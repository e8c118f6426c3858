package schedule_test

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"tandem/internal/civil"
	"tandem/internal/planfile"
	"tandem/internal/schedule"
)

// voice speaks from the message files, and fails the test on a key that is not
// there or an argument that nobody gave.
func voice(t testing.TB, lang string) schedule.Voice {
	t.Helper()
	text, err := os.ReadFile("../locale/text/schedule." + lang + ".json")
	if err != nil {
		t.Fatal(err)
	}
	messages := map[string]any{}
	if err := json.Unmarshal(text, &messages); err != nil {
		t.Fatal(err)
	}
	placeholder := regexp.MustCompile(`{{\.(\w+)}}`)
	return schedule.Voice{Lang: lang, Text: func(key string, args map[string]any) string {
		sentence, ok := messages[key].(string)
		if forms, plural := messages[key].(map[string]any); plural {
			ok = true
			sentence, _ = forms["other"].(string)
			if args["N"] == 1 {
				sentence, _ = forms["one"].(string)
			}
		}
		if !ok {
			t.Errorf("no text for %s", key)
		}
		return placeholder.ReplaceAllStringFunc(sentence, func(p string) string {
			v, ok := args[p[3:len(p)-2]]
			if !ok {
				t.Errorf("%s: %s is not given", key, p)
			}
			if list, ok := v.([]string); ok {
				return strings.Join(list, ", ")
			}
			return fmt.Sprint(v)
		})
	}}
}

func read(t testing.TB, text string) *planfile.Plan {
	t.Helper()
	p, err := planfile.Decode(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// A plan around Whit Monday: legal review, a committee with papers due two
// working days before, a CFO who travels, an appointment that comes too early.
const whitsun = `{"format": "tandem.plan/1", "title": "Pfingsten", "start": "2028-05-29", "decideBy": "2028-06-16",
  "sides": {"buyer": {"organisation": "Nordwerk AG", "calendar": {"region": "DE-NI"}},
            "seller": {"organisation": "Acme Cloud", "calendar": {"region": "GB-ENG"}}},
  "people": [{"id": "roth", "side": "buyer", "name": "Jana Roth"},
             {"id": "brandt", "side": "buyer", "name": "Dr. Ute Brandt", "absences": [{"from": "2028-06-14", "to": "2028-06-20", "note": "auf Reisen"}]},
             {"id": "vogt", "side": "seller", "name": "Lena Vogt"}],
  "milestones": [{"id": "m1", "title": "Geprüft", "date": "2028-06-05"}],
  "actions": [
    {"id": "a1", "title": "Rechtsprüfung", "side": "buyer", "owner": "roth", "duration": 5, "milestone": "m1", "status": "open"},
    {"id": "a2", "title": "Vertrag anpassen", "side": "seller", "owner": "vogt", "duration": 2, "status": "open"},
    {"id": "a3", "title": "Freigabe", "side": "buyer", "owner": "brandt", "duration": 1, "gate": "g1", "due": "2028-06-13", "status": "open"},
    {"id": "a4", "title": "Unterschrift", "side": "joint", "owners": {"buyer": "brandt", "seller": "vogt"}, "duration": 1, "due": "2028-06-12", "pinned": true, "status": "open"},
    {"id": "a5", "title": "Demo", "side": "seller", "owner": "vogt", "duration": 2, "status": "done", "doneOn": "2028-05-30"}],
  "links": [{"from": "a1", "to": "a2", "lag": 1}, {"from": "a2", "to": "a3"}, {"from": "a3", "to": "a4"}, {"from": "m1", "to": "a2"}],
  "gates": [{"id": "g1", "title": "Ausschuss", "rule": "FREQ=WEEKLY;BYDAY=TU", "leadDays": 2}]}`

func TestPlanAroundWhitsun(t *testing.T) {
	t.Parallel()
	s, err := schedule.Compute(read(t, whitsun), civil.Of(2028, 5, 20))
	if err != nil {
		t.Fatal(err)
	}
	r := s.Report(voice(t, "de"))
	var got []string
	for _, a := range r.Actions {
		got = append(got, fmt.Sprint(a.ID, " ", a.EarlyStart, " ", a.EarlyFinish, " ", a.LateStart, " ", a.LateFinish, " ", a.TotalSlack, " ", a.FreeSlack, " ", a.Critical))
		for _, b := range a.Because {
			got = append(got, "  "+b.Kind+" "+b.Ref+": "+b.Text)
		}
	}
	for _, c := range r.Conflicts {
		got = append(got, fmt.Sprint(c.Chain, " ", c.Shortfall, " ", c.Message))
		for _, f := range c.Fixes {
			got = append(got, "  "+f.Text)
		}
	}
	want := []string{
		// 29 May is a holiday in England, 5 June one in Lower Saxony. The committee
		// of 6 June takes papers until Thursday 1 June.
		"a1 2028-05-29 2028-06-02 2028-05-18 2028-05-24 -6 0 true",
		"  start : Der Plan beginnt am 2028-05-29.",
		"a2 2028-06-07 2028-06-08 2028-05-30 2028-05-31 -6 0 true",
		"  link a1: „Rechtsprüfung“ (Jana Roth) endet am 2028-06-02, plus 1 Arbeitstag.",
		"  calendar : 2028-06-03 bis 2028-06-05: Wochenende, Pfingstmontag.",
		"a3 2028-06-13 2028-06-13 2028-06-06 2028-06-06 -5 0 true",
		"  link a2: „Vertrag anpassen“ (Lena Vogt) endet am 2028-06-08.",
		"  gate g1: „Ausschuss“ tagt am 2028-06-13; die Unterlagen müssen am 2028-06-09 vorliegen.",
		"a4 2028-06-12 2028-06-12 2028-06-12 2028-06-12 0 0 false",
		"  pinned : Fest gebucht für den 2028-06-12.",
		"a5 2028-05-26 2028-05-30 2028-05-26 2028-05-30 0 0 false",
		"  done : Erledigt am 2028-05-30.",
		"[a1 a2 a3 a4] 2 „Unterschrift“ ist fest für den 2028-06-12 gebucht, wartet aber auf „Freigabe“ (frühestens 2028-06-13): Es fehlen 2 Arbeitstage.",
		"  Für „Freigabe“ einen Zusatztermin von „Ausschuss“ erbitten, am 2028-06-09.",
		"  „Unterschrift“ neu buchen, frühestens für den 2028-06-21.",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if r.End != civil.Of(2028, 6, 13) {
		t.Errorf("end %s", r.End)
	}
}

// What if legal takes three weeks? What moves, why, and what else could be
// done.
func TestWhatIf(t *testing.T) {
	t.Parallel()
	plan := read(t, strings.NewReplacer(`"pinned": true, `, "", `, {"from": "m1", "to": "a2"}`, "").Replace(whitsun))
	p, err := schedule.WhatIf(plan, civil.Of(2028, 5, 20), []string{"a1.duration=15", "a2.notBefore=2028-06-01"})
	if err != nil {
		t.Fatal(err)
	}
	if *plan.Actions[0].Duration != 5 || plan.Actions[1].NotBefore != 0 {
		t.Error("the plan itself was changed")
	}
	r := p.Report(voice(t, "en"))
	var got []string
	for _, m := range r.Moves {
		got = append(got, fmt.Sprint(m.ID, " ", m.From, " ", m.To, " ", m.Because[0].Text))
	}
	got = append(got, fmt.Sprint(r.End.From, " ", r.End.To))
	for _, a := range r.Alternatives {
		got = append(got, fmt.Sprint(a.End, " ", a.Text))
	}
	want := []string{
		"a1 2028-06-02 2028-06-19 The plan starts on 2028-05-29.",
		"a2 2028-06-08 2028-06-22 “Rechtsprüfung” (Jana Roth) ends on 2028-06-19, plus 1 working day.",
		"a3 2028-06-13 2028-06-27 “Vertrag anpassen” (Lena Vogt) ends on 2028-06-22.",
		"a4 2028-06-21 2028-06-28 “Freigabe” (Dr. Ute Brandt) ends on 2028-06-27.",
		"2028-06-21 2028-06-28",
		"2028-06-21 Shorten “Rechtsprüfung” by 10 days.",
		"2028-06-21 Start “Vertrag anpassen” 10 days earlier, while “Rechtsprüfung” is still going on.",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
