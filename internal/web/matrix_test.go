package web

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"tandem/internal/app"
	"tandem/internal/civil"
	"tandem/internal/plan"
)

// The matrix asks every route for everybody who could call it. Who may is
// written down here by hand, from the protocol; a route without a row fails.
//
// Everybody, by a letter:
//
//	n nobody                      w administrator of another workspace
//	p somebody of another plan    o editor of the other side (here: the home side)
//	v viewer  c contributor  e editor  l lead: of the buyer
//	h lead of the home side       s seller  m manager  a administrator: members not on the plan
//	x a session that has expired  r a link that was withdrawn
const everybody = "nwpovcelhsmaxr"

const (
	anybody = everybody
	known   = "wpovcelhsma" // has a session
	onPlan  = "ovcelh"
	works   = "ocelh" // all but who only reads
	edits   = "oelh"
	leads   = "lh"
	members = "wohsma"
	admins  = "wha" // h, the first member, administers the workspace

	leadsTeam = "whma" // administrators and managers
)

// matrixRow is one thing to try at a route.
type matrixRow struct {
	pattern string
	allow   string
	path    func(f *matrixPlan) string // nil: from the pattern
	form    func(f *matrixPlan) url.Values
	agreed  bool   // the plan has to be agreed
	fresh   bool   // changes what the next row needs: gets a plan of its own
	refuses string // who is let through to a refusal of the form itself (422), after the check of rights
	noMail  bool   // on a server that sends no mail
	tried   string // who tries; empty: everybody
}

// matrixPlan is a plan with everybody on it.
type matrixPlan struct {
	h                                                *house
	id                                               string
	buyerStep, sellerStep, jointStep                 *plan.Item
	lead, editor, contributor, viewer, other, martin plan.ID
	goal, criterion, milestone, risk, gate           plan.ID
	proposal                                         plan.ID
	note, freeze, added, colleague, meeting          plan.ID
	quote                                            plan.ID
	held, running                                    plan.ID // check-ins
	file, ownFile                                    plan.ID
	browsers                                         map[rune]*browser
	leadCaller, homeCaller                           app.Caller
}

func (f *matrixPlan) view() app.View {
	v, err := f.h.app.Open(context.Background(), f.leadCaller, plan.ID(f.id))
	if err != nil {
		f.h.t.Fatal(err)
	}
	return v
}

// version of an item or person now, as a form carries it.
func (f *matrixPlan) version(id plan.ID) string {
	p := f.view().Plan
	if it := p.Items[id]; it != nil {
		return fmt.Sprint(it.Version)
	}
	if q := p.People[id]; q != nil {
		return fmt.Sprint(q.Version)
	}
	return "1"
}

// fields is a form: name, value, name, value …; "version" of the first
// argument is added.
func fields(of func(f *matrixPlan) plan.ID, nameValues ...string) func(f *matrixPlan) url.Values {
	return func(f *matrixPlan) url.Values {
		form := url.Values{}
		if of != nil {
			form.Set("version", f.version(of(f)))
		}
		for i := 0; i+1 < len(nameValues); i += 2 {
			form.Add(nameValues[i], nameValues[i+1])
		}
		return form
	}
}

func at(format string, ids ...func(f *matrixPlan) plan.ID) func(f *matrixPlan) string {
	return func(f *matrixPlan) string {
		args := []any{f.id}
		for _, id := range ids {
			args = append(args, string(id(f)))
		}
		return fmt.Sprintf(format, args...)
	}
}

func buyerStep(f *matrixPlan) plan.ID  { return f.buyerStep.ID }
func sellerStep(f *matrixPlan) plan.ID { return f.sellerStep.ID }

// matrixHouse is one server with everybody's browser.
type matrixHouse struct {
	*house
	browsers map[rune]*browser
	member   plan.ID // of the workspace, who does nothing here
}

