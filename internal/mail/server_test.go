package mail_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"log"
	"math/big"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// sink is a real mail server on loopback that can be told to misbehave.
type sink struct {
	addr  string
	roots *x509.CertPool

	mu       sync.Mutex
	got      []taken
	sessions int
	rcpt     func(to string) error
	data     func(n int) error // n-th mail; an error is the answer to it
	cut      bool              // the connection breaks in the middle of DATA
	stall    chan struct{}     // answers to DATA wait for it
	token    string            // XOAUTH2
	own      string            // the only sender it takes; told when the mail is there
}

// taken is a mail the sink took.
type taken struct {
	from, to string
	raw      []byte
	secure   bool
	user     string
}

type sinkOption func(s *smtp.Server)

func newSink(t testing.TB, mode string, options ...sinkOption) *sink {
	t.Helper()
	k := &sink{}
	cert, roots := certificate(t)
	k.roots = roots
	server := smtp.NewServer(k)
	server.Domain = "sink.example"
	server.ErrorLog = log.New(io.Discard, "", 0)
	server.AllowInsecureAuth = mode == "none"
	server.EnableSMTPUTF8 = true
	server.ReadTimeout, server.WriteTimeout = 20*time.Second, 20*time.Second
	server.MaxMessageBytes = 1 << 20
	conf := &tls.Config{Certificates: []tls.Certificate{cert}}
	if mode == "starttls" {
		server.TLSConfig = conf
	}
	for _, o := range options {
		o(server)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	k.addr = ln.Addr().String()
	if mode == "tls" {
		ln = tls.NewListener(ln, conf)
	}
	done := make(chan struct{})
	go func() { defer close(done); _ = server.Serve(ln) }()
	t.Cleanup(func() { _ = server.Close(); <-done })
	return k
}

func (k *sink) mails() []taken {
	k.mu.Lock()
	defer k.mu.Unlock()
	return append([]taken(nil), k.got...)
}

func (k *sink) connections() int {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.sessions
}

func (k *sink) NewSession(c *smtp.Conn) (smtp.Session, error) {
	k.mu.Lock()
	k.sessions++
	k.mu.Unlock()
	return &session{k: k, c: c}, nil
}

type session struct {
	k    *sink
	c    *smtp.Conn
	mail taken
}

func (s *session) AuthMechanisms() []string {
	if s.k.token != "" {
		return []string{"XOAUTH2"}
	}
	return []string{"PLAIN"}
}

func (s *session) Auth(mech string) (sasl.Server, error) {
	if mech == "XOAUTH2" {
		return &xoauth2{s}, nil
	}
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != "tandem" || password != "geheim" {
			return smtp.ErrAuthFailed
		}
		s.mail.user = user
		return nil
	}), nil
}

// xoauth2 is the server's side of Google's and Microsoft's way to sign in.
type xoauth2 struct{ s *session }

func (x *xoauth2) Next(response []byte) ([]byte, bool, error) {
	if response == nil {
		return []byte{}, false, nil
	}
	if string(response) != "user=tandem\x01auth=Bearer "+x.s.k.token+"\x01\x01" {
		return nil, true, smtp.ErrAuthFailed
	}
	x.s.mail.user = "tandem"
	return nil, true, nil
}

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	s.mail.from = from
	_, s.mail.secure = s.c.TLSConnectionState()
	return nil
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.mail.to = to
	s.k.mu.Lock()
	defer s.k.mu.Unlock()
	if s.k.rcpt != nil {
		return s.k.rcpt(to)
	}
	return nil
}

func (s *session) Data(r io.Reader) error {
	s.k.mu.Lock()
	cut, stall := s.k.cut, s.k.stall
	s.k.mu.Unlock()
	if cut {
		_, _ = io.CopyN(io.Discard, r, 100)
		_ = s.c.Conn().Close()
		return errors.New("cut")
	}
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if stall != nil {
		<-stall
	}
	s.k.mu.Lock()
	defer s.k.mu.Unlock()
	if s.k.own != "" && s.mail.from != s.k.own {
		return &smtp.SMTPError{Code: 554, EnhancedCode: smtp.EnhancedCode{5, 2, 252}, Message: "SendAsDenied; plans@acme.example not allowed to send as " + s.mail.from}
	}
	if s.k.data != nil {
		if err := s.k.data(len(s.k.got)); err != nil {
			return err
		}
	}
	s.mail.raw = bytes.Clone(raw)
	s.k.got = append(s.k.got, s.mail)
	return nil
}

func (s *session) Reset()        {}
func (s *session) Logout() error { return nil }

// certificate for 127.0.0.1, by an authority made for the test.
func certificate(t testing.TB) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "sink"}, NotBefore: time.Now().Add(-time.Hour),
		NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, c, c, key.Public(), key)
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
