package inbox

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-smtp"
	"golang.org/x/time/rate"

	"tandem/internal/app"
)

// Receiver is what takes mail; app.Service is one.
type Receiver interface {
	// ResolveAddress fails with app.ErrNotFound if an address is not ours.
	ResolveAddress(ctx context.Context, address string) (app.Addressed, error)
	// Receive keeps a mail; see app.Service.
	Receive(ctx context.Context, a app.Arrival) error
}

// Limits of the listener.
const (
	maxReceivers  = 20
	smtpTimeout   = 60 * time.Second
	maxConns      = 200
	maxConnsOfOne = 20
	mailsAMinute  = 60
)

// ListenerConfig of an SMTP or LMTP listener.
type ListenerConfig struct {
	Receiver Receiver
	Prover   *Prover
	Domain   string      // its name, as said in the greeting
	TLS      *tls.Config // nil: no STARTTLS
	LMTP     bool
	Behind   bool // a mail server of ours: who sent it to that one is not known
	// PerMinute is how many mails an address, or network of IPv6, may send; 60
	// if zero.
	PerMinute int
	Log       *slog.Logger
}

// Listener takes mail for addresses of this server, and for no others.
type Listener struct {
	c      ListenerConfig
	server *smtp.Server
	guests guests
}

// NewListener makes a listener; Serve starts it.
func NewListener(c ListenerConfig) *Listener {
	if c.PerMinute <= 0 {
		c.PerMinute = mailsAMinute
	}
	l := &Listener{c: c, guests: guests{perMinute: c.PerMinute}}
	s := smtp.NewServer(l)
	s.Domain, s.LMTP, s.TLSConfig = c.Domain, c.LMTP, c.TLS
	s.MaxMessageBytes, s.MaxRecipients, s.MaxLineLength = MaxMail, maxReceivers, 2_000
	s.ReadTimeout, s.WriteTimeout = smtpTimeout, smtpTimeout
	s.EnableSMTPUTF8 = true
	s.ErrorLog = quiet{}
	l.server = s
	return l
}

// quiet: the library's errors name addresses; ours are logged where they arise.
type quiet struct{}

func (quiet) Printf(string, ...any) {}
func (quiet) Println(...any)        {}

// Serve takes connections until Close, and then returns nil.
func (l *Listener) Serve(ln net.Listener) error {
	err := l.server.Serve(&limited{Listener: ln, guests: &l.guests})
	if errors.Is(err, smtp.ErrServerClosed) || errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

// Shutdown lets what is under way finish.
func (l *Listener) Shutdown(ctx context.Context) error {
	err := l.server.Shutdown(ctx)
	if errors.Is(err, smtp.ErrServerClosed) {
		return nil
	}
	if err != nil {
		return errors.Join(err, l.server.Close())
	}
	return nil
}

// NewSession implements smtp.Backend.
func (l *Listener) NewSession(c *smtp.Conn) (smtp.Session, error) {
	s := &session{l: l, conn: c}
	if a, ok := c.Conn().RemoteAddr().(*net.TCPAddr); ok {
		s.ip = a.IP
	}
	return s, nil
}

// session is one connection.
type session struct {
	l      *Listener
	conn   *smtp.Conn
	ip     net.IP
	sender string
	to     []string
}

var (
	errNotHere   = &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such address here"}
	errLater     = &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "not now, try again"}
	errTooFast   = &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 7, 1}, Message: "too many mails, try again later"}
	errNoMail    = &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 6, 0}, Message: "this is no mail"}
	errTooLarge  = &smtp.SMTPError{Code: 552, EnhancedCode: smtp.EnhancedCode{5, 3, 4}, Message: "the mail is too large"}
	errLineEnded = &smtp.SMTPError{Code: 554, EnhancedCode: smtp.EnhancedCode{5, 6, 0}, Message: "cannot be read"}
)

func (s *session) Reset()        { s.sender, s.to = "", nil }
func (s *session) Logout() error { return nil }

// Mail begins a mail.
func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	if !s.l.guests.may(s.ip) {
		return errTooFast
	}
	s.sender = from
	return nil
}

