package app_test

import (
	"testing"
	"time"

	"tandem/internal/app"
	"tandem/internal/civil"
	"tandem/internal/fault"
	"tandem/internal/plan"
	"tandem/internal/planfile"
	"tandem/internal/process"
)

// colleague is a member of the workspace with a role.
func (h *house) colleague(name string, role app.Role) app.Caller {
	h.t.Helper()
	m := app.Member{ID: h.NewID(), Workspace: h.seller.Member.Workspace, Name: name, Email: name + "@acme.example", Language: "en", Role: role, Created: h.now}
	if err := h.store.SaveMember(h.ctx(), m); err != nil {
		h.t.Fatal(err)
	}
	return app.Caller{Member: &m}
}

// outsider administers another workspace of the same server.
func (h *house) outsider() app.Caller {
	h.t.Helper()
	w := app.Workspace{ID: h.NewID(), Name: "Elsewhere", Language: "en", Zone: "UTC", Created: h.now}
	m := app.Member{ID: h.NewID(), Workspace: w.ID, Name: "Eve", Email: "eve@x.example", Role: app.RoleAdmin, Created: h.now}
	if err := h.store.SaveWorkspace(h.ctx(), w); err != nil {
		h.t.Fatal(err)
	}
	if err := h.store.SaveMember(h.ctx(), m); err != nil {
		h.t.Fatal(err)
	}
	return app.Caller{Member: &m}
}

// Members read, administrators and managers write, and a workspace's own are
// nobody else's.
func TestWhoMayShapeProcesses(t *testing.T) {
	t.Parallel()
	h := open(t)
	nobody, elsewhere, seller := app.Caller{}, h.outsider(), h.colleague("priya", app.RoleSeller)
	manager := h.colleague("max", app.RoleManager)
	p := process.Builtin("small").As(string(h.NewID()), 1)
	_, err := h.SaveProcess(h.ctx(), nobody, p, 0, "")
	wantFault(t, err, fault.Missing, "fault.missing")
	_, err = h.SaveProcess(h.ctx(), seller, p, 0, "")
	wantFault(t, err, fault.Forbidden, "templates.fault.right")
	if _, err := h.SaveProcess(h.ctx(), manager, p, 0, "small@1"); err != nil {
		t.Fatal(err)
	}
	for _, c := range []app.Caller{nobody, elsewhere} {
		_, err := h.Process(h.ctx(), c, p.ID)
		wantFault(t, err, fault.Missing, "fault.missing")
		_, err = h.ProcessVersions(h.ctx(), c, p.ID)
		wantFault(t, err, fault.Missing, "fault.missing")
		_, _, err = h.LayProcess(h.ctx(), c, p.ID, process.Fill{})
		wantFault(t, err, fault.Missing, "fault.missing")
		wantFault(t, h.WithdrawProcess(h.ctx(), c, p.ID, false), fault.Missing, "fault.missing")
	}
	wantFault(t, h.WithdrawProcess(h.ctx(), seller, p.ID, false), fault.Forbidden, "templates.fault.right")
	if got, err := h.Process(h.ctx(), seller, p.ID); err != nil || !got.Same(p) {
		t.Errorf("a member reads %v, %v", got, err)
	}
	_, err = h.SaveProcess(h.ctx(), manager, process.Builtin("small"), 0, "")
	wantFault(t, err, fault.Invalid, "fault.id") // what is built in stays
	broken := p.As(string(h.NewID()), 1)
	broken.Steps = nil
	_, err = h.SaveProcess(h.ctx(), manager, broken, 0, "")
	wantFault(t, err, fault.Invalid, "process.fault.empty")
}

