package app_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tandem/internal/app"
	"tandem/internal/civil"
	"tandem/internal/exchange/ics"
	"tandem/internal/fault"
	"tandem/internal/locale"
	"tandem/internal/plan"
)

// postman keeps what was sent.
type postman struct{ mails []app.Mail }

func (p *postman) Send(_ context.Context, m app.Mail) error {
	p.mails = append(p.mails, m)
	return nil
}

// meeting is a house that sends mail and knows calendars, with a shared plan:
// John Martinez leads the seller's side, Ute Brandt the buyer's.
type meeting struct {
	*house
	post  *postman
	id    plan.ID
	buyer app.Caller
}

func calendaring() app.Calendaring {
	return app.Calendaring{Codec: ics.Codec{}, Words: func(language, key string, args ...any) string { return locale.For(language).T(key, args...) },
		Base: func() string { return "https://plans.example.com" }}
}

func meet(t *testing.T) *meeting {
	t.Helper()
	m := &meeting{house: open(t), post: &postman{}}
	m.Service = app.New(m.store, app.Options{Publisher: m.house, Clock: func() time.Time { return m.now }, Mailer: m.post, Calendars: calendaring(),
		Inbox: app.Inboxing{Store: m.store, Address: "@in.plans.example.com"}})
	m.id = m.sample().Plan.ID
	sarah := m.house.buyer(m.id, "Sarah Chen") // named by the seller: not written to before she came by a mailed link
	m.do(sarah, plan.AddPerson{NewPerson: plan.NewPerson{ID: "ute", Side: plan.Buyer, Name: "Ute Brandt", Email: utes}, Access: plan.Lead})
	m.buyer = app.Caller{Session: app.Session{Persons: map[plan.ID]plan.ID{m.id: "ute"}}}
	m.do(m.buyer, plan.Depart{Person: m.person("Sarah Chen").ID})
	m.deliver()
	m.post.mails = nil
	return m
}

// deliver runs what is due.
func (m *meeting) deliver() {
	m.t.Helper()
	m.runDue()
	m.now = m.now.Add(15 * time.Minute) // an invitation to the plan goes before all others
	m.runDue()
}

// calendars are the calendar mails since the last look: "REQUEST to address, sequence".
func (m *meeting) calendars() []string {
	m.t.Helper()
	m.deliver()
	var out []string
	for _, x := range m.post.mails {
		if x.Kind != app.LetterCheckIn && x.Kind != app.LetterCheckInCancel {
			continue
		}
		if x.Invitation == nil {
			m.t.Fatalf("no calendar part: %+v", x.Subject)
		}
		msg, err := ics.Codec{}.Read(x.Invitation.ICS)
		if err != nil {
			m.t.Fatal(err)
		}
		if msg.Method != x.Invitation.Method {
			m.t.Errorf("the part says %s, the mail %s", msg.Method, x.Invitation.Method)
		}
		out = append(out, fmt.Sprintf("%s %s %s %d", x.Subject.Key[len("checkin.mail."):], msg.Method, x.To.Email, msg.Events[0].Sequence))
	}
	m.post.mails = nil
	slices.Sort(out)
	return out
}

func (m *meeting) want(what string, got []string, want ...string) {
	m.t.Helper()
	if !slices.Equal(got, want) {
		m.t.Errorf("%s: got\n\t%s\nwant\n\t%s", what, strings.Join(got, "\n\t"), strings.Join(want, "\n\t"))
	}
}

func (m *meeting) do(c app.Caller, cmd plan.Command) app.View {
	m.t.Helper()
	v, err := m.Do(m.ctx(), c, m.id, cmd)
	if err != nil {
		m.t.Fatalf("%T: %v", cmd, err)
	}
	return v
}

func (m *meeting) plan() *plan.Plan {
	m.t.Helper()
	v, err := m.Open(m.ctx(), m.seller, m.id)
	if err != nil {
		m.t.Fatal(err)
	}
	return v.Plan
}

