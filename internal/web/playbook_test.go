package web

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"tandem/internal/app"
	"tandem/internal/locale"
	"tandem/internal/web/playbook"
)

var hrefs = regexp.MustCompile(`href="([^"]+)"`)

// leads reports whether an address is one of the server's pages.
func (h *house) leads(patterns *http.ServeMux, address string) bool {
	_, pattern := patterns.Handler(httptest.NewRequest("GET", address, nil))
	return pattern != "" && pattern != "/"
}

func (h *house) mux() *http.ServeMux {
	mux := http.NewServeMux()
	for _, p := range h.server.patterns {
		mux.HandleFunc(p, func(http.ResponseWriter, *http.Request) {})
	}
	return mux
}

// Every link of the product's playbook leads to a page there is.
func TestPlaybookLinksLead(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	mux := h.mux()
	for _, page := range app.PlaybookPages {
		for _, lang := range locale.Languages {
			text, _ := playbook.Page(page, lang)
			for _, m := range hrefs.FindAllStringSubmatch(playbook.HTML(text.Markdown, "/plans/p1"), -1) {
				if !h.leads(mux, m[1]) {
					t.Errorf("%s.%s leads to %s, where nothing is", page, lang, m[1])
				}
				if slug, ok := strings.CutPrefix(m[1], "/playbook/"); ok && !slices.Contains(app.PlaybookPages, slug) {
					t.Errorf("%s.%s leads to the page %s, which there is not", page, lang, slug)
				}
			}
		}
	}
}

// A page is read, rewritten, rewritten by two at once, and given back; the
// other language stays as it is.
func TestPlaybookInAWorkspacesWords(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.member("Acme Cloud", "John Martinez", "john@acme.example", true)
	words := func(title, text, version string) url.Values {
		return url.Values{"title": {title}, "lead": {"Kurz."}, "text": {text}, "language": {"en"}, "version": {version}, "do": {"save"}}
	}
	b.post("/settings/language", url.Values{"lang": {"en"}, "back": {"/"}})
	if a := b.get("/playbook/when"); !strings.Contains(a.body, "When a plan helps") || strings.Contains(a.body, "in your words") {
		t.Errorf("the product's text is not shown: %s", a.body)
	}
	preview := words("Our way", "<script>alert(1)</script>\n\nAsk **first**.", "0")
	preview.Set("do", "preview")
	if a := b.post("/playbook/when/edit", preview); !strings.Contains(a.body, "Ask <strong>first</strong>.") || strings.Contains(a.body, "<script>alert") {
		t.Errorf("the preview: %s", a.body)
	}
	if a := b.get("/playbook/when"); strings.Contains(a.body, "Our way") {
		t.Error("a preview was saved")
	}
	if a := b.post("/playbook/when/edit", words("", "Ask.", "0")); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, ">Ask.</textarea>") {
		t.Errorf("without a heading: %d, and what was typed is kept: %v", a.status, strings.Contains(a.body, ">Ask.</textarea>"))
	}
	if a := b.post("/playbook/when/edit", words("Long", strings.Repeat("ä", 12_001), "0")); a.status != http.StatusUnprocessableEntity {
		t.Errorf("too long: %d", a.status)
	}
	if a := b.post("/playbook/when/edit", words("Our way", "Ask **first**.", "0")); a.status != http.StatusOK || !strings.Contains(a.body, "Our way") || !strings.Contains(a.body, "John Martinez") {
		t.Errorf("saved: %d %s", a.status, a.body)
	}
	a := b.post("/playbook/when/edit", words("Another way", "Ask later.", "0"))
	if a.status != http.StatusConflict || !strings.Contains(a.body, ">Ask later.</textarea>") || !strings.Contains(a.body, "Ask <strong>first</strong>") || !strings.Contains(a.body, `name="version" value="1"`) {
		t.Errorf("somebody was faster: %d %s", a.status, a.body)
	}
	if a := b.get("/playbook"); !strings.Contains(a.body, "Our way") || !strings.Contains(a.body, "in your words") {
		t.Errorf("the overview: %s", a.body)
	}
	other := h.member("Borealis", "Bea Nord", "bea@borealis.example", true)
	if a := other.get("/playbook/when"); strings.Contains(a.body, "Our way") {
		t.Error("another workspace reads it")
	}
	b.post("/settings/language", url.Values{"lang": {"de"}, "back": {"/"}})
	if a := b.get("/playbook/when"); !strings.Contains(a.body, "Wann ein Plan hilft") {
		t.Error("the German page is not the product's any more")
	}
	b.post("/settings/language", url.Values{"lang": {"en"}, "back": {"/"}})
	if a := b.post("/playbook/when/return", url.Values{"language": {"en"}, "version": {"1"}}); !strings.Contains(a.body, "When a plan helps") {
		t.Errorf("given back: %s", a.body)
	}
	if a := b.get("/playbook/when/edit?language=en&version=1"); !strings.Contains(a.body, ">Ask **first**.</textarea>") {
		t.Errorf("the words are not among the versions: %s", a.body)
	}
}

