package schedule_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"tandem/internal/civil"
	"tandem/internal/planfile"
	"tandem/internal/schedule"
)

// steps is a plan of steps and more, all on one side without holidays, that
// starts on Monday 1 May 2028.
func steps(t testing.TB, actions string, more ...string) *planfile.Plan {
	t.Helper()
	return read(t, `{"format": "tandem.plan/1", "title": "T", "start": "2028-05-01", "sides": {}, `+
		`"people": [{"id": "roth", "side": "buyer", "name": "Jana Roth", "absences": [{"from": "2028-05-04", "to": "2028-05-10"}]}], `+
		`"actions": [`+actions+`]`+strings.Join(more, "")+`}`)
}

func step(id, more string) string {
	if !strings.Contains(more, `"status"`) {
		more += `, "status": "open"`
	}
	return fmt.Sprintf(`{"id": %q, "title": %q, "side": "buyer", %s}`, id, strings.ToUpper(id), strings.TrimPrefix(more, ", "))
}

// One row for each thing a plan can say about a step: what dates come out,
// and what kinds of reasons. Days are of May 2028; 1 May is a Monday.
func TestWhatAStepSays(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, step string
		today      int
		start, end int
		because    string
	}{
		{"a duration", `"duration": 3`, 1, 1, 3, "start"},
		{"a point in time", `"duration": 0`, 1, 1, 1, "start"},
		{"no duration", `"kind": "x"`, 1, 1, 1, "start assumed"},
		{"from start to due", `"start": "2028-05-03", "due": "2028-05-09"`, 1, 1, 5, "start assumed"},
		{"elapsed days", `"duration": 8, "elapsed": true`, 1, 1, 8, "start"},
		{"over a weekend", `"duration": 8`, 1, 1, 10, "start"},
		{"today is later", `"duration": 1`, 6, 8, 8, "today calendar"},
		{"not before a Saturday", `"duration": 1, "notBefore": "2028-05-06"`, 1, 8, 8, "notBefore calendar"},
		{"not after", `"duration": 3, "notAfter": "2028-05-02"`, 1, 1, 3, "start"},
		{"an absent owner", `"duration": 5, "owner": "roth"`, 1, 1, 12, "start pause"},
		{"expected", `"duration": 2, "expected": "2028-05-17"`, 1, 16, 17, "expected"},
		{"pinned", `"duration": 2, "due": "2028-05-16", "pinned": true`, 1, 15, 16, "pinned"},
		{"pinned by its start", `"duration": 2, "start": "2028-05-16", "pinned": true`, 1, 16, 17, "pinned"},
		{"pinned without a date", `"duration": 2, "pinned": true`, 1, 1, 2, "start"},
		{"done", `"duration": 2, "status": "done", "doneOn": "2028-05-04"`, 9, 3, 4, "done"},
		{"done before the plan", `"duration": 2, "status": "done", "startedOn": "2028-04-05", "doneOn": "2028-04-10"`, 9, -25, -20, "done"},
		{"done, nobody says when", `"duration": 1, "due": "2028-05-20", "status": "done"`, 9, 9, 9, "done"},
		{"started", `"duration": 6, "status": "started", "startedOn": "2028-05-02"`, 4, 2, 9, "started"},
		{"started with a remainder", `"duration": 6, "status": "started", "startedOn": "2028-05-02", "remaining": 1`, 4, 2, 4, "started"},
		{"started too long ago", `"duration": 2, "status": "started", "startedOn": "2028-04-03"`, 4, -27, 4, "started"},
		{"blocked on the way", `"duration": 6, "status": "blocked", "startedOn": "2028-05-02", "remaining": 2`, 4, 2, 5, "started"},
		{"blocked before", `"duration": 2, "status": "blocked"`, 4, 4, 5, "today"},
		{"a gate", `"duration": 1, "gate": "g1"`, 1, 9, 9, "start gate"},
		{"a gate after the work", `"duration": 8, "gate": "g1"`, 1, 12, 23, "start gate"},
		{"kept from work", `"duration": 2, "kind": "go-live"`, 19, 19, 24, "today pause"},
		{"kept from starting", `"duration": 1, "kind": "hire"`, 22, 24, 24, "today calendar"},
		{"kept from finishing", `"duration": 2, "kind": "pay"`, 19, 23, 24, "today calendar"},
	} {
		p := steps(t, step("a1", c.step), `, "gates": [{"id": "g1", "title": "Board", "rule": "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "anchor": "2028-04-25"}]`,
			`, "freezes": [{"from": "2028-05-22", "to": "2028-05-23", "blocks": "work", "kinds": ["go-live"]},`,
			`{"from": "2028-05-20", "to": "2028-05-23", "blocks": "start", "side": "buyer", "kinds": ["hire"]},`,
			`{"from": "2028-05-20", "to": "2028-05-23", "blocks": "finish", "kinds": ["pay"]},`,
			`{"from": "2028-05-01", "to": "2028-05-31", "blocks": "work", "side": "seller"}]`)
		s, err := schedule.Compute(p, civil.Of(2028, 5, c.today))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		d := s.Dates(0)
		if d.Start != civil.Of(2028, 5, c.start) || d.Finish != civil.Of(2028, 5, c.end) {
			t.Errorf("%s: got %s to %s, want May %d to %d", c.name, d.Start, d.Finish, c.start, c.end)
		}
		var kinds []string
		for _, b := range s.Report(voice(t, "en")).Actions[0].Because {
			kinds = append(kinds, b.Kind)
		}
		if got := strings.Join(kinds, " "); got != c.because {
			t.Errorf("%s: because of %q, want %q", c.name, got, c.because)
		}
	}
}