func (m *meeting) person(name string) *plan.Person {
	m.t.Helper()
	for _, q := range m.plan().Everybody() {
		if q.Name.Value == name && q.Access != plan.None {
			return q
		}
	}
	m.t.Fatalf("nobody is called %s", name)
	return nil
}

func weekly() plan.CheckInInput {
	return plan.CheckInInput{Start: civil.WallOf(civil.Of(2028, time.May, 16), 10, 0), Zone: "Europe/Berlin", Minutes: 30, Rule: app.Weekly, Link: "https://teams.microsoft.com/l/meetup-join/x"}
}

const (
	utes  = "ute.brandt@nordwerk.example"
	johns = "john@acme.example"
)

func TestCheckInInvitations(t *testing.T) {
	t.Parallel()
	m := meet(t)
	m.do(m.seller, plan.ScheduleCheckIn{ID: "weekly", CheckInInput: weekly()})
	m.want("planned", m.calendars(), "invitation REQUEST "+johns+" 0", "invitation REQUEST "+utes+" 0")
	m.do(m.buyer, plan.AnswerCheckIn{CheckIn: "weekly", Answer: plan.Comes})
	m.want("an answer is nobody's mail", m.calendars())

	in := weekly()
	in.Start = civil.WallOf(civil.Of(2028, time.May, 17), 11, 0)
	m.do(m.seller, plan.EditCheckIn{CheckIn: "weekly", Version: 1, CheckInInput: in})
	m.want("moved", m.calendars(), "update REQUEST "+johns+" 1", "update REQUEST "+utes+" 1")

	in.People = []plan.ID{m.person("John Martinez").ID}
	m.do(m.seller, plan.EditCheckIn{CheckIn: "weekly", Version: 2, CheckInInput: in})
	m.want("without Ute", m.calendars(), "cancel CANCEL "+utes+" 2", "update REQUEST "+johns+" 2")
	in.People = nil
	m.do(m.seller, plan.EditCheckIn{CheckIn: "weekly", Version: 3, CheckInInput: in})
	m.want("with her again", m.calendars(), "invitation REQUEST "+utes+" 3", "update REQUEST "+johns+" 3")

	m.do(m.buyer, plan.AddPerson{NewPerson: plan.NewPerson{ID: "newone", Side: plan.Buyer, Name: "Nele Petersen", Email: "nele@nordwerk.example", Language: "de"}, Access: plan.Contributor})
	m.want("who comes later", m.calendars(), "invitation REQUEST nele@nordwerk.example 3")
	m.do(m.buyer, plan.LetIn{Person: "newone", Access: plan.None})
	m.want("who is shut out loses the appointment", m.calendars(), "cancel CANCEL nele@nordwerk.example 3")
	in.Minutes = 45
	m.do(m.seller, plan.EditCheckIn{CheckIn: "weekly", Version: 4, CheckInInput: in})
	m.want("and hears nothing more", m.calendars(), "update REQUEST "+johns+" 4", "update REQUEST "+utes+" 4")

	m.do(m.seller, plan.CancelCheckIn{CheckIn: "weekly", Version: 5})
	m.want("off", m.calendars(), "cancel CANCEL "+johns+" 5", "cancel CANCEL "+utes+" 5")
}

