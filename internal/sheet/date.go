package sheet

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"tandem/internal/civil"
)

// found is a date in a text.
type found struct {
	day        civil.Day // zero while the year is missing
	d, m       int       // of a date without a year
	week       bool      // named only by its calendar week: day is its Monday
	numeric    bool      // written a/b, so the order of day and month matters
	first, sec int       // a and b
	from, to   int       // where it stands in the text
}

const monthNames = `jan(?:uary|uar)?|jän(?:ner)?|feb(?:ruary|ruar)?|mär(?:z)?|maerz|mrz|mar(?:ch)?|apr(?:il)?|mai|may|jun[ei]?|jul[yi]?|aug(?:ust)?|sept?(?:ember)?|o[ck]t(?:ober)?|nov(?:ember)?|de[cz](?:ember)?`

// dateForms are the ways people write dates, the clearest first.
var dateForms = []struct {
	form *regexp.Regexp
	read func(g []string, monthFirst bool) (found, bool)
}{
	{regexp.MustCompile(`\b(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:T[\d:.]+Z?)?\b`), func(g []string, _ bool) (found, bool) {
		return ymd(g[1], g[2], g[3])
	}},
	{regexp.MustCompile(`^(20\d{2})(\d{2})(\d{2})$`), func(g []string, _ bool) (found, bool) { return ymd(g[1], g[2], g[3]) }},
	{regexp.MustCompile(`(?i)\b(\d{4})-W(\d{1,2})\b`), func(g []string, _ bool) (found, bool) { return weekOf(g[2], g[1]) }},
	{regexp.MustCompile(`(?i)\b(?:kw|cw|week|wk|woche|kalenderwoche|calendar week)\.?\s*(\d{1,2})(?:\s*[/-]?\s*(\d{4}))?\b`), func(g []string, _ bool) (found, bool) {
		return weekOf(g[1], g[2])
	}},
	{regexp.MustCompile(`\b(\d{1,2})\.\s?(\d{1,2})\.(?:\s?(\d{4}|\d{2})\b)?`), func(g []string, _ bool) (found, bool) { return ymd(g[3], g[2], g[1]) }},
	{regexp.MustCompile(`(?i)\b(\d{1,2})(?:st|nd|rd|th)?\.?(?:\s|-|\bof\b)*\b(` + monthNames + `)\b\.?,?(?:[\s-]*(\d{4})\b|[\s-]*'(\d{2})\b|-(\d{2})\b)?`), func(g []string, _ bool) (found, bool) {
		return ymd(g[3]+g[4]+g[5], month(g[2]), g[1])
	}},
	{regexp.MustCompile(`(?i)\b(` + monthNames + `)\b\.?[\s-]*(\d{1,2})(?:st|nd|rd|th)?\b\.?(?:,?\s*(\d{4})\b)?`), func(g []string, _ bool) (found, bool) {
		return ymd(g[3], month(g[1]), g[2])
	}},
	{regexp.MustCompile(`\b(\d{1,2})([/-])(\d{1,2})(?:[/-](\d{4}|\d{2}))?\b`), func(g []string, monthFirst bool) (found, bool) {
		d, m := g[1], g[3]
		if g[2] == "-" && g[4] == "" {
			return found{}, false // "1-3" is a range of something
		}
		if monthFirst {
			d, m = m, d
		}
		f, ok := ymd(g[4], m, d)
		if !ok { // 13/5 can only be 13 May, whatever the others are
			f, ok = ymd(g[4], d, m)
		}
		f.numeric = true
		f.first, _ = strconv.Atoi(g[1])
		f.sec, _ = strconv.Atoi(g[3])
		return f, ok
	}},
	{regexp.MustCompile(`^(\d{1,2})\.(\d{1,2})$`), func(g []string, _ bool) (found, bool) { return ymd("", g[2], g[1]) }},
	{regexp.MustCompile(`^(\d{5})(?:[.,]\d+)?$`), func(g []string, _ bool) (found, bool) {
		n, _ := strconv.Atoi(g[1])
		day, ok := Serial(float64(n), false)
		return found{day: day}, ok && n >= 36526 && n <= 73050 // the years 2000 to 2099
	}},
}

// Serial is the day of an Excel date serial number. The 1900 system counts a
// 29 February 1900 that never was (serial 60, which is no day); the 1904
// system counts from 1 January 1904 as 0.
func Serial(n float64, system1904 bool) (civil.Day, bool) {
	if math.IsNaN(n) || n < 0 || n > 200_000 {
		return 0, false
	}
	whole := civil.Day(math.Floor(n))
	var day civil.Day
	switch {
	case system1904:
		day = civil.Of(1904, time.January, 1) + whole
	case whole == 60 || whole == 0:
		return 0, false
	case whole < 60:
		day = civil.Of(1899, time.December, 31) + whole
	default:
		day = civil.Of(1899, time.December, 30) + whole
	}
	return day, !day.IsZero() && day <= civil.Latest
}

func month(name string) string {
	n := []rune(strings.ToLower(name))
	switch string(n[:3]) {
	case "jan", "jän":
		return "1"
	case "feb":
		return "2"
	case "mär", "mae", "mrz", "mar":
		return "3"
	case "apr":
		return "4"
	case "mai", "may":
		return "5"
	case "jun":
		return "6"
	case "jul":
		return "7"
	case "aug":
		return "8"
	case "sep":
		return "9"
	case "oct", "okt":
		return "10"
	case "nov":
		return "11"
	}
	return "12"
}

