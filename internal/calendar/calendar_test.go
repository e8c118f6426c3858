package calendar_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tandem/internal/calendar"
	"tandem/internal/civil"
	"tandem/internal/fault"
)

var horizon = calendar.Horizon{First: civil.Of(2028, 1, 1), Last: civil.Of(2029, 12, 31)}

func compile(t interface{ Fatal(...any) }, spec calendar.Spec) *calendar.Calendar {
	c, err := calendar.Compile(spec, horizon)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func day(t *testing.T, s string) civil.Day {
	t.Helper()
	d, err := civil.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func key(err error) string {
	if f, ok := fault.As(err); ok {
		return f.Key
	}
	return ""
}

// A working day is one of the week that no holiday, closing or absence takes.
// The reference asks every day by itself.
func anyCalendar(t *rapid.T) (*calendar.Calendar, func(civil.Day) bool) {
	week := rapid.SliceOfNDistinct(rapid.Custom(func(t *rapid.T) time.Weekday {
		return time.Weekday(rapid.IntRange(0, 6).Draw(t, "weekday"))
	}), 1, 7, rapid.ID).Draw(t, "week")
	region := rapid.SampledFrom([]string{"", "DE-BY", "GB-SCT", "US", "CH-ZH"}).Draw(t, "region")
	spans := rapid.Custom(func(t *rapid.T) []calendar.Span {
		return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) calendar.Span {
			from := horizon.First + civil.Day(rapid.IntRange(-20, 720).Draw(t, "from"))
			return calendar.Span{From: from, To: from + civil.Day(rapid.IntRange(0, 40).Draw(t, "days"))}
		}), 0, 4).Draw(t, "spans")
	})
	closed, away := spans.Draw(t, "closed"), spans.Draw(t, "away")
	c := compile(t, calendar.Spec{Week: week, Region: region, Closed: closed})
	c, err := c.Without(calendar.Absence, "Jana Roth", away)
	if err != nil {
		t.Fatal(err)
	}
	public := map[civil.Day]bool{}
	for y := 2028; region != "" && y <= 2029; y++ {
		hs, err := calendar.Holidays(region, y)
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range hs {
			public[h.Date] = true
		}
	}
	return c, func(d civil.Day) bool {
		for _, s := range append(closed, away...) {
			if s.From <= d && d <= s.To {
				return false
			}
		}
		return slices.Contains(week, d.Weekday()) && !public[d]
	}
}

func TestCalendarEqualsDayByDay(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c, works := anyCalendar(t)
		d := horizon.First + civil.Day(rapid.IntRange(0, 730).Draw(t, "day"))
		n := rapid.IntRange(-300, 300).Draw(t, "n")
		if c.Works(d) != works(d) {
			t.Fatalf("Works(%s) is %v", d, c.Works(d))
		}
		if got := len(c.Why(d)) == 0; got != works(d) {
			t.Fatalf("Why(%s) is %v", d, c.Why(d))
		}
		want, left := d, n
		for want <= horizon.Last && !works(want) {
			want++
		}
		for left > 0 && want <= horizon.Last {
			if want++; works(want) {
				left--
			}
		}
		for left < 0 && want >= horizon.First {
			if want--; works(want) {
				left++
			}
		}
		got, err := c.Add(d, n)
		switch inside := want >= horizon.First && want <= horizon.Last && works(want); {
		case inside && (err != nil || got != want):
			t.Fatalf("Add(%s, %d): got %s %v, want %s", d, n, got, err, want)
		case !inside && key(err) != "calendar.horizon":
			t.Fatalf("Add(%s, %d): got %s %v, want a fault", d, n, got, err)
		}
	})
}

func TestCalendarLaws(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c, _ := anyCalendar(t)
		draw := func(name string) civil.Day {
			return horizon.First + civil.Day(rapid.IntRange(0, 730).Draw(t, name))
		}
		a, b := draw("a"), draw("b")
		n := rapid.IntRange(0, 200).Draw(t, "n")
		if w, err := c.Next(a); err == nil {
			if there, err := c.Add(w, n); err == nil {
				back, err := c.Sub(there, n)
				if err != nil || back != w {
					t.Fatalf("Sub(Add(%s, %d), %d) is %s %v", w, n, n, back, err)
				}
				if got, err := c.Between(w, there); err != nil || got != n {
					t.Fatalf("Between(%s, %s) is %d %v, want %d", w, there, got, err, n)
				}
			}
			if n > 0 {
				if finish, err := c.Finish(w, n); err == nil {
					if start, err := c.Start(finish, n); err != nil || start != w {
						t.Fatalf("Start(Finish(%s, %d), %d) is %s %v", w, n, n, start, err)
					}
				}
			}
		}
		if x, err := c.Add(a, n); err == nil && a <= b {
			if y, err := c.Add(b, n); err == nil && y < x {
				t.Fatalf("not monotone: %s+%d is %s, %s+%d is %s", a, n, x, b, n, y)
			}
		}
	})
}

