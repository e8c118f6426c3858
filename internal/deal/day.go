package deal

import (
	"strconv"
	"strings"
	"time"

	"tandem/internal/civil"
)

// Order is which comes first in dates such as 3/4/2027.
type Order string

// The orders; none is unknown.
const (
	Unordered  Order = ""
	DayFirst   Order = "day"
	MonthFirst Order = "month"
)

// Why a date is refused.
const (
	NoDay    Trouble = "deal.bad.day"     // not a date
	FarDay   Trouble = "deal.bad.far"     // outside 1900 to 2199
	WrongDay Trouble = "deal.bad.ordered" // the list's order of day and month does not fit it
)

var monthsOf = map[string]int{"jan": 1, "jae": 1, "feb": 2, "mar": 3, "mae": 3, "mrz": 3, "apr": 4, "mai": 5, "may": 5, "jun": 6, "jul": 7,
	"aug": 8, "sep": 9, "okt": 10, "oct": 10, "nov": 11, "dez": 12, "dec": 12}

// Day reads a civil day: 2026-12-31 (a time after it is ignored), 31.12.2026,
// 31.12.26, 12/31/2026, 31-Dec-2026, "31. Dezember 2026", "Dec 31, 2026",
// 20261231. With a point the day is first; with a slash or dash the order
// decides where both could be either, and day comes first if that is unknown.
// Empty is no day.
func Day(text string, order Order) (civil.Day, Trouble) {
	text = strings.TrimSpace(blanks.Replace(text))
	if text == "" || text == "-" || text == "–" || text == "—" {
		return 0, ""
	}
	p, ok := partsOf(text)
	if !ok {
		return 0, NoDay
	}
	y, m, d := p.year, p.b, p.a
	switch {
	case p.named:
	case p.iso:
		m, d = p.a, p.b
	case p.sign != '.' && order == MonthFirst:
		m, d = p.a, p.b
		if m > 12 {
			return 0, WrongDay
		}
	case p.sign != '.' && order == DayFirst && m > 12:
		return 0, WrongDay
	case p.sign != '.' && order == Unordered && m > 12:
		m, d = p.a, p.b
	}
	if m < 1 || m > 12 || d < 1 || d > 31 {
		return 0, NoDay
	}
	day := civil.Of(y, time.Month(m), d)
	if _, mm, dd := day.Date(); int(mm) != m || dd != d {
		return 0, NoDay
	}
	if day < civil.Earliest || day > civil.Latest {
		return 0, FarDay
	}
	return day, ""
}

// OrderOf tells what a date shows about the order of day and month in its
// list; open reports one that could be either.
func OrderOf(text string) (order Order, open bool) {
	p, ok := partsOf(strings.TrimSpace(blanks.Replace(text)))
	switch {
	case !ok || p.iso || p.named || p.sign == '.':
		return Unordered, false
	case p.a > 12 && p.b <= 12:
		return DayFirst, false
	case p.b > 12 && p.a <= 12:
		return MonthFirst, false
	}
	return Unordered, p.a != p.b
}

// parts are the numbers of a date: a and b in the order they stand, but for an
// ISO date month and day, and for one with a named month day and month.
type parts struct {
	a, b, year int
	sign       byte
	iso, named bool
}

func partsOf(text string) (parts, bool) {
	if len(text) > 60 {
		return parts{}, false
	}
	text = withoutTime(text)
	if len(text) == 8 && number(text) >= 0 {
		return parts{year: number(text[:4]), a: number(text[4:6]), b: number(text[6:]), iso: true}, true
	}
	for _, sign := range []byte{'-', '.', '/'} {
		f := strings.Split(text, string(sign))
		if len(f) != 3 {
			continue
		}
		for i := range f {
			f[i] = strings.TrimSpace(f[i])
		}
		a, b, c := number(f[0]), number(f[1]), number(f[2])
		switch {
		case len(f[0]) == 4 && a >= 0 && b >= 0 && c >= 0:
			return parts{year: a, a: b, b: c, iso: true}, len(f[1]) <= 2 && len(f[2]) <= 2
		case a >= 0 && b >= 0 && c >= 0 && len(f[0]) <= 2 && len(f[1]) <= 2 && (len(f[2]) == 4 || len(f[2]) == 2):
			return parts{a: a, b: b, year: full(c, len(f[2])), sign: sign}, true
		}
	}
	return named(text)
}

// named reads a date whose month is a word.
func named(text string) (parts, bool) {
	words := strings.FieldsFunc(umlauts.Replace(strings.ToLower(text)), func(r rune) bool { return strings.ContainsRune(" .,-/", r) })
	if len(words) == 4 { // "Thu 31 Dec 2026"
		words = words[1:]
	}
	if len(words) != 3 {
		return parts{}, false
	}
	day, month := words[0], words[1]
	if number(day) < 0 {
		day, month = month, day
	}
	day = strings.TrimRight(day, "stndrh")
	m, c := monthIn(month), number(words[2])
	if m == 0 || number(day) < 0 || len(day) > 2 || c < 0 || len(words[2]) != 4 && len(words[2]) != 2 {
		return parts{}, false
	}
	return parts{a: number(day), b: m, year: full(c, len(words[2])), named: true}, true
}

// monthIn is the month a word of at least three letters names, else 0.
func monthIn(word string) int {
	if len(word) < 3 {
		return 0
	}
	return monthsOf[word[:3]]
}

// withoutTime cuts a time of day off: "2026-12-31T00:00:00Z", "31.12.2026
// 00:00", "12/31/2026 12:00 AM".
func withoutTime(text string) string {
	if i := strings.IndexByte(text, 'T'); i == 10 && strings.Count(text[:i], "-") == 2 {
		return text[:i]
	}
	if i := strings.IndexByte(text, ':'); i > 0 {
		if j := strings.LastIndexByte(text[:i], ' '); j > 0 {
			return strings.TrimRight(strings.TrimSpace(text[:j]), ",")
		}
	}
	return text
}

// number is a text of at most eight digits, else -1.
func number(text string) int {
	if text == "" || len(text) > 8 || strings.TrimLeft(text, "0123456789") != "" {
		return -1
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		return -1
	}
	return n
}

func full(year, letters int) int {
	if letters == 2 {
		return 2000 + year
	}
	return year
}
