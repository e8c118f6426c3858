package app_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"tandem/internal/app"
	"tandem/internal/calendar"
	"tandem/internal/civil"
	"tandem/internal/fault"
	"tandem/internal/plan"
	"tandem/internal/planfile"
)

// A year of a plan is played in virtual time, with random things happening,
// and somebody who knows the rules reads every mail as it goes out.

// chooser draws numbers, evenly.
type chooser interface{ below(n int) int }

type seeded struct{ *rand.Rand }

func (s seeded) below(n int) int { return s.IntN(n) }

type complainer interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// year is a plan with its people, and the one who reads every mail.
type year struct {
	*house
	complainer
	choose  chooser
	id      plan.ID
	callers map[plan.ID]app.Caller
	stopped map[plan.ID]bool
	off     map[plan.ID]map[app.LetterKind]bool
	said    map[string]time.Time // what was told to whom, and when
	sent    map[app.LetterKind]int
	invited map[plan.ID]bool
	steps   int
	sarah   plan.ID // leads the buyer's side; the seller said who she is, and she came by a link out of a mail
}

// Send is the mail going out.
func (y *year) Send(_ context.Context, m app.Mail) error {
	y.sent[m.Kind]++
	y.read(m)
	return nil
}

const addressOf = "@example.test"

func newYear(t *testing.T, c complainer, choose chooser) *year {
	t.Helper()
	h := open(t)
	y := &year{house: h, complainer: c, choose: choose, callers: map[plan.ID]app.Caller{}, stopped: map[plan.ID]bool{},
		off: map[plan.ID]map[app.LetterKind]bool{}, said: map[string]time.Time{}, sent: map[app.LetterKind]int{}, invited: map[plan.ID]bool{}}
	h.now = time.Date(2028, time.January, 3, 9, 0, 0, 0, time.UTC)
	h.Service = app.New(h.store, app.Options{Publisher: h, Clock: func() time.Time { return h.now }, Mailer: y,
		Inbox: app.Inboxing{Store: h.store, Address: "@in.plans.example.com"}})
	f := app.Blank("en", "New warehouse system", "Nordwerk AG", "Acme Cloud", civil.Of(2028, time.November, 15))
	f.Sides.Buyer.Calendar = planfile.Calendar{Region: "DE-BY"}
	f.Sides.Seller.Calendar = planfile.Calendar{Region: "GB-ENG"}
	v, err := h.Create(h.ctx(), h.seller, app.NewPlan{ID: h.NewID(), File: f})
	if err != nil {
		c.Fatalf("create: %v", err)
	}
	y.id = v.Plan.ID
	john := h.seller.Member.ID
	y.callers[john] = h.seller
	y.must(john, plan.AddPerson{NewPerson: plan.NewPerson{ID: "asha", Side: plan.Seller, Name: "Asha", Email: "asha" + addressOf, Zone: "Asia/Kolkata"}, Access: plan.Contributor})
	sarah := h.buyer(y.id, "Sarah")
	lead := sarah.Session.Persons[y.id]
	y.callers[lead], y.sarah = sarah, lead
	y.must(lead, plan.AddPerson{NewPerson: plan.NewPerson{ID: "mara", Side: plan.Buyer, Name: "Mara", Email: "mara" + addressOf, Zone: "America/New_York",
		Absences: []plan.SpanInput{{From: civil.Of(2028, time.July, 3), To: civil.Of(2028, time.July, 21)}}}, Access: plan.Editor})
	y.must(lead, plan.AddPerson{NewPerson: plan.NewPerson{ID: "nele", Side: plan.Buyer, Name: "Nele", Email: "nele" + addressOf}}) // not let in
	y.must(john, plan.AddPerson{NewPerson: plan.NewPerson{ID: "cold", Side: plan.Buyer, Name: "Cold", Email: "cold" + addressOf}}) // named by the other side
	y.must(lead, plan.AddPerson{NewPerson: plan.NewPerson{ID: "ute", Side: plan.Buyer, Name: "Ute", Email: "ute" + addressOf}, Access: plan.Lead})
	for _, id := range []plan.ID{"asha", "mara", "ute"} {
		y.callers[id] = app.Caller{Session: app.Session{Persons: map[plan.ID]plan.ID{y.id: id}}}
	}
	return y
}

