package web

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"html"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"tandem/internal/app"
	"tandem/internal/plan"
)

// Sizes of files in tests; a plan takes a few.
const (
	testFileMax  = 1 << 20
	testFileRoom = 3 << 20
)

const hostile = `<!DOCTYPE html><script>fetch("/workspace",{method:"POST"})</script>`

// sent is a form with a file, sent as a page of this server does: fields come
// before the file as they stand in the form, those in after behind it.
func (b *browser) sent(path string, fields url.Values, name, content string, after ...string) answer {
	b.h.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for field, values := range fields {
		for _, v := range values {
			_ = w.WriteField(field, v)
		}
	}
	h := textproto.MIMEHeader{"Content-Disposition": {`form-data; name="file"; filename="` + name + `"`}, "Content-Type": {"text/html"}}
	part, err := w.CreatePart(h)
	if err != nil {
		b.h.t.Fatal(err)
	}
	_, _ = io.WriteString(part, content)
	for i := 0; i+1 < len(after); i += 2 {
		_ = w.WriteField(after[i], after[i+1])
	}
	if err := w.Close(); err != nil {
		b.h.t.Fatal(err)
	}
	r, err := http.NewRequest(http.MethodPost, b.h.web.URL+path, &body)
	if err != nil {
		b.h.t.Fatal(err)
	}
	r.Header.Set("Content-Type", w.FormDataContentType())
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return b.do(r)
}

func (d *deal) step(it *plan.Item) string {
	return "/plans/" + string(d.id) + "/items/" + string(it.ID)
}

// blobs counts what is stored, in all spaces.
func (h *house) blobs() int {
	h.t.Helper()
	n := 0
	if err := h.files.Each(context.Background(), "", func(app.Blob) error { n++; return nil }); err != nil {
		h.t.Fatal(err)
	}
	return n
}

func TestAFileIsGivenOutInert(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	it := d.item("Annahmen im Business Case")
	for _, x := range []struct{ name, content, kind, disposition string }{
		{"page.html", hostile, "application/octet-stream", `attachment; filename="page.html"; filename*=UTF-8''page.html`},
		{"picture.png", `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`, "application/octet-stream", `attachment; filename="picture.png"; filename*=UTF-8''picture.png`},
		{"x.svg", `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`, "application/octet-stream", `attachment; filename="x.svg"; filename*=UTF-8''x.svg`},
		{"Prüfung €.pdf", "%PDF-1.7 …", "application/pdf", `attachment; filename="Pr_fung _.pdf"; filename*=UTF-8''Pr%C3%BCfung%20%E2%82%AC.pdf`},
		{"evil.html", "\x89PNG\r\n\x1a\n" + hostile, "image/png", `inline; filename="evil.html"; filename*=UTF-8''evil.html`},
		{"..%2f..%2fa.txt", "text", "application/octet-stream", `attachment; filename="_2f.._2fa.txt"`},
	} {
		d.seller.sent(d.step(it)+"/document", nil, x.name, x.content).is(t, http.StatusOK)
		all := d.view().Plan.DocumentsOf(it.ID)
		path := "/plans/" + string(d.id) + "/files/" + string(all[len(all)-1].ID)
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			r, err := http.NewRequest(method, d.web.URL+path, nil)
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Range", "bytes=2-3")
			a := d.browserOf("Ute").do(r)
			a.is(t, http.StatusOK)
			if want := x.content; method == http.MethodGet && a.body != want {
				t.Errorf("%s: got %q, want it whole", x.name, a.body)
			}
			for name, want := range map[string]string{"Content-Type": x.kind, "X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store",
				"Accept-Ranges": "none", "Content-Range": "", "Referrer-Policy": "no-referrer", "X-Frame-Options": "DENY", "Cross-Origin-Resource-Policy": "same-origin"} {
				if got := a.header.Get(name); got != want {
					t.Errorf("%s %s: %s is %q, want %q", method, x.name, name, got, want)
				}
			}
			if got := a.header.Get("Content-Disposition"); !strings.HasPrefix(got, x.disposition) {
				t.Errorf("%s: Content-Disposition is %q, want %q", x.name, got, x.disposition)
			}
			if got := a.header.Get("Content-Security-Policy"); !strings.HasPrefix(got, "sandbox; default-src 'none'") {
				t.Errorf("%s: Content-Security-Policy is %q", x.name, got)
			}
		}
	}
}

