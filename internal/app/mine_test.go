package app_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tandem/internal/app"
	"tandem/internal/civil"
	"tandem/internal/fault"
	"tandem/internal/plan"
)

// deal is the sample plan with its people in it: agreed by both leads.
type deal struct {
	*house
	id     plan.ID
	people map[string]plan.ID // by first word that is a name
}

func (h *house) deal() *deal {
	h.t.Helper()
	f := app.Sample("en", civil.Of(2028, time.May, 2))
	for i := range f.People {
		if f.People[i].Name == "John Martinez" {
			f.People[i].Email = h.seller.Member.Email // he is the member who makes it
		}
	}
	v, err := h.Create(h.ctx(), h.seller, app.NewPlan{ID: h.NewID(), File: f})
	if err != nil {
		h.t.Fatal(err)
	}
	d := &deal{house: h, id: v.Plan.ID, people: map[string]plan.ID{}}
	for _, q := range v.Plan.Everybody() {
		words := strings.Fields(strings.TrimPrefix(q.Name.Value, "Dr. "))
		d.people[words[0]] = q.ID
	}
	d.do(h.seller, plan.LetIn{Person: d.people["Sarah"], Access: plan.Lead})
	d.do(h.seller, plan.Share{})
	for name, access := range map[string]plan.Access{"Ute": plan.Contributor, "Mara": plan.Editor, "Tom": plan.Contributor, "Jana": plan.Viewer} {
		d.do(d.as("Sarah"), plan.LetIn{Person: d.people[name], Access: access})
	}
	d.do(h.seller, plan.LetIn{Person: d.people["Priya"], Access: plan.Editor})
	for _, who := range []app.Caller{h.seller, d.as("Sarah")} {
		v, err := h.Open(h.ctx(), who, d.id)
		if err != nil {
			h.t.Fatal(err)
		}
		d.do(who, plan.AcceptPlan{Seen: v.Plan.Shown()})
	}
	return d
}

func (d *deal) as(name string) app.Caller {
	if name == "John" {
		return d.seller
	}
	return app.Caller{Session: app.Session{Persons: map[plan.ID]plan.ID{d.id: d.people[name]}}}
}

func (d *deal) do(c app.Caller, cmd plan.Command) app.View {
	d.t.Helper()
	v, err := d.Do(d.ctx(), c, d.id, cmd)
	if err != nil {
		d.t.Fatalf("%T: %v", cmd, err)
	}
	return v
}

func (d *deal) mine(name string) app.Mine {
	d.t.Helper()
	m, err := d.Mine(d.ctx(), d.as(name), d.id, "")
	if err != nil {
		d.t.Fatal(err)
	}
	return m
}

// item is the open step whose title has a word in it.
func (d *deal) item(word string) *plan.Item {
	d.t.Helper()
	v, err := d.Open(d.ctx(), d.seller, d.id)
	if err != nil {
		d.t.Fatal(err)
	}
	for _, it := range v.Plan.Live(plan.KindAction) {
		if strings.Contains(it.Terms.Title.Value, word) {
			return it
		}
	}
	d.t.Fatalf("no step with %q", word)
	return nil
}

// asked names what somebody is asked, in order: "answer Confirm or correct".
func asked(m app.Mine) []string {
	var out []string
	for i := range m.Asked {
		out = append(out, string(m.Asked[i].Kind)+" "+called(&m.Asked[i]))
	}
	return out
}

func called(a *app.Asked) string {
	switch {
	case a.Item != nil:
		words := strings.Fields(a.Item.Terms.Title.Value)
		return strings.Join(words[:min(3, len(words))], " ")
	case a.Person != nil:
		return a.Person.Name.Value
	case a.Internal != nil:
		return a.Internal.Title.Value
	}
	return ""
}

func find(m app.Mine, kind app.AskKind) *app.Asked {
	for i := range m.Asked {
		if m.Asked[i].Kind == kind {
			return &m.Asked[i]
		}
	}
	return nil
}

func wantEqual[T any](t *testing.T, what string, got, want T) {
	t.Helper()
	if g, w := asJSON(t, got), asJSON(t, want); g != w {
		t.Errorf("%s: got %s, want %s", what, g, w)
	}
}

