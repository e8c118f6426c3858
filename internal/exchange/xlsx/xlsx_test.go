package xlsx_test

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"tandem/internal/exchange/xlsx"
	"tandem/internal/fault"
	"tandem/internal/sheet"
)

// book writes a workbook with excelize, the independent witness.
func book(t testing.TB, fill func(f *excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	fill(f)
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func must(t testing.TB, errs ...error) {
	t.Helper()
	for _, err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
}

func decode(t testing.TB, data []byte) sheet.Grid {
	t.Helper()
	g, err := xlsx.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestTypedCells(t *testing.T) {
	t.Parallel()
	data := book(t, func(f *excelize.File) {
		german, month, pct := "dd.mm.yyyy", `mmm yy;@`, "0%"
		style := func(code *string) int {
			id, err := f.NewStyle(&excelize.Style{CustomNumFmt: code})
			must(t, err)
			return id
		}
		must(t, f.SetSheetRow("Sheet1", "A1", &[]any{"Task", "Due", "Status"}),
			f.SetCellValue("Sheet1", "A2", "Demo"), f.SetCellInt("Sheet1", "B2", 46876), f.SetCellStyle("Sheet1", "B2", "B2", style(&german)),
			f.SetCellFloat("Sheet1", "C2", 0.5, -1, 64), f.SetCellStyle("Sheet1", "C2", "C2", style(&pct)),
			f.SetCellValue("Sheet1", "A3", 0.1+0.2), f.SetCellValue("Sheet1", "B3", time.Date(2028, 5, 3, 14, 30, 0, 0, time.UTC)), f.SetCellBool("Sheet1", "C3", true),
			f.SetCellRichText("Sheet1", "A4", []excelize.RichTextRun{{Text: "rich "}, {Text: "text"}}), f.SetCellInt("Sheet1", "B4", 46876), f.SetCellStyle("Sheet1", "B4", "B4", style(&month)),
			f.SetCellStr("Sheet1", "A5", "line\none"), f.SetCellInt("Sheet1", "B5", 60), f.SetCellStyle("Sheet1", "B5", "B5", style(&german)))
	})
	g := decode(t, data)
	var got []string
	for _, r := range g.Rows[1:] {
		for _, c := range r.Cells {
			got = append(got, fmt.Sprintf("%s|%s", c.Text, c.Day))
		}
	}
	want := "2028-05-03|2028-05-03, Demo|, 50 %|, 0.3|, 2028-05-03 14:30|2028-05-03, TRUE|, rich text|, 2028-05-03|2028-05-03, line\none|, 60|"
	if want = strings.Replace(want, "2028-05-03|2028-05-03, Demo|", "Demo|, 2028-05-03|2028-05-03", 1); strings.Join(got, ", ") != want {
		t.Errorf("cells\n got %s\nwant %s", strings.Join(got, ", "), want)
	}
}

func Test1904(t *testing.T) {
	t.Parallel()
	yes := true
	data := book(t, func(f *excelize.File) {
		format := "yyyy-mm-dd"
		id, err := f.NewStyle(&excelize.Style{CustomNumFmt: &format})
		must(t, err, f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &yes}), f.SetSheetRow("Sheet1", "A1", &[]any{"Task", "Due"}),
			f.SetSheetRow("Sheet1", "A2", &[]any{"x", 45414}), f.SetCellStyle("Sheet1", "B2", "B2", id))
	})
	if got := decode(t, data).Rows[1].Cells[1].Day.String(); got != "2028-05-03" {
		t.Errorf("serial 45414 of the 1904 system = %s, want 2028-05-03", got)
	}
}

func TestFormulasAreNotEvaluated(t *testing.T) {
	t.Parallel()
	data := book(t, func(f *excelize.File) {
		must(t, f.SetSheetRow("Sheet1", "A1", &[]any{"Task", "Notes"}), f.SetCellStr("Sheet1", "A2", "x"), f.SetCellInt("Sheet1", "B2", 7),
			f.SetCellFormula("Sheet1", "B2", `WEBSERVICE("http://127.0.0.1/")`), f.SetCellFormula("Sheet1", "B3", "1+1"), f.SetCellStr("Sheet1", "A3", "y"))
	})
	g := decode(t, data)
	if got := warned(g.Warnings); got != "import.xlsx.formulas[N:2 cell:B2] import.xlsx.uncached[N:2]" && got != "import.xlsx.formulas[N:2 cell:B2] import.xlsx.uncached[N:1]" {
		t.Errorf("warnings = %s", got)
	}
	for _, r := range g.Rows {
		for _, c := range r.Cells {
			if strings.Contains(c.Text, "WEBSERVICE") || c.Text == "2" {
				t.Errorf("cell %q comes from a formula", c.Text)
			}
		}
	}
}

func warned(list []sheet.Warning) string {
	var keys []string
	for _, w := range list {
		keys = append(keys, w.Key+strings.TrimPrefix(fmt.Sprint(w.Args), "map"))
	}
	return strings.Join(keys, " ")
}

func TestBestSheet(t *testing.T) {
	t.Parallel()
	data := book(t, func(f *excelize.File) {
		_, a := f.NewSheet("Plan Nordwerk")
		_, b := f.NewSheet("geheim")
		_, c := f.NewSheet("leer")
		must(t, a, b, c, f.SetSheetRow("Sheet1", "A1", &[]any{"Price", "Amount"}), f.SetSheetRow("Sheet1", "A2", &[]any{"Licence", 12}),
			f.SetSheetRow("Plan Nordwerk", "A3", &[]any{"Nr.", "Aufgabe", "Firma", "Verantwortlich", "Fällig"}),
			f.SetSheetRow("Plan Nordwerk", "A4", &[]any{1, "Demo", "Nordwerk", "Klein", "03.05.2028"}),
			f.SetSheetRow("Plan Nordwerk", "A5", &[]any{2, "Angebot", nil, "Vogt", "04.05.2028"}),
			f.SetSheetRow("Plan Nordwerk", "A7", &[]any{3, "Vertrag", "Acme", "Vogt", "05.05.2028"}),
			f.MergeCell("Plan Nordwerk", "C4", "C5"), f.MergeCell("Plan Nordwerk", "A1", "E1"),
			f.SetSheetRow("geheim", "A1", &[]any{"Aufgabe", "Firma", "Verantwortlich", "Fällig", "Status", "Rolle"}), f.SetSheetVisible("geheim", false))
	})
	g := decode(t, data)
	if g.Name != "Plan Nordwerk" || len(g.Rows) != 4 || g.Rows[3].Number != 7 {
		t.Errorf("sheet %q with %d rows", g.Name, len(g.Rows))
	}
	if got := g.Rows[2].Cells[2].Text; got != "Nordwerk" {
		t.Errorf("merged cell = %q, want Nordwerk in the second row too", got)
	}
	if got, want := warned(g.Warnings), "import.xlsx.other[N:2 name:Sheet1] import.xlsx.hidden[name:geheim]"; got != want {
		t.Errorf("warnings = %s, want %s", got, want)
	}
}

func TestWrittenWorkbook(t *testing.T) {
	t.Parallel()
	table := sheet.Table{Language: "de", Title: "T", Facts: [][]string{{"Titel:", "=1+1"}},
		Columns: []sheet.TableColumn{{Field: sheet.Number, Header: "Nr.", Width: 6}, {Field: sheet.Title, Header: "Schritt", Width: 40}, {Field: sheet.StatusOf, Header: "Status", Width: 12}, {Field: sheet.Due, Header: "Fällig am", Width: 12}},
		Steps:   [][]sheet.Cell{{{Text: "1"}, {Text: "@cmd"}, {Text: "offen"}, {Text: "03.05.2028", Day: 21307}}}}
	var b bytes.Buffer
	must(t, xlsx.Encode(&b, table))
	f, err := excelize.OpenReader(bytes.NewReader(b.Bytes()))
	must(t, err)
	defer f.Close()
	for cell, want := range map[string]string{"B1": "'=1+1", "A3": "Nr.", "B4": "'@cmd", "D4": "03.05.2028"} {
		if got, _ := f.GetCellValue("Plan", cell); got != want {
			t.Errorf("%s = %q, want %q", cell, got, want)
		}
	}
	if kind, _ := f.GetCellType("Plan", "D4"); kind != excelize.CellTypeUnset && kind != excelize.CellTypeNumber {
		t.Errorf("the date is stored as %v, want a number", kind)
	}
	panes, err := f.GetPanes("Plan")
	must(t, err)
	lists, err := f.GetDataValidations("Plan")
	must(t, err)
	if !panes.Freeze || panes.YSplit != 3 || len(lists) != 1 || !strings.Contains(lists[0].Formula1, "offen,in Arbeit,blockiert") || !strings.HasPrefix(lists[0].Sqref, "C4:C") {
		t.Errorf("panes %+v, lists %+v", panes, lists)
	}
	if width, _ := f.GetColWidth("Plan", "B"); width != 40 {
		t.Errorf("width = %v", width)
	}
}

// archive makes a zip of parts; a part's text may be written by a function.
func archive(t testing.TB, parts map[string]any) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, content := range parts {
		if raw, ok := content.(inflated); ok {
			w, err := z.CreateRaw(&zip.FileHeader{Name: name, Method: zip.Deflate, CompressedSize64: uint64(len(raw.packed)), UncompressedSize64: raw.size})
			must(t, err)
			_, err = w.Write(raw.packed)
			must(t, err)
			continue
		}
		w, err := z.Create(name)
		must(t, err)
		switch c := content.(type) {
		case string:
			_, err = io.WriteString(w, c)
		case func(io.Writer):
			c(w)
		}
		must(t, err)
	}
	must(t, z.Close())
	return b.Bytes()
}

