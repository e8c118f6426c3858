package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/wneessen/go-mail/smtp"

	"tandem/internal/app"
)

// Security of the connection to the mail server.
type Security string

const (
	StartTLS Security = "starttls" // in the clear until both agree to encrypt; never without
	TLS      Security = "tls"      // encrypted from the first byte
	Clear    Security = "none"     // not at all: on this machine only
)

// Server is the mail server that takes our mails.
type Server struct {
	Addr     string // host:port
	Security Security
	User     string
	Password string
	// Token gives an access token for XOAUTH2; nil: User and Password are used.
	Token   func(ctx context.Context) (string, error)
	Refused func()      // told that the server did not take the token; nil: nobody
	Hello   string      // name said in EHLO; "localhost" if empty
	TLS     *tls.Config // nil: the system's authorities
	Timeout time.Duration
}

const (
	patience = 30 * time.Second // for one answer of the server
	idle     = time.Minute      // after which an unused connection is not trusted any more
)

func (s Server) timeout() time.Duration {
	if s.Timeout > 0 {
		return s.Timeout
	}
	return patience
}

// line is an open connection.
type line struct {
	client *smtp.Client
	used   time.Time
}

// hand gives one mail to the server. It uses the open connection if there is
// one; if that turns out dead before the mail is under way, a fresh one.
func (p *Post) hand(ctx context.Context, from, to string, raw []byte) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.line != nil && (time.Since(p.line.used) > idle || p.line.client.Reset() != nil) {
		p.hangUp()
	}
	if p.line == nil {
		if err := p.dial(ctx); err != nil {
			return err
		}
	}
	if p.ownSender {
		from = p.s.From
	}
	err := p.transfer(from, to, raw)
	if errors.Is(err, errNotAs) && from != p.s.From {
		// Some servers, Exchange Online among them, let an account send from its
		// own address only. Then bounces go there.
		p.ownSender = true
		p.s.Log.Warn("the mail server refuses the bounce address as sender; mails go out with the address they are from")
		if p.line.client.Reset() != nil {
			p.hangUp()
			if err := p.dial(ctx); err != nil {
				return err
			}
		}
		err = p.transfer(p.s.From, to, raw)
	}
	if err == nil {
		p.line.used = time.Now()
		return nil
	}
	var code *textproto.Error
	if !errors.As(err, &code) || code.Code == 421 { // the connection is of no more use
		p.hangUp()
	}
	return err
}

func (p *Post) hangUp() {
	if p.line != nil {
		_ = p.line.client.UpdateDeadline(2 * time.Second)
		_ = p.line.client.Quit() // it may be gone already
		_ = p.line.client.Close()
		p.line = nil
	}
}

