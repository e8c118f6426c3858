package inbox_test

import (
	"io"
	"log"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"tandem/internal/app"
	"tandem/internal/civil"
	"tandem/internal/exchange/ics"
	"tandem/internal/inbox"
	"tandem/internal/locale"
	"tandem/internal/mail"
	"tandem/internal/plan"
)

// theirServer is a real mail server on loopback that keeps what it takes.
type theirServer struct {
	mu  sync.Mutex
	got [][]byte
}

func (b *theirServer) NewSession(*smtp.Conn) (smtp.Session, error) { return b, nil }
func (b *theirServer) Mail(string, *smtp.MailOptions) error        { return nil }
func (b *theirServer) Rcpt(string, *smtp.RcptOptions) error        { return nil }
func (b *theirServer) Reset()                                      {}
func (b *theirServer) Logout() error                               { return nil }
func (b *theirServer) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.got = append(b.got, raw)
	return err
}

func (b *theirServer) listen(t *testing.T) string {
	t.Helper()
	server := smtp.NewServer(b)
	server.Domain, server.ErrorLog = "mail.nordwerk.example", log.New(io.Discard, "", 0)
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = server.Serve(ln) }()
	t.Cleanup(func() { _ = server.Close() })
	return ln.Addr().String()
}

// calendarPart is the one calendar in a mail.
func calendarPart(t *testing.T, raw []byte) (app.Message, app.CalendarMessage) {
	t.Helper()
	m, err := inbox.Read(raw)
	if err != nil || len(m.Calendar) != 1 {
		t.Fatalf("%d calendar parts, %v", len(m.Calendar), err)
	}
	c, err := ics.Codec{}.Read(m.Calendar[0].ICS)
	if err != nil {
		t.Fatal(err)
	}
	if m.Calendar[0].Method != c.Method {
		t.Errorf("the part is of method %s, its calendar of %s", m.Calendar[0].Method, c.Method)
	}
	return m, c
}

// An invitation goes out by SMTP; Ute's Exchange answers it by SMTP; she
// invites the plan to an appointment of her own, and takes it back.
func TestCheckInsByMail(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	box := &theirServer{}
	post := mail.New(mail.Settings{Base: "https://plans.acme.example", From: "tandem@acme.example", Clock: w.clock, Server: mail.Server{Addr: box.listen(t), Security: "none"}})
	t.Cleanup(post.Close)
	w.Service = app.New(w.store, app.Options{Clock: w.clock, Mailer: post, Inbox: app.Inboxing{Store: w.store, Address: address, Read: inbox.Read},
		Calendars: app.Calendaring{Codec: ics.Codec{}, Words: func(l, key string, args ...any) string { return locale.For(l).T(key, args...) }, Base: func() string { return "https://plans.acme.example" }}})
	d := w.deal(plan.Editor)
	at := w.listen(nil)
	to, err := w.PlanAddress(t.Context(), d.id)
	if err != nil {
		t.Fatal(err)
	}
	exchange := func(method, body string) {
		t.Helper()
		w.later(time.Minute)
		raw := "From: Ute Brandt <u.brandt@nordwerk.example>\r\nTo: <" + to + ">\r\nSubject: x\r\nDate: Tue, 02 May 2028 09:00:00 +0200\r\nMessage-ID: <" + string(w.NewID()) + "@nordwerk.example>\r\nMIME-Version: 1.0\r\n" +
			"Content-Type: text/calendar; charset=\"utf-8\"; method=" + method + "\r\n\r\nBEGIN:VCALENDAR\r\nMETHOD:" + method + "\r\nPRODID:Microsoft Exchange Server 2010\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\n" +
			strings.ReplaceAll(body, "\n", "\r\n") + "\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
		if err := send(at, "u.brandt@nordwerk.example", to, w.names.sign(t, "nordwerk.example", []byte(raw))); err != nil {
			t.Fatal(err)
		}
		list, err := d.store.MailOf(t.Context(), d.id, []plan.ID{""})
		if err != nil || len(list) == 0 {
			t.Fatalf("nothing was kept: %v", err)
		}
		for _, r := range list {
			if err := d.RunJob(t.Context(), app.Job{Kind: app.JobHear, Data: []byte(r.ID)}); err != nil {
				t.Fatal(err)
			}
		}
	}

	d.do(w.seller, plan.ScheduleCheckIn{ID: "weekly", CheckInInput: plan.CheckInInput{Title: "Jour fixe; Übersicht, „Stand“", Start: civil.WallOf(civil.Of(2028, time.May, 16), 10, 0), Zone: "Europe/Berlin",
		Minutes: 30, Rule: app.Weekly, Link: "https://meet.acme.example/x"}})
	w.later(3 * time.Hour)
	letters, err := d.store.LettersTo(t.Context(), d.id, d.ute, 10)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range letters {
		if l.Kind == app.LetterCheckIn {
			if err := d.RunJob(t.Context(), app.Job{Kind: app.JobDeliver, Data: []byte(l.ID)}); err != nil {
				t.Fatal(err)
			}
		}
	}
	if len(box.got) != 1 {
		t.Fatalf("%d mails arrived, want her invitation", len(box.got))
	}
	m, c := calendarPart(t, box.got[0])
	e := c.Events[0]
	if c.Method != "REQUEST" || e.Organizer.Email != to || e.Title != "Jour fixe; Übersicht, „Stand“" || e.Link != "https://meet.acme.example/x" || e.Zone != "Europe/Berlin" {
		t.Errorf("got %s %+v", c.Method, e)
	}
	if !strings.Contains(m.Subject, "Einladung: Jour fixe") || !strings.Contains(m.Text, "https://meet.acme.example/x") {
		t.Errorf("subject %q, text %q", m.Subject, m.Text)
	}

	exchange("REPLY", "ATTENDEE;PARTSTAT=ACCEPTED;CN=\"Brandt, Ute\":mailto:u.brandt@nordwerk.example\nUID:"+e.UID+"\nSEQUENCE:0\nDTSTART;TZID=W. Europe Standard Time:20280516T100000")
	if got := d.plan().Answer(d.plan().CheckIns["weekly"], d.ute, 0); got != plan.Comes {
		t.Errorf("her answer: %q", got)
	}
	own := "ORGANIZER;CN=Ute:mailto:u.brandt@nordwerk.example\nUID:040000008200E0\nSEQUENCE:%\nSUMMARY:Vertragsrunde\nDTSTART;TZID=W. Europe Standard Time:20280522T140000\nDTEND;TZID=W. Europe Standard Time:20280522T150000\nX-MICROSOFT-SKYPETEAMSMEETINGURL:https://teams.microsoft.com/l/meetup-join/z"
	exchange("REQUEST", strings.Replace(own, "%", "0", 1))
	x := d.plan().ExternalCheckIn("040000008200E0")
	if x == nil || x.Start != "2028-05-22T14:00" || x.Link.Value != "https://teams.microsoft.com/l/meetup-join/z" || x.By != d.ute {
		t.Fatalf("her appointment: %+v", x)
	}
	exchange("CANCEL", strings.Replace(own, "%", "1", 1))
	if x := d.plan().ExternalCheckIn("040000008200E0"); !x.Cancelled {
		t.Error("her cancellation was not heard")
	}
}