// inflated is a part that is packed already.
type inflated struct {
	packed []byte
	size   uint64
}

// bomb packs head and a body of a megabyte repeated n times, without ever
// holding it: a block that does not look back may be repeated as it is.
func bomb(t testing.TB, head, body string, n int) inflated {
	t.Helper()
	pack := func(text string) []byte {
		var b bytes.Buffer
		w, err := flate.NewWriter(&b, flate.BestCompression)
		must(t, err)
		_, err = io.WriteString(w, text)
		must(t, err, w.Flush())
		return b.Bytes()
	}
	body = strings.Repeat(body, 1<<20/len(body))
	return inflated{append(pack(head), bytes.Repeat(pack(body), n)...), uint64(len(head) + n*len(body))}
}

const (
	workbook = `<workbook xmlns:r="r"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>`
	rels     = `<Relationships><Relationship Id="rId1" Type="x/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="x/sharedStrings" Target="sharedStrings.xml"/></Relationships>`
)

// withSheet is a workbook with one hostile part.
func withSheet(t testing.TB, content any) []byte {
	return archive(t, map[string]any{"xl/workbook.xml": workbook, "xl/_rels/workbook.xml.rels": rels, "xl/worksheets/sheet1.xml": content})
}

func repeat(head, body, tail string, n int) func(io.Writer) {
	return func(w io.Writer) {
		io.WriteString(w, head)
		block := strings.Repeat(body, 1000)
		for range n / 1000 {
			io.WriteString(w, block)
		}
		io.WriteString(w, tail)
	}
}