func newMatrixHouse(t *testing.T, h *house) *matrixHouse {
	m := &matrixHouse{house: h, browsers: map[rune]*browser{}}
	m.browsers['n'] = h.browser("en")
	m.browsers['h'] = h.member("Acme Cloud", "John Martinez", "john@acme.example", true)
	m.browsers['w'] = h.member("Borealis", "Bea Nord", "bea@borealis.example", true)
	for who, role := range map[rune]app.Role{'s': app.RoleSeller, 'm': app.RoleManager, 'a': app.RoleAdmin, 'o': app.RoleSeller} {
		m.browsers[who] = h.signedIn(h.colleague("Acme Cloud", "Member "+string(who), string(who)+"@acme.example", role), "en")
	}
	m.member = h.colleague("Acme Cloud", "Somebody", "somebody@acme.example", app.RoleSeller).ID
	for _, who := range "pvcelxr" {
		m.browsers[who] = h.browser("en")
	}
	return m
}

// come brings a browser in as a person of a plan, by a personal link.
func (m *matrixHouse) come(who rune, planID string, person plan.ID) app.Secret {
	m.t.Helper()
	secret, err := m.app.DemoLink(context.Background(), app.Pass{Kind: app.PersonalPass, Plan: plan.ID(planID), Person: person, Side: plan.Buyer})
	if err != nil {
		m.t.Fatal(err)
	}
	if a := m.browsers[who].post("/me/"+string(secret), nil); a.status != http.StatusOK {
		m.t.Fatalf("%c came in as %s and found %s: %d", who, person, a.path, a.status)
	}
	hash := m.browsers[who].caller().Session.Hash
	if err := m.store.ProveSession(context.Background(), hash, plan.ID(planID), testNow, app.WayMail); err != nil {
		m.t.Fatal(err)
	}
	return secret
}

// plan makes a shared plan (or an agreed one) with everybody on it.
func (m *matrixHouse) plan(agreed bool) *matrixPlan {
	t, ctx := m.t, context.Background()
	t.Helper()
	f := &matrixPlan{h: m.house, browsers: m.browsers, homeCaller: m.browsers['h'].caller()}
	f.id = string(m.browsers['h'].samplePlan())
	id := plan.ID(f.id)
	do := func(c app.Caller, cmd plan.Command) {
		t.Helper()
		if _, err := m.app.Do(ctx, c, id, cmd); err != nil {
			t.Fatalf("%T: %v", cmd, err)
		}
	}
	v, err := m.app.Open(ctx, f.homeCaller, id)
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range v.Plan.Everybody() {
		switch q.Name.Value {
		case "Sarah Chen":
			f.lead = q.ID
		case "Dr. Ute Brandt":
			f.editor = q.ID
		}
	}
	f.martin = v.Me.ID
	do(f.homeCaller, plan.Share{})
	do(f.homeCaller, plan.LetIn{Person: f.lead, Access: plan.Lead})
	other := m.browsers['o'].caller()
	do(f.homeCaller, plan.AddPerson{NewPerson: plan.NewPerson{ID: other.Member.ID, Side: plan.Seller, Name: other.Member.Name, Email: other.Member.Email}, Access: plan.Editor})
	f.other = other.Member.ID
	m.come('l', f.id, f.lead)
	f.leadCaller = m.browsers['l'].caller()
	do(f.leadCaller, plan.LetIn{Person: f.editor, Access: plan.Editor})
	add := func(name string, access plan.Access) plan.ID {
		q := plan.NewPerson{ID: m.app.NewID(), Side: plan.Buyer, Name: name, Email: strings.ToLower(name) + "@nordwerk.example"}
		do(f.leadCaller, plan.AddPerson{NewPerson: q, Access: access})
		return q.ID
	}
	f.contributor, f.viewer = add("Cora", plan.Contributor), add("Vic", plan.Viewer)
	gone := add("Gone", plan.Editor)
	m.come('e', f.id, f.editor)
	m.come('c', f.id, f.contributor)
	m.come('v', f.id, f.viewer)
	m.come('x', f.id, gone)
	m.come('r', f.id, gone)
	m.expire('x')
	do(f.leadCaller, plan.Depart{Person: gone})
	f.items()
	f.extras(m, do)
	if agreed {
		m.agree(f, do)
	}
	return f
}

