package inbox_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tandem/internal/civil"
	"tandem/internal/inbox"
	"tandem/internal/reply"
)

// expectation is what a mail of the corpus is expected to be, and to do. It
// stands beside the mail, in a file of the same name.
type expectation struct {
	Effect string       `json:"effect"` // what happens in the plan; see effects
	Kind   reply.Kind   `json:"kind"`   // what it says
	Text   *string      `json:"text"`   // what is newly written
	Day    string       `json:"day"`
	Person string       `json:"person"`
	Words  string       `json:"words"`
	Why    string       `json:"why"`    // of what is not understood
	Writer reply.Writer `json:"writer"` // empty: a human
	Letter string       `json:"letter"` // the kind of letter it answers
	Proof  string       `json:"proof"`  // dkim, spf, none, forged (signed by another domain), broken
	To     string       `json:"to"`     // bounce, or empty for a reply
	Told   bool         `json:"told"`   // the writer is told something though it acted
}

// sample is a mail of the corpus.
type sample struct {
	name string
	raw  []byte
	want expectation
}

func corpus(t testing.TB) []sample {
	t.Helper()
	files, err := filepath.Glob("testdata/replies/*.eml")
	if err != nil {
		t.Fatal(err)
	}
	var out []sample
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		x := sample{name: strings.TrimSuffix(filepath.Base(f), ".eml"), raw: raw}
		b, err := os.ReadFile(strings.TrimSuffix(f, ".eml") + ".json")
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(b, &x.want); err != nil {
			t.Fatalf("%s: %v", f, err)
		}
		out = append(out, x)
	}
	if len(out) < 80 {
		t.Fatalf("the corpus has only %d mails", len(out))
	}
	return out
}

// today of the corpus is Tuesday, 2 May 2028.
var today = civil.Of(2028, time.May, 2)

var people = []reply.Person{{ID: "ute", Name: "Dr. Ute Brandt", Salutation: "frau"}, {ID: "klein", Name: "Petra Klein", Salutation: "frau"}, {ID: "wolf", Name: "Jan Wolf"}}

func TestCorpusIsUnderstood(t *testing.T) {
	t.Parallel()
	for _, x := range corpus(t) {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			m, err := inbox.Read(x.raw)
			if err != nil {
				t.Fatal(err)
			}
			w := reply.Strip(m.Text)
			want := x.want.Writer
			if want == "" {
				want = reply.Human
			}
			if got := reply.WrittenBy(m.Signs, w.Text); got != want {
				t.Errorf("written by: got %s, want %s\n%s", got, want, w.Text)
			}
			if x.want.Text != nil && w.Text != *x.want.Text {
				t.Errorf("newly written: got\n%q, want\n%q", w.Text, *x.want.Text)
			}
			if want != reply.Human {
				return
			}
			got := reply.Understand(w, reply.Context{Today: today, Me: "Dr. Ute Brandt", MyID: "ute", People: people})
			wanted := reply.Intent{Kind: x.want.Kind, Person: x.want.Person, Words: x.want.Words}
			if x.want.Kind == reply.Remark {
				wanted.Why = reply.Why(x.want.Why)
			}
			if x.want.Day != "" {
				if wanted.Day, err = civil.Parse(x.want.Day); err != nil {
					t.Fatal(err)
				}
			}
			if x.want.Effect == "unverified" || x.want.Effect == "comment" && x.want.Kind != reply.Remark {
				got.Words, got.Day, got.Person = "", 0, "" // it does not act
			}
			if got != wanted {
				t.Errorf("%q says\n%+v, want\n%+v", w.Text, got, wanted)
			}
		})
	}
}