func ymd(year, month, day string) (found, bool) {
	m, _ := strconv.Atoi(month)
	d, _ := strconv.Atoi(day)
	if m < 1 || m > 12 || d < 1 || d > 31 {
		return found{}, false
	}
	if year == "" {
		return found{d: d, m: m}, validDay(2000, m, d) // 29 February may be
	}
	y, _ := strconv.Atoi(year)
	if len(year) == 2 {
		y += 2000
	}
	if !validDay(y, m, d) || y < 1900 || y > 2199 {
		return found{}, false
	}
	return found{day: civil.Of(y, time.Month(m), d), d: d, m: m}, true
}

func validDay(y, m, d int) bool {
	_, month, day := civil.Of(y, time.Month(m), d).Date()
	return int(month) == m && day == d
}

// weekOf is the Monday of an ISO 8601 calendar week.
func weekOf(week, year string) (found, bool) {
	w, _ := strconv.Atoi(week)
	if w < 1 || w > 53 {
		return found{}, false
	}
	f := found{week: true, d: w}
	if year != "" {
		y, _ := strconv.Atoi(year)
		if y < 1900 || y > 2199 {
			return found{}, false
		}
		f.day = mondayOf(y, w)
	}
	return f, true
}

func mondayOf(year, week int) civil.Day {
	fourth := civil.Of(year, time.January, 4) // is always in week 1
	return fourth - civil.Day((int(fourth.Weekday())+6)%7) + civil.Day(7*(week-1))
}

// findDates are the dates in a text, in their order, at most four.
func findDates(text string, monthFirst bool) []found {
	var list []found
	if len(text) > 500 {
		text = text[:500] // a date column holds no essays
	}
	covered := []byte(text)
	for _, f := range dateForms {
		for _, at := range f.form.FindAllSubmatchIndex(covered, 4) {
			groups := make([]string, len(at)/2)
			for i := range groups {
				if at[2*i] >= 0 {
					groups[i] = string(covered[at[2*i]:at[2*i+1]])
				}
			}
			date, ok := f.read(groups, monthFirst)
			if !ok {
				continue
			}
			date.from, date.to = at[0], at[1]
			list = append(list, date)
			for i := at[0]; i < at[1]; i++ {
				covered[i] = '\x01' // no other form may use these letters
			}
		}
	}
	slices.SortFunc(list, func(a, b found) int { return a.from - b.from })
	return list[:min(len(list), 4)]
}

// around gives a date without a year the one that puts it nearest to a day.
func (f found) around(near civil.Day) civil.Day {
	if !f.day.IsZero() || near.IsZero() {
		return f.day
	}
	year, _, _ := near.Date()
	var best civil.Day
	for y := year - 1; y <= year+1; y++ {
		var day civil.Day
		if f.week {
			day = mondayOf(y, f.d)
		} else if validDay(y, f.m, f.d) {
			day = civil.Of(y, time.Month(f.m), f.d)
		} else {
			continue
		}
		if best.IsZero() || distance(day, near) < distance(best, near) {
			best = day
		}
	}
	return best
}

func distance(a, b civil.Day) civil.Day { return max(a, b) - min(a, b) }

// filler is what stands around a date without saying more than the date.
var filler = set("bis,am,ab,vom,von,by,until,on,at,from,to,spaetestens,der,the,of,uhr,mo,di,mi,do,fr,sa,so,montag,dienstag,mittwoch,donnerstag,freitag,samstag,sonntag," +
	"mon,tue,tues,wed,thu,thur,thurs,fri,sat,sun,monday,tuesday,wednesday,thursday,friday,saturday,sunday,00,00 00,00 00 00,ende,due")

// remainder is what a text says besides its dates, or "".
func remainder(text string, dates []found) string {
	var b strings.Builder
	last := 0
	for _, d := range dates {
		b.WriteString(text[last:d.from] + " ")
		last = d.to
	}
	b.WriteString(text[last:])
	var more []string
	for _, w := range strings.Fields(fold(b.String())) {
		if !filler[w] {
			more = append(more, w)
		}
	}
	rest := strings.Join(more, " ")
	if rest == "" && strings.Contains(b.String(), "?") {
		return "?"
	}
	return rest
}

// openDate are words that say: the date is still to be found.
var openDate = set("tbd,tba,tbc,offen,noch offen,open,unklar,folgt,termin folgt,datum folgt,date follows,to be decided,to be defined,to be confirmed," +
	"to be agreed,to follow,noch zu klaeren,zu klaeren,noch unklar,wird noch festgelegt,nn,n n,not set,not yet,undecided,date open,termin offen,datum offen")

func saysOpen(text string) bool {
	f := fold(text)
	return openDate[f] || f == "" && strings.ContainsAny(text, "?")
}

// saysNothing is a dash or "n/a": a cell that is filled to say it is empty.
func saysNothing(text string) bool {
	f := fold(text)
	return f == "" && !strings.ContainsAny(text, "?✓✗☐☑") || f == "n a" || f == "na"
}

// median is the middle of the days, or no day.
func median(days []civil.Day) civil.Day {
	if len(days) == 0 {
		return 0
	}
	slices.Sort(days)
	return days[len(days)/2]
}