// expire lets the session of a browser run out.
func (m *matrixHouse) expire(who rune) {
	sess := m.browsers[who].caller().Session
	sess.Expires = testNow.Add(-1)
	if err := m.store.SaveSession(context.Background(), sess); err != nil {
		m.t.Fatal(err)
	}
}

// items finds one of each kind.
func (f *matrixPlan) items() {
	for _, it := range f.view().Plan.Live() {
		switch it.Kind {
		case plan.KindAction:
			if it.Progress.Status != plan.Open {
				continue
			}
			switch it.Terms.Party {
			case plan.ByBuyer:
				f.buyerStep = it
			case plan.BySeller:
				f.sellerStep = it
			default:
				f.jointStep = it
			}
		case plan.KindGoal:
			f.goal = it.ID
		case plan.KindCriterion:
			f.criterion = it.ID
		case plan.KindMilestone:
			f.milestone = it.ID
		case plan.KindRisk:
			f.risk = it.ID
		case plan.KindGate:
			f.gate = it.ID
		}
	}
}

// extras: the contributor owns a step of the buyer's, the buyer has a note.
func (f *matrixPlan) extras(m *matrixHouse, do func(app.Caller, plan.Command)) {
	do(f.leadCaller, plan.Edit{Item: f.buyerStep.ID, Version: f.buyerStep.Version, Patch: plan.Patch{BuyerOwner: &f.contributor}})
	f.freeze = m.app.NewID()
	do(f.homeCaller, plan.Add{ID: f.freeze, Kind: plan.KindFreeze, Freeze: &plan.FreezeInput{Title: "Quartalsende", FreezeDetails: plan.FreezeDetails{From: civil.Of(2028, 6, 26), To: civil.Of(2028, 6, 30), Blocks: "finish"}}})
	f.held, f.running = m.app.NewID(), m.app.NewID()
	do(f.leadCaller, plan.OpenCheckIn{ID: f.held})
	do(f.leadCaller, plan.CloseCheckIn{Run: f.held, Present: []plan.ID{f.lead}})
	do(f.leadCaller, plan.OpenCheckIn{ID: f.running})
	f.meeting = m.app.NewID()
	do(f.leadCaller, plan.ScheduleCheckIn{ID: f.meeting, CheckInInput: plan.CheckInInput{Start: "2028-05-16T10:00", Zone: "Europe/Berlin", Minutes: 30, Rule: app.Weekly}})
	f.quote = m.app.NewID()
	do(f.leadCaller, plan.KeepQuote{ID: f.quote, Topic: plan.TopicGoals, Said: f.editor, Text: "Weniger Ausfälle."})
	f.colleague = m.member
	f.note = m.app.NewID()
	if _, err := m.app.DoPrivate(context.Background(), f.leadCaller, plan.ID(f.id), plan.SetNote{ID: f.note, Text: "Nur für uns."}); err != nil {
		m.t.Fatal(err)
	}
	f.documents(m)
	f.items()
}

// agree brings the plan to an agreement and makes a proposal of the home side.
func (m *matrixHouse) agree(f *matrixPlan, do func(app.Caller, plan.Command)) {
	for _, c := range []app.Caller{f.leadCaller, f.homeCaller} {
		do(c, plan.AcceptPlan{Seen: f.view().Plan.Shown()})
	}
	f.items()
	f.proposal, f.added = m.app.NewID(), m.app.NewID()
	title, party, open := "Referenzgespräch", plan.BySeller, true
	do(f.homeCaller, plan.Add{ID: f.added, Kind: plan.KindAction, Terms: plan.Patch{Title: &title, Party: &party, SellerOwner: &f.martin, DateOpen: &open}})
	due := f.buyerStep.Terms.Due + 7
	do(f.homeCaller, plan.Propose{ID: f.proposal, Reason: "Wir brauchen länger.", Changes: []plan.Wish{{Item: f.buyerStep.ID, Version: f.buyerStep.Version, Patch: plan.Patch{Due: &due}}}})
}