// Two steps and a link: when the second, of two days, begins. The first takes
// Monday 1 to Wednesday 3 May.
func TestLinks(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		link  string
		start int
	}{
		{`"type": "FS"`, 4},
		{`"lag": 0`, 4},
		{`"lag": 2`, 8},
		{`"lag": 2, "lagCalendar": "elapsed"`, 8},
		{`"lag": 2, "lagCalendar": "predecessor"`, 8},
		{`"lag": -1`, 3},
		{`"lag": -9`, 1},
		{`"type": "SS"`, 1},
		{`"type": "SS", "lag": 3`, 4},
		{`"type": "FF"`, 2},
		{`"type": "FF", "lag": 1`, 3},
		{`"type": "SF"`, 1},
		{`"type": "SF", "lag": 5`, 4},
	} {
		s, err := schedule.Compute(steps(t, step("a1", `"duration": 3`)+","+step("a2", `"duration": 2`),
			`, "links": [{"from": "a1", "to": "a2", `+c.link+`}]`), civil.Of(2028, 5, 1))
		if err != nil {
			t.Errorf("%s: %v", c.link, err)
			continue
		}
		if d := s.Dates(1); d.Start != civil.Of(2028, 5, c.start) {
			t.Errorf("%s: starts on %s, want May %d", c.link, d.Start, c.start)
		}
	}
}

