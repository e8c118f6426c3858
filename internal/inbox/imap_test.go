package inbox_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
	"github.com/emersion/go-sasl"

	"tandem/internal/app"
	"tandem/internal/inbox"
	"tandem/internal/mailauth"
)

// postbox is an IMAP server on this machine with one mailbox.
type postbox struct {
	t    *testing.T
	user *imapmemserver.User
	addr string
	news chan struct{} // told to who is idle
}

const boxUser, boxPassword = "tandem@acme.example", "correct horse"

// newPostbox starts one. With a token it takes that by XOAUTH2, and no
// password, as Exchange Online does.
func newPostbox(t *testing.T, token string) *postbox {
	t.Helper()
	b := &postbox{t: t, user: imapmemserver.NewUser(boxUser, boxPassword), news: make(chan struct{}, 8)}
	for _, folder := range []string{"INBOX", "Done"} {
		if err := b.user.Create(folder, nil); err != nil {
			t.Fatal(err)
		}
	}
	caps := imap.CapSet{imap.CapIMAP4rev1: {}, imap.CapIdle: {}, imap.CapUIDPlus: {}, imap.CapMove: {}}
	server := imapserver.New(&imapserver.Options{Caps: caps, InsecureAuth: true, Logger: log.New(io.Discard, "", 0),
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return &visiting{user: b.user, token: token, news: b.news}, nil, nil
		}})
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = server.Serve(ln) }()
	t.Cleanup(func() { _ = server.Close() })
	b.addr = ln.Addr().String()
	return b
}

// visiting is a connection: entered by password or, if there is a token, by
// XOAUTH2 only.
type visiting struct {
	*imapmemserver.UserSession
	user  *imapmemserver.User
	token string
	news  chan struct{}
}

var errNoEntry = &imap.Error{Type: imap.StatusResponseTypeNo, Code: imap.ResponseCodeAuthenticationFailed, Text: "AUTHENTICATE failed."}

func (s *visiting) AuthenticateMechanisms() []string {
	if s.token == "" {
		return []string{"PLAIN"}
	}
	return []string{"XOAUTH2"}
}

func (s *visiting) Login(user, password string) error {
	if s.token != "" {
		return errNoEntry
	}
	if err := s.user.Login(user, password); err != nil {
		return err
	}
	s.UserSession = imapmemserver.NewUserSession(s.user)
	return nil
}

func (s *visiting) Authenticate(mechanism string) (sasl.Server, error) {
	if s.token == "" || mechanism != "XOAUTH2" {
		return nil, errNoEntry
	}
	return s, nil
}

func (s *visiting) Close() error {
	if s.UserSession == nil {
		return nil
	}
	return s.UserSession.Close()
}

// Idle tells of new mail when the test says so: the library's own forgets what
// came just before.
func (s *visiting) Idle(w *imapserver.UpdateWriter, stop <-chan struct{}) error {
	for {
		select {
		case <-s.news:
			if err := s.Poll(w, true); err != nil {
				return err
			}
		case <-stop:
			return nil
		}
	}
}

// Next implements sasl.Server.
func (s *visiting) Next(response []byte) (challenge []byte, done bool, err error) {
	switch {
	case response == nil:
		return nil, false, nil
	case string(response) != "user="+boxUser+"\x01auth=Bearer "+s.token+"\x01\x01":
		return nil, false, errNoEntry
	}
	s.UserSession = imapmemserver.NewUserSession(s.user)
	return nil, true, nil
}

type literal struct{ *bytes.Reader }

func (l literal) Size() int64 { return l.Reader.Size() }

func (b *postbox) put(raw []byte) {
	b.t.Helper()
	if _, err := b.user.Append("INBOX", literal{bytes.NewReader(raw)}, &imap.AppendOptions{}); err != nil {
		b.t.Fatal(err)
	}
}

// count of a folder's mails, and how many of them are unseen.
func (b *postbox) count(folder string) (all, unseen uint32) {
	b.t.Helper()
	s, err := b.user.Status(folder, &imap.StatusOptions{NumMessages: true, NumUnseen: true})
	if err != nil {
		b.t.Fatal(err)
	}
	return *s.NumMessages, *s.NumUnseen
}

func (w *world) mailbox(b *postbox, change func(*inbox.MailboxConfig)) *inbox.Mailbox {
	c := inbox.MailboxConfig{Receiver: w.Service, Prover: w.prover(), Addr: b.addr, Security: "none", User: boxUser, Password: boxPassword, Log: slog.New(slog.DiscardHandler)}
	if change != nil {
		change(&c)
	}
	return inbox.NewMailbox(c)
}

// addressed gives a mail the address it was sent to.
func addressed(raw []byte, to string) []byte {
	return bytes.Replace(raw, []byte("To: x\r\n"), []byte("To: Tandem <"+to+">\r\n"), 1)
}

