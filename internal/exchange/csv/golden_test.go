package csv_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/civil"
	"tandem/internal/exchange/csv"
	"tandem/internal/planfile"
	"tandem/internal/sheet"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestSheets imports every sheet in testdata/sheets and compares the plan and
// the warnings with the golden files beside it. Options stand in a .options
// file, one "buyer=…", "seller=…", "today=…" a line.
func TestSheets(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/sheets/*")
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, file := range files {
		if !slices.Contains([]string{".csv", ".txt", ".tsv"}, filepath.Ext(file)) {
			continue
		}
		seen++
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			g := decodeFile(t, file)
			plan, warnings, err := sheet.Import(g, options(t, file))
			if err != nil {
				t.Fatal(err)
			}
			var b bytes.Buffer
			if err := planfile.Encode(&b, &plan); err != nil {
				t.Fatalf("the plan is not valid: %v", err)
			}
			compareGolden(t, file+".plan.json", b.String())
			compareGolden(t, file+".warnings", table(warnings))
			checkWords(t, g, b.String(), warnings)
		})
	}
	if seen < 13 {
		t.Errorf("%d sheets, want at least 13", seen)
	}
}

func decodeFile(t *testing.T, file string) sheet.Grid {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	g, err := csv.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func options(t *testing.T, file string) sheet.Options {
	t.Helper()
	o := sheet.Options{Title: strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))}
	b, _ := os.ReadFile(file + ".options")
	for line := range strings.Lines(string(b)) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		switch name {
		case "buyer":
			o.Buyer = value
		case "seller":
			o.Seller = value
		case "today":
			o.Today, _ = civil.Parse(value)
		}
	}
	return o
}

func table(warnings []sheet.Warning) string {
	var b strings.Builder
	for _, w := range warnings {
		fmt.Fprintf(&b, "%d:%s %s", w.Row, sheet.Letter(w.Column), w.Key)
		names := make([]string, 0, len(w.Args))
		for n := range w.Args {
			if n != "row" && n != "column" {
				names = append(names, n)
			}
		}
		slices.Sort(names)
		for _, n := range names {
			fmt.Fprintf(&b, " %s=%q", n, fmt.Sprint(w.Args[n]))
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func compareGolden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}