func (y *year) plan() *plan.Plan {
	for _, id := range slices.Sorted(maps.Keys(y.callers)) {
		if v, err := y.Open(y.ctx(), y.callers[id], y.id); err == nil {
			return v.Plan
		}
	}
	y.Fatalf("nobody can open the plan")
	return nil
}

func (y *year) must(who plan.ID, cmd plan.Command) {
	if _, err := y.Do(y.ctx(), y.callers[who], y.id, cmd); err != nil {
		y.Fatalf("%s does %T: %v", who, cmd, err)
	}
}

// try does what may be refused.
func (y *year) try(who plan.ID, cmd plan.Command) {
	_, err := y.Do(y.ctx(), y.callers[who], y.id, cmd)
	var f *fault.Error
	if err != nil && !errors.As(err, &f) {
		y.Fatalf("%s does %T: %v", who, cmd, err)
	}
}

// until runs all jobs up to an instant, each at its time.
func (y *year) until(t time.Time) {
	for {
		var next time.Time
		y.store.mu.Lock()
		for _, j := range y.store.jobs {
			if next.IsZero() || j.RunAt.Before(next) {
				next = j.RunAt
			}
		}
		y.store.mu.Unlock()
		if next.IsZero() || next.After(t) {
			break
		}
		if next.After(y.now) {
			y.now = next
		}
		y.runDue()
	}
	y.now = t
}

// agree makes a few steps and has both leads accept the plan.
func (y *year) agree() {
	john := y.seller.Member.ID
	for n := range 8 {
		y.steps++
		title, party, due, owner := fmt.Sprintf("Step %d", y.steps), plan.BySeller, civil.On(y.now, time.UTC)+civil.Day(20+9*n), john
		patch := plan.Patch{Title: &title, Party: &party, Due: &due, SellerOwner: &owner}
		if mara := plan.ID("mara"); n%2 == 0 {
			party = plan.ByBuyer
			patch.SellerOwner, patch.BuyerOwner = nil, &mara
		}
		y.must(john, plan.Add{ID: y.NewID(), Kind: plan.KindAction, Terms: patch})
	}
	y.until(time.Date(2028, y.now.Month(), y.now.Day()+1, 9, 0, 0, 0, time.UTC))
	for y.now.Weekday() != time.Wednesday {
		y.until(y.now.AddDate(0, 0, 1))
	}
	for _, id := range []plan.ID{john, "ute"} {
		y.must(id, plan.AcceptPlan{Seen: y.plan().Shown()})
		y.until(y.now.Add(4 * time.Hour))
	}
	if p := y.plan(); p.Phase != plan.Agreed {
		y.Fatalf("the plan is %s, want it agreed", p.Phase)
	}
}

// live plays some days, with something happening at random hours.
func (y *year) live(days int) {
	ids := []plan.ID{}
	for _, q := range y.plan().Everybody() {
		if _, ok := y.callers[q.ID]; ok {
			ids = append(ids, q.ID)
		}
	}
	for range days {
		for range y.choose.below(3) {
			y.until(y.now.Add(time.Duration(1+y.choose.below(7*60)) * time.Minute))
			y.happen(ids)
		}
		day := civil.On(y.now, time.UTC) + 1
		y.until(day.Time().Add(time.Duration(y.choose.below(8*60)) * time.Minute))
	}
}

