package calendar_test

import (
	"bufio"
	"encoding/csv"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"tandem/internal/calendar"
	"tandem/internal/civil"
	"tandem/internal/fault"
)

func holidays(t *testing.T, region string, year int) []calendar.Holiday {
	t.Helper()
	hs, err := calendar.Holidays(region, year)
	if err != nil {
		t.Fatalf("Holidays(%s, %d): %v", region, year, err)
	}
	return hs
}

// The shared oracle: every region and year of it, day and German name.
func TestHolidaysEqualOracle(t *testing.T) {
	t.Parallel()
	f, err := os.Open("testdata/date_holidays_3.37.0_2024_2030.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := map[string][]string{}
	for _, row := range rows[1:] {
		key := row[0] + " " + row[1][:4]
		want[key] = append(want[key], row[1]+" "+row[2])
	}
	if len(want) != 18*7 {
		t.Fatalf("the oracle has %d regions and years, want %d", len(want), 18*7)
	}
	for key, days := range want {
		region, year, _ := strings.Cut(key, " ")
		y, _ := strconv.Atoi(year)
		var got []string
		for _, h := range holidays(t, region, y) {
			got = append(got, h.Date.String()+" "+h.Name("de"))
		}
		slices.Sort(got)
		slices.Sort(days)
		if !slices.Equal(got, days) {
			t.Errorf("%s:\n got %v\nwant %v", key, got, days)
		}
	}
}

// Where the rule table knows better than date-holidays 3.37.0, and why. The
// value is what this table has on such a day of the year, and the other not
// ("+") or the other way round ("-").
var deviations = map[string]string{
	"CH-AI +":  "Immaculate Conception is a cantonal holiday",
	"CH-AR +":  "St Stephen's Day lapses if Christmas, not itself, is on a Monday or Friday",
	"CH-AR -":  "the same",
	"CH-GL +":  "Näfels Pilgrimage may be on 1 April; the federal fast is kept",
	"CH-GL -":  "Christmas Eve and New Year's Eve are working days",
	"CH-NE -":  "Corpus Christi only in Le Landeron",
	"CH-SO -":  "St Joseph's only in some municipalities, 1 May is half a day",
	"CH-UR +":  "St Stephen's Day is always kept",
	"CH-VS -":  "1 May and Christmas Eve are half days at most, Whit Monday is none by law",
	"ES -":     "a Sunday's holiday moves to Monday only where the region says so",
	"GB -":     "Easter Monday is none in Scotland, so not one of all parts",
	"GB-SCT +": "World Cup bank holiday, proclaimed on 3 February 2026",
	"PL +":     "centenary of independence, 12 November 2018",
	"US +":     "Veterans Day is observed like the others (5 U.S.C. 6103)",
}

func TestHolidaysOfAllRegionsEqualDateHolidays(t *testing.T) {
	t.Parallel()
	f, err := os.Open("testdata/date-holidays.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	used, compared := map[string]bool{}, 0
	for lines := bufio.NewScanner(f); lines.Scan(); {
		field := strings.Fields(lines.Text())
		if field[0] == "#" {
			continue
		}
		region, want := field[0], field[2:]
		year, _ := strconv.Atoi(field[1])
		var got []string
		for _, h := range holidays(t, region, year) {
			got = append(got, h.Date.String()[5:])
		}
		differ := func(sign string, a, b []string) {
			for _, day := range a {
				if slices.Contains(b, day) {
					continue
				}
				used[region+" "+sign] = true
				if deviations[region+" "+sign] == "" {
					t.Errorf("%s %d: %s%s", region, year, sign, day)
				}
			}
		}
		differ("+", got, want)
		differ("-", want, got)
		compared++
	}
	if compared < 60*20 {
		t.Errorf("compared %d regions and years, want at least %d", compared, 60*20)
	}
	for d := range deviations {
		if !used[d] {
			t.Errorf("%s is no deviation any more", d)
		}
	}
}

// What the wide comparison cannot show: single days from the laws and
// proclamations themselves.
func TestHolidaysOfSpecialYears(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		region, day, name string // empty name: no holiday
	}{
		{"DE-NI", "2017-10-31", "Reformationstag"},
		{"DE-BY", "2017-10-31", "Reformationstag"},
		{"DE-NI", "2016-10-31", ""},
		{"DE-BB", "2016-10-31", "Reformationstag"},
		{"DE-BE", "2018-03-08", ""},
		{"DE-BE", "2020-05-08", "Tag der Befreiung (75. Jahrestag)"},
		{"DE-MV", "2022-03-08", ""},
		{"DE-MV", "2023-03-08", "Internationaler Frauentag"},
		{"DE-BY", "2028-08-15", ""},
		{"DE-BY+assumption", "2028-08-15", "Mariä Himmelfahrt"},
		{"DE-BY+assumption", "2028-08-08", ""},
		{"DE-BY+augsburg", "2028-08-08", "Augsburger Friedensfest"},
		{"DE-BY+augsburg", "2028-08-15", "Mariä Himmelfahrt"},
		{"DE-SN+corpus-christi", "2028-06-15", "Fronleichnam"},
		{"DE-SN", "2028-06-15", ""},
		{"GB-ENG", "2020-05-04", ""},
		{"GB-ENG", "2022-05-30", ""},
		{"GB-ENG", "2022-09-19", "Staatsbegräbnis von Königin Elizabeth II."},
		{"GB-SCT", "2022-01-04", "2. Januar (Ersatztag)"},
		{"GB-SCT", "2028-01-03", "Neujahr (Ersatztag)"},
		{"US", "2021-12-31", "Neujahr (Ersatztag)"},
		{"US", "2022-06-20", "Juneteenth (Ersatztag)"},
		{"NL", "2025-04-26", "Königstag"},
		{"NL", "2025-04-27", ""},
	} {
		day, err := civil.Parse(c.day)
		if err != nil {
			t.Fatal(err)
		}
		year, _, _ := day.Date()
		got := ""
		for _, h := range holidays(t, c.region, year) {
			if h.Date == day {
				got = h.Name("de")
			}
		}
		if got != c.name {
			t.Errorf("%s %s: got %q, want %q", c.region, c.day, got, c.name)
		}
	}
}

// Every region answers for every year, in order, and in both languages.
func TestHolidaysAreWhole(t *testing.T) {
	t.Parallel()
	for _, r := range calendar.Regions() {
		if r.Name("de") == "" || r.Name("en") == "" {
			t.Errorf("%s has no name", r.Code)
		}
		for year := calendar.FirstYear; year <= calendar.LastYear; year++ {
			hs := holidays(t, r.Code, year)
			if len(hs) < 6 {
				t.Fatalf("%s %d has %d holidays", r.Code, year, len(hs))
			}
			for i, h := range hs {
				if y, _, _ := h.Date.Date(); y != year || i > 0 && h.Date < hs[i-1].Date {
					t.Fatalf("%s %d: %s is out of order", r.Code, year, h.Date)
				}
				if h.Name("de") == "" || h.Name("en") == "" {
					t.Fatalf("%s %s has no name", r.Code, h.Date)
				}
				if w := h.Date.Weekday(); h.Substitute && (w == time.Saturday || w == time.Sunday) {
					t.Fatalf("%s %s: a substitute day on a weekend", r.Code, h.Date)
				}
			}
		}
	}
}

func TestHolidaysRefuse(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		region   string
		year     int
		key      string
		suggests string
	}{
		{"de-by", 2028, "calendar.region.near", "DE-BY"},
		{"DE_BY", 2028, "calendar.region.near", "DE-BY"},
		{"DEBY", 2028, "calendar.region.near", "DE-BY"},
		{"Bayern", 2028, "calendar.region.near", "DE-BY"},
		{"Bavaria", 2028, "calendar.region.near", "DE-BY"},
		{"Switzer", 2028, "calendar.region.near", "CH"},
		{"DE-BX", 2028, "calendar.region.near", "DE"},
		{"US-CA", 2028, "calendar.region.near", "US"},
		{"XQ", 2028, "calendar.region.unknown", ""},
		{"", 2028, "calendar.region.unknown", ""},
		{strings.Repeat("Ä", 10000), 2028, "calendar.region.unknown", ""},
		{"DE-BY", 1999, "calendar.year.range", ""},
		{"DE-BY", 2200, "calendar.year.range", ""},
		{"DE-BY", -1 << 62, "calendar.year.range", ""},
	} {
		_, err := calendar.Holidays(c.region, c.year)
		f, ok := fault.As(err)
		if !ok || f.Key != c.key {
			t.Errorf("%.20q %d: got %v, want %s", c.region, c.year, err, c.key)
			continue
		}
		if got, _ := f.Args["suggestions"].([]string); c.suggests != "" && !slices.Contains(got, c.suggests) {
			t.Errorf("%q: suggests %q, want %q among them", c.region, got, c.suggests)
		}
		if got, _ := f.Args["region"].(string); len(got) > 200 {
			t.Errorf("the message repeats %d bytes of the input", len(got))
		}
	}
}

// Easter against a second computus: Gauß, with his two exceptions.
func TestEasterSunday(t *testing.T) {
	t.Parallel()
	for y := 1583; y <= 4099; y++ {
		k := y / 100
		m, n := 15+(3*k+3)/4-(8*k+13)/25, 2-(3*k+3)/4
		a := y % 19
		d := (19*a + m) % 30
		r := (d + a/11) / 29
		og := 21 + d - r
		sz := 7 - (((y+y/4+n)%7)+7)%7
		oe := 7 - (((og-sz)%7)+7)%7
		if want, got := civil.Of(y, time.March, og+oe), calendar.EasterSunday(y); got != want {
			t.Fatalf("Easter of %d: got %s, want %s", y, got, want)
		}
	}
}