// Old versions stay readable, and a plan says from which it was made.
func TestProcessInVersions(t *testing.T) {
	t.Parallel()
	h := open(t)
	id := string(h.NewID())
	first := process.Builtin("small").As(id, 1)
	if _, err := h.SaveProcess(h.ctx(), h.seller, first, 0, "small@1"); err != nil {
		t.Fatal(err)
	}
	if _, err := h.SaveProcess(h.ctx(), h.seller, first, 0, "small@1"); err != nil {
		t.Errorf("the form sent twice: %v", err)
	}
	made, err := h.CreateFromProcess(h.ctx(), h.seller, id, process.Fill{Buffer: process.Buffer, Buyer: planfile.Party{Organisation: "Nordwerk AG"}}, app.NewPlan{ID: h.NewID()})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := made.Plan.Process, id+"@1"; got != want {
		t.Errorf("the plan was made from %q, want %q", got, want)
	}
	second := first.As(id, 2)
	second.Name.DE = "Anders"
	manager := h.colleague("max", app.RoleManager)
	if _, err := h.SaveProcess(h.ctx(), manager, second, 1, ""); err != nil {
		t.Fatal(err)
	}
	_, err = h.SaveProcess(h.ctx(), h.seller, first, 1, "")
	wantFault(t, err, fault.Conflict, "templates.fault.stale")
	if old, err := h.Process(h.ctx(), h.seller, made.Plan.Process); err != nil || old.Name.DE != first.Name.DE {
		t.Errorf("the old version: %v, %v", old, err)
	}
	if last, err := h.Process(h.ctx(), h.seller, id); err != nil || last.Name.DE != "Anders" || last.Version != 2 {
		t.Errorf("the last version: %v, %v", last, err)
	}
	all, err := h.ProcessVersions(h.ctx(), h.seller, id)
	if err != nil || len(all) != 2 || all[0].By != "max" || all[0].Origin != "small@1" || all[1].By != "John Martinez" {
		t.Errorf("versions: %+v, %v", all, err)
	}
	if err := h.WithdrawProcess(h.ctx(), manager, id, false); err != nil {
		t.Fatal(err)
	}
	offered := func(c app.Caller) (found bool) {
		list, err := h.Processes(h.ctx(), c)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range list {
			found = found || o.Process.ID == id
		}
		return found
	}
	if offered(h.colleague("priya", app.RoleSeller)) || !offered(manager) {
		t.Error("a withdrawn process is shown to who may put it back, and to nobody else")
	}
	_, err = h.CreateFromProcess(h.ctx(), h.seller, id, process.Fill{Buyer: planfile.Party{Organisation: "Nordwerk AG"}}, app.NewPlan{ID: h.NewID()})
	wantFault(t, err, fault.Refused, "templates.fault.withdrawn")
	if err := h.WithdrawProcess(h.ctx(), manager, id, true); err != nil || !offered(h.seller) {
		t.Errorf("put back: %v", err)
	}
}

// A plan made of a template holds in the product's own timetable: on its first
// day nothing conflicts, and the date of the decision is the laid one.
func TestPlanFromAProcessHolds(t *testing.T) {
	t.Parallel()
	h := open(t)
	w, err := h.Place(h.ctx(), h.seller)
	if err != nil {
		t.Fatal(err)
	}
	w.Closed = []plan.SpanInput{{From: civil.Of(2028, time.May, 15), To: civil.Of(2028, time.May, 19), Note: "Move"}}
	if err := h.ChangePlace(h.ctx(), h.seller, w); err != nil {
		t.Fatal(err)
	}
	for _, p := range process.Catalogue() {
		for _, by := range []civil.Day{0, civil.Of(2029, time.June, 13)} {
			f := process.Fill{Language: "de", Buffer: process.Buffer, DecideBy: by, Buyer: planfile.Party{Organisation: "Nordwerk AG", Calendar: planfile.Calendar{Region: "DE-BY"}},
				People: map[string]process.Person{"ae": {Name: h.seller.Member.Name, Email: h.seller.Member.Email}, "lead": {Name: "Sarah Chen"}}}
			for _, r := range p.Risks {
				f.Risks = append(f.Risks, r.ID)
			}
			laid, _, err := h.LayProcess(h.ctx(), h.seller, p.ID, f)
			if err != nil {
				t.Fatalf("%s: %v", p.ID, err)
			}
			v, err := h.CreateFromProcess(h.ctx(), h.seller, p.ID, f, app.NewPlan{ID: h.NewID()})
			if err != nil {
				t.Fatalf("%s: %v", p.ID, err)
			}
			table, err := v.Timetable()
			if err != nil {
				t.Fatalf("%s: %v", p.ID, err)
			}
			if n := len(table.Conflicts()); n > 0 {
				t.Errorf("%s: %d conflicts, the first: %+v", p.ID, n, table.Conflicts()[0])
			}
			due := v.Plan.Items[plan.DecisionItem].Terms.Due
			if due != laid.Decision || table.Ready() > due || by != 0 && due > by {
				t.Errorf("%s: decided %s, laid %s, ready %s", p.ID, due, laid.Decision, table.Ready())
			}
			if got := len(v.Plan.Calendar.Seller.Closed); got != 1 {
				t.Errorf("%s: the workspace's closed days are there %d times", p.ID, got)
			}
			if got := len(v.Plan.Live(plan.KindRisk)); got != len(p.Risks) {
				t.Errorf("%s: %d risks, want %d", p.ID, got, len(p.Risks))
			}
			if p.Role("ae") != nil && len(v.Plan.Everybody()) > 2 {
				t.Errorf("%s: %d people; who makes the plan is the account executive", p.ID, len(v.Plan.Everybody()))
			}
		}
	}
}