// A milestone waits for its links; without any, for the steps in it, if
// something waits for it. What was dropped holds nobody up.
func TestMilestonesAndDropped(t *testing.T) {
	t.Parallel()
	milestones := `, "milestones": [{"id": "m1", "title": "M", "date": "2028-05-03"}]`
	two := step("a1", `"duration": 3, "milestone": "m1"`) + "," + step("a2", `"duration": 5, "milestone": "m1"`) + "," + step("a3", `"duration": 1`)
	for _, c := range []struct {
		name, actions, links string
		start                int
		conflicts            []string
	}{
		{"by its steps", two, `{"from": "m1", "to": "a3"}`, 8, []string{"due [a2 m1] 2"}},
		{"by its links", two, `{"from": "a1", "to": "m1"}, {"from": "m1", "to": "a3"}`, 4, nil},
		{"nobody waits", two, ``, 1, nil},
		{"dropped", strings.Replace(two, `"status": "open"`, `"status": "dropped"`, 2), `{"from": "m1", "to": "a3"}, {"from": "a2", "to": "a3"}`, 1, nil},
	} {
		s, err := schedule.Compute(steps(t, c.actions, milestones, `, "links": [`+c.links+`]`), civil.Of(2028, 5, 1))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if d := s.Dates(s.Index("a3")); d.Start != civil.Of(2028, 5, c.start) {
			t.Errorf("%s: starts on %s, want May %d", c.name, d.Start, c.start)
		}
		var got []string
		for _, x := range s.Report(voice(t, "de")).Conflicts {
			got = append(got, fmt.Sprint(x.Kind, " ", x.Chain, " ", x.Shortfall))
		}
		if !slices.Equal(got, c.conflicts) {
			t.Errorf("%s: conflicts %q, want %q", c.name, got, c.conflicts)
		}
	}
}

// What is wrong gets a sentence, never a hang or a panic.
func TestFaults(t *testing.T) {
	t.Parallel()
	one := step("a1", `"duration": 3`)
	for _, c := range []struct {
		key  string
		plan *planfile.Plan
	}{
		{"schedule.cycle", steps(t, one+","+step("a2", `"duration": 1`)+","+step("a3", `"duration": 1`),
			`, "links": [{"from": "a1", "to": "a2"}, {"from": "a2", "to": "a3", "type": "SS"}, {"from": "a3", "to": "a1", "lag": -5}]`)},
		{"schedule.away", with(steps(t, step("a1", `"duration": 30, "owner": "roth"`)), func(p *planfile.Plan) { p.People[0].Absences[0].To = civil.Latest })},
		{"calendar.empty.who", with(steps(t, step("a1", `"duration": 3, "owner": "roth"`)), func(p *planfile.Plan) {
			p.People[0].Absences[0] = planfile.Span{From: civil.Earliest, To: civil.Latest}
		})},
		{"calendar.empty", with(steps(t, one), func(p *planfile.Plan) {
			p.Sides.Buyer.Calendar.Week, p.Sides.Seller.Calendar.Week = []string{"mon"}, []string{"tue"}
		})},
		{"calendar.week.unknown", with(steps(t, one), func(p *planfile.Plan) { p.Sides.Buyer.Calendar.Week = []string{"montag"} })},
		{"calendar.region.near", with(steps(t, one), func(p *planfile.Plan) { p.Sides.Buyer.Calendar.Region = "DE_BY" })},
		{"calendar.gate.rule", with(steps(t, one), gated("FREQ=SECONDLY"))},
		{"calendar.gate.never", with(steps(t, one), gated("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"))},
		{"schedule.gate.never", with(steps(t, one), gated("FREQ=DAILY;UNTIL=20280502"))},
		{"schedule.gate.unknown", with(steps(t, one), func(p *planfile.Plan) { p.Actions[0].Gate = "g9" })},
		{"schedule.gate.away", with(steps(t, step("a1", `"duration": 1, "owner": "roth"`)), func(p *planfile.Plan) {
			gated("FREQ=DAILY;COUNT=3")(p)
			p.Gates[0].Anchor = civil.Of(2028, 5, 5)
		})},
		{"schedule.link.unknown", with(steps(t, one), func(p *planfile.Plan) { p.Links = []planfile.Link{{From: "a1", To: "a9"}} })},
		{"schedule.lag", with(steps(t, one+","+step("a2", `"duration": 1`)), func(p *planfile.Plan) {
			p.Links = []planfile.Link{{From: "a1", To: "a2", Lag: 1 << 40}}
		})},
		{"schedule.duration", with(steps(t, one), func(p *planfile.Plan) { *p.Actions[0].Duration = 1 << 60 })},
		{"schedule.duration", with(steps(t, one), func(p *planfile.Plan) { *p.Actions[0].Duration = -1 })},
		{"schedule.horizon", with(steps(t, one), func(p *planfile.Plan) {
			*p.Actions[0].Duration = 500
			p.Actions[0].NotBefore = civil.Of(2199, 6, 1)
		})},
	} {
		_, err := schedule.Compute(c.plan, civil.Of(2028, 5, 1))
		if key(err) != c.key {
			t.Errorf("got %v, want %s", err, c.key)
		}
		if c.key == "schedule.cycle" && !strings.Contains(err.Error(), "a1 → a2 → a3 → a1") && !strings.Contains(err.Error(), "a2 → a3 → a1 → a2") && !strings.Contains(err.Error(), "a3 → a1 → a2 → a3") {
			t.Errorf("the cycle is not spelled out: %v", err)
		}
	}
}

