package web

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"tandem/internal/app"
	"tandem/internal/plan"
)

// Everything that shows or changes a tenant's data is closed to who has no
// session, to another organisation, and to who lacks the right.
func TestDenials(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := context.Background()
	seller := h.member("Acme Cloud", "John Martinez", "john@acme.example", true)
	other := h.member("Borealis", "Bea Nord", "bea@borealis.example", true)
	id := string(seller.samplePlan())
	guest := h.guest(seller, id)
	colleagueLink, err := h.app.AddColleague(ctx, seller.caller(), "Priya Natarajan", "priya@acme.example", "en", app.RoleSeller)
	if err != nil {
		t.Fatal(err)
	}
	colleague := h.browser("en")
	colleague.post("/in/"+string(colleagueLink), nil).is(t, http.StatusOK)
	colleagueID := string(colleague.caller().Member.ID)
	draft := string(seller.samplePlan())
	nobody := h.browser("en")

	get := func(b *browser, path string) answer { return b.get(path) }
	post := func(b *browser, path string) answer {
		return b.post(path, url.Values{"name": {"Eve"}, "email": {"eve@x.example"}, "title": {"T"}, "buyer": {"B"}, "seller": {"S"}, "language": {"de"}, "role": {"seller"}})
	}
	for _, c := range []struct {
		name string
		who  *browser
		ask  func(*browser, string) answer
		path string
		want int
	}{
		{"files, no session", nobody, get, "/plans/" + id + "/take", 404},
		{"files, other organisation", other, get, "/plans/" + id + "/take", 404},
		{"files, not on the plan", colleague, get, "/plans/" + id + "/take", 403},
		{"file, no session", nobody, get, "/plans/" + id + "/take/plan.json", 404},
		{"file, other organisation", other, get, "/plans/" + id + "/take/plan.json", 404},
		{"file, not on the plan", colleague, get, "/plans/" + id + "/take/table.csv", 403},
		{"file of a draft, other side", guest, get, "/plans/" + draft + "/take/plan.json", 404},
		{"history, other side's draft", guest, get, "/plans/" + draft + "/take/history.jsonl", 404},
		{"links, no session", nobody, get, "/plans/" + id + "/links", 404},
		{"links, other organisation", other, get, "/plans/" + id + "/links", 404},
		{"links, not on the plan", colleague, get, "/plans/" + id + "/links", 403},
		{"own link, no session", nobody, post, "/plans/" + id + "/links", 404},
		{"own link, other organisation", other, post, "/plans/" + id + "/links", 404},
		{"own link, not on the plan", colleague, post, "/plans/" + id + "/links", 403},
		{"closing the door, no session", nobody, post, "/plans/" + id + "/links/close", 404},
		{"closing the door, other organisation", other, post, "/plans/" + id + "/links/close", 404},
		{"closing the door, no lead", guest, post, "/plans/" + id + "/links/close", 403},
		{"live, no session", nobody, get, "/plans/" + id + "/live", 404},
		{"live, other organisation", other, get, "/plans/" + id + "/live", 404},
		{"live, not on the plan", colleague, get, "/plans/" + id + "/live", 403},
		{"workspace, no session", nobody, get, "/workspace", 404},
		{"workspace, guest", guest, get, "/workspace", 404},
		{"settings, no session", nobody, post, "/workspace", 404},
		{"settings, guest", guest, post, "/workspace", 404},
		{"settings, no administrator", colleague, post, "/workspace", 403},
		{"colleague, no session", nobody, post, "/workspace/people", 404},
		{"colleague, guest", guest, post, "/workspace/people", 404},
		{"colleague, no administrator", colleague, post, "/workspace/people", 403},
		{"role, no session", nobody, post, "/workspace/people/" + colleagueID + "/role", 404},
		{"role, guest", guest, post, "/workspace/people/" + colleagueID + "/role", 404},
		{"role, no administrator", colleague, post, "/workspace/people/" + colleagueID + "/role", 403},
		{"role, other organisation", other, post, "/workspace/people/" + colleagueID + "/role", 404},
		{"off, no session", nobody, post, "/workspace/people/" + colleagueID + "/off", 404},
		{"off, guest", guest, post, "/workspace/people/" + colleagueID + "/off", 404},
		{"off, no administrator", colleague, post, "/workspace/people/" + colleagueID + "/off", 403},
		{"off, other organisation", other, post, "/workspace/people/" + colleagueID + "/off", 404},
		{"on, no session", nobody, post, "/workspace/people/" + colleagueID + "/on", 404},
		{"on, guest", guest, post, "/workspace/people/" + colleagueID + "/on", 404},
		{"on, no administrator", colleague, post, "/workspace/people/" + colleagueID + "/on", 403},
		{"on, other organisation", other, post, "/workspace/people/" + colleagueID + "/on", 404},
		{"new, no session", nobody, get, "/new", 404},
		{"new, guest", guest, get, "/new", 404},
		{"upload, no session", nobody, get, "/new/sheet", 404},
		{"upload, guest", guest, post, "/new/sheet", 404},
		{"preview, no session", nobody, post, "/new/preview", 404},
		{"preview, guest", guest, post, "/new/preview", 404},
		{"create, no session", nobody, post, "/new/create", 404},
		{"create, guest", guest, post, "/new/create", 404},
		{"blank, no session", nobody, post, "/new/blank", 404},
		{"blank, guest", guest, post, "/new/blank", 404},
		{"sample, no session", nobody, post, "/new/sample", 404},
		{"sample, guest", guest, post, "/new/sample", 404},
	} {
		a := c.ask(c.who, c.path)
		if a.status != c.want {
			t.Errorf("%s: %d, want %d", c.name, a.status, c.want)
		}
		if c.want == 404 && (strings.Contains(a.body, "Nordwerk") || strings.Contains(a.body, "Martinez")) {
			t.Errorf("%s: the answer tells something", c.name)
		}
	}
	if other.get("/").lacks(t, "Nordwerk"); t.Failed() {
		return
	}
	// A plan that does not exist looks like one that is not yours.
	secret := other.get("/plans/" + id + "/take")
	none := other.get("/plans/000000000000000000000000/take")
	if strings.ReplaceAll(secret.body, id, "") != strings.ReplaceAll(none.body, "000000000000000000000000", "") {
		t.Error("one can tell whether a plan exists")
	}
}

