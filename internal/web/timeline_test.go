package web

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"tandem/internal/civil"
	"tandem/internal/plan"
)

// starts finds an item of a plan by the beginning of its title.
func starts(t *testing.T, p *plan.Plan, title string) *plan.Item {
	t.Helper()
	for _, it := range p.Live(plan.KindAction) {
		if strings.HasPrefix(it.Terms.Title.Value, title) {
			return it
		}
	}
	t.Fatalf("no step %q", title)
	return nil
}

const legalReview = "Vertragsbedingungen prüfen"

// The timeline is closed to who may not see the plan; looking and sending.
func TestTimelineDenials(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	seller := h.member("Acme Cloud", "John Martinez", "john@acme.example", true)
	other := h.member("Borealis", "Bea Nord", "bea@borealis.example", true)
	id, guest := h.agreedPlan(seller)
	draft := string(seller.samplePlan())
	v := h.view(seller, id)
	it := starts(t, v.Plan, legalReview)
	form := url.Values{"item": {string(it.ID)}, "reason": {"Because"}, "due." + string(it.ID): {(it.Terms.Due + 7).String()}, "version." + string(it.ID): {"1"}}
	for name, b := range map[string]*browser{"no session": h.browser("en"), "other organisation": other} {
		for _, path := range []string{"/timeline", "/timeline?item=" + string(it.ID) + "&due=2028-07-03"} {
			a := b.get("/plans/" + id + path)
			a.is(t, http.StatusNotFound)
			a.lacks(t, "Nordwerk", "Martinez")
		}
		if a := b.post("/plans/"+id+"/timeline", form); a.status != http.StatusNotFound {
			t.Errorf("%s sends: %d", name, a.status)
		}
	}
	guest.get("/plans/"+draft+"/timeline").is(t, http.StatusNotFound)
	if n := len(h.view(seller, id).Plan.OpenProposals()); n != 0 {
		t.Errorf("%d proposals by strangers", n)
	}
}

// Who only typed a name may look at what would move, and send nothing.
func TestTimelineOfAStranger(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	seller := h.member("Acme Cloud", "John Martinez", "john@acme.example", true)
	id := string(seller.samplePlan())
	guest := h.guest(seller, id)
	it := starts(t, h.view(seller, id).Plan, legalReview)
	was := it.Terms.Due
	guest.get("/plans/"+id+"/timeline").has(t, `class="tl-row`, legalReview)
	guest.post("/plans/"+id+"/timeline", url.Values{"item": {string(it.ID)}, "due." + string(it.ID): {(was + 7).String()}, "version." + string(it.ID): {"1"}})
	if now := starts(t, h.view(seller, id).Plan, legalReview).Terms.Due; now != was {
		t.Errorf("a stranger moved it from %v to %v", was, now)
	}
}

var hidden = regexp.MustCompile(`<input type="hidden" name="((?:due|version)\.[^"]+)" value="([^"]+)"`)

// try asks what another date would move, and returns the form that sends it.
func (b *browser) try(t *testing.T, id string, it *plan.Item, due civil.Day) (answer, url.Values) {
	t.Helper()
	a := b.get("/plans/" + id + "/timeline?zoom=week&item=" + string(it.ID) + "&due=" + due.String())
	a.is(t, http.StatusOK)
	form := url.Values{"item": {string(it.ID)}}
	for _, m := range hidden.FindAllStringSubmatch(a.body, -1) {
		form.Set(m[1], m[2])
	}
	return a, form
}

