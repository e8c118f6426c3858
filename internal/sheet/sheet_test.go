package sheet_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"tandem/internal/planfile"
	"tandem/internal/sheet"
)

// grid makes a grid of lines with cells between bars.
func grid(lines ...string) sheet.Grid {
	var g sheet.Grid
	for i, line := range lines {
		row := sheet.Row{Number: i + 1}
		for c := range strings.SplitSeq(line, "|") {
			row.Cells = append(row.Cells, sheet.Cell{Text: c})
		}
		if strings.Trim(line, "| ") != "" {
			g.Rows = append(g.Rows, row)
		}
	}
	return g
}

func action(t *testing.T, header, line string) (planfile.Action, []sheet.Warning) {
	t.Helper()
	p, warnings, err := sheet.Import(grid(header, line, strings.Replace(line, "Demo", "Other", 1)), sheet.Options{Today: 21307}) // 3 May 2028
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Actions) != 2 {
		t.Fatalf("%d actions, want 2", len(p.Actions))
	}
	return p.Actions[0], warnings
}

func TestDates(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ text, want, warning string }{
		{"03.05.2028", "2028-05-03", ""},
		{"3.5.28", "2028-05-03", ""},
		{"3. 5. 2028", "2028-05-03", ""},
		{"2028-05-03", "2028-05-03", ""},
		{"2028/5/3", "2028-05-03", ""},
		{"20280503", "2028-05-03", ""},
		{"2028-05-03T00:00:00Z", "2028-05-03", ""},
		{"13/5/2028", "2028-05-13", ""},
		{"5/13/2028", "2028-05-13", ""},
		{"3 May 2028", "2028-05-03", ""},
		{"3rd of May 2028", "2028-05-03", ""},
		{"May 3, 2028", "2028-05-03", ""},
		{"3-May-28", "2028-05-03", ""},
		{"3. Mai 2028", "2028-05-03", ""},
		{"3. März 2028", "2028-03-03", ""},
		{"4. Okt. 2028", "2028-10-04", ""},
		{"Mi, 03.05.2028", "2028-05-03", ""},
		{"bis 3.5.2028", "2028-05-03", ""},
		{"Wed 3 May", "2028-05-03", "import.date.year"},
		{"3. Mai", "2028-05-03", "import.date.year"},
		{"Mai 3", "2028-05-03", "import.date.year"},
		{"20.12.", "2027-12-20", "import.date.year"},
		{"46876", "2028-05-03", ""},
		{"KW 19", "2028-05-12", "import.date.week"},
		{"CW19/2028", "2028-05-12", "import.date.week"},
		{"2028-W19", "2028-05-12", "import.date.week"},
		{"3.5.2028 (tbc)", "2028-05-03", "import.date.more"},
		{"tbd", "open", "import.date.open"},
		{"noch offen", "open", "import.date.open"},
		{"?", "open", "import.date.open"},
		{"-", "", ""},
		{"30.02.2028", "", "import.date.unread"},
		{"Ende Mai", "", "import.date.unread"},
		{"31.12.9999", "", "import.date.unread"},
	} {
		a, warnings := action(t, "Task|Due", "Demo|"+test.text)
		got := a.Due.String()
		if a.DateOpen {
			got = "open"
		}
		if got != test.want {
			t.Errorf("%q = %q, want %q", test.text, got, test.want)
		}
		keys := dateKeys(warnings)
		if test.warning == "" && len(keys) > 0 || test.warning != "" && !slices.Contains(keys, test.warning) {
			t.Errorf("%q: warnings %v, want %q", test.text, keys, test.warning)
		}
		if test.warning == "import.date.unread" && !strings.Contains(a.Notes, "Due: "+test.text) {
			t.Errorf("%q is not kept: notes %q", test.text, a.Notes)
		}
	}
}

func dateKeys(list []sheet.Warning) []string {
	var keys []string
	for _, w := range list {
		if strings.HasPrefix(w.Key, "import.date") {
			keys = append(keys, w.Key)
		}
	}
	return keys
}

