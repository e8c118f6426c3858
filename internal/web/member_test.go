package web

import (
	"net/http"
	"net/url"
	"slices"
	"testing"

	"tandem/internal/app"
)

func TestAdministratorsChangeRolesAndAccounts(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	admin := h.member("Acme Cloud", "John Martinez", "john@acme.example", true)
	own := string(admin.caller().Member.ID)
	a := admin.post("/workspace/people", url.Values{"name": {"Priya Natarajan"}, "email": {"priya@acme.example"}, "language": {"de"}, "role": {"manager"}})
	a.is(t, http.StatusOK)
	all, err := h.app.Colleagues(t.Context(), admin.caller())
	at := slices.IndexFunc(all, func(m app.Member) bool { return m.Name == "Priya Natarajan" })
	if err != nil || at < 0 || all[at].Role != app.RoleManager {
		t.Fatalf("got %+v, %v; want a manager", all, err)
	}
	priya := all[at]
	them := "/workspace/people/" + string(priya.ID)
	colleague := h.signedIn(priya, "de")
	colleague.get("/workspace").lacks(t, them)

	for _, move := range []struct{ path, role string }{{"/role", "seller"}, {"/off", ""}} { // the last one stays
		a := admin.post("/workspace/people/"+own+move.path, url.Values{"role": {move.role}})
		a.is(t, http.StatusConflict)
		a.has(t, "der letzte Zugang")
	}
	admin.post(them+"/role", url.Values{"role": {"emperor"}}).is(t, http.StatusUnprocessableEntity)
	admin.post(them+"/role", url.Values{"role": {"admin"}}).has(t, "Die Rolle ist geändert")
	colleague.get("/workspace").has(t, them) // at once

	admin.post(them+"/off", nil).has(t, "alle Sitzungen sind beendet", "Zugang gesperrt")
	colleague.get("/workspace").is(t, http.StatusNotFound)
	if c := colleague.caller(); c.Member != nil || len(c.Session.Hash) != 0 {
		t.Errorf("who was switched off is still %+v", c)
	}
	again := admin.post("/workspace/people", url.Values{"name": {"Priya Natarajan"}, "email": {"priya@acme.example"}, "language": {"de"}, "role": {"seller"}})
	again.is(t, http.StatusConflict)
	admin.post(them+"/on", nil).has(t, "wieder frei")
	h.signedIn(priya, "de").get("/workspace").is(t, http.StatusOK)
}