// guest comes into a plan by a link out of a mail, as a buyer whom the seller
// named and nobody let in yet.
func (h *house) guest(seller *browser, id string) *browser {
	h.t.Helper()
	ctx := context.Background()
	if _, err := h.app.ShareLink(ctx, seller.caller(), plan.ID(id)); err != nil {
		h.t.Fatal(err)
	}
	secret := h.linkFor(seller, id, "Sarah Chen")
	b := h.browser("de")
	a := b.post("/me/"+string(secret), nil)
	if a.path != "/plans/"+id {
		h.t.Fatalf("ended at %s with %d: %s", a.path, a.status, short(a.body))
	}
	return b
}

// linkFor is a link as it stands in a mail to somebody of a plan.
func (h *house) linkFor(seller *browser, id, name string) app.Secret {
	h.t.Helper()
	v, err := h.app.Open(context.Background(), seller.caller(), plan.ID(id))
	if err != nil {
		h.t.Fatal(err)
	}
	for _, q := range v.Plan.Everybody() {
		if q.Name.Value == name {
			secret, err := h.app.DemoLink(context.Background(), app.Pass{Kind: app.PersonalPass, Plan: plan.ID(id), Person: q.ID, Side: q.Side})
			if err != nil {
				h.t.Fatal(err)
			}
			return secret
		}
	}
	h.t.Fatalf("there is no %s", name)
	return ""
}