// happen is one thing that somebody does.
func (y *year) happen(ids []plan.ID) {
	who := ids[y.choose.below(len(ids))]
	p := y.plan()
	me := p.Person(who)
	today := civil.On(y.now, time.UTC)
	steps := p.Live(plan.KindAction)
	var it *plan.Item
	if len(steps) > 0 {
		it = steps[y.choose.below(len(steps))]
	}
	dueIn := func() civil.Day { return today + civil.Day(1+y.choose.below(25)) }
	switch n := y.choose.below(24); {
	case n < 5 || it == nil:
		y.steps++
		title, party, due := fmt.Sprintf("Step %d", y.steps), plan.Party(me.Side), dueIn()
		owners := map[plan.Side][]plan.ID{plan.Buyer: {"mara", "ute", "nele", "cold", who}, plan.Seller: {"asha", who}}[me.Side]
		owner := owners[y.choose.below(len(owners))]
		patch := plan.Patch{Title: &title, Party: &party, Due: &due, BuyerOwner: &owner}
		if me.Side == plan.Seller {
			patch.BuyerOwner, patch.SellerOwner = nil, &owner
		}
		y.try(who, plan.Add{ID: y.NewID(), Kind: plan.KindAction, Terms: patch})
	case n < 8:
		y.try(who, plan.Report{Item: it.ID, Version: it.Version, On: today})
	case n < 9:
		y.try(who, plan.Expect{Item: it.ID, Version: it.Version, Date: dueIn(), Because: "waiting"})
	case n < 11:
		side := []plan.Side{plan.Buyer, plan.Seller}[y.choose.below(2)]
		y.try(who, plan.Hinder{Item: it.ID, Version: it.Version, Because: "no data", Waits: side, Since: today})
	case n < 12:
		y.try(who, plan.Unhinder{Item: it.ID, Version: it.Version})
	case n < 14:
		due := dueIn()
		for _, x := range steps {
			if x.Bound() && x.Progress.Status != plan.Done && y.choose.below(2) == 0 {
				it = x
			}
		}
		y.try(who, plan.Propose{ID: y.NewID(), Reason: "needs longer", Changes: []plan.Wish{{Item: it.ID, Version: it.Version, Patch: plan.Patch{Due: &due}}}})
		y.try(who, plan.Edit{Item: it.ID, Version: it.Version, Patch: plan.Patch{Due: &due}})
	case n < 16:
		for _, pr := range p.OpenProposals() {
			switch y.choose.below(3) {
			case 0:
				y.try(who, plan.Accept{ID: pr.ID, Digest: pr.Digest()})
			case 1:
				y.try(who, plan.Decline{ID: pr.ID, Reason: "no"})
			default:
				y.try(who, plan.Withdraw{ID: pr.ID})
			}
		}
	case n < 17:
		y.try(who, plan.AcceptPlan{Seen: p.Shown()})
		if open := p.Live(plan.KindAction); p.Phase == plan.Agreed && len(open) > 0 {
			y.try(who, plan.Stand{Item: it.ID, Version: it.Version, Digest: it.Digest})
		}
	case n < 18:
		from := dueIn()
		y.try(who, plan.EditPerson{Person: who, Version: me.Version, Absences: &[]plan.SpanInput{{From: from, To: from + civil.Day(y.choose.below(12))}}})
	case n < 19:
		if p.Paused != nil {
			y.try(who, plan.Resume{})
		} else if y.choose.below(4) == 0 {
			y.try(who, plan.Suspend{Reason: "holidays", Review: today + 10})
		}
	case n < 20:
		y.prefer(who)
	case n < 23:
		y.meet(who, p, it)
	default:
		if access := p.Person("mara").Access; access == plan.None {
			y.try(y.sarah, plan.LetIn{Person: "mara", Access: plan.Editor})
		} else if y.choose.below(3) == 0 {
			y.try(y.sarah, plan.LetIn{Person: "mara", Access: plan.None})
		}
	}
}

// meet is something in a check-in, or its beginning or end.
func (y *year) meet(who plan.ID, p *plan.Plan, it *plan.Item) {
	r := p.OpenRun()
	switch {
	case r == nil:
		y.try(who, plan.OpenCheckIn{ID: y.NewID()})
	case y.choose.below(3) == 0:
		y.try(who, plan.NoteCheckIn{Run: r.ID, ID: y.NewID(), Text: "We talked."})
	case y.choose.below(2) == 0:
		y.try(who, plan.Tackle{Item: it.ID, Version: it.Version, Next: "Somebody asks.", Waits: []plan.Side{plan.Buyer, plan.Seller}[y.choose.below(2)]})
	default:
		y.try(who, plan.CloseCheckIn{Run: r.ID, Present: []plan.ID{who}})
	}
}

// prefer changes what somebody wants of mail, seldom everything.
func (y *year) prefer(who plan.ID) {
	kinds := app.OptionalLetters()
	k := kinds[y.choose.below(len(kinds))]
	off := y.choose.below(2) == 0
	if y.choose.below(12) == 0 {
		if err := y.StopMail(y.ctx(), y.id, who, "test"); err != nil {
			y.Fatalf("stop: %v", err)
		}
		y.stopped[who] = true
		return
	}
	if err := y.store.SetMailOff(y.ctx(), who, k, off, y.now); err != nil {
		y.Fatalf("switch: %v", err)
	}
	if y.off[who] == nil {
		y.off[who] = map[app.LetterKind]bool{}
	}
	y.off[who][k] = off
}

