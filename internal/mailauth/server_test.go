package mailauth

import (
	"context"
	"errors"
	"io"
	"log"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
	gomail "github.com/wneessen/go-mail"
)

// door signs mailboxes in as Exchange Online does: with a token only.
type door struct{ mailbox, token string }

// mechanism is the server's half of XOAUTH2: a wrong token is answered with a
// challenge first, and then refused.
type mechanism struct {
	d       door
	refused error // what it says in the end
	told    bool
	in      func()
}

func (m *mechanism) Next(response []byte) (challenge []byte, done bool, err error) {
	switch {
	case response == nil:
		return nil, false, nil
	case m.told:
		return nil, false, m.refused
	case string(response) == "user="+m.d.mailbox+"\x01auth=Bearer "+m.d.token+"\x01\x01":
		m.in()
		return nil, true, nil
	}
	m.told = true
	return []byte(`{"status":"401","schemes":"Bearer","scope":"https://outlook.office365.com/"}`), false, nil
}

// smtpDoor is an SMTP server with that door.
type smtpDoor struct {
	door
	mu   sync.Mutex
	got  []string
	seen []string // mechanisms that were tried
}

func (d *smtpDoor) NewSession(*smtp.Conn) (smtp.Session, error) { return &smtpSession{d: d}, nil }

type smtpSession struct {
	d  *smtpDoor
	in bool
}

var basicOff = &smtp.SMTPError{Code: 535, EnhancedCode: smtp.EnhancedCode{5, 7, 139}, Message: "Authentication unsuccessful, basic authentication is disabled."}

func (s *smtpSession) AuthMechanisms() []string { return []string{"XOAUTH2"} }
func (s *smtpSession) Auth(mech string) (sasl.Server, error) {
	s.d.mu.Lock()
	s.d.seen = append(s.d.seen, mech)
	s.d.mu.Unlock()
	if mech != "XOAUTH2" {
		return nil, basicOff
	}
	no := &smtp.SMTPError{Code: 535, EnhancedCode: smtp.EnhancedCode{5, 7, 3}, Message: "Authentication unsuccessful"}
	return &mechanism{d: s.d.door, refused: no, in: func() { s.in = true }}, nil
}
func (s *smtpSession) Mail(string, *smtp.MailOptions) error {
	if !s.in {
		return &smtp.SMTPError{Code: 530, EnhancedCode: smtp.EnhancedCode{5, 7, 57}, Message: "Client not authenticated to send mail."}
	}
	return nil
}
func (s *smtpSession) Rcpt(string, *smtp.RcptOptions) error { return nil }
func (s *smtpSession) Data(r io.Reader) error {
	b, err := io.ReadAll(r)
	s.d.mu.Lock()
	defer s.d.mu.Unlock()
	s.d.got = append(s.d.got, string(b))
	return err
}
func (s *smtpSession) Reset()        {}
func (s *smtpSession) Logout() error { return nil }

func listen(t *testing.T) net.Listener {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return ln
}

func serveSMTP(t *testing.T, d *smtpDoor) *net.TCPAddr {
	t.Helper()
	server := smtp.NewServer(d)
	server.Domain, server.AllowInsecureAuth, server.ErrorLog = "exchange.test", true, log.New(io.Discard, "", 0)
	ln := listen(t)
	go func() { _ = server.Serve(ln) }()
	t.Cleanup(func() { _ = server.Close() })
	return ln.Addr().(*net.TCPAddr)
}

// send sends a mail with what the library has for it.
func send(ctx context.Context, at *net.TCPAddr, how gomail.SMTPAuthType, user, password string) error {
	c, err := gomail.NewClient(at.IP.String(), gomail.WithPort(at.Port), gomail.WithTLSPolicy(gomail.NoTLS),
		gomail.WithSMTPAuth(how), gomail.WithUsername(user), gomail.WithPassword(password), gomail.WithTimeout(10*time.Second))
	if err != nil {
		return err
	}
	m := gomail.NewMsg()
	if err := errors.Join(m.From("tandem@acme.example"), m.To("ute.brandt@nordwerk.example")); err != nil {
		return err
	}
	m.Subject("Hallo")
	m.SetBodyString(gomail.TypeTextPlain, "Guten Tag")
	return c.DialAndSendWithContext(ctx, m)
}

