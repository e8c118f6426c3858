package deal

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/currency"

	"tandem/internal/civil"
	"tandem/internal/sheet"
)

func TestAmount(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		text  string
		mark  Mark
		in    string
		minor int64
		code  string
		bad   Trouble
	}{
		{"", Unknown, "EUR", 0, "", ""},
		{" – ", Unknown, "EUR", 0, "", ""},
		{"1.234,56 €", Unknown, "", 123_456, "EUR", ""},
		{"€1,234.56", Unknown, "", 123_456, "EUR", ""},
		{"USD 1,234.56", Unknown, "EUR", 123_456, "USD", ""},
		{"EUR 12000", Unknown, "", 1_200_000, "EUR", ""},
		{"12000.5", Unknown, "EUR", 1_200_050, "EUR", ""},
		{"12000,5", Unknown, "EUR", 1_200_050, "EUR", ""},
		{"12.000", Unknown, "EUR", 1_200_000, "EUR", ""},
		{"12,000", Unknown, "EUR", 1_200_000, "EUR", ""},
		{"12.000", Comma, "EUR", 1_200_000, "EUR", ""},
		{"12.000", Point, "EUR", 1_200, "EUR", ""},
		{"1.234.567", Unknown, "EUR", 123_456_700, "EUR", ""},
		{"1'234'567.50 CHF", Unknown, "", 123_456_750, "CHF", ""},
		{"Fr. 1’200.–", Unknown, "", 120_000, "CHF", ""},
		{"1 234 567,00 EUR", Unknown, "", 123_456_700, "EUR", ""},
		{"12 TEUR", Unknown, "", 1_200_000, "EUR", ""},
		{"T€ 12", Unknown, "", 0, "", NoNumber},
		{"12,5 T€", Unknown, "", 1_250_000, "EUR", ""},
		{"1,2 Mio. EUR", Unknown, "", 120_000_000, "EUR", ""},
		{"$250k", Unknown, "", 25_000_000, "USD", ""},
		{"0,005", Unknown, "EUR", 1, "EUR", ""},
		{"0.004", Point, "EUR", 0, "EUR", ""},
		{"1234.5", Unknown, "JPY", 1_235, "JPY", ""},
		{"12 abc", Unknown, "EUR", 0, "", NoNumber},
		{"1.2.3", Unknown, "EUR", 0, "", NoNumber},
		{"1.23,45.6", Unknown, "EUR", 0, "", NoNumber},
		{"-5", Unknown, "EUR", 0, "", Negative},
		{"(1.200,00)", Unknown, "EUR", 0, "", Negative},
		{"12", Unknown, "", 0, "", NoUnit},
		{"12 XAU", Unknown, "XAU", 0, "", NoUnit},
		{"1,234.56", Comma, "EUR", 0, "", Otherwise},
		{"99999999999999", Unknown, "EUR", 0, "", TooLarge},
		{"9999999999999999999999999", Unknown, "EUR", 0, "", TooLarge},
		{"ABEUR 12", Unknown, "", 0, "", NoUnit},
	} {
		minor, code, bad := Amount(test.text, test.mark, test.in)
		if minor != test.minor || code != test.code || bad != test.bad {
			t.Errorf("Amount(%q, %q, %q) = %d %q %q, want %d %q %q", test.text, test.mark, test.in, minor, code, bad, test.minor, test.code, test.bad)
		}
	}
}

// What is stored in minor units is written with as many decimals.
func TestDigitsAreThoseOfTheWriter(t *testing.T) {
	t.Parallel()
	for _, code := range Currencies() {
		unit, err := currency.ParseISO(code)
		if err != nil {
			t.Fatal(err)
		}
		want, _ := currency.Standard.Rounding(unit)
		if got, known := Digits(code); !known || got != want {
			t.Errorf("%s has %d decimals (known: %v), want %d", code, got, known, want)
		}
	}
	if len(Currencies()) != len(digits) {
		t.Errorf("%d currencies are offered, %d are known", len(Currencies()), len(digits))
	}
}

