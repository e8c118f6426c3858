package csv_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"tandem/internal/exchange/csv"
	"tandem/internal/fault"
	"tandem/internal/sheet"
)

func cells(g sheet.Grid) [][]string {
	var rows [][]string
	for _, r := range g.Rows {
		var row []string
		for _, c := range r.Cells {
			row = append(row, c.Text)
		}
		rows = append(rows, row)
	}
	return rows
}

func TestEncodings(t *testing.T) {
	t.Parallel()
	text := "Nr.;Größe;Preis €\r\n1;für „Öl“;ß\r\n2;x;y\r\n"
	want := [][]string{{"Nr.", "Größe", "Preis €"}, {"1", "für „Öl“", "ß"}, {"2", "x", "y"}}
	encode := func(e encoding.Encoding) []byte {
		b, err := e.NewEncoder().Bytes([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	for name, data := range map[string][]byte{
		"UTF-8":               []byte(text),
		"UTF-8 with mark":     []byte("\xef\xbb\xbf" + text),
		"Windows-1252":        encode(charmap.Windows1252),
		"UTF-16 LE with mark": encode(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)),
		"UTF-16 BE with mark": encode(unicode.UTF16(unicode.BigEndian, unicode.UseBOM)),
		"UTF-16 LE":           encode(unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)),
		"UTF-16 BE":           encode(unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)),
	} {
		g, err := csv.Decode(bytes.NewReader(data))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if diff := cmp.Diff(want, cells(g)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestShapes(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, text string
		want       [][]string
	}{
		{"tab", "a\tb, c\td\n1\t2\t3\n", [][]string{{"a", "b, c", "d"}, {"1", "2", "3"}}},
		{"bar", "a|b|c;d\n1|2|3\n", [][]string{{"a", "b", "c;d"}, {"1", "2", "3"}}},
		{"commas in semicolons", "a;b\nx, y, z;1\nu, v;2\n", [][]string{{"a", "b"}, {"x, y, z", "1"}, {"u, v", "2"}}},
		{"sep line", "sep=|\r\na|b\r\n", [][]string{{"a", "b"}}},
		{"CR only", "a;b\r1;2\r", [][]string{{"a", "b"}, {"1", "2"}}},
		{"line break in quotes", "a;b\n\"1\n2\";\"x;y\"\n", [][]string{{"a", "b"}, {"1\n2", "x;y"}}},
		{"doubled quotes", "a;\"say \"\"hi\"\"\"\n", [][]string{{"a", `say "hi"`}}},
		{"quote inside", "a;5\" screen;b\n", [][]string{{"a", `5" screen`, "b"}}},
		{"sloppy quote", "a;\"5\" screen\";b\n", [][]string{{"a", `5" screen`, "b"}}},
		{"never closed", "a;\"b\nc;d\n", [][]string{{"a", `"b`}, {"c", "d"}}},
		{"blank rows", "\n;;\na;b\n\n ; \nc;d", [][]string{{"a", "b"}, {"c", "d"}}},
		{"blanks around quotes", "a; \"b;c\" ;d\n", [][]string{{"a", "b;c", "d"}}},
		{"one column", "a\nb\n", [][]string{{"a"}, {"b"}}},
		{"empty", "", nil},
	} {
		g, err := csv.Decode(strings.NewReader(test.text))
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		if diff := cmp.Diff(test.want, cells(g)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

func TestRowNumbersAreTheSpreadsheets(t *testing.T) {
	t.Parallel()
	g, err := csv.Decode(strings.NewReader("a;b\n\n\"1\n2\n3\";x\n\nc;d\n"))
	if err != nil {
		t.Fatal(err)
	}
	var got []int
	for _, r := range g.Rows {
		got = append(got, r.Number)
	}
	if want := []int{1, 3, 5}; !cmp.Equal(got, want) {
		t.Errorf("rows %v, want %v", got, want)
	}
}

func TestHostileTexts(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, text string
		key        string
		line       any
	}{
		{"NUL", "a;b\r\n1;2\r\nx\x00y;3\r\n", "import.csv.nul", 3},
		{"a workbook", "PK\x03\x04rest", "import.csv.isWorkbook", nil},
		{"a PDF", "%PDF-1.7", "import.csv.binary", nil},
		{"bytes after the UTF-8 mark", "\xef\xbb\xbfa\xff", "import.csv.encoding", nil},
		{"half a UTF-16 letter", "\xff\xfea\x00b", "import.csv.cutOff", nil},
		{"too large", strings.Repeat("x", csv.MaxBytes+1), "import.tooLarge", nil},
		{"too many rows", strings.Repeat("a;b\n", sheet.MaxRows+1), "import.tooManyRows", nil},
		{"two million rows", strings.Repeat("a;b\n", 2_000_000), "import.tooManyRows", nil},
		{"too many columns", "a" + strings.Repeat(";a", sheet.MaxColumns) + "\n", "import.tooManyColumns", nil},
		{"a million columns", strings.Repeat("a;", 1_000_000), "import.tooManyColumns", nil},
		{"a cell too long", "a;" + strings.Repeat("x", sheet.MaxCell+1), "import.cellTooLong", nil},
		{"quotes never closed", strings.Repeat(";\"", 1_000_000), "", nil},
		{"quotes opened everywhere", strings.Repeat("\"a\n", 300_000), "", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			start := time.Now()
			_, err := csv.Decode(strings.NewReader(test.text))
			if took := time.Since(start); took > time.Minute {
				t.Errorf("took %v", took)
			}
			f, ok := fault.As(err)
			if !ok {
				t.Fatalf("error = %v, want a fault", err)
			}
			if test.key != "" && f.Key != test.key {
				t.Errorf("fault %v, want %s", f, test.key)
			}
			if test.line != nil && f.Args["line"] != test.line {
				t.Errorf("line = %v, want %v", f.Args["line"], test.line)
			}
		})
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte("Nr.;Schritt;Fällig\n1;Demo;3.5.28\n2;\"a\nb\";KW 19\n"))
	f.Add([]byte("\xff\xfea\x00;\x00b\x00\n\x00"))
	f.Add([]byte("sep=|\na|\"b\"c|d"))
	f.Fuzz(func(t *testing.T, data []byte) {
		g, err := csv.Decode(bytes.NewReader(data))
		if err != nil {
			if _, ok := fault.As(err); !ok {
				t.Fatalf("error is no fault: %v", err)
			}
			return
		}
		if rec, err := sheet.Recognise(g, sheet.Options{}); err == nil {
			sheet.Apply(g, rec)
		}
	})
}