func TestMailGoesOutWithATokenOnly(t *testing.T) {
	t.Parallel()
	e := newEntra(t)
	s := source(t, e.config())
	d := &smtpDoor{door: door{"tandem@acme.example", "token-1"}}
	at := serveSMTP(t, d)
	if err := send(t.Context(), at, gomail.SMTPAuthPlainNoEnc, "tandem@acme.example", "password"); err == nil {
		t.Error("sent with a password")
	}
	if err := send(t.Context(), at, gomail.SMTPAuthXOAUTH2, "tandem@acme.example", "another token"); err == nil || !strings.Contains(err.Error(), "535") {
		t.Errorf("with a wrong token: %v, want 535", err)
	}
	if err := send(t.Context(), at, gomail.SMTPAuthXOAUTH2, "tandem@acme.example", token(t, s)); err != nil {
		t.Error(err)
	}
	if len(d.got) != 1 || !strings.Contains(d.got[0], "Guten Tag") {
		t.Errorf("the server got %q", d.got)
	}
}

// imapSession is a mailbox with that door.
type imapSession struct {
	*imapmemserver.UserSession
	d    door
	user *imapmemserver.User
}

var noLogin = &imap.Error{Type: imap.StatusResponseTypeNo, Code: imap.ResponseCodeAuthenticationFailed, Text: "LOGIN failed."}

func (s *imapSession) AuthenticateMechanisms() []string { return []string{"XOAUTH2"} }
func (s *imapSession) Login(string, string) error       { return noLogin }
func (s *imapSession) Close() error                     { return nil }
func (s *imapSession) Authenticate(mech string) (sasl.Server, error) {
	if mech != "XOAUTH2" {
		return nil, noLogin
	}
	no := &imap.Error{Type: imap.StatusResponseTypeNo, Code: imap.ResponseCodeAuthenticationFailed, Text: "AUTHENTICATE failed."}
	return &mechanism{d: s.d, refused: no, in: func() { s.UserSession = imapmemserver.NewUserSession(s.user) }}, nil
}

func serveIMAP(t *testing.T, d door, caps imap.CapSet) string {
	t.Helper()
	user := imapmemserver.NewUser(d.mailbox, "")
	if err := user.Create("INBOX", nil); err != nil {
		t.Fatal(err)
	}
	server := imapserver.New(&imapserver.Options{Caps: caps, InsecureAuth: true, Logger: log.New(io.Discard, "", 0),
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return &imapSession{d: d, user: user}, nil, nil
		}})
	ln := listen(t)
	go func() { _ = server.Serve(ln) }()
	t.Cleanup(func() { _ = server.Close() })
	return ln.Addr().String()
}

func TestMailIsFetchedWithATokenOnly(t *testing.T) {
	t.Parallel()
	for name, caps := range map[string]imap.CapSet{
		"initial response":    {imap.CapIMAP4rev1: {}, imap.CapSASLIR: {}},
		"no initial response": {imap.CapIMAP4rev1: {}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newEntra(t)
			s := source(t, e.config())
			at := serveIMAP(t, door{"plan@acme.example", "token-1"}, caps)
			dial := func() *imapclient.Client {
				c, err := imapclient.DialInsecure(at, nil)
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { _ = c.Close() })
				return c
			}
			if err := dial().Login("plan@acme.example", "password").Wait(); err == nil {
				t.Error("came in with a password")
			}
			forgot := false
			if err := dial().Authenticate(&xoauth2{"plan@acme.example", "another token", func() { forgot = true }}); err == nil || !forgot {
				t.Errorf("with a wrong token: %v, forgotten %v", err, forgot)
			}
			c := dial()
			mech, err := s.Mechanism("plan@acme.example")(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if err := c.Authenticate(mech); err != nil {
				t.Fatal(err)
			}
			box, err := c.Select("INBOX", nil).Wait()
			if err != nil || box.NumMessages != 0 {
				t.Errorf("inbox %+v, %v", box, err)
			}
		})
	}
}
