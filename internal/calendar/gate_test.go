package calendar_test

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tandem/internal/calendar"
	"tandem/internal/civil"
)

func everyday(t testing.TB, h calendar.Horizon) *calendar.Calendar {
	t.Helper()
	c, err := calendar.Everyday(h)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestGateEqualsOracle(t *testing.T) {
	t.Parallel()
	var oracle struct {
		Rules map[string]string
		Dates map[string][]civil.Day
	}
	text, err := os.ReadFile("testdata/recurrences.json")
	if err == nil {
		err = json.Unmarshal(text, &oracle)
	}
	if err != nil || len(oracle.Rules) != 10 {
		t.Fatal(len(oracle.Rules), err)
	}
	c := everyday(t, calendar.Horizon{First: civil.Of(2026, 1, 1), Last: civil.Of(2027, 12, 31)})
	for name, text := range oracle.Rules {
		start, rule, _ := strings.Cut(text, "\n")
		anchor, err := time.Parse("DTSTART:20060102T150405Z", start)
		if err != nil {
			t.Fatal(err)
		}
		g, err := c.Gate(calendar.Rule{Text: rule, Anchor: civil.On(anchor, time.UTC)})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if !slices.Equal(g.Days(), oracle.Dates[name]) {
			t.Errorf("%s:\n got %v\nwant %v", name, g.Days(), oracle.Dates[name])
		}
	}
}

func TestGateOnHoliday(t *testing.T) {
	t.Parallel()
	c := compile(t, calendar.Spec{Region: "DE-NI"}) // Whit Monday is 5 June 2028
	for _, x := range []struct {
		on       calendar.OnHoliday
		except   string
		want     []string // June 2028
		wantFail string
	}{
		{on: "", want: []string{"12", "19", "26"}},
		{on: calendar.Skip, want: []string{"12", "19", "26"}},
		{on: calendar.Next, want: []string{"06", "12", "19", "26"}},
		{on: calendar.Previous, want: []string{"02", "12", "19", "26"}},
		{on: calendar.Next, except: "2028-06-05", want: []string{"12", "19", "26"}},
		{on: calendar.Next, except: "2028-06-06", want: []string{"12", "19", "26"}},
		{on: "sometimes", wantFail: "calendar.gate.holiday"},
	} {
		r := calendar.Rule{Text: "FREQ=WEEKLY;BYDAY=MO", OnHoliday: x.on}
		if x.except != "" {
			r.Except = []civil.Day{day(t, x.except)}
		}
		g, err := c.Gate(r)
		if x.wantFail != "" || err != nil {
			if key(err) != x.wantFail {
				t.Errorf("%q: %v, want %s", x.on, err, x.wantFail)
			}
			continue
		}
		var got []string
		for _, d := range g.Days() {
			if s, ok := strings.CutPrefix(d.String(), "2028-06-"); ok {
				got = append(got, s)
			}
		}
		if !slices.Equal(got, x.want) {
			t.Errorf("%q without %q: got %v, want %v", x.on, x.except, got, x.want)
		}
	}
}

// The committee meets on Tuesdays; papers are due two working days before.
func TestGateLeadDays(t *testing.T) {
	t.Parallel()
	c := compile(t, calendar.Spec{Region: "DE-NI"})
	g, err := c.Gate(calendar.Rule{Text: "FREQ=WEEKLY;BYDAY=TU", LeadDays: 2})
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct{ ready, meeting string }{
		{"2028-05-05", "2028-05-09"}, // Friday for Tuesday
		{"2028-05-06", "2028-05-16"}, // Saturday is too late
		{"2028-06-01", "2028-06-06"}, // Whit Monday is no lead day: Thursday for Tuesday
		{"2028-06-02", "2028-06-13"},
	} {
		if got, ok := g.First(day(t, x.ready)); !ok || got != day(t, x.meeting) {
			t.Errorf("ready on %s: got %s, want %s", x.ready, got, x.meeting)
		}
	}
	meeting, papers, ok := g.LastBy(day(t, "2028-06-12"))
	if !ok || meeting != day(t, "2028-06-06") || papers != day(t, "2028-06-01") {
		t.Errorf("by 12 June: %s %s %v", meeting, papers, ok)
	}
	if _, ok := g.First(horizon.Last); ok {
		t.Error("there is a meeting after the horizon")
	}
	if _, _, ok := g.LastBy(horizon.First); ok {
		t.Error("there is a meeting before the first")
	}
	away, err := c.Without(calendar.Absence, "", []calendar.Span{{From: day(t, "2028-05-01"), To: day(t, "2028-05-21")}})
	if err != nil {
		t.Fatal(err)
	}
	hers, err := g.For(away)
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := hers.First(day(t, "2028-05-05")); got != day(t, "2028-05-23") {
		t.Errorf("away until 21 May: %s", got)
	}
}

func TestGateRefuses(t *testing.T) {
	t.Parallel()
	c := compile(t, calendar.Spec{Region: "DE-NI"})
	anchor := horizon.First
	for _, x := range []struct {
		rule calendar.Rule
		key  string
	}{
		{calendar.Rule{Text: ""}, "calendar.gate.rule"},
		{calendar.Rule{Text: "every second Tuesday"}, "calendar.gate.rule"},
		{calendar.Rule{Text: "FREQ=SECONDLY", Anchor: anchor}, "calendar.gate.rule"},
		{calendar.Rule{Text: "FREQ=HOURLY", Anchor: anchor}, "calendar.gate.rule"},
		{calendar.Rule{Text: "FREQ=DAILY;BYHOUR=9", Anchor: anchor}, "calendar.gate.rule"},
		{calendar.Rule{Text: "FREQ=DAILY;INTERVAL=0", Anchor: anchor}, "calendar.gate.rule"},
		{calendar.Rule{Text: "FREQ=DAILY;INTERVAL=-1", Anchor: anchor}, "calendar.gate.rule"},
		{calendar.Rule{Text: "FREQ=DAILY;INTERVAL=99999999999", Anchor: anchor}, "calendar.gate.rule"},
		{calendar.Rule{Text: "BYDAY=TU", Anchor: anchor}, "calendar.gate.rule"},
		{calendar.Rule{Text: "FREQ=WEEKLY;FREQ=WEEKLY;BYDAY=XX", Anchor: anchor}, "calendar.gate.rule"},
		{calendar.Rule{Text: "DTSTART:20280101T000000Z\nRRULE:FREQ=DAILY", Anchor: anchor}, "calendar.gate.rule"},
		{calendar.Rule{Text: "FREQ=DAILY;BYMONTHDAY=" + strings.Repeat("1,", 5000) + "1", Anchor: anchor}, "calendar.gate.rule"},
		{calendar.Rule{Text: "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU"}, "calendar.gate.anchor"},
		{calendar.Rule{Text: "FREQ=MONTHLY"}, "calendar.gate.anchor"},
		{calendar.Rule{Text: "FREQ=YEARLY;BYMONTH=3"}, "calendar.gate.anchor"},
		{calendar.Rule{Text: "FREQ=WEEKLY;BYDAY=TU;COUNT=3"}, "calendar.gate.anchor"},
		{calendar.Rule{Text: "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31"}, "calendar.gate.never"},
		{calendar.Rule{Text: "FREQ=WEEKLY;BYDAY=SU"}, "calendar.gate.never"},
		{calendar.Rule{Text: "FREQ=DAILY;UNTIL=20270101"}, "calendar.gate.never"},
		{calendar.Rule{Text: "FREQ=DAILY", Anchor: civil.Earliest}, "calendar.horizon"},
		{calendar.Rule{Text: "FREQ=DAILY", LeadDays: -1}, "calendar.gate.lead"},
		{calendar.Rule{Text: "FREQ=DAILY", LeadDays: 1 << 40}, "calendar.gate.lead"},
	} {
		if _, err := c.Gate(x.rule); key(err) != x.key {
			t.Errorf("%.60q: got %v, want %s", x.rule.Text, err, x.key)
		}
	}
	if g, err := c.Gate(calendar.Rule{Text: "FREQ=DAILY;COUNT=2000000000", Anchor: anchor}); err != nil || len(g.Days()) > 731 {
		t.Errorf("a huge count: %v", err)
	}
}

// First and LastBy against a search through all days, with a person away.
func TestGateLookup(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c, _ := anyCalendar(t)
		rule := calendar.Rule{
			Text: rapid.SampledFrom([]string{"FREQ=WEEKLY;BYDAY=TU", "FREQ=MONTHLY;BYDAY=-1TH", "FREQ=MONTHLY;BYMONTHDAY=15",
				"FREQ=DAILY", "FREQ=WEEKLY;INTERVAL=3;BYDAY=MO,TH"}).Draw(t, "rule"),
			Anchor:    horizon.First + civil.Day(rapid.IntRange(-400, 100).Draw(t, "anchor")),
			LeadDays:  rapid.IntRange(0, 12).Draw(t, "lead"),
			OnHoliday: rapid.SampledFrom([]calendar.OnHoliday{calendar.Skip, calendar.Next, calendar.Previous}).Draw(t, "on"),
		}
		g, err := c.Gate(rule)
		if err != nil {
			if key(err) != "calendar.gate.never" {
				t.Fatal(err)
			}
			return
		}
		ready := horizon.First + civil.Day(rapid.IntRange(0, 730).Draw(t, "ready"))
		var first, last civil.Day
		for _, d := range g.Days() {
			if !c.Works(d) {
				t.Fatalf("%s is no working day", d)
			}
			papers, err := c.Sub(d, rule.LeadDays)
			if err != nil {
				t.Fatal(err)
			}
			if first == 0 && papers >= ready {
				first = d
			}
			if d <= ready {
				last = d
			}
		}
		if got, ok := g.First(ready); got != first || ok != (first != 0) {
			t.Fatalf("First(%s) is %s, want %s", ready, got, first)
		}
		day := horizon.First + civil.Day(rapid.IntRange(0, 730).Draw(t, "day"))
		from := slices.IndexFunc(g.Days(), func(d civil.Day) bool { return first != 0 && d >= first && d >= day })
		if got, ok := g.From(ready, day); ok != (from >= 0) || ok && got != g.Days()[from] {
			t.Fatalf("From(%s, %s) is %s %v", ready, day, got, ok)
		}
		if got, _, ok := g.LastBy(ready); got != last || ok != (last != 0) {
			t.Fatalf("LastBy(%s) is %s, want %s", ready, got, last)
		}
	})
}

