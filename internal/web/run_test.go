package web

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"tandem/internal/plan"
	"tandem/internal/web/present"
)

// held opens a check-in without appointment and gives its path.
func (b *browser) held(t *testing.T, id string) string {
	t.Helper()
	a := b.post("/plans/"+id+"/check-ins/now/2028-05-03/run", nil)
	if a.status != http.StatusOK || !strings.HasSuffix(a.path, "/run") {
		t.Fatalf("a check-in was opened and answered %d at %s", a.status, a.path)
	}
	return a.path
}

// from posts a form that stands on a page.
func (b *browser) from(page, path string, form url.Values) answer {
	b.h.t.Helper()
	r, err := http.NewRequest(http.MethodPost, b.h.web.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		b.h.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.Header.Set("Referer", b.h.web.URL+page)
	return b.do(r)
}

// What is done in a check-in works without a script: each form leads back to
// it, and a refused one keeps what was typed.
func TestACheckInIsHeldWithoutAScript(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	seller := h.member("Acme Cloud", "John Martinez", "john@acme.example", true)
	id, guest := h.agreedPlan(seller)
	seller.get("/plans/"+id+"/check-ins/now/2028-05-03/run").has(t, "Check-in beginnen")
	seller.get("/plans/"+id+"/check-ins/now/tomorrow/run").is(t, http.StatusNotFound)
	seller.get("/plans/"+id+"/check-ins/other/2028-05-03/run").is(t, http.StatusNotFound)
	path := seller.held(t, id)
	guest.get("/plans/"+id).has(t, "opened the check-in", path)

	v := h.view(seller, id)
	var mine *plan.Item
	for _, it := range v.Plan.Live(plan.KindAction) {
		if it.Terms.Party == plan.BySeller && it.Progress.Status != plan.Done && it.Progress.Status != plan.Blocked {
			mine = it
			break
		}
	}
	a := seller.from(path, fmt.Sprintf("/plans/%s/items/%s/report", id, mine.ID), url.Values{"version": {fmt.Sprint(mine.Version)}, "result": {"Heute verschickt."}})
	if a.path != path {
		t.Errorf("a step that was reported in a check-in leads to %s, want %s", a.path, path)
	}
	a.has(t, "Heute verschickt.")
	guest.get(path).has(t, "Heute verschickt.")

	a = guest.from(path, path+"/note", url.Values{"text": {"Wir brauchen die Liste bis Freitag <b>"}})
	a.has(t, "Wir brauchen die Liste bis Freitag &lt;b&gt;")
	if a = guest.from(path, path+"/note", url.Values{"text": {" "}}); a.status < 400 {
		t.Errorf("an empty note was answered %d", a.status)
	}
	guest.post(path+"/nothing", nil).is(t, http.StatusNotFound)

	a = seller.post(path+"/close", url.Values{"person": {string(v.Me.ID)}})
	if !strings.Contains(a.path, "/minutes/") {
		t.Fatalf("closing leads to %s", a.path)
	}
	a.has(t, "Protokoll: Check-in", "Heute verschickt.", "Wir brauchen die Liste bis Freitag", "John Martinez")
	guest.get(path).has(t, a.path)
	seller.get("/plans/"+id+"/minutes").has(t, a.path)
	seller.get("/plans/"+id+"/minutes/none").is(t, http.StatusNotFound)

	// Another plan's minutes are not these.
	other := string(seller.samplePlan())
	seller.get("/plans/"+other+"/minutes/"+a.path[strings.LastIndex(a.path, "/")+1:]).is(t, http.StatusNotFound)
}

// What one does in a check-in, the other's page is told.
func TestACheckInIsLive(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	seller := h.member("Acme Cloud", "John Martinez", "john@acme.example", true)
	id, guest := h.agreedPlan(seller)
	path := seller.held(t, id)
	v := h.view(seller, id)
	run := v.Plan.OpenRun()
	s := guest.stream("/plans/" + id + "/live?tab=run&run=" + string(run.ID) + "&day=" + run.Day.String())
	if _, err := h.app.Do(context.Background(), seller.caller(), plan.ID(id), plan.NoteCheckIn{Run: run.ID, ID: "n1", Text: "Das hört jeder."}); err != nil {
		t.Fatal(err)
	}
	for m := s.next().data; !strings.Contains(m, "Das hört jeder."); m = s.next().data { // who is here comes first
		if strings.Contains(m, `id="run-notes"`) {
			t.Fatalf("the notes came without the note: %s", m)
		}
	}
	guest.get("/plans/"+id+"/live?tab=run&run=other&day=2028-05-03").is(t, http.StatusNotFound)
	if got := present.PathOfRun("/plans/"+id, run); got != path {
		t.Errorf("its path is %s, want %s", got, path)
	}
}