// dial connects, encrypts and signs in. Whatever goes wrong here is no fault
// of the mail: it is tried again.
func (p *Post) dial(ctx context.Context) error {
	s := p.s.Server
	host, _, err := net.SplitHostPort(s.Addr)
	if err != nil {
		return fmt.Errorf("mail server: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, s.timeout())
	defer cancel()
	conf := s.TLS.Clone()
	if conf == nil {
		conf = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	if conf.ServerName == "" {
		conf.ServerName = host
	}
	d := net.Dialer{}
	conn, err := d.DialContext(ctx, "tcp", s.Addr)
	if err != nil {
		return fmt.Errorf("connect to the mail server: %w", err)
	}
	_ = conn.SetDeadline(time.Now().Add(s.timeout()))
	if s.Security == TLS {
		t := tls.Client(conn, conf)
		if err := t.HandshakeContext(ctx); err != nil {
			_ = conn.Close()
			return fmt.Errorf("encrypt the connection to the mail server: %w", err)
		}
		conn = t
	}
	c, err := smtp.NewClient(conn, host)
	if err != nil {
		_ = conn.Close()
		return serverError("greet", err)
	}
	p.line = &line{client: c}
	if err := p.signIn(ctx, c, conf); err != nil {
		p.hangUp()
		return err
	}
	return nil
}

func (p *Post) signIn(ctx context.Context, c *smtp.Client, conf *tls.Config) error {
	s := p.s.Server
	hello := s.Hello
	if hello == "" {
		hello = "localhost"
	}
	if err := c.Hello(hello); err != nil {
		return serverError("greet", err)
	}
	if s.Security == StartTLS {
		if ok, _ := c.Extension("STARTTLS"); !ok {
			return errors.New("the mail server offers no encryption (STARTTLS)")
		}
		if err := c.StartTLS(conf); err != nil {
			return serverError("encrypt", err)
		}
	}
	auth, err := p.auth(ctx, c, conf.ServerName)
	if err != nil || auth == nil {
		return err
	}
	if err := c.Auth(auth); err != nil {
		if s.Token != nil && s.Refused != nil {
			s.Refused()
		}
		return serverError("sign in", err)
	}
	return nil
}

// auth is the way to sign in that we have and the server offers.
func (p *Post) auth(ctx context.Context, c *smtp.Client, host string) (smtp.Auth, error) {
	s := p.s.Server
	if s.User == "" {
		return nil, nil
	}
	clear := s.Security == Clear // on this machine only, see the configuration's check
	if s.Token != nil {
		token, err := s.Token(ctx)
		if err != nil {
			return nil, fmt.Errorf("access token for the mail server: %w", err)
		}
		return smtp.XOAuth2Auth(s.User, token), nil
	}
	_, offered := c.Extension("AUTH")
	if ways := strings.Fields(offered); len(ways) > 0 && !contains(ways, "PLAIN") && contains(ways, "LOGIN") {
		return smtp.LoginAuth(s.User, s.Password, host, clear), nil
	}
	return smtp.PlainAuth("", s.User, s.Password, host, clear), nil
}

func contains(all []string, one string) bool {
	for _, x := range all {
		if strings.EqualFold(x, one) {
			return true
		}
	}
	return false
}

// transfer is one mail over the open connection. A no for good comes back as
// an *app.MailRefusal.
func (p *Post) transfer(from, to string, raw []byte) error {
	c := p.line.client
	if err := c.UpdateDeadline(p.s.Server.timeout()); err != nil {
		return fmt.Errorf("mail server: %w", err)
	}
	c.SkipSMTPUTF8(ascii(from) && ascii(to))
	if err := c.Mail("<" + from + ">"); err != nil {
		return refusal("sender", err)
	}
	if err := c.Rcpt("<" + to + ">"); err != nil {
		return refusal("recipient", err)
	}
	w, err := c.Data()
	if err != nil {
		return refusal("data", err)
	}
	_, werr := w.Write(raw)
	cerr := w.Close()
	if werr != nil {
		return serverError("data", werr)
	}
	if cerr != nil {
		return refusal("data", cerr)
	}
	return nil
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

var enhanced = regexp.MustCompile(`^[245]\.\d{1,3}\.\d{1,3}\b`)

// statusOf is the enhanced status code of a server's answer, else its plain
// one. The words beside it may hold addresses and are left out.
func statusOf(e *textproto.Error) string {
	if code := enhanced.FindString(e.Msg); code != "" {
		return code
	}
	return strconv.Itoa(e.Code)
}

// serverError is an error of the moment, with nothing of the server's words.
func serverError(step string, err error) error {
	var e *textproto.Error
	if errors.As(err, &e) {
		return fmt.Errorf("mail server (%s): %w", step, &textproto.Error{Code: e.Code, Msg: statusOf(e)})
	}
	var n net.Error
	if errors.As(err, &n) && n.Timeout() {
		return fmt.Errorf("mail server (%s): no answer in time", step)
	}
	return fmt.Errorf("mail server (%s): the connection broke", step)
}

// errNotAs: the server does not let us send as the sender on the envelope.
var errNotAs = errors.New("not allowed to send as this sender")

// notAs are the words of servers for that, by status.
var notAs = map[string]bool{"5.7.60": true, "5.2.252": true, "5.7.57": true}

// refusal tells a no for good from one of the moment.
func refusal(step string, err error) error {
	var e *textproto.Error
	if !errors.As(err, &e) || e.Code < 500 || e.Code >= 600 {
		return serverError(step, err)
	}
	status := statusOf(e)
	if step == "sender" || notAs[status] {
		return fmt.Errorf("%w: %w", errNotAs, serverError(step, err))
	}
	if e.Code == 530 || e.Code == 535 || e.Code == 503 || e.Code == 501 && step == "data" {
		return serverError(step, err) // our own set-up is wrong: the operator mends it, the mail waits
	}
	return &app.MailRefusal{Code: status, Address: step == "recipient" && badAddress(status)}
}

// badAddress reports whether a status says that an address does not work:
// 5.1.x and 5.2.x about the mailbox, or no more than "no" to the recipient.
// Policy (5.7.x), routing and protocol are no fault of the address.
func badAddress(status string) bool {
	switch {
	case strings.HasPrefix(status, "5.1."):
		return status != "5.1.7" && status != "5.1.8" // those are about the sender
	case status == "5.2.1", status == "5.4.1": // disabled; Exchange Online's word for an unknown recipient
		return true
	case strings.Contains(status, "."):
		return false
	}
	return status == "550" || status == "551" || status == "553"
}