func TestBothIsIntersection(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, worksA := anyCalendar(t)
		b, worksB := anyCalendar(t)
		c, err := calendar.Both(a, b)
		for d := horizon.First; d <= horizon.Last; d++ {
			if err == nil && c.Works(d) != (worksA(d) && worksB(d)) {
				t.Fatalf("%s: %v", d, c.Works(d))
			}
			if err != nil && worksA(d) && worksB(d) {
				t.Fatalf("%s is a working day of both, and yet: %v", d, err)
			}
		}
		if err != nil && key(err) != "calendar.empty" {
			t.Fatal(err)
		}
	})
}

func TestWhyNamesEveryReason(t *testing.T) {
	t.Parallel()
	buyer := compile(t, calendar.Spec{Who: "Nordwerk AG", Region: "DE-NI",
		Closed: []calendar.Span{{From: day(t, "2028-05-26"), To: day(t, "2028-05-26"), Note: "Brückentag"}}})
	seller := compile(t, calendar.Spec{Who: "Acme Cloud", Region: "GB-ENG"})
	both, err := calendar.Both(buyer, seller)
	if err != nil {
		t.Fatal(err)
	}
	both, err = both.Without(calendar.Absence, "Dr. Ute Brandt", []calendar.Span{{From: day(t, "2028-05-14"), To: day(t, "2028-06-02"), Note: "auf Reisen"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		day  string
		want []string
	}{
		{"2028-05-12", nil},
		{"2028-05-25", []string{"holiday Nordwerk AG Christi Himmelfahrt", "absence Dr. Ute Brandt auf Reisen"}},
		{"2028-05-26", []string{"closed Nordwerk AG Brückentag", "absence Dr. Ute Brandt auf Reisen"}},
		{"2028-05-29", []string{"holiday Acme Cloud Spring Bank Holiday (Feiertag im Frühjahr)", "absence Dr. Ute Brandt auf Reisen"}},
		{"2028-06-04", []string{"weekend Nordwerk AG ", "weekend Acme Cloud "}},
	} {
		var got []string
		for _, r := range both.Why(day(t, c.day)) {
			got = append(got, string(r.Kind)+" "+r.Who+" "+r.Name("de"))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s:\n got %q\nwant %q", c.day, got, c.want)
		}
	}
}

func TestCompileRefuses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		spec calendar.Spec
		h    calendar.Horizon
		key  string
	}{
		"no weekday":       {calendar.Spec{Week: []time.Weekday{}}, horizon, "calendar.empty"},
		"closed for ever":  {calendar.Spec{Closed: []calendar.Span{{From: civil.Earliest, To: civil.Latest}}}, horizon, "calendar.empty"},
		"closed backwards": {calendar.Spec{Closed: []calendar.Span{{From: 20000, To: 19000}}}, horizon, "calendar.span.order"},
		"unknown region":   {calendar.Spec{Region: "DE-XX"}, horizon, "calendar.region.near"},
		"horizon order":    {calendar.Spec{}, calendar.Horizon{First: horizon.Last, Last: horizon.First}, "calendar.horizon.order"},
		"horizon too wide": {calendar.Spec{}, calendar.Horizon{First: civil.Earliest, Last: horizon.First}, "calendar.horizon.range"},
	} {
		if _, err := calendar.Compile(c.spec, c.h); key(err) != c.key {
			t.Errorf("%s: got %v, want %s", name, err, c.key)
		}
	}
	if _, err := calendar.ParseWeek([]string{"mon", "Dienstag"}); key(err) != "calendar.week.unknown" {
		t.Errorf("Dienstag: %v", err)
	}
	if week, err := calendar.ParseWeek([]string{"sun", "thu"}); err != nil || !slices.Equal(week, []time.Weekday{time.Sunday, time.Thursday}) {
		t.Errorf("sun, thu: %v %v", week, err)
	}
	c := compile(t, calendar.Spec{})
	if _, err := c.Without(calendar.Absence, "Jana Roth", []calendar.Span{{From: horizon.First, To: horizon.Last}}); key(err) != "calendar.empty.who" {
		t.Errorf("away for ever: %v", err)
	}
	for _, d := range []civil.Day{horizon.First - 1, horizon.Last + 1, civil.Earliest, civil.Latest, -1 << 31, 1<<31 - 1} {
		if _, err := c.Next(d); key(err) != "calendar.horizon" {
			t.Errorf("Next(%d): %v", d, err)
		}
		if _, err := c.Prev(d); key(err) != "calendar.horizon" {
			t.Errorf("Prev(%d): %v", d, err)
		}
		if c.Works(d) || c.Why(d) != nil {
			t.Errorf("%d works", d)
		}
	}
}

func BenchmarkCompileTenYears(b *testing.B) {
	h := calendar.Horizon{First: civil.Of(2028, 1, 1), Last: civil.Of(2037, 12, 31)}
	for b.Loop() {
		if _, err := calendar.Compile(calendar.Spec{Region: "DE-NI"}, h); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAdd(b *testing.B) {
	c := compile(b, calendar.Spec{Region: "DE-NI"})
	for b.Loop() {
		if _, err := c.Add(horizon.First+40, 25); err != nil {
			b.Fatal(err)
		}
	}
}
