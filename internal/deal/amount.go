package deal

import (
	"strings"
	"unicode"
)

// Mark is the sign before the decimals of the amounts in a list.
type Mark string

// The marks; none is unknown.
const (
	Unknown Mark = ""
	Comma   Mark = "comma" // 1.234,56
	Point   Mark = "point" // 1,234.56
)

// digits is how many decimals a currency has (ISO 4217); those not listed are
// not known to the product.
var digits = map[string]int{"EUR": 2, "USD": 2, "GBP": 2, "CHF": 2, "SEK": 2, "NOK": 2, "DKK": 2, "PLN": 2, "CZK": 2, "RON": 2, "BGN": 2,
	"TRY": 2, "CNY": 2, "INR": 2, "AUD": 2, "CAD": 2, "NZD": 2, "SGD": 2, "HKD": 2, "BRL": 2, "MXN": 2, "ZAR": 2, "ILS": 2, "AED": 2, "SAR": 2,
	"UAH": 2, "JPY": 0, "KRW": 0}

// Currencies lists the codes that are known, the common ones first.
func Currencies() []string {
	return []string{"EUR", "CHF", "USD", "GBP", "SEK", "NOK", "DKK", "PLN", "CZK", "RON", "BGN", "TRY", "UAH", "CAD", "AUD", "NZD", "JPY",
		"CNY", "INR", "KRW", "SGD", "HKD", "BRL", "MXN", "ZAR", "ILS", "AED", "SAR"}
}

// Digits is how many decimals a currency has; false if it is not known.
func Digits(code string) (int, bool) {
	n, ok := digits[code]
	return n, ok
}

var signs = []struct{ sign, code string }{{"€", "EUR"}, {"$", "USD"}, {"£", "GBP"}, {"¥", "JPY"}, {"euro", "EUR"}, {"sfr", "CHF"}, {"fr.", "CHF"}}

// currencyIn is the currency a text names by its code or sign, and the text
// without it. A code stands alone or at a number: "EUR 5", "5EUR".
func currencyIn(text string) (code, rest string) {
	upper := strings.Map(func(r rune) rune { // of the same length
		if r >= 'a' && r <= 'z' {
			r -= 'a' - 'A'
		}
		return r
	}, strings.ToValidUTF8(text, "?"))
	text = strings.ToValidUTF8(text, "?")
	for i := 0; i+3 <= len(upper); i++ {
		if _, known := digits[upper[i:i+3]]; known && !letterAt(upper, i-1) && !letterAt(upper, i+3) {
			return upper[i : i+3], text[:i] + " " + text[i+3:]
		}
	}
	if i := strings.Index(upper, "TEUR"); i >= 0 { // thousands of euros
		return "EUR", text[:i] + " t" + text[i+4:]
	}
	lower := strings.ToLower(text)
	for _, s := range signs {
		if i := strings.Index(lower, s.sign); i >= 0 && len(lower) == len(text) { // else a letter changed its length
			return s.code, text[:i] + " " + text[i+len(s.sign):]
		}
	}
	return "", text
}

func letterAt(text string, i int) bool {
	return i >= 0 && i < len(text) && (text[i] >= 'A' && text[i] <= 'Z' || text[i] >= 0x80)
}

// times are words after a number that multiply it.
var times = map[string]int{"k": 3, "t": 3, "tsd": 3, "tausend": 3, "thousand": 3, "m": 6, "mio": 6, "mn": 6, "million": 6, "millionen": 6, "mill": 6}

// maxMinor is the largest amount, in minor units: ten billions of a currency
// with cents. More is a typing mistake.
const maxMinor = 1_000_000_000_000

// maxText is more than any amount or date is long, in bytes.
const maxText = 100

// Trouble is why a value cannot be read: a key of the catalogue. The zero
// value is none.
type Trouble string

// Why an amount is refused.
const (
	NoNumber  Trouble = "deal.bad.number"   // not a number
	TooLarge  Trouble = "deal.bad.large"    // more than ten billions
	Negative  Trouble = "deal.bad.negative" // below zero
	NoUnit    Trouble = "deal.bad.currency" // in which currency is not said
	Otherwise Trouble = "deal.bad.mark"     // the decimals are marked otherwise than in the list
)