func TestCheckInMailsAreNeverSentTwice(t *testing.T) {
	t.Parallel()
	m := meet(t)
	m.now = time.Date(2028, 5, 2, 22, 0, 0, 0, time.UTC) // nobody reads mail
	m.do(m.seller, plan.ScheduleCheckIn{ID: "weekly", CheckInInput: weekly()})
	in := weekly()
	for n := range 3 {
		in.Minutes += 15
		m.do(m.seller, plan.EditCheckIn{CheckIn: "weekly", Version: n + 1, CheckInInput: in})
	}
	m.do(m.seller, plan.ScheduleCheckIn{ID: "shortlived", CheckInInput: weekly()})
	m.do(m.seller, plan.CancelCheckIn{CheckIn: "shortlived", Version: 1})
	m.want("at night", m.calendars())
	m.now = time.Date(2028, 5, 3, 9, 0, 0, 0, time.UTC)
	m.want("in the morning, once, as it is now", m.calendars(), "invitation REQUEST "+johns+" 3", "invitation REQUEST "+utes+" 3")
	m.now = time.Date(2029, 5, 3, 9, 0, 0, 0, time.UTC)
	once := plan.CheckInInput{Start: civil.WallOf(civil.Of(2029, time.May, 7), 10, 0), Zone: "Europe/Berlin", Minutes: 30}
	m.do(m.seller, plan.ScheduleCheckIn{ID: "once", CheckInInput: once})
	m.calendars()
	m.now = time.Date(2029, 5, 8, 9, 0, 0, 0, time.UTC)
	m.do(m.seller, plan.CancelCheckIn{CheckIn: "once", Version: 1})
	m.want("what is over needs no cancellation", m.calendars())
}

func TestNobodyIsInvitedUnasked(t *testing.T) {
	t.Parallel()
	m := meet(t)
	if err := m.DemoAsk(m.ctx(), m.id, plan.Buyer, app.AtDoor{Name: "Jana Roth", Email: "jana@nordwerk.example"}); err != nil {
		t.Fatal(err)
	}
	m.deliver()
	m.post.mails = nil
	in := weekly()
	v, err := m.Open(m.ctx(), m.seller, m.id)
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range v.Plan.Everybody() {
		in.People = append(in.People, q.ID) // everybody, also who is only named
	}
	m.do(m.seller, plan.ScheduleCheckIn{ID: "all", CheckInInput: in})
	for _, line := range m.calendars() {
		if !strings.Contains(line, "@acme.example") && !strings.Contains(line, utes) {
			t.Errorf("an invitation went to somebody whom only the seller named: %s", line)
		}
	}
	for _, x := range m.post.mails {
		if strings.Contains(string(x.Invitation.ICS), "jana@") {
			t.Error("an invitation names who only typed a name")
		}
	}

	draft := m.sample().Plan.ID
	other := &meeting{house: m.house, post: m.post, id: draft}
	other.do(m.seller, plan.ScheduleCheckIn{ID: "draft", CheckInInput: weekly()})
	other.want("a draft", other.calendars(), "invitation REQUEST "+johns+" 0")
}

func TestInvitationSaysWhereAnswersGo(t *testing.T) {
	t.Parallel()
	m := meet(t)
	m.do(m.buyer, plan.EditPerson{Person: "ute", Version: m.person("Ute Brandt").Version, Language: ptr("de"), Zone: ptr("America/New_York")})
	m.do(m.seller, plan.ScheduleCheckIn{ID: "weekly", CheckInInput: weekly()})
	m.now = time.Date(2028, 5, 3, 15, 0, 0, 0, time.UTC) // she works in New York
	m.deliver()
	want, err := m.PlanAddress(m.ctx(), m.id)
	if err != nil || want == "" {
		t.Fatalf("the plan has no address: %v", err)
	}
	found := false
	for _, x := range m.post.mails {
		if x.To.Email != utes {
			continue
		}
		found = true
		msg, err := ics.Codec{}.Read(x.Invitation.ICS)
		if err != nil {
			t.Fatal(err)
		}
		e := msg.Events[0]
		if e.Organizer.Email != want || e.Link != weekly().Link || e.UID != app.CalendarUID(m.id, "weekly") || e.Title != "Check-in Nordwerk AG – Acme Cloud" {
			t.Errorf("got %+v", e)
		}
		if e.Start != weekly().Start || e.Zone != "Europe/Berlin" {
			t.Errorf("start %s %s, want the clock it was planned by", e.Start, e.Zone)
		}
		if !strings.Contains(string(x.Invitation.ICS), "Teilnehmen: https://teams") {
			t.Error("not in her language")
		}
		if got := x.Subject.Args; fmt.Sprint(got[3].(app.Say).Args[3]) != "04:00" {
			t.Errorf("subject %v, want the time on her clock", got)
		}
	}
	if !found {
		t.Error("she got none")
	}
}