func TestDay(t *testing.T) {
	t.Parallel()
	nye := civil.Of(2026, 12, 31)
	for _, test := range []struct {
		text  string
		order Order
		want  civil.Day
		bad   Trouble
	}{
		{"", Unordered, 0, ""},
		{"–", Unordered, 0, ""},
		{"2026-12-31", Unordered, nye, ""},
		{"2026-12-31T23:00:00.000Z", Unordered, nye, ""},
		{"2026-12-31 00:00", Unordered, nye, ""},
		{"2026/12/31", MonthFirst, nye, ""},
		{"20261231", Unordered, nye, ""},
		{"31.12.2026", MonthFirst, nye, ""},
		{"31.12.26", Unordered, nye, ""},
		{"31. 12. 2026", Unordered, nye, ""},
		{"12/31/2026", Unordered, nye, ""},
		{"12/31/2026 12:00 AM", MonthFirst, nye, ""},
		{"31/12/2026", Unordered, nye, ""},
		{"31-12-2026", DayFirst, nye, ""},
		{"31-Dec-2026", Unordered, nye, ""},
		{"31. Dezember 2026", Unordered, nye, ""},
		{"Dec 31, 2026", Unordered, nye, ""},
		{"December 31st, 2026", Unordered, nye, ""},
		{"Thu 31 Dec 2026", Unordered, nye, ""},
		{"3. März 2027", Unordered, civil.Of(2027, 3, 3), ""},
		{"4/3/2027", Unordered, civil.Of(2027, 3, 4), ""},
		{"4/3/2027", DayFirst, civil.Of(2027, 3, 4), ""},
		{"4/3/2027", MonthFirst, civil.Of(2027, 4, 3), ""},
		{"12/31/2026", DayFirst, 0, WrongDay},
		{"31/12/2026", MonthFirst, 0, WrongDay},
		{"31.11.2026", Unordered, 0, NoDay},
		{"2026-02-30", Unordered, 0, NoDay},
		{"0000-01-01", Unordered, 0, FarDay},
		{"Q4 2026", Unordered, 0, NoDay},
		{"bald", Unordered, 0, NoDay},
	} {
		if got, bad := Day(test.text, test.order); got != test.want || bad != test.bad {
			t.Errorf("Day(%q, %q) = %v %q, want %v %q", test.text, test.order, got, bad, test.want, test.bad)
		}
	}
}

func TestEnded(t *testing.T) {
	t.Parallel()
	for stage, want := range map[string]string{"Closed Won": Won, "closedwon": Won, "Gewonnen": Won, "Closed Lost": Lost, "closedlost": Lost,
		"Verloren": Lost, "Nicht gewonnen": Lost, "Angebot": Open, "Proposal/Price Quote": Open, "": Open, "Wonder": Open, "Geschlossen, gewonnen": Won} {
		if got := Ended(stage); got != want {
			t.Errorf("Ended(%q) = %q, want %q", stage, got, want)
		}
	}
}

func TestSameName(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		a, b string
		want bool
	}{{"Roth, Jana", "Jana Roth", true}, {"JÜRGEN GROSS", "Juergen Groß", true}, {"Jana Roth", "Jana", false}, {"", "", false}, {"Jana Jana", "Jana Roth", false}} {
		if got := SameName(test.a, test.b); got != test.want {
			t.Errorf("SameName(%q, %q) = %v", test.a, test.b, got)
		}
	}
}