// TestDateOrder decides between day and month first by the whole column.
func TestDateOrder(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ dates, first, warning string }{
		{"5/3/2028 13/3/2028", "2028-03-05", ""},
		{"5/3/2028 5/13/2028", "2028-05-03", ""},
		{"5/3/2028 6/7/2028", "2028-05-03", "import.date.ambiguous.monthFirst"},
		{"1/5/2028 2/5/2028 3/5/2028 4/5/2028", "2028-05-01", "import.date.ambiguous.dayFirst"}, // four days, not four months
		{"5/3/2028 13/3/2028 3/14/2028 3/15/2028", "2028-05-03", "import.date.ambiguous.monthFirst"},
	} {
		lines := []string{"Task|Due date"}
		for i, d := range strings.Fields(test.dates) {
			lines = append(lines, fmt.Sprintf("step %c|%s", 'a'+i, d))
		}
		p, warnings, err := sheet.Import(grid(lines...), sheet.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got := p.Actions[0].Due.String(); got != test.first {
			t.Errorf("%s: first = %s, want %s", test.dates, got, test.first)
		}
		if keys := dateKeys(warnings); (test.warning == "") != (len(keys) == 0) || test.warning != "" && !slices.Contains(keys, test.warning) {
			t.Errorf("%s: warnings %v, want %q", test.dates, keys, test.warning)
		}
	}
}

func TestStatuses(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]planfile.Status{
		"erledigt": "done", "Done ✓": "done", "✓": "done", "x": "done", "100 %": "done", "100%": "done", "ja": "done", "ERL.": "done",
		"in Arbeit": "started", "WIP": "started", "In-Progress": "started", "40%": "started", "läuft": "started",
		"blockiert": "blocked", "On hold": "blocked", "wartet auf Recht": "blocked", "waiting for legal": "blocked",
		"offen": "open", "not started": "open", "": "open", "0%": "open", "nein": "open", "geplant": "open",
		"entfällt": "dropped", "Cancelled": "dropped", "n/a": "dropped", "grün": "started", "red": "blocked", "wunderbar": "open",
	} {
		a, _ := action(t, "Task|Status|Owner", "Demo|"+text+"|Mara Klein")
		if a.Status != want {
			t.Errorf("%q = %q, want %q", text, a.Status, want)
		}
	}
	a, _ := action(t, "Task|Status", "Demo|erledigt am 2.5.2028")
	if a.Status != planfile.Done || a.DoneOn.String() != "2028-05-02" || a.Notes != "" {
		t.Errorf("done with a date = %+v", a)
	}
}

// TestHeaders are names people give columns, with the field they mean.
func TestHeaders(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]sheet.Field{
		"Verantw.": sheet.Owner, "VERANTWORTLICH": sheet.Owner, "Zuständig": sheet.Owner, "Wer?": sheet.Owner, "Assigned To": sheet.Owner, "Resp.": sheet.Owner,
		"Fällig": sheet.Due, "Faellig am": sheet.Due, "Bis wann?": sheet.Due, "Due-Date": sheet.Due, "By when": sheet.Due, "Deadline": sheet.Due, "Zieltermin": sheet.Due,
		"Depends on": sheet.Predecessors, "Vorgänger": sheet.Predecessors, "Abhängigkeiten": sheet.Predecessors, "Hängt ab von": sheet.Predecessors,
		"Status": sheet.StatusOf, "Stand": sheet.StatusOf, "% complete": sheet.StatusOf, "Erledigt?": sheet.StatusOf,
		"Kommentar": sheet.Notes, "Bemerkungen": sheet.Notes, "Comments": sheet.Notes, "Lfd. Nr.": sheet.Number, "#": sheet.Number,
		"Firma": sheet.SideOf, "Us/Customer": sheet.SideOf, "Company": sheet.SideOf, "E-Mail": sheet.Email, "Mail": sheet.Email, "Rolle": sheet.Role,
		"Beginn": sheet.Start, "Start date": sheet.Start, "Erledigt am": sheet.DoneOn, "Completed on": sheet.DoneOn, "Meilenstein": sheet.Milestone, "Phase": sheet.Milestone,
		"Dauer (Tage)": sheet.Duration, "Duration": sheet.Duration, "Fertig wenn": sheet.DoneWhen, "Definition of Done": sheet.DoneWhen,
		"Customer owner": sheet.OwnerBuyer, "Verantwortlich (Kunde)": sheet.OwnerBuyer, "Vendor Owner": sheet.OwnerSeller, "Zebra": sheet.Other,
	} {
		rec, err := sheet.Recognise(grid("Aufgabe|"+header, "Demo|"), sheet.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got := rec.Columns[1].Field; got != want {
			t.Errorf("%q = %q, want %q", header, got, want)
		}
	}
}