// A workspace adds pages of its own; one that is written in one language only
// is read in that one.
func TestPlaybookPagesOfOnesOwn(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.member("Acme Cloud", "John Martinez", "john@acme.example", true)
	form := url.Values{"title": {"Größere Häuser & Verbände"}, "text": {"Erst **fragen**.\n\n<iframe src=//evil.example></iframe>"}, "language": {"de"}, "do": {"save"}}
	a := b.post("/playbook/new", form)
	if a.path != "/playbook/groessere-haeuser-verbaende" || !strings.Contains(a.body, `lang="de"`) || strings.Contains(a.body, "iframe") {
		t.Errorf("made: %s %s", a.path, a.body)
	}
	if a := b.post("/playbook/new", form); a.path != "/playbook/groessere-haeuser-verbaende-2" {
		t.Errorf("a second one of the same name: %s", a.path)
	}
	if a := b.post("/playbook/new", url.Values{"title": {"New"}, "text": {"x"}, "language": {"en"}}); a.path != "/playbook/new-2" {
		t.Errorf("one called New: %s", a.path)
	}
	if a := b.post("/playbook/groessere-haeuser-verbaende/return", url.Values{"language": {"de"}, "version": {"1"}}); a.path != "/playbook" {
		t.Errorf("taken out: %s", a.path)
	}
	if a := b.get("/playbook/groessere-haeuser-verbaende"); a.status != http.StatusNotFound {
		t.Errorf("after it was taken out: %d", a.status)
	}
}

// From a plan the playbook's links lead back into that plan, if it is one of
// the reader's; the buyer's side gets no link to the playbook.
func TestPlaybookKnowsThePlanOneComesFrom(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.member("Acme Cloud", "John Martinez", "john@acme.example", true)
	id := string(b.samplePlan())
	for _, path := range []string{"/share", "/check-ins", "/propose", "/backwards"} {
		if a := b.get("/plans/" + id + path); !strings.Contains(a.body, "?plan="+id+`" data-playbook`) {
			t.Errorf("%s has no link to the playbook", path)
		}
	}
	if a := b.get("/playbook/check-in?plan=" + id); !strings.Contains(a.body, `href="/plans/`+id+`/check-ins"`) {
		t.Errorf("no way back into the plan: %s", a.body)
	}
	other := h.member("Borealis", "Bea Nord", "bea@borealis.example", true)
	for _, q := range []string{"?plan=" + id, "?plan=none", "?plan=%22%3E%3Cscript%3E", ""} {
		if a := other.get("/playbook/check-in" + q); a.status != http.StatusOK || strings.Contains(a.body, "/plans/") {
			t.Errorf("another workspace with %q: %d %s", q, a.status, a.body)
		}
	}
}
