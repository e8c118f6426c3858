package web

import (
	"context"
	"net/http"
	"net/url"
	"testing"
	"time"

	"tandem/internal/plan"
)

// A member whose sign-in is old proves themselves by signing in once more and
// comes back to the plan, which is then shown again and accepts nothing itself.
func TestAMemberProvesThemselvesBySigningInAgain(t *testing.T) {
	t.Parallel()
	h := newSignInHouse(t)
	john := h.house.member("Acme Cloud", "John Martinez", "john@acme.example", true)
	id := string(john.samplePlan())
	if _, err := h.app.Do(context.Background(), john.caller(), plan.ID(id), plan.Share{}); err != nil {
		t.Fatal(err)
	}
	h.pass(25 * time.Hour)
	v, err := h.app.Open(context.Background(), john.caller(), plan.ID(id))
	if err != nil {
		t.Fatal(err)
	}
	form := url.Values{"version": {"1"}}
	for _, x := range v.Plan.Shown() {
		form.Add("seen", string(x.Item)+"="+string(x.Digest))
	}
	john.post("/plans/"+id+"/accept", form).has(t, "/proof/sign-in", "Stattdessen neu anmelden")
	a := john.post("/plans/"+id+"/proof/sign-in", form)
	if a.path != "/sign-in" {
		t.Fatalf("led to %s", a.path)
	}
	h.deliver() // the code that was mailed as soon as he accepted
	john.post("/sign-in", url.Values{"email": {"john@acme.example"}}).is(t, http.StatusOK)
	code := ""
	for _, m := range h.deliver() {
		code += m.Code
	}
	if a = john.post("/sign-in/code", url.Values{"code": {code}}); a.path != "/plans/"+id+"/accept" {
		t.Fatalf("after signing in: %s (%d)", a.path, a.status)
	}
	if v, err = h.app.Open(context.Background(), john.caller(), plan.ID(id)); err != nil || v.Plan.Accepted.Seller.By != "" {
		t.Errorf("the plan accepted itself: %+v, %v", v.Plan.Accepted, err)
	}
	if a = john.post("/plans/"+id+"/accept", form); a.path == "/plans/"+id+"/accept" {
		t.Errorf("accepting after the proof ended at %s (%d): %s", a.path, a.status, short(a.body))
	}
}
