package mail_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"io"
	netmail "net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-message"
	_ "github.com/emersion/go-message/charset"
	"github.com/emersion/go-msgauth/dkim"
	"github.com/emersion/go-smtp"

	"tandem/internal/app"
	"tandem/internal/civil"
	"tandem/internal/mail"
	"tandem/internal/plan"
)

var now = time.Date(2028, time.May, 9, 9, 30, 0, 0, time.UTC)

func settings(k *sink, security mail.Security) mail.Settings {
	return mail.Settings{Base: "https://plans.acme.example", From: "plans@acme.example", FromName: "Acme Pläne", Clock: func() time.Time { return now },
		Server: mail.Server{Addr: k.addr, Security: security, TLS: &tls.Config{RootCAs: k.roots}, Timeout: 5 * time.Second}}
}

func some(letter, to string) app.Mail {
	return app.Mail{Letter: plan.ID(letter), Kind: app.LetterRemind, To: app.Reader{Name: "Ute Brandt", Email: to, Language: "de", Zone: time.UTC},
		Subject: app.Said("mail.decide-by", "Day", app.OnDay(civil.Of(2028, time.May, 24))), Lead: []app.Say{app.Said("mail.receipt")},
		Plan: "p1", Thread: "i1", Title: "Einführung Übergrößenlager", Buyer: "Nordwerk AG", Seller: "Acme Cloud",
		Optional: true, Settings: "/mail/secret", BounceTo: "bounce+abc@acme.example", ReplyTo: "reply+abc@acme.example"}
}

func send(t *testing.T, p *mail.Post, m app.Mail) error {
	t.Helper()
	return p.Send(t.Context(), m)
}

func TestSendsOverEveryKindOfConnection(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		mode string
		user bool
	}{{"none", false}, {"none", true}, {"starttls", true}, {"tls", true}} {
		name := row.mode
		if row.user {
			name += " signed in"
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := newSink(t, row.mode)
			s := settings(k, mail.Security(row.mode))
			if row.user {
				s.Server.User, s.Server.Password = "tandem", "geheim"
			}
			p := mail.New(s)
			defer p.Close()
			for range 3 {
				if err := send(t, p, some("l1", "ute.brandt@nordwerk.example")); err != nil {
					t.Fatal(err)
				}
			}
			got := k.mails()
			sessions := 1
			if row.mode == "starttls" {
				sessions = 2 // one before, one after both encrypt
			}
			if len(got) != 3 || k.connections() != sessions {
				t.Fatalf("%d mails in %d sessions, want 3 over one connection", len(got), k.connections())
			}
			first := got[0]
			if first.from != "bounce+abc@acme.example" || first.to != "ute.brandt@nordwerk.example" || first.secure != (row.mode != "none") {
				t.Errorf("from %s to %s, encrypted %v", first.from, first.to, first.secure)
			}
			if row.user && first.user != "tandem" {
				t.Errorf("signed in as %q, want tandem", first.user)
			}
		})
	}
}

func TestSignsInWithAToken(t *testing.T) {
	t.Parallel()
	k := newSink(t, "starttls")
	k.token = "ey.token"
	s := settings(k, mail.StartTLS)
	s.Server.User = "tandem"
	s.Server.Token = func(context.Context) (string, error) { return "ey.token", nil }
	p := mail.New(s)
	defer p.Close()
	if err := send(t, p, some("l1", "a@b.example")); err != nil {
		t.Fatal(err)
	}
	if got := k.mails(); len(got) != 1 || got[0].user != "tandem" {
		t.Errorf("taken: %d mails, want one of tandem", len(got))
	}
	s.Server.Token = func(context.Context) (string, error) { return "old", nil }
	wrong := mail.New(s)
	defer wrong.Close()
	var no *app.MailRefusal
	if err := send(t, wrong, some("l2", "a@b.example")); err == nil || errors.As(err, &no) {
		t.Errorf("with an old token: %v, want an error of the moment", err)
	}
}

