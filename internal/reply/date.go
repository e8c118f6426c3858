package reply

import (
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"tandem/internal/civil"
)

// Why says what makes a date or an answer unclear.
type Why string

const (
	Clear         Why = ""
	WhyNothing    Why = "nothing"    // nothing was written
	WhyOther      Why = "other"      // none of the ways that are understood
	WhyQuestion   Why = "question"   // it asks something
	WhyDoubt      Why = "doubt"      // a not, a but, a condition stands with it
	WhyInline     Why = "inline"     // several pieces between quoted lines
	WhyLong       Why = "long"       // too much to be one answer
	WhyDateOrder  Why = "date-order" // 03/04: day or month first?
	WhyDateVague  Why = "date-vague" // beginning of June
	WhyDateWeek   Why = "date-week"  // next Tuesday: of this week or the next?
	WhyDatePast   Why = "date-past"
	WhyDateFar    Why = "date-far"      // only after most of a year: a slip of the pen?
	WhyDateNone   Why = "date-none"     // 31 June
	WhyDateClash  Why = "date-clash"    // Tuesday, 27 May, which is a Saturday
	WhyDates      Why = "dates"         // several
	WhyNobody     Why = "nobody"        // nobody of that name on the own side
	WhyTwoOfName  Why = "two-of-name"   // more than one
	WhySelf       Why = "self"          // hands over to themselves
	WhyWeakYes    Why = "weak-yes"      // "ok" where it needs a yes
	WhyNothingFor Why = "nothing-asked" // "yes" where nothing was asked
)

// farAhead is how many days ahead a date without a year may be: what lies
// further was most likely meant in the past.
const farAhead = 300

// a date in a text. While a text is read it is stood for by one character.
type date struct {
	from, to civil.Day // the days it may mean; the same for a single one
	past     civil.Day // the same expression looking back; zero if it cannot
	why      Why
	was      string
}

const (
	dateMark  = '\ue000' // + number of the date
	maxDates  = 64
	nameMark  = '\ue100' // + number of the person
	maxNames  = 500
	dateMarks = `[\x{e000}-\x{e03f}]`
	nameMarks = `[\x{e100}-\x{e2f3}]`
)

const (
	monthWord = `(?:jan(?:uar|uary)?|j(?:ä|ae)nner|feb(?:ruar|ruary|er)?|m(?:ä|ae)r(?:z)?|mrz|mar(?:ch)?|apr(?:il)?|mai|may|jun[ie]?|jul[iy]?|aug(?:ust)?|sept?(?:ember)?|okt(?:ober)?|oct(?:ober)?|nov(?:ember)?|dez(?:ember)?|dec(?:ember)?)`
	dayWord   = `(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag|monday|tuesday|wednesday|thursday|friday|saturday|sunday)`
	dayShort  = `(?:mo|di|mi|do|fr|sa|so|mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun)`
	yearPart  = `(?:,?\s?((?:19|20|21)\d\d))?`
)

var monthNumber = map[string]time.Month{"ja": 1, "jä": 1, "fe": 2, "mä": 3, "mae": 3, "mr": 3, "mar": 3, "ap": 4, "mai": 5, "may": 5,
	"jun": 6, "jul": 7, "au": 8, "se": 9, "ok": 10, "oc": 10, "no": 11, "de": 12}

func month(s string) time.Month {
	s = strings.ToLower(s)
	for _, n := range []int{3, 2} {
		r := []rune(s)
		if m := monthNumber[string(r[:min(n, len(r))])]; m != 0 {
			return m
		}
	}
	return 0
}

var weekdays = map[string]time.Weekday{"mo": 1, "di": 2, "tu": 2, "mi": 3, "we": 3, "do": 4, "th": 4, "fr": 5, "sa": 6, "so": 0, "su": 0}

func weekday(s string) time.Weekday { return weekdays[strings.ToLower(s)[:2]] }

// dateWay is one way of writing a date. What it means may depend on today.
// If the pattern has a group "at", only that is the date.
type dateWay struct {
	re   *regexp.Regexp
	read func(m []string, today civil.Day) date
}

func way(pattern string, read func(m []string, today civil.Day) date) dateWay {
	return dateWay{regexp.MustCompile(`(?i)` + pattern), read}
}

func vague([]string, civil.Day) date { return date{why: WhyDateVague} }

