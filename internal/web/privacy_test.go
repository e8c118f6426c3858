package web

import (
	"net/http"
	"net/url"
	"testing"
)

func TestPrivacyPages(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	seller := h.member("Acme Cloud", "John Martinez", "john@acme.example", true)
	id := string(seller.samplePlan())
	guest := h.guest(seller, id)
	at := "/plans/" + id + "/about-me"
	guest.get(at).has(t, "Was über Sie gespeichert ist", "Sarah Chen", "sarah.chen@nordwerk.example", "Acme Hosting", "nicht gemessen")
	guest.get(at).lacks(t, "John Martinez", "john@acme.example")
	file := guest.get(at + ".json")
	file.has(t, `"tandem.about/1"`, "sarah.chen@nordwerk.example")
	file.lacks(t, "john@acme.example")
	guest.get(at+"/erase").has(t, "Sich aus diesem Plan löschen", "Ja, endgültig löschen")
	guest.get(at).is(t, http.StatusOK) // asking erased nothing
	guest.post(at+"/erase", nil).is(t, http.StatusUnprocessableEntity)
	guest.get(at).is(t, http.StatusOK)

	seller.get("/workspace/privacy").has(t, "Datenschutz", `name="keep"`)
	a := seller.post("/workspace/privacy", url.Values{"keep": {"6"}, "mails": {"eins"}, "least": {"5"}})
	a.is(t, http.StatusUnprocessableEntity)
	a.has(t, "7 bis 3.650 Tage", `value="eins"`, `value="6"`) // what was typed stays
	if a := seller.post("/workspace/privacy", url.Values{"keep": {"6"}, "mails": {"30"}, "least": {"5"}}); a.path != "/workspace/privacy" || a.status != http.StatusOK {
		t.Errorf("saving ended at %s with %d", a.path, a.status)
	}
	seller.get("/workspace/privacy").has(t, `value="30"`)
	seller.get("/workspace/answers").has(t, "ausgeschaltet")
	found := seller.post("/workspace/privacy/find", url.Values{"email": {"Ute.Brandt@nordwerk.example"}})
	found.has(t, "Dr. Ute Brandt", "/workspace/privacy/erase/"+id+"/")
	seller.post("/workspace/privacy/find", url.Values{"email": {"nobody@nordwerk.example"}}).has(t, "niemand in einem Plan")

	done := guest.post(at+"/erase", url.Values{"sure": {"on"}})
	done.has(t, "Gelöscht")
	guest.get("/plans/"+id).is(t, http.StatusNotFound)
}