// Headers as the CRMs really export them.
func TestGuess(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		headers string
		want    []Field
	}{
		"Salesforce en": {"Opportunity Owner|Account Name|Opportunity Name|Stage|Fiscal Period|Amount|Close Date|Opportunity ID",
			[]Field{Owner, Account, Name, Stage, None, Value, Close, ID}},
		"Salesforce de": {"Opportunity-Inhaber|Accountname|Name der Opportunity|Phase|Betrag (Währung)|Betrag|Schlusstermin|Opportunity-ID",
			[]Field{Owner, Account, Name, Stage, Currency, Value, Close, ID}},
		"HubSpot en": {"Record ID|Deal Name|Deal Stage|Close Date|Deal owner|Amount|Associated Company",
			[]Field{ID, Name, Stage, Close, Owner, Value, Account}},
		"HubSpot de": {"Datensatz-ID|Deal-Name|Deal-Phase|Abschlussdatum|Zuständiger Mitarbeiter|Betrag|Zugeordnetes Unternehmen",
			[]Field{ID, Name, Stage, Close, Owner, Value, Account}},
		"Dynamics en": {"(Do Not Modify) Opportunity|Topic|Potential Customer|Est. Revenue|Est. Close Date|Owner|Status|Currency",
			[]Field{ID, Name, Account, Value, Close, Owner, Stage, Currency}},
		"Dynamics de": {"(Nicht ändern) Verkaufschance|Thema|Potenzieller Kunde|Gesch. Umsatz|Gesch. Abschlussdatum|Besitzer|Status|Währung",
			[]Field{ID, Name, Account, Value, Close, Owner, Stage, Currency}},
		"Pipedrive en": {"Deal - ID|Deal - Title|Deal - Organization|Deal - Value|Deal - Currency|Deal - Stage|Deal - Expected close date|Deal - Owner",
			[]Field{ID, Name, Account, Value, Currency, Stage, Close, Owner}},
		"Pipedrive de": {"Deal - ID|Deal - Titel|Deal - Organisation|Deal - Wert|Deal - Währung|Deal - Phase|Deal - Erwartetes Abschlussdatum|Deal - Besitzer",
			[]Field{ID, Name, Account, Value, Currency, Stage, Close, Owner}},
		"by hand": {"Nr.|Kunde|Projekt|Volumen in EUR|Abschluss bis|Verantwortlich", []Field{None, Account, Name, Value, Close, Owner}},
	} {
		if got := Guess(strings.Split(test.headers, "|")); !slices.Equal(got, test.want) {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}

func TestSignature(t *testing.T) {
	t.Parallel()
	a := Signature([]string{"Deal - ID", "Währung", ""})
	if b := Signature([]string{"waehrung", "deal id"}); a != b {
		t.Error("the order, case and signs of headers make another signature")
	}
	if c := Signature([]string{"waehrung", "deal id", "Phase"}); a == c {
		t.Error("another header makes no other signature")
	}
}

func grid(rows ...string) sheet.Grid {
	var g sheet.Grid
	for i, row := range rows {
		r := sheet.Row{Number: i + 1}
		for c := range strings.SplitSeq(row, "|") {
			r.Cells = append(r.Cells, sheet.Cell{Text: c})
		}
		g.Rows = append(g.Rows, r)
	}
	return g
}

func TestRead(t *testing.T) {
	t.Parallel()
	g := grid("Offene Chancen, Stand 24.11.|||||", "Opportunity-ID|Name der Opportunity|Accountname|Betrag (EUR)|Schlusstermin|Phase|Inhaber",
		"006A|ERP-Ablösung|Nordwerk AG|1.234.567,50|31.03.2027|Angebot|Roth, Jana", "006B|Ausbau|Südstahl|12.000|4.5.2027|Closed Won|",
		"006C|Ohne Betrag|Haff||||", "006D|Kaputt|Haff|viel|1.1.2027||", "|Ohne Id|Haff|5|1.1.2027||", "006A|Doppelt|Haff|5|1.1.2027||",
		"006E||Haff|5|1.1.2027||", "Gesamt|||1.246.567,50|||")
	r, err := Read(g, Settings{Currency: "USD", Address: "https://crm.example/{id}"}, true)
	if err == nil {
		err = r.Usable()
	}
	if err != nil {
		t.Fatal(err)
	}
	want := []Record{
		{Row: 3, ID: "006A", URL: "https://crm.example/006A", Name: "ERP-Ablösung", Account: "Nordwerk AG", Amount: 123_456_750, Currency: "EUR", Stage: "Angebot", Close: civil.Of(2027, 3, 31), Owner: "Roth, Jana"},
		{Row: 4, ID: "006B", URL: "https://crm.example/006B", Name: "Ausbau", Account: "Südstahl", Amount: 1_200_000, Currency: "EUR", Stage: "Closed Won", Close: civil.Of(2027, 5, 4)},
		{Row: 5, ID: "006C", URL: "https://crm.example/006C", Name: "Ohne Betrag", Account: "Haff"},
	}
	if !slices.Equal(r.Records, want) {
		t.Errorf("records:\n%+v, want\n%+v", r.Records, want)
	}
	var bad []string
	for _, b := range r.Bad {
		bad = append(bad, b.Key)
	}
	if w := []string{"deal.bad.number", "deal.bad.noID", "deal.bad.twice", "deal.bad.noName"}; !slices.Equal(bad, w) {
		t.Errorf("left out: %q, want %q", bad, w)
	}
	if !r.Has(URL) || r.Has(Segment) || !r.Has(Owner) {
		t.Error("which columns the list has")
	}
}

// What a list shows of itself, and what is asked.
func TestReadAsks(t *testing.T) {
	t.Parallel()
	list := func(amount, day string) sheet.Grid {
		return grid("Deal ID|Deal Name|Amount|Close Date", "1|A|"+amount+"|"+day, "2|B|5|")
	}
	for _, test := range []struct {
		name, amount, day string
		given             Settings
		askMark, askOrder bool
		want              Record
	}{
		{"nothing open", "1,000.50", "12/31/2026", Settings{}, false, false, Record{Amount: 100_050, Close: civil.Of(2026, 12, 31)}},
		{"a date that could be either", "1000.5", "3/4/2027", Settings{}, false, true, Record{Amount: 100_050, Close: civil.Of(2027, 4, 3)}},
		{"as a person said", "1000.5", "3/4/2027", Settings{Order: MonthFirst}, false, true, Record{Amount: 100_050, Close: civil.Of(2027, 3, 4)}},
		{"what the list shows wins", "1,000.50", "12/31/2026", Settings{Order: DayFirst, Mark: Comma}, false, false, Record{Amount: 100_050, Close: civil.Of(2026, 12, 31)}},
		{"a sign that could be either groups", "1.000", "2027-04-03", Settings{}, true, false, Record{Amount: 100_000, Close: civil.Of(2027, 4, 3)}},
		{"unless a person says otherwise", "1.000", "2027-04-03", Settings{Mark: Point}, true, false, Record{Amount: 100, Close: civil.Of(2027, 4, 3)}},
	} {
		test.given.Currency = "EUR"
		r, err := Read(list(test.amount, test.day), test.given, true)
		if err != nil || len(r.Records) != 2 {
			t.Errorf("%s: %v, %+v", test.name, err, r.Bad)
			continue
		}
		if got := r.Records[0]; got.Amount != test.want.Amount || got.Close != test.want.Close || r.AskMark != test.askMark || r.AskOrder != test.askOrder {
			t.Errorf("%s: %d on %v, asks %v and %v", test.name, got.Amount, got.Close, r.AskMark, r.AskOrder)
		}
	}
}

func TestUsable(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		headers, want string
	}{{"Name|Kunde", "deal.fault.noID"}, {"Deal ID|Kunde", "deal.fault.noName"}} {
		r, err := Read(grid(test.headers, "a|b"), Settings{}, true)
		if err != nil {
			t.Fatal(err)
		}
		if err := r.Usable(); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %s", test.headers, err, test.want)
		}
	}
	if _, err := Read(grid("Deal ID|Name"), Settings{}, true); err == nil {
		t.Error("a header alone is a list")
	}
}