func TestMineAsksTheOwnerAlone(t *testing.T) {
	t.Parallel()
	d := open(t).deal()
	m := d.mine("Ute")
	wantEqual(t, "Ute is asked", asked(m), []string{"answer Confirm or correct"})
	a := m.Asked[0]
	wantEqual(t, "by her side's lead, who stood behind it", a.By, d.people["Sarah"])
	wantEqual(t, "what comes next is the committee", a.Next.Details.Gate != "", true)
	for _, name := range []string{"Mara", "John"} {
		if slices.Contains(asked(d.mine(name)), "answer Confirm or correct") {
			t.Errorf("%s is asked for Ute's step", name)
		}
	}
	if got := asked(d.mine("Jana")); len(got) != 0 {
		t.Errorf("a viewer is asked for %v", got)
	}

	// Her yes makes it her own; it is due within the week.
	it := d.item("Confirm or correct")
	d.do(d.as("Ute"), plan.GiveAnswer{Item: it.ID, Version: it.Version, Kind: plan.TakesOn})
	m = d.mine("Ute")
	wantEqual(t, "asked after her yes", len(m.Asked), 0)
	wantEqual(t, "later", len(m.Later), 1)
	d.now = d.now.AddDate(0, 0, 4)
	wantEqual(t, "four days on", asked(d.mine("Ute")), []string{"do Confirm or correct"})
	d.now = d.now.AddDate(0, 0, 10)
	wantEqual(t, "overdue", d.mine("Ute").Asked[0].Late, true)
}

func TestMineAfterNotMine(t *testing.T) {
	t.Parallel()
	d := open(t).deal()
	it := d.item("Confirm or correct")
	d.do(d.as("Ute"), plan.GiveAnswer{Item: it.ID, Version: it.Version, Kind: plan.NotMine})
	wantEqual(t, "Ute", len(d.mine("Ute").Asked), 0)
	if a := find(d.mine("Sarah"), app.AskOwner); a == nil || a.Item.ID != it.ID || a.By != d.people["Ute"] {
		t.Errorf("her lead is not told that somebody is needed: %v", asked(d.mine("Sarah")))
	}
	if a := find(d.mine("John"), app.AskOwner); a != nil {
		t.Errorf("the other side's lead is asked for an owner of %s", called(a))
	}
}

func TestMineAsksAgainWhenAWishCameToNothing(t *testing.T) {
	t.Parallel()
	d := open(t).deal()
	it := d.item("Confirm or correct")
	v := d.do(d.as("Ute"), plan.GiveAnswer{Item: it.ID, Version: it.Version, Kind: plan.OtherDate, Date: it.Terms.Due + 7, Reason: "travelling"})
	pr := v.Plan.OpenProposals()[0]
	if got := find(d.mine("Ute"), app.AskAnswer); got != nil {
		t.Errorf("asked while her wish is open: %v", asked(d.mine("Ute")))
	}
	if w := d.mine("Ute").Waits; !slices.ContainsFunc(w, func(w app.Wait) bool { return w.Kind == app.WaitVote }) {
		t.Errorf("she does not wait for an answer: %v", w)
	}
	if a := find(d.mine("John"), app.AskProposal); a == nil || a.Proposal.ID != pr.ID {
		t.Errorf("the other side is not asked: %v", asked(d.mine("John")))
	}
	if a := find(d.mine("Sarah"), app.AskProposal); a != nil {
		t.Error("her own side is asked to answer her")
	}
	d.do(d.seller, plan.Decline{ID: pr.ID})
	wantEqual(t, "declined", asked(d.mine("Ute")), []string{"answer Confirm or correct"})
}

