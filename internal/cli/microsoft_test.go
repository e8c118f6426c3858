package cli

import (
	"context"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"tandem/internal/app"
	"tandem/internal/config"
)

// exchange is a mail server that takes no passwords, for one mailbox each way,
// and the token endpoint beside it.
type exchange struct {
	mu      sync.Mutex
	valid   string   // the token it takes
	mails   []string // it was given
	refused []string // ways of signing in it did not take
}

func (x *exchange) in(user, response string) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	return response == "user="+user+"\x01auth=Bearer "+x.valid+"\x01\x01"
}

func (x *exchange) refuse(how string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.refused = append(x.refused, how)
}

// xoauth2 is the server's half of the mechanism.
type xoauth2 struct {
	x    *exchange
	user string
	no   error
	told bool
	then func()
}

func (m *xoauth2) Next(response []byte) (challenge []byte, done bool, err error) {
	switch {
	case response == nil:
		return nil, false, nil
	case m.told:
		m.x.refuse("token")
		return nil, false, m.no
	case m.x.in(m.user, string(response)):
		m.then()
		return nil, true, nil
	}
	m.told = true
	return []byte(`{"status":"401"}`), false, nil
}

func (x *exchange) NewSession(*smtp.Conn) (smtp.Session, error) { return &sending{x: x}, nil }

type sending struct {
	x  *exchange
	in bool
}

func (s *sending) AuthMechanisms() []string { return []string{"XOAUTH2"} }
func (s *sending) Auth(mech string) (sasl.Server, error) {
	if mech != "XOAUTH2" {
		s.x.refuse(mech)
		return nil, &smtp.SMTPError{Code: 535, EnhancedCode: smtp.EnhancedCode{5, 7, 139}, Message: "basic authentication is disabled"}
	}
	no := &smtp.SMTPError{Code: 535, EnhancedCode: smtp.EnhancedCode{5, 7, 3}, Message: "Authentication unsuccessful"}
	return &xoauth2{x: s.x, user: "tandem@acme.example", no: no, then: func() { s.in = true }}, nil
}
func (s *sending) Mail(string, *smtp.MailOptions) error {
	if !s.in {
		return &smtp.SMTPError{Code: 530, EnhancedCode: smtp.EnhancedCode{5, 7, 57}, Message: "Client not authenticated"}
	}
	return nil
}
func (s *sending) Rcpt(string, *smtp.RcptOptions) error { return nil }
func (s *sending) Data(r io.Reader) error {
	b, err := io.ReadAll(r)
	s.x.mu.Lock()
	defer s.x.mu.Unlock()
	s.x.mails = append(s.x.mails, string(b))
	return err
}
func (s *sending) Reset()        {}
func (s *sending) Logout() error { return nil }

type fetching struct {
	*imapmemserver.UserSession
	x    *exchange
	user *imapmemserver.User
}

var noBasic = &imap.Error{Type: imap.StatusResponseTypeNo, Code: imap.ResponseCodeAuthenticationFailed, Text: "LOGIN failed."}

func (s *fetching) AuthenticateMechanisms() []string { return []string{"XOAUTH2"} }
func (s *fetching) Close() error                     { return nil }
func (s *fetching) Login(string, string) error {
	s.x.refuse("LOGIN")
	return noBasic
}
func (s *fetching) Authenticate(mech string) (sasl.Server, error) {
	if mech != "XOAUTH2" {
		s.x.refuse(mech)
		return nil, noBasic
	}
	return &xoauth2{x: s.x, user: "plans@acme.example", no: noBasic, then: func() { s.UserSession = imapmemserver.NewUserSession(s.user) }}, nil
}