func with(p *planfile.Plan, change func(*planfile.Plan)) *planfile.Plan {
	change(p)
	return p
}

func gated(rule string) func(*planfile.Plan) {
	return func(p *planfile.Plan) {
		p.Gates = []planfile.Gate{{ID: "g1", Title: "Board", Rule: rule, Anchor: civil.Of(2028, 5, 1)}}
		p.Actions[0].Gate = "g1"
	}
}

// An impossible limit is no fault: the plan can be saved, the conflict says by
// how much it fails.
func TestImpossibleLimit(t *testing.T) {
	t.Parallel()
	s, err := schedule.Compute(steps(t, step("a1", `"duration": 3, "notBefore": "2028-05-10", "notAfter": "2001-01-01"`)), civil.Of(2028, 5, 1))
	if err != nil {
		t.Fatal(err)
	}
	r := s.Report(voice(t, "en"))
	if len(r.Conflicts) != 1 || r.Conflicts[0].Kind != schedule.ConflictDeadline || r.Actions[0].TotalSlack > -7000 {
		t.Errorf("%+v", r)
	}
}

// Without a day to count from, the plan's own days say.
func TestAsOf(t *testing.T) {
	t.Parallel()
	p := steps(t, step("a1", `"duration": 3, "due": "2028-05-10"`)+","+step("a2", `"duration": 1, "status": "done"`))
	for _, c := range []struct {
		start, due, today civil.Day
		want              civil.Day
	}{
		{civil.Of(2028, 5, 1), civil.Of(2028, 5, 10), 0, civil.Of(2028, 5, 1)},
		{0, civil.Of(2028, 5, 10), 0, civil.Of(2028, 5, 10)},
		{0, civil.Of(2028, 5, 10), civil.Of(2028, 5, 2), civil.Of(2028, 5, 2)},
		{civil.Of(2028, 5, 3), 0, civil.Of(2028, 5, 2), civil.Of(2028, 5, 3)},
		{0, 0, 0, 0},
	} {
		p.Start, p.Actions[0].Due = c.start, c.due
		s, err := schedule.Compute(p, c.today)
		if c.want == 0 {
			if key(err) != "schedule.undated" {
				t.Errorf("%+v: %v", c, err)
			}
			continue
		}
		if err != nil || s.Dates(0).Start != c.want || s.Dates(1).Finish < civil.Of(2028, 1, 1) {
			t.Errorf("%+v: %v", c, err)
		}
	}
}

// A joint step with one owner away offers somebody to stand in for that one.
func TestStandIn(t *testing.T) {
	t.Parallel()
	p := read(t, strings.NewReplacer(`"pinned": true, `, "", `"2028-06-12"`, `"2028-06-14"`).Replace(whitsun))
	s, err := schedule.Compute(p, civil.Of(2028, 5, 20))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range s.Report(voice(t, "en")).Conflicts {
		for _, f := range c.Fixes {
			if f.Text == "Find somebody to stand in on “Unterschrift” (away: Dr. Ute Brandt); it then ends on 2028-06-14." {
				return
			}
		}
	}
	t.Error("nobody is offered to stand in")
}