func TestWhoGetsAFile(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	it := d.item("Annahmen im Business Case")
	ute := d.browserOf("Ute")
	ute.sent(d.step(it)+"/document", nil, "both.pdf", "%PDF-both").is(t, http.StatusOK)
	ute.sent(d.step(it)+"/document", url.Values{"internal": {"off", "on"}, "title": {"Preisgrenze"}}, "intern.pdf", "%PDF-own").is(t, http.StatusOK)
	v, err := d.app.Open(context.Background(), ute.caller(), d.id)
	if err != nil {
		t.Fatal(err)
	}
	base := "/plans/" + string(d.id)
	both, own := base+"/files/"+string(v.Plan.DocumentsOf(it.ID)[0].ID), base+"/files/"+string(v.Own.DocumentsOf(it.ID)[0].ID)

	mara := d.browserOf("Mara")
	for _, b := range []*browser{ute, mara} { // their side
		b.get(both).is(t, http.StatusOK)
		b.get(own).is(t, http.StatusOK)
		b.get(base+"/documents").has(t, "both.pdf", "Preisgrenze", "Nur für Nordwerk")
	}
	d.seller.get(both).is(t, http.StatusOK)
	if got, want := d.seller.get(own), d.seller.get(base+"/files/nothing"); got.status != http.StatusNotFound || short(got.body) != short(want.body) {
		t.Errorf("the other side's own file answers %d like no file would not: %s", got.status, short(got.body))
	}
	for _, path := range []string{"", "/documents", "/history", "/take", "/items/" + string(it.ID), "/take/history.jsonl", "/plan.json", "/mine", "/table"} {
		d.seller.get(base+path).lacks(t, "Preisgrenze", "intern.pdf", "Nur für Nordwerk")
	}
	d.browser("de").get(both).is(t, http.StatusNotFound)
	if n := len(unzip(t, d.seller.get(base+"/take/files.zip"))); n != 2 {
		t.Errorf("the seller's archive has %d files, want one and the list", n)
	}
	if got := unzip(t, ute.get(base+"/take/files.zip")); got["both.pdf"] != "%PDF-both" || got["intern/intern.pdf"] != "%PDF-own" || !strings.Contains(got["documents.csv"], "Preisgrenze") {
		t.Errorf("the buyer's archive: %v", got)
	}

	// A link that is withdrawn opens nothing any more, from the next request on.
	d.do(d.as("Sarah"), plan.Depart{Person: d.people["Mara"]})
	mara.get(both).is(t, http.StatusNotFound)
	mara.get(own).is(t, http.StatusNotFound)
}

func unzip(t *testing.T, a answer) map[string]string {
	t.Helper()
	a.is(t, http.StatusOK)
	z, err := zip.NewReader(strings.NewReader(a.body), int64(len(a.body)))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		out[f.Name] = string(b)
	}
	return out
}

var keptField = regexp.MustCompile(`name="kept" value="([^"]+)"`)