// serve starts the servers and gives their addresses.
func (x *exchange) serve(t *testing.T) (smtpAddr, imapAddr, tokenURL string) {
	t.Helper()
	listen := func() net.Listener {
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		return ln
	}
	out := smtp.NewServer(x)
	out.Domain, out.AllowInsecureAuth, out.ErrorLog = "exchange.test", true, log.New(io.Discard, "", 0)
	smtpListener := listen()
	go func() { _ = out.Serve(smtpListener) }()
	t.Cleanup(func() { _ = out.Close() })

	user := imapmemserver.NewUser("plans@acme.example", "")
	if err := user.Create("INBOX", nil); err != nil {
		t.Fatal(err)
	}
	box := imapserver.New(&imapserver.Options{Caps: imap.CapSet{imap.CapIMAP4rev1: {}, imap.CapSASLIR: {}}, InsecureAuth: true, Logger: log.New(io.Discard, "", 0),
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return &fetching{x: x, user: user}, nil, nil
		}})
	imapListener := listen()
	go func() { _ = box.Serve(imapListener) }()
	t.Cleanup(func() { _ = box.Close() })

	tokens := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if r.PostFormValue("client_secret") != "s3cret~value" || r.PostFormValue("scope") != "https://outlook.office365.com/.default" {
			w.WriteHeader(http.StatusUnauthorized)
			fmt.Fprint(w, `{"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret provided."}`)
			return
		}
		x.mu.Lock()
		defer x.mu.Unlock()
		fmt.Fprintf(w, `{"token_type":"Bearer","expires_in":3599,"access_token":%q}`, x.valid)
	}))
	t.Cleanup(tokens.Close)
	return smtpListener.Addr().String(), imapListener.Addr().String(), tokens.URL
}

// In a Microsoft house mail goes out and comes in with tokens alone.
func TestMailInAMicrosoftHouse(t *testing.T) {
	t.Parallel()
	x := &exchange{valid: "token-1"}
	smtpAddr, imapAddr, tokenURL := x.serve(t)
	settings := config.Config{Addr: "127.0.0.1:0", BaseURL: "https://plans.acme.example", DB: config.DSN(filepath.Join(t.TempDir(), "test.db")), LogLevel: "info", LogFormat: "text"}
	settings.Mail.SMTPAddr, settings.Mail.SMTPSecurity, settings.Mail.SMTPUser, settings.Mail.From = smtpAddr, "none", "tandem@acme.example", "Acme <tandem@acme.example>"
	settings.MailIn.MailInAddress, settings.MailIn.IMAPAddr, settings.MailIn.IMAPSecurity, settings.MailIn.IMAPUser = "plans@acme.example", imapAddr, "none", "plans@acme.example"
	settings.MailOAuthTokenURL, settings.MailOAuthClientID, settings.MailOAuthSecret = tokenURL, "app-1", "s3cret~value"
	settings.MailOAuthScopes = []string{"https://outlook.office365.com/.default"}
	if problems := settings.Check(); len(problems) != 0 {
		t.Fatalf("problems %v", problems)
	}
	quiet := slog.New(slog.DiscardHandler)
	send := func(c *config.Config) error {
		post, err := newPost(c, quiet, time.Now)
		if err != nil {
			t.Fatal(err)
		}
		return post.Send(context.Background(), app.Mail{Letter: "l1", To: app.Reader{Name: "Ute Brandt", Email: "ute@nordwerk.example", Language: "de", Zone: time.UTC}, Subject: app.Said("scim.title")})
	}
	fetch := func(c *config.Config) error {
		st, err := openStore(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		h, err := newHouse(c, quiet, st, nil)
		if err != nil {
			t.Fatal(err)
		}
		defer h.close()
		box, err := h.mailbox()
		if err != nil {
			t.Fatal(err)
		}
		return box.Look(t.Context())
	}
	if err := send(&settings); err != nil {
		t.Errorf("send: %v", err)
	}
	if err := fetch(&settings); err != nil {
		t.Errorf("fetch: %v", err)
	}
	if len(x.mails) != 1 || !strings.Contains(x.mails[0], "ute@nordwerk.example") || len(x.refused) != 0 {
		t.Errorf("%d mails, refused %v", len(x.mails), x.refused)
	}

	wrong := settings
	wrong.MailOAuthSecret = "id of the secret"
	for name, err := range map[string]error{"send": send(&wrong), "fetch": fetch(&wrong)} {
		if err == nil || !strings.Contains(err.Error(), "AADSTS7000215") || strings.Contains(err.Error(), "id of the secret") {
			t.Errorf("%s with a wrong secret: %v, want words", name, err)
		}
	}

	basic := settings
	basic.MailAuth = config.MailAuth{}
	basic.Mail.SMTPPassword, basic.MailIn.IMAPPassword = "password", "password"
	if err := send(&basic); err == nil {
		t.Error("sent with a password")
	}
	if err := fetch(&basic); err == nil {
		t.Error("fetched with a password")
	}
	if !slices.Contains(x.refused, "LOGIN") || len(x.mails) != 1 {
		t.Errorf("%d mails, refused %v", len(x.mails), x.refused)
	}
}