// switchOf is under which switch a kind stands.
func switchOf(k app.LetterKind) app.LetterKind {
	switch k {
	case app.LetterAnswer, app.LetterToAccept:
		return app.LetterProposal
	}
	return k
}

// read checks one mail against the rules.
func (y *year) read(m app.Mail) {
	p := y.plan()
	var q *plan.Person
	for _, x := range p.People {
		if x.Email.Value == m.To.Email {
			q = x
		}
	}
	bad := func(format string, args ...any) {
		y.Errorf("%s to %s at %s: %s", m.Kind, m.To.Email, y.now.In(m.To.Zone).Format("Mon 2006-01-02 15:04 MST"), fmt.Sprintf(format, args...))
	}
	if q == nil {
		bad("nobody on the plan has that address")
		return
	}
	switch {
	case q.ID == "cold":
		bad("somebody whom nobody of their own side brought in")
	case q.Access == plan.None:
		bad("somebody who was not let in")
	case y.stopped[q.ID]:
		bad("somebody who wants no mail")
	case y.off[q.ID][switchOf(m.Kind)]:
		bad("a kind that was switched off")
	case p.Paused != nil && m.Kind != app.LetterReceipt && m.Kind != app.LetterMinutes: // records of what was
		bad("the plan is paused")
	case m.Kind == app.LetterInvitation && len(m.More) == 2: // offers "not me" and "no mail" instead
		y.invited[q.ID] = true
	case q.NamedBy == plan.Buyer && !y.invited[q.ID]:
		bad("before the invitation")
	case len(m.Lead) == 0 || m.Button == nil || m.Settings == "" || !m.Optional:
		bad("nothing to read, to do, or to switch off: %+v", m)
	}
	y.readHours(q, m, bad)
	y.readThings(p, q, m, bad)
}

// readHours knows working hours by itself, not by the code under test.
func (y *year) readHours(q *plan.Person, m app.Mail, bad func(string, ...any)) {
	zone := "Europe/Berlin"
	if q.Zone != "" {
		zone = q.Zone
	}
	z, err := time.LoadLocation(zone)
	if err != nil {
		y.Fatalf("zone: %v", err)
	}
	local := y.now.In(z)
	day := civil.On(y.now, z)
	region := map[plan.Side]string{plan.Buyer: "DE-BY", plan.Seller: "GB-ENG"}[q.Side]
	holidays, err := calendar.Holidays(region, local.Year())
	if err != nil {
		y.Fatalf("holidays: %v", err)
	}
	if w := local.Weekday(); w == time.Saturday || w == time.Sunday || local.Hour() < 8 || local.Hour() >= 17 {
		bad("outside working hours")
	}
	for _, x := range holidays {
		if x.Date == day {
			bad("on the holiday %s", x.Name("en"))
		}
	}
	for _, x := range q.Absences {
		if x.From <= day && day <= x.To {
			bad("while away")
		}
	}
}

