// Package mail writes mails and hands them to the next mail server: what a
// mail says comes from the application as keys and values; here it becomes
// words in its reader's language, as plain text and as HTML, with the headers
// that let it arrive, be answered and be switched off, signed with DKIM.
//
// There is no tracking: no picture is loaded from a server and every link
// leads where it says.
package mail

import (
	"context"
	"crypto"
	"log/slog"
	"sync"
	"time"

	"tandem/internal/app"
)

// Settings of a Post.
type Settings struct {
	Base     string // https://plans.example.com, without a slash at its end
	From     string // address mails come from
	FromName string // as mailboxes show it
	Domain   string // of Message-IDs; that of From if empty
	Clock    func() time.Time
	Server   Server
	DKIM     *DKIM // nil: not signed here
	Log      *slog.Logger
}

// DKIM is the key a domain signs its mails with.
type DKIM struct {
	Domain   string
	Selector string
	Key      crypto.Signer // RSA or Ed25519
}

// Post sends mails through one mail server. It implements app.Mailer and is
// safe for concurrent use; mails go one after another over one connection.
type Post struct {
	s    Settings
	mu   sync.Mutex
	base string
	line *line // open connection, if any
	// ownSender: the server takes mails from our own address only.
	ownSender bool
}

var _ app.Mailer = (*Post)(nil)

// New makes a Post. It connects when there is something to send.
func New(s Settings) *Post {
	if s.Clock == nil {
		s.Clock = time.Now
	}
	if s.Log == nil {
		s.Log = slog.New(slog.DiscardHandler)
	}
	if s.Domain == "" {
		s.Domain = domainOf(s.From)
	}
	return &Post{s: s, base: s.Base}
}

// Reach says under which address people reach this server, once that is known.
func (p *Post) Reach(base string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.base = base
}

// Send implements app.Mailer.
func (p *Post) Send(ctx context.Context, m app.Mail) error {
	raw, err := p.Compose(m)
	if err != nil {
		return err
	}
	return p.hand(ctx, p.envelopeFrom(m), m.To.Email, raw)
}

// Compose is a mail as it goes over the wire, signed.
func (p *Post) Compose(m app.Mail) ([]byte, error) {
	raw, err := p.envelope(m, p.Write(m))
	if err != nil {
		return nil, err
	}
	return p.sign(raw)
}

// envelopeFrom is where bounces go.
func (p *Post) envelopeFrom(m app.Mail) string {
	if m.BounceTo != "" {
		return m.BounceTo
	}
	return p.s.From
}

// Close ends the connection.
func (p *Post) Close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.hangUp()
}