// dateWays, the more exact before the less.
var dateWays = []dateWay{
	way(`(\d{4})-(\d{2})-(\d{2})`, func(m []string, _ civil.Day) date { return exact(num(m[1]), num(m[2]), num(m[3])) }),
	// ranges and choices are several dates
	way(`\d{1,2}(?:\.|st|nd|rd|th)?\s*(?:-|–|—|bis|und|oder|/|to|and|or)\s*\d{1,2}(?:\.|st|nd|rd|th)?\s*(?:of\s+)?`+monthWord+`\.?`+yearPart, several),
	way(monthWord+`\.?\s*\d{1,2}(?:st|nd|rd|th)?\s*(?:-|–|—|to|and|or)\s*\d{1,2}(?:st|nd|rd|th)?`+yearPart, several),
	way(`\d{1,2}\.(?:\d{1,2}\.)?\s*(?:-|–|—|bis|und|oder)\s*\d{1,2}\.\s?\d{1,2}\.(?:\d{4}|\d{2})?`, several),
	way(`(\d{1,2})(?:\.|st|nd|rd|th)?\s*(?:of\s+)?(`+monthWord+`)\b\.?`+yearPart, func(m []string, today civil.Day) date {
		return dayOfMonth(num(m[1]), int(month(m[2])), m[3], today)
	}),
	way(`(`+monthWord+`)\.?\s+(\d{1,2})(?:st|nd|rd|th)?`+yearPart, func(m []string, today civil.Day) date {
		return dayOfMonth(num(m[2]), int(month(m[1])), m[3], today)
	}),
	way(`(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4}|\d{2})`, numeric),
	way(`(\d{1,2})\.\s?(\d{1,2})()\.`, numeric),
	way(`(\d{1,2})\.(\d{1,2})()`, numeric),
	way(`(\d{1,2})/(\d{1,2})(?:/(\d{4}|\d{2}))?`, slashed),
	// weeks
	way(`(?:anfang|mitte|beginning of|start of|middle of|early|mid|late)\s+(?:in\s+)?(?:der\s+)?(?:kw|kalenderwoche|calendar week|week|cw|wk)\s*\d{1,2}`, vague),
	way(`(?:ende|end of)\s+(?:der\s+)?(?:kw|kalenderwoche|calendar week|week|cw|wk)\.?\s*(\d{1,2})(?:\s*/\s*(\d{4}|\d{2}))?`, func(m []string, today civil.Day) date {
		d := week(m, today)
		d.from = d.to
		return d
	}),
	way(`(?:kw|kalenderwoche|calendar week|cw|wk|week)\.?\s*(\d{1,2})(?:\s*/\s*(\d{4}|\d{2}))?`, week),
	way(`(?:ende der (?:n(?:ä|ae)chsten|kommenden) woche|ende (?:n(?:ä|ae)chster|kommender) woche|(?:the )?end of next week)`, func(_ []string, today civil.Day) date { return day(monday(today) + 7 + 4) }),
	way(`(?:ende (?:der|dieser) woche|(?:the )?end of (?:the|this) week|eow|wochenende)`, func(m []string, today civil.Day) date {
		if friday := monday(today) + 4; today < friday && !strings.EqualFold(m[0], "wochenende") {
			return day(friday)
		}
		return date{why: WhyDateVague}
	}),
	way(`(?:bis|by|until)\s+(?P<at>(?:(?:zum )?(?:monatsende|ende (?:des|dieses) monats)|(?:the )?end of (?:the|this) month|eom))`, func(_ []string, today civil.Day) date {
		y, mo, _ := today.Date()
		return day(civil.Of(y, mo+1, 0))
	}),
	way(`(?:bis|by|until)\s+(?P<at>(?:ende|(?:the )?end of|end)\s+(`+monthWord+`)`+yearPart+`)`, func(m []string, today civil.Day) date {
		y, mo := 0, month(m[2])
		if m[3] != "" {
			y = num(m[3])
		} else if y = today.Time().Year(); civil.Of(y, mo+1, 0) < today {
			y++
		}
		return ahead(civil.Of(y, mo+1, 0), today, m[3] != "")
	}),
	// days of the week
	way(`(?:(?:n(?:ä|ae)chste|kommende)\s+woche\s+(?:am\s+)?|next week,?\s+(?:on\s+)?)(`+dayWord+`)`, nextWeek),
	way(`(`+dayWord+`)\s+(?:(?:der\s+)?(?:n(?:ä|ae)chste[rn]?|kommende[rn]?)\s+woche|(?:of\s+)?next week)`, nextWeek),
	way(`(?:(?:anfang|mitte|ende|im|(?:the )?(?:beginning|start|middle|end) of|early|mid|late|end|in)[\s-]+(?:in\s+|of\s+)?`+monthWord+`|(?:n(?:ä|ae)chste|kommende|diese)[rn]?\s+(?:woche|monat|tage)|(?:next|this|coming)\s+(?:week|month|quarter)|(?:in|within)\s+(?:(?:ca\.?|etwa|about|circa|rund|a|an|einem?|einer|ein paar|einigen|a few|some|a couple of|\d{1,3}|zwei|drei|vier|f(?:ü|ue)nf|sechs|zehn|two|three|four|five|six|ten)\s+)+(?:tag(?:en)?|woche[n]?|monat(?:en)?|days?|weeks?|months?|stunden?|hours?)|q[1-4]|monatsende|ende (?:des|n(?:ä|ae)chsten) monats|(?:the )?end of (?:the|next) month|ostern|pfingsten|weihnachten|easter|christmas|sommer|summer|quartalsende)`+yearPart, vague),
}

