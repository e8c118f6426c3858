package web

import (
	"bytes"
	"context"
	"html"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"tandem/internal/app"
	"tandem/internal/civil"
	"tandem/internal/plan"
	"tandem/internal/planfile"
)

// upload sends a file as the form does.
func (b *browser) upload(name string, data []byte, fields ...string) answer {
	b.h.t.Helper()
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	if name != "" {
		w, err := m.CreateFormFile("file", name)
		if err != nil {
			b.h.t.Fatal(err)
		}
		if _, err := w.Write(data); err != nil {
			b.h.t.Fatal(err)
		}
	}
	for i := 0; i+1 < len(fields); i += 2 {
		if err := m.WriteField(fields[i], fields[i+1]); err != nil {
			b.h.t.Fatal(err)
		}
	}
	if err := m.Close(); err != nil {
		b.h.t.Fatal(err)
	}
	r, err := http.NewRequest(http.MethodPost, b.h.web.URL+"/new/sheet", &body)
	if err != nil {
		b.h.t.Fatal(err)
	}
	r.Header.Set("Content-Type", m.FormDataContentType())
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return b.do(r)
}

var (
	inputForm  = regexp.MustCompile(`<(?:input|button)\s[^>]*>`)
	selectForm = regexp.MustCompile(`(?s)<select\s[^>]*name="([^"]*)"[^>]*>(.*?)</select>`)
	chosenForm = regexp.MustCompile(`<option value="([^"]*)" selected>`)
	firstForm  = regexp.MustCompile(`<option value="([^"]*)"`)
	attrForm   = regexp.MustCompile(`\s(name|value|type)="([^"]*)"`)
)

// form is what a browser would send of the preview.
func (a answer) form(id string) url.Values {
	_, rest, _ := strings.Cut(a.body, `id="`+id+`"`)
	rest, _, _ = strings.Cut(rest, "</form>")
	f := url.Values{}
	for _, tag := range inputForm.FindAllString(rest, -1) {
		at := map[string]string{}
		for _, m := range attrForm.FindAllStringSubmatch(tag, -1) {
			at[m[1]] = html.UnescapeString(m[2])
		}
		switch {
		case at["name"] == "" || strings.HasPrefix(tag, "<button"):
		case at["type"] == "checkbox":
			if strings.Contains(tag, " checked") {
				f.Set(at["name"], "on")
			}
		default:
			f.Set(at["name"], at["value"])
		}
	}
	for _, m := range selectForm.FindAllStringSubmatch(rest, -1) {
		chosen := chosenForm.FindStringSubmatch(m[2])
		if chosen == nil {
			chosen = firstForm.FindStringSubmatch(m[2])
		}
		f.Set(m[1], html.UnescapeString(chosen[1]))
	}
	return f
}

func (b *browser) created(a answer) app.View {
	b.h.t.Helper()
	id, ok := strings.CutPrefix(a.path, "/plans/")
	if !ok {
		b.h.t.Fatalf("no plan was made: %s answered %d: %s", a.path, a.status, short(a.body))
	}
	v, err := b.h.app.Open(context.Background(), b.caller(), plan.ID(id))
	if err != nil {
		b.h.t.Fatal(err)
	}
	return v
}

