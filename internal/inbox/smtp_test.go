package inbox_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"math/big"
	"net"
	"net/textproto"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	emersion "github.com/emersion/go-smtp"
	gomail "github.com/wneessen/go-mail"

	"tandem/internal/app"
	"tandem/internal/inbox"
	"tandem/internal/plan"
)

func plain(id, text string) []byte {
	return []byte("From: Ute Brandt <u.brandt@nordwerk.example>\r\nTo: x\r\nSubject: AW: Datenschutz\r\nDate: Tue, 02 May 2028 11:00:00 +0200\r\n" +
		"Message-ID: <" + id + "@nordwerk.example>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + text + "\r\n")
}

// reminded is a deal of which Ute was reminded, with the address of her answer.
func (w *world) reminded() (*deal, string) {
	w.t.Helper()
	d := w.deal(plan.Contributor)
	to, err := w.ReplyAddress(w.t.Context(), d.letter(app.LetterRemind, d.step))
	if err != nil {
		w.t.Fatal(err)
	}
	return d, to
}

func smtpCode(err error) int {
	var reply *textproto.Error
	var other *emersion.SMTPError
	switch {
	case errors.As(err, &reply):
		return reply.Code
	case errors.As(err, &other):
		return other.Code
	}
	return 0
}

func TestNothingIsRelayed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, to := w.reminded()
	at := w.listen(nil)
	tests := []struct{ name, to string }{
		{"another domain", "somebody@elsewhere.example"},
		{"our domain, no token", "reply@plans.acme.example"},
		{"our domain, a made-up token", "reply+" + strings.Repeat("a", 44) + "@plans.acme.example"},
		{"our domain, a token of another purpose", strings.Replace(to, "reply", "bounce", 1)},
		{"source route", "@plans.acme.example:somebody@elsewhere.example"},
		{"percent hack", "somebody%elsewhere.example@plans.acme.example"},
	}
	for _, test := range tests {
		if err := send(at, "u.brandt@nordwerk.example", test.to, plain("x", "erledigt")); smtpCode(err) < 500 {
			t.Errorf("%s: %s was answered with %v, want a 5xx", test.name, test.to, err)
		}
	}
	if err := send(at, "u.brandt@nordwerk.example", to, plain("x", "erledigt")); err != nil {
		t.Errorf("the right address: %v", err)
	}
}

func TestLimitsOfTheListener(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d, to := w.reminded()
	at := w.listen(func(c *inbox.ListenerConfig) { c.PerMinute = 3 })
	if err := send(at, "u.brandt@nordwerk.example", to, plain("large", strings.Repeat("x", 70)+strings.Repeat("\r\n"+strings.Repeat("x", 70), inbox.MaxMail/70))); smtpCode(err) != 552 {
		t.Errorf("a large mail was answered with %v, want 552", err)
	}
	if err := send(at, "u.brandt@nordwerk.example", to, []byte("no head at all\r\n")); smtpCode(err) != 550 {
		t.Errorf("no mail was answered with %v, want 550", err)
	}
	if got := d.hear(); len(got) != 0 {
		t.Errorf("kept: %q", states(got))
	}
	_ = send(at, "u.brandt@nordwerk.example", to, plain("3", "erledigt"))
	if err := send(at, "u.brandt@nordwerk.example", to, plain("4", "erledigt")); smtpCode(err) != 451 {
		t.Errorf("the fourth mail in a minute was answered with %v, want 451", err)
	}
	var open []net.Conn
	defer func() {
		for _, c := range open {
			_ = c.Close()
		}
	}()
	refused := false
	for range 25 {
		c, err := net.Dial("tcp", at)
		if err != nil {
			t.Fatal(err)
		}
		open = append(open, c)
		_ = c.SetReadDeadline(time.Now().Add(5 * time.Second))
		line := make([]byte, 3)
		if _, err := c.Read(line); err == nil && string(line) == "421" {
			refused = true
		}
	}
	if !refused {
		t.Error("25 connections of one address were all taken")
	}
}

func TestSameMailActsOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d, to := w.reminded()
	at := w.listen(nil)
	raw := w.names.sign(t, "nordwerk.example", plain("once", "27. Mai"))
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if err := send(at, "x@elsewhere.example", to, raw); err != nil {
				t.Error(err)
			}
		})
	}
	// By another way at the same time.
	all.Go(func() {
		if err := inbox.Take(t.Context(), w.Service, w.prover(), raw, []string{to}); err != nil {
			t.Error(err)
		}
	})
	all.Wait()
	list, err := w.store.MailOf(t.Context(), d.id, []plan.ID{d.ute})
	if err != nil || len(list) != 1 {
		t.Fatalf("kept %d mails (%v), want one", len(list), err)
	}
	for range 8 { // several machines hear at once
		all.Go(func() {
			if err := w.RunJob(t.Context(), app.Job{Kind: app.JobHear, Data: []byte(list[0].ID)}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if got := d.happened(); !slices.Equal(got, []string{"action.expected by ute"}) {
		t.Errorf("happened: %q, want it once", got)
	}
	if err := send(at, "x@elsewhere.example", to, raw); err != nil {
		t.Fatal(err)
	}
	d.hear()
	if got := d.happened(); len(got) != 1 {
		t.Errorf("sent again later it acted again: %q", got)
	}
}

func TestWhoHasNoSenderIsAMachine(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d, to := w.reminded()
	if err := send(w.listen(nil), "", to, w.names.sign(t, "nordwerk.example", plain("null", "erledigt"))); err != nil {
		t.Fatal(err)
	}
	if got := states(d.hear()); !slices.Equal(got, []string{"automatic/automatic"}) {
		t.Errorf("kept: %q", got)
	}
}

// A forged copy that comes first must not keep the true one out.
func TestForgedCopyComesFirst(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d, to := w.reminded()
	at := w.listen(nil)
	raw := plain("copy", "erledigt")
	if err := send(at, "attacker@evil.example", to, raw); err != nil {
		t.Fatal(err)
	}
	if got := states(d.hear()); !slices.Equal(got, []string{"unverified/"}) {
		t.Fatalf("the forged one: %q", got)
	}
	if err := send(at, "x@elsewhere.example", to, w.names.sign(t, "nordwerk.example", raw)); err != nil {
		t.Fatal(err)
	}
	d.hear()
	if got := d.happened(); !slices.Equal(got, []string{"action.done by ute"}) {
		t.Errorf("happened: %q, want the true one done", got)
	}
}

func TestGoMailOverSMTP(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	certificate, roots := selfSigned(t)
	at := w.listen(func(c *inbox.ListenerConfig) {
		c.TLS = &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}
	})
	d, to := w.reminded()
	m := gomail.NewMsg()
	for _, err := range []error{m.From("u.brandt@nordwerk.example"), m.To(to)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	m.Subject("AW: Datenschutz prüfen")
	m.SetMessageID()
	m.SetDate()
	m.SetBodyString(gomail.TypeTextPlain, "Erledigt, Bericht liegt im Datenraum.\n\nViele Grüße\nUte Brandt")
	host, port, _ := net.SplitHostPort(at)
	var number int
	if _, err := fmt.Sscan(port, &number); err != nil {
		t.Fatal(err)
	}
	c, err := gomail.NewClient(host, gomail.WithPort(number), gomail.WithTLSPolicy(gomail.TLSMandatory), gomail.WithTLSConfig(&tls.Config{RootCAs: roots, ServerName: "localhost", MinVersion: tls.VersionTLS12}))
	if err != nil {
		t.Fatal(err)
	}
	if err := c.DialAndSendWithContext(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	if got := d.hear(); len(got) != 1 || got[0].Proof != "spf" || got[0].State != app.MailActed {
		t.Errorf("kept: %q", states(got))
	}
	if got := d.plan().Items[d.step].Progress; got.Status != plan.Done || got.Result.Value != "Bericht liegt im Datenraum." {
		t.Errorf("the step is %s with %q", got.Status, got.Result.Value)
	}
}

func TestLMTP(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	at := w.listen(func(c *inbox.ListenerConfig) { c.LMTP = true })
	first, one := w.reminded()
	second, two := w.reminded()
	conn, err := net.Dial("tcp", at)
	if err != nil {
		t.Fatal(err)
	}
	c := emersion.NewClientLMTP(conn)
	defer c.Close()
	if err := c.Mail("u.brandt@nordwerk.example", nil); err != nil {
		t.Fatal(err)
	}
	if err := c.Rcpt("nobody@plans.acme.example", nil); smtpCode(err) != 550 {
		t.Errorf("an unknown receiver was answered with %v, want 550", err)
	}
	for _, to := range []string{one, two} {
		if err := c.Rcpt(to, nil); err != nil {
			t.Fatal(err)
		}
	}
	data, err := c.Data()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := data.Write(w.names.sign(t, "nordwerk.example", plain("lmtp", "erledigt"))); err != nil {
		t.Fatal(err)
	}
	answers, err := data.CloseWithLMTPResponse()
	if err != nil || len(answers) != 2 || answers[one] == nil || answers[two] == nil {
		t.Errorf("answers: %v, %v; want a yes for each of two", answers, err)
	}
	for _, d := range []*deal{first, second} {
		d.hear()
		if got := d.happened(); !slices.Equal(got, []string{"action.done by ute"}) {
			t.Errorf("happened: %q", got)
		}
	}
	// SPF says nothing of who sent it to the server that hands it over.
	third, three := w.reminded()
	if err := inbox.Take(t.Context(), w.Service, w.prover(), plain("unsigned", "erledigt"), []string{three}); err != nil {
		t.Fatal(err)
	}
	if got := states(third.hear()); !slices.Equal(got, []string{"unverified/"}) {
		t.Errorf("unsigned: %q", got)
	}
}

func TestTrustedResults(t *testing.T) {
	t.Parallel()
	mail := func(headers ...string) []byte {
		return append([]byte(strings.Join(headers, "\r\n")+"\r\n"), plain("x", "erledigt")...)
	}
	own, m365 := "mx.acme.example", "none"
	tests := []struct {
		name, trust string
		raw         []byte
		want        string
	}{
		{"signed by the author's domain", own, mail("Authentication-Results: mx.acme.example; dkim=pass header.d=nordwerk.example"), "server"},
		{"a domain of the same organisation", own, mail("Authentication-Results: mx.acme.example; dkim=pass header.d=mail.nordwerk.example"), "server"},
		{"sent by the author's domain", own, mail("Authentication-Results: mx.acme.example; spf=pass smtp.mailfrom=u.brandt@nordwerk.example"), "server"},
		{"DMARC", own, mail("Authentication-Results: mx.acme.example; dmarc=pass header.from=nordwerk.example"), "server"},
		{"Exchange Online", m365, mail("Authentication-Results: spf=pass (sender IP is 192.0.2.7) smtp.mailfrom=nordwerk.example; dkim=pass (signature was verified) header.d=nordwerk.example;dmarc=pass action=none header.from=nordwerk.example;compauth=pass reason=100"), "server"},
		{"nobody is trusted", "", mail("Authentication-Results: mx.acme.example; dkim=pass header.d=nordwerk.example"), ""},
		{"another server's word", own, mail("Authentication-Results: mx.evil.example; dkim=pass header.d=nordwerk.example"), ""},
		{"signed by somebody else", own, mail("Authentication-Results: mx.acme.example; dkim=pass header.d=evil.example"), ""},
		{"it failed", own, mail("Authentication-Results: mx.acme.example; dkim=fail header.d=nordwerk.example"), ""},
		{"only the topmost counts", own, mail("Authentication-Results: mx.acme.example; dkim=none", "Authentication-Results: mx.acme.example; dkim=pass header.d=nordwerk.example"), ""},
		{"a lookalike", own, mail("Authentication-Results: mx.acme.example; dkim=pass header.d=evil-nordwerk.example"), ""},
		{"nothing", own, mail("X-Other: 1"), ""},
	}
	names := newNames(t)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := &inbox.Prover{Resolver: names}
			if test.trust != "" {
				p.Trusted = []string{test.trust}
			}
			if got := p.Prove(t.Context(), test.raw, "u.brandt@nordwerk.example", nil); got != test.want {
				t.Errorf("proof: got %q, want %q", got, test.want)
			}
		})
	}
}

func TestProofs(t *testing.T) {
	t.Parallel()
	names := newNames(t)
	raw := plain("x", "erledigt")
	signed := names.sign(t, "nordwerk.example", raw)
	peer := func(ip, sender string) *inbox.Peer {
		return &inbox.Peer{IP: net.ParseIP(ip), Helo: "mx.nordwerk.example", Sender: sender}
	}
	const ute = "u.brandt@nordwerk.example"
	tests := []struct {
		name string
		raw  []byte
		from string
		peer *inbox.Peer
		want string
	}{
		{"signed", signed, ute, nil, "dkim"},
		{"signed, with bare line ends as some stores keep them", bytes.ReplaceAll(signed, []byte("\r\n"), []byte("\n")), ute, nil, "dkim"},
		{"signed by another", names.sign(t, "evil.example", raw), ute, nil, ""},
		{"another body", bytes.Replace(signed, []byte("erledigt"), []byte("erledigt."), 1), ute, nil, ""},
		{"signed without its Message-ID", names.signOver(t, "nordwerk.example", raw, "From", "To", "Subject"), ute, nil, ""},
		{"another Message-ID", bytes.Replace(signed, []byte("<x@"), []byte("<y@"), 1), ute, nil, ""},
		{"from the right machine", raw, ute, peer("127.0.0.1", ute), "spf"},
		{"from another machine", raw, ute, peer("192.0.2.9", ute), ""},
		{"from another domain's machine", raw, ute, peer("127.0.0.1", "x@evil.example"), ""},
		{"no sender on the envelope", raw, ute, peer("127.0.0.1", ""), ""},
		{"no author", signed, "", peer("127.0.0.1", ute), ""},
		{"no such domain", raw, "x@nowhere.example", peer("127.0.0.1", "x@nowhere.example"), ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := &inbox.Prover{Resolver: names}
			if got := p.Prove(t.Context(), test.raw, test.from, test.peer); got != test.want {
				t.Errorf("proof: got %q, want %q", got, test.want)
			}
		})
	}
}

func selfSigned(t *testing.T) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "localhost"}, DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature}
	der, err := x509.CreateCertificate(rand.Reader, c, c, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(parsed)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool
}