func TestMineConfirmDisputeAgain(t *testing.T) {
	t.Parallel()
	d := open(t).deal()
	it := d.item("Send Tom Reuter")
	d.do(d.seller, plan.Report{Item: it.ID, Version: it.Version, Result: "sent"})
	confirms := func(name string) *app.Asked {
		m := d.mine(name)
		for i := range m.Asked {
			if a := &m.Asked[i]; a.Kind == app.AskConfirm && a.Item.ID == it.ID {
				return a
			}
		}
		return nil
	}
	if a := confirms("Sarah"); a == nil || a.By != d.mine("John").View.Me.ID {
		t.Fatalf("the other side is not asked to confirm: %v", asked(d.mine("Sarah")))
	}
	for _, name := range []string{"Ute", "Tom", "Jana", "John"} {
		if confirms(name) != nil {
			t.Errorf("%s is asked to confirm", name)
		}
	}
	d.do(d.as("Sarah"), plan.Lacks{Item: it.ID, Version: d.item("Send Tom Reuter").Version, Missing: "the prices"})
	if a := find(d.mine("John"), app.AskAgain); a == nil || a.Item.ID != it.ID {
		t.Errorf("its owner does not learn what is missing: %v", asked(d.mine("John")))
	}
}

func TestMineQuestionsReachWhoAsked(t *testing.T) {
	t.Parallel()
	d := open(t).deal()
	it := d.item("Confirm or correct")
	d.do(d.as("Ute"), plan.Say{ID: d.NewID(), Item: it.ID, Text: "Which assumptions?"})
	a := find(d.mine("Sarah"), app.AskReply)
	if a == nil || a.Question.Text.Value != "Which assumptions?" || a.By != d.people["Ute"] {
		t.Fatalf("who asked for the step does not get the question: %v", asked(d.mine("Sarah")))
	}
	d.do(d.as("Sarah"), plan.Say{ID: d.NewID(), Item: it.ID, Text: "All of page three."})
	if find(d.mine("Sarah"), app.AskReply) != nil {
		t.Error("an answered question is still there")
	}
	d.do(d.as("Ute"), plan.Say{ID: d.NewID(), Item: it.ID, Text: "Thank you."})
	d.now = d.now.AddDate(0, 0, 22)
	if find(d.mine("Sarah"), app.AskReply) != nil {
		t.Error("a question of three weeks ago is still there")
	}
}

func TestMineBlockedWaitsForSomebody(t *testing.T) {
	t.Parallel()
	d := open(t).deal()
	it := d.item("security questionnaire")
	d.do(d.as("Mara"), plan.Unhinder{Item: it.ID, Version: it.Version})
	d.do(d.as("Mara"), plan.Hinder{Item: it.ID, Version: d.item("security questionnaire").Version, Because: "the report is missing", Waits: plan.Seller, Person: d.people["Priya"]})
	if a := find(d.mine("Priya"), app.AskHelp); a == nil || a.Item.ID != it.ID || a.By != d.people["Mara"] {
		t.Errorf("whom it waits for does not learn it: %v", asked(d.mine("Priya")))
	}
	if find(d.mine("John"), app.AskHelp) != nil {
		t.Error("somebody else is asked for help")
	}
	waits := map[plan.ID]app.WaitKind{}
	for _, w := range d.mine("Mara").Waits {
		waits[w.Item.ID] = w.Kind
	}
	wantEqual(t, "its owner waits", waits[it.ID], app.WaitBlock)
	// Tom's request comes after it, two steps down: it holds him up.
	found := false
	for _, w := range d.mine("Tom").Waits {
		found = found || w.Item.ID == it.ID
	}
	if !found {
		t.Error("a blocked step further up is not named")
	}
}

func TestMineWaitsForWhatItDependsOn(t *testing.T) {
	t.Parallel()
	d := open(t).deal()
	offer := d.item("Send Tom Reuter")
	waits := func() (out []plan.ID) {
		for _, w := range d.mine("Ute").Waits {
			out = append(out, w.Item.ID)
		}
		return out
	}
	wantEqual(t, "Ute waits for the offer", waits(), []plan.ID{offer.ID})
	d.do(d.seller, plan.Report{Item: offer.ID, Version: offer.Version})
	wantEqual(t, "it is there", len(waits()), 0)
}

