package locale

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
)

func args(m *message) []string {
	var names []string
	for _, form := range [][]part{m.one, m.other} {
		for _, p := range form {
			if p.arg != "" && !slices.Contains(names, p.arg) {
				names = append(names, p.arg)
			}
		}
	}
	if m.one != nil && !slices.Contains(names, "N") {
		names = append(names, "N")
	}
	slices.Sort(names)
	return names
}

func TestLanguagesHaveTheSameKeysAndPlaceholders(t *testing.T) {
	t.Parallel()
	de, en := For("de").texts, For("en").texts
	if len(en) == 0 {
		t.Fatal("the catalogue is empty")
	}
	for key := range de {
		if _, ok := en[key]; !ok {
			t.Errorf("%s is in German only", key)
		}
	}
	for key, m := range en {
		other, ok := de[key]
		if !ok {
			t.Errorf("%s is in English only", key)
			continue
		}
		if got, want := args(other), args(m); !slices.Equal(got, want) {
			t.Errorf("%s: placeholders in German %v, in English %v", key, got, want)
		}
		if (m.one == nil) != (other.one == nil) {
			t.Errorf("%s: only one language has a singular", key)
		}
	}
}

// used is a place in the source that asks for a key.
type used struct {
	pos   token.Position
	key   string
	names []string // literal argument names
	known bool     // all arguments are literally there
}

// usedIn finds every T("…"), Text("…"), fault.New(…, "…") and Fix("…").
func usedIn(t *testing.T, root string) []used {
	t.Helper()
	var all []used
	set := token.NewFileSet()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "testdata" || d.Name() == "node_modules" || strings.HasPrefix(d.Name(), ".") && path != root) {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(set, path, nil, parser.SkipObjectResolution)
		if file == nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				if u, ok := asks(call); ok {
					u.pos = set.Position(call.Pos())
					all = append(all, u)
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func literal(e ast.Expr) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(lit.Value)
	return s, err == nil
}

// asks reads a call that names a key.
func asks(call *ast.CallExpr) (used, bool) {
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return used{}, false
	}
	at, pairs := 0, true
	switch sel.Sel.Name {
	case "T":
	case "Text", "Fix":
		pairs = false
	case "New":
		if pkg, ok := sel.X.(*ast.Ident); !ok || pkg.Name != "fault" {
			return used{}, false
		}
		at = 1
	default:
		return used{}, false
	}
	if len(call.Args) <= at {
		return used{}, false
	}
	key, ok := literal(call.Args[at])
	if !ok || !strings.Contains(key, ".") {
		return used{}, false
	}
	u := used{key: key, known: pairs && !call.Ellipsis.IsValid()}
	for i := at + 1; i < len(call.Args); i += 2 {
		name, ok := literal(call.Args[i])
		u.known = u.known && ok
		u.names = append(u.names, name)
	}
	return u, true
}

func TestEveryKeyUsedInSourceIsThere(t *testing.T) {
	t.Parallel()
	texts := For("en").texts
	found := usedIn(t, filepath.Join("..", ".."))
	if len(found) < 5 {
		t.Fatalf("only %d uses found in the source: the search is broken", len(found))
	}
	for _, u := range found {
		m, ok := texts[u.key]
		if !ok {
			t.Errorf("%s: key %q is not in the catalogue", u.pos, u.key)
			continue
		}
		for _, name := range args(m) {
			if u.known && !slices.Contains(u.names, name) {
				t.Errorf("%s: key %q needs the argument %s", u.pos, u.key, name)
			}
		}
	}
}

func TestGermanSpeaksToGrownUps(t *testing.T) {
	t.Parallel()
	// Words that ui.md keeps off the pages: CRM speech, and "du".
	banned := []string{"Käufer ", "Verkäufer ", "Pipeline", "Closing", "kritischer Pfad", "Aktivität", " du ", " dein", "Deal"}
	for _, area := range []string{"plan.", "web.", "time."} {
		for key, m := range For("de").texts {
			if !strings.HasPrefix(key, area) {
				continue
			}
			for _, p := range append(slices.Clone(m.one), m.other...) {
				for _, word := range banned {
					if strings.Contains(" "+p.text+" ", word) {
						t.Errorf("%s says %q: %s", key, word, p.text)
					}
				}
			}
		}
	}
}

func TestBrokenCatalogues(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ file, text, want string }{
		"wrong area":      {"text/plan.de.json", `{"web.a":"x"}`, "does not begin"},
		"unknown tongue":  {"text/plan.fr.json", `{"plan.a":"x"}`, "no known language"},
		"bad placeholder": {"text/plan.de.json", `{"plan.a":"x {{if .B}}"}`, "placeholders have the form"},
		"open braces":     {"text/plan.de.json", `{"plan.a":"x {{.B"}`, "placeholders have the form"},
		"not JSON":        {"text/plan.de.json", `{`, "unexpected end"},
		"foreign plural":  {"text/plan.de.json", `{"plan.a":{"few":"x","other":"y"}}`, "only the plural forms"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := compile(fstest.MapFS{c.file: {Data: []byte(c.text)}})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want it to say %q", err, c.want)
			}
		})
	}
}

// The test above must fail for a missing key: shown on a small source tree.
func TestUsesAreFound(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	src := "package x\nfunc f() { l.T(\"a.b\", \"N\", 1); fault.New(fault.Invalid, \"c.d\", \"Name\", s).Fix(\"e.f\"); l.T(key) }\n"
	if err := os.WriteFile(filepath.Join(dir, "x.go"), []byte(src), 0o600); err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, u := range usedIn(t, dir) {
		keys = append(keys, u.key+strings.Join(u.names, ","))
	}
	slices.Sort(keys)
	if want := []string{"a.bN", "c.dName", "e.f"}; !slices.Equal(keys, want) {
		t.Errorf("got %v, want %v", keys, want)
	}
}