func TestNeverInTheClearUnlessAsked(t *testing.T) {
	t.Parallel()
	k := newSink(t, "none") // offers no STARTTLS
	s := settings(k, mail.StartTLS)
	s.Server.User, s.Server.Password = "tandem", "geheim"
	p := mail.New(s)
	defer p.Close()
	if err := send(t, p, some("l1", "a@b.example")); err == nil || !strings.Contains(err.Error(), "STARTTLS") {
		t.Errorf("got %v, want it refused", err)
	}
	if len(k.mails()) > 0 {
		t.Error("a mail went out unencrypted")
	}
	strange := newSink(t, "tls")
	s = settings(strange, mail.TLS)
	s.Server.TLS = &tls.Config{MinVersion: tls.VersionTLS12} // the test's authority is not known
	q := mail.New(s)
	defer q.Close()
	if err := send(t, q, some("l1", "a@b.example")); err == nil {
		t.Error("a certificate of an unknown authority was believed")
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	reply := func(code int, enhanced smtp.EnhancedCode, text string) error {
		return &smtp.SMTPError{Code: code, EnhancedCode: enhanced, Message: text}
	}
	const secret = "mailbox of ute.brandt@nordwerk.example"
	for _, row := range []struct {
		name    string
		rcpt    error
		data    error
		good    bool // for good
		address bool
		code    string
	}{
		{name: "unknown user", rcpt: reply(550, smtp.EnhancedCode{5, 1, 1}, secret), good: true, address: true, code: "5.1.1"},
		{name: "unknown at Exchange Online", rcpt: reply(550, smtp.EnhancedCode{5, 4, 1}, secret), good: true, address: true, code: "5.4.1"},
		{name: "disabled", rcpt: reply(550, smtp.EnhancedCode{5, 2, 1}, secret), good: true, address: true, code: "5.2.1"},
		{name: "no enhanced code", rcpt: reply(550, smtp.NoEnhancedCode, secret), good: true, address: true, code: "550"},
		{name: "policy", rcpt: reply(550, smtp.EnhancedCode{5, 7, 1}, secret), good: true, code: "5.7.1"},
		{name: "taken for spam", data: reply(554, smtp.EnhancedCode{5, 7, 1}, secret), good: true, code: "5.7.1"},
		{name: "no after the data", data: reply(550, smtp.NoEnhancedCode, secret), good: true, code: "550"},
		{name: "greylisting", rcpt: reply(451, smtp.EnhancedCode{4, 7, 1}, secret)},
		{name: "full for now", rcpt: reply(452, smtp.EnhancedCode{4, 2, 2}, secret)},
		{name: "busy", data: reply(421, smtp.EnhancedCode{4, 3, 2}, secret)},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			k := newSink(t, "none")
			k.rcpt = func(string) error { return row.rcpt }
			k.data = func(int) error { return row.data }
			p := mail.New(settings(k, mail.Clear))
			defer p.Close()
			err := send(t, p, some("l1", "ute.brandt@nordwerk.example"))
			var no *app.MailRefusal
			switch good := errors.As(err, &no); {
			case err == nil || good != row.good:
				t.Fatalf("got %v, want an error, for good %v", err, row.good)
			case good && (no.Code != row.code || no.Address != row.address):
				t.Errorf("got %+v, want code %s, address %v", no, row.code, row.address)
			}
			if strings.Contains(err.Error(), "nordwerk") || strings.Contains(err.Error(), "mailbox") {
				t.Errorf("the error holds the server's words: %v", err)
			}
			k.mu.Lock()
			k.rcpt, k.data = nil, nil
			k.mu.Unlock()
			if err := send(t, p, some("l2", "mara.klein@nordwerk.example")); err != nil {
				t.Errorf("the next mail: %v", err)
			}
		})
	}
}

func TestBrokenAndSlowConnections(t *testing.T) {
	t.Parallel()
	k := newSink(t, "none")
	k.cut = true
	s := settings(k, mail.Clear)
	s.Server.Timeout = 300 * time.Millisecond
	p := mail.New(s)
	defer p.Close()
	var no *app.MailRefusal
	if err := send(t, p, some("l1", "a@b.example")); err == nil || errors.As(err, &no) {
		t.Errorf("cut in the middle: %v, want an error of the moment", err)
	}
	stall := make(chan struct{})
	k.mu.Lock()
	k.cut, k.stall = false, stall
	k.mu.Unlock()
	err := send(t, p, some("l1", "a@b.example"))
	close(stall)
	if err == nil || errors.As(err, &no) || !strings.Contains(err.Error(), "in time") {
		t.Errorf("no answer: %v, want an error of the moment that says so", err)
	}
	k.mu.Lock()
	k.stall = nil
	k.mu.Unlock()
	if err := send(t, p, some("l1", "a@b.example")); err != nil {
		t.Errorf("afterwards: %v", err)
	}
	gone := mail.New(mail.Settings{From: "a@b.example", Server: mail.Server{Addr: "127.0.0.1:1", Security: mail.Clear}})
	if err := send(t, gone, some("l1", "a@b.example")); err == nil || errors.As(err, &no) {
		t.Errorf("no server: %v, want an error of the moment", err)
	}
}

func TestServerThatTakesOneSenderOnly(t *testing.T) {
	t.Parallel()
	k := newSink(t, "none")
	k.own = "plans@acme.example"
	p := mail.New(settings(k, mail.Clear))
	defer p.Close()
	for range 2 {
		if err := send(t, p, some("l1", "a@b.example")); err != nil {
			t.Fatal(err)
		}
	}
	if got := k.mails(); len(got) != 2 || got[0].from != k.own || got[1].from != k.own {
		t.Errorf("taken: %+v, want two from %s", got, k.own)
	}
	k.own = "somebody@else.example"
	var no *app.MailRefusal
	if err := send(t, p, some("l1", "a@b.example")); err == nil || errors.As(err, &no) {
		t.Errorf("where our own address is refused as well: %v, want an error of the moment, for the operator to mend", err)
	}
}