// Amount reads an amount of money in minor units (cents): "1.234,56 €",
// "USD 1,234.56", "1'200.–", "12 TEUR", "1,2 Mio. EUR". Without a currency of
// its own it is in the one given. A mark that is not Unknown is that of the
// list; else the text's own signs decide, and a single sign before three
// digits groups. An empty text is no amount: 0 and no currency.
func Amount(text string, mark Mark, currency string) (minor int64, code string, bad Trouble) {
	text = strings.TrimSpace(blanks.Replace(text))
	if text == "" || text == "-" || text == "–" || text == "—" {
		return 0, "", ""
	}
	if len(text) > maxText {
		return 0, "", NoNumber
	}
	code, rest := currencyIn(text)
	if code == "" {
		code = currency
	}
	decimals, known := digits[code]
	if !known {
		return 0, "", NoUnit
	}
	number, power, ok := numberIn(rest)
	if !ok {
		return 0, "", NoNumber
	}
	if strings.HasPrefix(number, "-") || strings.HasPrefix(strings.TrimSpace(rest), "(") {
		return 0, "", Negative
	}
	own := markOf(number)
	if own != Unknown && mark != Unknown && own != mark {
		return 0, "", Otherwise
	}
	if mark == Unknown {
		mark = own
	}
	whole, part, ok := cut(number, mark)
	if !ok {
		return 0, "", NoNumber
	}
	return scaled(whole, part, power, decimals, code)
}

var blanks = strings.NewReplacer("\u00a0", " ", "\u202f", " ", "\u2009", " ", "−", "-", "’", "'", "`", "'", "´", "'")

// numberIn is the number in a text without blanks, and the power of ten of a
// word after it.
func numberIn(text string) (number string, power int, ok bool) {
	text = strings.Trim(strings.TrimSpace(text), "()")
	i := strings.LastIndexFunc(text, unicode.IsDigit)
	if i < 0 {
		return "", 0, false
	}
	number, word := strings.TrimSpace(text[:i+1]), strings.TrimSpace(text[i+1:])
	word = strings.ToLower(strings.TrimRight(strings.TrimLeft(word, ".,-–— "), ". "))
	if power, ok = times[word]; word != "" && !ok {
		return "", 0, false
	}
	number = strings.NewReplacer(" ", "", "'", "").Replace(number)
	for j, r := range number {
		if (r < '0' || r > '9') && r != '.' && r != ',' && (r != '-' || j > 0) {
			return "", 0, false
		}
	}
	return number, power, true
}

// markOf is the mark that a number shows by itself.
func markOf(number string) Mark {
	number = strings.TrimPrefix(number, "-")
	comma, point := strings.LastIndexByte(number, ','), strings.LastIndexByte(number, '.')
	last, mark := comma, Comma
	if point > comma {
		last, mark = point, Point
	}
	switch {
	case last < 0:
		return Unknown
	case comma >= 0 && point >= 0:
		return mark
	case strings.Count(number, number[last:last+1]) > 1: // it groups
		return mark.other()
	case len(number)-last-1 != 3 || last == 0 || last > 3 || number[0] == '0':
		return mark
	}
	return Unknown
}

func (m Mark) other() Mark {
	switch m {
	case Comma:
		return Point
	case Point:
		return Comma
	}
	return Unknown
}

// Ambiguous reports that a text's only sign could group or mark decimals.
func Ambiguous(text string) bool {
	number, ok := bareNumber(text)
	return ok && strings.ContainsAny(number, ".,") && markOf(number) == Unknown
}

// MarkOf is the mark an amount shows by itself.
func MarkOf(text string) Mark {
	number, ok := bareNumber(text)
	if !ok {
		return Unknown
	}
	return markOf(number)
}

// bareNumber is the number of an amount as it is written.
func bareNumber(text string) (string, bool) {
	if len(text) > maxText {
		return "", false
	}
	_, rest := currencyIn(strings.TrimSpace(blanks.Replace(text)))
	number, _, ok := numberIn(rest)
	return number, ok
}

// cut parts a number at its mark; with an unknown one all signs group.
func cut(number string, mark Mark) (whole, part string, ok bool) {
	point, group := ".", ","
	if mark == Comma {
		point, group = ",", "."
	}
	if mark == Unknown {
		point = "\x00"
		number = strings.ReplaceAll(number, ".", ",")
	}
	whole, part, _ = strings.Cut(number, point)
	if strings.ContainsAny(part, ".,") {
		return "", "", false
	}
	groups := strings.Split(whole, group)
	for i, g := range groups {
		if len(groups) > 1 && (i == 0 && (len(g) == 0 || len(g) > 3) || i > 0 && len(g) != 3) {
			return "", "", false
		}
	}
	return strings.Join(groups, ""), part, whole+part != ""
}

// scaled is whole.part times ten to the power in minor units, rounded half up.
func scaled(whole, part string, power, decimals int, code string) (int64, string, Trouble) {
	shift := power + decimals
	for len(part) <= shift {
		part += "0"
	}
	all := strings.TrimLeft(whole+part[:shift], "0")
	if len(all) > 15 {
		return 0, "", TooLarge
	}
	var n int64
	for _, r := range all {
		n = 10*n + int64(r-'0')
	}
	if part[shift] >= '5' {
		n++
	}
	if n > maxMinor {
		return 0, "", TooLarge
	}
	return n, code, ""
}
