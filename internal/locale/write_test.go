package locale

import (
	"testing"
	"time"

	"golang.org/x/text/language"

	"github.com/nicksnyder/go-i18n/v2/i18n"

	"tandem/internal/civil"
)

var noon = time.Date(2028, time.May, 11, 12, 0, 0, 0, time.UTC)

func day(s string) civil.Day {
	d, err := civil.Parse(s)
	if err != nil {
		panic(err)
	}
	return d
}

func TestWriting(t *testing.T) {
	t.Parallel()
	de, en := For("de").At(noon, time.UTC), For("en").At(noon, time.UTC)
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, got, want string
	}{
		{"day de", de.Day(day("2028-05-23")), "Di, 23.\u00a0Mai"},
		{"day en", en.Day(day("2028-05-23")), "Tue 23\u00a0May"},
		{"other year de", de.Day(day("2029-01-02")), "Di, 2.\u00a0Jan. 2029"},
		{"other year en", en.Date(day("2027-12-31")), "31\u00a0Dec 2027"},
		{"no today shows the year", For("de").Date(day("2028-05-23")), "23.\u00a0Mai 2028"},
		{"long", de.LongDay(day("2028-05-23")), "Dienstag, 23. Mai 2028"},
		{"no day", de.Day(0), ""},
		{"span in a month", de.Span(day("2028-05-02"), day("2028-05-08")), "2. bis 8.\u00a0Mai"},
		{"span over months", en.Span(day("2028-05-14"), day("2028-06-02")), "14\u00a0May to 2\u00a0Jun"},
		{"span over years", de.Span(day("2028-12-24"), day("2029-01-01")), "24.\u00a0Dez. bis 1.\u00a0Jan. 2029"},
		{"span of a day", de.Span(day("2028-05-02"), day("2028-05-02")), "2.\u00a0Mai"},
		{"one working day", de.DueIn(1), "in 1 Arbeitstag"},
		{"working days", de.DueIn(3), "in 3 Arbeitstagen"},
		{"today", en.DueIn(0), "today"},
		{"overdue", en.DueIn(-1), "overdue for 1 working day"},
		{"since", de.Since(2), "seit 2 Arbeitstagen"},
		{"just now", de.Ago(noon.Add(-10 * time.Second)), "gerade eben"},
		{"a minute", en.Ago(noon.Add(-50 * time.Second)), "a minute ago"},
		{"hours", de.Ago(noon.Add(-3 * time.Hour)), "vor 3 Stunden"},
		{"yesterday", de.Ago(noon.Add(-25 * time.Hour)), "gestern"},
		{"long ago", de.Ago(noon.Add(-300 * time.Hour)), "29.\u00a0April"},
		{"clock in a zone", For("de").At(noon, berlin).Clock(noon), "14:00"},
		{"thousands de", de.Number(1234567), "1.234.567"},
		{"thousands en", en.Number(-1234), "−1,234"},
		{"decimal", de.Decimal(1234.5), "1.234,5"},
		{"percent de", de.Percent(0.804), "80\u00a0%"},
		{"percent en", en.Percent(0.804), "80%"},
		{"euro", de.Money(123450, "EUR"), "1.234,50\u00a0€"},
		{"whole euro", de.Money(24000000, "EUR"), "240.000\u00a0€"},
		{"dollar", en.Money(-99, "USD"), "−$0.99"},
		{"yen", en.Money(5000, "JPY"), "JPY\u00a05,000"},
		{"francs", de.Money(5000, "CHF"), "CHF\u00a050"},
		{"list", de.List([]string{"A", "B", "C"}), "A, B und C"},
		{"pair", en.List([]string{"A", "B"}), "A and B"},
		{"missing key", de.T("no.such.key"), "no.such.key"},
		{"map", de.Text("time.in", map[string]any{"N": int64(2)}), "in 2 Arbeitstagen"},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, c.got, c.want)
		}
	}
}

func TestNegotiate(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]string{
		"":                          "en",
		"de-AT,de;q=0.9,en;q=0.5":   "de",
		"en-GB,en;q=0.9,de;q=0.8":   "en",
		"fr;q=0.9,de;q=0.4":         "de",
		"ja":                        "en",
		"\x00;;;q=":                 "en",
		"*":                         "en",
		"de-CH-1996, gsw;q=0.9":     "de",
		"fr-CH, fr;q=0.9, en;q=0.8": "en",
	} {
		if got := Negotiate(header); got != want {
			t.Errorf("%q: got %s, want %s", header, got, want)
		}
	}
}

func BenchmarkStatic(b *testing.B) {
	l := For("de")
	for b.Loop() {
		_ = l.T("time.today")
	}
}

func BenchmarkWithArgument(b *testing.B) {
	l := For("de")
	for b.Loop() {
		_ = l.T("time.in", "N", 3)
	}
}

// What go-i18n's own Localize takes for the same message: the reason for
// compiling the messages ourselves.
func BenchmarkLibraryLocalize(b *testing.B) {
	bundle := i18n.NewBundle(language.German)
	bundle.MustAddMessages(language.German, &i18n.Message{ID: "time.in", One: "in {{.N}} Arbeitstag", Other: "in {{.N}} Arbeitstagen"})
	l := i18n.NewLocalizer(bundle, "de")
	for b.Loop() {
		_, err := l.Localize(&i18n.LocalizeConfig{MessageID: "time.in", PluralCount: 3, TemplateData: map[string]any{"N": 3}})
		if err != nil {
			b.Fatal(err)
		}
	}
}
