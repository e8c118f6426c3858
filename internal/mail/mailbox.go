package mail

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log"
	"mime"
	"net"
	netmail "net/mail"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-message"
	"github.com/emersion/go-smtp"
)

// Mailbox is a mail server on this machine that keeps what it is given: the
// demo's mailbox, in which people click through what would have been sent to
// others. It takes mail from this machine only and forgets it when closed.
type Mailbox struct {
	server *smtp.Server
	ln     net.Listener

	mu   sync.Mutex
	kept []Kept
}

// Kept is a mail in a Mailbox.
type Kept struct {
	ID                string
	To, From, Subject string
	At                time.Time
	Text, HTML        string
}

const (
	mostKept  = 500
	mostBytes = 1 << 20
)

// OpenMailbox begins to take mail on a free port of this machine.
func OpenMailbox() (*Mailbox, error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("mailbox: %w", err)
	}
	b := &Mailbox{ln: ln}
	b.server = smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &keeping{b: b}, nil }))
	b.server.Domain = "localhost"
	b.server.ErrorLog = log.New(io.Discard, "", 0)
	b.server.MaxMessageBytes, b.server.MaxRecipients = mostBytes, 10
	b.server.ReadTimeout, b.server.WriteTimeout = time.Minute, time.Minute
	b.server.EnableSMTPUTF8 = true
	go func() { _ = b.server.Serve(ln) }() // ends with Close
	return b, nil
}

// Addr is where it takes mail.
func (b *Mailbox) Addr() string { return b.ln.Addr().String() }

// Close ends it.
func (b *Mailbox) Close() error { return b.server.Close() }

// Mails lists what was taken, the newest first.
func (b *Mailbox) Mails() []Kept {
	b.mu.Lock()
	defer b.mu.Unlock()
	out := slices.Clone(b.kept)
	slices.Reverse(out)
	slices.SortStableFunc(out, func(a, b Kept) int { return b.At.Compare(a.At) })
	return out
}

func (b *Mailbox) keep(k Kept) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.kept = append(b.kept, k)
	if len(b.kept) > mostKept {
		b.kept = b.kept[1:]
	}
}

// keeping is one connection.
type keeping struct{ b *Mailbox }

func (*keeping) Mail(string, *smtp.MailOptions) error { return nil }
func (*keeping) Rcpt(string, *smtp.RcptOptions) error { return nil }
func (*keeping) Reset()                               {}
func (*keeping) Logout() error                        { return nil }

func (s *keeping) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	k, err := readKept(raw)
	if err != nil {
		return &smtp.SMTPError{Code: 554, EnhancedCode: smtp.EnhancedCode{5, 6, 0}, Message: "no mail"}
	}
	s.b.keep(k)
	return nil
}

func readKept(raw []byte) (Kept, error) {
	k := Kept{ID: rand.Text()[:16]}
	e, err := message.Read(bytes.NewReader(raw))
	if err != nil && !message.IsUnknownCharset(err) {
		return k, err
	}
	words := new(mime.WordDecoder)
	for to, name := range map[*string]string{&k.Subject: "Subject", &k.To: "To", &k.From: "From"} {
		if *to, err = words.DecodeHeader(e.Header.Get(name)); err != nil {
			*to = e.Header.Get(name)
		}
	}
	for _, to := range []*string{&k.To, &k.From} {
		if a, err := netmail.ParseAddress(*to); err == nil && a.Name != "" {
			*to = a.Name
		}
	}
	k.At, _ = netmail.ParseDate(e.Header.Get("Date")) // zero where it cannot be read
	err = e.Walk(func(_ []int, part *message.Entity, err error) error {
		if err != nil {
			return err
		}
		kind, _, _ := part.Header.ContentType()
		if strings.HasPrefix(kind, "multipart/") {
			return nil
		}
		body, err := io.ReadAll(part.Body)
		switch {
		case err != nil:
			return err
		case kind == "text/plain" && k.Text == "":
			k.Text = string(body)
		case kind == "text/html" && k.HTML == "":
			k.HTML = string(body)
		}
		return nil
	})
	if k.Text == "" && k.HTML == "" && err == nil {
		err = errors.New("a mail without text")
	}
	return k, err
}