func TestCorrectionsAreFollowed(t *testing.T) {
	t.Parallel()
	g := grid("Task|Party|Who|When|Zebra", "Demo|Alpha|Ann Lee|5/3/2028|secret", "Review|Beta|Bo Kim|6/7/2028|x")
	rec, err := sheet.Recognise(g, sheet.Options{})
	if err != nil {
		t.Fatal(err)
	}
	rec.MonthFirst = false
	rec.Sides[0].Side, rec.Sides[1].Side = planfile.Seller, planfile.Buyer
	rec.Title, rec.Seller, rec.Buyer = "Ours", "Alpha", "Beta"
	rec.Columns[4].Field = sheet.Ignore
	p, _ := sheet.Apply(g, rec)
	a := p.Actions[0]
	if p.Title != "Ours" || a.Side != planfile.Seller || a.Due.String() != "2028-03-05" || strings.Contains(a.Notes, "secret") || p.Sides.Seller.Organisation != "Alpha" {
		t.Errorf("plan %+v", p)
	}
}

// TestNoWordIsLost puts words that occur nowhere else into every kind of cell
// and finds each again, in the plan or in a warning.
func TestNoWordIsLost(t *testing.T) {
	t.Parallel()
	headers := []string{"Nr.", "Aufgabe", "Firma", "Verantwortlich", "Rolle", "E-Mail", "Beginn", "Fällig", "Erwartet", "Status", "Erledigt am", "Vorgänger", "Meilenstein",
		"Dauer", "Fertig wenn", "Blocker", "Kommentar", "Notiz", "Zebra", "Customer owner", "Vendor owner"}
	shapes := []string{"%s", "%s", "%s %s", "%s, %s", "%s/%s", "%s (%s)", "3.5.2028 %s", "erledigt %s", "%s: %s", "%s\n%s", "Dr. %s", "%s@%s.example", "1, %s", "5 Tage %s", "blockiert: %s",
		"Kunde (%s)", "%s und %s", "Phase %s", "Summe: %s", "12", "3.5.2028", "erledigt", "Kunde", "wir", "beide", "Nordwerk AG", "x", "?", "-", "tbd", "1", "n/a", "KW %s", "1.5. - 3.5. %s", "=%s", "'=%s", "* %s", "%s <%s@mail.example>"}
	rapid.Check(t, func(t *rapid.T) {
		var used []string
		n := 0
		fill := func(shape string) string {
			var args []any
			for range strings.Count(shape, "%s") {
				n++
				w := "q" + letters(n) + "z"
				used, args = append(used, w), append(args, w)
			}
			return fmt.Sprintf(shape, args...)
		}
		chosen := rapid.SliceOfNDistinct(rapid.SampledFrom(headers), 1, 10, rapid.ID[string]).Draw(t, "headers")
		if !slices.Contains(chosen, "Aufgabe") {
			chosen[0] = "Aufgabe"
		}
		var lines []sheet.Row
		add := func(cells []string) {
			row := sheet.Row{Number: len(lines) + 1}
			for _, c := range cells {
				row.Cells = append(row.Cells, sheet.Cell{Text: c})
			}
			lines = append(lines, row)
		}
		for range rapid.IntRange(0, 3).Draw(t, "above") {
			add([]string{fill(rapid.SampledFrom(shapes).Draw(t, "above")), fill(rapid.SampledFrom([]string{"", "%s"}).Draw(t, "beside"))})
		}
		if rapid.IntRange(0, 4).Draw(t, "header") > 0 {
			add(chosen)
		}
		for range rapid.IntRange(1, 5).Draw(t, "rows") {
			var row []string
			for range chosen {
				row = append(row, fill(rapid.SampledFrom(append([]string{"", ""}, shapes...)).Draw(t, "cell")))
			}
			add(row)
		}
		g := sheet.Grid{}
		for _, r := range lines {
			if strings.Trim(fmt.Sprint(r.Cells), "[{ }]") != "" {
				g.Rows = append(g.Rows, r)
			}
		}
		p, warnings, err := sheet.Import(g, sheet.Options{Buyer: "Nordwerk AG", Today: 21307})
		if err != nil {
			return // a clear refusal loses nothing
		}
		if err := planfile.Validate(&p); err != nil {
			t.Fatalf("the plan is not valid: %v", err)
		}
		var plan strings.Builder
		if err := planfile.Encode(&plan, &p); err != nil {
			t.Fatal(err)
		}
		said := strings.ToLower(plan.String())
		for _, w := range warnings {
			said += strings.ToLower(fmt.Sprintln(w.Args))
		}
		have := map[string]bool{}
		for _, w := range strings.FieldsFunc(strings.ReplaceAll(said, `\n`, " "), func(r rune) bool { return !unicode.IsLetter(r) }) {
			have[w] = true
		}
		for _, w := range used {
			if !have[w] {
				t.Fatalf("%q is lost\n%s\nrows %v\nwarnings %v", w, plan.String(), g.Rows, warnings)
			}
		}
	})
}

