package csv_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode"

	"tandem/internal/sheet"
)

// checkWords holds that no word of four letters or more is lost: it is in the
// plan file or in a warning, unless it is a date's, a status's or a header's,
// which became values. Which those are is listed here by hand, apart from the
// product's own tables.
func checkWords(t *testing.T, g sheet.Grid, plan string, warnings []sheet.Warning) {
	t.Helper()
	said := plan
	for _, w := range warnings {
		said += fmt.Sprintln(w.Args)
	}
	have := map[string]bool{}
	for _, w := range words(said) {
		have[w] = true
	}
	header := map[string]bool{}
	rec, err := sheet.Recognise(g, sheet.Options{Title: "x"})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range rec.Columns {
		for _, w := range words(c.Header) {
			header[w] = true
		}
	}
	for _, r := range g.Rows {
		for i, c := range r.Cells {
			for _, w := range words(c.Text) {
				if len(w) > 3 && !have[w] && !header[w] && !value[w] && strings.ContainsFunc(w, unicode.IsLetter) {
					t.Errorf("row %d column %s: %q of %q is lost", r.Number, sheet.Letter(i+1), w, c.Text)
				}
			}
		}
	}
}

func words(s string) []string {
	return strings.FieldsFunc(strings.ToLower(strings.ReplaceAll(s, `\n`, " ")), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// value are the words that stand for a value of the plan.
var value = func() map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(`erledigt offen blockiert arbeit entfällt done open blocked progress complete completed started closed cancelled yes fertig
		abgeschlossen geplant planned pending hold january february march april june july august september october november december januar februar
		märz juni juli oktober dezember sept kunde customer beide both vendor wir laufend läuft gestrichen wartet joint anbieter gemeinsam
		tage days wochen weeks nach after step schritt dropped 100 unsere mrz termin waiting started ongoing keine none true false
		nein noch active beteiligt participant meilenstein milestone entscheidung decision titel title start
		monday tuesday wednesday thursday friday montag dienstag mittwoch donnerstag freitag`) {
		m[w] = true
	}
	return m
}()