func TestSet(t *testing.T) {
	t.Parallel()
	p := steps(t, step("a.1", `"duration": 3`), `, "milestones": [{"id": "m1", "title": "M"}]`)
	for set, want := range map[string]string{
		"a.1.duration=15":          "",
		"a.1.duration=":            "",
		"a.1.due=2028-06-01":       "",
		"a.1.pinned=true":          "",
		"a.1.owner=roth":           "",
		"a.1.status=started":       "",
		" m1.date = 2028-06-01 ":   "",
		"plan.decideBy=2028-06-01": "",
		"plan.start=2028-06-01":    "",
		"nonsense":                 "schedule.set",
		"=5":                       "schedule.set",
		".duration=5":              "schedule.set",
		"a9.duration=5":            "schedule.set.unknown",
		"a.1.title=x":              "schedule.set.field",
		"plan.title=x":             "schedule.set.field",
		"m1.duration=5":            "schedule.set.field",
		"a.1.duration=-1":          "schedule.set.value",
		"a.1.duration=99999":       "schedule.set.value",
		"a.1.duration=many":        "schedule.set.value",
		"a.1.due=1 June":           "schedule.set.value",
		"a.1.pinned=yes":           "schedule.set.value",
		"a.1.status=nearly":        "schedule.set.value",
		"a.1.owner=nobody":         "schedule.set.value",
	} {
		if err := schedule.Set(p, set); key(err) != want {
			t.Errorf("%q: got %v, want %s", set, err, want)
		}
	}
}

// The names in the output are those of the plan file's table.
func TestReportFields(t *testing.T) {
	t.Parallel()
	s, err := schedule.Compute(steps(t, step("a1", `"duration": 3, "due": "2028-05-02"`)), civil.Of(2028, 5, 1))
	if err != nil {
		t.Fatal(err)
	}
	got, err := json.Marshal(s.Report(voice(t, "en")))
	if err != nil {
		t.Fatal(err)
	}
	want := `{"end":"2028-05-03","actions":[{"id":"a1","earlyStart":"2028-05-01","earlyFinish":"2028-05-03","lateStart":"2028-04-28","lateFinish":"2028-05-02",` +
		`"totalSlack":-1,"freeSlack":0,"critical":true,"because":[{"kind":"start","ref":"","text":"The plan starts on 2028-05-01."}]}],` +
		`"conflicts":[{"chain":["a1"],"kind":"due","shortfall":1,"message":"“A1” is agreed for 2028-05-02 but cannot be done before 2028-05-03: one working day is missing.",` +
		`"fixes":[{"kind":"shorten","ref":"a1","days":1,"end":"2028-05-02","text":"Shorten “A1” by one day."},` +
		`{"kind":"date","ref":"a1","days":1,"day":"2028-05-03","end":"2028-05-03","text":"Agree on 2028-05-03 for “A1”, one day later."}]}]}`
	if string(got) != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
	empty, err := schedule.Compute(steps(t, ""), civil.Of(2028, 5, 1))
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := json.Marshal(empty.Report(voice(t, "en"))); string(got) != `{"end":"","actions":[],"conflicts":[]}` {
		t.Errorf("an empty plan: %s", got)
	}
	p, err := schedule.WhatIf(steps(t, step("a1", `"duration": 3`)), civil.Of(2028, 5, 1), []string{"a1.duration=2"})
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := json.Marshal(p.Report(voice(t, "en"))); !strings.HasPrefix(string(got), `{"moves":[{"id":"a1","from":"2028-05-03","to":"2028-05-02","because":[`) ||
		!strings.HasSuffix(string(got), `"end":{"from":"2028-05-03","to":"2028-05-02"},"alternatives":[]}`) {
		t.Errorf("what if: %s", got)
	}
}