// readThings: what is said is true, is the reader's, and was not said before.
func (y *year) readThings(p *plan.Plan, q *plan.Person, m app.Mail, bad func(string, ...any)) {
	day := civil.On(y.now, m.To.Zone)
	once := func(thing string) {
		key := string(q.ID) + " " + thing
		if at, ok := y.said[key]; ok {
			bad("%s was said at %s already", thing, at.Format(time.RFC3339))
		}
		y.said[key] = y.now
	}
	rows := m.Rows
	for _, g := range m.Groups {
		rows = append(rows, g.Rows...)
	}
	steps := map[string]*plan.Item{}
	for _, it := range p.Live(plan.KindAction) {
		steps[it.Terms.Title.Value] = it
	}
	mine := func(r app.MailRow) *plan.Item {
		it := steps[r.Title]
		if it == nil || it.Terms.Owners.Of(q.Side) != q.ID || it.Progress.Status == plan.Done {
			bad("%q is not to be done by them", r.Title)
			return nil
		}
		return it
	}
	switch m.Kind {
	case app.LetterProposal:
		once("proposal " + string(m.Thread))
		if pr := p.Proposals[m.Thread]; pr == nil || pr.Status != plan.Pending || pr.Side == q.Side || !q.MayAgree() {
			bad("no proposal they can answer")
		}
	case app.LetterAnswer:
		once("answer " + string(m.Thread))
	case app.LetterToAccept, app.LetterReceipt:
		if m.Receipt == nil || m.Receipt.Hash != p.Head.Hash || m.Receipt.Seq != p.Head.Seq {
			bad("no receipt of the present head")
		}
	case app.LetterOwnerAsk:
		for _, r := range rows {
			if it := mine(r); it != nil {
				once("ask " + string(it.ID) + " " + string(it.AskedFor(q.Side)))
				once("shown " + day.String() + r.Title + it.Terms.Due.String())
			}
		}
	case app.LetterRemind, app.LetterOverdue:
		for _, r := range rows {
			it := mine(r)
			if it == nil {
				continue
			}
			due := max(it.Terms.Due, it.Progress.Expected)
			if (due < day) != (m.Kind == app.LetterOverdue) {
				bad("%q is due %s", r.Title, due)
			}
			if b := it.Progress.Block; b != nil && b.Waits == q.Side.Other() {
				bad("%q waits for the other side", r.Title)
			}
			if m.Kind == app.LetterRemind {
				once("remind " + r.Title + due.String())
			}
			once("today " + day.String() + r.Title)
		}
	case app.LetterMinutes:
		once("minutes " + string(m.Thread))
		if r := p.Run(m.Thread); r == nil || r.IsOpen() || m.Receipt == nil || m.Receipt.Seq != r.Until {
			bad("no minutes of a check-in that was closed")
		}
	case app.LetterBlocked:
		for _, r := range rows {
			if it := steps[r.Title]; it == nil || it.Progress.Status != plan.Blocked || it.Progress.Block.Waits != q.Side {
				bad("%q does not wait for them", r.Title)
			}
		}
	case app.LetterWeek:
		once("week " + (day - civil.Day((int(day.Weekday())+6)%7)).String())
		if len(rows) == 0 {
			bad("nothing to do")
		}
		for _, g := range m.Groups {
			for _, r := range g.Rows {
				if g.Head.Key != "letter.week.answer" && g.Head.Key != "letter.week.confirm" && mine(r) != nil {
					once("today " + day.String() + r.Title)
					once("shown " + day.String() + r.Title + steps[r.Title].Terms.Due.String())
				}
			}
		}
	case app.LetterDigest:
		once("digest " + (day - civil.Day((int(day.Weekday())+6)%7)).String())
		if q.Access != plan.Lead || len(m.Groups) == 0 {
			bad("nothing for them")
		}
	}
}

func TestMailsOfAYear(t *testing.T) {
	t.Parallel()
	seeds := 1
	if n, _ := strconv.Atoi(os.Getenv("TANDEM_TORTURE")); n > 1 {
		seeds *= n
	}
	all := map[app.LetterKind]int{}
	for seed := range seeds {
		y := newYear(t, t, seeded{rand.New(rand.NewPCG(uint64(seed), 4))})
		y.agree()
		y.live(350)
		for k, n := range y.sent {
			all[k] += n
		}
	}
	var missing []string
	for _, k := range []app.LetterKind{app.LetterProposal, app.LetterAnswer, app.LetterOwnerAsk, app.LetterReceipt, app.LetterToAccept, app.LetterWeek,
		app.LetterRemind, app.LetterOverdue, app.LetterBlocked, app.LetterMinutes, app.LetterDigest} {
		if all[k] == 0 {
			missing = append(missing, string(k))
		}
	}
	if len(missing) > 0 {
		t.Errorf("in a year no mail of kind %s: the test holds nothing about them", strings.Join(missing, ", "))
	}
	t.Logf("mails: %v", all)
}

// Some days from all over the year, with plans of every age.
func TestMailsOfSomeDays(t *testing.T) {
	t.Parallel()
	seeds := 8
	if n, _ := strconv.Atoi(os.Getenv("TANDEM_TORTURE")); n > 1 {
		seeds *= n
	}
	for seed := range seeds {
		choose := seeded{rand.New(rand.NewPCG(uint64(seed), 5))}
		y := newYear(t, t, choose)
		y.now = y.now.AddDate(0, 0, choose.below(300))
		if choose.below(2) == 0 {
			y.agree()
		}
		y.live(1 + choose.below(10))
	}
}
