package web

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"tandem/internal/app"
	"tandem/internal/locale"
	"tandem/internal/process"
)

// ownProcess saves a process of the workspace's own and returns it.
func ownProcess(t testing.TB, a *app.Service, c app.Caller) *process.Process {
	t.Helper()
	p, err := a.SaveProcess(t.Context(), c, process.Builtin("small").As(string(a.NewID()), 1), 0, "small@1")
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// ofProcess is an address of a process of the workspace's own.
func ofProcess(format string) func(*matrixPlan) string {
	return func(f *matrixPlan) string { return fmt.Sprintf(format, ownProcess(f.h.t, f.h.app, f.homeCaller).ID) }
}

// packedTemplate is what the form of a process sends.
func packedTemplate(base int) func(*matrixPlan) url.Values {
	return func(f *matrixPlan) url.Values {
		p := process.Builtin("small")
		d := &templateDraft{Process: p.As(string(f.h.app.NewID()), 1), Base: base}
		return templateValues(f.h.t, d)
	}
}

// templateValues are the fields of the form as it is shown, to be sent as is.
func templateValues(t testing.TB, d *templateDraft) url.Values {
	t.Helper()
	data, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	content, err := pack(data)
	if err != nil {
		t.Fatal(err)
	}
	f := templateForm(locale.For("de"), d)
	q := url.Values{"content": {content}, "do": {"save"}, "name.de": {f.NameDE}, "name.en": {f.NameEN}, "title.de": {f.TitleDE}, "title.en": {f.TitleEN},
		"purpose.de": {f.PurposeDE}, "purpose.en": {f.PurposeEN}, "caution.de": {f.CautionDE}, "caution.en": {f.CautionEN}}
	for i, r := range f.Roles {
		set(q, "role", i, "de", r.DE, "en", r.EN, "side", r.Side)
	}
	for i, m := range f.Milestones {
		set(q, "milestone", i, "de", m.DE, "en", m.EN)
	}
	for i, g := range f.Gates {
		set(q, "gate", i, "de", g.DE, "en", g.EN, "rhythm", g.Rhythm, "day", g.Day, "lead", g.Lead)
	}
	for i, s := range f.Steps {
		set(q, "step", i, "de", s.DE, "en", s.EN, "done.de", s.DoneDE, "done.en", s.DoneEN, "side", s.Side, "buyer", s.Buyer, "seller", s.Seller,
			"low", s.Low, "likely", s.Likely, "high", s.High, "after", s.After, "milestone", s.Milestone, "gate", s.Gate)
		if s.Decides {
			q.Set("decision", strconv.Itoa(i))
		}
	}
	for _, r := range f.Risks {
		if r.On {
			q.Add("risk", r.Value)
		}
	}
	return q
}

func set(q url.Values, thing string, i int, nameValues ...string) {
	for k := 0; k+1 < len(nameValues); k += 2 {
		q.Set(fmt.Sprintf("%s.%d.%s", thing, i, nameValues[k]), nameValues[k+1])
	}
}

// A process that goes through the form without a change comes out as it went
// in, for every one that is built in.
func TestFormKeepsAProcess(t *testing.T) {
	t.Parallel()
	for _, p := range process.Catalogue() {
		q := templateValues(t, &templateDraft{Process: p})
		d, err := unpackTemplate(q.Get("content"))
		if err != nil {
			t.Fatal(err)
		}
		if err := d.read(q); err != nil {
			t.Fatalf("%s: %v", p.ID, err)
		}
		if diff := cmp.Diff(p, d.Process, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", p.ID, diff)
		}
	}
}

func TestRowsOfTheForm(t *testing.T) {
	t.Parallel()
	d := &templateDraft{Process: process.Builtin("mid-market")}
	p := d.Process
	steps := len(p.Steps)
	d.change("remove step 2") // sketch, on which the workshop waits
	if len(p.Steps) != steps-1 || p.Check() != nil {
		t.Fatalf("a step removed: %d steps, %v", len(p.Steps), p.Check())
	}
	workshop := p.Step("workshop")
	var after []string
	for _, a := range workshop.After {
		after = append(after, a.Step)
	}
	if want := []string{"itneeds", "goals"}; !slices.Equal(after, want) {
		t.Errorf("the workshop waits for %v, want %v: what the removed step waited for", after, want)
	}
	for _, do := range []string{"add step", "add role", "add milestone", "add gate", "remove role 0", "remove milestone 0", "remove gate 0", "remove step 99", "remove", "", "add x", "remove step -1"} {
		d.change(do)
	}
	if n := len(p.Steps); n != steps || p.Steps[n-1].After[0].Step != "decision" {
		t.Errorf("a step added: %d steps, %+v", n, p.Steps[n-1])
	}
	if tidy := d.tidy(); tidy.Check() != nil || len(tidy.Steps) != steps-1 {
		t.Errorf("empty rows are left out: %v, %d steps", tidy.Check(), len(tidy.Steps))
	}
}

func TestWhatAStepWaitsFor(t *testing.T) {
	t.Parallel()
	p := process.Builtin("small")
	for text, want := range map[string]string{"": "", "1": "1", "1, 3": "1, 3", "1 3": "1, 3", "3+2": "3+2", "3ss-1": "3SS-1", "1FS; 1": "1", "0": "!", "2": "!", "11": "!",
		"x": "!", "1+": "!", "-1": "!", "9999": "!", "1++2": "!", "3FF": "3FF"} {
		got, err := readAfter(text, 1, p)
		said := ""
		if err != nil {
			said = "!"
		}
		no := map[string]int{}
		for i, s := range p.Steps {
			no[s.ID] = i + 1
		}
		for i, a := range got {
			if i > 0 {
				said += ", "
			}
			said += afterText(a, no)
		}
		if said != want {
			t.Errorf("%q is read as %q, want %q", text, said, want)
		}
	}
}

// FuzzTemplateForm sends anything to the form: it is taken over or refused,
// and what is taken over can be shown again.
func FuzzTemplateForm(f *testing.F) {
	q := templateValues(f, &templateDraft{Process: process.Builtin("small")})
	f.Add(q.Encode(), "save")
	f.Add(q.Encode(), "remove step 3")
	f.Add("content=x", "add step")
	f.Fuzz(func(t *testing.T, form, do string) {
		q, err := url.ParseQuery(form)
		if err != nil {
			return
		}
		d, err := unpackTemplate(q.Get("content"))
		if err != nil {
			return
		}
		_ = d.read(q)
		d.change(do)
		templateForm(locale.For("en"), d)
		_ = d.tidy().Check()
	})
}
