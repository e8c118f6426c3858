package inbox_test

import (
	"bytes"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	netmail "net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-message"
	gosmtp "github.com/emersion/go-smtp"

	"tandem/internal/app"
	"tandem/internal/inbox"
	"tandem/internal/mail"
	"tandem/internal/plan"
	"tandem/internal/reply"
)

// letterbox is a mail server that keeps what it is given.
type letterbox struct {
	mu  sync.Mutex
	got [][]byte
}

func (b *letterbox) NewSession(*gosmtp.Conn) (gosmtp.Session, error) { return &dropping{b}, nil }

type dropping struct{ b *letterbox }

func (d *dropping) Reset()                                 {}
func (d *dropping) Logout() error                          { return nil }
func (d *dropping) Mail(string, *gosmtp.MailOptions) error { return nil }
func (d *dropping) Rcpt(string, *gosmtp.RcptOptions) error { return nil }
func (d *dropping) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	d.b.mu.Lock()
	defer d.b.mu.Unlock()
	d.b.got = append(d.b.got, raw)
	return err
}

// received is a mail of ours as its reader's program has it.
type received struct {
	replyTo, from, subject, text, html string
}

func open(t *testing.T, raw []byte) received {
	t.Helper()
	m, err := netmail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	list, err := m.Header.AddressList("Reply-To")
	if err != nil || len(list) != 1 {
		t.Fatalf("Reply-To: %v, %v", list, err)
	}
	out := received{replyTo: list[0].Address, from: m.Header.Get("From"), subject: m.Header.Get("Subject")}
	e, err := message.Read(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	err = e.Walk(func(_ []int, part *message.Entity, err error) error {
		if err != nil {
			return err
		}
		kind, _, _ := part.Header.ContentType()
		if strings.HasPrefix(kind, "text/") {
			b, err := io.ReadAll(part.Body)
			if err != nil {
				return err
			}
			if kind == "text/html" {
				out.html = string(b)
			} else if kind == "text/plain" {
				out.text = strings.ReplaceAll(string(b), "\r\n", "\n")
			}
		}
		return nil
	})
	if err != nil || out.text == "" || out.html == "" {
		t.Fatalf("parts: %d bytes of text, %d of HTML, %v", len(out.text), len(out.html), err)
	}
	return out
}

// answers are how mail programs write an answer around the mail they answer.
var answers = map[string]func(m received, text string) (kind, body string){
	"Gmail, as text": func(m received, text string) (string, string) {
		return "text/plain", text + "\n\nAm Di., 2. Mai 2028 um 09:00 Uhr schrieb Tandem <\n" + m.replyTo + ">:\n\n> " + strings.ReplaceAll(m.text, "\n", "\n> ")
	},
	"Outlook, as text": func(m received, text string) (string, string) {
		return "text/plain", text + "\n\nMit freundlichen Grüßen\nUte Brandt\n\nVon: Tandem <" + m.replyTo + ">\nGesendet: Dienstag, 2. Mai 2028 09:00\nAn: Brandt, Ute\nBetreff: Schritt\n\n" + m.text
	},
	"a program that says nothing": func(m received, text string) (string, string) {
		return "text/plain", text + "\n\n" + m.text
	},
	"Outlook, as HTML": func(m received, text string) (string, string) {
		return "text/html", `<html><body><div class="elementToProof">` + text + `</div><div id="appendonsend"></div><hr><div id="divRplyFwdMsg"><b>Von:</b> Tandem<br><b>Gesendet:</b> Dienstag</div>` + m.html + `</body></html>`
	},
	"Apple Mail, as HTML": func(m received, text string) (string, string) {
		return "text/html", `<html><body>` + text + `<br><div><br><blockquote type="cite">On 2. May 2028, at 09:00, Tandem wrote:</blockquote><br><blockquote type="cite">` + m.html + `</blockquote></div></body></html>`
	},
	"a program that quotes HTML with nothing around it": func(m received, text string) (string, string) {
		return "text/html", `<html><body><p>` + text + `</p>` + m.html + `</body></html>`
	},
}

// TestAnswersToOurOwnMails sends the mails that can be answered, as they are,
// and answers them as mail programs do: nothing of ours may be taken for theirs.
func TestAnswersToOurOwnMails(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	box := &letterbox{}
	server := gosmtp.NewServer(box)
	server.ErrorLog = log.New(io.Discard, "", 0)
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = server.Serve(ln) }()
	t.Cleanup(func() { _ = server.Close() })
	post := mail.New(mail.Settings{Base: "https://plans.acme.example", From: "tandem@acme.example", FromName: "Tandem", Clock: w.clock,
		Server: mail.Server{Addr: ln.Addr().String(), Security: "none"}, Log: slog.New(slog.DiscardHandler)})
	t.Cleanup(post.Close)
	w.Service = app.New(w.store, app.Options{Clock: w.clock, Mailer: post, Inbox: app.Inboxing{Store: w.store, Address: address, Read: inbox.Read}})
	for _, language := range []string{"de", "en"} {
		for _, kind := range []app.LetterKind{app.LetterOwnerAsk, app.LetterProposal, app.LetterAsComment, app.LetterRemind} {
			t.Run(language+" "+string(kind), func(t *testing.T) {
				d := w.in(t).deal(plan.Editor)
				q := d.plan().Person(d.ute)
				d.do(d.sarahCaller, plan.EditPerson{Person: q.ID, Version: q.Version, Language: &language})
				m := open(t, d.posted(kind, box))
				if want := reply.Marker[language]; !strings.Contains(m.text, want) || !strings.Contains(m.html, want) {
					t.Errorf("the mail has no line %q above which to write", want)
				}
				for name, write := range answers {
					for _, text := range []string{"erledigt", "nein, weil das Budget fehlt"} {
						kind, body := write(m, text)
						raw := fmt.Sprintf("From: u.brandt@nordwerk.example\r\nTo: %s\r\nSubject: AW: x\r\nMessage-ID: <1@x>\r\nContent-Type: %s; charset=utf-8\r\n\r\n%s", m.replyTo, kind, strings.ReplaceAll(body, "\n", "\r\n"))
						read, err := inbox.Read([]byte(raw))
						if err != nil {
							t.Fatal(err)
						}
						got := reply.Strip(read.Text)
						if got.Text != text || got.Parts != 1 || got.Doubt {
							t.Errorf("%s: newly written %q (%d parts, doubt %v), want %q", name, got.Text, got.Parts, got.Doubt, text)
						}
						if by := reply.WrittenBy(read.Signs, got.Text); by != reply.Human {
							t.Errorf("%s: written by %s", name, by)
						}
					}
				}
			})
		}
	}
}