// weekdayWays are read last: a weekday beside a date belongs to it.
var weekdayWays = []dateWay{
	way(`(?:n(?:ä|ae)chste[rn]?|next)\s+(`+dayWord+`)`, func(m []string, today civil.Day) date {
		w := weekday(m[1])
		first := after(today, w)
		if first >= monday(today)+7 {
			return day(first) // both readings mean the same
		}
		return date{why: WhyDateWeek}
	}),
	way(`(?:diese[rn]?|this)\s+(`+dayWord+`)`, func(m []string, today civil.Day) date {
		if d := monday(today) + civil.Day((int(weekday(m[1]))+6)%7); d > today {
			return day(d)
		}
		return date{why: WhyDateWeek}
	}),
	way(`(?:(?:kommende[rn]?|coming|letzte[rn]?|last)\s+)?(`+dayWord+`)`, func(m []string, today civil.Day) date {
		w, low := weekday(m[1]), strings.ToLower(m[0])
		back := today - 1
		for back.Weekday() != w {
			back--
		}
		if strings.HasPrefix(low, "letzte") || strings.HasPrefix(low, "last") {
			return date{past: back, why: WhyDatePast}
		}
		if today.Weekday() == w && !strings.HasPrefix(low, "komm") && !strings.HasPrefix(low, "coming") {
			return date{past: today, why: WhyDateWeek}
		}
		d := day(after(today, w))
		d.past = back
		return d
	}),
	// days from today
	way(`(?:(?:ü|ue)bermorgen|(?:the )?day after tomorrow)`, func(_ []string, today civil.Day) date { return day(today + 2) }),
	way(`(?:heute|today)(?:\s+(?:morgen|fr(?:ü|ue)h|vormittag|mittag|nachmittag|abend|noch))?`, func(_ []string, today civil.Day) date {
		return date{from: today, to: today, past: today}
	}),
	way(`(?:morgen(?:\s+(?:fr(?:ü|ue)h|vormittag|mittag|nachmittag|abend))?|tomorrow(?:\s+(?:morning|noon|afternoon|evening))?)`, func(_ []string, today civil.Day) date { return day(today + 1) }),
	way(`(?:vorgestern|(?:the )?day before yesterday)`, func(_ []string, today civil.Day) date { return date{past: today - 2, why: WhyDatePast} }),
	way(`(?:gestern|yesterday)(?:\s+(?:abend|nachmittag|evening|afternoon))?`, func(_ []string, today civil.Day) date { return date{past: today - 1, why: WhyDatePast} }),
	// a day of the month: the next one
	way(`(?:am|zum|den|dem|on the|by the|until the|the)\s+(?P<at>(\d{1,2})(?:\.|st|nd|rd|th))`, func(m []string, today civil.Day) date {
		n := num(m[2])
		y, mo, d := today.Date()
		if n < 1 || n > 31 {
			return date{why: WhyDateNone}
		}
		if n < d {
			mo++
		}
		out := date{past: civil.Of(y, mo-1, n)}
		if n == d {
			out.past = today
		}
		if next := civil.Of(y, mo, n); dayNumber(next) == n {
			out.from, out.to = next, next
			return out
		}
		return date{why: WhyDateNone}
	}),
}

func several([]string, civil.Day) date { return date{why: WhyDates} }

func num(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}

func day(d civil.Day) date { return date{from: d, to: d} }

func dayNumber(d civil.Day) int {
	_, _, n := d.Date()
	return n
}

func monday(d civil.Day) civil.Day { return d - civil.Day((int(d.Weekday())+6)%7) }

// after is the first such weekday after a day.
func after(d civil.Day, w time.Weekday) civil.Day {
	for d++; d.Weekday() != w; d++ {
	}
	return d
}

func nextWeek(m []string, today civil.Day) date {
	return day(monday(today) + 7 + civil.Day((int(weekday(m[1]))+6)%7))
}

func exact(y, m, d int) date {
	at := civil.Of(y, time.Month(m), d)
	if yy, mm, dd := at.Date(); yy != y || int(mm) != m || dd != d || at < civil.Earliest || at > civil.Latest {
		return date{why: WhyDateNone}
	}
	return date{from: at, to: at, past: at}
}