// letters writes a number in letters, so that it is a word.
func letters(n int) string {
	var s string
	for ; n > 0; n /= 20 {
		s += string("bcdfghjklmnpqrstvwxy"[n%20])
	}
	return s
}

func TestNeutral(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"=1+1": "'=1+1", "+49": "'+49", "-5": "'-5", "@x": "'@x", "\t=x": "'\t=x", "\rx": "'\rx", " =1": "' =1", "'=1": "''=1",
		"a=b": "a=b", "": "", "'quoted": "'quoted", "3-4": "3-4"} {
		if got := sheet.Neutral(text); got != want {
			t.Errorf("Neutral(%q) = %q, want %q", text, got, want)
		}
	}
}

// FuzzImport: whatever a table says, the plan is valid.
func FuzzImport(f *testing.F) {
	f.Add("Nr.|Aufgabe|Firma|Verantwortlich|Fällig|Status|Vorgänger\n1|Demo|wir|Lena Vogt|3.5.2028|erledigt|\n2|Kauf|Kunde|Chen, Klein|KW 19|rot|1FS+2d")
	f.Add("Kunde:|Nordwerk\n\nTask|Who|When|Duration|Phase\nA|B & C (D)|5/3|2 weeks|P1\nPhase 2:\nTotal|3")
	f.Add("1|x\n1.1|y\n=|-|?|'")
	f.Fuzz(func(t *testing.T, text string) {
		p, _, err := sheet.Import(grid(strings.Split(text, "\n")...), sheet.Options{Today: 21307})
		if err != nil {
			return
		}
		sheet.Suggest(p)
		sheet.Export(p, "de")
		// A text is only as valid as its letters; readers see to that.
		if err := planfile.Validate(&p); err != nil && utf8.ValidString(text) {
			t.Fatalf("the plan is not valid: %v", err)
		}
	})
}