// posted sends a letter of a kind to Ute by SMTP, and answers with it.
func (d *deal) posted(kind app.LetterKind, box *letterbox) []byte {
	d.t.Helper()
	l := app.Letter{ID: d.NewID(), Kind: kind, Plan: d.id, Person: d.ute, Item: d.step, Created: d.clock()}
	switch kind {
	case app.LetterProposal:
		d.propose()
		l.Item = d.proposal
	case app.LetterRemind:
		l.Key = "remind/" + string(d.step) + "/2028-05-24"
		d.later(time.Date(2028, 5, 22, 7, 0, 0, 0, time.UTC).Sub(d.clock())) // two days before it is due
	case app.LetterAsComment:
		d.arrives(d.addressOf(d.letter(app.LetterRemind, d.step)), "Anfang Juni")
		l.ID = d.written()[0].ID
	}
	if kind != app.LetterAsComment {
		if err := d.store.Commit(d.t.Context(), app.Change{Letters: []app.Letter{l}}); err != nil {
			d.t.Fatal(err)
		}
	}
	box.mu.Lock()
	before := len(box.got)
	box.mu.Unlock()
	if err := d.RunJob(d.t.Context(), app.Job{Kind: app.JobDeliver, Data: []byte(l.ID)}); err != nil {
		d.t.Fatal(err)
	}
	box.mu.Lock()
	defer box.mu.Unlock()
	if len(box.got) != before+1 {
		row, err := d.store.Letter(d.t.Context(), l.ID)
		d.t.Fatalf("%d mails were sent, want one: the letter is %s, %q, %v", len(box.got)-before, row.State, row.Reason, err)
	}
	return box.got[before]
}