// Of an agreed plan: what would move is shown and changes nothing; sent, it is
// one proposal of exactly that; the other side's yes moves all of it at once.
func TestTimelineMakesOneProposal(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	seller := h.member("Acme Cloud", "John Martinez", "john@acme.example", true)
	id, guest := h.agreedPlan(seller)
	before := h.view(seller, id)
	it := starts(t, before.Plan, legalReview)

	a, form := guest.try(t, id, it, it.Terms.Due+14)
	a.has(t, `class="tl-ghost"`, `id="tl-send"`, "zoom=week")
	if n := len(form); n < 7 { // the item, and at least three dates with their versions
		t.Fatalf("too little would move: %v", form)
	}
	if now := h.view(seller, id); now.Plan.Head.Seq != before.Plan.Head.Seq {
		t.Fatal("looking changed the plan")
	}

	refused := guest.post("/plans/"+id+"/timeline", form) // no reason was given
	refused.is(t, http.StatusUnprocessableEntity)
	refused.has(t, `id="tl-send"`, `class="tl-ghost"`)

	form.Set("reason", "Zwei Ausschreibungen")
	if a := guest.post("/plans/"+id+"/timeline", form); a.status != http.StatusOK || a.path != "/plans/"+id+"/timeline" {
		t.Fatalf("sending ended at %s with %d: %s", a.path, a.status, short(a.body))
	}
	now := h.view(seller, id)
	open := now.Plan.OpenProposals()
	if len(open) != 1 || len(open[0].Changes) != (len(form)-2)/2 {
		t.Fatalf("%d proposals, want one with %d changes", len(open), (len(form)-2)/2)
	}
	if got := now.Plan.Items[it.ID].Terms.Due; got != it.Terms.Due {
		t.Errorf("a proposal moved the date to %v", got)
	}
	seller.post("/plans/"+id+"/proposals/"+string(open[0].ID)+"/accept", url.Values{"digest": {string(open[0].Digest())}}).is(t, http.StatusOK)
	then := h.view(seller, id)
	for name, value := range form {
		if item, ok := strings.CutPrefix(name, "due."); ok && then.Plan.Items[plan.ID(item)].Terms.Due.String() != value[0] {
			t.Errorf("%s is on %v, want %s", item, then.Plan.Items[plan.ID(item)].Terms.Due, value[0])
		}
	}
	if _, again := guest.try(t, id, it, it.Terms.Due+14); len(again) > 1 && again.Get("due."+string(it.ID)) != form.Get("due."+string(it.ID)) {
		t.Errorf("once moved, the same date moves more: %v", again)
	}
}

// Before the agreement both write freely: the dates are changed as one, or,
// when somebody was faster, none of them.
func TestTimelineChangesADraft(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	seller := h.member("Acme Cloud", "John Martinez", "john@acme.example", true)
	id := string(seller.samplePlan())
	it := starts(t, h.view(seller, id).Plan, legalReview)
	_, form := seller.try(t, id, it, it.Terms.Due+14)

	stale := url.Values{}
	for k, v := range form {
		stale[k] = v
	}
	last := ""
	for k := range form {
		if strings.HasPrefix(k, "version.") && k != "version."+string(it.ID) {
			last = k
		}
	}
	stale.Set(last, "99")
	seller.post("/plans/"+id+"/timeline", stale).is(t, http.StatusConflict)
	if now := h.view(seller, id).Plan.Items[it.ID].Terms.Due; now != it.Terms.Due {
		t.Fatalf("one of several failed, but this one moved to %v", now)
	}
	seller.post("/plans/"+id+"/timeline", form).is(t, http.StatusOK)
	now := h.view(seller, id)
	for name, value := range form {
		if item, ok := strings.CutPrefix(name, "due."); ok && now.Plan.Items[plan.ID(item)].Terms.Due.String() != value[0] {
			t.Errorf("%s is on %v, want %s", item, now.Plan.Items[plan.ID(item)].Terms.Due, value[0])
		}
	}
}

// What cannot be tried is said, and the page stands.
func TestTimelineOfOddQuestions(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	seller := h.member("Acme Cloud", "John Martinez", "john@acme.example", true)
	id := string(seller.samplePlan())
	it := starts(t, h.view(seller, id).Plan, legalReview)
	seller.get("/plans/"+id+"/timeline?item=nothing&due=2028-07-03").is(t, http.StatusOK)
	seller.get("/plans/"+id+"/timeline?item="+string(it.ID)).has(t, `id="tl-due"`)
	seller.get("/plans/"+id+"/timeline?item="+string(it.ID)+"&due=soon").is(t, http.StatusUnprocessableEntity)
	seller.get("/plans/"+id+"/timeline?item="+string(it.ID)+"&due=2199-12-31").is(t, http.StatusOK)
	seller.get("/plans/"+id+"/timeline?zoom=lightyear&done=1").has(t, `class="tl-row`)
}
