// Package deal reads what a CRM says about opportunities: which column of its
// list means what, what an amount or a day in it is, and how a stage ends.
//
// Lists come as tables of text (see package sheet), as the CRM or Excel wrote
// them: German or English headers, numbers and dates, one currency or many. A
// value that could mean two things is asked about, never guessed silently: a
// date such as 3/4/2027, or amounts of which none tells whether its point
// groups thousands. A row that cannot be read is left out with the reason.
package deal

import (
	"strings"
	"unicode"
)

// How a deal ended.
const (
	Open = ""
	Won  = "won"
	Lost = "lost"
)

// lostWords come first: "closed lost" has both, and "nicht gewonnen" too.
var (
	lostWords = []string{"lost", "verloren", "abgelehnt", "abgesagt", "disqualified", "disqualifiziert", "nicht gewonnen", "not won", "rejected", "canceled", "cancelled", "storniert", "out sold"}
	wonWords  = []string{"won", "gewonnen", "beauftragt", "auftrag erhalten", "abgeschlossen gewonnen", "signed", "unterschrieben"}
)

// Ended tells from the words of a stage whether a deal is won, lost or open:
// "Closed Won", "closedwon", "Gewonnen", "Verloren".
func Ended(stage string) string {
	s := " " + fold(stage) + " "
	for _, w := range lostWords {
		if strings.Contains(s, " "+w+" ") || strings.HasSuffix(s, "closed"+w+" ") {
			return Lost
		}
	}
	for _, w := range wonWords {
		if strings.Contains(s, " "+w+" ") || strings.HasSuffix(s, "closed"+w+" ") {
			return Won
		}
	}
	return Open
}

var umlauts = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "ß", "ss")

// fold is how headers and names are compared: lower case, no umlauts, words of
// letters and digits with one space between.
func fold(text string) string {
	var b strings.Builder
	gap := false
	for _, r := range umlauts.Replace(strings.ToLower(text)) {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			gap = b.Len() > 0
			continue
		}
		if gap {
			b.WriteByte(' ')
		}
		gap = false
		b.WriteRune(r)
	}
	return b.String()
}

// SameName reports that two names of people are the same words in any order,
// regardless of case and umlauts written out: "Roth, Jana" is Jana Roth.
func SameName(a, b string) bool {
	x, y := strings.Fields(fold(a)), strings.Fields(fold(b))
	if len(x) == 0 || len(x) != len(y) {
		return false
	}
	left := map[string]int{}
	for _, w := range x {
		left[w]++
	}
	for _, w := range y {
		if left[w]--; left[w] < 0 {
			return false
		}
	}
	return true
}