func nordwerk(t *testing.T) []byte {
	t.Helper()
	data, err := os.ReadFile("testdata/nordwerk-acme.csv")
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// The team's real spreadsheet goes through whole: upload, preview, plan.
func TestSpreadsheetBecomesAPlan(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.member("Acme Cloud", "John Martinez", "john.martinez@acme.example", true)
	a := b.upload("nordwerk-acme.csv", nordwerk(t))
	a.is(t, http.StatusOK)
	a.has(t, `id="preview"`, "Gemeinsamer Plan Nordwerk AG / Acme Cloud", "Dr. Ute Brandt", "CFO ab 14.05. drei Wochen auf Reisen", "14 Schritte",
		"nur für Ihre Seite", `value="Nordwerk AG"`, `value="2028-05-24"`)
	f := a.form("preview")
	for name, want := range map[string]string{"col.1": "title", "col.2": "side", "col.7": "due", "col.10": "notes", "buyer": "Nordwerk AG", "seller": "Acme Cloud", "language": "de"} {
		if got := f.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	v := b.created(b.post("/new/create", f))
	actions := v.Plan.Live(plan.KindAction)
	if len(actions) != 14 || v.Plan.Phase != plan.Draft || v.Plan.Organisation.Buyer.Value != "Nordwerk AG" {
		t.Errorf("%d steps, %s, %s", len(actions), v.Plan.Phase, v.Plan.Organisation.Buyer.Value)
	}
	words := ""
	for _, n := range v.Own.Notes {
		words += n.Text.Value + "\n"
	}
	for _, w := range []string{"Maschinenbau, Größe wie wir", "CFO ab 14.05. drei Wochen auf Reisen", "wartet auf Pentest-Bericht; Frau Klein fragt nach"} {
		if !strings.Contains(words, w) {
			t.Errorf("the notes lack %q", w)
		}
	}
	// Sent twice, made once.
	again := b.created(b.post("/new/create", f))
	if again.Plan.ID != v.Plan.ID {
		t.Error("sending twice made two plans")
	}
	rows, err := h.app.List(context.Background(), b.caller(), 10)
	if err != nil || len(rows) != 1 {
		t.Errorf("%d plans, %v", len(rows), err)
	}
}

func TestPreviewTakesCorrections(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.member("Acme Cloud", "John Martinez", "john.martinez@acme.example", true)
	f := b.upload("nordwerk-acme.csv", nordwerk(t)).form("preview")
	f.Set("title", "Bis 24. Mai entscheiden")
	f.Set("col.3", "notes") // the owners' column
	var absence string
	for name := range f {
		if strings.HasPrefix(name, "from.absence") {
			absence = strings.TrimPrefix(name, "from.")
		}
	}
	if f.Get("from."+absence) != "2028-05-14" {
		t.Fatalf("no absence is offered: %v", f)
	}
	f.Set("offer."+absence, "on")
	f.Set("to."+absence, "2028-06-02")
	a := b.post("/new/preview", f)
	a.is(t, http.StatusOK)
	a.has(t, "Bis 24. Mai entscheiden", `value="2028-06-02"`)
	f = a.form("preview")
	if f.Get("col.3") != "notes" || f.Get("offer."+absence) != "on" {
		t.Errorf("the corrections are gone: %q, %q", f.Get("col.3"), f.Get("offer."+absence))
	}
	f.Set("col.3", "owner")
	v := b.created(b.post("/new/create", f))
	for _, q := range v.Plan.People {
		if q.Name.Value == "Dr. Ute Brandt" && (len(q.Absences) != 1 || q.Absences[0].To != civil.Of(2028, time.June, 2)) {
			t.Errorf("absences %v", q.Absences)
		}
	}
}

func TestPreviewMovesSidesAndPeople(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.member("Acme Cloud", "John Martinez", "john.martinez@acme.example", true)
	table := "Schritt;Firma;Verantwortlich;Fällig am\nVertrag prüfen;Nordwerk AG;Jana Roth;03.05.2028\nAngebot senden;Acme Cloud;John Martinez;04.05.2028\n" +
		"Daten liefern;Partner GmbH;Paula Partner;05.05.2028\n"
	f := b.upload("", nil, "text", table).form("preview")
	for i := range 3 {
		n := "." + string(rune('0'+i))
		if f.Get("sideof"+n) == "Partner GmbH" {
			f.Set("side"+n, "seller")
		}
	}
	v := b.created(b.post("/new/create", f))
	sides := map[string]plan.Party{}
	for _, it := range v.Plan.Live(plan.KindAction) {
		sides[it.Terms.Title.Value] = it.Terms.Party
	}
	if sides["Daten liefern"] != plan.BySeller || sides["Vertrag prüfen"] != plan.ByBuyer || sides["Angebot senden"] != plan.BySeller {
		t.Errorf("sides %v", sides)
	}
	f = b.upload("", nil, "text", table).form("preview")
	for i := range 5 {
		n := "." + string(rune('0'+i))
		if f.Get("personof"+n) == "roth" || strings.Contains(f.Get("personof"+n), "jana") {
			f.Set("person"+n, "seller")
		}
	}
	v = b.created(b.post("/new/create", f))
	for _, it := range v.Plan.Live(plan.KindAction) {
		if it.Terms.Title.Value == "Vertrag prüfen" && it.Terms.Party != plan.BySeller {
			t.Errorf("Jana Roth moved, her step did not: %s", it.Terms.Party)
		}
	}
}

func TestAmbiguousDatesAreAsked(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.member("Acme Cloud", "John Martinez", "john.martinez@acme.example", true)
	a := b.upload("plan.csv", []byte("Step,Company,Owner,Due date\nReview contract,Nordwerk,Jana Roth,5/3/2028\nSend offer,Acme Cloud,John Martinez,6/4/2028\n"))
	a.has(t, `name="order"`)
	f := a.form("preview")
	for order, want := range map[string]civil.Day{"day": civil.Of(2028, time.March, 5), "month": civil.Of(2028, time.May, 3)} {
		f.Set("order", order)
		f.Set("id", string(h.app.NewID()))
		v := b.created(b.post("/new/create", f))
		if got := v.Plan.Live(plan.KindAction)[0].Terms.Due; got != want {
			t.Errorf("%s first: %s, want %s", order, got, want)
		}
	}
}

// What cannot be read is answered in words, and nothing typed is lost.
func TestBadUploads(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.member("Acme Cloud", "John Martinez", "john.martinez@acme.example", true)
	typed := "Ein Wort; das ich getippt habe <script>alert(1)</script>"
	bomb, err := pack(bytes.Repeat([]byte("Schritt;Firma\n"), 1<<20))
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		a    answer
		want int
	}{
		"nothing":         {b.upload("", nil, "text", " "), 422},
		"NUL bytes":       {b.upload("a.csv", []byte("a;b\x00;c\n"), "text", typed), 422},
		"binary":          {b.upload("a.csv", []byte("%PDF-1.7 ..."), "text", typed), 422},
		"an empty file":   {b.upload("a.csv", nil, "text", typed), 422},
		"too large":       {b.upload("a.csv", bytes.Repeat([]byte("a;b\n"), maxFile/4+1), "text", typed), 413},
		"far too large":   {b.upload("a.csv", bytes.Repeat([]byte("a;b\n"), maxUpload/4+1)), 413},
		"broken plan":     {b.upload("a.plan.json", []byte(`{"format":"tandem.plan/9"}`), "text", typed), 422},
		"unknown field":   {b.upload("a.plan.json", []byte(`{"format":"tandem.plan/1","titel":"x"}`), "text", typed), 422},
		"too many rows":   {b.upload("a.csv", []byte("Schritt;Firma\n"+strings.Repeat("Tun;Acme\n", 6000)), "text", typed), 413},
		"no content":      {b.post("/new/preview", url.Values{"content": {"%%%"}}), 422},
		"content cut off": {b.post("/new/preview", url.Values{"content": {bomb[:100]}}), 422},
		"content a bomb":  {b.post("/new/preview", url.Values{"content": {bomb}}), 413},
	} {
		if c.a.status != c.want {
			t.Errorf("%s: %d, want %d: %s", name, c.a.status, c.want, short(c.a.body))
		}
		c.a.lacks(t, "<script>alert")
		if strings.HasPrefix(c.a.path, "/new/sheet") && name != "nothing" && name != "far too large" {
			c.a.has(t, html.EscapeString(typed), `role="alert"`)
		}
		c.a.lacks(t, ">import.", ">planfile.")
	}
	rows, err := h.app.List(context.Background(), b.caller(), 10)
	if err != nil || len(rows) != 0 {
		t.Errorf("%d plans were made, %v", len(rows), err)
	}
}

// What somebody wrote into a cell is text, wherever it is shown.
func TestCellsAreEscaped(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.member("Acme Cloud", "John Martinez", "john.martinez@acme.example", true)
	evil := `"><script>alert(1)</script><img src=x onerror=alert(2)>`
	cell := `"` + strings.ReplaceAll(evil, `"`, `""`) + `"`
	a := b.upload(`<img src=x>.csv`, []byte("Schritt;"+cell+";Firma;Notizen\n"+cell+";x;"+cell+";"+cell+"\nZwei;y;Acme Cloud;z\n"))
	a.is(t, http.StatusOK)
	a.lacks(t, "<script>alert", "<img src=x")
}

func TestPlanFileIsPreviewed(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.member("Acme Cloud", "John Martinez", "john.martinez@acme.example", true)
	var file bytes.Buffer
	if err := planfile.Encode(&file, app.Sample("en", civil.Of(2028, time.May, 11))); err != nil {
		t.Fatal(err)
	}
	a := b.upload("sample.plan.json", file.Bytes())
	a.is(t, http.StatusOK)
	a.lacks(t, `name="col.0"`)
	f := a.form("preview")
	f.Set("title", "Another title")
	v := b.created(b.post("/new/create", f))
	if got := title(v); got != "Another title" || len(v.Plan.Live(plan.KindAction)) != 17 {
		t.Errorf("%q with %d steps", got, len(v.Plan.Live(plan.KindAction)))
	}
}

func TestBlankAndSample(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.member("Acme Cloud", "John Martinez", "john.martinez@acme.example", true)
	f := b.get("/new/blank").form("blank")
	f.Set("title", "Bis Juni entscheiden")
	a := b.post("/new/blank", f) // no buyer
	a.is(t, http.StatusUnprocessableEntity)
	a.has(t, `value="Bis Juni entscheiden"`, `value="Acme Cloud"`)
	f.Set("buyer", "Nordwerk AG")
	f.Set("decide", "2028-06-20")
	v := b.created(b.post("/new/blank", f))
	if v.Plan.Items[plan.DecisionItem].Terms.Due != civil.Of(2028, time.June, 20) || v.Plan.Calendar.Seller.Region != "DE-BE" {
		t.Errorf("%+v", v.Plan.Items[plan.DecisionItem].Terms)
	}
	f.Set("decide", "20.06.2028")
	b.post("/new/blank", f).is(t, http.StatusUnprocessableEntity)
	v = b.created(b.post("/new/sample", url.Values{"id": {string(h.app.NewID())}}))
	if len(v.Plan.Live(plan.KindAction)) != 17 {
		t.Error("the sample is not whole")
	}
}

func FuzzUnpack(f *testing.F) {
	ok, err := pack([]byte("Schritt;Firma\n"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(ok)
	f.Add("")
	f.Add("H4sIAAAAAAAA")
	f.Fuzz(func(t *testing.T, text string) {
		if data, err := unpack(text); err == nil && len(data) > maxFile+1 {
			t.Errorf("%d bytes", len(data))
		}
	})
}