func FuzzAmount(f *testing.F) {
	for _, seed := range []string{"1.234,56 €", "12 TEUR", "(1)", "1'000.–", "$5k", "\xff1", "EUREUR", "1e9", "ßeur"} {
		f.Add(seed, "")
	}
	f.Fuzz(func(t *testing.T, text, mark string) {
		minor, code, bad := Amount(text, Mark(mark), "EUR")
		if minor < 0 || minor > maxMinor || bad != "" && (minor != 0 || code != "") {
			t.Errorf("Amount(%q) = %d %q %q", text, minor, code, bad)
		}
		Ambiguous(text)
		MarkOf(text)
	})
}

func FuzzDay(f *testing.F) {
	for _, seed := range []string{"31.12.2026", "12/31/26", "2026-12-31T", "3. März 2027", "Thu 31 Dec 2026", "----", "1//", "99999999"} {
		f.Add(seed, "month")
	}
	f.Fuzz(func(t *testing.T, text, order string) {
		day, bad := Day(text, Order(order))
		if bad != "" && day != 0 || day != 0 && (day < civil.Earliest || day > civil.Latest) {
			t.Errorf("Day(%q) = %v %q", text, day, bad)
		}
		OrderOf(text)
	})
}

func FuzzRead(f *testing.F) {
	f.Add("Deal ID|Deal Name|Amount|Close Date\n1|A|1.000|3/4/2027\n1|B|x|y", "EUR", "https://x/{id}")
	f.Add("Opportunity-ID|Name|URL\n=1|'+A|javascript:alert(1)", "", "{id}")
	f.Fuzz(func(t *testing.T, text, money, address string) {
		g := grid(strings.Split(text, "\n")...)
		r, err := Read(g, Settings{Currency: money, Address: address}, true)
		if err != nil {
			return
		}
		if len(r.Records)+len(r.Bad) > len(g.Rows) {
			t.Errorf("%d rows became %d records and %d left out", len(g.Rows), len(r.Records), len(r.Bad))
		}
		again, err := Read(g, r.Settings, false)
		if err != nil || len(again.Records) != len(r.Records) {
			t.Errorf("as remembered: %v, %d records, want %d", err, len(again.Records), len(r.Records))
		}
	})
}