func TestEveryRouteForEverybody(t *testing.T) {
	t.Parallel()
	m, bare := newMatrixHouse(t, newSignInHouse(t).house), newMatrixHouse(t, newHouse(t))
	shared, agreed, unmailed := m.plan(false), m.plan(true), bare.plan(false)
	m.elsewhere()
	bare.elsewhere()
	seen := map[string]bool{}
	for _, row := range matrix {
		seen[row.pattern] = true
		f := shared
		switch {
		case row.noMail:
			bare.try(t, row, unmailed)
			continue
		case row.fresh:
			f = m.plan(row.agreed)
		case row.agreed:
			f = agreed
		}
		m.try(t, row, f)
	}
	for _, pattern := range m.server.patterns {
		if !seen[pattern] {
			t.Errorf("nobody wrote down who may call %q: it needs a row in the matrix", pattern)
		}
		delete(seen, pattern)
	}
	for pattern := range seen {
		t.Errorf("%q has a row in the matrix and is no route", pattern)
	}
}

// elsewhere gives somebody a plan of their own in the same workspace.
func (m *matrixHouse) elsewhere() {
	id := string(m.browsers['h'].samplePlan())
	v, err := m.app.Open(context.Background(), m.browsers['h'].caller(), plan.ID(id))
	if err != nil {
		m.t.Fatal(err)
	}
	for _, q := range v.Plan.Everybody() {
		if q.Name.Value == "Sarah Chen" {
			for _, cmd := range []plan.Command{plan.Share{}, plan.LetIn{Person: q.ID, Access: plan.Lead}} {
				if _, err := m.app.Do(context.Background(), m.browsers['h'].caller(), plan.ID(id), cmd); err != nil {
					m.t.Fatal(err)
				}
			}
			m.come('p', id, q.ID)
		}
	}
}

func (m *matrixHouse) try(t *testing.T, row matrixRow, f *matrixPlan) {
	t.Helper()
	method, path, found := strings.Cut(row.pattern, " ")
	if !found {
		method, path = http.MethodGet, row.pattern
	}
	path = strings.NewReplacer("{plan}", f.id, "{$}", "").Replace(path)
	if row.path != nil {
		path = row.path(f)
	}
	if strings.Contains(path, "{") {
		t.Errorf("%s: the row does not say the path", row.pattern)
		return
	}
	// Those who may not come first: who may could change what there is to see.
	order := strings.Map(func(r rune) rune {
		if strings.ContainsRune(row.allow, r) {
			return -1
		}
		return r
	}, everybody) + row.allow
	wrong := map[string]string{}
	for _, who := range order {
		if row.tried != "" && !strings.ContainsRune(row.tried, who) {
			continue
		}
		var form url.Values
		if row.form != nil {
			form = row.form(f)
		}
		got := m.browsers[who].status(method, path, form)
		denied := got == http.StatusForbidden || got == http.StatusNotFound || got == http.StatusUnauthorized
		may := strings.ContainsRune(row.allow, who)
		switch {
		case got >= 500:
			wrong["broken"] += string(who)
		case may && denied:
			wrong[fmt.Sprint("may, but is denied with ", got)] += string(who)
		case !may && !denied:
			wrong[fmt.Sprint("may not, but is let through with ", got)] += string(who)
		case may && got == http.StatusUnprocessableEntity && !strings.ContainsRune(row.refuses, who):
			wrong["may, but the row's form is refused as such, so it shows nothing"] += string(who)
		}
	}
	for what, who := range wrong {
		t.Errorf("%s (%s) as %s: %s", row.pattern, path, who, what)
	}
}

// status asks and goes away as soon as it has the status, after redirects: a
// live stream never ends by itself.
func (b *browser) status(method, path string, form url.Values) int {
	b.h.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, method, b.h.web.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		b.h.t.Fatal(err)
	}
	r.Header.Set("Accept-Language", b.lang)
	if method != http.MethodGet {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	res, err := b.http.Do(r)
	if err != nil {
		b.h.t.Fatal(err)
	}
	res.Body.Close()
	return res.StatusCode
}
