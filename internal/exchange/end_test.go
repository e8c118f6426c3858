package exchange_test

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"tandem/internal/exchange/csv"
	"tandem/internal/exchange/xlsx"
	"tandem/internal/planfile"
	"tandem/internal/sheet"
)

// TestNordwerkThroughEveryFormat takes the sales team's sheet through CSV and
// XLSX in both languages and gets the same plan each time.
func TestNordwerkThroughEveryFormat(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("csv/testdata/sheets/nordwerk-acme.csv")
	if err != nil {
		t.Fatal(err)
	}
	g, err := csv.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	want, _, err := sheet.Import(g, sheet.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(want.Actions) != 14 || len(want.Links) != 14 || want.DecideBy.String() != "2028-05-24" {
		t.Fatalf("%d actions, %d links, decision %s", len(want.Actions), len(want.Links), want.DecideBy)
	}
	kinds := map[string]int{}
	for _, s := range sheet.Suggest(want) {
		kinds[s.Kind]++
	}
	if got := fmt.Sprint(kinds); got != "map[absence:1 gate:1 milestone:1 open:1]" {
		t.Errorf("suggestions %s", got)
	}
	got := want
	for _, f := range formats {
		for _, language := range []string{"de", "en"} {
			var b bytes.Buffer
			if err := f.encode(&b, sheet.Export(got, language)); err != nil {
				t.Fatal(err)
			}
			g, err := f.decode(&b)
			if err != nil {
				t.Fatal(err)
			}
			if got, _, err = sheet.Import(g, sheet.Options{}); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("%s %s (-want +got):\n%s", f.name, language, diff)
			}
		}
	}
}

// TestMessyWorkbook is a workbook as people keep it: a merged title, a blank
// row, companies merged down, dates as serial numbers with and without a
// format, a tick column, a formula, a hidden sheet.
func TestMessyWorkbook(t *testing.T) {
	t.Parallel()
	f := excelize.NewFile()
	defer f.Close()
	format := "d. mmm yy"
	day, err := f.NewStyle(&excelize.Style{CustomNumFmt: &format})
	if err != nil {
		t.Fatal(err)
	}
	rows := []any{"Mutual plan Globex", nil, "", []any{"#", "Party", "Activity", "Who", "Due", "Done?", "After", "Remarks"},
		[]any{1, "Us", "Send the questionnaire", "Dana Fox", time.Date(2028, 5, 3, 0, 0, 0, 0, time.UTC), "✓", nil, nil},
		[]any{2, nil, "Demo for finance", "Dana Fox", 46884, nil, 1, nil},
		[]any{3, "Customer", "Security review", "Raj Patel", 46891, nil, 1.2, "moved once"},
		[]any{4, nil, "Purchase decision", "Ms Ellen Ross", "tbd", nil, "1-3", nil}}
	for i, row := range rows {
		cells, ok := row.([]any)
		if !ok {
			cells = []any{row}
		}
		if err := f.SetSheetRow("Sheet1", fmt.Sprint("A", i+1), &cells); err != nil {
			t.Fatal(err)
		}
	}
	_, hidden := f.NewSheet("Lists")
	for _, err := range []error{hidden, f.SetCellStr("Lists", "A1", "open"), f.SetSheetVisible("Lists", false), f.MergeCell("Sheet1", "A1", "H1"), f.MergeCell("Sheet1", "B5", "B6"),
		f.MergeCell("Sheet1", "B7", "B8"), f.SetCellStyle("Sheet1", "E5", "E6", day), f.SetCellFormula("Sheet1", "H5", `"see "&A1`)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	g, err := xlsx.Decode(&b)
	if err != nil {
		t.Fatal(err)
	}
	p, warnings, err := sheet.Import(g, sheet.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, a := range p.Actions {
		got = append(got, fmt.Sprintf("%s %s %q %s%s %s open=%v %s %q", a.ID, a.Side, a.Title, a.Owner, a.Owners.Buyer, a.Due, a.DateOpen, a.Status, a.Notes))
	}
	for _, l := range p.Links {
		got = append(got, l.From+">"+l.To)
	}
	want := []string{
		`a1 seller "Send the questionnaire" fox 2028-05-03 open=false done ""`,
		`a2 seller "Demo for finance" fox 2028-05-11 open=false open ""`,
		`a3 buyer "Security review" patel 2028-05-18 open=false open "moved once"`,
		`a4 buyer "Purchase decision" ross  open=true open ""`,
		"a1>a2", "a1>a3", "a2>a3", "a1>a4", "a2>a4", "a3>a4"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("plan (-want +got):\n%s", diff)
	}
	if p.Title != "Mutual plan Globex" || p.People[2].Name != "Ms Ellen Ross" {
		t.Errorf("title %q, people %v", p.Title, p.People)
	}
	var keys []string
	for _, w := range warnings {
		keys = append(keys, w.Key)
	}
	for _, key := range []string{"import.xlsx.formulas", "import.xlsx.hidden", "import.links.decimal", "import.date.open"} {
		if !strings.Contains(strings.Join(keys, " "), key) {
			t.Errorf("no warning %s among %v", key, keys)
		}
	}
}

// TestLongTable keeps the time bounded for a long table in which every name,
// company and reference is a new one: it grows with the rows, not their square.
func TestLongTable(t *testing.T) {
	t.Parallel()
	var g sheet.Grid
	g.Rows = append(g.Rows, sheet.Row{Number: 1, Cells: []sheet.Cell{{Text: "Nr"}, {Text: "Task"}, {Text: "Company"}, {Text: "Owner"}, {Text: "Due"}, {Text: "Depends on"}, {Text: "Milestone"}, {Text: "Notes"}}})
	for i := 2; len(g.Rows) < sheet.MaxRows/3; i++ {
		n := fmt.Sprint(i)
		g.Rows = append(g.Rows, sheet.Row{Number: i, Cells: []sheet.Cell{{Text: n}, {Text: "Task " + n}, {Text: "Company " + n}, {Text: "First" + n + " Last" + n + ", A" + n + " / B" + n},
			{Text: "KW 3"}, {Text: strings.Repeat(n+", ", 10)}, {Text: "M" + n}, {Text: "on leave from 3 May for 2 weeks; every second Tuesday"}}})
	}
	start := time.Now()
	p, _, err := sheet.Import(g, sheet.Options{Today: 21307})
	if err != nil {
		t.Fatal(err)
	}
	sheet.Suggest(p)
	if err := planfile.Validate(&p); err != nil {
		t.Error(err)
	}
	if took := time.Since(start); took > 2*time.Minute {
		t.Errorf("took %v", took)
	} else {
		t.Logf("took %v", took)
	}
}