func TestMineNamesWhatALetterWasAboutFirst(t *testing.T) {
	t.Parallel()
	d := open(t).deal()
	it := d.item("Give the approval")
	v := d.do(d.as("Mara"), plan.GiveAnswer{Item: it.ID, Version: it.Version, Kind: plan.TakesOn})
	if got := find(d.mine("Mara"), app.AskDo); got != nil && got.Item.ID == it.ID {
		t.Fatal("the step is due too early for this test")
	}
	m, err := d.Mine(d.ctx(), d.as("Mara"), v.Plan.ID, it.ID)
	if err != nil || len(m.Asked) == 0 || m.Asked[0].Item != v.Plan.Items[it.ID] {
		t.Errorf("what the mail was about is not on top: %v, %v", asked(m), err)
	}
}

func TestMineOfAPlanThatIsOverAsksNothing(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]plan.Command{"decided": plan.Conclude{Outcome: plan.DecidedYes}, "left": plan.Leave{}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := open(t).deal()
			d.do(d.as("Sarah"), end)
			for _, who := range []string{"Ute", "Sarah", "John"} {
				if m := d.mine(who); len(m.Asked)+len(m.Later)+len(m.Waits) != 0 || !m.View.Over() {
					t.Errorf("%s: asked %v, waits %v", who, asked(m), m.Waits)
				}
			}
		})
	}
}

func TestMineOfANewcomer(t *testing.T) {
	t.Parallel()
	d := open(t).deal()
	d.do(d.seller, plan.AddPerson{NewPerson: plan.NewPerson{ID: "kim", Side: plan.Buyer, Name: "Kim Adler", Email: "kim@nordwerk.example"}})
	link, err := d.DemoLink(d.ctx(), app.Pass{Kind: app.PersonalPass, Plan: d.id, Person: "kim", Side: plan.Buyer})
	if err != nil {
		t.Fatal(err)
	}
	_, c, _, err := d.Return(d.ctx(), app.Caller{}, link, "")
	if err != nil {
		t.Fatal(err)
	}
	m, err := d.Mine(d.ctx(), c, d.id, "")
	if err != nil || len(m.Asked) != 0 {
		t.Errorf("a newcomer is asked %v, %v", asked(m), err)
	}
	if a := find(d.mine("Sarah"), app.AskLetIn); a == nil || a.Person.Name.Value != "Kim Adler" {
		t.Errorf("their side's lead is not asked: %v", asked(d.mine("Sarah")))
	}
	if find(d.mine("John"), app.AskLetIn) != nil {
		t.Error("the other side's lead is asked")
	}
}

func TestMineIsClosedToOthers(t *testing.T) {
	t.Parallel()
	d := open(t).deal()
	_, err := d.Mine(d.ctx(), app.Caller{}, d.id, "")
	wantFault(t, err, fault.Missing, "fault.missing")
	_, err = d.Mine(d.ctx(), app.Caller{Session: app.Session{Persons: map[plan.ID]plan.ID{"other": d.people["Ute"]}}}, d.id, "")
	wantFault(t, err, fault.Missing, "fault.missing")
	_, err = d.MineByLink(d.ctx(), "no such secret", "")
	wantFault(t, err, fault.Missing, "fault.link.dead")
	all, err := d.MyPlans(d.ctx(), app.Caller{})
	if err != nil || len(all) != 0 {
		t.Errorf("nobody has plans %v, %v", all, err)
	}
}

// The other side's internal steps and notes are not in it, by construction:
// a view holds one side's space.
func TestMineShowsInternalStepsToTheirOwnerOnly(t *testing.T) {
	t.Parallel()
	d := open(t).deal()
	if _, err := d.DoPrivate(d.ctx(), d.as("Sarah"), d.id, plan.SetInternal{ID: d.NewID(), Title: "Ask the board", Owner: d.people["Ute"], Due: civil.Of(2028, time.May, 3)}); err != nil {
		t.Fatal(err)
	}
	if a := find(d.mine("Ute"), app.AskInternal); a == nil || a.Internal.Title.Value != "Ask the board" {
		t.Errorf("Ute: %v", asked(d.mine("Ute")))
	}
	for _, who := range []string{"Sarah", "John", "Priya"} {
		if find(d.mine(who), app.AskInternal) != nil {
			t.Errorf("%s is asked for Ute's internal step", who)
		}
	}
}