func TestARefusedFormKeepsItsFile(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	it := d.item("Annahmen im Business Case")
	ute := d.browserOf("Ute")
	long := strings.Repeat("x", 600)
	a := ute.sent(d.step(it)+"/document", url.Values{"title": {long}, "key": {"aaaaaa"}}, "case.pdf", "%PDF-case")
	a.is(t, http.StatusUnprocessableEntity)
	a.has(t, long, "Schon hier: case.pdf")
	ticket := html.UnescapeString(keptField.FindStringSubmatch(a.body)[1])
	again := url.Values{"title": {"Business Case"}, "kept": {ticket}, "key": {"aaaaaa"}}
	d.browserOf("Mara").post(d.step(it)+"/document", again).is(t, http.StatusUnprocessableEntity) // not hers
	for range 2 {                                                                                 // sent twice
		ute.post(d.step(it)+"/document", again).is(t, http.StatusOK)
	}
	docs := d.view().Plan.DocumentsOf(it.ID)
	if len(docs) != 1 || docs[0].Title.Value != "Business Case" || docs[0].File == nil || docs[0].File.Name.Value != "case.pdf" {
		t.Fatalf("documents %+v", docs)
	}
	ute.get("/plans/"+string(d.id)+"/files/"+string(docs[0].ID)).has(t, "%PDF-case")
	for _, bad := range []string{"nonsense", ticket + "A", ticket[2:]} {
		again.Set("kept", bad)
		ute.post(d.step(it)+"/document", again).is(t, http.StatusUnprocessableEntity)
	}
}

func TestWhatIsNoFile(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	it := d.item("Annahmen im Business Case")
	ute := d.browserOf("Ute")
	path := d.step(it) + "/document"
	large := strings.Repeat("x", testFileMax+1)
	a := ute.sent(path, url.Values{"title": {"Groß und wichtig"}, "link": {"https://files.example/x"}}, "groß.pdf", large)
	a.is(t, http.StatusRequestEntityTooLarge)
	a.has(t, "groß.pdf", "zu groß", "bis zu 1 MB", "Groß und wichtig", "https://files.example/x")
	ute.sent(path, nil, "empty.pdf", "").has(t, "ist leer")
	ute.post(path, url.Values{"title": {"Nichts"}}).has(t, "Bitte wählen Sie eine Datei")
	ute.sent(path, nil, "x.pdf", "%PDF-", "internal", "on").is(t, http.StatusUnprocessableEntity) // whose it is comes before it
	d.browserOf("Jana").sent(path, nil, "x.pdf", "%PDF-").is(t, http.StatusForbidden)             // a viewer
	d.browser("de").sent(path, nil, "x.pdf", "%PDF-").is(t, http.StatusNotFound)
	if n := len(d.view().Plan.DocumentsOf(it.ID)); n != 0 {
		t.Errorf("%d documents, want none", n)
	}
	for i := range 3 {
		ute.sent(path, nil, "x.pdf", strings.Repeat(string(rune('a'+i)), testFileMax)).is(t, http.StatusOK)
	}
	a = ute.sent(path, url.Values{"title": {"Noch eine"}}, "y.pdf", "one byte too many")
	a.is(t, http.StatusConflict)
	a.has(t, "kein Platz mehr", "3 MB", "Noch eine")
	ute.sent(path, nil, "same.pdf", strings.Repeat("a", testFileMax)).is(t, http.StatusOK) // its bytes are there
	ute.sent(path, url.Values{"internal": {"off", "on"}}, "own.pdf", "our own").is(t, http.StatusOK)
	if strings.Contains(d.log.String(), "groß.pdf") || strings.Contains(d.log.String(), "own.pdf") {
		t.Error("the log holds names of files")
	}
}

func TestAResultFromMine(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	it := d.item("Annahmen im Business Case")
	path, secret := d.link("Ute", it.ID)
	b := d.browser("de") // nobody knows it yet
	page := b.get(path)
	page.has(t, `enctype="multipart/form-data"`, `type="file"`)
	fields := url.Values{"item": {string(it.ID)}, "version": {d.version(it)}, "key": {"resultkey"}, "text": {"Alle neun bestätigt"}}
	a := b.sent("/me/"+string(secret)+"/mine", fields, "Ergebnis.pdf", "%PDF-result", "move", "report")
	a.is(t, http.StatusOK)
	a.has(t, "Danke. Der Schritt ist als erledigt gemeldet.")
	docs := d.view().Plan.DocumentsOf(it.ID)
	if len(docs) != 1 || !docs[0].Delivered || docs[0].File == nil || docs[0].By != d.people["Ute"] {
		t.Fatalf("documents %+v", docs)
	}
	d.seller.get("/plans/"+string(d.id)+"/files/"+string(docs[0].ID)).has(t, "%PDF-result")
	d.seller.get("/plans/"+string(d.id)+"/history").has(t, "ein Ergebnis geliefert: Ergebnis.pdf")

	// A link that is dead stores nothing and gives back what was typed.
	before := d.blobs()
	a = d.browser("de").sent("/me/"+strings.Repeat("x", 43)+"/mine", url.Values{"text": {"Ganz wichtig"}}, "x.pdf", "%PDF-x", "move", "report")
	a.is(t, http.StatusNotFound)
	a.has(t, "Ganz wichtig")
	if d.blobs() != before {
		t.Error("somebody without a link stored a file")
	}
}