func ptr[T any](v T) *T { return &v }

// message is what a calendar sends.
func message(method, uid, attendee, answer string, more ...string) []byte {
	return []byte(strings.Join(append([]string{"BEGIN:VCALENDAR", "METHOD:" + method, "BEGIN:VEVENT", "UID:" + uid,
		"ATTENDEE;PARTSTAT=" + answer + ":mailto:" + attendee}, append(more, "END:VEVENT", "END:VCALENDAR", "")...), "\r\n"))
}

func TestAnswersFromCalendars(t *testing.T) {
	t.Parallel()
	m := meet(t)
	m.do(m.seller, plan.ScheduleCheckIn{ID: "weekly", CheckInInput: weekly()})
	uid, ute := app.CalendarUID(m.id, "weekly"), plan.ID("ute")
	receive := func(in app.CalendarMail) error {
		if in.Plan == "" {
			in.Plan = m.id
		}
		return m.ReceiveCalendar(m.ctx(), in)
	}
	answer := func(day civil.Day) plan.Coming { return m.plan().Answer(m.plan().CheckIns["weekly"], ute, day) }
	mail := func(from string, proven bool, ics []byte) app.CalendarMail {
		return app.CalendarMail{From: from, Proven: proven, Parts: []app.CalendarPart{{ICS: ics}}}
	}
	yes := message("REPLY", uid, utes, "ACCEPTED", "SEQUENCE:0")

	for _, c := range []struct {
		name string
		in   app.CalendarMail
		key  string
	}{
		{"not proven", mail(utes, false, yes), "checkin.mail.sender"},
		{"a stranger", mail("eve@x.example", true, yes), "checkin.mail.sender"},
		{"another plan", app.CalendarMail{Plan: m.NewID(), From: utes, Proven: true, Parts: []app.CalendarPart{{ICS: yes}}}, "checkin.mail.sender"},
		{"no check-in", mail(utes, true, message("REPLY", "other", utes, "ACCEPTED")), "checkin.mail.unknown"},
		{"no calendar", mail(utes, true, []byte("Hello")), "checkin.ics"},
		{"a method nobody sends", mail(utes, true, message("REFRESH", uid, utes, "ACCEPTED")), "checkin.mail.unknown"},
	} {
		err := receive(c.in)
		if f, ok := fault.As(err); !ok || f.Key != c.key {
			t.Errorf("%s: got %v, want %s", c.name, err, c.key)
		}
	}
	if got := answer(0); got != "" {
		t.Fatalf("answer %q after refusals", got)
	}
	for range 2 {
		if err := receive(mail(strings.ToUpper(utes), true, yes)); err != nil {
			t.Fatal(err)
		}
	}
	if got := answer(0); got != plan.Comes {
		t.Errorf("accepted: got %q", got)
	}
	no := message("REPLY", uid, utes, "DECLINED", "SEQUENCE:0", "RECURRENCE-ID:20280523T080000Z")
	if err := receive(mail(utes, true, no)); err != nil {
		t.Fatal(err)
	}
	if got := answer(civil.Of(2028, time.May, 23)); got != plan.ComesNot {
		t.Errorf("one day: got %q", got)
	}
	other := message("COUNTER", uid, utes, "TENTATIVE", "SEQUENCE:0", "DTSTART;TZID=W. Europe Standard Time:20280516T140000")
	if err := receive(mail(utes, true, other)); err != nil {
		t.Fatal(err)
	}
	comments := m.plan().Comments[""]
	if answer(0) != plan.ComesMaybe || len(comments) != 1 || !strings.Contains(comments[0].Text.Value, "14:00") || comments[0].By != ute {
		t.Errorf("another time: answer %q, comments %v", answer(0), comments)
	}
	in := weekly()
	in.Start = civil.WallOf(civil.Of(2028, time.May, 18), 9, 0)
	m.do(m.seller, plan.EditCheckIn{CheckIn: "weekly", Version: 1, CheckInInput: in})
	m.do(m.seller, plan.EditCheckIn{CheckIn: "weekly", Version: 2, CheckInInput: weekly()})
	err := receive(mail(utes, true, message("REPLY", uid, utes, "ACCEPTED", "SEQUENCE:1")))
	wantFault(t, err, fault.Refused, "fault.checkin.moved")
}