func TestHostileFiles(t *testing.T) {
	row := `<row><c t="inlineStr"><is><t>x</t></is></c></row>`
	ole := append([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), make([]byte, 4096)...)
	encrypted := append(append([]byte{}, ole...), []byte("E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00")...)
	for _, test := range []struct {
		name string
		data []byte
		key  string
	}{
		{"empty", nil, "import.xlsx.notWorkbook"},
		{"text", []byte("a;b;c"), "import.xlsx.notWorkbook"},
		{"old xls", ole, "import.xlsx.old"},
		{"password", encrypted, "import.xlsx.encrypted"},
		{"cut off", withSheet(t, "<worksheet/>")[:300], "import.xlsx.broken"},
		{"another zip", archive(t, map[string]any{"word/document.xml": "<x/>"}), "import.xlsx.notWorkbook"},
		{"a gigabyte of nothing", withSheet(t, bomb(t, "<worksheet>", " ", 1024)), "import.xlsx.inflated"},
		{"a gigabyte of strings", archive(t, map[string]any{"xl/workbook.xml": workbook, "xl/_rels/workbook.xml.rels": rels, "xl/worksheets/sheet1.xml": "<worksheet/>",
			"xl/sharedStrings.xml": bomb(t, "<sst>", "<si><t>"+strings.Repeat("x", 1009)+"</t></si>", 1024)}), "import.xlsx.inflated"},
		{"a million strings", archive(t, map[string]any{"xl/workbook.xml": workbook, "xl/_rels/workbook.xml.rels": rels, "xl/worksheets/sheet1.xml": "<worksheet/>",
			"xl/sharedStrings.xml": repeat("<sst>", "<si/>", "</sst>", 1<<20)}), "import.xlsx.strings"},
		{"a million rows", withSheet(t, repeat("<worksheet><sheetData>", row, "</sheetData></worksheet>", 1<<20)), "import.tooManyRows"},
		{"a million columns", withSheet(t, repeat("<worksheet><sheetData><row>", `<c><v>1</v></c>`, "</row></sheetData></worksheet>", 1<<20)), "import.tooManyColumns"},
		{"millions of blank cells", withSheet(t, repeat("<worksheet><sheetData><row>", "<c/>", "</row></sheetData></worksheet>", 5<<20)), "import.xlsx.cells"},
		{"a very long cell", withSheet(t, repeat(`<worksheet><sheetData><row><c t="str"><v>`, "x", "</v></c></row></sheetData></worksheet>", 1<<20)), "import.cellTooLong"},
		{"deep", withSheet(t, repeat("<worksheet>", "<a>", "", 100_000)), "import.xlsx.depth"},
		{"entities", withSheet(t, `<!DOCTYPE x [<!ENTITY a "&b;&b;"><!ENTITY b "bang">]><worksheet>&a;</worksheet>`), "import.xlsx.doctype"},
		{"unknown entity", withSheet(t, `<worksheet><sheetData><row><c t="str"><v>&boom;</v></c></row></sheetData></worksheet>`), "import.xlsx.broken"},
		{"not closed", withSheet(t, `<worksheet><sheetData><row>`), "import.xlsx.broken"},
		{"string that is not there", withSheet(t, `<worksheet><sheetData><row><c t="s"><v>9</v></c></row></sheetData></worksheet>`), "import.xlsx.broken"},
		{"blank", withSheet(t, `<worksheet/>`), "import.empty"},
		{"other encoding", withSheet(t, `<?xml version="1.0" encoding="utf-7"?><worksheet/>`), "import.xlsx.broken"},
	} {
		t.Run(test.name, func(t *testing.T) { // one after the other: memory is measured
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			g, err := xlsx.Decode(bytes.NewReader(test.data))
			runtime.ReadMemStats(&after)
			f, ok := fault.As(err)
			if err == nil && test.key == "import.empty" {
				if _, err = sheet.Recognise(g, sheet.Options{}); err != nil {
					f, ok = fault.As(err)
				}
			}
			if !ok || f.Key != test.key {
				t.Errorf("error = %v, want %s", err, test.key)
			}
			if live := int64(after.HeapAlloc) - int64(before.HeapAlloc); live > 256<<20 {
				t.Errorf("holds %d MB", live>>20)
			}
			// Everything ever allocated is bounded too: some times what may be inflated.
			if all := after.TotalAlloc - before.TotalAlloc; all > 2<<30 {
				t.Errorf("allocated %d MB in all", all>>20)
			}
		})
	}
}