func TestAConflictOnMineKeepsTheFile(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	it := d.item("Annahmen im Business Case")
	ute := d.browserOf("Ute")
	fields := url.Values{"item": {string(it.ID)}, "version": {"1"}, "key": {"resultkey"}, "text": {"Fertig"}}
	a := ute.sent("/plans/"+string(d.id)+"/mine", fields, "Ergebnis.pdf", "%PDF-result", "move", "report")
	a.is(t, http.StatusConflict)
	a.has(t, "Schon hier: Ergebnis.pdf", "Fertig")
	fields.Set("kept", html.UnescapeString(keptField.FindStringSubmatch(a.body)[1]))
	fields.Set("version", d.version(it))
	fields.Set("move", "report")
	ute.post("/plans/"+string(d.id)+"/mine", fields).is(t, http.StatusOK)
	if docs := d.view().Plan.DocumentsOf(it.ID); len(docs) != 1 || docs[0].File == nil {
		t.Errorf("documents %+v", docs)
	}
}

func (d *deal) version(it *plan.Item) string { return fieldVersion(d.item(it.Terms.Title.Value)) }

func TestDocumentsAreRemoved(t *testing.T) {
	t.Parallel()
	d := newDeal(t)
	it := d.item("Annahmen im Business Case")
	ute := d.browserOf("Ute")
	ute.sent(d.step(it)+"/document", url.Values{"key": {"firstone"}}, "v1.pdf", "%PDF-1").is(t, http.StatusOK)
	ute.sent(d.step(it)+"/document", url.Values{"key": {"secondone"}, "replaces": {"firstone"}}, "v2.pdf", "%PDF-2").is(t, http.StatusOK)
	page := ute.get("/plans/" + string(d.id) + "/documents")
	page.has(t, "v2.pdf", "Fassung 2", "Eine frühere Fassung", "v1.pdf")
	ute.post(d.step(it)+"/document-remove", url.Values{"document": {"secondone"}}).is(t, http.StatusOK)
	ute.get("/plans/"+string(d.id)+"/files/secondone").is(t, http.StatusNotFound)
	ute.get("/plans/"+string(d.id)+"/files/firstone").is(t, http.StatusOK)
	ute.sent(d.step(it)+"/document", url.Values{"key": {"ownone"}, "internal": {"off", "on"}}, "own.pdf", "%PDF-3").is(t, http.StatusOK)
	ute.post(d.step(it)+"/document-remove", url.Values{"document": {"ownone"}}).is(t, http.StatusOK)
	ute.get("/plans/"+string(d.id)+"/files/ownone").is(t, http.StatusNotFound)
}

func FuzzDisposition(f *testing.F) {
	f.Add("Prüfung €.pdf")
	f.Add("a\"b\\c\r\nX: y.html")
	f.Add("\u202efdp.exe")
	f.Fuzz(func(t *testing.T, s string) {
		got := disposition("attachment", plan.CleanFileName(s))
		if strings.ContainsFunc(got, func(r rune) bool { return r < ' ' || r >= 0x7f }) || strings.Count(got, `"`) != 2 || strings.Contains(got, `\`) {
			t.Errorf("disposition of %q is %q", s, got)
		}
	})
}

func fieldVersion(it *plan.Item) string { return fmt.Sprint(it.Version) }