func TestAppointmentsFromSomebodysCalendar(t *testing.T) {
	t.Parallel()
	m := meet(t)
	const uid = "040000008200E00074C5B7101A82E008"
	send := func(from, method string, sequence int, more ...string) error {
		lines := append([]string{"BEGIN:VCALENDAR", "METHOD:" + method, "BEGIN:VEVENT", "UID:" + uid, fmt.Sprintf("SEQUENCE:%d", sequence),
			"ORGANIZER:mailto:" + from, "ATTENDEE:mailto:" + johns, "ATTENDEE:mailto:plan+x@in.plans.example.com"}, more...)
		b := []byte(strings.Join(append(lines, "END:VEVENT", "END:VCALENDAR", ""), "\r\n"))
		return m.ReceiveCalendar(m.ctx(), app.CalendarMail{Plan: m.id, From: from, Proven: true, Parts: []app.CalendarPart{{ICS: b}}})
	}
	series := []string{"SUMMARY:Jour fixe", "DTSTART;TZID=W. Europe Standard Time:20280516T100000", "DTEND;TZID=W. Europe Standard Time:20280516T104500",
		"RRULE:FREQ=WEEKLY;BYDAY=TU;UNTIL=20280718T080000Z", "X-MICROSOFT-SKYPETEAMSMEETINGURL:https://teams.microsoft.com/l/meetup-join/y"}
	wantFault(t, send("eve@x.example", "REQUEST", 0, series...), fault.Forbidden, "checkin.mail.sender")
	for range 2 {
		if err := send(utes, "REQUEST", 0, series...); err != nil {
			t.Fatal(err)
		}
	}
	c := m.plan().ExternalCheckIn(uid)
	if c == nil || len(m.plan().CheckIns) != 1 || c.By != "ute" || c.Zone != "Europe/Berlin" || c.Minutes != 45 || c.Link.Value != "https://teams.microsoft.com/l/meetup-join/y" || c.Title.Value != "Jour fixe" || len(c.People) != 2 {
		t.Fatalf("got %+v", c)
	}
	m.want("that calendar invites, not the plan", m.calendars())
	wantFault(t, send(johns, "REQUEST", 1, series...), fault.Missing, "fault.missing") // the name of her appointment
	if err := send(utes, "REQUEST", 1, "RECURRENCE-ID;TZID=W. Europe Standard Time:20280523T100000", "DTSTART;TZID=W. Europe Standard Time:20280524T150000", "DTEND;TZID=W. Europe Standard Time:20280524T153000"); err != nil {
		t.Fatal(err)
	}
	if err := send(utes, "CANCEL", 1, "RECURRENCE-ID:20280530T080000Z", "DTSTART:20280530T080000Z"); err != nil {
		t.Fatal(err)
	}
	var days []string
	for _, o := range app.Meetings(m.plan(), m.now, m.now.AddDate(0, 2, 0), 4) {
		days = append(days, o.Start.UTC().Format("0102T1504"))
	}
	m.want("days", days, "0516T0800", "0524T1300", "0606T0800", "0613T0800")
	if err := send(utes, "CANCEL", 2); err != nil {
		t.Fatal(err)
	}
	if n := len(m.plan().OpenCheckIns()); n != 0 {
		t.Errorf("%d check-ins after it was cancelled", n)
	}
	wantFault(t, m.ReceiveCalendar(m.ctx(), app.CalendarMail{Plan: m.id, From: johns, Proven: true, Parts: []app.CalendarPart{{ // handed on, not theirs
		ICS: []byte("BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:x\r\nDTSTART:20280601T080000Z\r\nORGANIZER:mailto:boss@elsewhere.example\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")}}}),
		fault.Forbidden, "checkin.mail.sender")
}

