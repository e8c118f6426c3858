package exchange_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"tandem/internal/exchange/csv"
	"tandem/internal/locale"
	"tandem/internal/sheet"
)

// TestEveryMessageIsThere finds the keys in the sources; those that are put
// together at run time are listed with all their endings.
func TestEveryMessageIsThere(t *testing.T) {
	t.Parallel()
	endings := map[string][]string{
		"import.side.by.": {"name.buyer", "name.seller", "word.buyer", "word.seller", "role.buyer", "role.seller", "guess.buyer", "guess.seller", "person.buyer", "person.seller"},
		"import.export.":  {"goals", "criteria", "gates", "freezes", "risks", "absences", "calendars", "bounds", "milestoneLinks"},
	}
	for _, prefix := range []string{"import.side.wording", "import.side.guess", "import.person.guess.", "import.owner.otherSide.", "import.joint.owner."} {
		endings[prefix] = []string{"buyer", "seller"}
	}
	endings["import.status.colour."] = []string{"open", "started", "blocked", "done"}
	for _, f := range sheet.Fields() {
		if f != sheet.Other && f != sheet.Ignore {
			endings["import.column.as."] = append(endings["import.column.as."], string(f))
		}
	}
	found := 0
	for _, dir := range []string{"../sheet", "csv", "xlsx"} {
		files, err := filepath.Glob(dir + "/*.go")
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			source, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range regexp.MustCompile(`"(import\.[A-Za-z.]+)"`).FindAllStringSubmatch(string(source), -1) {
				keys := []string{m[1]}
				if ends, dynamic := endings[m[1]]; dynamic {
					keys = nil
					for _, e := range ends {
						keys = append(keys, strings.TrimSuffix(m[1], ".")+"."+e)
					}
				}
				for _, key := range keys {
					found++
					for _, lang := range locale.Languages {
						if !locale.For(lang).Has(key) {
							t.Errorf("%s: no text for %s", lang, key)
						}
					}
				}
			}
		}
	}
	if found < 100 {
		t.Errorf("only %d keys found in the sources", found)
	}
}

// TestMessagesGetTheirValues imports all sheets and holds that every value a
// sentence names is among the warning's arguments.
func TestMessagesGetTheirValues(t *testing.T) {
	t.Parallel()
	texts := map[string]map[string]any{}
	for _, lang := range locale.Languages {
		b, err := os.ReadFile("../locale/text/import." + lang + ".json")
		if err != nil {
			t.Fatal(err)
		}
		m := map[string]any{}
		if err := json.Unmarshal(b, &m); err != nil {
			t.Fatal(err)
		}
		texts[lang] = m
	}
	files, err := filepath.Glob("csv/testdata/sheets/*[vt]")
	if err != nil || len(files) < 13 {
		t.Fatalf("%d sheets, %v", len(files), err)
	}
	for _, file := range files {
		f, err := os.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		g, err := csv.Decode(f)
		f.Close()
		if err != nil {
			t.Fatal(err)
		}
		_, warnings, err := sheet.Import(g, sheet.Options{Title: "x", Today: 21307})
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range warnings {
			for lang, m := range texts {
				for _, p := range regexp.MustCompile(`{{\.(\w+)}}`).FindAllStringSubmatch(fmt.Sprint(m[w.Key]), -1) {
					if _, ok := w.Args[p[1]]; !ok {
						t.Errorf("%s: %s names {{.%s}}, the warning has %v", lang, w.Key, p[1], w.Args)
					}
				}
			}
		}
	}
}