// TestLyingSizes: a part whose header claims to be small.
func TestLyingSizes(t *testing.T) {
	t.Parallel()
	data := withSheet(t, repeat("<worksheet>", strings.Repeat(" ", 1000), "</worksheet>", 100_000))
	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	must(t, err)
	for _, f := range r.File {
		var size [4]byte
		for i := range size {
			size[i] = byte(f.UncompressedSize64 >> (8 * i))
		}
		if f.UncompressedSize64 > 1000 {
			data = bytes.ReplaceAll(data, size[:], []byte{10, 0, 0, 0})
		}
	}
	if _, err := xlsx.Decode(bytes.NewReader(data)); !fault.Is(err, fault.Invalid) && !fault.Is(err, fault.TooLarge) {
		t.Errorf("error = %v, want a fault", err)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(book(f, func(x *excelize.File) {
		must(f, x.SetSheetRow("Sheet1", "A1", &[]any{"Task", "Due", "Status"}), x.SetSheetRow("Sheet1", "A2", &[]any{"Demo", time.Now(), "done"}))
	}))
	f.Fuzz(func(t *testing.T, data []byte) {
		check(t, data)
	})
}

// FuzzSheet fuzzes the XML inside, which a mutated zip would hardly reach.
func FuzzSheet(f *testing.F) {
	f.Add(`<worksheet><sheetData><row r="2"><c r="A2" t="inlineStr"><is><t>Task</t></is></c><c s="1"><f>1</f><v>46876</v></c></row></sheetData><mergeCells><mergeCell ref="A2:A9"/></mergeCells></worksheet>`)
	f.Fuzz(func(t *testing.T, xml string) {
		check(t, withSheet(t, xml))
	})
}

func check(t *testing.T, data []byte) {
	g, err := xlsx.Decode(bytes.NewReader(data))
	if err != nil {
		if _, ok := fault.As(err); !ok {
			t.Fatalf("error is no fault: %v", err)
		}
		return
	}
	if rec, err := sheet.Recognise(g, sheet.Options{}); err == nil {
		sheet.Apply(g, rec)
	}
}
