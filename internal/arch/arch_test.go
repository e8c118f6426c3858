// Package arch holds the import rule: the core imports the standard library
// and itself, the application imports the core, adapters import both but never
// each other, and only the composition wires adapters.
package arch

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

type layer int

const (
	core layer = iota
	application
	adapter
	composition
)

// layers names every package below internal/, by its first folder. A new
// package has to be put into its place here before it compiles in CI.
var layers = map[string]layer{
	"fault": core, "civil": core, "planfile": core, "calendar": core, "plan": core, "account": core,
	"schedule": core, "forecast": core, "health": core, "outcome": core, "lint": core, "process": core, "sheet": core, "reply": core, "deal": core, "readiness": core,
	"app":   application,
	"store": adapter, "live": adapter, "web": adapter, "api": adapter, "mcp": adapter, "identity": adapter, "inbox": adapter,
	"mail": adapter, "mailauth": adapter, "scim": adapter, "jobs": adapter, "blob": adapter, "exchange": adapter, "connect": adapter, "locale": adapter,
	"config": composition, "cli": composition, "arch": composition,
}

// granted are the few modules the core may import besides the standard
// library, each with its reason in architecture.
var granted = map[string][]string{
	"calendar": {"github.com/teambition/rrule-go"},
}

// ambient is what the core must not reach for: it is given time, randomness
// and bytes by its callers.
var ambient = []string{"database/sql", "net", "net/http", "os", "os/exec", "log", "log/slog", "math/rand", "math/rand/v2", "crypto/rand", "syscall", "path/filepath", "io/ioutil", "embed"}

// embedded may carry a file in the program; nothing else is read.
var embedded = []string{"planfile", "process"}

func TestImportRule(t *testing.T) {
	t.Parallel()
	for _, f := range sources(t) {
		from, known := layers[f.pkg]
		if !known {
			t.Errorf("%s: package %q has no layer yet: put it into arch_test.go", f.path, f.pkg)
			continue
		}
		for _, imp := range f.imports {
			if why := forbidden(f, from, imp); why != "" {
				t.Errorf("%s imports %s: %s", f.path, imp, why)
			}
		}
	}
}

func forbidden(f source, from layer, imp string) string {
	inner, own := strings.CutPrefix(imp, "tandem/internal/")
	if !own {
		outside := strings.Contains(strings.Split(imp, "/")[0], ".")
		switch {
		case from == core && outside && !slices.Contains(granted[f.pkg], imp):
			return "the core uses the standard library only"
		case from == core && slices.Contains(ambient, imp) && !(imp == "embed" && slices.Contains(embedded, f.pkg)):
			return "the core has no clock, random source, files, network or log of its own"
		case from == application && (imp == "database/sql" || imp == "net/http" || imp == "os"):
			return "the application reaches the world through its ports"
		}
		return ""
	}
	to := strings.Split(inner, "/")[0]
	switch layers[to] {
	case core:
		return ""
	case application:
		if from == core {
			return "the core does not know the application"
		}
	case adapter:
		if from == core || from == application {
			return "the arrow points outward"
		}
		if from == adapter && to != f.pkg && to != "locale" {
			return "adapters do not know each other"
		}
	case composition:
		if from != composition {
			return "only the composition wires"
		}
	}
	return ""
}

type source struct {
	path, pkg string
	imports   []string
}

// sources reads every Go file below internal/ but tests, which may use what
// they need to be real.
func sources(t *testing.T) []source {
	t.Helper()
	var out []source
	root := filepath.Join("..")
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		rel, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		parts := strings.Split(filepath.ToSlash(rel), "/")
		if slices.Contains(parts, "storetest") || slices.Contains(parts, "pgtest") {
			return nil // test harnesses
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		f := source{path: rel, pkg: parts[0]}
		for _, i := range parsed.Imports {
			p, err := strconv.Unquote(i.Path.Value)
			if err != nil {
				return err
			}
			f.imports = append(f.imports, p)
		}
		out = append(out, f)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(out) < 20 {
		t.Fatalf("read only %d files: the rule would hold nothing", len(out))
	}
	return out
}
