package locale

import (
	"math"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/currency"

	"tandem/internal/civil"
)

// nbsp keeps a number and its unit on one line.
const nbsp = "\u00a0"

var months = map[string][12]string{
	"de": {"Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"},
	"en": {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
}

var shortMonths = map[string][12]string{
	"de": {"Jan.", "Feb.", "März", "April", "Mai", "Juni", "Juli", "Aug.", "Sept.", "Okt.", "Nov.", "Dez."},
	"en": {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
}

var weekdays = map[string][7]string{
	"de": {"Sonntag", "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag"},
	"en": {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
}

var shortWeekdays = map[string][7]string{
	"de": {"So", "Mo", "Di", "Mi", "Do", "Fr", "Sa"},
	"en": {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"},
}

// Date is "23. Mai" or "23 May", with the year when it is not this year.
func (l *Locale) Date(d civil.Day) string {
	if d.IsZero() {
		return ""
	}
	return l.dayMonth(d) + l.year(d)
}

// Day is "Di, 23. Mai" or "Tue 23 May", with the year when it is not this year.
func (l *Locale) Day(d civil.Day) string {
	if d.IsZero() {
		return ""
	}
	sep := " "
	if l.Lang == "de" {
		sep = ", "
	}
	return l.Weekday(d) + sep + l.Date(d)
}

// Weekday is "Di" or "Tue".
func (l *Locale) Weekday(d civil.Day) string { return shortWeekdays[l.Lang][d.Weekday()] }

// LongDay is "Dienstag, 23. Mai 2028" or "Tuesday 23 May 2028".
func (l *Locale) LongDay(d civil.Day) string {
	if d.IsZero() {
		return ""
	}
	y, m, day := d.Date()
	if l.Lang == "de" {
		return weekdays["de"][d.Weekday()] + ", " + strconv.Itoa(day) + ". " + months["de"][m-1] + " " + strconv.Itoa(y)
	}
	return weekdays["en"][d.Weekday()] + " " + strconv.Itoa(day) + " " + months["en"][m-1] + " " + strconv.Itoa(y)
}

// dayMonth is "23. Mai" or "23 May".
func (l *Locale) dayMonth(d civil.Day) string {
	_, m, day := d.Date()
	if l.Lang == "de" {
		return strconv.Itoa(day) + "." + nbsp + shortMonths["de"][m-1]
	}
	return strconv.Itoa(day) + nbsp + shortMonths["en"][m-1]
}

// year is " 2029" unless that is this year.
func (l *Locale) year(d civil.Day) string {
	y, _, _ := d.Date()
	if !l.Today.IsZero() {
		if now, _, _ := l.Today.Date(); now == y {
			return ""
		}
	}
	return " " + strconv.Itoa(y)
}

// Span is "2. bis 8. Mai", "14. Mai bis 2. Juni"; both ends are included.
func (l *Locale) Span(from, to civil.Day) string {
	switch {
	case from == to || to.IsZero():
		return l.Date(from)
	case from.IsZero():
		return l.Date(to)
	}
	join := " to "
	if l.Lang == "de" {
		join = " bis "
	}
	fy, fm, fd := from.Date()
	ty, tm, _ := to.Date()
	switch {
	case fy == ty && fm == tm && l.Lang == "de":
		return strconv.Itoa(fd) + "." + join + l.Date(to)
	case fy == ty && fm == tm:
		return strconv.Itoa(fd) + join + l.Date(to)
	case fy == ty:
		return l.dayMonth(from) + join + l.Date(to)
	}
	return l.Date(from) + join + l.Date(to)
}

// DueIn says how far a day is in working days: "heute", "in 3 Arbeitstagen",
// and for days gone by "seit 2 Arbeitstagen überfällig".
func (l *Locale) DueIn(workingDays int) string {
	switch {
	case workingDays == 0:
		return l.T("time.today")
	case workingDays > 0:
		return l.T("time.in", "N", workingDays)
	}
	return l.T("time.overdue", "N", -workingDays)
}

// Since says how long something has lasted in working days: "seit 2
// Arbeitstagen"; zero is "seit heute".
func (l *Locale) Since(workingDays int) string {
	if workingDays <= 0 {
		return l.T("time.since.today")
	}
	return l.T("time.since", "N", workingDays)
}

// Ago is "gerade eben", "vor 3 Stunden", and the date for more than six days.
func (l *Locale) Ago(t time.Time) string {
	gone := l.Now.Sub(t)
	switch {
	case gone < 45*time.Second:
		return l.T("time.ago.now")
	case gone < time.Hour:
		return l.T("time.ago.minutes", "N", max(1, int(gone.Minutes())))
	case gone < 24*time.Hour:
		return l.T("time.ago.hours", "N", int(gone.Hours()))
	case gone < 7*24*time.Hour:
		return l.T("time.ago.days", "N", int(gone.Hours()/24))
	}
	return l.Date(civil.On(t, l.zone()))
}

// Clock is "10:42".
func (l *Locale) Clock(t time.Time) string { return t.In(l.zone()).Format("15:04") }

// Moment is "11. Mai, 10:42" or "11 May, 10:42".
func (l *Locale) Moment(t time.Time) string {
	return l.Date(civil.On(t, l.zone())) + ", " + l.Clock(t)
}

func (l *Locale) zone() *time.Location {
	if l.Zone == nil {
		return time.UTC
	}
	return l.Zone
}

// Number is "1.234" or "1,234".
func (l *Locale) Number(n int64) string {
	if n > -1000 && n < 1000 {
		if n < 0 {
			return "−" + strconv.FormatInt(-n, 10)
		}
		return strconv.FormatInt(n, 10)
	}
	return l.grouped(strconv.FormatInt(n, 10))
}

// Decimal writes at most two decimals: "2,5" or "2.5".
func (l *Locale) Decimal(f float64) string {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return "–"
	}
	s := strconv.FormatFloat(math.Round(f*100)/100, 'f', -1, 64)
	if s == "-0" {
		s = "0"
	}
	return l.grouped(s)
}

// Percent writes a share between 0 and 1: "80 %" or "80%".
func (l *Locale) Percent(share float64) string {
	s := l.Decimal(math.Round(share * 100))
	if l.Lang == "de" {
		return s + nbsp + "%"
	}
	return s + "%"
}

// grouped puts the language's separators into a plain decimal number.
func (l *Locale) grouped(s string) string {
	group, point := ",", "."
	if l.Lang == "de" {
		group, point = ".", ","
	}
	s, minus := strings.CutPrefix(s, "-")
	units, decimals, hasDecimals := strings.Cut(s, ".")
	var b strings.Builder
	if minus {
		b.WriteString("−")
	}
	for i := range len(units) {
		if i > 0 && (len(units)-i)%3 == 0 {
			b.WriteString(group)
		}
		b.WriteByte(units[i])
	}
	if hasDecimals {
		b.WriteString(point)
		b.WriteString(decimals)
	}
	return b.String()
}

var currencySigns = map[string]string{"EUR": "€", "USD": "$", "GBP": "£"}

// Money writes an amount in the smallest unit of a currency (ISO 4217):
// "1.234,50 €" or "€1,234.50"; whole amounts without decimals.
func (l *Locale) Money(minor int64, code string) string {
	digits := 2
	if unit, err := currency.ParseISO(code); err == nil {
		digits, _ = currency.Standard.Rounding(unit)
	}
	s := strconv.FormatInt(minor, 10)
	s, minus := strings.CutPrefix(s, "-")
	if pad := digits + 1 - len(s); pad > 0 {
		s = strings.Repeat("0", pad) + s
	}
	units, cents := s[:len(s)-digits], s[len(s)-digits:]
	if strings.Trim(cents, "0") != "" {
		units += "." + cents
	}
	amount, sign := l.grouped(units), ""
	if minus {
		sign = "−"
	}
	symbol, known := currencySigns[code]
	switch {
	case !known:
		return code + nbsp + sign + amount
	case l.Lang == "de":
		return sign + amount + nbsp + symbol
	}
	return sign + symbol + amount
}

// List is "A", "A und B", "A, B und C".
func (l *Locale) List(items []string) string {
	and := " and "
	if l.Lang == "de" {
		and = " und "
	}
	switch n := len(items); n {
	case 0:
		return ""
	case 1:
		return items[0]
	default:
		return strings.Join(items[:n-1], ", ") + and + items[n-1]
	}
}