// Whatever a stranger calls a rule: a gate inside the horizon or a fault, soon.
func FuzzGate(f *testing.F) {
	for _, s := range []string{"FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "FREQ=MONTHLY;BYDAY=-1TH;UNTIL=20281231", "FREQ=SECONDLY",
		"FREQ=DAILY;COUNT=999999999", "FREQ=YEARLY;BYWEEKNO=53;BYDAY=SU;WKST=SU", "FREQ=MONTHLY;BYSETPOS=-1;BYDAY=MO,TU",
		"FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31", "FREQ=YEARLY;BYYEARDAY=366;INTERVAL=0", "RRULE:FREQ=DAILY"} {
		f.Add(s, int32(horizon.First), 2)
	}
	c, err := calendar.Compile(calendar.Spec{Region: "DE-BY"}, horizon)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string, anchor int32, lead int) {
		began := time.Now()
		g, err := c.Gate(calendar.Rule{Text: text, Anchor: civil.Day(anchor), LeadDays: lead, OnHoliday: calendar.Next})
		if took := time.Since(began); took > time.Minute {
			t.Errorf("took %v", took)
		}
		if err != nil {
			if key(err) == "" {
				t.Errorf("no fault: %v", err)
			}
			return
		}
		for _, d := range g.Days() {
			if !c.Works(d) {
				t.Errorf("%s is no working day", d)
			}
		}
	})
}