func TestMyPlans(t *testing.T) {
	t.Parallel()
	h := open(t)
	one, two := h.deal(), h.deal()
	c := app.Caller{Session: app.Session{Persons: map[plan.ID]plan.ID{one.id: one.people["Ute"], two.id: two.people["Jana"], "gone": "x"}}}
	all, err := h.MyPlans(h.ctx(), c)
	if err != nil || len(all) != 2 {
		t.Fatalf("got %d plans, %v", len(all), err)
	}
	wantEqual(t, "what asks comes first", []plan.ID{all[0].Row.Plan, all[1].Row.Plan}, []plan.ID{one.id, two.id})
	m, err := h.Mine(h.ctx(), c, one.id, "")
	if err != nil || len(m.Others) != 1 || m.Others[0].Row.Plan != two.id {
		t.Errorf("other plans: %v, %v", m.Others, err)
	}
	members, err := h.MyPlans(h.ctx(), h.seller)
	if err != nil || len(members) != 2 {
		t.Errorf("a member has %d plans, %v", len(members), err)
	}
}

// What somebody agrees to before their absence is a commitment: one press, one
// command, and no proposal.
func TestAnEarlierDateIsAYes(t *testing.T) {
	t.Parallel()
	d := open(t).deal()
	it := d.item("Confirm or correct")
	d.do(d.as("Ute"), plan.EditPerson{Person: d.people["Ute"], Version: d.version("Ute"), Absences: &[]plan.SpanInput{{From: it.Terms.Due - 1, To: it.Terms.Due + 9}}})
	a := find(d.mine("Ute"), app.AskAnswer)
	if a == nil || a.Clash == nil || a.Clash.Before.IsZero() {
		t.Fatalf("no day before the absence is offered: %+v", a)
	}
	v := d.do(d.as("Ute"), plan.GiveAnswer{Item: it.ID, Version: it.Version, Kind: plan.OtherDate, Date: a.Clash.Before})
	now := v.Plan.Items[it.ID]
	wantEqual(t, "due", now.Terms.Due, a.Clash.Before)
	wantEqual(t, "committed", now.Committed(plan.Buyer), true)
	wantEqual(t, "proposals", len(v.Plan.OpenProposals()), 0)
}

func (d *deal) version(name string) int {
	return d.mine("John").View.Plan.People[d.people[name]].Version
}

// A committee of holidays: the Thursday before the absence is Ascension Day.
func TestTheDayBeforeAnAbsenceIsNoHoliday(t *testing.T) {
	t.Parallel()
	d := open(t).deal()
	day := func(m time.Month, n int) civil.Day { return civil.Of(2028, m, n) }
	it := d.item("Confirm or correct")
	d.do(d.as("Ute"), plan.GiveAnswer{Item: it.ID, Version: it.Version, Kind: plan.TakesOn})
	due := day(time.May, 29)
	pr := d.NewID()
	d.do(d.as("Sarah"), plan.Propose{ID: pr, Reason: "later", Changes: []plan.Wish{{Item: it.ID, Version: d.item("Confirm or correct").Version, Patch: plan.Patch{Due: &due}}}})
	v := d.mine("John").View
	d.do(d.seller, plan.Accept{ID: pr, Digest: v.Plan.Proposals[pr].Digest()})
	d.do(d.as("Ute"), plan.EditPerson{Person: d.people["Ute"], Version: d.version("Ute"), Absences: &[]plan.SpanInput{{From: day(time.May, 26), To: day(time.June, 9)}}})
	m, err := d.Mine(d.ctx(), d.as("Ute"), d.id, it.ID)
	if err != nil {
		t.Fatal(err)
	}
	a := find(m, app.AskAnswer) // the lead moved it: she is asked again
	if a == nil || a.Clash == nil {
		t.Fatalf("no clash: %v", asked(m))
	}
	wantEqual(t, "Wednesday, not the holiday", a.Clash.Before, day(time.May, 24))
	wantEqual(t, "back on the Monday after", a.Clash.After, day(time.June, 12))
}