func TestCommandsOfCalendarsAreNobodysForm(t *testing.T) {
	t.Parallel()
	m := meet(t)
	for _, cmd := range []plan.Command{plan.TakeCheckIn{ID: "x1", UID: "x", CheckInInput: weekly()}, plan.DropCheckIn{UID: "x"}} {
		if _, err := m.Do(m.ctx(), m.seller, m.id, cmd); err == nil {
			t.Errorf("%T came through a form", cmd)
		}
	}
	in := weekly()
	in.Zone = "Europe/Nowhere"
	_, err := m.Do(m.ctx(), m.seller, m.id, plan.ScheduleCheckIn{ID: "x", CheckInInput: in})
	wantFault(t, err, fault.Invalid, "fault.zone")
	for _, rule := range []string{"FREQ=HOURLY", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31"} {
		in.Zone, in.Rule = "Europe/Berlin", rule
		_, err = m.Do(m.ctx(), m.seller, m.id, plan.ScheduleCheckIn{ID: "x", CheckInInput: in})
		wantFault(t, err, fault.Invalid, "fault.checkin.rule")
	}
	m.do(m.seller, plan.ScheduleCheckIn{ID: "weekly", CheckInInput: weekly()})
	_, err = m.Do(m.ctx(), m.seller, m.id, plan.CancelCheckIn{CheckIn: "weekly", Version: 1, Day: civil.Of(2028, time.May, 17)})
	wantFault(t, err, fault.Invalid, "fault.checkin.day") // no Tuesday
}

func TestASlotIsSuggestedOnWhichBothWork(t *testing.T) {
	t.Parallel()
	m := meet(t)
	v, err := m.Open(m.ctx(), m.buyer, m.id)
	if err != nil {
		t.Fatal(err)
	}
	at, _ := app.SuggestCheckIn(v)
	if at != "2028-05-04T10:00" { // Thursday, two days ahead
		t.Errorf("suggested %s", at)
	}
	m.do(m.buyer, plan.Settle{Calendar: plan.Sides[*plan.CalendarInput]{Buyer: &plan.CalendarInput{Closed: []plan.SpanInput{{From: v.Today + 2, To: v.Today + 3}}}}})
	m.do(m.buyer, plan.EditPerson{Person: "ute", Version: m.person("Ute Brandt").Version, Zone: ptr("America/New_York"), Absences: &[]plan.SpanInput{{From: v.Today + 6, To: v.Today + 6}}})
	if v, err = m.Open(m.ctx(), m.buyer, m.id); err != nil {
		t.Fatal(err)
	}
	at, away := app.SuggestCheckIn(v)
	if at != "2028-05-09T14:00" || len(away.Away) != 0 { // Monday she is away; in the morning New York sleeps
		t.Errorf("suggested %s, away %d", at, len(away.Away))
	}
	h := app.Hindrances(v.Plan, v.Plan.Everybody(), v.Today)(v.Today + 6)
	if len(h.Away) != 1 || h.Away[0].ID != "ute" || len(h.Closed) != 0 {
		t.Errorf("on Monday: %+v", h)
	}
	if h := app.Hindrances(v.Plan, nil, v.Today)(v.Today + 2); len(h.Closed) != 1 || h.Closed[0] != plan.Buyer {
		t.Errorf("on a closed day: %+v", h)
	}
}