func TestManySendAtOnce(t *testing.T) {
	t.Parallel()
	k := newSink(t, "none")
	p := mail.New(settings(k, mail.Clear))
	defer p.Close()
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			if err := p.Send(context.Background(), some("l1", "a@b.example")); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if len(k.mails()) != 16 {
		t.Errorf("%d mails, want 16", len(k.mails()))
	}
}

func TestSignatureVerifies(t *testing.T) {
	t.Parallel()
	for _, short := range []bool{false, true} {
		key, text, err := mail.NewKey(rand.Reader, short)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := mail.ParseKey(text); err != nil {
			t.Errorf("the key that was written: %v", err)
		}
		record, err := mail.Record(key)
		if err != nil {
			t.Fatal(err)
		}
		k := newSink(t, "none")
		s := settings(k, mail.Clear)
		s.DKIM = &mail.DKIM{Domain: "acme.example", Selector: "tandem", Key: key}
		p := mail.New(s)
		defer p.Close()
		if err := send(t, p, some("l1", "ute.brandt@nordwerk.example")); err != nil {
			t.Fatal(err)
		}
		check := func(raw []byte) error {
			found, err := dkim.VerifyWithOptions(bytes.NewReader(raw), &dkim.VerifyOptions{LookupTXT: func(name string) ([]string, error) {
				if name != "tandem._domainkey.acme.example" {
					t.Errorf("looked up %s", name)
				}
				return []string{record}, nil
			}})
			if err != nil || len(found) != 1 {
				t.Fatalf("%d signatures, %v; want one", len(found), err)
			}
			return found[0].Err
		}
		raw := k.mails()[0].raw
		if err := check(raw); err != nil {
			t.Errorf("the signature: %v", err)
		}
		for name, forged := range map[string][]byte{
			"another body":        append(bytes.Clone(raw), "PS: Konto geändert\r\n"...),
			"another subject":     bytes.Replace(raw, []byte("Subject: "), []byte("Subject: Re: "), 1),
			"a second sender":     append([]byte("From: boss@acme.example\r\n"), raw...),
			"another unsubscribe": bytes.Replace(raw, []byte("/mail/secret"), []byte("/mail/forged"), 1),
		} {
			if check(forged) == nil {
				t.Errorf("%s verifies", name)
			}
		}
	}
}

func TestHeaders(t *testing.T) {
	t.Parallel()
	k := newSink(t, "none")
	p := mail.New(settings(k, mail.Clear))
	defer p.Close()
	m := some("l1", "ute.brandt@nordwerk.example")
	m.From = "Sarah Chen (Nordwerk AG)"
	plain := some("l2", "ute.brandt@nordwerk.example")
	plain.Optional, plain.ReplyTo, plain.Settings = false, "", ""
	for _, x := range []app.Mail{m, plain} {
		if err := send(t, p, x); err != nil {
			t.Fatal(err)
		}
	}
	read := func(raw []byte) (netmail.Header, []byte) {
		msg, err := netmail.ReadMessage(bytes.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(msg.Body)
		return msg.Header, body
	}
	h, _ := read(k.mails()[0].raw)
	for name, want := range map[string]string{
		"Message-Id": "<l1@acme.example>", "List-Unsubscribe": "<https://plans.acme.example/mail/secret>",
		"List-Unsubscribe-Post": "List-Unsubscribe=One-Click", "Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "OOF, DR, RN, NRN",
		"Content-Language": "de", "Reply-To": "<reply+abc@acme.example>", "From": `"Sarah Chen (Nordwerk AG)" <plans@acme.example>`,
		"Date": "Tue, 09 May 2028 09:30:00 +0000", "Feedback-Id": "", "Precedence": "", "X-Mailer": "",
	} {
		if got := h.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	g, _ := read(k.mails()[1].raw)
	if g.Get("List-Unsubscribe") != "" || g.Get("Reply-To") != "" {
		t.Errorf("a mail that cannot be switched off or answered: %q, %q", g.Get("List-Unsubscribe"), g.Get("Reply-To"))
	}
	if h.Get("References") == "" || h.Get("References") != g.Get("References") {
		t.Errorf("mails about one thing: %q and %q, want the same thread", h.Get("References"), g.Get("References"))
	}
	// Both forms are there, in UTF-8, as readable text.
	entity, err := message.Read(bytes.NewReader(k.mails()[0].raw))
	if err != nil {
		t.Fatal(err)
	}
	var kinds []string
	parts := entity.MultipartReader()
	for part, err := parts.NextPart(); err == nil; part, err = parts.NextPart() {
		kind, _, _ := part.Header.ContentType()
		kinds = append(kinds, kind)
		body, err := io.ReadAll(part.Body)
		if err != nil || !strings.Contains(strings.Join(strings.Fields(string(body)), " "), "Einführung Übergrößenlager") {
			t.Errorf("%s (%v):\n%s", kind, err, body)
		}
	}
	if strings.Join(kinds, " ") != "text/plain text/html" {
		t.Errorf("parts: %v", kinds)
	}
	for line := range strings.SplitSeq(string(k.mails()[0].raw), "\r\n") {
		if len(line) > 998 {
			t.Errorf("a line of %d octets", len(line))
		}
	}
}