// A process is learned of a plan that is over, by who leads a team and is on
// it; the buyer and sellers are told nothing.
func TestLearnProcess(t *testing.T) {
	t.Parallel()
	h := open(t)
	v, buyer := h.agreed()
	_, _, err := h.LearnProcess(h.ctx(), h.seller, v.Plan.ID)
	wantFault(t, err, fault.Refused, "templates.fault.running")
	if _, err := h.Do(h.ctx(), h.seller, v.Plan.ID, plan.Conclude{Outcome: plan.DecidedYes, Reason: "It fits."}); err != nil {
		t.Fatal(err)
	}
	p, took, err := h.LearnProcess(h.ctx(), h.seller, v.Plan.ID)
	if err != nil {
		t.Fatal(err)
	}
	if len(took) != len(p.Steps) || len(p.Steps) != len(v.Plan.Live(plan.KindAction)) {
		t.Errorf("%d steps, %d durations, of %d", len(p.Steps), len(took), len(v.Plan.Live(plan.KindAction)))
	}
	_, _, err = h.LearnProcess(h.ctx(), buyer, v.Plan.ID)
	wantFault(t, err, fault.Missing, "fault.missing")
	_, _, err = h.LearnProcess(h.ctx(), h.colleague("priya", app.RoleSeller), v.Plan.ID)
	wantFault(t, err, fault.Forbidden, "templates.fault.right")
	_, _, err = h.LearnProcess(h.ctx(), h.colleague("max", app.RoleManager), v.Plan.ID) // not on the plan
	wantFault(t, err, fault.Forbidden, "fault.plan.not-on-it")
	_, _, err = h.LearnProcess(h.ctx(), h.outsider(), v.Plan.ID)
	wantFault(t, err, fault.Missing, "fault.missing")
	if h.see(buyer, v.Plan.ID).MayLearn() || !h.see(h.seller, v.Plan.ID).MayLearn() {
		t.Error("the buyer is offered it, or the seller's lead is not")
	}
	if _, err := h.SaveProcess(h.ctx(), h.seller, p, 0, app.OriginPlan); err != nil {
		t.Errorf("saved as it was learned: %v", err)
	}
}

// Typical risks that the plan has are not offered again, and what fits its
// steps comes first.
func TestTypicalRisks(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.sample()
	all := v.TypicalRisks()
	if len(all) != len(process.Risks()) {
		t.Fatalf("%d of %d are offered", len(all), len(process.Risks()))
	}
	r := all[0]
	in := plan.RiskInput{Title: r.Title.EN}
	if _, err := h.Do(h.ctx(), h.seller, v.Plan.ID, plan.Add{ID: h.NewID(), Kind: plan.KindRisk, Risk: &in}); err != nil {
		t.Fatal(err)
	}
	for _, x := range h.see(h.seller, v.Plan.ID).TypicalRisks() {
		if x.ID == r.ID {
			t.Errorf("%s is in the plan and still offered", r.ID)
		}
	}
	made, err := h.CreateFromProcess(h.ctx(), h.seller, "works-council", process.Fill{Buyer: planfile.Party{Organisation: "Nordwerk AG"}}, app.NewPlan{ID: h.NewID()})
	if err != nil {
		t.Fatal(err)
	}
	if first := made.TypicalRisks()[0]; first.ID != "works-council-slow" {
		t.Errorf("first is %s, want what threatens a works council", first.ID)
	}
}