// Rcpt takes only addresses that this server made: nothing is relayed.
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	ctx, cancel := context.WithTimeout(context.Background(), smtpTimeout)
	defer cancel()
	_, err := s.l.c.Receiver.ResolveAddress(ctx, to)
	switch {
	case errors.Is(err, app.ErrNotFound):
		return errNotHere
	case err != nil:
		s.l.c.Log.Error("a mail's receiver", "error", err)
		return errLater
	}
	s.to = append(s.to, to)
	return nil
}

// Data takes the mail. It is on disk before the sender is told so.
func (s *session) Data(r io.Reader) error {
	ctx, cancel := context.WithTimeout(context.Background(), smtpTimeout)
	defer cancel()
	raw, err := io.ReadAll(r)
	switch {
	case errors.Is(err, smtp.ErrDataTooLarge):
		return errTooLarge
	case err != nil:
		return errLineEnded
	}
	m, err := Read(raw)
	if err != nil {
		return errNoMail
	}
	var peer *Peer
	if !s.l.c.LMTP && !s.l.c.Behind && s.ip != nil {
		peer = &Peer{IP: s.ip, Helo: s.conn.Hostname(), Sender: s.sender}
	}
	a := app.Arrival{Raw: raw, To: s.to, Proof: s.l.c.Prover.Prove(ctx, raw, m.From, peer)}
	if s.sender == "" { // who delivers last writes down the envelope's sender; only a machine has none
		a.Raw = append([]byte("Return-Path: <>\r\n"), raw...)
	}
	switch err := s.l.c.Receiver.Receive(ctx, a); {
	case errors.Is(err, app.ErrNotFound):
		return errNotHere
	case errors.Is(err, app.ErrNoMail):
		return errNoMail
	case err != nil:
		s.l.c.Log.Error("a mail was not kept", "error", err)
		return errLater
	}
	return nil
}

// guests counts who is connected and how much they send, by address; of IPv6
// by network.
type guests struct {
	perMinute int

	mu    sync.Mutex
	conns map[netip.Prefix]int
	all   int
	rates map[netip.Prefix]*rate.Limiter
}

func guest(ip net.IP) netip.Prefix {
	a, _ := netip.AddrFromSlice(ip)
	a = a.Unmap()
	bits := a.BitLen()
	if a.Is6() {
		bits = 64
	}
	p, _ := a.Prefix(bits)
	return p
}

func (g *guests) may(ip net.IP) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.rates == nil || len(g.rates) > 10_000 {
		g.rates = map[netip.Prefix]*rate.Limiter{}
	}
	key := guest(ip)
	if g.rates[key] == nil {
		g.rates[key] = rate.NewLimiter(rate.Limit(g.perMinute)/60, g.perMinute)
	}
	return g.rates[key].Allow()
}

func (g *guests) enter(ip net.IP) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	key := guest(ip)
	if g.all >= maxConns || g.conns[key] >= maxConnsOfOne {
		return false
	}
	if g.conns == nil {
		g.conns = map[netip.Prefix]int{}
	}
	g.all++
	g.conns[key]++
	return true
}

func (g *guests) leave(ip net.IP) {
	g.mu.Lock()
	defer g.mu.Unlock()
	key := guest(ip)
	g.all--
	if g.conns[key]--; g.conns[key] <= 0 {
		delete(g.conns, key)
	}
}

// limited turns away who already has too many connections.
type limited struct {
	net.Listener
	guests *guests
}

func (l *limited) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		a, ok := c.RemoteAddr().(*net.TCPAddr)
		if !ok {
			return c, nil // a socket on this machine
		}
		if l.guests.enter(a.IP) {
			return &counted{Conn: c, leave: sync.OnceFunc(func() { l.guests.leave(a.IP) })}, nil
		}
		_ = c.SetWriteDeadline(time.Now().Add(time.Second))
		_, _ = io.WriteString(c, "421 4.7.0 too many connections\r\n")
		_ = c.Close()
	}
}

// counted says when a connection is over.
type counted struct {
	net.Conn
	leave func()
}

func (c *counted) Close() error {
	c.leave()
	return c.Conn.Close()
}

// ListenAddr opens "host:port", or "unix:/path".
func ListenAddr(addr string) (net.Listener, error) {
	if path, ok := strings.CutPrefix(addr, "unix:"); ok {
		return net.Listen("unix", path)
	}
	return net.Listen("tcp", addr)
}