// Whatever absences somebody has: the day that is offered before one is a day
// on which they work, not gone by, before the absence and not after the date;
// and every other day that is offered is one on which they work.
func TestPropertyOfferedDaysAreWorked(t *testing.T) {
	t.Parallel()
	d := open(t).deal()
	base := d.mine("Ute").View
	side, err := app.SideCalendar(base.Plan, plan.Buyer, base.Today, 200)
	if err != nil {
		t.Fatal(err)
	}
	offered := 0
	rapid.Check(t, func(t *rapid.T) {
		v := base
		p := *v.Plan
		me := *v.Me
		me.Absences = nil
		for range rapid.IntRange(0, 4).Draw(t, "absences") {
			from := v.Today + civil.Day(rapid.IntRange(-10, 40).Draw(t, "from"))
			me.Absences = append(me.Absences, plan.Span{From: from, To: from + civil.Day(rapid.IntRange(0, 20).Draw(t, "days"))})
		}
		p.People = maps.Clone(p.People)
		p.People[me.ID] = &me
		p.Items = maps.Clone(p.Items)
		for id, it := range p.Items {
			if it.Kind == plan.KindAction && it.Terms.Owners.Buyer == me.ID {
				x := *it
				x.Terms.Due = v.Today + civil.Day(rapid.IntRange(-3, 45).Draw(t, "due"))
				x.Details.Duration = nil
				if n := rapid.IntRange(0, 6).Draw(t, "takes"); n > 0 {
					x.Details.Duration = &n
				}
				p.Items[id] = &x
			}
		}
		v.Plan, v.Me = &p, &me
		works := func(day civil.Day) bool {
			return side.Works(day) && !slices.ContainsFunc(me.Absences, func(x plan.Span) bool { return x.From <= day && day <= x.To })
		}
		m := app.MineOf(v, "")
		for _, a := range append(m.Asked, m.Later...) {
			if c := a.Clash; c != nil {
				due := a.Item.Terms.Due
				if c.Absence.From > due || c.Absence.To < v.Today {
					t.Fatalf("%v is in nobody's way on %v", c.Absence, due)
				}
				if b := c.Before; !b.IsZero() {
					offered++
					if !works(b) || b < v.Today || b >= c.Absence.From || b > due {
						t.Fatalf("offered %v before %v for %v", b, c.Absence, due)
					}
					for day := b + 1; day < c.Absence.From; day++ {
						if works(day) {
							t.Fatalf("%v is worked, later than the offered %v", day, b)
						}
					}
				}
			}
			for _, day := range a.Days {
				if !works(day) || day < v.Today || day == a.Item.Terms.Due {
					t.Fatalf("offered %v for %v, absences %v", day, a.Item.Terms.Due, me.Absences)
				}
			}
			if len(a.Days) > 3 {
				t.Fatalf("%d days offered", len(a.Days))
			}
		}
	})
	if offered == 0 {
		t.Error("no day before an absence was ever offered: nothing was tested")
	}
}

// What the page says of a reminder is what will happen.
func TestMineTellsWhenItReminds(t *testing.T) {
	t.Parallel()
	d := open(t).deal()
	wantEqual(t, "no mail is sent here", d.mine("Ute").Reminds, civil.Day(0))
	d.Service = app.New(d.store, app.Options{Publisher: d.house, Clock: func() time.Time { return d.now }, Mailer: deaf{}})
	due := d.item("Confirm or correct").Terms.Due
	on := d.mine("Ute").Reminds
	if on <= civil.On(d.now, time.UTC) || on >= due {
		t.Errorf("reminds on %v of what is due on %v", on, due)
	}
	d.do(d.as("Sarah"), plan.Suspend{Reason: "budget", Review: due})
	wantEqual(t, "paused", d.mine("Ute").Reminds, civil.Day(0))
	d.do(d.as("Sarah"), plan.Resume{})
	wantEqual(t, "going on", d.mine("Ute").Reminds, on)
	if err := d.StopMail(d.ctx(), d.id, d.people["Ute"], "test"); err != nil {
		t.Fatal(err)
	}
	wantEqual(t, "she wants no mail", d.mine("Ute").Reminds, civil.Day(0))
}