// dayOfMonth finds the year if none is said: the next such day from today on,
// and looking back the last.
func dayOfMonth(d, m int, year string, today civil.Day) date {
	if year != "" {
		y := num(year)
		if len(year) == 2 {
			y += 2000
		}
		return exact(y, m, d)
	}
	if m < 1 || m > 12 || d < 1 || d > 31 {
		return date{why: WhyDateNone}
	}
	y := today.Time().Year()
	var out date
	for _, yy := range []int{y - 1, y, y + 1} {
		at := exact(yy, m, d)
		if at.why != Clear {
			continue
		}
		if at.from <= today {
			out.past = at.from
		}
		if at.from >= today && out.from.IsZero() {
			out.from, out.to = at.from, at.from
		}
	}
	switch {
	case out.from.IsZero():
		out.why = WhyDateNone
	case out.from > today+farAhead:
		out.why = WhyDateFar
	}
	return out
}

func ahead(d, today civil.Day, said bool) date {
	if !said && d > today+farAhead {
		return date{why: WhyDateFar}
	}
	return day(d)
}

func numeric(m []string, today civil.Day) date { return dayOfMonth(num(m[1]), num(m[2]), m[3], today) }

// slashed: which of the two is the day shows only if one cannot be a month.
func slashed(m []string, today civil.Day) date {
	a, b := num(m[1]), num(m[2])
	switch {
	case a > 12 || a == b:
		return dayOfMonth(a, b, m[3], today)
	case b > 12:
		return dayOfMonth(b, a, m[3], today)
	}
	return date{why: WhyDateOrder}
}

// week is an ISO calendar week: from its Monday to its Friday.
func week(m []string, today civil.Day) date {
	n := num(m[1])
	y, _ := today.Time().ISOWeek()
	if m[2] != "" {
		if y = num(m[2]); y < 100 {
			y += 2000
		}
	} else if weekOf(y, n)+4 < today {
		y++
	}
	start := weekOf(y, n)
	if _, k := start.Time().ISOWeek(); n < 1 || k != n || start < civil.Earliest || start > civil.Latest {
		return date{why: WhyDateNone}
	}
	if m[2] == "" && start > today+farAhead {
		return date{why: WhyDateFar}
	}
	return date{from: start, to: start + 4}
}

// weekOf is the Monday of a week: week 1 holds 4 January.
func weekOf(y, n int) civil.Day {
	return monday(civil.Of(y, time.January, 4)) + civil.Day(7*(n-1))
}

var besideDay = regexp.MustCompile(`(?i)(` + dayWord + `|` + dayShort + `)\.?,?\s*(?:de[nm]\s+|the\s+)?(` + dateMarks + `)`)

// findDates puts a mark in the place of every date.
func findDates(text string, today civil.Day) (string, []date) {
	var dates []date
	read := func(ways []dateWay) {
		for _, w := range ways {
			at := max(w.re.SubexpIndex("at"), 0)
			text = replace(text, w.re, at, func(m []string) string {
				if len(dates) >= maxDates {
					return m[at]
				}
				d := w.read(m, today)
				d.was = m[at]
				dates = append(dates, d)
				return string(dateMark + rune(len(dates)-1))
			})
		}
	}
	read(dateWays)
	text = replace(text, besideDay, 0, func(m []string) string {
		d := &dates[dateOf(m[2])]
		if d.why == Clear && (d.from != d.to || d.from.Weekday() != weekday(m[1])) {
			d.why = WhyDateClash
		}
		d.was = strings.Replace(m[0], m[2], d.was, 1)
		return m[2]
	})
	read(weekdayWays)
	return text, dates
}

func dateOf(mark string) int {
	r, _ := utf8.DecodeRuneInString(mark)
	return int(r - dateMark)
}

// replace puts something else in the place of a group of every match that
// neither begins nor ends within a word or number.
func replace(text string, re *regexp.Regexp, group int, with func(m []string) string) string {
	var out strings.Builder
	last := 0
	for _, at := range re.FindAllStringSubmatchIndex(text, -1) {
		if inWord(text, at[0]) || inWord(text, at[1]) {
			continue
		}
		m := make([]string, len(at)/2)
		for i := range m {
			if at[2*i] >= 0 {
				m[i] = text[at[2*i]:at[2*i+1]]
			}
		}
		out.WriteString(text[last:at[2*group]])
		out.WriteString(with(m))
		last = at[2*group+1]
	}
	out.WriteString(text[last:])
	return out.String()
}

// inWord reports that a letter or digit stands on both sides of a place.
func inWord(text string, at int) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:at])
	behind, _ := utf8.DecodeRuneInString(text[at:])
	return wordly(before) && wordly(behind)
}

func wordly(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
