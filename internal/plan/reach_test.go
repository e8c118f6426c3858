package plan

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tandem/internal/fault"
)

// unreached are faults no random sequence meets, with the reason; a rule test
// names each of them all the same.
var unreached = map[string]string{
	"fault.item.many":          "takes 5,000 items",
	"fault.person.many":        "takes 1,000 people",
	"fault.propose.many":       "takes 201 changes",
	"fault.checkin.many":       "takes 200 check-ins",
	"fault.checkin.runs":       "takes 1,000 check-ins that were held",
	"fault.checkin.notes":      "takes 300 notes in one check-in",
	"fault.document.many":      "takes 51 documents",
	"fault.quote.many":         "takes 501 quotes",
	"fault.form.many":          "takes eight actions in a light plan",
	"fault.status":             "only in Create, which the fixtures do once",
	"fault.remove.agreed-link": "needs a new item with a link both sides stood behind",
}

func TestEveryEventKindIsReachable(t *testing.T) {
	t.Parallel()
	kinds, faults := map[string]int{}, map[string]int{}
	count := func(w *world, s step, before *Plan, events []Event, err error) {
		for _, e := range events {
			kinds[e.Kind()]++
		}
		if f, ok := fault.As(err); ok {
			faults[f.Key]++
		}
	}
	for seed := range uint64(2500) {
		sequence(t, plainChooser{rand.New(rand.NewPCG(seed, 1))}, 70, false, count)
	}
	for _, e := range allEvents {
		if kinds[e.Kind()] == 0 && e.Kind() != "plan.created" { // the fixtures begin after it
			t.Errorf("no sequence leads to %s", e.Kind())
		}
	}
	for _, key := range keysInSource(t, "fault.") {
		if faults[key] == 0 && unreached[key] == "" {
			t.Errorf("no sequence leads to %s", key)
		}
	}
	if testing.Verbose() {
		for _, m := range []map[string]int{kinds, faults} {
			for _, k := range slices.Sorted(maps.Keys(m)) {
				t.Logf("%6d %s", m[k], k)
			}
		}
	}
}

// keysInSource lists the catalogue keys with a prefix that the package uses.
func keysInSource(t *testing.T, prefix string) []string {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				if s, err := strconv.Unquote(lit.Value); err == nil && strings.HasPrefix(s, prefix) && len(s) > len(prefix) {
					found[s] = true
				}
			}
			return true
		})
	}
	if found["fault.proposal."] {
		delete(found, "fault.proposal.")
		for _, s := range []ProposalStatus{Accepted, Declined, Countered, Withdrawn, Expired, Superseded, Void} {
			found["fault.proposal."+string(s)] = true
		}
		delete(found, "fault.proposal.void") // a plan that is decided or left says so first
	}
	return slices.Sorted(maps.Keys(found))
}

func TestEveryKeyHasASentence(t *testing.T) {
	t.Parallel()
	for area, keys := range map[string][]string{"fault": keysInSource(t, "fault."), "fix": keysInSource(t, "fix."), "verify": keysInSource(t, "verify.")} {
		var marks [2]map[string]string
		for i, language := range []string{"de", "en"} {
			b, err := os.ReadFile(filepath.Join("..", "locale", "text", area+"."+language+".json"))
			if err != nil {
				t.Fatal(err)
			}
			var sentences map[string]json.RawMessage
			if err := json.Unmarshal(b, &sentences); err != nil {
				t.Fatal(err)
			}
			marks[i] = map[string]string{}
			for _, key := range keys {
				if len(sentences[key]) < 5 {
					t.Errorf("%s has no sentence in %q", key, language)
				}
				found := placeholder.FindAllString(string(sentences[key]), -1)
				slices.Sort(found)
				marks[i][key] = strings.Join(slices.Compact(found), " ")
			}
		}
		for _, key := range keys {
			if marks[0][key] != marks[1][key] {
				t.Errorf("%s: German has %q, English %q", key, marks[0][key], marks[1][key])
			}
		}
	}
}

var placeholder = regexp.MustCompile(`{{[^}]*}}`)