func TestMailboxIsReadByPassword(t *testing.T) {
	t.Parallel()
	w, b := newWorld(t), newPostbox(t, "")
	d, to := w.reminded()
	b.put(plain("alien", "Ein Newsletter")) // to somebody else
	b.put(w.names.sign(t, "nordwerk.example", addressed(plain("1", "erledigt"), to)))
	box := w.mailbox(b, nil)
	for range 2 { // the second time there is nothing new
		if err := box.Look(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if got := states(d.hear()); !slices.Equal(got, []string{"acted/"}) {
		t.Errorf("kept: %q", got)
	}
	if all, unseen := b.count("INBOX"); all != 2 || unseen != 1 {
		t.Errorf("%d mails, %d unseen; want the other one left alone", all, unseen)
	}
	wrong := w.mailbox(b, func(c *inbox.MailboxConfig) { c.Password = "wrong" })
	if err := wrong.Look(t.Context()); err == nil || strings.Contains(err.Error(), "wrong") || strings.Contains(err.Error(), boxUser) {
		t.Errorf("a wrong password: %v; want an error without it", err)
	}
}

func TestMailboxIsReadByToken(t *testing.T) {
	t.Parallel()
	tokens := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.FormValue("grant_type") != "client_credentials" || r.FormValue("client_id") != "app" {
			http.Error(w, `{"error":"invalid_client"}`, http.StatusUnauthorized)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"access_token":"fresh","token_type":"Bearer","expires_in":3600}`)
	}))
	defer tokens.Close()
	source, err := mailauth.New(mailauth.Config{TokenURL: tokens.URL, ClientID: "app", Secret: "secret", Scopes: []string{"mail"}})
	if err != nil {
		t.Fatal(err)
	}
	w, b := newWorld(t), newPostbox(t, "fresh")
	d, to := w.reminded()
	b.put(w.names.sign(t, "nordwerk.example", addressed(plain("1", "erledigt"), to)))
	if err := w.mailbox(b, nil).Look(t.Context()); err == nil {
		t.Error("a password was taken")
	}
	box := w.mailbox(b, func(c *inbox.MailboxConfig) { c.SignIn, c.Done = source.Mechanism(boxUser), "Done" })
	if err := box.Look(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := states(d.hear()); !slices.Equal(got, []string{"acted/"}) {
		t.Errorf("kept: %q", got)
	}
	if all, _ := b.count("INBOX"); all != 0 {
		t.Errorf("%d mails in the inbox, want it moved", all)
	}
	if all, unseen := b.count("Done"); all != 1 || unseen != 0 {
		t.Errorf("done: %d mails, %d unseen", all, unseen)
	}
}

// failing is a receiver that cannot keep mail for a while.
type failing struct {
	*app.Service
	broken atomic.Bool
}

func (f *failing) Receive(ctx context.Context, a app.Arrival) error {
	if f.broken.Load() {
		return errors.New("the disk is full")
	}
	return f.Service.Receive(ctx, a)
}

func TestMailStaysUnseenUntilItIsKept(t *testing.T) {
	t.Parallel()
	w, b := newWorld(t), newPostbox(t, "")
	d, to := w.reminded()
	b.put(w.names.sign(t, "nordwerk.example", addressed(plain("1", "erledigt"), to)))
	f := &failing{Service: w.Service}
	f.broken.Store(true)
	box := w.mailbox(b, func(c *inbox.MailboxConfig) { c.Receiver = f })
	if err := box.Look(t.Context()); err == nil {
		t.Error("the mail was lost without an error")
	}
	if _, unseen := b.count("INBOX"); unseen != 1 {
		t.Error("the mail was marked as seen though it is not kept")
	}
	f.broken.Store(false)
	if err := box.Look(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := states(d.hear()); !slices.Equal(got, []string{"acted/"}) {
		t.Errorf("kept: %q", got)
	}
}

// telling is a receiver that tells when it has kept something.
type telling struct {
	*app.Service
	kept chan struct{}
}

func (r *telling) Receive(ctx context.Context, a app.Arrival) error {
	err := r.Service.Receive(ctx, a)
	if err == nil {
		r.kept <- struct{}{}
	}
	return err
}

func TestNewMailIsHeardAtOnce(t *testing.T) {
	t.Parallel()
	w, b := newWorld(t), newPostbox(t, "")
	d, to := w.reminded()
	b.put(w.names.sign(t, "nordwerk.example", addressed(plain("1", "27. Mai"), to)))
	r := &telling{w.Service, make(chan struct{}, 4)}
	box := w.mailbox(b, func(c *inbox.MailboxConfig) { c.Receiver, c.Every = r, time.Hour })
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { box.Run(ctx); close(done) }()
	within := func(what string) {
		t.Helper()
		select {
		case <-r.kept:
		case <-time.After(20 * time.Second):
			t.Fatal(what)
		}
	}
	within("what was there was not read")
	w.later(time.Minute)
	b.put(w.names.sign(t, "nordwerk.example", addressed(plain("2", "erledigt"), to)))
	b.news <- struct{}{}
	within("what came later was not read, though the server tells of it") // not after the hour
	cancel()
	<-done
	d.hear()
	if got := d.happened(); !slices.Equal(got, []string{"action.expected by ute", "action.done by ute"}) {
		t.Errorf("happened: %q", got)
	}
}
